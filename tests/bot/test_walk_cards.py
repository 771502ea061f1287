"""Every message and form of a walk keeps Slack's limits and holds nothing live, whatever people wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, StaticPool, create_engine

from bot import registry
from bot.registry import Scene
from bot.views.form import filled_in, form, start
from storage import corpus
from storage.corpus import Document, Passage
from storage.schema import Table
from tests.bot.shelves import listed
from tests.bot.test_decision_cards import (
    NOW,
    PROGRAM,
    STAMP,
    USERS,
    answers,
    assert_slack_shows,
    assert_slack_takes,
    long_texts,
    often,
    texts,
)
from workflows.approval import Approval
from workflows.ids import Place, QuestionId, Subject, UseCaseId, UserId, WalkId
from workflows.people import Directory, Person
from workflows.portfolio.listing import Page
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk

QUESTIONS = [q.id for q in PROGRAM.intake.questions()]


WILD = "<!channel> <@U0DANA> *bold* [link](https://evil.example) \u202e & <https://evil.example|click> " * 60


def playbook() -> Connection:
    """A corpus in which every reason of the intake finds its section, and wild words in it."""
    connection = create_engine("sqlite://", poolclass=StaticPool).connect()
    Table.metadata.create_all(connection)
    sources = {
        (q.why.source.document, q.why.source.section, q.why.source.begins)
        for q in PROGRAM.intake.questions()
        if q.why and q.why.source
    }
    for path in sorted({document for document, _, _ in sources}):
        text, passages = "", []
        for _, section, begins in sorted(s for s in sources if s[0] == path):
            said = f"{begins} {WILD}\n\n"
            passages.append(Passage(section, len(text), len(text) + len(said), (), said))
            text += said
        made = Document("playbook", path, "", "", 0, 0, path, text, passages=tuple(passages))
        corpus.put(connection, made, NOW)
    return connection


CORPUS = playbook()


class Shelf:
    """The stored state that the renderers of a walk read, in memory."""

    connection = CORPUS

    def __init__(self, walk: Walk, use_case: UseCase) -> None:
        self.kept = (walk, use_case)

    def walk(self, id: str) -> Walk:
        return self.kept[0]

    def use_case(self, id: str) -> UseCase:
        return self.kept[1]

    def get(self, model: type[Any], id: str) -> Any:
        return next((one for one in self.kept if isinstance(one, model)), None)

    def portfolio(self, *_: Any, **__: Any) -> Page:
        return listed(self.use_cases_of(""))

    def approval_of(self, id: str) -> None:
        return None

    def walks_about(self, id: str) -> tuple[()]:
        return ()

    def matters(self, *_: Any, **__: Any) -> tuple[()]:
        return ()

    def contracts_of(self, *_: Any, **__: Any) -> tuple[()]:
        return ()

    def dossier(self, id: str) -> None:
        return None

    def newest_approvals(self, use_cases: Iterable[UseCaseId]) -> dict[UseCaseId, Approval]:
        return {}

    def promised_for(self, use_cases: Iterable[UseCaseId]) -> dict[UseCaseId, tuple[Approval, ...]]:
        return {}

    def titles(self, ids: Iterable[UseCaseId]) -> dict[UseCaseId, str]:
        return dict.fromkeys(ids, self.kept[1].title)

    def texts(self, fingerprint: str = "") -> tuple[Any, ...]:
        return ()

    def drafts_of(self, user: str) -> tuple[Walk, ...]:
        return tuple(self.kept[0].model_copy(update={"id": WalkId(f"W-{n}")}) for n in range(40))

    def use_cases_of(self, user: str) -> tuple[UseCase, ...]:
        made = {"stage": "in_review"}
        return tuple(self.kept[1].model_copy(update={**made, "id": UseCaseId(f"UC-{n}")}) for n in range(40))


@st.composite
def walks(draw: st.DrawFn) -> tuple[Walk, UseCase, Directory]:
    people = {u: Person(id=u, name=draw(texts)[:80] or "?") for u in USERS}
    given_ = answers(draw)
    kept = draw(st.sets(st.sampled_from(QUESTIONS)))
    how = draw(st.sampled_from(["said", "suggested"]))
    walk = Walk(
        id=WalkId("W-0001"),
        questionnaire="intake",
        about=UseCaseId("UC-0001"),
        owner=USERS[0],
        place=Place(channel="D1", thread="1.1"),
        status=draw(st.sampled_from(["asking", "reviewing", "saved", "submitted", "cancelled", "expired"])),
        answers={q: a.model_copy(update={"how": how}) for q, a in given_.items() if q in kept},
        asking=draw(st.sampled_from(QUESTIONS)),
        ask=2,
        origin=Origin(
            entry="message_shortcut",
            words=draw(texts),
            quote=draw(long_texts),
            quoted_author=USERS[1],
            link="https://northwind.example/archives/C1/p1",
        ),
        program=STAMP,
        started_at=NOW,
        touched_at=NOW,
    )
    use_case = UseCase(
        id=UseCaseId("UC-0001"),
        title=draw(long_texts),
        submitter=USERS[0],
        program=STAMP,
        answers=walk.answers,
        created_at=NOW,
    )
    return walk, use_case, Directory(people=people)


def scene_of(made: tuple[Walk, UseCase, Directory], about: str) -> Scene:
    walk, use_case, directory = made
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
@given(walks(), texts, st.sampled_from(QUESTIONS))
def test_every_message_of_a_walk_keeps_slacks_limits(
    made: tuple[Walk, UseCase, Directory], words: str, asked: QuestionId
) -> None:
    scene = scene_of(made, "walk")
    correction = {"text": words, "example": words}
    for ask in (1, 2):
        data = {"ask": ask, "question": made[0].asking, "noted": QUESTIONS, "picked": QUESTIONS}
        assert_slack_takes(registry.RENDERERS["opening"](scene, data))
        assert_slack_takes(registry.RENDERERS["question"](scene, data))
        assert_slack_takes(registry.RENDERERS["question"](scene, {**data, "correction": correction}))
        assert_slack_takes(registry.RENDERERS["question"](scene, {**data, "challenge": True}))
    for kind in ("review", "summary", "walk_help", "nudge"):
        assert_slack_takes(registry.RENDERERS[kind](scene, {"question": asked}))
    told = registry.RENDERERS["why"](scene, {"question": asked})
    assert_slack_takes(told)
    assert ("evil" in str(told.blocks)) == bool((why := PROGRAM.intake.question(asked).why) and why.source)


@often
@given(walks(), texts)
def test_every_list_and_record_keeps_slacks_limits(made: tuple[Walk, UseCase, Directory], words: str) -> None:
    person = scene_of(made, "person")
    for kind in ("greeting", "help", "drafts", "where"):
        assert_slack_takes(registry.RENDERERS[kind](person, {}))
    assert_slack_takes(registry.RENDERERS["unsure"](person, {"words": words}))
    record = scene_of(made, "use_case")
    for kind in ("whereabouts", "record"):
        assert_slack_takes(registry.RENDERERS[kind](record, {}))


@often
@given(walks(), long_texts, st.sampled_from(QUESTIONS))
def test_every_form_keeps_slacks_limits(
    made: tuple[Walk, UseCase, Directory], words: str, asked: QuestionId
) -> None:
    walk, _, directory = made
    assert_slack_shows(form(PROGRAM, walk, directory))
    assert_slack_shows(form(PROGRAM, walk, directory, [asked]))
    assert_slack_shows(start(words or "?", "C1", words, "https://northwind.example/x", str(USERS[1])))


@often
@given(
    st.dictionaries(
        st.sampled_from([f"q|{q}" for q in QUESTIONS] + ["q|nothing", "idea", "", "q|"]),
        st.dictionaries(st.just("walk.field"), st.none() | texts | st.lists(texts, max_size=3), max_size=1),
    )
)
def test_whatever_a_form_sends_only_known_questions_are_read(values: dict[str, dict[str, Any]]) -> None:
    walk = Walk(
        id=WalkId("W-0001"),
        questionnaire="intake",
        about=UseCaseId("UC-0001"),
        owner=UserId("U1"),
        origin=Origin(entry="form"),
        program=STAMP,
        started_at=NOW,
        touched_at=NOW,
    )
    files = {q.id for q in PROGRAM.intake.questions() if q.type == "file"}
    plain = {b: v for b, v in values.items() if b.removeprefix("q|") not in files}
    assert set(filled_in(PROGRAM, walk, plain)) <= set(QUESTIONS)
