"""Feedback, learning, declared tools: themes, progress, small groups, what is the same; the rules alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.program.office import PROGRAM
from workflows.decision import Actor, Circumstances
from workflows.declaring.declare import Told, declared, same_as
from workflows.feedback import Feedback
from workflows.ids import FeedbackId, UseCaseId, UserId
from workflows.learning.counting import counts
from workflows.learning.learner import Learner, ModuleDone
from workflows.learning.studying import (
    Study,
    answered,
    beginner,
    chosen,
    meant_for,
    nudge_due,
    paths_of,
    progress,
)
from workflows.listening.giving import Around, Noticed, given
from workflows.listening.themes import most_frequent, recurring, themes_in
from workflows.people import Directory, Person
from workflows.use_case import UseCase
from workflows.words.feedback import read_feedback

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PATH = PROGRAM.learning.paths[0]
PEOPLE = tuple(UserId(f"U{n}") for n in range(7))
DIRECTORY = Directory(
    people={u: Person(id=u, name=f"Person {u}") for u in PEOPLE},
    groups={"fn-claims": PEOPLE, "fn-service": PEOPLE[:2], "ai-program": PEOPLE[:1]},
)


def circ(user: str = "U1", now: datetime = NOW) -> Circumstances:
    return Circumstances(now=now, actor=Actor(user=UserId(user), door="button"), program=PROGRAM.stamp)


def one(number: int, theme: str, days_ago: int, use_case: str = "UC-0001") -> Feedback:
    return Feedback(
        id=FeedbackId(f"FB-{number:04}"),
        opened_at=NOW - timedelta(days=days_ago),
        use_case=UseCaseId(use_case),
        text="It was so.",
        themes=(theme,),
    )


def finished(user: UserId) -> Learner:
    done = tuple(ModuleDone(path=PATH.id, module=m.id, at=NOW) for m in PATH.modules)
    return beginner(user, NOW).model_copy(update={"done": done})


@pytest.mark.parametrize(
    ("said", "about", "what"),
    [
        ("feedback on the chat wrap-up: it makes names up", "the chat wrap-up", "it makes names up"),
        ("I'd like to give feedback", "", ""),
        ("Here is some feedback about Triage - it is slow", "Triage", "it is slow"),
        ("feedback: too many clicks", "", "too many clicks"),
    ],
)
def test_words_that_give_feedback(said: str, about: str, what: str) -> None:
    assert read_feedback(said) == (about, what)


@pytest.mark.parametrize("said", ["who reads the feedback?", "my manager gave me feedback yesterday", "feed"])
def test_words_that_give_none(said: str) -> None:
    assert read_feedback(said) is None


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("It makes names up", ("wrong",)),
        ("it INVENTED a policy, and takes forever", ("wrong", "slow")),
        ("I don’t know how to use it", ("unclear",)),
        ("the downstream team is fine with it", ()),
    ],
)
def test_themes_are_found_by_whole_words_and_beginnings(text: str, themes: tuple[str, ...]) -> None:
    assert themes_in(text, PROGRAM.feedback) == themes


def test_a_theme_recurs_only_within_its_days_and_its_use_case() -> None:
    same = [one(n, "wrong", days_ago=n) for n in range(1, 6)]
    others = [one(7, "wrong", 40), one(8, "wrong", 1, "UC-0002"), one(9, "slow", 1)]
    assert recurring([*same[:4], *others], PROGRAM.feedback, NOW) == ()
    assert recurring([*same, *others], PROGRAM.feedback, NOW) == (("UC-0001", "wrong", 5),)
    assert most_frequent([*same, *others], PROGRAM.feedback, NOW)[0] == ("wrong", 6)


def test_what_has_no_name_holds_no_name_anywhere() -> None:
    around = Around(None, (), PROGRAM, DIRECTORY, circ("UBOT"))
    decision = given(FeedbackId("FB-0001"), Noticed(text="It is rude."), around)
    assert "U5" not in decision.model_dump_json()
    (kept,) = (a for a in decision.changed if isinstance(a, Feedback))
    assert kept.said_by is None
    assert decision.events[0].person is None
    assert decision.events[0].by is None


def test_only_the_right_answer_counts_and_it_counts_once() -> None:
    module = PATH.modules[0]
    right = next(n for n, c in enumerate(module.check.choices) if c.right)
    study = Study(beginner(UserId("U1"), NOW), PROGRAM, DIRECTORY, circ())
    wrong = answered(study, PATH.id, module.id, (right + 1) % len(module.check.choices))
    assert wrong.changed == ()
    assert wrong.problems["choice"]
    done = answered(study, PATH.id, module.id, right)
    (learner,) = (a for a in done.changed if isinstance(a, Learner))
    assert progress(learner, PATH, NOW).done == 1
    again = answered(Study(learner, PROGRAM, DIRECTORY, circ()), PATH.id, module.id, right)
    assert again.events == ()


def test_what_lapses_is_to_be_done_again_and_the_rest_is_not() -> None:
    learner = finished(UserId("U1"))
    assert progress(learner, PATH, NOW).finished
    later = progress(learner, PATH, NOW + timedelta(days=366))
    assert later.of - later.done == sum(m.again_after_days is not None for m in PATH.modules)


def test_nobody_is_nudged_more_often_than_the_program_says() -> None:
    learner = beginner(UserId("U1"), NOW)
    first = nudge_due(Study(learner, PROGRAM, DIRECTORY, circ()), PATH.id)
    (nudged,) = (a for a in first.changed if isinstance(a, Learner))
    assert nudge_due(Study(nudged, PROGRAM, DIRECTORY, circ()), PATH.id).effects == ()


def test_counts_leave_out_groups_that_are_too_small() -> None:
    learners = {u: finished(u) for u in PEOPLE[:3]}
    large = next(c for c in counts("claims", learners, PROGRAM, DIRECTORY, NOW) if c.path == PATH.id)
    small = next(c for c in counts("service", learners, PROGRAM, DIRECTORY, NOW) if c.path == PATH.id)
    assert (large.finished, large.people) == (3, 7)
    assert small.finished is None


def test_the_same_tool_for_the_same_thing_is_one_entry() -> None:
    told = Told(tool="ChatGPT", what="translating letters from brokers")
    decision = declared(UseCaseId("UC-0001"), told, False, PROGRAM, DIRECTORY, circ())
    (entry,) = (a for a in decision.changed if isinstance(a, UseCase))
    assert entry.stage == PROGRAM.life_cycle.declaring.stage
    assert same_as(Told(tool="chatgpt", what="letters of brokers"), [entry], PROGRAM) == entry
    assert same_as(Told(tool="ChatGPT", what="minutes of meetings"), [entry], PROGRAM) is None
    assert same_as(Told(tool="DeepL", what="translating letters from brokers"), [entry], PROGRAM) is None
    short = entry.model_copy(update={"title": entry.title.replace("ChatGPT", "o1")})
    assert same_as(Told(tool="o1", what="letters of brokers"), [short], PROGRAM) == short
    assert same_as(Told(tool="o3", what="letters of brokers"), [short], PROGRAM) is None


def test_what_is_nearest_to_ones_work_is_to_be_learned_first() -> None:
    user = UserId("U0CFO")
    people = Directory(
        people={user: Person(id=user, name="A chief of finance")},
        groups={"fn-finance": (user,), "exec": (user,)},
    )
    assert meant_for(user, PROGRAM, people) == ("executive", "frontline")
    learner = beginner(user, NOW)
    (changed,) = chosen(Study(learner, PROGRAM, people, circ(user)), "builder").changed
    assert isinstance(changed, Learner)
    assert [p.id for p in paths_of(changed, PROGRAM, people)] == ["executive", "frontline", "builder"]
