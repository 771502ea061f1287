"""A document may say which questions its sections answer, in the words people use; they help to find it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge import asked
from knowledge.answering import answer
from knowledge.embedding import Embedder
from knowledge.query import query
from knowledge.retrieval import Retriever
from knowledge.syncing import VECTOR_TYPE, embed_passages, vectors_by_text
from storage import corpus, corpus_search
from storage.corpus import Passage
from storage.corpus_search import Shown
from storage.store import Store
from tests.knowledge.handbook import HOLIDAYS, bring_in, write

RELEASES = """---
title: Releases
{asked}
---
# Releases

An opening under the title.

## Who may stop one

The risk owner may stop any release at once, without asking anyone.

## Keeping

### The last good version

The last good version is kept for ninety days.
"""
ASKED = """asked:
  Who may stop one:
    - can I pull the plug on a chatbot that misbehaves
    - who is entitled to yank it
  Keeping: [is the old build thrown away]
  Releases: [what is this page]"""


def book(tmp_path: Path, said: str = ASKED) -> Path:
    return write(tmp_path / "docs", {"releases.md": RELEASES.format(asked=said), "holidays.md": HOLIDAYS})


def shown(store: Store) -> dict[str, Shown]:
    with store.read() as reading:
        ids = range(1, 50)
        found = corpus_search.show(reading.connection, ids, (), "")
    return {f"{p.path}/{p.section}": p for p in found.values()}


def test_questions_are_kept_with_the_passages_of_the_section_they_are_listed_under(
    store: Store, tmp_path: Path
) -> None:
    report = bring_in(store, book(tmp_path))
    kept = {place: p.asked for place, p in shown(store).items()}
    assert report.problems == []
    assert kept == {
        "releases.md/": ("what is this page",),
        "releases.md/Who may stop one": (
            "can I pull the plug on a chatbot that misbehaves",
            "who is entitled to yank it",
        ),
        "releases.md/Keeping › The last good version": ("is the old build thrown away",),
        "holidays.md/Days": (),
    }


@pytest.mark.parametrize("question", ["pull the plug on it", "am I entitled to yank the thing"])
def test_words_that_only_an_asked_question_has_find_the_passage_and_are_never_quoted(
    store: Store, tmp_path: Path, question: str
) -> None:
    bring_in(store, book(tmp_path))
    with store.read() as reading:
        told = answer(Retriever(None), reading, question)
    best = told.citations[0]
    assert best.quote == "The risk owner may stop any release at once, without asking anyone."
    assert "plug" not in told.text + best.quote
    assert "yank" not in told.text + best.quote


def test_an_asked_question_is_compared_by_its_meaning(
    store: Store, tmp_path: Path, embedder: Embedder
) -> None:
    bring_in(store, book(tmp_path, "asked: {Keeping: [how do I undo a botched rollout]}"), embedder)
    with store.read() as reading:
        found = Retriever(embedder).search(reading, query("reverting a failed deployment"))
    by_section = {r.passage.section: r for r in found.ranked}
    mine = by_section.pop("Keeping › The last good version")
    assert mine.beyond[0] > 0.1
    assert mine.score > mine.itself
    assert all((other.beyond, other.score) == ((0, 0), other.itself) for other in by_section.values())


def test_a_passage_keeps_its_own_vector_first_and_one_for_each_question(
    store: Store, tmp_path: Path, embedder: Embedder
) -> None:
    bring_in(store, book(tmp_path), embedder)
    with store.read() as reading:
        (document,) = [d for d in corpus.documents(reading.connection) if d.path == "releases.md"]
        passages = corpus.with_vectors(reading.connection, document.id, embedder.fingerprint)
    (stop,) = [p for p in passages if p.section == "Who may stop one"]
    rows = np.frombuffer(stop.vector or b"", VECTOR_TYPE).reshape(-1, embedder.dimensions)
    alone = embedder.embed([stop.indexed, *stop.asked])
    assert rows.shape == (3, embedder.dimensions)
    assert (rows * alone).sum(1) == pytest.approx(np.ones(3), abs=0.01)


def test_a_new_question_alone_is_embedded_when_a_document_gets_one(
    store: Store, tmp_path: Path, embedder: Embedder
) -> None:
    bring_in(store, book(tmp_path, "asked: {Keeping: [one]}"), embedder)
    book(tmp_path, "asked: {Keeping: [one, two]}")
    changed = bring_in(store, tmp_path / "docs", embedder)
    assert (changed.changed, changed.embedded) == (["releases.md"], 1)


def test_what_is_wrong_with_the_questions_is_reported_by_name_and_the_document_comes_in(
    store: Store, tmp_path: Path
) -> None:
    said = "asked: {Nowhere: [a question], Keeping: a line, Who may stop one: [7, fine, fine]}"
    report = bring_in(store, book(tmp_path, said))
    problems = [problem for path, problem in report.problems if path == "releases.md"]
    assert sorted(report.added) == ["holidays.md", "releases.md"]
    assert [p for p in problems if "Nowhere" in p and "no section" in p]
    assert [p for p in problems if "Keeping" in p and "no list" in p]
    assert [p for p in problems if "Who may stop one" in p and "left out" in p]
    assert shown(store)["releases.md/Who may stop one"].asked == ("fine",)


def test_a_section_is_asked_twenty_questions_at_most(store: Store, tmp_path: Path) -> None:
    listed = ", ".join(f"question {n}" for n in range(30))
    report = bring_in(store, book(tmp_path, f"asked: {{Keeping: [{listed}]}}"))
    assert len(shown(store)["releases.md/Keeping › The last good version"].asked) == asked.AT_MOST
    assert "more than 20" in report.problems[0][1]


def test_corpus_yaml_may_hold_the_questions_of_documents_that_have_no_front_matter(
    store: Store, tmp_path: Path
) -> None:
    folder = book(tmp_path)
    write(folder, {"corpus.yaml": "documents:\n  holidays.md:\n    asked:\n      Days: [how much leave]\n"})
    bring_in(store, folder)
    assert shown(store)["holidays.md/Days"].asked == ("how much leave",)


def test_questions_of_a_document_for_others_help_nobody_else(store: Store, tmp_path: Path) -> None:
    bring_in(store, book(tmp_path, f"audience: exec\n{ASKED}"))
    with store.read() as reading:
        for who, expected in ((("exec",), ["releases.md"]), ((), [])):
            found = Retriever(None).search(reading, query("who is entitled to yank it"), who)
            assert [r.passage.path for r in found.ranked if r.passage.path == "releases.md"] == expected


def test_a_text_written_in_reply_answers_the_question_it_was_asked() -> None:
    passage = Passage("", 0, 5, (0, 5), "Reply")
    (kept,) = asked.answering([passage], ["  May I\nleave? ", "May I leave?", "", 3])
    assert kept.asked == ("May I leave?",)


def test_vectors_are_known_again_by_their_texts(embedder: Embedder) -> None:
    passage = Passage("", 0, 9, (0, 4, 5, 9), "One. Two.", asked=("three",))
    done, count = embed_passages(embedder, [passage])
    known = vectors_by_text(done)
    again = embed_passages(embedder, [passage], known)
    assert (count, set(known)) == (4, {"One. Two.", "three", "One.", "Two."})
    assert again == (done, 0)
