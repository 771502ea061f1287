"""Who may do what with an incident: resolved from the program's policy, checked in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.decision import Circumstances
from workflows.expressions import environment, holds
from workflows.ids import Place, QuestionId, Subject, UserId
from workflows.incident import Incident
from workflows.incidents.policy import Right as RightName
from workflows.incidents.policy import Whom
from workflows.matter import Action
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal
from workflows.roles import resolve
from workflows.seeing import UNFINISHED
from workflows.use_case import UseCase
from workflows.working_time import by_the_clock


@dataclass(frozen=True)
class Handling:
    """Somebody does something to an incident: with all that the rules need to know."""

    incident: Incident
    use_case: UseCase | None
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None
    """Where the click happened; a refusal is whispered there, or else sent as a direct message."""
    action: Action | None = None
    """The action of it that is meant."""

    @property
    def user(self) -> UserId:
        """Who does it."""
        return self.circ.actor.user

    @property
    def now(self) -> datetime:
        """When."""
        return self.circ.now

    @property
    def subject(self) -> Subject:
        """The incident."""
        return self.incident.subject

    @property
    def detail(self) -> Mapping[str, str]:
        """Which action, for the audit log."""
        return {"action": self.action.id} if self.action else {}

    def of(self, incident: Incident) -> Handling:
        """The same with the incident as it is now."""
        return Handling(
            incident, self.use_case, self.program, self.directory, self.circ, self.at, self.action
        )


def people(
    whom: Iterable[Whom], incident: Incident, use_case: UseCase | None, program: Program, h: Known
) -> tuple[UserId, ...]:
    """Those of them who can act now, each once, in the program's order."""
    found: list[UserId] = []
    env = _environment(incident, use_case, program)
    answers = use_case.answers if use_case else {}
    for one in whom:
        if not holds(one.when, env):
            continue
        if one.role:
            found += resolve(one.role, program, answers, h.directory, h.now).people
        elif one.field:
            answer = answers.get(QuestionId(one.field))
            value = answer.value if answer else None
            found += [UserId(str(v)) for v in (value if isinstance(value, list | tuple) else [value]) if v]
        else:
            person = {"owner": incident.owner, "reporter": incident.reporter, "reviewer": incident.reviewer}
            named = person[one.of or "owner"]
            found += [named] if named else []
    return h.directory.active(tuple(found))


@dataclass(frozen=True)
class Known:
    """Who is there, and when."""

    directory: Directory
    now: datetime


def holders(right: RightName, h: Handling) -> tuple[UserId, ...]:
    """Who may do this with the incident now; the program team where nobody else is left."""
    known = Known(h.directory, h.now)
    found = people(h.program.incidents.rights.get(right, ()), h.incident, h.use_case, h.program, known)
    if found:
        return found
    answers = h.use_case.answers if h.use_case else {}
    return resolve(h.program.program_team, h.program, answers, h.directory, h.now).people


def _environment(incident: Incident, use_case: UseCase | None, program: Program) -> dict[str, Any]:
    answers = use_case.answers if use_case else {}
    assessed = use_case.assessment if use_case else None
    return {
        **environment(program.intake, answers),
        "tier": assessed.tier.tier if assessed else None,
        "kind": incident.type,
        "severity": incident.severity,
    }


def may_be_about(use_case: UseCase | None) -> UseCase | None:
    """The use case that an incident is said to be about; none for a draft, which is in no use, and whose name
    is its writer's own business."""
    return None if use_case and use_case.stage in UNFINISHED else use_case


Check = Callable[[Handling], Refusal | None]


def is_active(h: Handling) -> Refusal | None:
    """Whoever left the company, or was never in it, does nothing here."""
    return None if h.directory.person(h.user).active else Refusal("incident_not_yours", {"who": "others"})


def may(right: RightName) -> Check:
    """The program gives the person this right over this incident."""

    def check(h: Handling) -> Refusal | None:
        allowed = holders(right, h)
        if h.user in allowed:
            return None
        return Refusal("incident_not_yours", {"who": some_of(allowed, h.directory)})

    return check


def still_bad(h: Handling) -> Refusal | None:
    """It goes on."""
    return None if h.incident.bad else how_it_stands(h)


def not_over(h: Handling) -> Refusal | None:
    """There is something left to do."""
    return how_it_stands(h) if h.incident.over else None


def how_it_stands(h: Handling) -> Refusal:
    """What came of it already, when, and by whom."""
    last = next((n for n in reversed(h.incident.timeline) if n.what == h.incident.status), None)
    if last is None:
        return Refusal("incident_over")
    who = h.directory.person(last.by).name if last.by else "the clock"
    return Refusal(f"incident_already_{h.incident.status}", {"who": who, "when": clock(last.at, h)})


def clock(moment: datetime, h: Handling) -> str:
    """``09:12`` in the reader's zone, with the day where it was not today."""
    return by_the_clock(moment, h.directory.person(h.user).tz, h.now)


def some_of(users: tuple[UserId, ...], directory: Directory) -> str:
    """``Priya Shah, Tom Becker or others``."""
    names = [directory.person(u).name for u in users[:3]] + (["others"] if len(users) > 3 else [])
    if not names:
        return "the program team"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
