"""Looking at a channel before something is posted there: what it is called, and whether it can be posted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.slack_gateway import Gateway, Refused
from workflows.digests.subscription import Trouble

_GONE = {
    "channel_not_found",
    "method_not_supported_for_channel_type",
    "is_inactive",
    "team_access_not_granted",
}


@dataclass(frozen=True)
class Channel:
    """A channel as Slack describes it at this moment."""

    id: str
    name: str = ""
    private: bool = False
    trouble: Trouble = ""
    """Why nothing can be posted there; empty: it can."""


def look(gateway: Gateway, id: str, name: str = "", been_there: bool = False) -> Channel:
    """The channel of that id or, where none is known, the open one of that name (no ``#``).

    ``been_there``: we have posted in it before, so that not being a member means that somebody removed us.
    Raises what the gateway raises, but for channels that are gone.
    """
    if not id:
        id = gateway.room(name) or ""
        if not id:
            return Channel("", name, trouble="no_room")
    try:
        found = gateway.channel(id)
    except Refused as refused:
        if refused.reason in _GONE:
            return Channel(id, name, trouble="gone")
        raise
    seen = str(found.get("name") or name)
    private, member = bool(found.get("is_private")), bool(found.get("is_member"))
    trouble: Trouble = ""
    if found.get("is_archived"):
        trouble = "archived"
    elif found.get("is_ext_shared") or found.get("is_pending_ext_shared"):
        trouble = "outside"
    elif not member and (private or been_there):
        trouble = "removed"
    return Channel(id, seen, private, trouble)
