"""An answer that a chat model writes from retrieved passages: each sentence checked before anybody reads it.

The model replies in lines, one JSON object each, and every line is looked at as it completes. A sentence
is kept only where a quote it cites stands in the passage word for word and bears it out
(:mod:`knowledge.supported`). What is not whole is no answer: where the reply breaks off, comes too late or
does not end as asked, the sentences that were kept are given up too, and the corpus's own words stand alone.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import structlog

from knowledge.answering import Answer, Citation
from knowledge.chat_model import ChatModel, Reply, Said, Trouble
from knowledge.masking import NOTHING_MASKED, Masker
from knowledge.prompting import Material, NoRoom, prompt, told
from knowledge.supported import objection, verbatim
from knowledge.tokens import count as tokens
from storage.corpus_search import Shown

SENTENCES_AT_MOST = 6
CITES_AT_MOST = 2
SENTENCE_LONGEST = 600
LINE_LONGEST = 6000

Outcome = Literal["written", "abstained", "nothing stood", "not whole", "trouble", "not asked"]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sentence:
    """A checked sentence; ``cites`` are numbers, from 1, of the citations that bear it out."""

    text: str
    cites: tuple[int, ...]


@dataclass(frozen=True)
class Pricing:
    """Prices for a million tokens, in the operator's own currency."""

    sent: float
    written: float

    def cost(self, sent: int, written: int) -> float:
        """Of one answer."""
        return round((sent * self.sent + written * self.written) / 1_000_000, 8)


@dataclass(frozen=True)
class Draft:
    """What came of asking the model. Only a ``written`` one has sentences to show."""

    outcome: Outcome
    why: str = ""
    """A few words for the record where it is not written."""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    """What the sentences cite, numbered in the order in which they are first cited."""
    dropped: dict[str, int] = field(default_factory=dict)
    """How many sentences were dropped, by why."""
    prompt: str = ""
    passages_sent: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    approximate: bool = False
    """Whether the tokens were estimated, the provider having told none."""
    cost: float | None = None
    first_ms: float | None = None
    """Until the first checked sentence."""
    total_ms: float = 0.0


@dataclass(frozen=True)
class Writer:
    """What answers are written with. ``budget`` is in tokens of a prompt; ``deadline`` in seconds."""

    model: ChatModel
    prompt: str = "answer-1"
    budget: int = 3000
    pricing: Pricing | None = None

    @property
    def deadline(self) -> float:
        """Seconds from asking to the last word."""
        return self.model.choice.deadline

    def write(
        self,
        question: str,
        before: str,
        answer: Answer,
        passages: Sequence[Shown],
        on_sentence: Callable[[Sequence[Sentence], Sequence[Citation]], None] | None = None,
        masker: Masker = NOTHING_MASKED,
    ) -> Draft:
        """Write an answer from these passages, best first, which were retrieved with ``answer``.

        ``on_sentence`` is given all checked sentences so far whenever there is one more. Never raises, and
        returns within the deadline.
        """
        began = time.monotonic()
        writing = _Writing(answer, passages, on_sentence, masker, began)
        try:
            outcome, why = self._written(writing, question, before, began + self.deadline)
        except Trouble as trouble:
            outcome, why = "trouble", trouble.reason
        except Exception as error:
            # Whatever it is, there is an answer without the model.
            _log.exception("writing an answer failed")
            outcome, why = "trouble", f"error: {type(error).__name__}"
        return writing.draft(outcome, why, self.pricing)

    def _written(self, writing: _Writing, question: str, before: str, until: float) -> tuple[Outcome, str]:
        if writing.answer.state == "abstain" or not writing.passages:
            return "not asked", "nothing was found"
        instructions = prompt(self.prompt)
        writing.prompt = instructions.mark
        hide = writing.masker.hide
        material = [Material(hide(p.title), hide(p.section), hide(p.text)) for p in writing.passages]
        try:
            message, sent, size = told(instructions, hide(question), hide(before), material, self.budget)
        except NoRoom:
            return "not asked", "no passage fits the budget of tokens"
        writing.sent, writing.tokens_in, writing.approximate = sent, size.tokens, True
        reply = self.model.ask([Said("system", instructions.text), Said("human", message)], until)
        try:
            for line in _lines(reply):
                writing.take(line)
        finally:
            writing.count(reply)
            reply.leave()
        if not reply.whole:
            return "not whole", f"ended with {reply.finish[:40]!r}" if reply.finish else "broken off"
        if writing.ended == "abstain":
            return "abstained", "the model found no answer in the passages"
        if writing.ended != "done":
            return "not whole", "the last line is missing"
        if not writing.sentences:
            return "nothing stood", "no sentence was borne out by the passages"
        return "written", ""


def written(answer: Answer, draft: Draft) -> Answer:
    """The answer as it is told with what the model wrote, or without.

    Where the model read the passages and found no answer in them, they are shown as the closest guidance.
    """
    if draft.outcome == "abstained" and answer.state == "answer":
        text = answer.text
        lead = "I found no clear answer. The closest guidance is:\n"
        return replace(answer, state="closest", text=lead + text)
    if draft.outcome != "written":
        return answer
    used = {c.passage for c in draft.citations}
    others = tuple(c for c in answer.citations if c.passage not in used)
    lines = [
        f"{sentence.text} {''.join(f'[{number}]' for number in sentence.cites)}"
        for sentence in draft.sentences
    ]
    sources = [_source(number, cited) for number, cited in enumerate(draft.citations, 1)]
    return replace(
        answer,
        state="answer",
        text="\n".join([" ".join(lines), *sources]),
        citations=(draft.citations + others)[: max(len(answer.citations), len(draft.citations))],
        shown=len(draft.citations),
    )


