"""The review of the portfolio: what is proposed and why, who decides, and what follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.program.office import PROGRAM, answers
from tests.workflows.office import circ, posts, refusal
from workflows.dossier import Dossier
from workflows.ids import Place, ReviewId, UseCaseId, UserId
from workflows.people import Directory, Person
from workflows.portfolio import session, tasks
from workflows.portfolio.cadence import next_after, period_of
from workflows.portfolio.figures import figures, possible, proposed
from workflows.portfolio.minutes import minutes_of
from workflows.portfolio.policy import Cadence
from workflows.portfolio.session import Sitting
from workflows.portfolio_review import PortfolioReview, Verdict
from workflows.scoring import assess
from workflows.use_case import UseCase

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DANA, RUTH, VIC, SAM = (UserId(f"U0{n}") for n in ("DANA", "RUTH", "VIC", "SAM"))
DIRECTORY = Directory(
    people={
        u: Person(id=u, name=n, tz="Europe/London")
        for u, n in ((DANA, "Dana"), (RUTH, "Ruth"), (VIC, "Vic"), (SAM, "Sam"))
    },
    groups={"exec": (RUTH, VIC), "ai-program": (SAM,)},
)
OWNERS = ("business_owner", "technical_owner", "metric_owner", "risk_owner", "stop_authority")


def use_case(id: str = "UC-0001", stage: str = "production", **given: Any) -> UseCase:
    wanted = {
        "outcome_metric": "minutes",
        "outcome_target": 5.0,
        "outcome_by": "2027-03-01",
        "data_sensitivity": "internal",
        **dict.fromkeys(OWNERS, DANA),
        **given,
    }
    known = answers(**{k: v for k, v in wanted.items() if v is not None})
    return UseCase(
        id=UseCaseId(id),
        title=f"Case {id}",
        stage=stage,
        submitter=DANA,
        program=PROGRAM.stamp,
        answers=known,
        assessment=assess(PROGRAM, PROGRAM.intake, known),
        stage_since=NOW - timedelta(days=30),
        created_at=NOW,
    )


def proposal(dossier: Dossier, *past: PortfolioReview) -> tuple[str, str]:
    found = figures(dossier, past, PROGRAM, DIRECTORY, NOW)
    rule = proposed(found, dossier, PROGRAM)
    return rule.course, rule.because


def sitting(user: UserId, review: PortfolioReview, one: UseCase, **more: Any) -> Sitting:
    return Sitting(review, PROGRAM, DIRECTORY, circ(user, NOW), Dossier(use_case=one), **more)


def opened(*cases: UseCase) -> PortfolioReview:
    """A session about these, with its thread."""
    from workflows.effects import ToRoom

    queue = [c.id for c in cases]
    made = session.opened(
        ReviewId("PR-0001"), "2026-Q4", queue, PROGRAM, DIRECTORY, circ(SAM, NOW), ToRoom(name="x")
    )
    placed = session.placed(_review(made), Place(channel="C1", thread="1.1"))
    return _review(placed)


def _review(decision: Any) -> PortfolioReview:
    return next(a for a in decision.changed if isinstance(a, PortfolioReview))


def held(*courses: str) -> tuple[PortfolioReview, ...]:
    """Earlier reviews that took these courses for the use case, the newest first."""
    made = []
    for n, course in enumerate(courses):
        verdict = Verdict(
            use_case=UseCaseId("UC-0001"),
            course=course,
            proposed="retire",
            by=RUTH,
            at=NOW,  # type: ignore[arg-type]
        )
        made.append(
            PortfolioReview(
                id=ReviewId(f"PR-{n}"), period="x", status="closed", queue=(), verdicts=(verdict,),
                program=PROGRAM.stamp, opened_at=NOW,
            )
        )  # fmt: skip
    return tuple(made)


def test_without_a_measurable_outcome_it_is_proposed_for_archive_where_that_is_possible() -> None:
    vague = {"outcome_metric": None, "outcome_target": None}
    assert proposal(Dossier(use_case=use_case(stage="pilot", **vague)))[0] == "archive"
    assert proposal(Dossier(use_case=use_case(stage="production", **vague)))[0] == "retire"


@pytest.mark.parametrize(
    ("given", "course"),
    [
        ({}, "keep"),
        ({"outcome_by": "2026-10-01"}, "pause"),
        ({"risk_owner": None}, "tune"),
    ],
)
def test_proposals_come_by_rule(given: dict[str, Any], course: str) -> None:
    assert proposal(Dossier(use_case=use_case(**given)))[0] == course


def test_what_was_overruled_twice_comes_back_and_what_was_tuned_twice_ends_otherwise() -> None:
    dossier = Dossier(use_case=use_case())
    assert proposal(dossier, *held("keep", "keep"))[0] == "retire"
    assert proposal(dossier, *held("retire", "keep"))[0] == "keep"
    assert figures(dossier, held("tune", "tune"), PROGRAM, DIRECTORY, NOW).tunes == 2


def test_only_courses_that_the_life_cycle_permits_are_offered() -> None:
    able = {c.id for c in possible(Dossier(use_case=use_case(stage="production")), PROGRAM)}
    assert "retire" in able
    assert "archive" not in able


def test_scores_are_computed_anew_and_changes_are_named() -> None:
    one = use_case()
    assert one.assessment is not None
    cards = dict(one.assessment.scorecards)
    first, *rest = cards[PROGRAM.scorecard]
    other = 5 if first.value == 1 else first.value - 1
    cards[PROGRAM.scorecard] = (first.model_copy(update={"value": other}), *rest)
    aged = one.model_copy(update={"assessment": one.assessment.model_copy(update={"scorecards": cards})})
    found = figures(Dossier(use_case=aged), (), PROGRAM, DIRECTORY, NOW)
    assert [(c.before, c.now) for c in found.changes] == [(other, first.value)]


def test_nobody_decides_on_a_use_case_in_which_they_are_named() -> None:
    own = use_case(business_owner=RUTH)
    review = opened(own)
    assert refusal(session.decide(sitting(RUTH, review, own), "keep")) == "review_own"
    assert session.decide(sitting(VIC, review, own), "keep").changed


def test_whoever_does_not_sit_in_it_decides_nothing() -> None:
    one = use_case()
    assert refusal(session.decide(sitting(SAM, opened(one), one), "keep")) == "review_not_yours"


def test_two_at_once_give_one_decision_and_the_second_hears_of_it() -> None:
    one, two = use_case(), use_case("UC-0002")
    review = opened(one, two)
    first = session.decide(sitting(RUTH, review, one), "keep")
    second = session.decide(sitting(VIC, _review(first), one), "pause", "too late")
    assert refusal(second) == "review_decided_already"
    assert _review(first).on_the_table == two.id


def test_a_course_that_moves_it_needs_its_reason_and_goes_to_whoever_may() -> None:
    one = use_case(outcome_by="2026-10-01")
    review = opened(one)
    assert session.decide(sitting(RUTH, review, one), "pause", " ").problems
    decision = session.decide(sitting(RUTH, review, one), "pause", "no result")
    (task,) = _review(decision).tasks
    assert (task.owner, task.to, task.use_case) == (DANA, "paused", one.id)
    assert not any(isinstance(a, UseCase) for a in decision.changed)
    assert _review(decision).status == "closed"
    done = tasks.done(sitting(DANA, _review(decision), one, task=task))
    moved = next(a for a in done.changed if isinstance(a, UseCase))
    assert moved.stage == "paused"
    assert refusal(tasks.done(sitting(VIC, _review(decision), one, task=task))) == "action_not_yours"


def test_the_people_of_a_use_case_hear_of_it_and_the_room_gets_the_summary() -> None:
    one = use_case()
    decision = session.decide(sitting(RUTH, opened(one), one), "keep")
    assert {p.to.user for p in posts(decision, "portfolio_verdict")} == {DANA}
    assert posts(decision, "portfolio_summary")[0].to.place == Place(channel="C1")
    assert posts(decision, "portfolio_minutes")[0].to.place.thread == "1.1"


def test_minutes_name_every_decision_and_what_was_not_reached() -> None:
    one, two = use_case(), use_case("UC-0002")
    review = opened(one, two)
    decided = _review(session.decide(sitting(RUTH, review, one), "tune", "a | b"))
    closed = _review(session.closed(sitting(SAM, decided, one)))
    text = minutes_of(closed, {one.id: "One", two.id: "Two"}, PROGRAM, DIRECTORY)
    assert "| One (UC-0001) | Tune | Keep as it is | Ruth | a \\| b |" in text
    assert "- Two (UC-0002)" in text
    assert "- [ ] One: Make the improvement" in text


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-23T09:00", "2027-01-15T09:00"),
        ("2027-01-15T08:59", "2027-01-15T09:00"),
        ("2027-01-15T09:00", "2027-04-15T08:00"),
        ("2026-12-31T23:59", "2027-01-15T09:00"),
    ],
)
def test_it_comes_each_quarter_by_the_clock_on_the_wall(at: str, due: str) -> None:
    cadence = Cadence(months=(1, 4, 7, 10), day=15, at="09:00", zone="Europe/London")
    found = next_after(datetime.fromisoformat(at).replace(tzinfo=UTC), cadence)
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_a_period_is_a_quarter_where_the_company_is() -> None:
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert period_of(moment, "Europe/London") == "2026-Q4"
    assert period_of(moment, "Asia/Tokyo") == "2027-Q1"


def test_what_was_put_off_or_not_reached_comes_first_the_next_time() -> None:
    one, two, three = use_case(), use_case("UC-0002"), use_case("UC-0003")
    decided = _review(session.decide(sitting(RUTH, opened(one, two), one), "later", "no time"))
    closed = _review(session.closed(sitting(SAM, decided, one)))
    put_off = [
        figures(Dossier(use_case=u), (closed,), PROGRAM, DIRECTORY, NOW).put_off for u in (one, two, three)
    ]
    assert put_off == [True, True, False]
