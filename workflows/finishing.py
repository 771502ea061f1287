"""The end of a walk that is no intake: a result, kept in the record; a checklist has none and stays open."""

from __future__ import annotations

from workflows import results
from workflows.asking import (
    OVER,
    closing,
    decided,
    entry,
    move_on,
    old_button,
    post,
    questionnaire_of,
    stands_open,
    touched,
    unplan,
)
from workflows.decision import Circumstances, Decision
from workflows.effects import Effect, Refresh, ShowHome
from workflows.handed_cards import no_longer_wanted
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import missing
from workflows.taking_part import OWN, Part
from workflows.use_case import UseCase
from workflows.walk import Walk


def finish(
    walk: Walk, use_case: UseCase | None, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """End the walk with what it holds; what follows, :func:`workflows.results.finished` says.

    With answers missing it does not end, and the review card offers to add each. Of a checklist the card is
    shown, and it stays open.
    """
    refused = OWN.refused(Part(walk, use_case, program, directory, circ))
    if stands_open(walk, program):
        there, effects = move_on(touched(walk, circ), program)
        return decided(there, effects, [entry(there, "shown")], program, circ)
    if refused is not None:
        return refused
    if walk.status in OVER or walk.status == "opening":
        return old_button(walk, circ)
    gaps = missing(questionnaire_of(walk, program), walk)
    if gaps:
        there = touched(walk, circ, status="reviewing", asking=None, ask=walk.ask + 1)
        still = entry(there, "submit", refused=True, missing=[q.id for q in gaps])
        shown: list[Effect] = [*closing(walk), post(there, "review", "review")]
        return decided(there, shown, [still, entry(there, "reviewing")], program, circ)
    ended, settled = no_longer_wanted(touched(walk, circ, status="submitted", asking=None), circ)
    first = Decision(
        changed=(ended,),
        entries=(entry(ended, "submitted", answers=len(ended.answers)),),
        effects=(
            *closing(walk),
            Refresh(subject=walk.subject, card="review"),
            *settled,
            *unplan(walk),
            ShowHome(user=walk.owner),
        ),
    )
    return first.and_then(results.finished(ended, use_case, program, directory, circ))
