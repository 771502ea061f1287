"""Whatever people write and tell, cards and forms of check-ins and figures keep Slack's limits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot import registry
from bot.registry import Scene
from bot.views import check_in as views
from bot.views.figures import _words as words_of_alert
from bot.views.figures_file import file_form
from tests.bot.test_decision_cards import (
    NOW,
    PROGRAM,
    USERS,
    assert_slack_shows,
    assert_slack_takes,
    cases,
    often,
    texts,
    users,
)
from workflows.answers import Answer
from workflows.events import Event
from workflows.figures.catalogue import FIGURES
from workflows.figures.check_in import Alert, Amount, CheckIn, Doubt, Told
from workflows.figures.measured import Measured
from workflows.ids import CheckInId, QuestionId, Subject, UserId

WEEK = date(2026, 11, 16)
OWN = ("outcome_metric", "outcome_unit", "north_star", "guardrail_1", "guardrail_1_action", "guardrail_2")
BECAUSE = ("negative", "part", "percent", "bounds", "unit", "jump", "first", "whole", "guessed", "of_what")
NUMBERS = st.floats(min_value=-1e12, max_value=1e12)


class Shelf:
    """The stored state a renderer reads, in memory."""

    def __init__(self, use_case: Any, check_in: CheckIn, events: tuple[Event, ...]) -> None:
        self.case = use_case
        self.check_in = check_in
        self.events = events

    def get(self, model: type[Any], id: str) -> Any:
        return self.check_in if model is CheckIn else None

    def matters(self, model: type[Any], **_: Any) -> tuple[Any, ...]:
        many = (self.check_in.model_copy(update={"id": f"CI-{n:04}"}) for n in range(30))
        return tuple(many) if model is CheckIn else ()

    def use_case(self, id: str) -> Any:
        return self.case

    def figures_of(self, use_case: str, since: date | None = None) -> tuple[Event, ...]:
        return self.events


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Any, CheckIn, tuple[Event, ...], Any]:
    use_case, _, directory = draw(cases())
    own = {
        QuestionId(q): Answer(value=draw(texts), how="form", by=USERS[0], at=NOW)
        for q in OWN
        if draw(st.booleans())
    }
    use_case = use_case.model_copy(update={"answers": {**use_case.answers, **own}})
    told = [
        Told(
            figure=draw(st.sampled_from([f.id for f in FIGURES])),
            value=draw(NUMBERS),
            of=draw(st.none() | NUMBERS),
            by=draw(users),
            at=NOW,
            note=draw(texts)[:200],
        )
        for _ in range(draw(st.integers(1, 12)))
    ]
    told = list({one.figure: one for one in told}.values())
    doubts = [
        Doubt(
            told=one,
            because=draw(st.sampled_from(BECAUSE)),
            last=draw(st.none() | NUMBERS),
            instead=(Amount(value=draw(NUMBERS)), Amount(value=1, of=2)),
            possible=draw(st.booleans()),
        )
        for one in told[: draw(st.integers(0, 12))]
    ]
    alerts = [
        Alert(
            figure=f"guardrail_{n}",
            value=draw(st.none() | NUMBERS),
            since=WEEK,
            weeks=draw(st.integers(1, 30)),
            at=NOW,
            to=USERS[:2],
            **draw(st.sampled_from([{}, {"answer": "not", "reason": "y" * 1000, "by": USERS[1]}])),
        )
        for n in (1, 2)
        if draw(st.booleans())
    ]
    check_in = CheckIn(
        id=CheckInId("CI-0001"),
        use_case=use_case.id,
        status=draw(st.sampled_from(["asked", "doubted", "told", "unchanged", "missed", "off"])),
        week=WEEK,
        owner=draw(users),
        opened_at=NOW,
        figures=tuple(told),
        doubts=tuple(doubts),
        alerts=tuple(alerts),
        late=draw(st.booleans()),
    )
    events = tuple(
        Event(
            key=f"{f.id}/{n}",
            kind=f.id,
            at=NOW,
            week=WEEK - timedelta(weeks=n),
            use_case=use_case.id,
            value=draw(NUMBERS),
            of=draw(st.none() | NUMBERS),
            received_at=NOW,
            late=draw(st.booleans()),
        )
        for f in FIGURES
        for n in range(draw(st.integers(0, 3)))
    )
    return use_case, check_in, events, directory


def scene_of(made: Any, reader: UserId | None, subject: Subject) -> Scene:
    use_case, check_in, events, directory = made
    return Scene(
        reading=cast(Any, Shelf(use_case, check_in, events)),
        program=PROGRAM,
        directory=directory,
        subject=subject,
        now=NOW,
        settings=cast(Any, None),
        reader=reader,
    )


@often
@given(weeks(), st.none() | users)
def test_every_message_about_figures_keeps_slacks_limits_and_holds_nothing_live(
    made: Any, reader: UserId | None
) -> None:
    use_case, check_in = made[0], made[1]
    week = {"week": WEEK.isoformat(), "ids": ["CI-0001"]}
    person = Subject(type="person", id=check_in.owner)
    for kind, subject, data in (
        ("check_in", person, week),
        ("check_in_nudge", person, week),
        ("check_in_passed", check_in.subject, {"by": USERS[1]}),
        ("figures_noted", check_in.subject, {"figures": ["cost"], "same": False}),
        ("figures_noted", check_in.subject, {"figures": [], "same": True}),
        ("figure_doubts", check_in.subject, {}),
        ("guardrail", check_in.subject, {}),
        ("guardrail_over", check_in.subject, {"figure": "guardrail_1"}),
        ("figures", use_case.subject, {}),
    ):
        assert_slack_takes(registry.RENDERERS[kind](scene_of(made, reader, subject), data))


@often
@given(weeks(), texts)
def test_every_form_and_report_does_so_too(made: Any, text: str) -> None:
    use_case, check_in = made[0], made[1]
    scene = scene_of(made, USERS[0], check_in.subject)
    assert_slack_shows(views.give_form(scene, check_in, use_case))
    assert_slack_shows(views.why_form(scene, check_in, "guardrail_1", use_case))
    assert_slack_shows(file_form(PROGRAM, [text] * 10))
    report = {"name": text, "rows": 5000, "counts": 1, "doubted": 2, "known": 3, "refused": 4}
    data = {**report, "file": "F1", "digest": "0" * 32, "faults": [[2, "x"]] * 40, "unread": [text] * 40}
    person = Subject(type="person", id=USERS[0])
    for kind in ("figures_preview", "figures_taken"):
        assert_slack_takes(registry.RENDERERS[kind](scene_of(made, USERS[0], person), data))


def test_long_words_of_a_guardrail_fit_the_button_that_reports_an_incident() -> None:
    kind = next(f for f in FIGURES if f.id == "guardrail_1")
    long = Measured(kind, "Wrong", limit_words="never invent a figure " * 200)
    nothing = cast(Scene, None)  # without a number the words alone are told
    assert len(words_of_alert(nothing, long, None)) <= 1500
