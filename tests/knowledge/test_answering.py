"""Questions are answered in the corpus's own words, from the right place, to the right people, or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.answering import Answer, answer
from knowledge.embedding import Embedder
from knowledge.evaluating import Case, auroc, coverage, evaluate
from knowledge.query import goes_on, query
from knowledge.retrieval import Retriever
from storage import corpus
from storage.store import Store
from tests.knowledge.handbook import HOLIDAYS, ROLLBACK, SECRET, bring_in, write

TIERS = """# Risk tiers

## Low risk

A low-risk use case is approved at once, and the risk partners are told.

## High risk

A high-risk use case needs an executive sponsor. It takes nine working days at most.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"rollback.md": ROLLBACK, "holidays.md": HOLIDAYS, "tiers.md": TIERS, "secret.md": SECRET}
    return write(tmp_path / "docs", files)


@pytest.fixture
def handbook(store: Store, folder: Path, embedder: Embedder) -> Store:
    bring_in(store, folder, embedder)
    return store


def ask(
    store: Store, retriever: Retriever, question: str, *who: str, after: str = "", today: str = ""
) -> Answer:
    with store.read() as reading:
        return answer(retriever, reading, question, who, after, today)


def test_an_answer_quotes_the_passage_and_cites_its_exact_place(handbook: Store, embedder: Embedder) -> None:
    told = ask(handbook, Retriever(embedder), "Who is allowed to stop a release?")
    best = told.citations[0]
    assert (told.state, best.path, best.section) == ("answer", "rollback.md", "Who may stop it")
    assert best.quote.startswith("The risk owner may stop any release at once")
    assert ROLLBACK[best.start : best.end] == best.quote
    assert "[1] Rollback and stop-ship, Who may stop it (2027-03-31)" in told.text


def test_a_question_about_something_else_is_not_answered(handbook: Store, embedder: Embedder) -> None:
    told = ask(handbook, Retriever(embedder), "What is the boiling point of tungsten?")
    assert (told.state, told.shown) == ("abstain", 0)
    assert told.text == "I couldn't find this in the playbook."


def test_half_a_character_in_a_question_hinders_nothing(handbook: Store, embedder: Embedder) -> None:
    told = ask(handbook, Retriever(embedder), "Who may stop a release? \ud83d", after="\udcff")
    assert (told.state, told.citations[0].section) == ("answer", "Who may stop it")


def test_words_alone_find_the_answer_without_a_model(store: Store, folder: Path) -> None:
    bring_in(store, folder)
    told = ask(store, Retriever(None), "Who may stop a release?")
    assert not told.by_meaning
    assert told.citations[0].section == "Who may stop it"
    assert ask(store, Retriever(None), "tungsten boiling point").state == "abstain"


def test_a_corpus_without_vectors_is_searched_by_words_by_a_retriever_with_a_model(
    store: Store, folder: Path, embedder: Embedder
) -> None:
    bring_in(store, folder)
    told = ask(store, Retriever(embedder), "Who may stop a release?")
    assert (told.by_meaning, told.citations[0].section) == (False, "Who may stop it")


def test_of_sentences_under_one_heading_the_one_that_says_it_itself_is_quoted(
    store: Store, tmp_path: Path
) -> None:
    text = (
        "# Rollback and stopping\n\n## How fast it must be\n\n"
        "A stop takes a quarter of an hour.\n\nA rollback takes an hour.\n"
    )
    bring_in(store, write(tmp_path / "docs", {"speed.md": text, "holidays.md": HOLIDAYS}))
    told = ask(store, Retriever(None), "how fast does a rollback have to be")
    assert told.citations[0].quote == "A rollback takes an hour."


def test_documents_that_have_no_vectors_yet_do_not_lose_against_those_that_have(
    store: Store, folder: Path, tmp_path: Path, embedder: Embedder
) -> None:
    bring_in(store, write(tmp_path / "others", {"holidays.md": HOLIDAYS}), embedder, name="others")
    bring_in(store, folder)
    told = ask(store, Retriever(embedder), "Who may stop a release?")
    assert (told.state, told.by_meaning, told.citations[0].section) == ("answer", False, "Who may stop it")


def test_a_follow_up_is_understood_with_the_question_before(handbook: Store, embedder: Embedder) -> None:
    retriever = Retriever(embedder)
    before = "How long does it take to approve a low risk use case?"
    assert ask(handbook, retriever, before).citations[0].section == "Low risk"
    assert ask(handbook, retriever, "and for high risk?", after=before).citations[0].section == "High risk"


def test_only_questions_that_need_it_are_mixed_with_the_one_before() -> None:
    for said in ("and for high risk?", "what about vendors", "why?", "who approves that?", "ok but when"):
        assert goes_on(said), said
    for said in ("Who may stop a release in production?", "How many days of holiday do I have?"):
        assert not goes_on(said), said
        assert query(said, "Something else entirely?") == query(said)


