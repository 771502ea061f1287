"""The HTTP protocol of the server, with one addition: a handler can drop the connection without an answer."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_TRANSPORT = "sandbox.transport"


class DroppableProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, with the connection within reach of the application."""

    def on_message_begin(self) -> None:
        """Called by the parser for each request."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)[_TRANSPORT] = self.transport


class LostConnection(Exception):
    """The connection is to be dropped instead of answering."""


class DroppedConnection(Response):
    """No answer at all: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reset the connection and wait until the server has noticed."""
        scope[_TRANSPORT].abort()
        await asyncio.sleep(0.01)
