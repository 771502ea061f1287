"""Spans: from when to when something stood, repeated from states so that the database can count them.

They say nothing of people, and nothing that the state does not say; the stages of a use case are the one kind
whose past is not in the state (``storage.projections`` keeps those).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from workflows.approval import Approval, Seat
from workflows.contract import Contract
from workflows.decision import Aggregate
from workflows.incident import Incident
from workflows.seats import decided, rejected
from workflows.use_case import UseCase
from workflows.waiver import Waiver
from workflows.walk import Walk

STAGE = "stage"
"""The kind of a use case's stages; ``label`` is the stage."""


class Span(NamedTuple):
    """One span of a subject; kind and item name it within the subject."""

    kind: str
    """``seat``, ``waiver``, ``incident``, ``detect``, ``recover``, ``breach``, ``evidence``, ``override``."""
    item: str
    use_case: str
    label: str
    """Of a seat its role, of a waiver its control, of an incident its severity, of evidence its checklist."""
    outcome: str
    """How it ended, or how it stands."""
    begins: datetime
    due: datetime | None
    """When it ought to end, or runs out."""
    ends: datetime | None
    """``None``: it still stands."""


SPANNING = (Approval, Waiver, Incident, Contract, Walk, UseCase)
"""The kinds that have any."""


def spans_of(aggregate: Aggregate) -> set[Span]:
    """The spans of this state, but stages."""
    return set(_spans(aggregate))


def _spans(aggregate: Aggregate) -> Iterator[Span]:
    match aggregate:
        case Approval():
            yield from (_seat(aggregate, seat) for seat in aggregate.seats if seat.opened_at)
        case Waiver():
            yield from _waiver(aggregate)
        case Incident():
            yield from _incident(aggregate)
        case Contract():
            yield from _breaches(aggregate)
        case Walk() if aggregate.status not in ("cancelled", "expired"):
            yield from _evidence(aggregate)
        case UseCase():
            for o in aggregate.overrides:
                item = f"{o.scorecard}/{o.dimension}"
                yield Span("override", item, aggregate.id, o.scorecard, "", o.at, None, None)


def _seat(approval: Approval, seat: Seat) -> Span:
    assert seat.opened_at is not None
    outcome, ends = "", None
    if rejected(seat):
        outcome, ends = "rejected", next(v.at for v in seat.verdicts if v.choice == "reject")
    elif decided(seat):
        outcome, ends = "approved", sorted(v.at for v in seat.verdicts)[seat.quorum - 1]
    elif approval.status != "waiting":
        outcome, ends = "dropped", approval.closed_at
    return Span("seat", seat.id, approval.use_case, seat.role, outcome, seat.opened_at, seat.due, ends)


def _waiver(waiver: Waiver) -> Iterator[Span]:
    begun = next((n.at for n in waiver.timeline if n.what == "in_force"), None)
    if begun is None and waiver.status == "in_force":
        begun = waiver.opened_at
    if begun is not None:
        ends, due = waiver.closed_at, waiver.expires_at
        yield Span("waiver", "", waiver.use_case, waiver.control, waiver.status, begun, due, ends)


def _incident(incident: Incident) -> Iterator[Span]:
    if incident.status == "dismissed":
        return
    about, label, status = incident.use_case or "", incident.severity, incident.status
    opened, began = incident.opened_at, min(incident.began_at, incident.opened_at)
    yield Span("incident", "", about, label, status, opened, None, incident.closed_at)
    yield Span("detect", "", about, label, status, began, None, opened)
    yield Span("recover", "", about, label, status, opened, None, incident.recovered_at)


def _breaches(contract: Contract) -> Iterator[Span]:
    """One row for the breach, and one for each use case that relies on the contract."""
    for breach in contract.breaches:
        for consumer in ("", *contract.consumers):
            item = f"{breach.id}/{consumer}" if consumer else breach.id
            yield Span(
                "breach", item, consumer, breach.id, breach.severity, breach.at, None, breach.closed_at
            )


def _evidence(walk: Walk) -> Iterator[Span]:
    for question, answer in walk.answers.items():
        value: Any = answer.value
        if not isinstance(value, dict) or value.get("state") != "yes":
            continue
        for n, piece in enumerate(value.get("evidence") or ()):
            until = piece.get("expires_at")
            yield Span(
                "evidence", f"{question}#{n}", walk.about, walk.questionnaire, str(question),
                datetime.fromisoformat(piece["at"]),
                datetime.fromisoformat(until) if until else None,
                None,
            )  # fmt: skip
