"""Questions to the playbook from a conversation, answered for whoever will read the answer."""

from __future__ import annotations

from typing import Any

from bot.audiences import audiences_of
from bot.registry import Job
from workflows.ids import Place, UserId

QUOTES = 3


def from_the_playbook(job: Job, question: str, user: UserId, place: Place) -> dict[str, Any] | None:
    """The state of the answer and its quotes, as a message carries them; ``None`` without a playbook.

    In the person's own conversation documents meant for them are looked at too; where others read along,
    only what everybody may see.
    """
    if job.retriever is None:
        return None
    # Imported here: an idle bot need not pay for it.
    from knowledge.answering import answer
    from storage.corpus import documents

    with job.store.read() as reading:
        if not documents(reading.connection):
            return None
        private = place.channel.startswith("D")
        audiences = audiences_of(user, reading.directory(), job.program) if private else frozenset[str]()
        found = answer(job.retriever, reading, question, audiences, today=job.now.date().isoformat())
    return {
        "question": question[:500],
        "state": found.state,
        "quotes": [
            {
                "text": c.quote,
                "document": c.document,
                "section": c.section,
                "date": c.date,
                "stale": c.stale,
                "link": c.link,
            }
            for c in found.citations[:QUOTES]
        ],
    }
