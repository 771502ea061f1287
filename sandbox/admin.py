"""The control interface: changing the workspace, the app, the settings and the faults."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.control import answering, body_of, leave, person_named
from sandbox.events import emit
from sandbox.faults import BadRule, Rule
from sandbox.methods.conversations import join
from sandbox.model import Channel, Json, Person, Settings
from sandbox.reading import settings_of
from sandbox.refusal import Refused
from sandbox.world import WorkspaceFileError, World

_PERSON_FIELDS = ("real_name", "display_name", "title", "tz", "email", "is_admin", "name")
_ADMIN = (
    "deactivate",
    "add_user",
    "update_user",
    "group_members",
    "add_channel",
    "archive",
    "unarchive",
    "rename",
    "invite",
    "kick",
)


class Admin:
    """Everything that changes the workspace from outside."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The routes."""
        made = [
            self._route("/app", self._install),
            self._route("/app", self._uninstall, "DELETE"),
            self._route("/settings", self._settings),
            self._route("/reset", self._reset),
            self._route("/faults", self._add_faults),
            self._route("/faults", self._clear_faults, "DELETE"),
            self._route("/socket/disconnect", self._disconnect),
        ]
        return [*made, *(self._route(f"/admin/{name}", getattr(self, f"_{name}")) for name in _ADMIN)]

    def _route(self, path: str, work: Callable[[Request], Awaitable[Json]], verb: str = "POST") -> Route:
        return Route(path, answering(self._world, work), methods=[verb])

    # -- the app ------------------------------------------------------------------------------

    async def _install(self, request: Request) -> Json:
        app = self._world.install(await body_of(request))
        verified = app.socket_mode or (bool(app.events_url) and await self._world.courier.verify(app))
        return {
            "app_id": app.id,
            "bot_id": app.bot_id,
            "bot_user_id": app.bot_user,
            "bot_token": app.bot_token,
            "app_token": app.app_token,
            "signing_secret": app.signing_secret,
            "verified": verified,
        }

    async def _uninstall(self, request: Request) -> Json:
        world = self._world
        app = world.app
        if app is None:
            raise Refused(404, "no_app", "no app is installed")
        world.revoked |= {app.bot_token, app.app_token}
        tokens = {"oauth": [], "bot": [app.bot_user]}
        emit(world, "tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
        emit(world, "app_uninstalled", {"type": "app_uninstalled"})
        world.app = None
        world.changed("app")
        return {}

    async def _disconnect(self, request: Request) -> Json:
        body = await body_of(request)
        told = await self._world.courier.links.disconnect(str(body.get("reason", "refresh_requested")))
        return {"disconnected": told}

    # -- switches -----------------------------------------------------------------------------

    async def _settings(self, request: Request) -> Json:
        body = await body_of(request)
        settings = self._world.settings
        kinds = {f.name: type(getattr(settings, f.name)) for f in fields(Settings)}
        for name, value in body.items():
            if name == "socket_mode":
                if self._world.app:
                    self._world.app.socket_mode = bool(value)
            elif name in kinds:
                try:
                    setattr(settings, name, kinds[name](value))
                except (TypeError, ValueError) as problem:
                    raise Refused(400, "bad_value", f"{name}: {problem}") from problem
            else:
                raise Refused(400, "unknown_setting", f"there is no setting {name!r}")
        return {"settings": settings_of(self._world)}

    async def _reset(self, request: Request) -> Json:
        world = self._world
        keep = (await body_of(request)).get("keep_app", True)
        app = world.app
        world.faults.rules.clear()
        world.rates.clear()
        for record in (world.calls, world.deliveries, world.notifications):
            record.clear()
        world.load()
        if keep and app is not None:
            world.install(
                app.manifest | {"bot_token": app.bot_token, "app_token": app.app_token} | _identity(app)
            )
            if world.app is not None:
                world.app.reachable = app.reachable
                world.app.socket_mode = app.socket_mode
        else:
            await world.courier.links.disconnect("link_disabled")
            if world.app_seed is not None:
                world.install(world.app_seed)
        world.changed("reset")
        return {}

    async def _add_faults(self, request: Request) -> Json:
        try:
            data: Any = await request.json()
            rules = [Rule.read(entry) for entry in (data if isinstance(data, list) else [data])]
        except (BadRule, ValueError, TypeError) as problem:
            raise Refused(400, "bad_rule", str(problem)) from problem
        self._world.faults.rules += rules
        return {"faults": [r.as_control() for r in self._world.faults.rules]}

    async def _clear_faults(self, request: Request) -> Json:
        self._world.faults.rules.clear()
        return {}

    # -- people -------------------------------------------------------------------------------

    def _tell_user(self, person: Person, kind: str) -> Json:
        world = self._world
        app = world.app
        with_email = bool(app and "users:read.email" in app.scopes)
        shown = person.as_slack(world.team["id"], with_email=with_email)
        emit(
            world, kind, {"type": kind, "user": shown, "cache_ts": person.updated, "event_ts": world.new_ts()}
        )
        world.changed("people")
        return {"user": person.as_control()}

    async def _user(self, request: Request) -> tuple[Person, Json]:
        body = await body_of(request)
        return person_named(self._world, body.get("user"), "user"), body

    async def _deactivate(self, request: Request) -> Json:
        person, body = await self._user(request)
        person.deleted = bool(body.get("deleted", True))
        person.updated = int(float(self._world.new_ts()))
        return self._tell_user(person, "user_change")

    async def _add_user(self, request: Request) -> Json:
        body = await body_of(request)
        try:
            person = self._world.add_person({"id": self._world.new_id("U"), **body})
        except WorkspaceFileError as problem:
            raise Refused(400, "bad_value", str(problem)) from problem
        return self._tell_user(person, "team_join")

    async def _update_user(self, request: Request) -> Json:
        person, body = await self._user(request)
        for name in _PERSON_FIELDS:
            if name in body:
                setattr(person, name, body[name])
        person.updated = int(float(self._world.new_ts()))
        return self._tell_user(person, "user_change")

    async def _group_members(self, request: Request) -> Json:
        world = self._world
        body = await body_of(request)
        group = world.find_group(str(body.get("group")))
        if group is None:
            raise Refused(404, "no_such_subteam", f"no group is called {body.get('group')!r}")
        before = list(group.users)
        group.users = [person_named(world, u, "users").id for u in body.get("users") or []]
        previous, group.updated = group.updated, int(float(world.new_ts()))
        team = world.team["id"]
        shown = group.as_slack(team, include_users=True)
        emit(
            world,
            "subteam_updated",
            {"type": "subteam_updated", "subteam": shown, "event_ts": world.new_ts()},
        )
        added, removed = (
            [u for u in a if u not in b] for a, b in ((group.users, before), (before, group.users))
        )
        change: Json = {"type": "subteam_members_changed", "subteam_id": group.id, "team_id": team}
        change |= {"date_previous_update": previous, "date_update": group.updated, "event_ts": world.new_ts()}
        change |= {"added_users": added, "added_users_count": len(added)}
        change |= {"removed_users": removed, "removed_users_count": len(removed)}
        emit(world, "subteam_members_changed", change)
        world.changed("people")
        return {"group": {"id": group.id, "handle": group.handle, "users": group.users}}

    # -- channels -----------------------------------------------------------------------------

    async def _channel(self, request: Request) -> tuple[Channel, Json]:
        body = await body_of(request)
        found = self._world.find_channel(str(body.get("channel")))
        if found is None:
            raise Refused(404, "channel_not_found", f"no channel is called {body.get('channel')!r}")
        return found, body

    def _tell_channel(self, channel: Channel, kind: str, value: Any = None) -> Json:
        world = self._world
        name = kind.replace("channel", "group", 1) if channel.is_private else kind
        event: Json = {
            "type": name,
            "channel": channel.id if value is None else value,
            "event_ts": world.new_ts(),
        }
        if value is None:
            event["user"] = channel.creator
        emit(world, name, event, channel if channel.is_private else None)
        world.changed("channel", world.onlookers(channel), channel=channel.id)
        return {"channel": {"id": channel.id, "name": channel.name, "is_archived": channel.is_archived}}

    async def _add_channel(self, request: Request) -> Json:
        try:
            channel = self._world.add_channel(await body_of(request))
        except WorkspaceFileError as problem:
            raise Refused(400, "bad_value", str(problem)) from problem
        value = {
            "id": channel.id,
            "name": channel.name,
            "created": channel.created,
            "creator": channel.creator,
        }
        return self._tell_channel(channel, "channel_created", value)

    async def _archive(self, request: Request) -> Json:
        channel, _ = await self._channel(request)
        channel.is_archived = True
        return self._tell_channel(channel, "channel_archive")

    async def _unarchive(self, request: Request) -> Json:
        channel, _ = await self._channel(request)
        channel.is_archived = False
        return self._tell_channel(channel, "channel_unarchive")

    async def _rename(self, request: Request) -> Json:
        channel, body = await self._channel(request)
        if not body.get("name"):
            raise Refused(400, "missing_field", "say the new name: name")
        channel.previous_names.append(channel.name)
        channel.name = str(body["name"]).lstrip("#")
        value = {"id": channel.id, "name": channel.name, "created": channel.created}
        return self._tell_channel(channel, "channel_rename", value)

    async def _invite(self, request: Request) -> Json:
        channel, body = await self._channel(request)
        join(self._world, channel, person_named(self._world, body.get("user"), "user").id)
        return {}

    async def _kick(self, request: Request) -> Json:
        channel, body = await self._channel(request)
        leave(self._world, channel, person_named(self._world, body.get("user"), "user").id)
        return {}


def _identity(app: Any) -> Json:
    return {
        "app_id": app.id,
        "bot_id": app.bot_id,
        "bot_user_id": app.bot_user,
        "signing_secret": app.signing_secret,
        "verification_token": app.verification_token,
        "request_url": app.request_url,
    }
