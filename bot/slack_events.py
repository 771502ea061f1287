"""What Slack sends, by kind: the events we listen to, and each request counted, timed and told in the log."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse

from bot.front_door import CAME
from bot.logs import logger
from bot.telemetry.tally import Tally
from storage import requests

log = logger("slack")

EVENTS: Mapping[str, tuple[str, ...]] = {
    "message.im": ("im:history",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "app_mention": ("app_mentions:read",),
    "app_home_opened": (),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
    "subteam_created": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_created": ("channels:read",),
    "app_uninstalled": (),
    "tokens_revoked": (),
}
"""Events that we listen to -> the scopes that they need. The manifest subscribes to exactly these."""

CHANGES = {name for name in EVENTS if name.split("_")[0] in ("team", "user", "subteam", "channel")}
"""Events that tell of people, groups and channels."""
GONE = {"app_uninstalled", "tokens_revoked"}
"""Events that tell that the app was removed."""


class CountedApp(App):
    """Bolt's app, in which each request has an id, is timed to its acknowledgement, and leaves a line."""

    def __init__(self, tally: Tally, **options: Any) -> None:
        super().__init__(**options)
        self._tally = tally

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """One request, on whatever thread it came."""
        came = req.context.get(CAME) or time.monotonic()
        kind = kind_of(req.body)
        with requests.within(requests.new("slack")):
            response = super().dispatch(req)
            seconds = time.monotonic() - came
            self._tally.add("preflight_inputs_total", kind)
            self._tally.took("preflight_acknowledgement_seconds", seconds, kind)
            log.info("acknowledged", kind=kind, status=response.status, ms=round(1000 * seconds, 1))
        return response


_KINDS = {name: name for name in ("message",)} | {
    "app_mention": "mention",
    "app_home_opened": "opened",
    "block_actions": "button",
    "view_submission": "form",
    "view_closed": "form_closed",
    "shortcut": "shortcut",
    "message_action": "shortcut",
    "block_suggestion": "options",
}


def kind_of(body: Mapping[str, Any]) -> str:
    """What kind of input a request is, in a word of ours: for counts, whatever is in it."""
    if "command" in body:
        return "command"
    type = body.get("type")
    if type == "event_callback":
        event = body.get("event")
        type = event.get("type") if isinstance(event, dict) else None
        if type in CHANGES or type in GONE:
            return "change"
    return _KINDS.get(type, "other") if isinstance(type, str) else "other"
