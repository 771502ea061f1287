"""A newer version of the rules: what it would mean for a use case, and its owner taking it over."""

from __future__ import annotations

from datetime import datetime

from workflows.changes import adoption_of
from workflows.changing import (
    Touch,
    applied,
    asked_for,
    impossible,
    is_here,
    is_under_way,
    no_other_change,
)
from workflows.decision import Circumstances, Decision
from workflows.dossier import Dossier
from workflows.ids import ApprovalId, Frozen, Place, ProgramStamp, Tier
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import missing_in
from workflows.readiness import demanded
from workflows.refusals import Refusal, Right
from workflows.routing import plan
from workflows.scoring import assess
from workflows.seeing import people_in
from workflows.use_case import Assessment


class GateDifference(Frozen):
    """What one gate asks for under the newer rules and not under the older, and the other way round."""

    gate: str
    label: str
    seats_more: tuple[str, ...] = ()
    """Labels of the roles that would be asked too."""
    seats_less: tuple[str, ...] = ()
    items_more: tuple[str, ...] = ()
    """Items of its checklists that would be demanded too."""
    items_less: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether it differs at all."""
        return bool(self.seats_more or self.seats_less or self.items_more or self.items_less)


class Comparison(Frozen):
    """What the newer rules would mean for one use case."""

    since: ProgramStamp
    now: ProgramStamp
    tier_before: Tier | None = None
    tier: Tier | None = None
    gates: tuple[GateDifference, ...] = ()
    """Only those that differ."""
    missing: tuple[str, ...] = ()
    """Questions, by label, that would be asked and have no answer."""

    @property
    def nothing(self) -> bool:
        """Whether it would make no difference to this use case."""
        return self.tier == self.tier_before and not self.gates and not self.missing


def compare(
    dossier: Dossier, then: Program, newer: Program, directory: Directory, now: datetime
) -> Comparison:
    """The same answers under both versions: tier, seats and checklist items gate by gate, questions."""
    use_case = dossier.use_case
    before, after = _assessed(dossier, then), _assessed(dossier, newer)
    gates = []
    for id in dict.fromkeys((*_gates(then), *_gates(newer))):
        seats = [_seats(dossier, p, a, id, directory, now) for p, a in ((then, before), (newer, after))]
        items = [_items(dossier, p, a, id) for p, a in ((then, before), (newer, after))]
        label = (newer.gates.get(id) or then.gates.get(id)) if id else None
        made = GateDifference(
            gate=id,
            label=label.label if label else id.replace("_", " "),
            seats_more=_more(seats[1], seats[0]),
            seats_less=_more(seats[0], seats[1]),
            items_more=_more(items[1], items[0]),
            items_less=_more(items[0], items[1]),
        )
        if made.any:
            gates.append(made)
    lacking = {q.id for q in missing_in(then.intake, use_case.answers)}
    return Comparison(
        since=then.stamp,
        now=newer.stamp,
        tier_before=before.tier.tier,
        tier=after.tier.tier,
        gates=tuple(gates),
        missing=tuple(q.label for q in missing_in(newer.intake, use_case.answers) if q.id not in lacking),
    )


def _gates(program: Program) -> tuple[str, ...]:
    return (program.governance.gate, *(g.id for g in program.gates.values()))


def _assessed(dossier: Dossier, program: Program) -> Assessment:
    use_case = dossier.use_case
    return assess(program, program.intake, use_case.answers, use_case.overrides)


def _seats(
    dossier: Dossier,
    program: Program,
    assessment: Assessment,
    gate: str,
    directory: Directory,
    now: datetime,
) -> dict[str, str]:
    """By role: what it is called."""
    use_case = dossier.use_case
    known = program.gates.get(gate)
    if gate != program.governance.gate and (known is None or not known.approval):
        return {}
    way = plan(
        program,
        program.intake,
        use_case.answers,
        assessment,
        directory,
        use_case.submitter,
        now,
        gate,
    )
    return {s.id: s.label for s in way.seats}


def _items(dossier: Dossier, program: Program, assessment: Assessment, gate: str) -> dict[str, str]:
    known = program.gates.get(gate)
    if known is None:
        return {}
    as_if = dossier.use_case.model_copy(update={"assessment": assessment})
    sheets = demanded(known, dossier.model_copy(update={"use_case": as_if}), program)
    return {
        f"{s.id}.{q.id}": f"{q.label} ({s.title})" for s in sheets for q in s.questions() if q.type == "check"
    }


def _more(these: dict[str, str], than: dict[str, str]) -> tuple[str, ...]:
    return tuple(label for key, label in these.items() if key not in than)


def owns_it(touch: Touch) -> Refusal | None:
    """Only who brought it in or is named as an owner: rules are offered, not imposed."""
    use_case = touch.dossier.use_case
    if touch.user in (use_case.submitter, *people_in(use_case, touch.program)):
        return None
    return Refusal("change_not_yours", {"who": touch.directory.person(use_case.submitter).name})


ADOPT: Right[Touch] = Right("rules.adopt", (is_here, owns_it, is_under_way, no_other_change))


def adopt(
    dossier: Dossier,
    then: Program,
    newer: Program,
    approval_id: ApprovalId,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Take the newer rules over for this use case: its tier is computed by them, and they count for it.

    Where they demand more than was decided on (a higher tier, more people, more evidence at a gate that was
    passed), those whom they demand are asked first, as about a material change: in a case of its own
    (``approval_id``), until whose approval the record goes by the older rules and no gate counts what it
    re-opens. Whatever else was approved stays approved until it runs out. Cases that are open go by the newer
    rules with the record.
    """
    refused = ADOPT.refused(Touch(dossier, then, directory, circ, at))
    if refused:
        return refused
    if dossier.use_case.program.hash == newer.stamp.hash:
        return Decision()
    found = compare(dossier, then, newer, directory, circ.now)
    more = [g.gate for g in found.gates if g.items_more]
    proposal = adoption_of(dossier, newer, directory, circ.now, more)
    if proposal.stop:
        return impossible(dossier, proposal, circ, at)
    if proposal.seats:
        return asked_for(dossier, proposal, approval_id, newer, directory, circ, adopts=newer.stamp)
    gates = {"gates": [g.model_dump(mode="json") for g in found.gates]}
    return applied(dossier, proposal, newer, directory, circ, rules=gates)
