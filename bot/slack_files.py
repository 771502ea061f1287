"""Reading a file that somebody shared: only from Slack itself, only up to a size, never by a redirect."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from bot.slack_gateway import Gateway, Refused

_SECONDS = 10
_PIECE = 65_536


class NoFile(Exception):
    """The file cannot be read; ``reason`` is a word for the log: ``too large``, ``elsewhere`` ..."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **more: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler())


def same_place_only() -> urllib.request.OpenerDirector:
    """What opens addresses and follows no redirect."""
    return _OPENER


def read_shared(gateway: Gateway, id: str, at_most: int) -> bytes:
    """The bytes of a shared file, at most so many. Raises :class:`NoFile`, or what the gateway raises.

    The token is sent to Slack and nobody else: an address on another host, as an external file has, is not
    followed, and neither is a redirect.
    """
    try:
        about = gateway.file(id)
    except Refused as refused:
        raise NoFile(refused.reason) from None
    if int(about.get("size") or 0) > at_most:
        raise NoFile("too large")
    address = str(about.get("url_private_download") or about.get("url_private") or "")
    if not ours(address, gateway.address):
        raise NoFile("elsewhere")
    # The scheme is that of the API's own address, or https: it was checked above.
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {gateway.token}"})  # noqa: S310
    try:
        with _OPENER.open(request, timeout=_SECONDS) as answer:
            return _read(answer, at_most)
    except urllib.error.HTTPError as error:
        raise NoFile(f"http {error.code}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoFile(type(error).__name__) from None


def _read(answer: Any, at_most: int) -> bytes:
    data = b""
    while piece := answer.read(_PIECE):
        data += piece
        if len(data) > at_most:
            raise NoFile("too large")
    return data


def ours(address: str, api: str) -> bool:
    """Whether a token or a file may be sent there: to Slack by https, or to the host of its API."""
    there, ours = urlsplit(address), urlsplit(api)
    if (there.scheme, there.netloc) == (ours.scheme, ours.netloc):
        return True
    host = there.hostname or ""
    return there.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
