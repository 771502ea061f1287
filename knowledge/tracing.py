"""Makes the record of an answer: by which settings it was found, and what became of each passage."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache

from knowledge import answering, evidence, query, retrieval
from knowledge.answering import Answer
from knowledge.retrieval import Retriever
from knowledge.writing import Draft, Writer
from storage.traces import Trace, TracedPassage, new_id


@lru_cache(maxsize=8)
def fingerprint(embedded_by: str) -> str:
    """Changes with every constant that ranking and certainty rest on, and with the embedding model."""
    settled = [
        f"{module.__name__}.{name}={value!r}"
        for module in (answering, evidence, query, retrieval)
        for name, value in sorted(vars(module).items())
        if name.isupper() and isinstance(value, int | float | tuple | str)
    ]
    return hashlib.sha256("\n".join([*settled, embedded_by]).encode()).hexdigest()[:12]


def trace(
    question: str,
    after: str,
    asker: str,
    now: datetime,
    retriever: Retriever,
    found: Answer,
    told: Answer,
    retrieval_ms: float,
    draft: Draft | None = None,
    writer: Writer | None = None,
    masked: bool = False,
) -> Trace:
    """The record of an answer: ``found`` is what retrieval came to, ``told`` what was answered in the end."""
    sent = draft.passages_sent if draft else 0
    quoted = {c.passage for c in told.citations[: told.shown]}
    passages = tuple(
        TracedPassage(
            passage=c.passage,
            source=c.source,
            path=c.path,
            section=c.section,
            start=c.start,
            end=c.end,
            score=c.score,
            sent=number < sent,
            cited=c.passage in quoted,
        )
        for number, c in enumerate(found.citations)
    )
    return Trace(
        id=new_id(),
        at=now,
        question=question,
        asker=asker,
        after=after,
        state=told.state,
        how="model" if draft and draft.outcome == "written" else "quotes",
        probability=round(found.probability, 4),
        corpus_version=found.version,
        retrieval=fingerprint(retriever.fingerprint if found.by_meaning else ""),
        passages=passages,
        model=writer.model.choice.model if writer else "",
        prompt=draft.prompt if draft else "",
        masked=masked and sent > 0,
        outcome=draft.outcome if draft else "",
        why=draft.why if draft else "",
        dropped=draft.dropped if draft else {},
        tokens_in=draft.tokens_in if draft else 0,
        tokens_out=draft.tokens_out if draft else 0,
        approximate=draft.approximate if draft else False,
        cost=draft.cost if draft else None,
        retrieval_ms=round(retrieval_ms, 2),
        first_sentence_ms=draft.first_ms if draft else None,
        model_ms=draft.total_ms if draft else None,
        total_ms=round(retrieval_ms + (draft.total_ms if draft else 0.0), 2),
    )
