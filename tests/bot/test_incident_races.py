"""Two at once, on both databases: one incident from one message, and one who leads it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot import registry
from bot.inputs import Click, Submission, ViewIn, packed
from bot.registry import Moment
from storage.store import Store
from tests.program.office import PROGRAM
from workflows.ids import UserId
from workflows.incident import Incident
from workflows.people import Person

registry.load()
SAM, ZOE = UserId("U0SAM"), UserId("U0ZOE")
AT_ONCE = 6


@pytest.fixture
def moment(store: Store) -> Moment:
    """A store that knows two people of the program team."""
    people = [Person(id=u, name=n) for u, n in ((SAM, "Sam"), (ZOE, "Zoe"))]
    with store.write() as tx:
        tx.save_people(people, {"ai-program": [SAM, ZOE]})
    return Moment(store, PROGRAM, cast(Any, None), datetime.now(UTC), UserId("U0BOT"))


def reports(moment: Moment, user: UserId, ts: str, number: int) -> None:
    """Somebody reports the message of that time."""
    private = packed(channel="C1", ts=ts, author="", link="", quote="it is wrong", at="C1", under=ts)
    chosen = {"use_case": "none", "kind": "other", "severity": "low"}
    view = ViewIn(
        id=f"V{number}",
        callback="incident.report",
        private=private,
        values={block: {block: value} for block, value in chosen.items()},
    )
    registry.VIEWS["incident.report"](moment, Submission(key=f"view/{number}/{ts}", user=user, view=view))


def takes(moment: Moment, user: UserId, incident: str, number: int) -> None:
    """Somebody presses "I take it"."""
    click = Click(
        key=f"click/{number}/{incident}",
        user=user,
        action="incident.take",
        block="",
        value=incident,
        trigger="",
    )
    registry.ACTIONS["incident.take"](moment, click)


def test_the_same_message_reported_by_many_at_once_is_one_incident_with_one_leader(moment: Moment) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for round_ in range(5):
            ts = f"{round_}.1"
            who = [(SAM, ZOE)[n % 2] for n in range(AT_ONCE)]
            list(pool.map(lambda n, ts=ts, who=who: reports(moment, who[n], ts, n), range(AT_ONCE)))
            with moment.store.read() as reading:
                found = reading.matters(Incident)
            assert len(found) == round_ + 1
            incident = found[0]
            assert {incident.reporter, *incident.joined} == {SAM, ZOE}
            list(pool.map(lambda n, i=incident, who=who: takes(moment, who[n], i.id, n), range(AT_ONCE)))
            with moment.store.read() as reading:
                now = reading.matters(Incident)[0]
                refused = [r for r in reading.audit(subject=now.subject) if r["refused"]]
            assert now.owner in (SAM, ZOE)
            assert [n.what for n in now.timeline].count("took") == 1
            assert len(refused) == AT_ONCE - 1
    assert moment.store.verify().sound
