"""Taking up a walk that is there already: a draft of one's own, or a checklist that several keep."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.asking import OVER, decided, entry, reopened, say, stands_open, title_of, touched
from workflows.beginning import open_walk
from workflows.decision import Circumstances, Decision
from workflows.ids import Place, Subject, UserId
from workflows.moving import repeated
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Questionnaire
from workflows.taking_part import TAKE_PART, Part
from workflows.talks import folded_decision, seen, whose
from workflows.use_case import UseCase
from workflows.walk import Walk


def under_way(
    walks: Iterable[Walk], questionnaire: Questionnaire, matter: Subject | None, user: UserId
) -> Walk | None:
    """Of the walks about a use case (or the company) the one to go on with: the checklist as it stands, or
    the person's own that is not finished."""
    for walk in walks:
        if walk.questionnaire != questionnaire.id or walk.matter != matter:
            continue
        if questionnaire.kind == "checklist" and walk.status not in ("cancelled", "expired"):
            return walk
        if walk.owner == user and walk.status not in OVER:
            return walk
    return None


def go_on(
    walk: Walk,
    use_case: UseCase | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    place: Place | None = None,
) -> Decision:
    """Ask the person what is open in the walk: in ``place``, else where they left it, else in a new thread.

    Whatever they put off in a checklist before is asked again.
    """
    refused = TAKE_PART.refused(Part(walk, use_case, program, directory, circ, place))
    if refused is not None:
        return refused
    user = circ.actor.user
    who = whose(walk, user)
    here = seen(walk, who, user)
    if place is not None:
        here = here.model_copy(update={"place": place})
    if here.ask == 0:
        opening = here.model_copy(update={"status": "opening"})
        return folded_decision(walk, open_walk(opening, use_case, {}, program, directory, circ), who)
    skipped = () if stands_open(walk, program) else here.skipped
    there, effects = repeated(touched(reopened(here, program), circ, skipped=skipped), program)
    greeting = say(there, "resumed", title=title_of(walk, use_case, program))
    done = decided(there, [greeting, *effects], [entry(there, "resumed")], program, circ)
    return folded_decision(walk, done, who)
