"""What the rules ask for has someone who does it: every kind of message, job, button and modal."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from bot import registry
from bot.manifest import manifest
from tests.the_code import all_nodes

registry.load()


def calls(*rooms: str) -> Iterator[tuple[str, ast.Call]]:
    for file, inside in all_nodes(*rooms):
        for node in inside:
            if isinstance(node, ast.Call):
                yield f"{file}:{node.lineno}", node


def name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def constants(made: set[str], argument: str) -> set[tuple[str, str]]:
    """(place, value) of every constant given as that argument where one of these is made."""
    found = set()
    for place, call in calls("workflows", "bot"):
        if name(call) in made:
            for keyword in call.keywords:
                if keyword.arg == argument and isinstance(keyword.value, ast.Constant):
                    found.add((place, str(keyword.value.value)))
    return found


def test_every_kind_of_message_that_is_posted_has_a_renderer() -> None:
    kinds = constants({"Post", "Whisper"}, "kind")
    assert kinds
    assert not {k for k in kinds if k[1] not in registry.RENDERERS}


def test_every_job_has_someone_who_does_it() -> None:
    jobs = constants({"Work", "Later"}, "name")
    assert jobs
    assert not {j for j in jobs if j[1] not in registry.WORKERS}


def test_every_button_has_a_listener() -> None:
    pressed = set()
    for place, call in calls("bot/views"):
        if name(call) in ("button", "overflow", "menu"):
            at = 0 if name(call) == "overflow" else 1
            given = call.args[at] if len(call.args) > at else None
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                pressed.add((place, given.value.split("/")[0]))
    assert pressed
    assert not {p for p in pressed if p[1] not in registry.ACTIONS}


def test_there_is_a_home_tab() -> None:
    assert "home" in registry.RENDERERS


def test_registering_a_name_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        registry.renders("home")(lambda scene, data: registry.Message(""))


def test_every_command_says_what_it_does() -> None:
    assert registry.COMMANDS
    assert all(c.help and c.word == c.word.lower() and " " not in c.word for c in registry.COMMANDS.values())


def test_shortcuts_keep_slacks_limits() -> None:
    for shortcut in manifest()["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24, shortcut
        assert len(shortcut["description"]) <= 150, shortcut
