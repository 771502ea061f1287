"""Questions to the playbook for tests: an office with champions, quotes, and rules run as the store would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.workflows.office import (
    ADA,
    DANA,
    DIRECTORY,
    INES,
    LEE,
    NOW,
    OLD,
    PRIYA,
    ROLES,
    TOM,
    program,
    role,
)
from tests.workflows.office import circ as circumstances
from workflows import consulting, referring
from workflows.consultation import Consultation, Quote, Told
from workflows.consulting import Found
from workflows.decision import Decision
from workflows.ids import ConsultationId, Place, UserId
from workflows.people import Directory
from workflows.program import Consulting, Function, Resolve
from workflows.promoting import Page

GROUPS = {
    **DIRECTORY.groups,
    "fn-claims": (DANA, LEE),
    "fn-legal": (INES, TOM),
    "champions": (LEE, INES, OLD),
    "owners": (PRIYA, ADA),
}
PEOPLE = Directory(people=DIRECTORY.people, groups=GROUPS)
OFFICE = program(
    consulting=Consulting(champions="champion", corpus_owner="owner_of_the_playbook")
).model_copy(
    update={
        "roles": {
            **ROLES,
            "champion": role("champion", Resolve(group="champions")),
            "owner_of_the_playbook": role("owner_of_the_playbook", Resolve(group="owners")),
        },
        "functions": {
            "claims": Function(id="claims", label="Claims", group="fn-claims"),
            "legal": Function(id="legal", label="Legal", group="fn-legal"),
        },
        "messages": {
            key: key
            for key in (
                "answer_needed",
                "text_too_long",
                "owner_is_away",
                "pass_on_to_asker",
                "pass_on_again",
                "pass_on_too_far",
                "page_needs",
                "due_is_past",
            )
        },
    }
)
HERE = Place(channel="D0DANA", thread="1.1")
CHANNEL = Place(channel="C0GENERAL", thread="2.2")
TODAY = date(2026, 11, 23)
PAGE = Page(title="Fines", section="How high", text="Seven per cent.", review_date="2027-05-01")


def quote(text: str = "Seven per cent.", audiences: tuple[str, ...] = ("all",), **fields: Any) -> Quote:
    given: dict[str, Any] = {
        "document": "Jurisdictions",
        "section": "The AI Act",
        "path": "law.md",
        "source": "playbook",
        "passage": 1,
        "start": 0,
        "end": len(text),
        "score": 10.0,
        "date": "2027-03-15",
        "reviewed": True,
        "stale": False,
        "link": "",
        "owner": "Legal",
        "function": "legal",
        **fields,
    }
    return Quote(text=text, audiences=audiences, **given)


def asked(place: Place = HERE, asker: UserId = DANA, question: str = "How high is the fine?") -> Consultation:
    decision = consulting.ask(
        ConsultationId("Q-0001"), question, asker, place, place is HERE, circumstances(asker)
    )
    return stored(decision)


def stored(decision: Decision) -> Consultation:
    """What the store would keep of it."""
    (kept,) = decision.changed
    assert isinstance(kept, Consultation)
    return kept.model_copy(update={"revision": kept.revision + 1})


def told(state: Any, *quotes: Quote, probability: float = 0.5, **how: Any) -> tuple[Consultation, Told]:
    found = Found(state=state, how="quotes", probability=probability, corpus_version=3)
    decision, kept = consulting.answered(
        asked(**how), found, Told(quotes=quotes), OFFICE, PEOPLE, circumstances(DANA)
    )
    return stored(decision), kept


def abstained(**how: Any) -> Consultation:
    return told("abstain", **how)[0]


def do(consultation: Consultation, rule: Callable[..., Decision], user: UserId, **more: Any) -> Decision:
    now = more.pop("now", NOW)
    directory = more.pop("directory", PEOPLE)
    return rule(consultation, OFFICE, directory, circumstances(user, now), **more)


def referred() -> Consultation:
    return stored(do(abstained(), referring.refer, DANA))


def offered() -> Consultation:
    return stored(do(referred(), referring.answer_referral, LEE, referral="R1", text="Seven."))
