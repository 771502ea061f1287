"""Answers a question with the corpus's own words: quoted, cited, and only as sure as the evidence is.

Three states. *answer*: the quotes very probably hold the answer. *closest*: they are the nearest guidance,
shown but not claimed to answer. *abstain*: nothing fits. The probability is a logistic over the evidence of
the best passage, calibrated on questions whose answer was in the corpus, had been taken out of it, or whose
whole subject had; ``tests/bench/retrieval.py`` says how, and reports articles that it was not fitted on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.query import query
from knowledge.retrieval import Ranked, Result, Retriever
from storage.reading import Reading

State = Literal["answer", "closest", "abstain"]

CITATIONS_AT_MOST = 10
QUOTES_AT_MOST = 3
QUOTE_LONGEST = 700
"""Characters of a quote, about; a sentence is never cut."""

CALIBRATION = (
    *(-0.027, 1.182, 2.602, 1.661, 0.35, 8.458, 0.367, 0.367, 8.951),
    *(7.911, -0.375, -0.616),
    -9.152,
)
"""For the features of :func:`features`, and at last the constant."""

CALIBRATION_BY_WORDS = (
    *(0.142, 0.608, 3.173, 2.212, 0.0, 0.0, 0.715, 0.252, 0.0),
    *(0.0, 0.776, 0.315),
    -5.879,
)
"""The same without a model."""

ANSWERS, ANSWERS_BY_WORDS = 0.55, 0.5
"""From this probability on it is an answer; and without a model."""

CLOSEST, CLOSEST_BY_WORDS = 0.19, 0.29
"""Below this nothing is shown as guidance; and without a model."""

_NEW_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True)
class Citation:
    """A verbatim quote and where it stands: characters ``start`` to ``end`` of the document's text."""

    document: str
    """The document's title."""
    path: str
    section: str
    quote: str
    start: int
    end: int
    score: float
    passage: int
    source: str
    """The folder it came from, by its name."""
    link: str
    owner: str
    function: str
    date: str
    """ISO date: the day it is to be reviewed by, else of its last change, else when it was last read."""
    stale: bool
    """Whether its review date has passed."""


@dataclass(frozen=True)
class Answer:
    """What the corpus says to a question. The first ``shown`` citations are quoted in ``text``."""

    state: State
    text: str
    citations: tuple[Citation, ...]
    shown: int
    probability: float
    by_meaning: bool
    version: int
    """Of the corpus that answered."""


def answer(
    retriever: Retriever,
    reading: Reading,
    question: str,
    audiences: Collection[str] = (),
    after: str = "",
    today: str = "",
) -> Answer:
    """Answer a question for someone of these audiences; ``after`` is the question it goes on from.

    ``today`` is an ISO date, against which documents are stale.
    """
    asked = query(question, after)
    return stated(retriever.search(reading, asked, audiences, CITATIONS_AT_MOST), today)


def stated(found: Result, today: str = "") -> Answer:
    """What is said on what was found, of which the first ten are cited."""
    sure = probability(found)
    answers, closest = (ANSWERS, CLOSEST) if found.by_meaning else (ANSWERS_BY_WORDS, CLOSEST_BY_WORDS)
    state: State = "answer" if sure >= answers else "closest" if sure >= closest else "abstain"
    citations = tuple(_cited(ranked, today) for ranked in found.ranked[:CITATIONS_AT_MOST])
    shown = min(QUOTES_AT_MOST, len(citations)) if state != "abstain" else 0
    return Answer(
        state, _told(state, citations[:shown]), citations, shown, sure, found.by_meaning, found.version
    )


def features(found: Result) -> tuple[float, ...]:
    """What the probability rests on, of the best passage.

    What its own text scores, its rarest missing word, words covered, by one sentence, cosines of the passage
    and of its best sentence, pairs of words, its lead over the next three, by how much a sentence of another
    passage comes nearer; and how near the question comes to those it is asked by, in meaning and in words,
    and whether it is asked any.
    """
    best = found.ranked[0]
    _, cosine, sentence, covered, by_sentence, pairs, _, _ = best.evidence.features
    others = [ranked.score for ranked in found.ranked[1:4]]
    lead = best.score - sum(others) / len(others) if others else best.score
    elsewhere = found.nearest_sentence - sentence
    return (
        *(best.itself, best.evidence.missing, covered, by_sentence, cosine, sentence, pairs, lead, elsewhere),
        *(*best.beyond, float(best.evidence.is_asked)),
    )


def probability(found: Result) -> float:
    """How probable it is that the best passages answer the question."""
    if not found.ranked:
        return 0.0
    *weights, constant = CALIBRATION if found.by_meaning else CALIBRATION_BY_WORDS
    told = sum(w * f for w, f in zip(weights, features(found), strict=True)) + constant
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, told))))


def window(ranked: Ranked) -> tuple[int, int]:
    """The best sentence of a passage with its neighbours in the same paragraph, as characters of the text."""
    p, told = ranked.passage, ranked.evidence.sentences
    spans = list(zip(p.sentences[::2], p.sentences[1::2], strict=True))
    best = max(range(len(spans)), key=lambda n: (told[n], -n))
    first = last = best
    sides = [n for n in (best - 1, best + 1) if 0 <= n < len(spans)]
    # The better neighbour first, as long as all together stay short enough to be read.
    for n in sorted(sides, key=lambda n: -told[n]):
        start, end = spans[min(first, n)][0], spans[max(last, n)][1]
        gap = p.text[spans[min(n, best)][1] - p.begins : spans[max(n, best)][0] - p.begins]
        if end - start <= QUOTE_LONGEST and not _NEW_PARAGRAPH.search(gap):
            first, last = min(first, n), max(last, n)
    return spans[first][0], spans[last][1]


def _cited(ranked: Ranked, today: str) -> Citation:
    p = ranked.passage
    start, end = window(ranked)
    return Citation(
        document=p.title,
        path=p.path,
        section=p.section,
        quote=p.text[start - p.begins : end - p.begins],
        start=start,
        end=end,
        score=round(ranked.score, 4),
        passage=p.id,
        source=p.root,
        link=p.link,
        owner=p.owner,
        function=p.function,
        date=p.review_date or p.dated or p.read_at.date().isoformat(),
        stale=bool(p.review_date and today and p.review_date < today),
    )


def _told(state: State, citations: Sequence[Citation]) -> str:
    if state == "abstain":
        return "I couldn't find this in the playbook."
    lines = [] if state == "answer" else ["I found no clear answer. The closest guidance is:"]
    for number, cited in enumerate(citations, 1):
        where = f"{cited.document}, {cited.section}" if cited.section else cited.document
        stale = ", past its review date" if cited.stale else ""
        lines.append(f"“{cited.quote}” [{number}]")
        lines.append(f"[{number}] {where} ({cited.date}{stale})")
    return "\n".join(lines)
