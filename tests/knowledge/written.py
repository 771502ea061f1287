"""Passages and the answer that retrieval gave with them, for tests of what a model writes from these."""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge.answering import Answer, Citation, State
from knowledge.chat_model import ChatModel, Choice
from knowledge.sentences import sentences
from knowledge.writing import Pricing, Writer
from storage.corpus_search import Shown

STOP = (
    "The risk owner may stop any release at once, without asking anyone. "
    "The engineer on call may do the same."
)
BACK = "A release is rolled back within one hour.\nThe last good version is kept for 90 days."


def passage(id: int, text: str, title: str = "Rollback and stop-ship", section: str = "How fast") -> Shown:
    begins = 100 * id
    spans = [begins + at for pair in sentences(text, 0, len(text)) for at in pair]
    return Shown(
        id=id,
        document=id,
        root="book",
        path=f"document-{id}.md",
        title=title,
        section=section,
        begins=begins,
        ends=begins + len(text),
        sentences=tuple(spans),
        indexed=text,
        text=text,
        link="",
        owner="Platform team",
        function="it",
        review_date="2027-03-31",
        read_at=datetime(2026, 5, 4, tzinfo=UTC),
    )


PASSAGES = (passage(1, STOP, section="Who may stop it"), passage(2, BACK))


def found(passages: tuple[Shown, ...] = PASSAGES, state: State = "answer") -> Answer:
    """What retrieval says: the passages whole, as quotes."""
    citations = tuple(
        Citation(
            document=p.title,
            path=p.path,
            section=p.section,
            quote=p.text,
            start=p.begins,
            end=p.ends,
            score=0.5,
            passage=p.id,
            source=p.root,
            link=p.link,
            owner=p.owner,
            function=p.function,
            date=p.review_date,
            stale=False,
        )
        for p in passages
    )
    return Answer(state, "the quotes", citations, len(citations), 0.9, True, 3)


def writer(url: str, deadline: float = 5.0, budget: int = 3000) -> Writer:
    """What writes through the server at ``url``, its libraries loaded: that is no part of the deadline."""
    model = ChatModel(Choice("openai:stand-in", base_url=url, key="sk-test", deadline=deadline))
    model.load()
    return Writer(model, budget=budget, pricing=Pricing(1.0, 10.0))
