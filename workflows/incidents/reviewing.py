"""The review after an incident, and what closes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.decision import Decision
from workflows.effects import Effect, Post, ToPlace
from workflows.ids import UserId, WalkId
from workflows.incidents.actions import ACTION_AT_MOST, closed_if_done, end_of, handed_out
from workflows.incidents.rights import Handling, how_it_stands, is_active, may
from workflows.incidents.telling import entry, noted, redraw
from workflows.matter import Action
from workflows.refusals import Refusal, Right
from workflows.walk import Walk


def _reviewable(h: Handling) -> Refusal | None:
    """It is over; a wish for a review is never refused then, however small it was."""
    incident = h.incident
    if incident.bad:
        return Refusal("incident_not_over")
    return how_it_stands(h) if incident.status in ("dismissed", "reviewed") else None


def _closable(h: Handling) -> Refusal | None:
    """Nothing is left to do; if something is, say what."""
    incident = h.incident
    if incident.over:
        return how_it_stands(h)
    if incident.bad:
        return Refusal("incident_not_over")
    if incident.review_wanted and incident.status != "reviewed":
        return Refusal("incident_needs_review")
    left = [a for a in incident.actions if a.open]
    return Refusal("incident_needs_actions", {"count": str(len(left))}) if left else None


REVIEW = Right("incident.review", (is_active, _reviewable))
CLOSE = Right("incident.close", (is_active, _closable, may("close")))


def review_begun(h: Handling, walk: WalkId) -> Decision:
    """Somebody writes the review."""
    if h.incident.review == walk:
        return Decision()
    incident = h.incident.model_copy(update={"review": walk, "review_wanted": True})
    return Decision(
        changed=(incident,),
        entries=(entry("review_begun", incident, walk=walk),),
        effects=redraw(incident),
    )


def reviewed(h: Handling, walk: Walk) -> Decision:
    """The review is there: its actions go to their owners, and are followed until they are done."""
    incident = h.incident
    if incident.bad or incident.status in ("reviewed", "dismissed") or walk.status != "submitted":
        return Decision()
    incident = incident.model_copy(
        update={
            "status": "reviewed",
            "review": walk.id,
            "reviewer": walk.owner,
            "review_wanted": True,
            "closed_at": None,
        }
    )
    incident = noted(incident, h, "reviewed", by=walk.owner)
    h = h.of(incident)
    actions = _actions(h, walk)
    told: list[Effect] = []
    if incident.home and incident.aloud:
        told.append(
            Post(
                to=ToPlace(place=incident.home),
                kind="incident_reviewed",
                subject=incident.subject,
                key=f"incident/{incident.id}/reviewed/{walk.id}",
            )
        )
    decision = Decision(
        changed=(incident,),
        entries=(entry("reviewed", incident, walk=walk.id),),
        effects=(*told, *redraw(incident)),
    )
    if not actions:
        return decision.and_then(closed_if_done(h))
    return decision.and_then(handed_out(h, actions))


def _actions(h: Handling, walk: Walk) -> tuple[Action, ...]:
    """What the review's answers say is to be done."""
    questionnaire = h.program.questionnaires[walk.questionnaire]
    given: Mapping[str, Any] = {str(q): a.value for q, a in walk.answers.items()}
    made: list[Action] = []
    for asked in questionnaire.actions:
        text, owner, due = (given.get(str(q)) for q in (asked.text, asked.owner, asked.due))
        if not (isinstance(text, str) and text.strip()):
            continue
        who = UserId(str(owner)) if owner else walk.owner
        day = date.fromisoformat(str(due)) if due else None
        made.append(
            Action(
                id=f"T{len(h.incident.actions) + len(made) + 1}",
                text=text.strip()[:ACTION_AT_MOST],
                owner=who,
                due=end_of(day, who, h) if day else None,
                by=walk.owner,
                at=h.now,
            )
        )
    return tuple(made)


def close(h: Handling) -> Decision:
    """By hand, where no review is wanted, or where all is done."""
    refused = CLOSE.refused(h)
    if refused:
        return refused
    incident = noted(h.incident, h, "closed")
    incident = incident.model_copy(update={"status": "closed", "closed_at": h.now})
    return Decision(changed=(incident,), entries=(entry("closed", incident),), effects=redraw(incident))
