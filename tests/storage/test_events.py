"""Recorded events: stored with the decision that tells them, and replaced by their key."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

import pytest
from sqlalchemy import select

from bot.figures import reported
from storage.schema import Events
from storage.store import Store
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.digests.issue import DigestIssue
from workflows.events import Event, week_of
from workflows.ids import DigestIssueId, ProgramStamp, Subject, UseCaseId, UserId

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
CIRC = Circumstances(
    now=NOW,
    actor=Actor(user=UserId("U1"), door="webhook"),
    program=ProgramStamp(label="1", hash="h"),
)
TOLD = Entry(action="figures_told", subject=Subject(type="use_case", id="UC-0001"))


def cost(value: float) -> Event:
    return Event(
        key="figure/UC-0001/cost//2026-11-16",
        kind="cost",
        at=NOW,
        week=week_of(NOW.date()),
        use_case=UseCaseId("UC-0001"),
        value=value,
        of=12.0,
        received_at=NOW,
    )


def test_a_corrected_figure_takes_the_place_of_the_old_one(store: Store) -> None:
    for value in (5.0, 7.5):
        with store.write() as tx:
            tx.apply(Decision(events=(cost(value),), entries=(TOLD,)), CIRC)
    with store.read() as reading:
        kept = reading.connection.execute(select(Events.value, Events.out_of, Events.week)).all()
    assert [tuple(row) for row in kept] == [(7.5, 12.0, "2026-11-16")]


def test_what_was_told_is_read_as_it_was_told_and_from_a_week_on(store: Store) -> None:
    with store.write() as tx:
        tx.apply(Decision(events=(cost(5.0),), entries=(TOLD,)), CIRC)
    with store.read() as reading:
        assert reading.figures_of("UC-0001") == (cost(5.0),)
        assert reading.figures_of("UC-0001", date(2026, 11, 23)) == ()
        assert reading.figures_of("UC-0002") == ()


def test_a_week_is_reported_once_a_digest_was_posted_after_its_end(store: Store) -> None:
    def posted(id: str, at: datetime, status: Literal["posted", "preview"]) -> None:
        issue = DigestIssue(
            id=DigestIssueId(id), status=status, digest="risk", period=id, due_at=at, opened_at=at
        )
        with store.write() as tx:
            tx.apply(Decision(changed=(issue,), entries=(Entry(action="d", subject=issue.subject),)), CIRC)

    week = date(2026, 11, 9)
    posted("DG-0001", datetime(2026, 11, 13, 9, tzinfo=UTC), "posted")
    posted("DG-0002", datetime(2026, 11, 16, 8, tzinfo=UTC), "preview")
    with store.read() as reading:
        assert not reported(reading, week)
    posted("DG-0003", datetime(2026, 11, 16, 9, tzinfo=UTC), "posted")
    with store.read() as reading:
        assert reported(reading, week)
        assert not reported(reading, week_of(NOW.date()))


def test_an_event_that_nobody_answers_for_is_not_stored(store: Store) -> None:
    with pytest.raises(ValueError, match="audit log"), store.write() as tx:
        tx.apply(Decision(events=(cost(5.0),)), CIRC)


def test_the_week_of_a_sunday_begins_on_the_monday_before() -> None:
    assert week_of(date(2026, 11, 22)) == date(2026, 11, 16)
