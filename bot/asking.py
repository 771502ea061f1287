"""Questions to the playbook from a conversation, answered for whoever will read the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.audiences import audiences_of
from bot.growing import Growing
from bot.model import names_to_mask
from bot.registry import Job
from bot.spending import count_answer
from bot.views.written import half_told
from storage import consultations, traces
from storage.reading import Reading
from storage.traces import Trace
from storage.transaction import Tx
from workflows.consultation import Consultation, Quote, Sentence, Told
from workflows.consulting import Found
from workflows.words.following import follows

if TYPE_CHECKING:
    from knowledge.answering import Citation
    from knowledge.writing import Sentence as Written

QUOTES = 3
_FOLLOWED_BACK = 3


class LookedUp(NamedTuple):
    """What was found, what is told of it, and the record of how; without a playbook there is none."""

    found: Found
    told: Told
    trace: Trace | None


def look_up(
    job: Job,
    consultation: Consultation,
    growing: Growing | None = None,
    sure_only: bool = False,
    quotes_only: bool = False,
    workflow: str = "question",
) -> LookedUp:
    """What the playbook says to a question: quotes, best first, or what a model wrote from them.

    In the person's own conversation documents meant for them are looked at too; where others read along,
    only what everybody may see. What is written is shown in ``growing`` as it comes. With ``sure_only`` a
    model is asked only where the quotes answer already, with ``quotes_only`` never. What that costs is
    counted for ``workflow``.
    """
    # Imported here: an idle bot need not pay for it.
    from knowledge.replying import reply
    from knowledge.retrieval import Retriever
    from storage.corpus import is_empty

    with job.store.read() as reading:
        if is_empty(reading.connection):
            nothing = Found(state="abstain", how="nothing", probability=0.0, corpus_version=0)
            return LookedUp(nothing, Told(), None)
        directory = reading.directory()
        audiences = frozenset[str]()
        if consultation.private:
            audiences = audiences_of(consultation.asker, directory, job.program)
        after = context_of(reading, consultation)

    def show(sentences: Sequence[Written], citations: Sequence[Citation]) -> None:
        if growing is not None:
            growing.show(half_told(job, [(s.text, s.cites) for s in sentences], citations))

    replied = reply(
        job.store,
        job.retriever or Retriever(None),
        consultation.question,
        audiences,
        after,
        now=job.now,
        asker=consultation.asker,
        writer=None if quotes_only else job.writer,
        names=names_to_mask(job.settings, directory),
        on_sentence=show,
        sure_only=sure_only,
    )
    count_answer(job, replied.trace, workflow)
    answer = replied.answer
    sentences = tuple(Sentence(text=s.text, cites=s.cites) for s in replied.sentences)
    best = answer.citations[: answer.shown if sentences else QUOTES]
    with job.store.read() as reading:
        about = consultations.meant_for(reading.connection, [c.passage for c in best])
    found = Found(
        state=answer.state,
        how="model" if sentences else "quotes",
        probability=answer.probability,
        corpus_version=answer.version,
        trace=replied.trace.id,
    )
    quotes = tuple(_quote(c, *about.get(c.passage, ((), ""))) for c in best)
    return LookedUp(found, Told(quotes=quotes, sentences=sentences), replied.trace)


def keep_trace(tx: Tx, job: Job, trace: Trace | None) -> None:
    """Keep how an answer came about, together with the answer."""
    if trace is not None:
        traces.keep(tx.connection, trace, job.settings.model.trace_days)


def _quote(cited: Citation, audiences: tuple[str, ...], review_date: str) -> Quote:
    return Quote(
        text=cited.quote,
        document=cited.document,
        section=cited.section,
        path=cited.path,
        source=cited.source,
        passage=cited.passage,
        start=cited.start,
        end=cited.end,
        score=cited.score,
        date=cited.date,
        reviewed=bool(review_date),
        stale=cited.stale,
        link=cited.link,
        owner=cited.owner,
        function=cited.function,
        audiences=audiences,
    )


def context_of(reading: Reading, consultation: Consultation) -> str:
    """The question that one goes on from; with those before it where it only makes sense with these."""
    said: list[str] = []
    before = consultation.after
    for _ in range(_FOLLOWED_BACK):
        earlier = reading.consultation(before) if before else None
        if earlier is None:
            break
        said.insert(0, earlier.question)
        if not follows(earlier.question):
            break
        before = earlier.after
    return " ".join(said)
