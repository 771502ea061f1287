"""A public set of questions as a corpus, asked in full and with the answer, or its whole subject, taken out.

Half of the SQuAD 2.0 development set (16 articles, 6,078 questions, about half of them without an answer)
among 570 paragraphs of 20 other articles. The articles in the order of their titles go in turn to ``chosen``,
on which parameters are fitted, and to ``held out``, which is reported.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from knowledge.answering import CITATIONS_AT_MOST, Answer, features, stated
from knowledge.embedding import Embedder
from knowledge.loading import Loaded
from knowledge.passages_of import passages
from knowledge.query import query
from knowledge.retrieval import Ranked, Retriever
from knowledge.syncing import embed_passages
from storage import corpus
from storage.corpus import Document
from storage.reading import Reading
from storage.store import Store

ROOT = Path(__file__).resolve().parent.parent.parent
SQUAD = Path(os.environ.get("PREFLIGHT_SHARED", ROOT.parent / "shared")) / "data" / "retrieval" / "squad2"

Kind = Literal["answerable", "gold removed", "out of corpus", "near miss"]


@dataclass(frozen=True)
class Paragraph:
    """One document of the corpus; ``asked`` says whether questions are about it."""

    article: str
    text: str
    asked: bool


@dataclass(frozen=True)
class Question:
    """A question on a paragraph (by its number) with the answers' places in it; none: it has no answer."""

    text: str
    paragraph: int
    answers: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Set:
    """Everything, and which articles may be looked at for choosing."""

    paragraphs: Sequence[Paragraph]
    questions: Sequence[Question]
    chosen: frozenset[str]

    def is_chosen(self, question: Question) -> bool:
        """Whether parameters may be fitted on it."""
        return self.paragraphs[question.paragraph].article in self.chosen


@dataclass(frozen=True)
class Asked:
    """What came of a question."""

    kind: Kind
    question: Question
    chosen: bool
    answer: Answer
    rank: int
    """Of the paragraph that holds the answer, among the documents of the citations; 0: not there."""
    in_quotes: bool
    """Whether a whole answer stands in the quotes shown."""
    seconds: float
    features: tuple[float, ...]
    candidates: tuple[tuple[bool, Ranked], ...]
    """Every candidate, and whether it is of the right paragraph; only where they were asked for."""


def available() -> bool:
    """Whether the set is on this machine."""
    return (SQUAD / "dev-v2.0.json").is_file()


def read_set() -> Set:
    """The set from its two files."""
    paragraphs: list[Paragraph] = []
    questions: list[Question] = []
    for name in ("dev-v2.0.json", "test-v2.0.json"):
        for article in json.loads((SQUAD / name).read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                number = len(paragraphs)
                asked = name.startswith("dev")
                paragraphs.append(Paragraph(article["title"].replace("_", " "), paragraph["context"], asked))
                for qa in paragraph["qas"] if asked else ():
                    at = {(a["answer_start"], a["answer_start"] + len(a["text"])) for a in qa["answers"]}
                    places = () if qa["is_impossible"] else tuple(sorted(at))
                    questions.append(Question(qa["question"], number, places))
    titles = sorted({p.article for p in paragraphs if p.asked})
    return Set(paragraphs, questions, frozenset(titles[::2]))


def fill(store: Store, found: Set, embedder: Embedder) -> tuple[float, int]:
    """Bring the paragraphs in, a document each; the seconds that took and the texts embedded."""
    started, texts = time.perf_counter(), 0
    now = datetime.now(UTC)
    for start in range(0, len(found.paragraphs), 50):
        documents = []
        for number, p in enumerate(found.paragraphs[start : start + 50], start):
            cut, count = embed_passages(embedder, passages(Loaded(p.text), p.article))
            texts += count
            documents.append(
                Document("squad", str(number), str(number), "", 0, 0, p.article, p.text, passages=cut,
                         fingerprint=embedder.fingerprint)
            )  # fmt: skip
        with store.write() as tx:
            corpus.begin_change(tx.connection)
            for document in documents:
                corpus.put(tx.connection, document, now)
    return time.perf_counter() - started, texts


def ask(
    store: Store,
    found: Set,
    embedder: Embedder | None,
    every: int = 1,
    candidates: int = 0,
    chosen_only: bool = False,
) -> Iterator[Asked]:
    """Ask every (or every so manieth) question in each of its kinds, or those alone that one may fit on."""
    retriever = Retriever(embedder)
    chosen = [q for q in found.questions[::every] if not chosen_only or found.is_chosen(q)]
    with store.read() as reading:
        for question in chosen:
            kind: Kind = "answerable" if question.answers else "near miss"
            yield _asked(kind, question, found, retriever, reading, candidates)
    answerable = [q for q in chosen if q.answers]
    for number in sorted({q.paragraph for q in answerable}):
        with _without(store, [number]) as tx:
            alone = Retriever(embedder)
            for question in (q for q in answerable if q.paragraph == number):
                yield _asked("gold removed", question, found, alone, tx, 0)
    for title in sorted({found.paragraphs[q.paragraph].article for q in answerable}):
        numbers = [n for n, p in enumerate(found.paragraphs) if p.article == title]
        with _without(store, numbers) as tx:
            alone = Retriever(embedder)
            for question in (q for q in answerable if q.paragraph in numbers):
                yield _asked("out of corpus", question, found, alone, tx, 0)


class _Undo(Exception):
    pass


@contextlib.contextmanager
def _without(store: Store, paragraphs: Sequence[int]) -> Iterator[Reading]:
    """The corpus as if these paragraphs had never been in it."""
    gone = {str(n) for n in paragraphs}
    with contextlib.suppress(_Undo), store.write() as tx:
        ids = [d.id for d in corpus.documents(tx.connection) if d.path in gone]
        corpus.remove(tx.connection, ids)
        yield tx
        raise _Undo


def _asked(
    kind: Kind, question: Question, found: Set, retriever: Retriever, reading: Reading, candidates: int
) -> Asked:
    started = time.perf_counter()
    everything = retriever.search(reading, query(question.text), (), max(candidates, CITATIONS_AT_MOST))
    told = stated(everything)
    seconds = time.perf_counter() - started
    documents = list(dict.fromkeys(int(c.path) for c in told.citations))
    rank = documents.index(question.paragraph) + 1 if question.paragraph in documents else 0
    quoted = [c for c in told.citations[:3] if int(c.path) == question.paragraph]
    return Asked(
        kind,
        question,
        found.is_chosen(question),
        told,
        rank,
        any(c.start <= a and b <= c.end for c in quoted for a, b in question.answers),
        seconds,
        features(everything) if everything.ranked else (),
        tuple((int(r.passage.path) == question.paragraph, r) for r in everything.ranked[:candidates]),
    )
