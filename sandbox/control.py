"""The control interface: acting as a person. See docs/sandbox.md."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import acting
from sandbox.events import emit
from sandbox.mentions import as_rich_text, as_typed
from sandbox.methods.conversations import join
from sandbox.methods.files import new_file, share
from sandbox.methods.reactions import react
from sandbox.methods.registry import SlackError
from sandbox.model import Channel, Json, Message, Person, StoredFile
from sandbox.posting import delete, post, short_id, update
from sandbox.refusal import Refused
from sandbox.seeing import channel_for, message_for
from sandbox.world import World

Handler = Callable[[Request], Awaitable[Response]]


def person_named(world: World, reference: Any, field: str = "as") -> Person:
    """The person meant, or a refusal."""
    if not reference:
        raise Refused(400, "missing_field", f"say who acts: {field}")
    found = world.find_person(str(reference))
    if found is None:
        raise Refused(404, "user_not_found", f"nobody is called {reference!r}")
    return found


def channel_named(world: World, reference: Any, person: Person) -> Channel:
    """The channel meant, if this person can see it."""
    if not reference:
        raise Refused(400, "missing_field", "say where: channel")
    name = str(reference)
    if name == "@app":
        found = world.direct([person.id, acting.installed(world).bot_user])
    elif name in world.people:
        found = world.direct([person.id, name])
    else:
        found = world.find_channel(name)
    if found is None:
        raise Refused(404, "channel_not_found", f"no channel is called {name!r}")
    if not found.seen_by(person.id):
        raise Refused(403, "channel_not_found", f"{person.real_name} is not in {found.name or found.id}")
    return found


def as_json(content: Json, status: int = 200) -> Response:
    """A JSON answer in plain ASCII, so that any text a person typed survives."""
    return Response(json.dumps(content), status, media_type="application/json")


def answering(world: World, work: Callable[[Request], Awaitable[Json]]) -> Handler:
    """Turn a function on a request into a route: refusals become their status, Slack's errors a 400."""

    async def handle(request: Request) -> Response:
        try:
            return as_json({"ok": True, **await work(request)})
        except Refused as refused:
            return as_json({"ok": False, "error": refused.error, "detail": refused.detail}, refused.status)
        except SlackError as problem:
            detail = "; ".join(problem.messages)
            return as_json({"ok": False, "error": problem.error, "detail": detail}, 400)

    return handle


async def body_of(request: Request) -> Json:
    """The JSON body, or a refusal."""
    try:
        data = json.loads(await request.body() or b"{}")
    except ValueError as problem:
        raise Refused(400, "invalid_json", str(problem)) from problem
    if not isinstance(data, dict):
        raise Refused(400, "invalid_json", "send a JSON object")
    return data


