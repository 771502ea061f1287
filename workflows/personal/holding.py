"""Legal holds: while one stands, nothing of the use case is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workflows.decision import Circumstances, Decision, Entry
from workflows.ids import Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.roles import resolve
from workflows.use_case import Hold, UseCase


@dataclass(frozen=True)
class Holding:
    """Somebody sets or ends a hold."""

    use_case: UseCase
    program: Program
    directory: Directory
    circ: Circumstances
    reason: str
    at: None = None

    @property
    def subject(self) -> Subject:
        """The use case."""
        return self.use_case.subject

    @property
    def detail(self) -> dict[str, str]:
        """Nothing more for the log."""
        return {}


def may_hold(holding: Holding) -> Refusal | None:
    """Only the people of the roles that the program names."""
    user, program = holding.circ.actor.user, holding.program
    if holding.directory.person(user).active:
        for role in program.retention.holds:
            found = resolve(role, program, holding.use_case.answers, holding.directory, holding.circ.now)
            if user in found.people and not found.unresolved:
                return None
    labels = [program.roles[r].label for r in program.retention.holds if r in program.roles]
    return Refusal("hold_not_yours", {"who": " or ".join(labels) or "nobody in this program"})


def has_a_reason(holding: Holding) -> Refusal | None:
    """Why has to be said, in a few words at least."""
    return None if len(holding.reason.strip()) > 2 else Refusal("hold_reason", {"id": holding.use_case.id})


def stands(holding: Holding) -> Refusal | None:
    """There has to be one, to be ended."""
    return None if holding.use_case.held else Refusal("hold_none", {"id": holding.use_case.id})


def stands_not(holding: Holding) -> Refusal | None:
    """One at a time."""
    return Refusal("hold_there", {"id": holding.use_case.id}) if holding.use_case.held else None


SET: Right[Holding] = Right("hold.set", (may_hold, stands_not, has_a_reason))
END: Right[Holding] = Right("hold.end", (may_hold, stands, has_a_reason))


def hold(holding: Holding, what: Literal["set", "end"]) -> Decision:
    """Set or end the hold, by its right; a refusal says why."""
    refused = (SET if what == "set" else END).refused(holding)
    if refused:
        return refused
    use_case, circ = holding.use_case, holding.circ
    user: UserId = circ.actor.user
    if what == "set":
        holds = (*use_case.holds, Hold(by=user, at=circ.now, reason=holding.reason))
    else:
        over = {"ended_by": user, "ended_at": circ.now, "ended_why": holding.reason}
        holds = (*use_case.holds[:-1], use_case.holds[-1].model_copy(update=over))
    entry = Entry(action=f"hold.{what}", subject=use_case.subject, detail={"reason": holding.reason})
    return Decision(changed=(use_case.model_copy(update={"holds": holds}),), entries=(entry,))
