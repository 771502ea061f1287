"""The whole of one running workspace: its people and conversations, the app, the logs and switches."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.app import App
from sandbox.faults import Faults
from sandbox.live import Live
from sandbox.model import Channel, Group, Json, Message, Person, Settings, StoredFile, View
from sandbox.rates import Rates
from sandbox.record import Record

if TYPE_CHECKING:
    from sandbox.deliver import Courier

_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class WorkspaceFileError(ValueError):
    """The workspace file cannot be used; the message names the place."""


@dataclass(slots=True)
class Trigger:
    """A trigger_id: lets the app open one view for one person, once, for three seconds."""

    user: str
    made: float
    view: str | None
    """The modal it was clicked in, if it was."""
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where the app may answer an interaction, five times in thirty minutes."""

    user: str
    channel: str
    made: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


def read_json(source: str | Path | Json) -> Json:
    """A JSON object from a file, or as it is."""
    if isinstance(source, dict):
        return source
    data = json.loads(Path(source).read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise WorkspaceFileError(f"{source}: must hold a JSON object")
    return data


class World:
    """State and services of one workspace. Touched only from the server's own event loop."""

    courier: Courier

    def __init__(self, workspace: Json, app: Json | None) -> None:
        self.seed = workspace
        self.app_seed = app
        self.base_url = ""
        self.live = Live()
        self.faults = Faults()
        self.rates = Rates()
        self.calls = Record()
        self.deliveries = Record()
        self.notifications = Record()
        self.dirty = False
        """Whether something changed since the last snapshot."""
        self.load()

    # -- loading ------------------------------------------------------------------------------

    def load(self) -> None:
        """Start from the workspace file."""
        self.settings = Settings()
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.choices: dict[tuple[str, str, str], Json] = {}
        """What a person chose in a message: (person, channel, ts) -> state.values."""
        self.offered: dict[tuple[str, str, str], list[Json]] = {}
        """Options last suggested: (person, block_id, action_id) -> options."""
        self.revoked: set[str] = set()
        self._direct: dict[tuple[str, ...], str] = {}
        self.app: App | None = None
        self._last_ts = 0
        self.counter = 0
        team = self.seed.get("team") or {}
        self.team: Json = {
            "id": str(team.get("id", "T0SANDBOX")),
            "name": str(team.get("name", "Sandbox")),
            "domain": str(team.get("domain", "sandbox")),
        }
        for entry in self.seed.get("users") or []:
            self.add_person(entry)
        for entry in self.seed.get("groups") or []:
            group = Group(**_known(Group, entry))
            group.users = [self._seed_user(u, f"group {group.handle}") for u in group.users]
            self.groups[group.id] = group
        for entry in self.seed.get("channels") or []:
            self.add_channel(entry)

    def add_person(self, entry: Json) -> Person:
        """Add a member described as in the workspace file."""
        if not entry.get("id") or not entry.get("name"):
            raise WorkspaceFileError(f"a user needs id and name: {entry}")
        person = Person(**{"real_name": entry["name"], **_known(Person, entry)})
        self.people[person.id] = person
        return person

    def add_channel(self, entry: Json) -> Channel:
        """Add a channel described as in the workspace file, with its opening messages."""
        name = str(entry.get("name", "")).lstrip("#")
        kind = "group" if entry.get("is_private") else "channel"
        members = [self._seed_user(u, f"channel {name}") for u in entry.get("members") or []]
        channel = Channel(
            id=str(entry.get("id") or self.new_id("C")),
            kind=kind,
            name=name,
            topic=str(entry.get("topic", "")),
            members=members,
            is_archived=bool(entry.get("is_archived")),
            creator=members[0] if members else "",
        )
        self.channels[channel.id] = channel
        for said in entry.get("messages") or []:
            ts = self.new_ts(float(said.get("minutes_ago", 0)))
            body = {
                "type": "message",
                "user": self._seed_user(said["user"], name),
                "text": said["text"],
                "ts": ts,
            }
            channel.messages[ts] = Message(body)
            for member in members:
                channel.last_read[member] = ts
        return channel

    def _seed_user(self, reference: str, where: str) -> str:
        person = self.find_person(reference)
        if person is None:
            raise WorkspaceFileError(f"{where}: no user is called {reference!r}")
        return person.id

    # -- ids and time -------------------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        """A fresh id that looks like Slack's."""
        self.counter += 1
        number, letters = self.counter, ""
        while number:
            number, rest = divmod(number, len(_LETTERS))
            letters = _LETTERS[rest] + letters
        return f"{prefix}0{letters.rjust(4, '0')}{''.join(secrets.choice(_LETTERS) for _ in range(3))}"

    def new_ts(self, minutes_ago: float = 0) -> str:
        """A timestamp of its own, later than every one before (unless it is to lie in the past)."""
        now = int((time.time() - minutes_ago * 60) * 1_000_000)
        if not minutes_ago:
            now = self._last_ts = max(now, self._last_ts + 1)
        return f"{now // 1_000_000}.{now % 1_000_000:06d}"

    # -- finding ------------------------------------------------------------------------------

    def find_person(self, reference: str) -> Person | None:
        """A person by id or by name, with or without ``@``."""
        found = self.people.get(reference)
        if found is None:
            name = reference.lstrip("@").lower()
            found = next((p for p in self.people.values() if p.name == name), None)
        return found

    def find_group(self, reference: str) -> Group | None:
        """A user group by id or handle."""
        handle = reference.lstrip("@")
        return self.groups.get(reference) or next(
            (g for g in self.groups.values() if g.handle == handle), None
        )

    def find_channel(self, reference: str) -> Channel | None:
        """A channel by id or by name, with or without ``#``."""
        name = reference.lstrip("#")
        return self.channels.get(reference) or next(
            (c for c in self.channels.values() if c.name == name and not c.is_direct), None
        )

    def direct(self, people: Iterable[str], *, create: bool = True) -> Channel | None:
        """The conversation between exactly these people, made if it is not there."""
        members = sorted(set(people))
        kind = "im" if len(members) <= 2 else "mpim"
        known = self._direct.get(tuple(members))
        if known in self.channels:
            return self.channels[known]
        for channel in self.channels.values():
            if channel.kind == kind and sorted(channel.members) == members:
                self._direct[tuple(members)] = channel.id
                return channel
        if not create:
            return None
        name = "" if kind == "im" else f"mpdm-{'--'.join(self.people[m].name for m in members)}-1"
        channel = Channel(id=self.new_id("D" if kind == "im" else "G"), kind=kind, name=name, members=members)
        self.channels[channel.id] = channel
        self.changed("channel", members, channel=channel.id)
        return channel

    def find_view(self, view_id: str) -> View | None:
        """An open modal or a Home view."""
        for stack in self.modals.values():
            for view in stack:
                if view.id == view_id:
                    return view
        return next((v for v in self.homes.values() if v.id == view_id), None)

    # -- the app ------------------------------------------------------------------------------

    def install(self, data: Json) -> App:
        """Install an app, or change the one installed: top-level keys left out are kept."""
        new_settings = "settings" in data
        if self.app is not None:
            kept = {
                "app_id": self.app.id,
                "bot_id": self.app.bot_id,
                "bot_user_id": self.app.bot_user,
                "bot_token": self.app.bot_token,
                "app_token": self.app.app_token,
                "signing_secret": self.app.signing_secret,
                "verification_token": self.app.verification_token,
                "request_url": self.app.request_url,
            }
            data = {**self.app.manifest, **kept, **data}
        app = App.from_file(data)
        if self.app is not None:
            app.reachable = self.app.reachable
            app.socket_mode = app.socket_mode if new_settings else self.app.socket_mode
        self.app = app
        self.revoked -= {app.bot_token, app.app_token}
        self.people[app.bot_user] = Person(
            id=app.bot_user,
            name=app.name.lower().replace(" ", "-"),
            real_name=app.name,
            title=app.description,
            is_bot=True,
            bot_id=app.bot_id,
        )
        for entry in self.seed.get("channels") or []:
            channel = self.find_channel(str(entry.get("id") or entry.get("name")))
            if channel and entry.get("with_app") and app.bot_user not in channel.members:
                channel.members.append(app.bot_user)
        self.changed("app")
        return app

    def changed(self, kind: str, audience: Iterable[str] | None = None, **data: Any) -> None:
        """Tell whoever looks on that something changed."""
        self.dirty = True
        self.live.publish(kind, audience, **data)

    def onlookers(self, channel: Channel) -> list[str] | None:
        """Who may know of what happens in a channel: everyone for a public one."""
        return None if channel.kind == "channel" else channel.members


def _known(kind: type, entry: Json) -> Json:
    names = {f.name for f in fields(kind)}
    return {name: value for name, value in entry.items() if name in names}
