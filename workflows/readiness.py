"""Whether a use case may pass a gate, and exactly what is missing: from its dossier, at one moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from workflows.approval import Approval
from workflows.checklist_state import ItemState, items_of
from workflows.dossier import Dossier
from workflows.evaluation import evaluation_gaps
from workflows.expressions import environment, holds
from workflows.gap import Gap, GapKind
from workflows.gate import Gate, GateDimension
from workflows.ids import Frozen, QuestionId, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Questionnaire
from workflows.release import Release
from workflows.standing import awaited, current_gate_approval, gaps_of_the_whole, waiting_gate_approval
from workflows.walk import Walk

_OVER = ("recovered", "reviewed", "closed", "dismissed")
"""Statuses of an incident that no longer stands in the way."""
_FIRST_THINGS_FIRST: tuple[GapKind, ...] = ("dimension", "expired", "no", "lacks", "open", "waiting")


class DimensionState(Frozen):
    """One dimension or question of a gate, with the items that it rests on."""

    id: str
    label: str
    says: str
    items: tuple[ItemState, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing in it is met on evidence."""
        return not any(i.evidenced for i in self.items)


class Readiness(Frozen):
    """How a use case stands before a gate."""

    gate: str
    items: tuple[ItemState, ...]
    dimensions: tuple[DimensionState, ...] = ()
    questions: tuple[DimensionState, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """Everything that is missing, what one can do something about first."""
    approval: Approval | None = None
    """The decision about the gate that holds, else the one under way."""

    @property
    def of(self) -> int:
        """How many items there are."""
        return len(self.items)

    @property
    def done(self) -> int:
        """How many of them need nothing more."""
        return sum(i.done for i in self.items)

    @property
    def ready(self) -> bool:
        """Whether nothing at all is missing, its approval included."""
        return not self.gaps

    @property
    def complete(self) -> bool:
        """Whether nothing is missing but the approval of the gate."""
        return all(g.kind in ("approval", "approval_waits") for g in self.gaps)

    def waiting_on(self, user: UserId) -> int:
        """How many items this person was asked for."""
        return sum(i.stand == "waiting" and i.who == user for i in self.items)


def readiness(
    gate: Gate,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    now: datetime,
    release: Release | None = None,
) -> Readiness:
    """How the use case stands before this gate at this moment, everything that is missing included.

    ``release`` is the version that is to pass it, at the gate of releases.
    """
    forms = demanded(gate, dossier, program)
    lists = [f for f in forms if f.kind == "checklist"]
    items = tuple(
        item
        for checklist in lists
        for item in items_of(checklist, dossier.walk_of(checklist.id), dossier.waivers, now)
    )
    dimensions = _groups(gate.dimensions, items)
    gaps = [
        *(Gap(kind="dimension", key=d.id, what=d.label, asks=d.says) for d in dimensions if d.empty),
        *(_of_item(item, dossier) for item in items if not item.done),
    ]
    gaps.sort(key=lambda g: _FIRST_THINGS_FIRST.index(g.kind))
    gaps += [
        *_owners(gate, dossier, program, directory),
        *(gap for f in forms if f.kind != "checklist" for gap in _assessment(f, dossier, now)),
        *_evaluation(gate, dossier, program, now, {f.id for f in forms}, release),
        *_breaches(gate, dossier),
        *_incidents(gate, dossier, program),
        *gaps_of_the_whole(dossier, program, directory, now),
    ]
    held = current_gate_approval(gate, dossier, now) if gate.approval else None
    waits = waiting_gate_approval(gate, dossier) if gate.approval else None
    if gate.approval and held is None:
        gaps.append(_approval(gate, dossier, waits, directory))
    return Readiness(
        gate=gate.id,
        items=items,
        dimensions=dimensions,
        questions=_groups(gate.decides_on, items),
        gaps=tuple(gaps),
        approval=held or waits,
    )


def demanded(gate: Gate, dossier: Dossier, program: Program) -> tuple[Questionnaire, ...]:
    """The questionnaires that the gate demands of this use case, in the order of its file, each once; then
    the assessments that the governance matrix demands at it.

    A gate that nobody decides about is where what was demanded with the first approval has to be there.
    """
    use_case, governance = dossier.use_case, program.governance
    tier = use_case.assessment.tier.tier if use_case.assessment else None
    env = {**environment(program.intake, use_case.answers), "tier": tier}
    wanted = dict.fromkeys(d.questionnaire for d in gate.demands if holds(d.when, env))
    decided_at = gate.id if gate.approval else governance.gate
    for row in governance.rows:
        if decided_at in (row.gates or (governance.gate,)) and holds(row.when, env):
            wanted |= dict.fromkeys(a for a in row.assessments if a in program.questionnaires)
    return tuple(program.questionnaires[id] for id in wanted)


def _groups(groups: tuple[GateDimension, ...], items: tuple[ItemState, ...]) -> tuple[DimensionState, ...]:
    """Each with those of its items that are demanded here; without any it does not apply."""
    by_key = {i.key: i for i in items}
    made = (
        DimensionState(
            id=g.id, label=g.label, says=g.says, items=tuple(by_key[k] for k in g.items if k in by_key)
        )
        for g in groups
    )
    return tuple(d for d in made if d.items)


def _of_item(item: ItemState, dossier: Dossier) -> Gap:
    use_case = dossier.use_case.id
    kind: GapKind = item.stand if item.stand in _FIRST_THINGS_FIRST else "open"
    if kind == "open" and item.demands:
        kind = "lacks"
    waiting = kind == "waiting"
    return Gap(
        kind=kind,
        key=item.key,
        what=item.label,
        asks=item.reason if kind == "no" and item.reason else item.asks,
        who=(item.who,) if item.who and waiting else (),
        since=item.until if kind == "expired" else item.since,
        due=item.until if waiting else None,
        does="nudge" if waiting else "answer",
        target=f"{item.walk}|{item.assignment}" if waiting else f"{use_case}|{item.checklist}|{item.item}",
    )


def _owners(gate: Gate, dossier: Dossier, program: Program, directory: Directory) -> list[Gap]:
    found = []
    use_case = dossier.use_case.id
    for owner in gate.owners:
        named = dossier.named(owner)
        label = program.intake.question(owner).label
        if named is None or not directory.person(named).active:
            found.append(
                Gap(
                    kind="owner_left" if named else "owner",
                    key=owner,
                    what=label,
                    who=(named,) if named else (),
                    does="name",
                    target=f"{use_case}|{owner}",
                )
            )
    for group in gate.apart:
        by: dict[UserId, list[QuestionId]] = {}
        for owner in group:
            named = dossier.named(owner)
            if named is not None:
                by.setdefault(named, []).append(owner)
        for user, several in by.items():
            if len(several) > 1:
                what = " and ".join(program.intake.question(o).label.lower() for o in several)
                last = several[-1]
                found.append(
                    Gap(
                        kind="owners_same",
                        key="+".join(several),
                        what=what,
                        who=(user,),
                        does="name",
                        target=f"{use_case}|{last}",
                    )
                )
    return found


def _assessment(form: Questionnaire, dossier: Dossier, now: datetime) -> list[Gap]:
    """An assessment counts when it is finished, its result still holds and does not say stop."""
    finished = next(
        (w for w in dossier.walks if w.questionnaire == form.id and w.status == "submitted" and not w.matter),
        None,
    )
    begun = next(
        (w for w in dossier.walks if w.questionnaire == form.id and w.status != "cancelled" and not w.matter),
        None,
    )
    kind, since = _came_out(finished, now)
    if kind is None:
        return []
    return [
        Gap(
            kind=kind,
            key=form.id,
            what=form.name,
            asks=finished.result.headline if finished and finished.result else "",
            who=(begun.owner,) if begun and begun is not finished else (),
            since=since,
            does="start",
            target=f"{dossier.use_case.id}|{form.id}",
        )
    ]


def _evaluation(
    gate: Gate,
    dossier: Dossier,
    program: Program,
    now: datetime,
    demanded: Collection[str],
    release: Release | None,
) -> list[Gap]:
    """What the evaluation lacks, one gap for each class of cases or figure.

    That a questionnaire is not filled in at all is said once, where the gate demands it anyway.
    """
    rules = program.evaluation
    if rules is None or gate.evaluation == "ignore":
        return []
    begun = any(w.questionnaire in (rules.plan, rules.results) and w.result for w in dossier.walks)
    if gate.evaluation == "begun" and not begun:
        return []
    return [
        Gap(
            kind="evaluation",
            key=lack.key,
            what=lack.what,
            asks=program.messages[lack.message].format_map(dict(lack.values)),
            does="start",
            target=f"{dossier.use_case.id}|{lack.questionnaire}",
        )
        for lack in evaluation_gaps(dossier, program, now, release)
        if lack.about not in demanded
    ]


def _came_out(finished: Walk | None, now: datetime) -> tuple[GapKind | None, datetime | None]:
    if finished is None:
        return "assessment", None
    result = finished.result
    if result is None:
        return None, None
    if not result.current(now):
        return "assessment_expired", result.expires_at
    return ("assessment_failed", result.at) if result.mark == "stop" else (None, None)


def _breaches(gate: Gate, dossier: Dossier) -> list[Gap]:
    if gate.breaches == "ignore":
        return []
    return [
        Gap(
            kind="breach",
            key=f"{contract.id}.{breach.id}",
            what=contract.title,
            asks=breach.what,
            who=(contract.owner,) if contract.owner else (),
            since=breach.at,
            does="breach",
            target=f"{contract.id}|{breach.id}",
        )
        for contract in dossier.contracts
        for breach in contract.open_breaches
    ]


def _incidents(gate: Gate, dossier: Dossier, program: Program) -> list[Gap]:
    if gate.incidents == "none":
        return []
    policy = program.incidents
    return [
        Gap(
            kind="incident",
            key=incident.id,
            what=incident.id,
            asks=incident.what,
            who=(incident.owner,) if incident.owner else (),
            since=incident.opened_at,
            does="incident",
            target=incident.id,
        )
        for incident in dossier.incidents
        if incident.status not in _OVER and policy.at_least(incident.severity, gate.incidents)
    ]


def _approval(gate: Gate, dossier: Dossier, waits: Approval | None, directory: Directory) -> Gap:
    if waits is None:
        target = f"{dossier.use_case.id}|{gate.id}"
        return Gap(kind="approval", key=gate.id, what=gate.label, does="ask", target=target)
    return Gap(
        kind="approval_waits",
        key=gate.id,
        what=gate.label,
        who=awaited(waits, directory),
        since=waits.opened_at,
    )
