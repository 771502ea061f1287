"""Who may hand a question to somebody, answer one that was handed to them, decline it, or remind."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.asking import OVER, stands_open
from workflows.calendars import work_times
from workflows.decision import Circumstances
from workflows.ids import Place, QuestionId, Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.seeing import spoken_of
from workflows.taking_part import takes_part
from workflows.use_case import UseCase
from workflows.walk import Assignment, Walk
from workflows.working_time import by_the_clock


@dataclass(frozen=True)
class Asked:
    """Somebody does something about a question that is, or is to be, handed to somebody."""

    walk: Walk
    use_case: UseCase | None
    program: Program
    directory: Directory
    circ: Circumstances
    question: QuestionId | None = None
    assignment: Assignment | None = None
    at: Place | None = None

    @property
    def user(self) -> UserId:
        """Who acts."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The walk."""
        return self.walk.subject

    @property
    def detail(self) -> dict[str, str]:
        """The assignment or the question, for the audit log."""
        if self.assignment is not None:
            return {"assignment": self.assignment.id}
        return {"question": str(self.question or "")}


def _is_open(asked: Asked) -> Refusal | None:
    return Refusal("assignment_over") if asked.walk.status in OVER else None


def _has_a_say(asked: Asked) -> Refusal | None:
    """Whoever takes part in the walk, or was asked this very question."""
    if takes_part(asked.walk, asked.use_case, asked.user, asked.program, asked.directory, asked.circ.now):
        return None
    theirs = any(
        a.open and a.to == asked.user and a.question == asked.question for a in asked.walk.assignments
    )
    if theirs and asked.directory.person(asked.user).active:
        return None
    if stands_open(asked.walk, asked.program):
        return Refusal("not_your_checklist", {"title": spoken_of(asked.use_case, asked.user)})
    return Refusal("not_your_draft", {"owner": asked.directory.person(asked.walk.owner).name})


def _is_theirs(asked: Asked) -> Refusal | None:
    found = asked.assignment
    if found is None:
        return Refusal("assignment_gone")
    if found.to == asked.user and asked.directory.person(asked.user).active:
        return None
    return Refusal("assignment_not_yours", {"who": asked.directory.person(found.to).name})


def _is_wanted(asked: Asked) -> Refusal | None:
    found = asked.assignment
    if found is None or found.open:
        return None
    person = asked.directory.person(asked.user)
    if found.ended == "answered" and found.ended_by and found.dropped_at:
        when = by_the_clock(found.dropped_at, person.tz, asked.circ.now)
        who = asked.directory.person(found.ended_by).name
        return Refusal("assignment_answered_already", {"who": who, "when": when})
    return Refusal("assignment_not_wanted")


def _not_today(asked: Asked) -> Refusal | None:
    """Whoever was reminded today is left in peace until their next day."""
    found = asked.assignment
    if found is None or found.nudged_at is None:
        return None
    times = work_times(found.to, asked.directory, asked.program.working_time)
    if times.day_of(found.nudged_at) != times.day_of(asked.circ.now):
        return None
    return Refusal("nudged_today", {"who": asked.directory.person(found.to).name})


def _is_there(asked: Asked) -> Refusal | None:
    return Refusal("assignment_gone") if asked.assignment is None else None


ASSIGN = Right("assignment.made", (_is_open, _has_a_say))
"""To hand a question to somebody, or on to somebody else."""
ANSWER = Right("assignment.answered", (_is_theirs, _is_open, _is_wanted))
DECLINE = Right("assignment.declined", (_is_theirs, _is_open, _is_wanted))
NUDGE = Right("assignment.nudged", (_is_there, _is_open, _has_a_say, _is_wanted, _not_today))
