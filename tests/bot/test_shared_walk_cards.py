"""Cards and forms of walks that are shared: within Slack's limits, and nothing typed comes alive."""

from __future__ import annotations

from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot import registry
from bot.registry import Scene
from bot.views.assignment import decline_form, item_form, who_form
from bot.views.form import form, helpers_form
from tests.bot.test_decision_cards import (
    NOW,
    PROGRAM,
    STAMP,
    USERS,
    assert_slack_shows,
    assert_slack_takes,
    often,
    texts,
)
from workflows.answers import Answer
from workflows.evidence import Check, Claim, Evidence
from workflows.ids import Place, QuestionId, Subject, UseCaseId, WalkId
from workflows.people import Directory, Person
from workflows.use_case import UseCase
from workflows.walk import Assignment, Origin, Talk, Walk

LISTS = [q.id for q in PROGRAM.questionnaires.values() if q.kind == "checklist"]
people = st.sampled_from(USERS)
evidence = st.builds(
    Evidence,
    kind=st.sampled_from(["text", "link", "file", "metric"]),
    text=texts,
    link=st.sampled_from(["", "https://wiki.northwind.example/a?b=c&d=<e>"]),
    name=texts,
    owner=people,
    at=st.just(NOW),
    expires_at=st.none() | st.just(NOW),
)
checks = st.builds(
    Check,
    state=st.sampled_from(["yes", "no", "na"]),
    reason=texts,
    evidence=st.lists(evidence, max_size=5).map(tuple),
)


class Shelf:
    """The stored state that these renderers read, in memory."""

    def __init__(self, walk: Walk, use_case: UseCase) -> None:
        self._walk, self._use_case = walk, use_case

    def walk(self, id: str) -> Walk:
        return self._walk

    def use_case(self, id: str) -> UseCase:
        return self._use_case

    def matters(self, model: Any, **more: Any) -> tuple[Any, ...]:
        return ()


@st.composite
def shared(draw: st.DrawFn) -> tuple[Walk, UseCase, Directory]:
    checklist = PROGRAM.questionnaires[draw(st.sampled_from(LISTS))]
    items = [q.id for q in checklist.questions()]
    answered = draw(st.dictionaries(st.sampled_from(items), st.tuples(checks, people), max_size=6))
    handed = draw(st.lists(st.tuples(st.sampled_from(items), people, people, texts), min_size=1, max_size=4))
    ends = ["", "answered", "declined", "handed_on", "taken_back"]
    assignments = []
    for n, (question, to, by, note) in enumerate(handed):
        ended = draw(st.sampled_from(ends))
        over = {"dropped_at": NOW, "ended": ended, "ended_by": to, "reason": note} if ended else {}
        made = Assignment(
            id=f"T{n}", question=question, to=to, by=by, via=draw(st.none() | people), at=NOW, note=note,
            due=draw(st.none() | st.just(NOW)),
        )  # fmt: skip
        assignments.append(made.model_copy(update=over))
    asking = draw(st.sampled_from(items))
    talk = Talk(user=USERS[1], place=Place(channel="D2", thread="2.2"), status="asking", asking=asking, ask=3)
    walk = Walk(
        id=WalkId("W-0001"),
        questionnaire=checklist.id,
        about=UseCaseId("UC-0001"),
        owner=USERS[0],
        place=Place(channel="D1", thread="1.1"),
        status=draw(st.sampled_from(["asking", "reviewing", "saved"])),
        answers={
            q: Answer(value=c.model_dump(mode="json"), how="said", by=by, at=NOW)
            for q, (c, by) in answered.items()
        },
        asking=asking,
        ask=2,
        claim=draw(st.none() | st.builds(Claim, state=st.sampled_from(["yes", "na", None]), reason=texts)),
        helpers=tuple(draw(st.sets(people, max_size=4))),
        assignments=tuple(assignments),
        talks=(talk,),
        origin=Origin(entry="message"),
        program=STAMP,
        started_at=NOW,
        touched_at=NOW,
    )
    use_case = UseCase(
        id=UseCaseId("UC-0001"), title=draw(texts), submitter=USERS[0], program=STAMP, created_at=NOW
    )
    directory = Directory(people={u: Person(id=u, name=draw(texts)[:80] or "?") for u in USERS})
    return walk, use_case, directory


