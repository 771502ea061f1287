"""Results of assessments: from any answers, the same each time, and nothing in a file that cannot come up."""

from __future__ import annotations

import random

import pytest

from tests.program.office import PROGRAM
from tests.workflows.results import DANA, NOW, asked_with, at_random, found, given
from workflows.assessing import reads_result
from workflows.decision import Actor, Circumstances
from workflows.dossier import Dossier
from workflows.effects import Post, Refresh, ToPerson
from workflows.expressions import environment, holds
from workflows.ids import Place, UseCaseId, UserId, WalkId
from workflows.people import Directory, Person
from workflows.questions import Questionnaire
from workflows.result import MARKS
from workflows.results import NOT_SAID, assessments, finished, result_of, standing
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk

ENDING = [q for q in PROGRAM.questionnaires.values() if q.result]
ALL = list(PROGRAM.questionnaires.values())
PILOT = PROGRAM.questionnaires["pilot_diagnosis"]
VENDOR = PROGRAM.questionnaires["vendor_questions"]
_named = pytest.mark.parametrize("questionnaire", ENDING, ids=lambda q: q.id)


@pytest.mark.parametrize("questionnaire", ALL, ids=lambda q: q.id)
def test_any_answers_to_any_questionnaire_give_a_result_and_always_the_same(
    questionnaire: Questionnaire,
) -> None:
    rng = random.Random(7)
    for _ in range(150):
        answers = at_random(questionnaire, rng)
        result = result_of(questionnaire, answers, PROGRAM)
        assert result.headline.strip()
        assert result.mark in MARKS
        assert all(0 <= s.points <= s.of for s in result.sections)
        assert result == result_of(questionnaire, dict(reversed(answers.items())), PROGRAM)


@_named
def test_every_finding_and_every_headline_of_a_shipped_questionnaire_can_come_up(
    questionnaire: Questionnaire,
) -> None:
    rules = questionnaire.result
    assert rules is not None
    for finding in rules.findings:
        text = finding.text.split("{")[0]
        answers = found(
            questionnaire,
            finding.when,
            lambda a, text=text, mark=finding.mark: any(  # type: ignore[misc]
                f.text.startswith(text) and f.mark == mark
                for f in result_of(questionnaire, a, PROGRAM).findings
            ),
        )
        assert answers is not None, finding.text
    for headline in rules.headlines:
        answers = found(
            questionnaire,
            headline.when,
            lambda a, headline=headline: _headline(questionnaire, a) == headline.text,  # type: ignore[misc]
        )
        assert answers is not None, headline.text


def _headline(questionnaire: Questionnaire, answers: object) -> str:
    """The headline that holds, as its file has it."""
    rules = questionnaire.result
    assert rules is not None
    result = result_of(questionnaire, answers, PROGRAM)  # type: ignore[arg-type]
    env = environment(questionnaire, answers)  # type: ignore[arg-type]
    for section in result.sections:
        env[section.id] = section.level
        env[f"{section.id}_points"] = float(section.points)
    return next(h.text for h in rules.headlines if holds(h.when, env))


@_named
def test_every_level_of_every_section_can_come_up(questionnaire: Questionnaire) -> None:
    rules = questionnaire.result
    assert rules is not None
    for section in rules.sections:
        for level in rules.levels_of(section):
            condition = " || ".join(f"({p.when})" for p in section.points)
            reached = found(
                questionnaire,
                condition,
                lambda a, section=section, level=level: any(  # type: ignore[misc]
                    s.id == section.id and s.level == level.id
                    for s in result_of(questionnaire, a, PROGRAM).sections
                ),
            )
            assert reached is not None, (section.id, level.id)


@pytest.mark.parametrize("questionnaire", ALL, ids=lambda q: q.id)
def test_every_conditional_question_is_asked_for_some_answers(questionnaire: Questionnaire) -> None:
    for question in questionnaire.questions():
        if question.when != "true":
            assert asked_with(questionnaire, question) is not None, question.id


@pytest.mark.parametrize("questionnaire", assessments(PROGRAM).values(), ids=lambda q: q.id)
def test_an_assessment_has_few_questions_and_each_is_plain(questionnaire: Questionnaire) -> None:
    asked = [q for q in questionnaire.questions() if not q.quiet]
    if questionnaire.kind == "assessment":
        assert 6 <= len(asked) <= 15, len(asked)
    for question in asked:
        assert len(question.ask) <= 220, question.id
        assert question.ask.rstrip().endswith(("?", "please.", "first.", "fine.")), question.ask


