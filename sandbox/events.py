"""Events API: which events the app is told of, and in which envelope."""

from __future__ import annotations

import secrets
import time

from sandbox.model import Channel, Json
from sandbox.world import World

MESSAGE_EVENT = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
"""Channel kind -> the subscription that covers its messages."""


def emit(world: World, subscription: str, event: Json, channel: Channel | None = None) -> None:
    """Send an event to the app if it subscribed to it and, given a channel, is in it."""
    app = world.app
    if app is None or not app.subscribed(subscription):
        return
    if channel is not None and app.bot_user not in channel.members:
        return
    team = world.team["id"]
    world.courier.send_event(
        {
            "token": app.verification_token,
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team,
                    "user_id": app.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_hex(24)}",
        }
    )


def emit_message(world: World, channel: Channel, event: Json) -> None:
    """Send a message event of any subtype."""
    emit(
        world,
        MESSAGE_EVENT[channel.kind],
        {"channel": channel.id, "channel_type": channel.kind, "event_ts": event["ts"], **event},
        channel,
    )