def test_what_is_for_others_is_never_found_quoted_or_counted(handbook: Store, embedder: Embedder) -> None:
    retriever = Retriever(embedder)
    question = "What is the break-glass account called?"
    assert ask(handbook, retriever, question, "oncall").citations[0].path == "secret.md"
    for who in ((), ("legal",), ("all",)):
        told = ask(handbook, retriever, question, *who)
        assert "secret.md" not in {c.path for c in told.citations}
        assert "zanzibar" not in told.text
        assert told.state != "answer"


def test_scores_are_the_same_as_if_documents_for_others_did_not_exist(
    handbook: Store, folder: Path, embedder: Embedder
) -> None:
    question = "What is the account for an emergency?"
    with_secret = ask(handbook, Retriever(embedder), question)
    (folder / "secret.md").unlink()
    bring_in(handbook, folder, embedder)
    without = ask(handbook, Retriever(embedder), question)
    assert [(c.path, c.score) for c in with_secret.citations] == [
        (c.path, c.score) for c in without.citations
    ]
    assert with_secret.probability == without.probability


def test_answers_change_as_soon_as_a_sync_has_committed(
    handbook: Store, folder: Path, embedder: Embedder
) -> None:
    retriever = Retriever(embedder)
    assert "one hour" in ask(handbook, retriever, "How fast is a release rolled back?").text
    write(folder, {"rollback.md": ROLLBACK.replace("one hour", "ten minutes")})
    bring_in(handbook, folder, embedder)
    assert "ten minutes" in ask(handbook, retriever, "How fast is a release rolled back?").text
    (folder / "rollback.md").unlink()
    bring_in(handbook, folder, embedder)
    told = ask(handbook, retriever, "How fast is a release rolled back?")
    assert "rollback.md" not in {c.path for c in told.citations}


def test_a_document_past_its_review_date_says_so(handbook: Store, embedder: Embedder) -> None:
    told = ask(handbook, Retriever(embedder), "Who may stop a release?", today="2027-04-01")
    assert told.citations[0].stale
    assert "past its review date" in told.text
    assert (
        not ask(handbook, Retriever(embedder), "Who may stop a release?", today="2027-03-31")
        .citations[0]
        .stale
    )


def test_an_empty_corpus_and_an_empty_question_are_not_answered(store: Store, embedder: Embedder) -> None:
    for question in ("Who may stop a release?", "", "?!", "\x00"):
        told = ask(store, Retriever(embedder), question)
        assert (told.state, told.citations) == ("abstain", ())


_odd = st.text(max_size=120) | st.sampled_from(
    ['release" OR "x', "NEAR(a b)", "release*", "what is it", "a" * 5000]
)


@given(question=_odd)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_question_gets_exact_quotes_and_a_probability(question: str, sqlite_handbook: Store) -> None:
    told = ask(sqlite_handbook, Retriever(None), question)
    assert 0 <= told.probability <= 1
    with sqlite_handbook.read() as reading:
        texts = {
            d.path: corpus.document_text(reading.connection, d.id) or ""
            for d in corpus.documents(reading.connection)
        }
    for cited in told.citations:
        assert texts[cited.path][cited.start : cited.end] == cited.quote


@pytest.fixture
def sqlite_handbook(sqlite_place: object, folder: Path) -> Store:
    from tests.databases import Place

    assert isinstance(sqlite_place, Place)
    store = sqlite_place.open()
    bring_in(store, folder)
    return store


def test_an_evaluation_counts_what_was_found_quoted_and_wrongly_answered(
    handbook: Store, embedder: Embedder
) -> None:
    cases = [
        Case(
            "1", "Who may stop a release?", True, "rollback.md", quote="The risk owner may stop any release"
        ),
        Case(
            "2",
            "How many days of holiday does everybody get?",
            True,
            "holidays.md",
            quote="thirty days of holiday",
        ),
        Case("3", "What is the boiling point of tungsten?", False),
    ]
    with handbook.read() as reading:
        figures = evaluate(Retriever(embedder), reading, cases, ())
    assert (figures.questions, figures.answerable) == (3, 2)
    assert (figures.hit_at_1, figures.mrr_at_10, figures.gold_in_quotes, figures.verbatim) == (1, 1, 1, 1)
    assert (figures.auroc, figures.false_answers) == (1, 0)
    assert figures.below({"hit_at_1": 0.9}) == []
    assert figures.below({"hit_at_1": 1.1}) == ["hit_at_1 is 1.000; at least 1.1 is demanded."]
    assert figures.below({"auroc_near": 0.1}) == ["auroc_near is nan; at least 0.1 is demanded."]


def test_the_measures_are_what_they_are_called() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert coverage([0.9, 0.6, 0.3], [0.8, 0.5, 0.4, 0.2, 0.1], 0.2) == pytest.approx(2 / 3)