def scene_of(made: tuple[Walk, UseCase, Directory]) -> Scene:
    walk, use_case, directory = made
    return Scene(
        reading=cast(Any, Shelf(walk, use_case)),
        program=PROGRAM,
        directory=directory,
        subject=Subject(type="walk", id=walk.id),
        now=NOW,
        settings=cast(Any, None),
        reader=USERS[0],
    )


@often
@given(shared(), texts)
def test_every_card_of_a_shared_walk_keeps_slacks_limits_and_holds_nothing_live(
    made: tuple[Walk, UseCase, Directory], words: str
) -> None:
    scene, walk = scene_of(made), made[0]
    for found in walk.assignments:
        for kind in ("assignment", "assignment_nudge"):
            assert_slack_takes(registry.RENDERERS[kind](scene, {"assignment": found.id}))
    for who in (None, USERS[1], USERS[5]):
        data: dict[str, Any] = {"who": who} if who else {}
        for kind in ("review", "summary", "nudge", "invitation"):
            assert_slack_takes(registry.RENDERERS[kind](scene, data))
        asked = {**data, "question": walk.asking, "noted": list(walk.answers), "correction": {"text": words}}
        for ask in (2, 3):
            assert_slack_takes(registry.RENDERERS["question"](scene, {**asked, "ask": ask}))
            assert_slack_takes(registry.RENDERERS["opening"](scene, {**asked, "ask": ask}))
    values = {"who": words, "label": words, "answer": words, "reason": words, "text": words, "title": words}
    for message in ("assignment_answered", "assignment_declined_why", "assignment_correction", "invited"):
        assert_slack_takes(registry.RENDERERS["said"](scene, {"message": message, "values": values}))


@often
@given(shared())
def test_every_form_of_a_shared_walk_keeps_slacks_limits(made: tuple[Walk, UseCase, Directory]) -> None:
    walk, _, directory = made
    questionnaire = PROGRAM.questionnaires[walk.questionnaire]
    assert_slack_shows(form(PROGRAM, walk, directory))
    assert_slack_shows(helpers_form(PROGRAM, walk))
    for question in questionnaire.questions():
        private = {"walk": str(walk.id), "item": str(question.id)}
        assert_slack_shows(form(PROGRAM, walk, directory, [question.id]))
        assert_slack_shows(item_form(PROGRAM, walk, question, directory, private))
        assert_slack_shows(item_form(PROGRAM, None, question, directory, private))
        assert_slack_shows(who_form(PROGRAM, question, private))
        assert_slack_shows(decline_form(question, private))


def test_the_card_of_a_list_says_who_gave_an_answer() -> None:
    check = Check(state="no", reason="the runbook is missing")
    answer = Answer(value=check.model_dump(mode="json"), how="said", by=USERS[2], at=NOW)
    checklist = PROGRAM.questionnaires[LISTS[0]]
    item = checklist.questions()[0]
    walk = Walk(
        id=WalkId("W-0001"), questionnaire=checklist.id, about=UseCaseId("UC-0001"), owner=USERS[0],
        answers={QuestionId(item.id): answer}, status="reviewing", origin=Origin(entry="form"),
        program=STAMP, started_at=NOW, touched_at=NOW,
    )  # fmt: skip
    use_case = UseCase(
        id=UseCaseId("UC-0001"), title="Notes", submitter=USERS[0], program=STAMP, created_at=NOW
    )
    directory = Directory(people={u: Person(id=u, name=f"Person {u}") for u in USERS})
    card = registry.RENDERERS["review"](scene_of((walk, use_case, directory)), {})
    assert "the runbook is missing _(Person U0002)_" in str(card.blocks)
