"""The Web API as a table: each method with its scopes and rate, and the rules common to all."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.app import App
from sandbox.model import Channel, Json, StoredFile
from sandbox.validate import MESSAGE_BLOCK_TEXT, message_problems, text_length
from sandbox.world import World


class SlackError(Exception):
    """A call that Slack answers with ``ok: false``."""

    def __init__(self, error: str, messages: Sequence[str] = (), **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.messages = list(messages)
        self.more = more


@dataclass(slots=True)
class Call:
    """One call of a method: who calls, with what arguments."""

    world: World
    app: App
    args: Json
    warnings: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """An argument as text; the default when it is missing or null."""
        value = self.args.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value)

    def need(self, name: str) -> str:
        """An argument that must be there: else ``invalid_arguments`` as Slack words it."""
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A true-or-false argument in any of the ways clients write it."""
        value = self.text(name).lower()
        return value in ("1", "true", "t", "yes") if value else default

    def integer(self, name: str, default: int) -> int:
        """A whole number, or the default."""
        try:
            return int(float(self.text(name) or default))
        except (ValueError, OverflowError):
            raise SlackError(
                "invalid_arguments", [f"[ERROR] must be an integer [json-pointer:/{name}]"]
            ) from None

    def structure(self, name: str, error: str) -> Any:
        """A JSON argument, given as JSON or as a string of JSON; None when missing."""
        value = self.args.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                raise SlackError(error) from None
        return value

    def channel(self, name: str = "channel") -> Channel:
        """A conversation that the app may know of: else ``channel_not_found``."""
        reference = self.need(name)
        found = self.world.channels.get(reference)
        if found is None or (found.is_private and self.app.bot_user not in found.members):
            raise SlackError("channel_not_found")
        return found

    def blocks(self, name: str = "blocks") -> list[Json] | None:
        """Checked blocks of a message; None when the argument is missing."""
        blocks = self.structure(name, "invalid_blocks_format")
        if blocks is None:
            return None
        if not isinstance(blocks, list):
            raise SlackError("invalid_blocks_format")
        check_message_blocks(blocks)
        problems = [f"invalid slack file [json-pointer:{at}]" for at in self._unfit_files(blocks)]
        if problems:
            raise SlackError("invalid_blocks", [f"[ERROR] {p}" for p in problems], errors=problems)
        return blocks

    def _unfit_files(self, blocks: list[Json]) -> list[str]:
        """Where blocks show a file that is not there, or that has not been looked through yet."""
        return [
            at
            for at, shown in shown_files(blocks)
            if (f := file_of(self.world, shown)) is None or not f.ready
        ]

    def need_scope(self, *scopes: str) -> None:
        """One of these scopes, or ``missing_scope``."""
        if not any(s in self.app.scopes for s in scopes):
            raise SlackError("missing_scope", needed=scopes[0], provided=",".join(self.app.scopes))


def shown_files(node: Any, at: str = "/blocks") -> list[tuple[str, Json]]:
    """Every ``slack_file`` in blocks, with its place."""
    if isinstance(node, list):
        return [f for n, inner in enumerate(node) for f in shown_files(inner, f"{at}/{n}")]
    if not isinstance(node, dict):
        return []
    return [
        found
        for name, inner in node.items()
        for found in (
            [(f"{at}/{name}", inner)]
            if name == "slack_file" and isinstance(inner, dict)
            else shown_files(inner, f"{at}/{name}")
        )
    ]


def file_of(world: World, shown: Json) -> StoredFile | None:
    """The file that a ``slack_file`` names, by its id or its address."""
    if "id" in shown:
        return world.files.get(str(shown["id"]))
    return next((f for f in world.files.values() if f"/files/{f.id}/" in str(shown.get("url"))), None)


def check_message_blocks(blocks: list[Any], at: str = "/blocks") -> None:
    """Raise what Slack says about these blocks in a message, if anything."""
    problems = message_problems(blocks, at)
    if problems:
        raise SlackError("invalid_blocks", [f"[ERROR] {p}" for p in problems], errors=problems)
    if text_length(blocks) > MESSAGE_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")


Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """One entry of the table."""

    name: str
    run: Handler
    scopes: tuple[str, ...]
    """Scopes of which one is needed; none means any token will do."""
    per_minute: int | None
    """Calls a minute for the whole app; None means no limit here."""
    token: str
    """``bot``, ``app`` or ``none``: which token it takes."""


METHODS: dict[str, Method] = {}
"""Every method the sandbox knows."""

KIND_SCOPE = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
"""Conversation kind -> the first part of its scopes (``channels:read``, ``im:history``, ...)."""


def method(
    name: str,
    *scopes: str,
    per_minute: int | None = None,
    token: str = "bot",  # noqa: S107 - not a secret
) -> Callable[[Handler], Handler]:
    """Enter a function into the table."""

    def enter(run: Handler) -> Handler:
        METHODS[name] = Method(name, run, scopes, per_minute, token)
        return run

    return enter


def page(call: Call, entries: list[Any], *, default: int = 100, most: int = 1000) -> tuple[list[Any], Json]:
    """One page of a list by Slack's ``limit`` and ``cursor``, and the ``response_metadata`` to send."""
    limit = call.integer("limit", default) or default
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    cursor = call.text("cursor")
    start = 0
    if cursor:
        kind, _, number = cursor.partition(":")
        if kind != "next" or not number.isdigit():
            raise SlackError("invalid_cursor")
        start = int(number)
    end = start + limit
    return entries[start:end], {"next_cursor": f"next:{end}" if end < len(entries) else ""}
