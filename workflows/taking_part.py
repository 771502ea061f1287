"""Who may take part in a walk besides whoever began it: one right, asked by every action on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.asking import questionnaire_of
from workflows.decision import Circumstances
from workflows.ids import Place, Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Questionnaire
from workflows.refusals import Refusal, Right
from workflows.roles import resolve
from workflows.seeing import people_in, spoken_of
from workflows.use_case import UseCase
from workflows.walk import Walk


@dataclass(frozen=True)
class Part:
    """Somebody does something in a walk."""

    walk: Walk
    use_case: UseCase | None
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None

    @property
    def subject(self) -> Subject:
        """The walk."""
        return self.walk.subject

    @property
    def detail(self) -> dict[str, str]:
        """The questionnaire, for the audit log."""
        return {"questionnaire": self.walk.questionnaire}


def takes_part(
    walk: Walk,
    use_case: UseCase | None,
    user: UserId,
    program: Program,
    directory: Directory,
    now: datetime,
) -> bool:
    """Whether this person may answer in it: whoever began it and the helpers invited; a checklist is for all
    who are named in the use case, and for the program team."""
    if user == walk.owner:
        return True
    if not directory.person(user).active:
        return False
    if user in walk.helpers:
        return True
    if questionnaire_of(walk, program).kind != "checklist" or use_case is None:
        return False
    return works_on(use_case, user, program, directory, now)


def works_on(use_case: UseCase, user: UserId, program: Program, directory: Directory, now: datetime) -> bool:
    """Whether this person works on the use case: submitted it, is named in it, or is of the program team."""
    if not directory.person(user).active:
        return False
    if user == use_case.submitter or user in people_in(use_case, program):
        return True
    team = resolve(program.program_team, program, use_case.answers, directory, now)
    return user in team.people


def _takes_part(part: Part) -> Refusal | None:
    if takes_part(
        part.walk, part.use_case, part.circ.actor.user, part.program, part.directory, part.circ.now
    ):
        return None
    if questionnaire_of(part.walk, part.program).kind == "checklist":
        return Refusal("not_your_checklist", {"title": spoken_of(part.use_case, part.circ.actor.user)})
    return Refusal("not_your_draft", {"owner": part.directory.person(part.walk.owner).name})


def _owns(part: Part) -> Refusal | None:
    if part.circ.actor.user == part.walk.owner:
        return None
    return Refusal("only_the_owner", {"owner": part.directory.person(part.walk.owner).name})


TAKE_PART = Right("walk.acted_on_by_another", (_takes_part,))
"""To answer and to move about in it."""
OWN = Right("walk.acted_on_by_another", (_takes_part, _owns))
"""To submit it, put it away, and say who helps."""


@dataclass(frozen=True)
class Wanted:
    """Somebody wants to begin a walk about a use case, or about the company."""

    questionnaire: Questionnaire
    use_case: UseCase | None
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None

    @property
    def subject(self) -> Subject:
        """The use case, else the person."""
        return self.use_case.subject if self.use_case else Subject(type="person", id=self.circ.actor.user)

    @property
    def detail(self) -> dict[str, str]:
        """The questionnaire, for the audit log."""
        return {"questionnaire": self.questionnaire.id}


def _may_open(wanted: Wanted) -> Refusal | None:
    use_case, circ = wanted.use_case, wanted.circ
    if use_case is None:
        return None
    if works_on(use_case, circ.actor.user, wanted.program, wanted.directory, circ.now):
        return None
    return Refusal("not_your_checklist", {"title": spoken_of(use_case, circ.actor.user)})


OPEN = Right("walk.opened", (_may_open,))
"""To begin a checklist or an assessment: about a use case, for those who work on it."""
