"""What waits for a person, in pages made by the database, on both databases."""

from __future__ import annotations

from datetime import timedelta

from storage.store import Store
from tests.storage.records import (
    DANA,
    HOUR,
    LEE,
    NOW,
    PRIYA,
    TOM,
    approval,
    condition,
    inquiry,
    said,
    seat,
    stored,
    use_case,
)
from workflows.desk import Filter
from workflows.effects import Post, ToPerson
from workflows.ids import ApprovalId, Subject, UseCaseId, UserId

MIDNIGHT = NOW.replace(hour=0) + timedelta(days=1)


def waiting(store: Store, many: int) -> None:
    """That many cases wait for Priya, due an hour apart, the first an hour ago."""
    for n in range(many):
        id = UseCaseId(f"UC-{n:04}")
        case = approval(f"A-{n:04}", use_case=id, seats=(seat(people=(PRIYA,), due=NOW + HOUR * (n - 1)),))
        stored(store, use_case(id, title=f"100% of Case_{n}", submitter=LEE if n % 2 else DANA), case)


def test_a_page_holds_the_most_urgent_and_the_next_page_goes_on(store: Store) -> None:
    waiting(store, 5)
    with store.read() as reading:
        first = reading.desk_page(PRIYA, Filter(), NOW, 2)
        second = reading.desk_page(PRIYA, Filter(), NOW, 2, 2)
        assert [r.subject.id for r in first + second] == ["A-0000", "A-0001", "A-0002", "A-0003"]
        assert (first[0].title, first[0].submitter, first[0].kind) == ("100% of Case_0", DANA, "seat")
        assert reading.desk_page(TOM, Filter(), NOW, 10) == ()


def test_counts_tell_what_is_overdue_and_what_is_due_today(store: Store) -> None:
    waiting(store, 3)
    stored(store, approval("A-0100", inquiries=(inquiry("i1", of=PRIYA),), seats=(seat(people=(TOM,)),)))
    stored(store, approval("A-0101", status="approved", conditions=(condition("c1", PRIYA),)))
    with store.read() as reading:
        counts = reading.desk_counts(PRIYA, NOW, MIDNIGHT)
    assert dict(counts.kinds) == {"seat": 3, "inquiry": 1, "condition": 1}
    assert (counts.total, counts.decisions, counts.overdue, counts.due_today) == (5, 3, 1, 2)


def test_a_filter_keeps_what_meets_it_and_takes_words_literally(store: Store) -> None:
    waiting(store, 12)
    with store.read() as reading:

        def found(**wanted: object) -> list[str]:
            return [r.subject.id for r in reading.desk_page(PRIYA, Filter.model_validate(wanted), NOW, 20)]

        assert found(words="case_1") == ["A-0001", "A-0010", "A-0011"]
        assert found(words="case%1") == []
        assert found(words="uc-0003") == ["A-0003"]
        assert found(due_before=NOW) == ["A-0000"]
        assert found(submitters=(LEE,), due_before=NOW + 3 * HOUR) == ["A-0001", "A-0003"]
        assert found(submitters=()) == []
        assert found(kinds=("condition",)) == []
        assert found(tiers=("high",)) == []


def test_nobody_has_a_decision_on_their_own_use_case_on_their_list(store: Store) -> None:
    stored(store, approval(seats=(seat(people=(DANA, PRIYA)),)))
    with store.read() as reading:
        assert reading.desk_page(DANA, Filter(), NOW, 10) == ()
        assert reading.desk_counts(DANA, NOW, MIDNIGHT).total == 0


def test_the_newest_list_is_the_last_that_was_sent_and_not_the_job_that_looked(store: Store) -> None:
    def listed(user: UserId, day: str) -> Post:
        about = Subject(type="person", id=user)
        return Post(to=ToPerson(user=user), kind="desk", subject=about, card="desk", key=f"desk/{user}/{day}")

    said(store, listed(PRIYA, "2026-11-19"), listed(PRIYA, "2026-11-20"), listed(TOM, "2026-11-23"))
    with store.read() as reading:
        assert reading.desk_day(PRIYA) == "2026-11-20"
        assert reading.desk_day(LEE) == ""


def test_promises_that_are_still_to_be_kept_are_found(store: Store) -> None:
    stored(store, approval("A-0001", status="approved", conditions=(condition("c1"),)))
    stored(store, approval("A-0002", status="approved", conditions=(condition("c1", done_at=NOW),)))
    stored(store, approval("A-0003", conditions=(condition("c1"),)))
    with store.read() as reading:
        assert [a.id for a in reading.approvals_promised()] == [ApprovalId("A-0001")]
