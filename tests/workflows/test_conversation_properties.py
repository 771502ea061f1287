"""What holds for every conversation: words, clicks and forms agree, and no turn loses an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sizes import examples
from tests.workflows.talk import DANA, DEFAULT, DIRECTORY, INES, LEE, MO, PRIYA, STORY, Talk
from workflows import conversation
from workflows.ids import QuestionId
from workflows.program import Program
from workflows.questionnaire import is_required, next_question, shown, visible_questions
from workflows.questions import Choice, Question, Questionnaire, Step

CHOICES = (
    Choice(id="public", label="Public"),
    Choice(id="internal", label="Internal"),
    Choice(id="secret", label="Strictly secret"),
)


def _question(id: str, type: str, **more: Any) -> Question:
    return Question(id=QuestionId(id), type=type, label=id.capitalize(), ask=f"{id}?", **more)


ONE_OF_EACH = Questionnaire(
    id="intake",
    title="One of each",
    steps=tuple(
        Step(id=q.id, title=q.id, questions=(q,))
        for q in (
            _question("story", "long_text"),
            _question("kind", "choice", choices=CHOICES),
            _question("sources", "multi", choices=CHOICES),
            _question("sure", "yesno"),
            _question("count", "number"),
            _question("share", "percent"),
            _question("cost", "money"),
            _question("day", "date"),
            _question("owner", "person"),
            _question("team", "people"),
            _question("page", "link"),
        )
    ),
)
SMALL: Program = DEFAULT.model_copy(update={"questionnaires": {"intake": ONE_OF_EACH}})
PEOPLE = [DANA, LEE, MO, INES, PRIYA]
FIGURES = st.integers(0, 10**9).map(float) | st.floats(0, 1e6).map(lambda f: round(f, 2))
ANSWERS = st.fixed_dictionaries(
    {
        "story": st.sampled_from(["Letters are sorted by hand", "Agents type notes after each call"]),
        "kind": st.sampled_from([c.id for c in CHOICES]),
        "sources": st.lists(st.sampled_from([c.id for c in CHOICES]), min_size=1, unique=True).map(
            lambda ids: [c.id for c in CHOICES if c.id in ids]
        ),
        "sure": st.booleans(),
        "count": FIGURES,
        "share": FIGURES,
        "cost": st.fixed_dictionaries(
            {"amount": FIGURES, "currency": st.sampled_from(["EUR", "USD", "CHF"])}
        ),
        "day": st.dates(date(2026, 12, 1), date(2060, 1, 1)).map(lambda d: d.isoformat()),
        "owner": st.sampled_from(PEOPLE),
        "team": st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True),
        "page": st.sampled_from(["https://wiki.example/page", "https://x.example/a?b=c"]),
    }
)


def _in_words(question: Question, value: Any) -> str:
    if question.type == "person":
        return f"@{DIRECTORY.person(value).handle}"
    if question.type == "people":
        return " and ".join(f"<@{u}>" for u in value)
    return shown(question, value, DIRECTORY)


def _kept(talk: Talk) -> dict[str, Any]:
    return {str(q): a.value for q, a in talk.walk.answers.items()}


@settings(max_examples=examples(60), deadline=None)
@given(ANSWERS)
def test_words_clicks_and_forms_give_the_same_values(answers: dict[str, Any]) -> None:
    spoken, clicked, filled = (Talk(program=SMALL) for _ in range(3))
    for question in ONE_OF_EACH.questions():
        value = answers[question.id]
        assert spoken.walk.asking == question.id
        spoken.say(_in_words(question, value))
        clicked.click(value)
    filled.fill(answers)
    assert _kept(spoken) == answers
    assert _kept(clicked) == answers
    assert _kept(filled) == answers
    assert {t.walk.status for t in (spoken, clicked, filled)} == {"reviewing"}


@settings(max_examples=examples(40), deadline=None)
@given(ANSWERS)
def test_what_a_form_shows_comes_back_from_it_unchanged(answers: dict[str, Any]) -> None:
    talk = Talk(program=SMALL)
    talk.fill(answers)
    before = talk.walk.answers
    as_text = {
        q.id: shown(q, answers[q.id], DIRECTORY)
        if q.type in ("number", "percent", "money", "link")
        else answers[q.id]
        for q in ONE_OF_EACH.questions()
    }
    talk.fill(as_text)
    assert talk.walk.answers == before


SAYINGS = [
    "back",
    "skip",
    "save for later",
    "continue",
    "show me what I have",
    "help",
    "why?",
    "thanks",
    "I don't know",
    "more helpful",
    "from 9 to 5 minutes by end of june",
    "after call work, 9 min now, 5 would be great",
    "about 40",
    "recordings",
    "@lee",
    "me",
    "confidential",
    "yes",
    "no",
    "internal",
    "none of these",
    "EU and UK",
    "buy",
    "build",
    "next March",
    "31 February",
    "the second one",
    "it drafts and people decide",
    "it acts by itself",
    "severe",
    "a nuisance",
    "customers",
    "our own people",
    "make the owner @mo",
    "change users to 60",
    "change the harm",
    "no wait, 70 users",
    "oh and Lee owns the system",
    "what counts as personal data?",
    "12 and 15",
    ":tada:",
    "",
    "cancel",
    "submit",
    "looks good",
    "give me the form",
    "Contoso",
    "5%",
    "20k EUR",
    "https://wiki.example/x",
    "wrong answers above 5%: switch it off",
    "<@U0NOBODY>",
    "<!channel> hello",
    "word " * 900,
]
TURN = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(SAYINGS)),
    st.tuples(
        st.just("click"),
        st.sampled_from(["assist", "internal", True, ["recordings"], "U0LEE", "2027-03-31", 7]),
    ),
    st.tuples(st.just("old click"), st.sampled_from(["assist", "internal", True])),
    st.tuples(st.just("change"), st.sampled_from([str(q.id) for q in DEFAULT.intake.questions()])),
    st.tuples(
        st.just("fill"), st.sampled_from([{"users_expected": "60"}, {"harm": "severe"}, {"vendor": "Acme"}])
    ),
    st.tuples(st.just("do"), st.sampled_from(["back", "skip", "save", "resume", "show", "why", "help"])),
    st.tuples(st.just("stranger"), st.sampled_from(SAYINGS)),
)


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(TURN, max_size=25))
def test_no_turn_loses_an_answer_or_reaches_a_state_that_cannot_be(turns: list[tuple[str, Any]]) -> None:
    talk = Talk(STORY)
    for kind, what in turns:
        before = talk.walk
        if kind == "say":
            talk.say(what)
        elif kind == "stranger":
            talk.say(what, user=LEE)
        elif kind == "click":
            talk.click(what)
        elif kind == "old click":
            talk.click(what, "autonomy", talk.walk.ask - 1)
        elif kind == "change":
            talk.do(conversation.change, QuestionId(what))
        elif kind == "fill":
            talk.fill(what)
        else:
            talk.do(getattr(conversation, what))
        _check(talk, before.answers, before.ask, kind)


def _check(talk: Talk, before: dict[QuestionId, Any], ask: int, kind: str) -> None:
    walk = talk.walk
    assert set(before) <= set(walk.answers), "an answer was lost"
    if kind in ("stranger", "old click"):
        assert walk.answers == before, "somebody who may not changed an answer"
    assert walk.ask >= ask
    assert (walk.asking is not None) or walk.status in ("reviewing", "saved", "cancelled")
    if walk.status == "reviewing":
        assert next_question(DEFAULT.intake, walk) is None or talk.sentence
        assert walk.asking is None
    questions = {q.id: q for q in DEFAULT.intake.questions()}
    visible = {q.id for q in visible_questions(DEFAULT.intake, walk.answers)}
    for skipped in walk.skipped:
        assert skipped in questions
        assert skipped not in walk.answers
        aside = f"?{skipped}" in walk.challenged or questions[skipped].part or skipped not in visible
        assert aside or not is_required(DEFAULT.intake, questions[skipped], walk.answers)
    assert len(set(walk.trail)) == len(walk.trail)
    for entry in talk.last.entries:
        assert not (entry.refused and talk.last.changed), "a refusal changes nothing"


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(st.text(max_size=80), max_size=6),
    st.sampled_from([str(q.id) for q in DEFAULT.intake.questions()]),
)
def test_whatever_is_typed_the_walk_goes_on_and_keeps_what_it_had(texts: list[str], question: str) -> None:
    talk = Talk(STORY)
    talk.do(conversation.change, QuestionId(question))
    for text in texts:
        before = set(talk.walk.answers)
        talk.say(text)
        assert before <= set(talk.walk.answers)


@settings(max_examples=examples(40), deadline=None)
@given(
    st.sampled_from(
        ["should ", "by the ", "can you please ", "no, wait ", "it should be ", "1,", "a couple of ", "1"]
    ),
    st.sampled_from(
        ["outcome_metric", "outcome_target", "data_sources", "data_owner", "release_by", "budget"]
    ),
)
def test_words_repeated_without_end_do_not_hold_up_the_walk(words: str, question: str) -> None:
    talk = Talk(STORY)
    talk.do(conversation.change, QuestionId(question))
    talk.say(words * 130)
    assert talk.last.entries
