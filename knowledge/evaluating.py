"""Measures answers on a labelled set: found, at which place, quoted, and known not to be known."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from knowledge.answering import Answer, Citation, answer
from knowledge.retrieval import Retriever
from storage import corpus, corpus_search
from storage.corpus_search import Shown
from storage.reading import Reading

FALSE_ANSWERS = 0.2
"""The share of questions without an answer that may be answered, at which coverage is given."""

MORE_IS_WORSE = frozenset({"false_answers", "latency_p50_ms", "latency_p95_ms"})


class BadSet(Exception):
    """A set of questions, or its thresholds, that cannot be used; ``str()`` names the place and the fix."""


@dataclass(frozen=True)
class Case:
    """A question; answerable by a verbatim ``quote`` of a document, or by anything in those ``also``."""

    id: str
    question: str
    answerable: bool
    document: str = ""
    section: str = ""
    """Where no quote is given: any passage of this section is right."""
    quote: str = ""
    also: tuple[str, ...] = ()
    near: bool = False
    """Not answerable, but about the corpus's own subject."""
    after: str = ""
    """The question it goes on from."""


@dataclass(frozen=True)
class Figures:
    """What was measured. Shares are 0 to 1; what cannot be measured on a set is not a number.

    Questions that go on from another are told apart: of them tell only the last figures, quotes and times.
    """

    questions: int
    answerable: int
    hit_at_1: float
    hit_at_5: float
    mrr_at_10: float
    ndcg_at_10: float
    document_hit_at_1: float
    """The best passage is of the right document."""
    auroc: float
    """Answerable against not: the chance that the first has the higher probability."""
    auroc_near: float
    auroc_far: float
    coverage: float
    """Answerable questions above the probability that a fifth of the others pass."""
    answered: float
    """Answerable questions that are answered, as the thresholds stand."""
    closest: float
    """Answerable questions that get the closest guidance."""
    false_answers: float
    """Questions without an answer that are answered all the same."""
    false_answers_far: float
    gold_in_quotes: float
    """Answerable questions whose quote stands whole in the quotes shown."""
    answers_right: float
    """Of the answers to answerable questions, those with a quote from a passage that is right."""
    citation_precision: float
    """Of all the quotes of these answers, up to three each, those from a passage that is right."""
    verbatim: float
    """Quotes that are, character by character, where their citation says."""
    latency_p50_ms: float
    latency_p95_ms: float
    follow_ups: int
    """Questions that go on from another, all of them answerable."""
    follow_up_hit_at_1: float
    follow_up_hit_at_5: float

    def below(self, demanded: Mapping[str, float]) -> list[str]:
        """What falls short of what is demanded, each as a sentence."""
        short = []
        for name, limit in demanded.items():
            value = float(getattr(self, name))
            worse = value > limit if name in MORE_IS_WORSE else value < limit
            if worse or math.isnan(value):
                word = "at most" if name in MORE_IS_WORSE else "at least"
                short.append(f"{name} is {value:.3f}; {word} {limit:g} is demanded.")
        return short


