"""Questions to the playbook from a conversation, answered for whoever will read the answer."""

from __future__ import annotations

from bot.audiences import audiences_of
from bot.registry import Job
from storage import consultations
from storage.reading import Reading
from workflows.consultation import Consultation, Quote, Told
from workflows.consulting import Found
from workflows.words.following import follows

QUOTES = 3
_FOLLOWED_BACK = 3


def look_up(job: Job, consultation: Consultation) -> tuple[Found, Told]:
    """What the playbook says to a question, with the quotes to show, best first.

    In the person's own conversation documents meant for them are looked at too; where others read along,
    only what everybody may see.
    """
    # Imported here: an idle bot need not pay for it.
    from knowledge.answering import answer
    from knowledge.retrieval import Retriever
    from storage.corpus import documents

    retriever = job.retriever or Retriever(None)
    with job.store.read() as reading:
        if not documents(reading.connection):
            return Found(state="abstain", how="nothing", probability=0.0, corpus_version=0), Told()
        audiences = frozenset[str]()
        if consultation.private:
            audiences = audiences_of(consultation.asker, reading.directory(), job.program)
        after = context_of(reading, consultation)
        today = job.now.date().isoformat()
        found = answer(retriever, reading, consultation.question, audiences, after, today)
        best = found.citations[:QUOTES]
        about = consultations.meant_for(reading.connection, [c.passage for c in best])
    nobody: tuple[tuple[str, ...], str] = ((), "")
    quotes = tuple(
        Quote(
            text=c.quote,
            document=c.document,
            section=c.section,
            path=c.path,
            source=c.source,
            passage=c.passage,
            start=c.start,
            end=c.end,
            score=c.score,
            date=c.date,
            reviewed=bool(about.get(c.passage, nobody)[1]),
            stale=c.stale,
            link=c.link,
            owner=c.owner,
            function=c.function,
            audiences=about.get(c.passage, nobody)[0],
        )
        for c in best
    )
    how = Found(state=found.state, how="quotes", probability=found.probability, corpus_version=found.version)
    return how, Told(quotes=quotes)


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
