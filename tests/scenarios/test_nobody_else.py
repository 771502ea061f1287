"""Every button, form, command and shortcut as somebody sends it who has no business with what it is about."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import logs, registry
from bot.inputs import packed
from bot.registry import Moment
from storage.store import Store
from tests.bot.conftest import settings_for
from tests.faults.hand import click, command, form
from tests.program.office import PROGRAM
from tests.scenarios.attacks import BUTTONS, FORMS, SHORTCUTS, WORDS, Button
from tests.scenarios.intruder import Intruder, Outcome
from tests.scenarios.something_of_everything import DRAFT, PRIVATE, Company, populate
from tests.workflows.contracts import TEXT
from workflows.ids import UserId

registry.load()
ALL = os.environ.get("PREFLIGHT_EVERY_ATTACK") == "1"
"""Everything with everything; else each kind of rubbish meets every third way in."""
STRANGERS = ("U0GRACE", "U0OMAR", "U0GERALD")
"""Somebody of another function, the owner of another use case, and somebody who left."""
RUBBISH = (
    "",
    "|",
    "²|²|²",
    "x" * 40_000,
    "<!channel> <@U0DANA> <https://evil.example|here>",
    "\x00\u202e\u200b",
    "UC-0001' OR '1'='1|x",
    "None",
)
NOT_YOURS = PROGRAM.messages["record_not_yours"]
NOT_TEXT: tuple[Any, ...] = (7, 1e308, True, None, ["a"], {"a": 1}, "9" * 5000, "half \ud800 of one")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Intruder, Company]]:
    """One of everything, and somebody at the door."""
    logs.set_up("console", "error")
    folder = tmp_path_factory.mktemp("company")
    store = Store("", folder)
    settings = settings_for("http://127.0.0.1:9", folder)
    there = populate(store, PROGRAM)

    def moment() -> Moment:
        return Moment(store, PROGRAM, settings, datetime.now(UTC), UserId("U0PREFLIGHT"))

    yield Intruder(store, moment), there
    store.close()


def pressed(user: str, action: str, button: Button, value: Any, channel: str = "") -> dict[str, Any]:
    """The click as Slack sends it, from the person's own conversation unless a channel is named."""
    block = f"walk|{value}|1|name" if button.in_walk else "b"
    given = "x" if button.in_walk else value
    return click(user, action, block, given, channel=channel or f"D0{user[2:]}", ts="1700000000.000100")


def state_of(filled: Any, fill: dict[str, str]) -> dict[str, Any]:
    """A form's fields as Slack sends them: text, people and menus of several; each under its block's name."""

    def one(value: Any) -> Any:
        if isinstance(value, list):
            return {"type": "multi_users_select", "selected_users": value}
        text = value.format(**fill) if isinstance(value, str) and value.startswith("{") else value
        return {"type": "plain_text_input", "value": text}

    return {
        block: {a: one(v) for a, v in value.items()} if isinstance(value, dict) else {block: one(value)}
        for block, value in filled.items()
    }


def fill_of(there: Company, private: Any) -> dict[str, str]:
    """What ``{names}`` in a form stand for."""
    known = {k: v for k, v in vars(there).items() if isinstance(v, str)}
    return {
        **known,
        "contract_text": TEXT,
        "field": str(private.get("field", "")),
        "stamp": PROGRAM.stamp.hash,
    }


def sent(user: str, callback: str, private: Any, filled: Any, there: Company) -> dict[str, Any]:
    """The form as Slack sends it."""
    fill = fill_of(there, private)
    own = {k: PROGRAM.stamp.hash if v == "{stamp}" else v for k, v in private.items() if k != "field"}
    return form(user, callback, packed(**own), state_of(filled, fill))


def stranger_problem(what: str, user: str, outcome: Outcome, guard: str) -> str:
    """What is wrong with the answer to somebody without the right; empty for nothing."""
    told = outcome.shown.replace("[]", "").strip()
    wrong = [
        (outcome.status != 200, f"answered {outcome.status}"),
        (outcome.failed > 0, "a listener failed"),
        (PRIVATE in outcome.shown, "saw what is between those who may read it"),
        (DRAFT in outcome.shown, "saw the name of somebody's draft"),
        (guard != "anyone" and bool(outcome.changed), f"changed {outcome.changed}"),
        (guard == "acts" and outcome.refused == 0, "no refusal is on record"),
        (NOT_YOURS in outcome.shown and outcome.refused == 0, "the attempt to read is not on record"),
        (guard in ("acts", "reads") and not told, "was told nothing"),
    ]
    found = [text for is_so, text in wrong if is_so]
    return f"{what} as {user}: {'; '.join(found)}" if found else ""


def test_every_way_in_has_somebody_who_tries_it() -> None:
    assert set(registry.ACTIONS) == set(BUTTONS)
    assert set(registry.VIEWS) == set(FORMS)
    assert set(registry.COMMANDS) | {""} == set(WORDS)
    assert set(registry.SHORTCUTS) == set(SHORTCUTS)


