"""The card of a handed question: where it goes, and what draws it again."""

from __future__ import annotations

from workflows.decision import Circumstances
from workflows.effects import Effect, Forget, Post, Refresh, ShowHome, ToPerson
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


def no_longer_wanted(walk: Walk, circ: Circumstances) -> tuple[Walk, tuple[Effect, ...]]:
    """The walk at its end: whoever was asked something need not answer it any more."""
    open_ = [a for a in walk.assignments if a.open]
    if not open_:
        return walk, ()
    ended = {"dropped_at": circ.now, "ended": "taken_back", "ended_by": circ.actor.user, "claim": None}
    kept = tuple(a.model_copy(update=ended) if a.open else a for a in walk.assignments)
    effects: list[Effect] = []
    for found in open_:
        effects += [*redrawn(walk, found), Forget(key=nudge_key(walk, found.id)), ShowHome(user=found.to)]
    return walk.model_copy(update={"assignments": kept}), tuple(effects)


def nudge_key(walk: Walk, id: str) -> str:
    """The key of the planned reminder."""
    return f"assignment/{walk.id}/{id}"


def _name(id: str) -> str:
    return f"assignment:{id}"
