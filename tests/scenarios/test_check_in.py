"""D6 through the protocol: the weekly check-in, answered by one tap, a form, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.scenarios.deciding import settle
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.running import in_use
from workflows.events import week_of
from workflows.figures.check_in import CheckIn

GUARDED = {
    "guardrail_1": "Wrong summaries above 5%",
    "guardrail_1_action": "Switch it off for that team",
    "guardrail_2": "Complaints up by 10%",
    "guardrail_2_action": "Go back to manual replies",
}


def thursday(office: Office) -> None:
    """Lets time go by until the next Thursday afternoon, after everybody's time to be asked."""
    now = office.bot.now()
    ahead = (3 - now.weekday()) % 7
    then = now.replace(hour=16, minute=30, second=0, microsecond=0) + timedelta(days=ahead)
    if then <= now:
        then += timedelta(days=7)
    office.bot.pass_time(seconds=(then - now).total_seconds())
    settle(office)


def monday(office: Office) -> Any:
    """The week that is asked about."""
    return week_of(office.bot.now().date())


@pytest.fixture(scope="module")
def calls(office: Office) -> Any:
    """A use case in production, whose numbers Marcus is asked for."""
    return in_use(office, "Summarise claims calls", **GUARDED)


@pytest.fixture
def asked(office: Office, calls: Any) -> Iterator[Person]:
    """Marcus, in the thread of this week's message."""
    thursday(office)
    marcus = office.person("marcus")
    message = marcus.reads("numbers of the week", f"{monday(office).day} {monday(office):%B}")
    marcus.thread = message["ts"]
    yield marcus


def check_in(office: Office, use_case: Any) -> CheckIn:
    """This week's check-in about it."""
    with office.bot.service.store.read() as reading:
        return reading.matters(CheckIn, name=f"{use_case.id}|{monday(office).isoformat()}")[0]


def counted(office: Office, use_case: Any) -> dict[str, tuple[float, float | None]]:
    """This week's numbers as measures see them."""
    with office.bot.service.store.read() as reading:
        events = reading.figures_of(use_case.id, monday(office))
    return {e.kind: (e.value, e.of) for e in events}


def test_the_metric_owner_is_asked_once_and_answers_in_words(
    office: Office, calls: Any, asked: Person
) -> None:
    asked.says("minutes are down to 6.2, 3% wrong, 34 of 40 used it")
    asked.reads("Noted for", "6.2 minutes", "3%", "34 of 40")
    assert counted(office, calls) == {
        "outcome": (6.2, None),
        "guardrail_1": (3.0, None),
        "active_users": (34.0, 40.0),
    }
    assert check_in(office, calls).status == "told"
