"""Results, assessments and evaluations keep Slack's limits and hold nothing live, whatever is in them."""

from __future__ import annotations

import random
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot import registry
from bot.registry import Scene
from bot.views.assessments import choose_form
from bot.views.result import answers_view
from tests.bot.test_decision_cards import (
    NOW,
    PROGRAM,
    STAMP,
    USERS,
    assert_slack_shows,
    assert_slack_takes,
    long_texts,
    often,
    texts,
)
from tests.workflows.results import at_random
from workflows.dossier import Dossier
from workflows.ids import Place, Subject, UseCaseId, WalkId
from workflows.people import Directory, Person
from workflows.results import assessments, result_of
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk

IDS = sorted(assessments(PROGRAM))


class Shelf:
    """The stored state that these renderers read, in memory."""

    def __init__(self, walk: Walk, use_case: UseCase) -> None:
        self.kept = (walk, use_case)

    def walk(self, id: str) -> Walk:
        return self.kept[0]

    def use_case(self, id: str) -> UseCase:
        return self.kept[1]

    def approval_of(self, id: str) -> None:
        return None

    def walks_about(self, use_case: str) -> tuple[Walk, ...]:
        return tuple(self.kept[0].model_copy(update={"id": WalkId(f"W-{n}")}) for n in range(12))

    def use_cases_of(self, user: str) -> tuple[UseCase, ...]:
        return tuple(self.kept[1].model_copy(update={"id": UseCaseId(f"UC-{n}")}) for n in range(12))

    def dossier(self, id: str) -> Dossier:
        return Dossier(use_case=self.kept[1], walks=(self.kept[0],))


@st.composite
def walked(draw: st.DrawFn) -> tuple[Walk, UseCase, Directory]:
    people = {u: Person(id=u, name=draw(texts)[:80] or "?") for u in USERS}
    form = PROGRAM.questionnaires[draw(st.sampled_from(IDS))]
    answers = at_random(form, random.Random(draw(st.integers(0, 10_000))))
    said = draw(long_texts)[:3000] or "?"
    wordy = {q.id for q in form.questions() if q.type in ("short_text", "long_text")}
    answers = {q: a.model_copy(update={"value": said}) if q in wordy else a for q, a in answers.items()}
    use_case = UseCase(
        id=UseCaseId("UC-0001"),
        title=draw(texts)[:300],
        stage="pilot",
        submitter=USERS[0],
        program=STAMP,
        created_at=NOW,
    )
    result = result_of(form, answers, PROGRAM, Directory(people=people))
    walk = Walk(
        id=WalkId("W-0001"),
        questionnaire=form.id,
        about=UseCaseId("UC-0001") if form.about == "use_case" else UseCaseId(""),
        owner=USERS[0],
        place=Place(channel="D1", thread="1.1"),
        status="submitted",
        answers=answers,
        origin=Origin(entry="command"),
        program=STAMP,
        started_at=NOW,
        touched_at=NOW,
        result=result.model_copy(update={"at": NOW, "expires_at": NOW}),
    )
    return walk, use_case, Directory(people=people)


def scene(found: tuple[Walk, UseCase, Directory], about: str) -> Scene:
    walk, use_case, directory = found
    ids = {"walk": walk.id, "use_case": use_case.id, "person": USERS[0]}
    return Scene(
        reading=cast(Any, Shelf(walk, use_case)),
        program=PROGRAM,
        directory=directory,
        subject=Subject(type=cast(Any, about), id=ids[about]),
        now=NOW,
        settings=cast(Any, None),
        reader=USERS[0],
    )


@often
@given(walked(), texts)
def test_every_card_of_assessments_is_one_that_slack_takes(
    found: tuple[Walk, UseCase, Directory], words: str
) -> None:
    registry.load()
    draws = registry.RENDERERS
    assert_slack_takes(draws["result"](scene(found, "walk"), {}))
    assert_slack_takes(draws["evaluation"](scene(found, "use_case"), {}))
    assert_slack_takes(draws["assessments"](scene(found, "person"), {"unknown": words[:80]}))
    assert_slack_takes(draws["assess_offer"](scene(found, "use_case"), {"questionnaires": IDS}))
    which = {"questionnaire": IDS[0], "named": words[:120]}
    assert_slack_takes(draws["assess_which"](scene(found, "person"), which))


@often
@given(walked())
def test_every_form_of_assessments_is_one_that_slack_shows(found: tuple[Walk, UseCase, Directory]) -> None:
    assert_slack_shows(answers_view(scene(found, "walk"), found[0]))
    form = PROGRAM.questionnaires[found[0].questionnaire]
    assert_slack_shows(choose_form(PROGRAM, form, [found[1]] * 120, "{}"))
