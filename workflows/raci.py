"""Who decides what about one use case, with names: gates, releases, waivers, the rights of the program."""

from __future__ import annotations

from datetime import datetime

from workflows.answers import Answers
from workflows.approval_terms import WAIVER_GATE
from workflows.deciders import waiving
from workflows.ids import Frozen, UserId
from workflows.live import Held, holders
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import resolve
from workflows.routing import Plan, plan
from workflows.use_case import UseCase


class Matter(Frozen):
    """One thing that is decided."""

    what: str
    decides: tuple[Held, ...] = ()
    together: bool = False
    """All of them have to agree; otherwise each may alone."""
    at_once: bool = False
    """Approved without anybody's decision."""
    stopped: str = ""
    """Why it is not possible at all."""
    told: tuple[UserId, ...] = ()


def raci(
    use_case: UseCase, answers: Answers, program: Program, directory: Directory, now: datetime
) -> tuple[Matter, ...]:
    """Everything that is decided about this use case as its answers stand, in the order of its life."""
    return (
        *_gates(use_case, answers, program, directory, now),
        *(
            Matter(
                what=right.label[:1].upper() + right.label[1:],
                decides=holders(right, use_case, answers, program, directory, now),
                together=right.together,
            )
            for right in program.decision_rights.rights
        ),
        *_waivers(use_case, answers, program, directory, now),
        Matter(
            what="The rules themselves",
            decides=(_role(program.program_team, answers, program, directory, now),),
        ),
    )


def _gates(
    use_case: UseCase, answers: Answers, program: Program, directory: Directory, now: datetime
) -> list[Matter]:
    if use_case.assessment is None:
        return []
    first = program.governance.gate
    gates = {first: f"Approval for {first.replace('_', ' ')}"}
    gates |= {g.id: g.label for g in program.gates.values() if g.approval}
    return [
        _matter(label, _way(gate, use_case, answers, program, directory, now))
        for gate, label in gates.items()
    ]


def _way(
    gate: str, use_case: UseCase, answers: Answers, program: Program, directory: Directory, now: datetime
) -> Plan:
    assert use_case.assessment is not None
    return plan(
        program, program.intake, answers, use_case.assessment, directory, use_case.submitter, now, gate
    )


def _matter(label: str, way: Plan) -> Matter:
    return Matter(
        what=label,
        decides=tuple(Held(label=s.label, people=s.people, quorum=s.quorum) for s in way.seats),
        together=True,
        at_once=way.automatic,
        stopped=way.stop,
        told=way.notify,
    )


def _waivers(
    use_case: UseCase, answers: Answers, program: Program, directory: Directory, now: datetime
) -> list[Matter]:
    """By the role that owns them: which controls it may waive."""
    terms = program.governance.waivers
    tier = use_case.assessment.tier.tier if use_case.assessment else None
    if tier is None or tier not in terms.days_at_most:
        return []
    controls: dict[str, list[str]] = {}
    for right in waiving(program):
        name = right.label.removeprefix("waive ")
        for holder in right.holders if right.id != "waive/" else ():
            controls.setdefault(holder.role, []).append(name)
    told = _way(WAIVER_GATE, use_case, answers, program, directory, now).notify
    return [
        Matter(
            what=f"Waive {', '.join(names)}",
            decides=(_role(role, answers, program, directory, now),),
            told=told,
        )
        for role, names in controls.items()
    ]


def _role(role: str, answers: Answers, program: Program, directory: Directory, now: datetime) -> Held:
    known = program.roles.get(role)
    people = resolve(role, program, answers, directory, now).people
    return Held(label=known.label if known else role, people=people)
