"""The control interface: reading everything back, as a person sees it or as the workspace knows it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sandbox.control import answering, channel_named, person_named
from sandbox.model import Channel, Json, Person
from sandbox.refusal import Refused
from sandbox.seeing import (
    channel_for,
    channels_for,
    message_for,
    sees_message,
    status_in,
    timeline,
    words_of,
)
from sandbox.world import World

_MOST_WAIT = 60.0


def settings_of(world: World) -> Json:
    """All settings with their values."""
    return asdict(world.settings) | {"socket_mode": bool(world.app and world.app.socket_mode)}


def _number(request: Request, name: str, default: float) -> float:
    try:
        return float(request.query_params.get(name) or default)
    except ValueError:
        raise Refused(400, "bad_value", f"{name} must be a number") from None


class Reads:
    """One method for each ``GET /sandbox/...``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The routes, by the names of the methods; the event stream beside them."""
        names = [n for n in vars(type(self)) if not n.startswith("_") and n not in ("routes", "events")]
        made = [
            Route(f"/{name}", answering(self._world, getattr(self, name)), methods=["GET"]) for name in names
        ]
        return [*made, Route("/events", self.events, methods=["GET"])]

    def _person(self, request: Request) -> Person:
        return person_named(self._world, request.query_params.get("as"))

    def _channel(self, request: Request, person: Person) -> Channel:
        return channel_named(self._world, request.query_params.get("channel"), person)

    async def workspace(self, request: Request) -> Json:
        """Team, people, groups, app, settings."""
        world = self._world
        groups = [
            {"id": g.id, "handle": g.handle, "name": g.name, "description": g.description, "users": g.users}
            for g in world.groups.values()
        ]
        return {
            "team": world.team,
            "people": [p.as_control() for p in world.people.values()],
            "groups": groups,
            "app": world.app.as_control(connected=world.courier.connected) if world.app else None,
            "settings": settings_of(world),
        }

    async def channels(self, request: Request) -> Json:
        """The sidebar of a person."""
        return {"channels": channels_for(self._world, self._person(request).id)}

    async def messages(self, request: Request) -> Json:
        """A channel or a thread as a person sees it."""
        person = self._person(request)
        channel = self._channel(request, person)
        thread_ts = request.query_params.get("thread_ts") or None
        if thread_ts and thread_ts not in channel.messages:
            raise Refused(404, "thread_not_found", f"no message {thread_ts} in {channel.name or channel.id}")
        before = request.query_params.get("before")
        limit = int(_number(request, "limit", 200))
        found = [m for m in timeline(channel, person.id, thread_ts) if not before or m.ts < before]
        return {
            "channel": channel_for(self._world, channel, person.id),
            "has_more": len(found) > limit,
            "messages": [message_for(self._world, channel, m, person.id) for m in found[-limit:]],
            "status": status_in(channel, thread_ts),
            "prompts": channel.prompts,
            "thread_title": channel.titles.get(thread_ts) if thread_ts else None,
        }

    async def home(self, request: Request) -> Json:
        """The Home tab of a person."""
        view = self._world.homes.get(self._person(request).id)
        return {"view": view.as_control() if view else None}

    async def views(self, request: Request) -> Json:
        """The modals a person has open."""
        stack = self._world.modals.get(self._person(request).id, [])
        return {"views": [v.as_control() for v in stack]}

    async def calls(self, request: Request) -> Json:
        """The log of Web API calls."""
        query = request.query_params
        found = self._world.calls.read(
            int(_number(request, "after", 0)),
            int(_number(request, "limit", 1000)),
            method=query.get("method"),
            channel=query.get("channel"),
        )
        return {"calls": found}

    async def deliveries(self, request: Request) -> Json:
        """The log of what went out to the app."""
        query = request.query_params
        found = self._world.deliveries.read(
            int(_number(request, "after", 0)),
            int(_number(request, "limit", 1000)),
            kind=query.get("kind"),
            name=query.get("name"),
        )
        return {"deliveries": found}

    async def notifications(self, request: Request) -> Json:
        """The log of pings."""
        query = request.query_params
        found = self._world.notifications.read(
            int(_number(request, "after", 0)),
            channel=query.get("channel"),
            ts=query.get("ts"),
            kind=query.get("kind"),
        )
        if query.get("person"):
            who = person_named(self._world, query["person"], "person").id
            found = [n for n in found if who in n["people"]]
        return {"notifications": found}

    async def files(self, request: Request) -> Json:
        """Every file."""
        base = self._world.base_url
        return {"files": [f.as_slack(base) for f in self._world.files.values() if f.complete]}

    async def faults(self, request: Request) -> Json:
        """The fault rules in force."""
        return {"faults": [r.as_control() for r in self._world.faults.rules]}

    async def wait(self, request: Request) -> Json:
        """Wait for a message, a modal or a Home tab."""
        person = self._person(request)
        query = request.query_params
        contains = (query.get("contains") or "").lower()
        timeout = min(_number(request, "timeout", 10), _MOST_WAIT)
        world = self._world
        if query.get("view") or query.get("home"):

            def look_view() -> Json | None:
                home = world.homes.get(person.id)
                on_screen = (
                    world.modals.get(person.id, [])[-1:] if query.get("view") else ([home] if home else [])
                )
                for view in on_screen:
                    if query.get("callback_id") and view.body["callback_id"] != query["callback_id"]:
                        continue
                    if contains in words_of(view.body).lower():
                        return view.as_control()
                return None

            view = await world.live.until(look_view, timeout)
            return {"view": view} if view else {"ok": False, "error": "timeout"}
        channel = self._channel(request, person)
        after, thread_ts = query.get("after") or "0", query.get("thread_ts")
        author = person_named(world, query["from"], "from").id if query.get("from") else None

        def look() -> Json | None:
            for message in [*channel.messages.values(), *channel.ephemerals.values()][::-1]:
                if message.changed <= after or (author and message.body.get("user") != author):
                    continue
                if thread_ts and thread_ts not in (message.thread_ts, message.ts):
                    continue
                if not sees_message(channel, message, person.id):
                    continue
                if contains in words_of(message.body).lower():
                    return message_for(world, channel, message, person.id)
            return None

        found = await world.live.until(look, timeout)
        return {"message": found} if found else {"ok": False, "error": "timeout"}

    async def events(self, request: Request) -> Response:
        """The live stream of a person."""
        person = self._world.find_person(request.query_params.get("as", ""))
        if person is None:
            return Response("say who looks: as", 400)
        resume = request.headers.get("last-event-id") or request.query_params.get("since")
        since = int(resume) if resume and resume.isdigit() else None

        async def stream() -> AsyncIterator[str]:
            async for event in self._world.live.follow(person.id, since):
                yield f"id: {event['id']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)
