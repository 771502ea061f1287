"""An office for scenario tests: the sandbox workspace, the bot behind it, people who type and click."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]
_PATIENCE = 10.0


class Refused(AssertionError):
    """The workspace would not let the person do that."""


def call(base: str, method: str, path: str, body: JSON | None = None, **query: object) -> JSON:
    """One request to the sandbox's control interface."""
    if query:
        path += "?" + urllib.parse.urlencode({k.rstrip("_"): v for k, v in query.items() if v is not None})
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(
        base + path, data=data, method=method, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=70) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as refusal:
        raise Refused(f"{method} {path}: {refusal.read().decode()}") from None


def texts(message: JSON) -> str:
    """Everything a person reads in a message or view, in one string."""
    found: list[str] = []

    def read(item: Any) -> None:
        if isinstance(item, dict):
            for key in ("text", "title", "description", "label", "hint", "placeholder"):
                if isinstance(item.get(key), str):
                    found.append(item[key])
            for value in item.values():
                read(value)
        elif isinstance(item, list):
            for value in item:
                read(value)

    read(message.get("blocks", []))
    return "\n".join(found) or str(message.get("text", ""))


def elements(message: JSON) -> list[tuple[str, JSON]]:
    """(block id, element) of everything in it that can be clicked or filled in."""
    found: list[tuple[str, JSON]] = []
    for block in message.get("blocks", []):
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        found += [
            (block.get("block_id", ""), e) for e in inside if isinstance(e, dict) and e.get("action_id")
        ]
    return found


def label(element: JSON) -> str:
    """What is written on it."""
    text = element.get("text") or element.get("placeholder") or {}
    return str(text.get("text", "")) if isinstance(text, dict) else str(text)


@dataclass
class Person:
    """Someone at a keyboard. ``thread`` is the conversation they are in, ``channel`` where."""

    office: Office
    id: str
    name: str
    channel: str = "@app"
    thread: str | None = None
    seen: str = "0"
    toasts: list[str] = field(default_factory=list)

    def _act(self, action: str, **body: object) -> JSON:
        answer = call(self.office.url, "POST", f"/sandbox/act/{action}", {"as": self.id, **body})
        if answer.get("toast"):
            self.toasts.append(str(answer["toast"]))
        return answer

    def at(self, channel: str, thread: str | None = None) -> Person:
        """The same person, looking somewhere else."""
        return Person(self.office, self.id, self.name, channel, thread)

    def says(self, text: str, **more: object) -> Person:
        """Writes where they are: in the thread once there is one, else at the top, which starts one."""
        sent = self._act("message", channel=self.channel, text=text, thread_ts=self.thread, **more)
        self.seen = sent["ts"]
        if self.thread is None:
            self.thread = sent["ts"]
        return self

    def messages(self) -> list[JSON]:
        """What they see here, oldest first."""
        return list(
            call(
                self.office.url,
                "GET",
                "/sandbox/messages",
                as_=self.id,
                channel=self.channel,
                thread_ts=self.thread,
            )["messages"]
        )

    def reads(self, *contains: str, timeout: float = _PATIENCE) -> JSON:
        """Waits for a message from the bot here that contains all of these, and was new since they wrote."""
        until = time.monotonic() + timeout
        last: list[JSON] = []
        while time.monotonic() < until:
            last = self.messages()
            for message in reversed(last):
                if message.get("user") == self.id and not message.get("bot_id"):
                    continue
                text = texts(message)
                if all(c.lower() in text.lower() for c in contains):
                    return message
            time.sleep(0.02)
        shown = "\n---\n".join(texts(m) for m in last[-4:])
        raise AssertionError(f"{self.name} never read {contains}; the last messages were:\n{shown}")

    def does_not_read(self, contains: str, for_: float = 0.4) -> None:
        """Nothing that contains this turns up here."""
        time.sleep(for_)
        assert not [m for m in self.messages() if contains.lower() in texts(m).lower()]

    def clicks(self, wanted: str, message: JSON | None = None, value: object = None) -> JSON:
        """Presses the button of that label (or uses the menu or picker with that action id) in the newest
        message here that has it; returns what the app answered."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            for candidate in [message] if message else list(reversed(self.messages())):
                for block, element in elements(candidate):
                    if wanted in (label(element), element["action_id"], element.get("accessibility_label")):
                        return self._click(candidate, block, element, value)
            time.sleep(0.02)
        there = [label(e) for m in self.messages()[-3:] for _, e in elements(m)]
        raise AssertionError(f"{self.name} sees no {wanted!r}; there is {there}")

    def _click(self, message: JSON, block: str, element: JSON, value: object) -> JSON:
        self.seen = message["ts"]
        many = isinstance(value, list)
        extra = {} if value is None else {"values" if many else "value": value}
        return self._act(
            "click",
            channel=self.channel,
            message_ts=message["ts"],
            block_id=block,
            action_id=element["action_id"],
            **extra,
        )

    def view(self, contains: str = "") -> JSON:
        """The topmost modal, once it is there."""
        found = call(
            self.office.url,
            "GET",
            "/sandbox/wait",
            as_=self.id,
            view=1,
            contains=contains or None,
            timeout=10,
        )
        assert found["ok"], f"{self.name} sees no modal with {contains!r}"
        return dict(found["view"])

    def submits(self, values: JSON | None = None) -> JSON:
        """Submits the topmost modal; ``values`` by block id (its only field) or as the sandbox takes them."""
        view = self.view()
        filled: JSON = {}
        for block, value in (values or {}).items():
            if isinstance(value, dict):
                filled[block] = value
                continue
            element = next(e for b, e in elements(view) if b == block)
            filled[block] = {element["action_id"]: value}
        return self._act("submit_view", view_id=view["id"], values=filled)

    def commands(self, text: str, channel: str = "#general") -> JSON:
        """``/preflight`` with this text."""
        return self._act("command", channel=channel, command="/preflight", text=text)

    def home(self, *contains: str) -> JSON:
        """Opens the Home tab and waits until it shows all of these."""
        self._act("open_home")
        until = time.monotonic() + _PATIENCE
        view: JSON = {}
        while time.monotonic() < until:
            view = call(self.office.url, "GET", "/sandbox/home", as_=self.id).get("view") or {}
            if all(c.lower() in texts(view).lower() for c in contains) and view:
                return view
            time.sleep(0.02)
        raise AssertionError(f"{self.name}'s Home never showed {contains}; it shows:\n{texts(view)}")

    def threads(self) -> list[JSON]:
        """The top-level messages of the conversation they are in."""
        top = self.at(self.channel)
        return top.messages()


@dataclass
class Office:
    """The workspace at ``url`` with the bot behind it."""

    url: str
    bot: Any
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """A fresh look through that person's eyes, in their conversation with the bot."""
        if not self.people:
            for p in call(self.url, "GET", "/sandbox/workspace")["people"]:
                self.people[p["name"]] = Person(self, p["id"], p["real_name"])
        known = self.people[name]
        return Person(self, known.id, known.name)

    def post(self, path: str, body: JSON | list[JSON] | None = None) -> JSON:
        """Any control request."""
        return call(self.url, "POST", path, body if body is not None else {})  # type: ignore[arg-type]

    def get(self, path: str, **query: object) -> JSON:
        """Any control read."""
        return call(self.url, "GET", path, None, **query)
