"""Posting to the app over HTTP/1.1: many at once, over kept connections, never repeated by itself."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httptools

_IDLE_SECONDS = 2.0
"""A connection unused for longer is not used again: the server may be about to close it."""


@dataclass(slots=True)
class Answer:
    """What the app answered."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class _Connection(asyncio.Protocol):
    """One connection; carries one exchange at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.idle_since = 0.0
        self._parser: httptools.HttpResponseParser | None = None
        self._answer = Answer()
        self._body: list[bytes] = []
        self._headers_done = False
        self._waiting: asyncio.Future[Answer] | None = None
        self._keep = False

    @property
    def reusable(self) -> bool:
        """Whether another exchange may follow."""
        return self._keep and self.transport is not None and not self.transport.is_closing()

    def exchange(self, request: bytes) -> asyncio.Future[Answer]:
        """Send a whole request; the future holds the answer."""
        assert self.transport is not None
        self._parser = httptools.HttpResponseParser(self)
        self._answer, self._body, self._headers_done, self._keep = Answer(), [], False, False
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._waiting

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if self._parser is None:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as problem:
            self._fail(ConnectionError(f"not an HTTP answer: {problem}"))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._headers_done and not {"content-length", "transfer-encoding"} & set(self._answer.headers):
            self.on_message_complete()
        self._fail(exc or ConnectionResetError("the app closed the connection without an answer"))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        self._answer.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        assert self._parser is not None
        self._answer.status = self._parser.get_status_code()
        self._headers_done = True

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        if self._waiting is None or self._waiting.done() or self._parser is None:
            return
        self._keep = self._parser.should_keep_alive()
        self._answer.body = b"".join(self._body)
        self._waiting.set_result(self._answer)

    def _fail(self, problem: Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(problem)


class Poster:
    """Connections to the app by host and port."""

    def __init__(self) -> None:
        self._idle: dict[tuple[str, int], list[_Connection]] = {}

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post once. Raises OSError without a connection or when it breaks; the caller sets the time-out."""
        parts = urlsplit(url)
        host, port = parts.hostname or "127.0.0.1", parts.port or 80
        path = parts.path or "/"
        lines = [
            f"POST {path}{'?' + parts.query if parts.query else ''} HTTP/1.1",
            f"Host: {host}:{port}",
            f"Content-Length: {len(body)}",
            "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        connection = await self._connection(host, port)
        try:
            answer = await connection.exchange("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        except BaseException:
            self._drop(connection)
            raise
        if connection.reusable:
            connection.idle_since = time.monotonic()
            self._idle.setdefault((host, port), []).append(connection)
        else:
            self._drop(connection)
        return answer

    async def _connection(self, host: str, port: int) -> _Connection:
        idle = self._idle.get((host, port), [])
        while idle:
            connection = idle.pop()
            if connection.reusable and time.monotonic() - connection.idle_since < _IDLE_SECONDS:
                return connection
            self._drop(connection)
        _, made = await asyncio.get_running_loop().create_connection(_Connection, host, port)
        return made

    @staticmethod
    def _drop(connection: _Connection) -> None:
        if connection.transport is not None:
            connection.transport.abort()

    def close(self) -> None:
        """Drop every kept connection."""
        for connections in self._idle.values():
            for connection in connections:
                self._drop(connection)
        self._idle.clear()
