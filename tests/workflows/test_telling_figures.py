"""What is told is kept, questioned or alerted about by one rule, whichever way it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.program.office import PROGRAM
from tests.sizes import examples
from workflows.answers import Answer
from workflows.decision import Actor, Circumstances, Decision
from workflows.effects import Post, ToPerson, ToRoom
from workflows.events import Event
from workflows.figures import answering
from workflows.figures.asking import asked_at, turns
from workflows.figures.catalogue import BY_ID
from workflows.figures.check_in import Amount, CheckIn, Told
from workflows.figures.guardrails import read_limit
from workflows.figures.measured import measured_in
from workflows.figures.telling import Telling, told
from workflows.ids import CheckInId, ProgramStamp, QuestionId, UseCaseId, UserId
from workflows.people import Directory, Person
from workflows.scoring import assess
from workflows.use_case import UseCase

DANA, MARCUS, INES, EVE = (UserId(f"U0{n}") for n in ("DANA", "MARCUS", "INES", "EVE"))
PEOPLE = Directory(
    people={
        DANA: Person(id=DANA, name="Dana Ortiz", tz="Europe/London"),
        MARCUS: Person(id=MARCUS, name="Marcus Bell", tz="America/New_York"),
        INES: Person(id=INES, name="Ines Moreau", tz="Europe/Paris"),
        EVE: Person(id=EVE, name="Eve Stranger"),
    }
)
NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
"""A Thursday."""
WEEK = date(2026, 11, 16)
SAID = {
    "business_function": "claims",
    "outcome_metric": "after-call work",
    "outcome_baseline": 9.0,
    "outcome_target": 5.0,
    "outcome_unit": "minutes",
    "business_owner": "U0DANA",
    "metric_owner": "U0MARCUS",
    "risk_owner": "U0INES",
    "guardrail_1": "Wrong summaries above 5%",
    "guardrail_1_action": "Switch it off for that team",
    "guardrail_2": "Complaints up by 10%",
}


def use_case(**more: Any) -> UseCase:
    """Claims calls, in production."""
    answers = {
        QuestionId(q): Answer(value=v, how="form", by=DANA, at=NOW) for q, v in {**SAID, **more}.items()
    }
    return UseCase(
        id=UseCaseId("UC-0042"),
        title="Summarise claims calls",
        stage="production",
        submitter=DANA,
        program=ProgramStamp(label="t", hash="0" * 64),
        answers=answers,
        assessment=assess(PROGRAM, PROGRAM.intake, answers),
        created_at=NOW - timedelta(days=90),
    )


def telling(
    events: Sequence[Event] = (), check_in: CheckIn | None = None, by: UserId = MARCUS, week: date = WEEK
) -> Telling:
    """Somebody tells numbers of a week."""
    circ = Circumstances(now=NOW, actor=Actor(user=by, door="message"), program=PROGRAM.stamp)
    fresh = CheckIn(
        id=CheckInId("CI-0001"), use_case=UseCaseId("UC-0042"), week=week, owner=MARCUS, opened_at=NOW
    )
    return Telling(use_case(), check_in or fresh, tuple(events), PROGRAM, PEOPLE, circ)


def one(figure: str, value: float, of: float | None = None) -> Told:
    return Told(figure=figure, value=value, of=of, by=MARCUS, at=NOW)


def earlier(**weeks: Sequence[float]) -> list[Event]:
    """Values of figures in the weeks before, the newest last."""
    found: list[Event] = []
    for figure, values in weeks.items():
        for n, value in enumerate(reversed(values), start=1):
            before = telling(week=WEEK - timedelta(weeks=n))
            of = 40.0 if figure == "active_users" else None
            found += told(before, [one(figure, value, of)], sure=True).events
    return [e for e in found if e.kind != "crossed"]


def check_in_of(decision: Decision) -> CheckIn:
    return next(c for c in decision.changed if isinstance(c, CheckIn))


def alerts(decision: Decision) -> list[Post]:
    return [e for e in decision.effects if isinstance(e, Post) and e.kind == "guardrail"]


def test_a_use_case_is_measured_in_its_own_words() -> None:
    measured = {m.id: m for m in measured_in(use_case(), PROGRAM)}
    assert (measured["outcome"].label, measured["outcome"].unit) == ("After-call work", "minutes")
    assert (measured["outcome"].baseline, measured["outcome"].target) == (9.0, 5.0)
    assert measured["guardrail_1"].action == "Switch it off for that team"
    assert measured["guardrail_1"].unit == "%"


def test_a_plausible_number_counts_at_once_under_a_key_of_its_own() -> None:
    decision = told(telling(), [one("outcome", 6.2), one("active_users", 34, 40)])
    assert [(e.key, e.value, e.of) for e in decision.events] == [
        ("figure/UC-0042/outcome//2026-11-16", 6.2, None),
        ("figure/UC-0042/active_users//2026-11-16", 34.0, 40.0),
    ]
    assert check_in_of(decision).status == "told"
    assert decision.entries[0].action == "figures.told"


def test_of_two_numbers_for_the_same_the_last_counts() -> None:
    decision = told(telling(), [one("outcome", 6.4), one("outcome", 6.2)])
    assert [e.value for e in decision.events] == [6.2]


def test_the_same_number_again_changes_nothing() -> None:
    first = told(telling(), [one("outcome", 6.2)])
    again = told(telling(first.events, check_in_of(first)), [one("outcome", 6.2)])
    assert again == Decision()


@pytest.mark.parametrize(
    ("figure", "value", "of", "because", "instead"),
    [
        ("outcome", 58.0, None, "jump", 5.8),
        ("outcome", 348.0, None, "jump", 5.8),
        ("guardrail_1", 0.02, None, "jump", 2.0),
        ("guardrail_1", 140.0, None, "percent", None),
        ("active_users", 40.0, 34.0, "part", 34.0),
        ("active_users", -3.0, 40.0, "negative", 3.0),
        ("active_users", 34.0, 400.0, "whole", 34.0),
        ("satisfaction", 42.0, None, "bounds", 4.2),
        ("cost", 12_000.0, None, "jump", 120.0),
    ],
)
def test_a_number_that_is_hardly_possible_is_questioned_and_does_not_count(
    figure: str, value: float, of: float | None, because: str, instead: float | None
) -> None:
    known = earlier(outcome=[6.1, 5.8], guardrail_1=[2.2, 2.0], active_users=[30, 32], cost=[110, 120])
    decision = told(telling(known), [one(figure, value, of)])
    (doubt,) = check_in_of(decision).doubts
    assert doubt.because == because
    assert not decision.events
    if instead is not None:
        assert doubt.instead[0].value == instead


@pytest.mark.parametrize(
    ("figure", "value", "of"),
    [
        ("guardrail_1", 9.0, None),
        ("outcome", 5.0, None),
        ("outcome", 9.0, None),
        ("active_users", 9, 10),
        ("guardrail_1", 4.9, None),
    ],
)
def test_what_was_to_be_hoped_or_feared_is_not_questioned(
    figure: str, value: float, of: float | None
) -> None:
    known = earlier(outcome=[8.8], guardrail_1=[2.0])
    assert told(telling(known), [one(figure, value, of)]).events


def test_the_first_share_of_one_instead_of_a_hundred_is_noticed() -> None:
    decision = told(telling(), [one("guardrail_1", 0.05)])
    (doubt,) = check_in_of(decision).doubts
    assert (doubt.because, doubt.instead[0].value) == ("unit", 5.0)


def test_a_doubt_counts_after_its_answer_and_not_before() -> None:
    known = earlier(outcome=[6.1, 5.8])
    asked = check_in_of(told(telling(known), [one("outcome", 58.0)]))
    right = answering.settle(telling(known, asked), ("outcome", ""), None)
    assert [e.value for e in right.events] == [58.0]
    slip = answering.settle(telling(known, asked), ("outcome", ""), Amount(value=5.8))
    assert [e.value for e in slip.events] == [5.8]
    assert check_in_of(slip).status == "told"


def test_what_cannot_be_is_not_counted_even_if_somebody_insists() -> None:
    asked = check_in_of(told(telling(), [one("active_users", 40, 34)]))
    assert answering.settle(telling((), asked), ("active_users", ""), None).problems


def test_nothing_changed_counts_the_last_numbers_again_marked_as_such() -> None:
    known = earlier(outcome=[6.1, 5.8], active_users=[30, 32])
    decision = answering.nothing_changed(telling(known))
    assert {(e.kind, e.value) for e in decision.events} == {("outcome", 5.8), ("active_users", 32.0)}
    assert all(e.detail["unchanged"] for e in decision.events)
    assert check_in_of(decision).status == "unchanged"
    assert answering.nothing_changed(telling()).problems


def test_a_crossed_guardrail_reaches_its_owners_and_the_channel_in_one_message() -> None:
    known = earlier(guardrail_1=[2.0], guardrail_2=[40.0])
    decision = told(telling(known), [one("guardrail_1", 6.0), one("guardrail_2", 45.0)])
    posts = alerts(decision)
    assert [p.to.user for p in posts if isinstance(p.to, ToPerson)] == [MARCUS, DANA, INES]
    assert [p.to.name for p in posts if isinstance(p.to, ToRoom)] == ["claims"]
    assert {a.figure for a in check_in_of(decision).alerts} == {"guardrail_1", "guardrail_2"}
    crossed = [e for e in decision.events if e.kind == "crossed"]
    assert {e.key for e in crossed} == {
        "crossed/UC-0042/guardrail_1/2026-11-16",
        "crossed/UC-0042/guardrail_2/2026-11-16",
    }
    # The label says what is counted, so the limit does not say it again.
    assert [(e.detail["label"], e.detail["limit"], e.detail["unit"]) for e in crossed] == [
        ("Wrong summaries", "above 5%", "%"),
        ("Complaints", "up by more than 10%", ""),
    ]


def test_it_is_said_for_how_many_weeks_it_goes_on_and_once_when_it_is_over() -> None:
    second = told(telling(earlier(guardrail_1=[6.0])), [one("guardrail_1", 6.5)])
    (alert,) = check_in_of(second).alerts
    assert (alert.weeks, alert.since) == (2, date(2026, 11, 9))
    over = told(telling(earlier(guardrail_1=[6.0])), [one("guardrail_1", 4.0)])
    assert not alerts(over)
    assert [e.kind for e in over.effects if isinstance(e, Post)] == ["guardrail_over"] * 4
    quiet = told(telling(earlier(guardrail_1=[6.0, 4.0])), [one("guardrail_1", 4.0)])
    assert not [e for e in quiet.effects if isinstance(e, Post)]


def test_a_correction_takes_the_crossing_back() -> None:
    first = told(telling(), [one("guardrail_1", 6.0)])
    again = told(telling(first.events, check_in_of(first)), [one("guardrail_1", 4.0)])
    assert not check_in_of(again).alerts
    assert [(e.kind, e.value) for e in again.events] == [("guardrail_1", 4.0), ("crossed", 0.0)]


def test_weeks_long_ago_alert_nobody() -> None:
    decision = told(telling(week=date(2026, 9, 7)), [one("guardrail_1", 6.0)])
    assert [e.kind for e in decision.events] == ["guardrail_1", "crossed"]
    assert not alerts(decision)


def test_numbers_of_others_are_refused_and_on_record() -> None:
    decision = answering.give(telling(by=EVE), [one("outcome", 6.2)])
    assert not decision.events
    assert decision.entries[0].refused


def test_whoever_is_named_is_asked_instead() -> None:
    decision = answering.pass_on(telling(), INES)
    after = check_in_of(decision)
    assert (after.owner, after.passed_by) == (INES, (MARCUS,))
    assert INES in [e.to.user for e in decision.effects if isinstance(e, Post) and isinstance(e.to, ToPerson)]
    assert answering.pass_on(telling(), MARCUS).problems


def test_people_are_asked_by_their_own_clock_once_their_time_has_come() -> None:
    due, again = turns([use_case()], PROGRAM, PEOPLE, NOW)
    assert not due, "it is ten in the morning in New York"
    assert again == datetime(2026, 11, 19, 19, 0, tzinfo=UTC) == asked_at(MARCUS, WEEK, PROGRAM, PEOPLE)
    (turn,), _ = turns([use_case()], PROGRAM, PEOPLE, again)
    assert (turn.owner, turn.week) == (MARCUS, WEEK)
    begun = use_case().model_copy(update={"stage_since": again + timedelta(hours=1)})
    assert not turns([begun], PROGRAM, PEOPLE, again + timedelta(hours=2))[0]
    paused = use_case().model_copy(update={"stage": "paused"})
    assert not turns([paused], PROGRAM, PEOPLE, again)[0]


def test_without_a_metric_owner_the_business_owner_is_asked() -> None:
    left = PEOPLE.model_copy(
        update={"people": {**PEOPLE.people, MARCUS: Person(id=MARCUS, name="Marcus Bell", active=False)}}
    )
    (turn,), _ = turns([use_case()], PROGRAM, left, NOW)
    assert turn.owner == DANA


def test_a_guardrail_without_a_number_is_asked_about_and_may_get_one() -> None:
    vague = use_case(guardrail_1="People complain loudly")
    told_of = Telling(vague, telling().check_in, (), PROGRAM, PEOPLE, telling().circ)
    assert told_of.measured["guardrail_1"].limit is None
    beyond = answering.within_bounds(told_of, "guardrail_1", False)
    assert [(e.kind, e.value) for e in beyond.events] == [("crossed", 1.0)]
    assert len(alerts(beyond)) == 4
    again = Telling(vague, check_in_of(beyond), beyond.events, PROGRAM, PEOPLE, telling().circ)
    within = answering.within_bounds(again, "guardrail_1", True)
    assert [(e.kind, e.value) for e in within.events] == [("crossed", 0.0)]
    assert not check_in_of(within).alerts
    limit = read_limit("more than 3 complaints")
    assert limit is not None
    given = answering.set_limit(told_of, "guardrail_1", limit)
    limited = Telling(vague, told_of.check_in, given.events, PROGRAM, PEOPLE, told_of.circ)
    assert limited.measured["guardrail_1"].limit == limit
    assert check_in_of(told(limited, [one("guardrail_1", 4)])).alerts


def test_what_comes_after_the_digest_is_marked_as_late() -> None:
    late = Telling(use_case(), telling().check_in, (), PROGRAM, PEOPLE, telling().circ, late=True)
    decision = told(late, [one("outcome", 6.2)])
    assert decision.events[0].late
    assert check_in_of(decision).late


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(
    figure=st.sampled_from([*BY_ID, "none"]),
    value=NUMBERS,
    of=st.none() | NUMBERS,
    last=st.floats(min_value=-1e6, max_value=1e6),
)
@settings(max_examples=examples(200), deadline=None)
def test_whatever_number_is_told_it_counts_or_is_questioned(
    figure: str, value: float, of: float | None, last: float
) -> None:
    known = told(telling(week=WEEK - timedelta(weeks=1)), [one(figure, last)], sure=True).events
    decision = told(telling(known), [one(figure, value, of)])
    counted = [e for e in decision.events if e.kind == figure]
    asked = [c for c in decision.changed if isinstance(c, CheckIn) and c.doubts]
    measured = {m.id for m in measured_in(use_case(), PROGRAM)}
    assert len(counted) + len(asked) == (1 if figure in measured else 0)
    assert bool(decision.entries) == bool(decision.events or decision.changed)
