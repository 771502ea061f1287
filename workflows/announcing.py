"""A use case has moved: everyone named in it hears of it, with who did it and why."""

from __future__ import annotations

from workflows.decision import Circumstances
from workflows.effects import Effect, Post, Refresh, ShowHome, ToPerson, ToPlace
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.seeing import people_in
from workflows.use_case import UseCase

READINESS_CARD = "readiness"
"""The card of a use case that says what is missing; it is redrawn when anything about it changes."""
DECLARED_CARD = "declared"
"""The card of a tool that was declared, which says whether somebody sees to it."""
OFFER_CARD = "assess_offer"
"""The card that proposes assessments; what was taken up since loses its button."""


def concerned(use_case: UseCase, program: Program, directory: Directory) -> tuple[UserId, ...]:
    """Its submitter and everyone named as an owner, those who are still here, each once."""
    return directory.active((use_case.submitter, *people_in(use_case, program)))


def announced(
    use_case: UseCase,
    before: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    by: UserId | None,
    why: str = "",
) -> tuple[Effect, ...]:
    """The messages about a move from ``before`` to where it is now; ``by`` nobody in particular: a decision.

    The submitter reads it in the thread of the use case, everyone else in their direct message.
    """
    data = {"from": before, "to": use_case.stage, "by": by, "why": why}
    told: list[Effect] = []
    for user in concerned(use_case, program, directory):
        home = use_case.home if user == use_case.submitter else None
        to = ToPlace(place=home) if home else ToPerson(user=user)
        told.append(Post(to=to, kind="stage_moved", subject=use_case.subject, data=data))
        told.append(ShowHome(user=user))
    return (*told, Refresh(subject=use_case.subject, card=READINESS_CARD))