def read_cases(path: Path) -> list[Case]:
    """The questions of a file with one JSON object a line. Raises :class:`BadSet`."""
    cases: list[Case] = []
    by_id: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            question, answerable = str(said["question"]), bool(said["answerable"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadSet(
                f"{path.name}, line {number}: write an object with `question` and `answerable`."
            ) from error
        if answerable and not said.get("document"):
            raise BadSet(f"{path.name}, line {number}: name the `document` that answers it.")
        id = str(said.get("id", number))
        by_id[id] = question
        cases.append(
            Case(
                id=id,
                question=question,
                answerable=answerable,
                document=str(said.get("document", "")),
                section=str(said.get("section", "")),
                quote=" ".join(str(said.get("quote", "")).split()),
                also=tuple(map(str, said.get("also", ()))),
                near=bool(said.get("near")),
                after=by_id.get(str(said.get("after", "")), str(said.get("after", ""))),
            )
        )
    if not cases:
        raise BadSet(f"{path.name} holds no questions.")
    return cases


WORDS_ONLY = "words_only"


def read_demanded(path: Path, by_meaning: bool = True) -> dict[str, float]:
    """The thresholds of a YAML file, ``name: number``; empty without one. Raises :class:`BadSet`.

    Without a model those under ``words_only`` count, where there are such.
    """
    if not path.is_file():
        return {}
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        by_words = said.pop(WORDS_ONLY, None)
        said = said if by_meaning or by_words is None else by_words
        demanded = {str(name): float(value) for name, value in said.items()}
    except (ValueError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise BadSet(f"{path.name} cannot be read: write a line `name: number` for each figure.") from error
    known = {field.name for field in fields(Figures)}
    for name in demanded:
        if name not in known:
            raise BadSet(f"{path.name}: there is no figure {name}. There are {', '.join(sorted(known))}.")
    return demanded


def evaluate(
    retriever: Retriever, reading: Reading, cases: Iterable[Case], audiences: Collection[str]
) -> Figures:
    """Ask every question as someone of these audiences, and compare."""
    told: list[_Told] = []
    verbatim: list[bool] = []
    texts: dict[int, str] = {}
    for case in cases:
        started = time.perf_counter()
        said = answer(retriever, reading, case.question, audiences, case.after)
        seconds = time.perf_counter() - started
        shown = corpus_search.show(reading.connection, [c.passage for c in said.citations], audiences)
        verbatim.extend(_is_verbatim(reading, c, shown[c.passage].document, texts) for c in said.citations)
        hits = tuple(case.answerable and right(case, shown[c.passage]) for c in said.citations)
        told.append(_Told(case, said, hits, seconds))
    return _figures(told, verbatim)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that one of the first is above one of the second; equal ones count half."""
    if not positive or not negative:
        return math.nan
    order = sorted([(p, 1) for p in positive] + [(n, 0) for n in negative])
    total, place = 0.0, 0
    while place < len(order):
        end = place
        while end < len(order) and order[end][0] == order[place][0]:
            end += 1
        total += sum(kind for _, kind in order[place:end]) * (place + end + 1) / 2
        place = end
    count = len(positive)
    return (total - count * (count + 1) / 2) / (count * len(negative))


def coverage(positive: Sequence[float], negative: Sequence[float], false: float) -> float:
    """The share of the first above the value that at most the share ``false`` of the second pass."""
    if not positive or not negative:
        return math.nan
    limit = sorted(negative, reverse=True)[min(len(negative) - 1, math.floor(false * len(negative)))]
    return share(p > limit for p in positive)


def share(of: Iterable[bool]) -> float:
    """How many of them hold; not a number where there are none."""
    listed = list(of)
    return sum(listed) / len(listed) if listed else math.nan


def percentile(values: Sequence[float], part: float) -> float:
    """The value that this part of them does not exceed."""
    return sorted(values)[min(len(values) - 1, math.ceil(part * len(values)) - 1)] if values else math.nan


def mean(values: Sequence[float]) -> float:
    """Their mean; not a number where there are none."""
    return sum(values) / len(values) if values else math.nan


@dataclass(frozen=True)
class _Told:
    case: Case
    answer: Answer
    hits: tuple[bool, ...]
    """Whether each citation is of a passage that is right."""
    seconds: float

    @property
    def rank(self) -> int:
        """Of the first citation that is right; 0 where none is."""
        return self.hits.index(True) + 1 if True in self.hits else 0

    @property
    def right_document(self) -> bool:
        """Whether the first citation is of a document that answers."""
        best = self.answer.citations[0].path if self.answer.citations else ""
        return any(_same(best, document) for document in (self.case.document, *self.case.also))

    @property
    def quoted(self) -> bool:
        """Whether the labelled phrase stands whole in a quote that is shown."""
        shown = (" ".join(c.quote.split()) for c in self.answer.citations[: self.answer.shown])
        return bool(self.case.quote) and any(self.case.quote in quote for quote in shown)


def _figures(asked: Sequence[_Told], verbatim: Sequence[bool]) -> Figures:
    told = [t for t in asked if not t.case.after]
    follow_ups = [t.rank for t in asked if t.case.after and t.case.answerable]
    answerable = [t for t in told if t.case.answerable]
    ranks = [t.rank for t in answerable]
    yes = [t.answer for t in answerable]
    no = [t.answer for t in told if not t.case.answerable]
    near = [t.answer for t in told if not t.case.answerable and t.case.near]
    far = [t.answer for t in told if not t.case.answerable and not t.case.near]
    sure = [a.probability for a in yes]
    unsure = [a.probability for a in no]
    seconds = [t.seconds for t in asked]
    return Figures(
        questions=len(told),
        answerable=len(yes),
        hit_at_1=share(r == 1 for r in ranks),
        hit_at_5=share(0 < r <= 5 for r in ranks),
        mrr_at_10=mean([1 / r if 0 < r <= 10 else 0.0 for r in ranks]),
        ndcg_at_10=mean([1 / math.log2(1 + r) if 0 < r <= 10 else 0.0 for r in ranks]),
        document_hit_at_1=share(t.right_document for t in answerable),
        auroc=auroc(sure, unsure),
        auroc_near=auroc(sure, [a.probability for a in near]),
        auroc_far=auroc(sure, [a.probability for a in far]),
        coverage=coverage(sure, unsure, FALSE_ANSWERS),
        answered=share(a.state == "answer" for a in yes),
        closest=share(a.state == "closest" for a in yes),
        false_answers=share(a.state == "answer" for a in no),
        false_answers_far=share(a.state == "answer" for a in far),
        gold_in_quotes=share(t.quoted for t in answerable),
        answers_right=share(0 < t.rank <= t.answer.shown for t in answerable if t.answer.state == "answer"),
        citation_precision=share(
            hit for t in answerable if t.answer.state == "answer" for hit in t.hits[: t.answer.shown]
        ),
        verbatim=share(verbatim),
        latency_p50_ms=1000 * percentile(seconds, 0.5),
        latency_p95_ms=1000 * percentile(seconds, 0.95),
        follow_ups=len(follow_ups),
        follow_up_hit_at_1=share(rank == 1 for rank in follow_ups),
        follow_up_hit_at_5=share(0 < rank <= 5 for rank in follow_ups),
    )


def right(case: Case, passage: Shown) -> bool:
    """Whether this passage answers the question, by the set's labels."""
    if any(_same(passage.path, other) for other in case.also):
        return True
    if not _same(passage.path, case.document):
        return False
    if case.quote:
        return case.quote in " ".join(passage.text.split())
    return not case.section or passage.section.split(" › ")[-1] == case.section


def _same(path: str, named: str) -> bool:
    return path == named or path.endswith(f"/{named}")


def _is_verbatim(reading: Reading, cited: Citation, document: int, texts: dict[int, str]) -> bool:
    if document not in texts:
        texts[document] = corpus.document_text(reading.connection, document) or ""
    return texts[document][cited.start : cited.end] == cited.quote