def test_answers_stand_in_the_sentences_and_what_nobody_said_is_said_so() -> None:
    told = given(vendor_name="Contoso", training="allowed")
    assert result_of(VENDOR, told, PROGRAM).headline.startswith("Contoso may learn from what you send.")
    unsaid = given(training="allowed")
    assert result_of(VENDOR, unsaid, PROGRAM).headline.startswith(NOT_SAID)


def test_an_answer_to_a_question_that_is_not_asked_does_not_count() -> None:
    copies = given(data_supply="copies", data_watched=True)
    data = result_of(PILOT, copies, PROGRAM).sections[0]
    assert data.because == ("it lives on copies made by hand",)


def test_the_gravest_finding_stands_first_and_gives_the_mark() -> None:
    result = result_of(PILOT, given(access="personal", stops="unknown"), PROGRAM)
    assert result.mark == "stop"
    assert result.findings[0].mark == "stop"


# ---------------------------------------------------------------- what follows

CIRC = Circumstances(now=NOW, actor=Actor(user=DANA, door="button"), program=PROGRAM.stamp)
USE_CASE = UseCase(
    id=UseCaseId("UC-0001"),
    title="Claims notes",
    stage="pilot",
    submitter=UserId("U0MO"),
    program=PROGRAM.stamp,
    created_at=NOW,
    home=Place(channel="C0CLAIMS", thread="1.1"),
)


def walked(**values: object) -> Walk:
    return Walk(
        id=WalkId("W-0001"),
        questionnaire="pilot_diagnosis",
        about=USE_CASE.id,
        owner=DANA,
        place=Place(channel="D0DANA", thread="2.2"),
        status="reviewing",
        answers=given(**values),
        origin=Origin(entry="command"),
        program=PROGRAM.stamp,
        started_at=NOW,
        touched_at=NOW,
    )


def test_a_finished_walk_keeps_its_result_shows_it_and_tells_whoever_submitted_the_use_case() -> None:
    decision = finished(walked(access="own"), USE_CASE, PROGRAM, Directory(), CIRC)
    (walk,) = decision.changed
    assert isinstance(walk, Walk)
    assert walk.status == "submitted"
    assert walk.result is not None
    assert walk.result.at == NOW
    assert walk.result.expires_at is not None
    posts = [e for e in decision.effects if isinstance(e, Post)]
    assert [p.kind for p in posts] == ["result", "result"]
    assert posts[1].to == ToPerson(user=UserId("U0MO")), "never into a channel's thread"
    assert Refresh(subject=USE_CASE.subject) in decision.effects


def test_a_result_is_read_by_who_took_part_who_reads_the_record_and_the_program_team() -> None:
    lee, sam, eve, left = (UserId(u) for u in ("U0LEE", "U0SAM", "U0EVE", "U0LEFT"))
    people = {u: Person(id=u, name=u, active=u != left) for u in (DANA, UserId("U0MO"), lee, sam, eve, left)}
    directory = Directory(people=people, groups={"ai-program": (sam,)})
    about_it = walked(access="own").model_copy(update={"helpers": (lee, left)})

    def readers(walk: Walk, use_case: UseCase | None) -> set[str]:
        return {u for u in people if reads_result(u, walk, use_case, None, PROGRAM, directory, NOW)}

    assert readers(about_it, USE_CASE) - {sam} == {DANA, lee, "U0MO"}, "never for whoever left"
    assert readers(about_it.model_copy(update={"about": UseCaseId("")}), None) == {DANA, lee, sam}
    assert not reads_result(None, about_it, USE_CASE, None, PROGRAM, directory, NOW), "never for a channel"


def test_an_assessment_that_is_demanded_is_missing_open_done_stopped_or_run_out() -> None:
    def stands(*walks: Walk) -> str:
        return standing(Dossier(use_case=USE_CASE, walks=walks), "pilot_diagnosis", NOW)

    assert stands() == "missing"
    assert stands(walked(access="own")) == "open"
    assert stands(walked().model_copy(update={"status": "cancelled"})) == "missing"
    well = walked(access="own", data_supply="contract", owners_stay="named")
    (good,) = finished(well, USE_CASE, PROGRAM, Directory(), CIRC).changed
    (bad,) = finished(walked(access="personal"), USE_CASE, PROGRAM, Directory(), CIRC).changed
    assert isinstance(good, Walk)
    assert isinstance(bad, Walk)
    assert stands(good) == "done"
    assert stands(bad) == "stop"
    assert good.result is not None
    old = good.result.model_copy(update={"expires_at": NOW})
    assert stands(good.model_copy(update={"result": old})) == "expired"