def test_a_button_does_nothing_for_somebody_else(company: tuple[Intruder, Company]) -> None:
    intruder, there = company
    found = []
    for action, button in BUTTONS.items():
        for value in button.about(there):
            for user in STRANGERS:
                for channel in ("", "C0GENERAL") if ALL or user == STRANGERS[0] else ("",):
                    outcome = intruder.interacts(pressed(user, action, button, value, channel))
                    found.append(stranger_problem(f"{action} {value} {channel}", user, outcome, button.guard))
    assert not [f for f in found if f]


def test_a_form_does_nothing_for_somebody_else(company: tuple[Intruder, Company]) -> None:
    intruder, there = company
    found = []
    for callback, asked in FORMS.items():
        for private in asked.about(there):
            for user in STRANGERS:
                outcome = intruder.interacts(sent(user, callback, private, asked.filled, there))
                found.append(stranger_problem(f"{callback} {private}", user, outcome, asked.guard))
    assert not [f for f in found if f]


def test_a_command_shows_nothing_of_what_is_others(company: tuple[Intruder, Company]) -> None:
    intruder, there = company
    found = []
    for word, ways in WORDS.items():
        for way in ways:
            for user in STRANGERS:
                text = f"{word} {way.format(**fill_of(there, {}))}".strip()
                outcome = intruder.commands(command(user, text))
                found.append(stranger_problem(f"/preflight {text}", user, outcome, "anyone"))
    assert not [f for f in found if f]


def test_twice_is_once_and_what_is_over_stays_as_it_is(company: tuple[Intruder, Company]) -> None:
    intruder, there = company
    found = []
    for action, button in BUTTONS.items():
        for value in button.over(there) if button.by else ():
            outcome = intruder.interacts(pressed(button.by, action, button, value))
            if outcome.changed or outcome.failed or outcome.status != 200:
                found.append(f"{action} on what is over, {value}: {outcome.changed} {outcome.failed}")
        for value in button.about(there)[:1] if button.by else ():
            payload = pressed(button.by, action, button, value)
            intruder.interacts(payload)
            again = intruder.interacts(payload)
            if again.changed or again.refused or again.failed:
                found.append(f"{action} {value} twice: {again.changed}, {again.refused} refused")
    assert not found


def shortcut(user: str, callback: str, text: Any) -> dict[str, Any]:
    """A message's menu, or the lightning bolt."""
    return {
        "type": "message_action" if "message" in callback else "shortcut",
        "callback_id": callback,
        "trigger_id": "1.1",
        "user": {"id": user},
        "team": {"id": "T0NORTHWIND"},
        "channel": {"id": "C0GENERAL"},
        "message": {"ts": "1700000000.000100", "text": text, "user": "U0DANA"},
        "response_url": "",
    }


def some(odd: Sequence[Any], number: int) -> Sequence[Any]:
    """Those whose turn it is: every third, another third for the next; all where every attack is wanted."""
    return odd if ALL else odd[number % 3 :: 3]


def test_rubbish_breaks_nothing(company: tuple[Intruder, Company]) -> None:
    intruder, there = company
    broken = []

    def tried(what: str, outcome: Outcome) -> None:
        if outcome.status not in (200, 400) or outcome.failed:
            broken.append(f"{what}: {outcome.status}, {outcome.failed} failed")

    for n, (action, button) in enumerate(BUTTONS.items()):
        first = next(iter(button.about(there)), "").partition("|")[0]
        for odd in (
            *some(RUBBISH, n),
            *(f"{first}|{odd}" for odd in some(RUBBISH[1:4], n)),
            *some(NOT_TEXT, n),
        ):
            outcome = intruder.interacts(pressed("U0DANA", action, button, odd), watched=False)
            tried(f"{action} {str(odd)[:30]!r}", outcome)
    for n, (callback, asked) in enumerate(FORMS.items()):
        private = dict(asked.about(there)[0])
        for odd in (*some(RUBBISH, n), *some(NOT_TEXT, n)):
            payload = sent("U0DANA", callback, private, dict.fromkeys(asked.filled, odd), there)
            tried(f"{callback} filled with {str(odd)[:30]!r}", intruder.interacts(payload, watched=False))
            payload = sent("U0DANA", callback, dict.fromkeys(private, odd), asked.filled, there)
            tried(f"{callback} about {str(odd)[:30]!r}", intruder.interacts(payload, watched=False))
        for text in ("", "{", "[]", "null", "{}"):
            payload = form("U0DANA", callback, text, {})
            tried(f"{callback} about {text!r}", intruder.interacts(payload, watched=False))
    for n, word in enumerate(WORDS):
        for odd in some(RUBBISH, n):
            said = command("U0GRACE", f"{word} {odd}")
            tried(f"/preflight {word} {odd[:30]!r}", intruder.commands(said, watched=False))
    for callback in SHORTCUTS:
        for odd in (*RUBBISH, *NOT_TEXT):
            outcome = intruder.interacts(shortcut("U0GRACE", callback, odd), watched=False)
            tried(f"{callback} {str(odd)[:30]!r}", outcome)
    assert not broken
