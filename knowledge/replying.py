"""One answer from question to record: looked up, written by a model where one is set, and traced."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.answering import Answer, Citation, answer
from knowledge.masking import NOTHING_MASKED, Masker
from knowledge.retrieval import Retriever
from knowledge.tracing import trace
from knowledge.writing import Sentence, Writer, written
from storage.corpus_search import show
from storage.store import Store
from storage.traces import Trace

OnSentence = Callable[[Sequence[Sentence], Sequence[Citation]], None]


@dataclass(frozen=True)
class Replied:
    """The answer, the sentences of one that a model wrote (else none), and the record of both."""

    answer: Answer
    sentences: tuple[Sentence, ...]
    trace: Trace


def reply(
    store: Store,
    retriever: Retriever,
    question: str,
    audiences: Collection[str] = (),
    after: str = "",
    *,
    now: datetime,
    asker: str = "",
    writer: Writer | None = None,
    names: Collection[str] | None = None,
    on_sentence: OnSentence | None = None,
    sure_only: bool = False,
) -> Replied:
    """Answer a question for someone of these audiences; ``after`` is the question it goes on from.

    With ``writer`` a model writes the answer where retrieval found something (``sure_only``: only where that
    is an answer already); ``names``, if given, are those of the people to mask. No transaction is open while
    the model writes. The trace is the caller's to keep.
    """
    began = time.perf_counter()
    with store.read() as reading:
        found = answer(retriever, reading, question, audiences, after, now.date().isoformat())
        passages = []
        if writer is not None and found.state != "abstain":
            ids = [c.passage for c in found.citations]
            shown = show(reading.connection, ids, audiences)
            passages = [shown[id] for id in ids if id in shown]
    searched = 1000 * (time.perf_counter() - began)
    if writer is None or (sure_only and found.state != "answer"):
        return Replied(found, (), trace(question, after, asker, now, retriever, found, found, searched))
    masker = NOTHING_MASKED if names is None else Masker(names)
    draft = writer.write(question, after, found, passages, on_sentence, masker)
    told = written(found, draft)
    record = trace(
        question, after, asker, now, retriever, found, told, searched, draft, writer, names is not None
    )
    return Replied(told, draft.sentences, record)
