"""Naming an owner who is missing: nobody was named, has left, or is two that must not be one person.

Another owner in place of one who is there is a change of the record (:mod:`workflows.changing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.announcing import READINESS_CARD
from workflows.answers import Answer
from workflows.decision import Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Post, Refresh, ShowHome, ToPerson
from workflows.gating import may_work_on
from workflows.ids import Place, QuestionId, Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right


@dataclass(frozen=True)
class Naming:
    """Somebody says who is an owner of a use case."""

    question: QuestionId
    dossier: Dossier
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> Subject:
        """The use case."""
        return self.dossier.use_case.subject

    @property
    def label(self) -> str:
        """What the owner is called, within a sentence."""
        return self.program.intake.question(self.question).label.lower()


def may_name(attempt: Naming) -> Refusal | None:
    """Those who work on it."""
    return may_work_on(
        attempt.dossier.use_case,
        attempt.program,
        attempt.directory,
        attempt.circ.actor.user,
        attempt.circ.now,
    )


def is_wanted(attempt: Naming) -> Refusal | None:
    """Nobody able is named, or somebody who must not be this one too."""
    named = attempt.dossier.named(attempt.question)
    if named is None or not attempt.directory.person(named).active or clashes(attempt, named):
        return None
    who = attempt.directory.person(named).name
    return Refusal("owner_there_already", {"who": who, "what": attempt.label})


NAME: Right[Naming] = Right("owner.named", (may_name, is_wanted))
"""To name an owner who is missing."""


def clashes(attempt: Naming, user: UserId) -> str:
    """Which other owner this person is already that must be somebody else, in words; empty where none."""
    for gate in attempt.program.gates.values():
        for group in gate.apart:
            if attempt.question in group:
                for other in group:
                    if other != attempt.question and attempt.dossier.named(other) == user:
                        return attempt.program.intake.question(other).label.lower()
    return ""


def name_owner(attempt: Naming, user: UserId) -> Decision:
    """Keep who it is, and tell them. What is wrong with the choice is a problem of the field ``user``."""
    refused = NAME.refused(attempt)
    if refused:
        return refused
    program, directory, circ = attempt.program, attempt.directory, attempt.circ
    if not directory.person(user).active:
        return Decision(problems={"user": program.messages["owner_not_here"]})
    clash = clashes(attempt, user)
    if clash:
        who = directory.person(user).name
        return Decision(problems={"user": program.messages["owner_apart"].format(who=who, what=clash)})
    use_case = attempt.dossier.use_case
    answer = Answer(value=user, how="form", by=circ.actor.user, at=circ.now)
    named = use_case.model_copy(update={"answers": {**use_case.answers, attempt.question: answer}})
    before = attempt.dossier.named(attempt.question)
    detail = {"question": attempt.question, "from": before, "to": user}
    told = Post(
        to=ToPerson(user=user),
        kind="said",
        subject=use_case.subject,
        data={
            "message": "owner_named_you",
            "values": {
                "by": directory.person(circ.actor.user).name,
                "what": attempt.label,
                "title": use_case.title,
                "id": use_case.id,
            },
        },
    )
    return Decision(
        changed=(named,),
        entries=(Entry(action="owner.named", subject=use_case.subject, detail=detail),),
        effects=(
            *((told,) if user != circ.actor.user else ()),
            Refresh(subject=use_case.subject, card=READINESS_CARD),
            ShowHome(user=user),
        ),
    )