def _source(number: int, cited: Citation) -> str:
    where = f"{cited.document}, {cited.section}" if cited.section else cited.document
    stale = ", past its review date" if cited.stale else ""
    return f"[{number}] {where} ({cited.date}{stale}): “{cited.quote}”"


class _Writing:
    """One answer while it is being written."""

    def __init__(
        self,
        answer: Answer,
        passages: Sequence[Shown],
        on_sentence: Callable[[Sequence[Sentence], Sequence[Citation]], None] | None,
        masker: Masker,
        began: float,
    ) -> None:
        self.answer = answer
        cited = {c.passage: c for c in answer.citations}
        self.passages = [p for p in passages if p.id in cited]
        self.masker = masker
        self.prompt = ""
        self.sent = 0
        self.tokens_in = 0
        self.tokens_out = 0
        self.approximate = False
        self.ended = ""
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self._cited = cited
        self._dropped: Counter[str] = Counter()
        self._tell = on_sentence
        self._began = began
        self._first: float | None = None
        self._heard: list[str] = []

    def take(self, line: str) -> None:
        """One line of the reply."""
        self._heard.append(line)
        text = line.strip()
        if not text or self.ended or len(self.sentences) >= SENTENCES_AT_MOST:
            self.ended = self.ended or _end(text)
            return
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            self._dropped["not a line of JSON"] += 1
            return
        if not isinstance(said, dict):
            self._dropped["not a line of JSON"] += 1
            return
        self.ended = _end_of(said)
        if not self.ended:
            self._consider(said)

    def _consider(self, said: dict[str, Any]) -> None:
        sentence = said.get("sentence")
        if not isinstance(sentence, str) or not sentence.strip() or len(sentence) > SENTENCE_LONGEST:
            self._dropped["no sentence"] += 1
            return
        sentence = " ".join(self.masker.restore(sentence).split())
        found = self._quoted(said.get("cite"))
        if not found:
            self._dropped["no quote that stands in its passage"] += 1
            return
        quotes = [c.quote for c in found]
        wrong = objection(sentence, quotes, [h for c in found for h in (c.document, c.section)])
        if wrong:
            self._dropped[wrong] += 1
            return
        self.sentences.append(Sentence(sentence, tuple(dict.fromkeys(self._number(c) for c in found))))
        if self._first is None:
            self._first = time.monotonic()
        if self._tell is not None:
            try:
                self._tell(tuple(self.sentences), tuple(self.citations))
            except Exception:
                # Whoever shows it as it grows will show it whole at the end.
                _log.exception("a sentence could not be shown")
                self._tell = None

    def _quoted(self, cites: object) -> list[Citation]:
        """The citations of a sentence that stand, with their quotes as they are in the text."""
        found: list[Citation] = []
        for cite in cites[:CITES_AT_MOST] if isinstance(cites, list) else ():
            number = cite.get("passage") if isinstance(cite, dict) else None
            quote = cite.get("quote") if isinstance(cite, dict) else None
            if type(number) is not int or not 1 <= number <= self.sent or not isinstance(quote, str):
                continue
            passage = self.passages[number - 1]
            spans = [at - passage.begins for at in passage.sentences]
            where = verbatim(self.masker.restore(quote), passage.text, spans)
            if where is None:
                continue
            found.append(
                replace(
                    self._cited[passage.id],
                    quote=passage.text[where.start : where.end],
                    start=passage.begins + where.start,
                    end=passage.begins + where.end,
                )
            )
        return found

    def _number(self, citation: Citation) -> int:
        if citation not in self.citations:
            self.citations.append(citation)
        return self.citations.index(citation) + 1

    def count(self, reply: Reply) -> None:
        """The tokens as the provider counted them, else as we do."""
        if reply.tokens_in is not None and reply.tokens_out is not None:
            self.tokens_in, self.tokens_out, self.approximate = reply.tokens_in, reply.tokens_out, False
        else:
            self.tokens_out = tokens("\n".join(self._heard)).tokens

    def draft(self, outcome: Outcome, why: str, pricing: Pricing | None) -> Draft:
        """What came of it."""
        stands = outcome == "written"
        asked = outcome != "not asked"
        return Draft(
            outcome=outcome,
            why=why,
            sentences=tuple(self.sentences) if stands else (),
            citations=tuple(self.citations) if stands else (),
            dropped=dict(self._dropped),
            prompt=self.prompt,
            passages_sent=self.sent if asked else 0,
            tokens_in=self.tokens_in if asked else 0,
            tokens_out=self.tokens_out if asked else 0,
            approximate=self.approximate and asked,
            cost=pricing.cost(self.tokens_in, self.tokens_out) if pricing and asked else None,
            first_ms=_ms(self._first - self._began) if self._first is not None else None,
            total_ms=_ms(time.monotonic() - self._began),
        )


def _lines(reply: Reply) -> Iterator[str]:
    """The reply line by line, each as soon as it is complete. What is left at the end is a line as well."""
    held = ""
    for piece in reply.pieces():
        held += piece
        while "\n" in held:
            line, held = held.split("\n", 1)
            yield line
        if len(held) > LINE_LONGEST:
            reply.leave()
            raise Trouble("a line too long")
    if held:
        yield held


def _end(text: str) -> str:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return _end_of(said) if isinstance(said, dict) else ""


def _end_of(said: dict[str, Any]) -> str:
    return "abstain" if said.get("abstain") is True else "done" if said.get("done") is True else ""


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)
