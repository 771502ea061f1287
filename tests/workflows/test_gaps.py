"""The week's gaps: which questions count as one, why, for whom, and when the list comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.workflows.asking import (
    HERE,
    OFFICE,
    PAGE,
    PEOPLE,
    TODAY,
    abstained,
    do,
    offered,
    quote,
    stored,
    told,
)
from tests.workflows.office import (
    ADA,
    DANA,
    MO,
    NOW,
)
from workflows import consulting, promoting, referring
from workflows.consultation import Consultation, Told
from workflows.gaps import gaps, next_day, same_question
from workflows.ids import ConsultationId
from workflows.program import GapList

WEEK = (NOW - timedelta(days=3), NOW + timedelta(days=4))


def report(
    *consultations: Consultation, audiences: frozenset[str] = frozenset(), said: Told | None = None
) -> Any:
    found = said or Told()
    return gaps(consultations, lambda _: found, OFFICE, PEOPLE, *WEEK, audiences)


def numbered(consultation: Consultation, number: int, **fields: Any) -> Consultation:
    return consultation.model_copy(update={"id": ConsultationId(f"Q-{number:04d}"), **fields})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("what does the canteen serve on Fridays?", "What does our canteen serve on friday", True),
        ("who can stop a release?", "who may stop the release", True),
        ("who can stop a release?", "who can approve a release?", False),
        ("how long is data kept in France?", "how long is data kept in Spain?", False),
        ("why?", "how?", False),
    ],
)
def test_questions_are_one_where_they_differ_in_small_words_endings_and_slips(
    one: str, other: str, same: bool
) -> None:
    assert same_question(one, other) is same


def test_a_gap_counts_people_once_and_says_why() -> None:
    first = abstained()
    here = report(
        first,
        numbered(first, 2, asker=MO),
        numbered(first, 3),
        numbered(stored(do(first, referring.refer, DANA)), 4),
    )
    (gap,) = here.gaps
    assert (gap.askers, gap.times, gap.why, gap.function) == (2, 4, ("unanswered", "referred"), "claims")


def test_what_was_answered_well_or_is_in_the_playbook_now_is_no_gap() -> None:
    good, _ = told("answer", quote())
    liked = stored(do(good, consulting.rate, DANA, of="playbook", helpful=True, at=HERE))
    added = stored(do(offered(), promoting.add, ADA, page=PAGE, today=TODAY))
    assert report(good, liked, added).empty


def test_what_happened_in_another_week_is_in_that_weeks_list() -> None:
    before = numbered(abstained(), 2, asked_at=NOW - timedelta(days=10))
    assert report(before).empty
    rated = stored(do(before, consulting.rate, DANA, of="playbook", helpful=False, at=HERE))
    assert report(rated).gaps[0].why == ("unhelpful",)


def test_what_rests_on_a_document_for_a_few_is_neither_listed_nor_counted_for_others() -> None:
    here, kept = told("answer", quote("Forty.", ("exec",), stale=True))
    disliked = stored(do(here, consulting.rate, DANA, of="playbook", helpful=False, at=HERE))
    assert report(disliked, said=kept).empty
    seen = report(disliked, said=kept, audiences=frozenset({"exec"}))
    assert (len(seen.gaps), len(seen.stale)) == (1, 1)


def test_the_list_comes_on_the_same_morning_whatever_the_clocks_do() -> None:
    when = GapList()
    sunday = datetime(2027, 3, 28, 12, tzinfo=UTC)  # the clocks of London went forward that night
    assert next_day(sunday, "Europe/London", when) == date(2027, 3, 29)
    assert next_day(datetime(2027, 3, 29, 7, 29, tzinfo=UTC), "Europe/London", when) == date(2027, 3, 29)
    assert next_day(datetime(2027, 3, 29, 7, 30, tzinfo=UTC), "Europe/London", when) == date(2027, 4, 5)