class Acts:
    """One method for each ``POST /sandbox/act/...``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The routes, by the names of the methods."""
        names = [n for n in vars(type(self)) if not n.startswith("_") and n != "routes"]
        return [
            Route(f"/act/{name}", answering(self._world, self._act(name)), methods=["POST"]) for name in names
        ]

    def _act(self, name: str) -> Callable[[Request], Awaitable[Json]]:
        async def run(request: Request) -> Json:
            body = await self._uploaded(request) if name == "upload" else await body_of(request)
            person = person_named(self._world, body.get("as"))
            if person.is_bot:
                raise Refused(403, "not_a_person", "the app acts through its own process")
            if person.deleted:
                raise Refused(403, "user_disabled", f"{person.real_name} is deactivated")
            done: Json = await getattr(self, name)(person, body)
            return done

        return run

    # -- messages -----------------------------------------------------------------------------

    def _open_channel(self, person: Person, body: Json) -> Channel:
        channel = channel_named(self._world, body.get("channel"), person)
        if channel.is_archived:
            raise Refused(403, "is_archived", f"#{channel.name} is archived")
        if person.id not in channel.members:
            raise Refused(403, "not_in_channel", f"{person.real_name} has not joined #{channel.name}")
        app = self._world.app
        is_app = channel.kind == "im" and app is not None and app.bot_user in channel.members
        if app and is_app and (not app.messages_tab or app.home.get("messages_tab_read_only_enabled")):
            raise Refused(403, "messages_tab_disabled", "the app does not take messages")
        return channel

    def _files(self, ids: Any) -> list[StoredFile]:
        files = [self._world.files.get(str(i)) for i in ids or []]
        if None in files:
            raise Refused(404, "file_not_found", "a file id is unknown; upload it first")
        return [f for f in files if f is not None]

    async def message(self, person: Person, body: Json) -> Json:
        """Say something."""
        channel = self._open_channel(person, body)
        typed, files = str(body.get("text") or ""), self._files(body.get("files"))
        if not typed.strip() and not files:
            raise Refused(400, "no_text", "there is nothing to say: text is empty")
        text = typed if body.get("raw") else as_typed(typed)
        thread_ts = str(body.get("thread_ts") or "") or None
        if thread_ts and thread_ts not in channel.messages:
            raise Refused(404, "thread_not_found", f"no message {thread_ts} in {channel.name or channel.id}")
        author = {"user": person.id, "team": self._world.team["id"], "client_msg_id": self._world.new_id("M")}
        if files:
            said = share(self._world, channel, author, files, text, thread_ts)
        else:
            said = post(
                self._world,
                channel,
                author | {"blocks": as_rich_text(text, short_id())},
                text,
                thread_ts=thread_ts,
                broadcast=bool(body.get("reply_broadcast")),
            )
        return {
            "ts": said.ts,
            "channel": channel.id,
            "message": message_for(self._world, channel, said, person.id),
        }

    def _own(self, person: Person, body: Json) -> tuple[Channel, Message]:
        channel = channel_named(self._world, body.get("channel"), person)
        _, message = acting.message_place(self._world, person, channel, str(body.get("ts")))
        if message.body.get("user") != person.id:
            raise Refused(403, "cant_update_message", "that message is someone else's")
        return channel, message

    async def edit(self, person: Person, body: Json) -> Json:
        """Change one's own message."""
        channel, message = self._own(person, body)
        text = as_typed(str(body.get("text") or ""))
        blocks = as_rich_text(text, short_id())
        update(self._world, channel, message, text=text, blocks=blocks, edited_by=person.id)
        return {"message": message_for(self._world, channel, message, person.id)}

    async def delete(self, person: Person, body: Json) -> Json:
        """Delete one's own message, or dismiss an ephemeral one."""
        channel = channel_named(self._world, body.get("channel"), person)
        found = channel.ephemerals.get(str(body.get("ts")))
        if found is not None and found.visible_to == person.id:
            delete(self._world, channel, found)
            return {}
        delete(self._world, *self._own(person, body))
        return {}

    async def react(self, person: Person, body: Json) -> Json:
        """Add or remove a reaction."""
        channel = channel_named(self._world, body.get("channel"), person)
        _, message = acting.message_place(self._world, person, channel, str(body.get("ts")))
        name = str(body.get("name", "")).strip(":")
        react(self._world, channel, message, person.id, name, remove=bool(body.get("remove")))
        return {}

    # -- the app ------------------------------------------------------------------------------

    def _place(self, person: Person, body: Json) -> acting.Place:
        if body.get("channel"):
            channel = channel_named(self._world, body["channel"], person)
            return acting.message_place(
                self._world, person, channel, str(body.get("message_ts") or body.get("ts"))
            )
        return acting.view_place(self._world, person, body.get("view_id"))

    async def click(self, person: Person, body: Json) -> Json:
        """Use an element of a message."""
        return await acting.click(self._world, person, self._place(person, body), body)

    async def view_action(self, person: Person, body: Json) -> Json:
        """Use an element of a modal or Home."""
        place = acting.view_place(self._world, person, body.get("view_id"))
        return await acting.click(self._world, person, place, body)

    async def suggest(self, person: Person, body: Json) -> Json:
        """Ask for the options of an external menu."""
        return await acting.suggest(self._world, person, self._place(person, body), body)

    async def submit_view(self, person: Person, body: Json) -> Json:
        """Send a form."""
        view = acting.view_place(self._world, person, body.get("view_id"))
        return await acting.submit_view(self._world, person, view, body.get("values"))

    async def close_view(self, person: Person, body: Json) -> Json:
        """Close a modal."""
        view = acting.view_place(self._world, person, body.get("view_id"))
        return await acting.close_view(self._world, person, view, everything=bool(body.get("all")))

    async def command(self, person: Person, body: Json) -> Json:
        """Give a slash command."""
        channel = channel_named(self._world, body.get("channel"), person)
        name, _, rest = str(body.get("command") or "").partition(" ")
        text = str(body.get("text") or rest)
        thread_ts = body.get("thread_ts")
        return await acting.command(self._world, person, channel, name, as_typed(text), thread_ts)

    async def shortcut(self, person: Person, body: Json) -> Json:
        """Use a global shortcut."""
        return await acting.shortcut(self._world, person, str(body.get("callback_id")))

    async def message_shortcut(self, person: Person, body: Json) -> Json:
        """Use a shortcut on a message."""
        channel = channel_named(self._world, body.get("channel"), person)
        _, message = acting.message_place(self._world, person, channel, str(body.get("ts")))
        return await acting.message_shortcut(
            self._world, person, str(body.get("callback_id")), channel, message
        )

    # -- moving about -------------------------------------------------------------------------

    def _opened(self, person: Person, tab: str) -> Channel:
        world = self._world
        app = acting.installed(world)
        channel = world.direct([person.id, app.bot_user])
        assert channel is not None
        event: Json = {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": tab}
        home = world.homes.get(person.id)
        if tab == "home" and home is not None:
            event["view"] = home.as_slack()
        emit(world, "app_home_opened", event | {"event_ts": world.new_ts()})
        return channel

    async def open_home(self, person: Person, body: Json) -> Json:
        """Look at the Home tab."""
        if not acting.installed(self._world).home_tab:
            raise Refused(404, "not_enabled", "the app has no Home tab")
        self._opened(person, "home")
        home = self._world.homes.get(person.id)
        return {"view": home.as_control() if home else None}

    async def open_messages(self, person: Person, body: Json) -> Json:
        """Look at the conversation with the app."""
        channel = self._opened(person, "messages")
        self._read(person, channel)
        return {"channel": channel_for(self._world, channel, person.id)}

    def _read(self, person: Person, channel: Channel) -> None:
        latest = next(reversed(channel.messages), None)
        if latest and channel.last_read.get(person.id, "0") < latest:
            channel.last_read[person.id] = latest
            self._world.changed("channel", [person.id], channel=channel.id)

    async def read(self, person: Person, body: Json) -> Json:
        """Have read a channel up to its end, without opening it anew: nothing is told to the app."""
        self._read(person, channel_named(self._world, body.get("channel"), person))
        return {}

    async def open_channel(self, person: Person, body: Json) -> Json:
        """Look at a channel: it is read then."""
        channel = channel_named(self._world, body.get("channel"), person)
        self._read(person, channel)
        app = self._world.app
        if app is not None and app.agent:
            entity = {
                "type": "slack#/types/channel_id",
                "value": channel.id,
                "team_id": self._world.team["id"],
            }
            event: Json = {
                "type": "app_context_changed",
                "user": person.id,
                "context": {"entities": [entity]},
            }
            emit(self._world, "app_context_changed", event | {"event_ts": self._world.new_ts()})
        return {"channel": channel_for(self._world, channel, person.id)}

    async def open_dm(self, person: Person, body: Json) -> Json:
        """Begin a conversation with people."""
        wanted = body.get("with")
        others = [
            person_named(self._world, r, "with") for r in (wanted if isinstance(wanted, list) else [wanted])
        ]
        channel = self._world.direct([person.id, *(o.id for o in others)])
        assert channel is not None
        return {"channel": channel_for(self._world, channel, person.id)}

    async def join(self, person: Person, body: Json) -> Json:
        """Join a public channel."""
        channel = channel_named(self._world, body.get("channel"), person)
        join(self._world, channel, person.id)
        return {"channel": channel_for(self._world, channel, person.id)}

    async def leave(self, person: Person, body: Json) -> Json:
        """Leave a channel."""
        leave(self._world, channel_named(self._world, body.get("channel"), person), person.id)
        return {}

    async def invite(self, person: Person, body: Json) -> Json:
        """Bring someone into a channel: the app too."""
        channel = channel_named(self._world, body.get("channel"), person)
        guest = person_named(self._world, body.get("user"), "user")
        join(self._world, channel, guest.id, person.id)
        return {"channel": channel_for(self._world, channel, person.id)}

    # -- files --------------------------------------------------------------------------------

    async def _uploaded(self, request: Request) -> Json:
        if "multipart" not in request.headers.get("content-type", ""):
            return await body_of(request)
        form = await request.form()
        body: Json = {name: value for name, value in form.items() if isinstance(value, str)}
        part = form.get("file")
        if isinstance(part, UploadFile):
            body["bytes"] = await part.read()
            body.setdefault("filename", part.filename or "file")
        return body

    async def upload(self, person: Person, body: Json) -> Json:
        """Upload a file, into a channel if one is named."""
        world = self._world
        if not body.get("filename"):
            raise Refused(400, "missing_field", "name the file: filename")
        channel = self._open_channel(person, body) if body.get("channel") else None
        stored = new_file(world, person.id, str(body["filename"]), str(body.get("title") or ""))
        try:
            encoded = base64.b64decode(body.get("content_base64") or "", validate=True)
        except (binascii.Error, ValueError) as problem:
            raise Refused(400, "bad_value", "content_base64 is not base64") from problem
        stored.content = body.get("bytes") or encoded or str(body.get("content") or "").encode()
        stored.complete = True
        result: Json = {"file": stored.as_slack(world.base_url)}
        if channel is not None:
            author = {"user": person.id, "team": world.team["id"]}
            thread_ts = str(body.get("thread_ts") or "") or None
            said = share(world, channel, author, [stored], as_typed(str(body.get("text") or "")), thread_ts)
            result |= {"ts": said.ts, "channel": channel.id, "file": stored.as_slack(world.base_url)}
        return result


def leave(world: World, channel: Channel, user: str) -> None:
    """Take someone out of a channel."""
    if user not in channel.members:
        return
    event = {"type": "member_left_channel", "user": user, "channel": channel.id, "team": world.team["id"]}
    event |= {"channel_type": "C" if channel.kind == "channel" else "G", "event_ts": world.new_ts()}
    emit(world, "member_left_channel", event, channel)
    channel.members.remove(user)
    world.changed("channel", channel=channel.id)
