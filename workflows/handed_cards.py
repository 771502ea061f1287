"""The card of a handed question: where it goes, and what draws it again."""

from __future__ import annotations

from workflows.effects import Effect, Post, Refresh, ToPerson
from workflows.walk import Assignment, Walk


def card_of(walk: Walk, assignment: Assignment) -> Post:
    """The question in the direct message of whoever was asked."""
    return Post(
        to=ToPerson(user=assignment.to),
        kind="assignment",
        subject=walk.subject,
        data={"assignment": assignment.id},
        card=_name(assignment.id),
    )


def redrawn(walk: Walk, assignment: Assignment) -> tuple[Effect, ...]:
    """Its card, drawn again wherever it is."""
    return (Refresh(subject=walk.subject, card=_name(assignment.id)),)


def nudge_key(walk: Walk, id: str) -> str:
    """The key of the planned reminder."""
    return f"assignment/{walk.id}/{id}"


def _name(id: str) -> str:
    return f"assignment:{id}"
