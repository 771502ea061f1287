"""Files that the bot gives to people: pictures for its own messages, and documents to be downloaded."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.slack_files import ours, same_place_only
from bot.slack_gateway import Gateway, Refused, Unsure
from workflows.effects import Address, ToPerson, ToPlace, ToRoom
from workflows.ids import Place

_SECONDS = 30
_WAITS = (0.1, 0.2, 0.4, 0.8, 1.6)
"""How long we wait, one after the other, for Slack to have looked through a picture (seconds)."""
_LOOK_BACK = timedelta(minutes=5)
"""How much the clocks of Slack and this machine may differ when we look for what was shared."""


class Files:
    """What a job may do with files. ``again``: an earlier attempt may have shared what this one wants to."""

    def __init__(
        self,
        gateway: Gateway,
        since: datetime,
        again: bool = False,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gateway = gateway
        self._since = since - _LOOK_BACK
        self._again = again
        self._wait = wait

    def put(self, name: str, data: bytes, alt: str) -> str:
        """Give Slack a picture that no channel shows yet; its id, for an image block's ``slack_file``.

        Slack takes a moment to look through it; this waits up to about three seconds for that. A message
        with one that is not through yet is refused as ``invalid_blocks``; :meth:`ready` says whether it is.
        Raises the gateway's troubles. Doing it twice leaves a picture that nobody sees.
        """
        id = self._sent(name, data, alt)
        self._gateway.complete_upload(id, alt)
        for pause in _WAITS:
            if self.ready(id):
                break
            self._wait(pause)
        return id

    def ready(self, id: str) -> bool:
        """Whether Slack is through with a picture, so that a message may show it."""
        try:
            return bool(self._gateway.file(id).get("mimetype"))
        except Refused:
            return False

    def share(
        self, name: str, data: bytes, title: str, place: Place | Address, comment: str, key: str
    ) -> None:
        """Post a file for people to download, at most once for each ``key``.

        ``comment`` is mrkdwn and stands above it. Slack keeps no metadata with a file, so the key is part of
        its name: before a second attempt the place is looked through for it. Raises the gateway's troubles,
        and ``LookupError`` where there is no such channel.
        """
        channel, thread = self._whither(place)
        marked = marked_name(name, key)
        if self._again and self._gateway.has_file(channel, thread, marked, self._since.timestamp()):
            return
        id = self._sent(marked, data, title)
        try:
            self._gateway.complete_upload(id, title, channel, thread, comment)
        except Refused as refused:
            if refused.reason != "not_in_channel":
                raise
            self._gateway.join(channel)
            self._gateway.complete_upload(id, title, channel, thread, comment)

    def _whither(self, place: Place | Address) -> tuple[str, str | None]:
        match place:
            case ToPerson():
                return self._gateway.direct(place.user), None
            case ToPlace():
                return place.place.channel, place.place.thread
            case ToRoom():
                channel = self._gateway.room(place.name)
                if channel is None:
                    raise LookupError(f"there is no open channel #{place.name} that the bot can see")
                return channel, None
        return place.channel, place.thread

    def _sent(self, name: str, data: bytes, alt: str) -> str:
        """The bytes are with Slack, and nobody sees them yet."""
        address, id = self._gateway.upload_address(name, len(data), alt)
        method = "files.getUploadURLExternal"
        if not ours(address, self._gateway.address):
            raise Refused(method, "the address to upload to is not Slack's")
        request = urllib.request.Request(  # noqa: S310 - Slack's own host, by https or as its API: see above
            address, data=data, method="POST", headers={"Content-Type": "application/octet-stream"}
        )
        try:
            with same_place_only().open(request, timeout=_SECONDS) as answer:
                answer.read(1000)
        except urllib.error.HTTPError as error:
            raise Unsure(method, f"http {error.code}") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unsure(method, type(error).__name__) from None
        return id


def marked_name(name: str, key: str) -> str:
    """``record-UC-0042.4f9a1c02.pdf``: the name with what tells this key from every other."""
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.{mark}.{ending}" if dot else f"{name}.{mark}"
