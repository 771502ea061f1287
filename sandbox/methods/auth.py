"""auth.*, api.test, apps.connections.open, team.info, bots.info, emoji.list, dnd.info."""

from __future__ import annotations

from sandbox.events import emit
from sandbox.methods.registry import Call, SlackError, method
from sandbox.model import Json


@method("api.test", token="none")  # noqa: S106 - names a kind of token
def api_test(call: Call) -> Json:
    """Answer with the arguments."""
    if call.text("error"):
        raise SlackError(call.text("error"), args=call.args)
    return {"args": call.args}


@method("auth.test")
def auth_test(call: Call) -> Json:
    """Say who the token belongs to."""
    team = call.world.team
    return {
        "url": f"{call.world.base_url}/",
        "team": team["name"],
        "user": call.world.people[call.app.bot_user].name,
        "team_id": team["id"],
        "user_id": call.app.bot_user,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke")
def auth_revoke(call: Call) -> Json:
    """Kill the token."""
    if call.flag("test"):
        return {"revoked": False}
    call.world.revoked.add(call.app.bot_token)
    emit(
        call.world,
        "tokens_revoked",
        {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [call.app.bot_user]}},
    )
    return {"revoked": True}


@method("apps.connections.open", token="app", per_minute=60)  # noqa: S106 - names a kind of token
def apps_connections_open(call: Call) -> Json:
    """Give an address for a Socket Mode connection."""
    if not call.app.socket_mode:
        raise SlackError("socket_mode_not_enabled")
    return {"url": call.world.courier.links.new_url(call.world.base_url, call.app.id)}


@method("team.info", "team:read", per_minute=50)
def team_info(call: Call) -> Json:
    """Describe the workspace."""
    team = call.world.team
    return {
        "team": {
            **team,
            "email_domain": "",
            "icon": {"image_default": True},
            "url": f"{call.world.base_url}/",
        }
    }


@method("bots.info", "users:read", per_minute=50)
def bots_info(call: Call) -> Json:
    """Describe the app's bot."""
    if call.text("bot") not in ("", call.app.bot_id):
        raise SlackError("bot_not_found")
    bot = {"id": call.app.bot_id, "deleted": False, "name": call.app.name, "updated": 0}
    return {"bot": {**bot, "app_id": call.app.id, "user_id": call.app.bot_user, "icons": {}}}


@method("emoji.list", "emoji:read", per_minute=20)
def emoji_list(call: Call) -> Json:
    """The workspace has no emoji of its own."""
    return {"emoji": {}, "cache_ts": call.world.new_ts()}


@method("dnd.info", "dnd:read", per_minute=50)
def dnd_info(call: Call) -> Json:
    """Nobody in the sandbox has do-not-disturb on."""
    user = call.text("user") or call.app.bot_user
    if user not in call.world.people:
        raise SlackError("user_not_found")
    return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, "snooze_enabled": False}
