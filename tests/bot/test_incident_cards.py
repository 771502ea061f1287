"""Whatever people write, cards and forms of incidents and of the portfolio review keep Slack's limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot import registry
from bot.registry import Scene
from bot.views import incident_forms
from tests.bot.test_decision_cards import (
    NOW,
    PROGRAM,
    USERS,
    assert_slack_shows,
    assert_slack_takes,
    cases,
    long_texts,
    moments,
    often,
    texts,
    users,
)
from workflows.dossier import Dossier
from workflows.ids import IncidentId, ReleaseId, ReviewId, Subject, UserId
from workflows.incident import Incident, Quoted
from workflows.matter import Action, Note
from workflows.portfolio_review import PortfolioReview, Task, Verdict
from workflows.release import Parts, Release

SAID = ("opened", "joined", "took", "led_by", "note", "update", "dismissed", "escalated", "action_not_needed")


class Shelf:
    """The stored state a renderer reads, in memory."""

    def __init__(self, use_case: Any, *kept: Any) -> None:
        self.case = use_case
        self.kept = kept

    def get(self, model: type[Any], id: str) -> Any:
        return next((k for k in self.kept if isinstance(k, model)), None)

    def matters(self, model: type[Any], **_: Any) -> tuple[Any, ...]:
        found = [k for k in self.kept if isinstance(k, model)]
        return tuple(k.model_copy(update={"id": f"{k.id}{n}"}) for n in range(30) for k in found)

    def use_case(self, id: str) -> Any:
        return self.case

    def titles(self, ids: Any) -> dict[Any, str]:
        return {id: self.case.title or id for id in ids}

    def dossier(self, id: str) -> Dossier:
        return Dossier(use_case=self.case, incidents=tuple(k for k in self.kept if isinstance(k, Incident)))


@st.composite
def bad_days(draw: st.DrawFn) -> tuple[Any, Incident, Release, PortfolioReview, Any]:
    use_case, _, directory = draw(cases())
    timeline = tuple(
        Note(at=draw(moments), by=draw(st.none() | users), what=draw(st.sampled_from(SAID)), text=draw(texts))
        for _ in range(draw(st.integers(1, 9)))
    )
    actions = tuple(
        Action(
            id=f"T{n}",
            text=draw(texts),
            owner=draw(users),
            by=USERS[1],
            at=NOW,
            due=draw(st.none() | moments),
            not_needed=draw(st.just("") | texts),
            **draw(st.sampled_from([{}, {"done_at": NOW, "done_by": USERS[2]}, {"dropped_at": NOW}])),
        )
        for n in range(1, 4)
    )
    status = draw(st.sampled_from(["open", "mitigated", "recovered", "reviewed", "closed", "dismissed"]))
    incident = Incident(
        id=IncidentId("INC-0001"),
        use_case=use_case.id,
        status=status,
        type=draw(st.sampled_from(["breach", "gone"])),
        severity=draw(st.sampled_from(["critical", "low", "gone"])),
        what=draw(texts),
        reporter=USERS[3],
        owner=draw(st.none() | users),
        quoted=draw(st.none() | st.builds(Quoted, text=texts, link=st.just("https://x.example/p1"))),
        opened_at=NOW,
        began_at=NOW - timedelta(hours=draw(st.integers(0, 300))),
        recovered_at=None if status in ("open", "mitigated") else NOW + timedelta(days=3),
        review_wanted=draw(st.booleans()),
        actions=actions,
        timeline=timeline,
    )
    release = Release(
        id=ReleaseId("RL-0001"),
        use_case=use_case.id,
        version=draw(texts)[:80],
        status="live",
        parts=Parts(),
        changed="x",
        why="x",
        impact="x",
        program=PROGRAM.stamp,
        proposed_by=USERS[1],
        replaces=ReleaseId("RL-0001"),
        opened_at=NOW,
    )
    verdict = Verdict(
        use_case=use_case.id,
        course="pause",
        proposed=draw(st.sampled_from(["pause", "keep"])),
        reason=draw(texts)[:1000],
        by=USERS[4],
        at=NOW,
    )
    task = Task(id="T1", text=draw(texts), owner=USERS[5], by=USERS[4], at=NOW, due=NOW, use_case=use_case.id)
    decided = draw(st.booleans())
    review = PortfolioReview(
        id=ReviewId("PR-0001"),
        period="2026-Q4",
        status="closed" if decided else "open",
        queue=(use_case.id,),
        verdicts=(verdict,) if decided else (),
        tasks=(task.model_copy(update={"note": draw(texts)}),),
        members=USERS[:6],
        program=PROGRAM.stamp,
        opened_at=NOW,
    )
    return use_case, incident, release, review, directory


def scene_of(made: Any, reader: UserId | None, kind: str) -> Scene:
    use_case, incident, release, review, directory = made
    subject = review.subject if kind == "review" else incident.subject
    return Scene(
        reading=cast(Any, Shelf(use_case, incident, release, review)),
        program=PROGRAM,
        directory=directory,
        subject=subject if kind != "person" else Subject(type="person", id=reader or USERS[1]),
        now=NOW,
        settings=cast(Any, None),
        reader=reader,
    )


@often
@given(bad_days(), st.none() | users)
def test_every_message_of_an_incident_keeps_slacks_limits_and_holds_nothing_live(
    made: Any, reader: UserId | None
) -> None:
    scene = scene_of(made, reader, "incident")
    for kind, data in (
        ("incident", {}),
        ("incident_untaken", {}),
        ("incident_update_due", {}),
        ("incident_update", {"note": 0}),
        ("incident_review", {}),
        ("incident_reviewed", {}),
        ("incident_note_offer", {"text": "x" * 5000}),
        ("action", {"action": "T1"}),
        ("action_drop", {"action": "T2"}),
        ("action_reminder", {"action": "T3", "when": "overdue"}),
    ):
        assert_slack_takes(registry.RENDERERS[kind](scene, data))
    assert_slack_takes(registry.RENDERERS["incidents"](scene_of(made, reader, "person"), {}))


@often
@given(bad_days(), st.none() | users)
def test_every_message_of_the_portfolio_review_does_so_too(made: Any, reader: UserId | None) -> None:
    scene, use_case = scene_of(made, reader, "review"), made[0]
    for kind, data in (
        ("portfolio", {}),
        ("portfolio_item", {"use_case": use_case.id}),
        ("portfolio_task", {"task": "T1"}),
        ("portfolio_task_late", {"task": "T1"}),
        ("portfolio_go_on", {}),
        ("portfolio_summary", {}),
        ("portfolio_minutes", {}),
    ):
        assert_slack_takes(registry.RENDERERS[kind](scene, data))


@often
@given(bad_days(), long_texts, texts)
def test_every_form_of_an_incident_opens_whatever_was_written(made: Any, said: str, quote: str) -> None:
    _, incident, _, _, directory = made
    scene = scene_of(made, USERS[1], "incident")
    choices = [(f"UC-{n:04}", quote or f"UC-{n:04}") for n in range(150)]
    quoted = Quoted(text=said, author=USERS[2], link="https://x.example/p1", channel="C1", ts="1.1")
    template = PROGRAM.incidents.messages[0]
    for view in (
        incident_forms.report_form(PROGRAM, directory, choices, guess="UC-0003", quoted=quoted, said=said),
        incident_forms.report_form(PROGRAM, directory, [], said=said),
        incident_forms.change_form(scene, incident, choices),
        incident_forms.update_form(scene, incident, template, said, "Goes to: nobody"),
        incident_forms.timeline_view(scene, incident),
        incident_forms.more_time_form(scene, incident, incident.actions[0]),
        incident_forms.not_needed_form(scene, incident, incident.actions[0]),
        incident_forms.note_form(scene, incident),
    ):
        assert_slack_shows(view)
