"""Which request something is done for: one id from what came in, over what it left to do, into the log."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CURRENT: ContextVar[str] = ContextVar("request", default="")


def new(door: str) -> str:
    """A fresh id, such as ``slack-5f2c9a01be44``; ``door`` says where it came in."""
    return f"{door}-{secrets.token_hex(6)}"


def current() -> str:
    """The id of the request that this thread works for; empty where it works for none."""
    return _CURRENT.get()


@contextmanager
def within(request: str) -> Iterator[None]:
    """What is done inside the block, log lines and stored effects included, is done for that request."""
    token = _CURRENT.set(request)
    try:
        yield
    finally:
        _CURRENT.reset(token)
