"""What may go wrong or did: guardrails, incidents, breaches, what runs out, owners who are missing."""

from __future__ import annotations

from workflows.digests.facts import Fact
from workflows.digests.page import Finding, Step
from workflows.digests.section import Seen, rank_of, section
from workflows.incident import BAD


@section("crossed", "guardrail_crossed")
def crossed(fact: Fact, seen: Seen) -> Finding:
    """A guardrail beyond its limit, with what was agreed to be done then."""
    action = fact.detail.get("action", "")
    used = fact.stage in seen.program.digests.in_use
    return Finding(
        says="guardrail_crossed" if action else "guardrail_crossed_no_action",
        values={
            "figure": fact.text,
            "value": _with_unit(fact),
            "limit": fact.detail.get("limit", ""),
            "action": action,
        },
        title=fact.title,
        use_case=fact.use_case,
        tier=fact.tier,
        people=fact.people,
        since=fact.since,
        step=Step(does="open", target=str(fact.use_case)),
        rank=rank_of("guardrail_in_use" if used else "guardrail_crossed"),
    )


@section("incidents", "incident_open")
def incidents(fact: Fact, seen: Seen) -> Finding:
    """An incident that still goes on, or whose review and actions are not done."""
    severities = seen.program.incidents.severities
    label = next((s.label for s in severities if s.id == fact.detail.get("severity")), "")
    on = fact.detail.get("status") in BAD
    worst = on and bool(severities) and fact.detail.get("severity") == severities[0].id
    return Finding(
        says="incident_open" if on else "incident_after",
        values={"what": fact.text, "severity": label, "id": fact.subject.id},
        title=fact.title,
        use_case=fact.use_case,
        tier=fact.tier,
        people=fact.people,
        since=fact.since,
        step=Step(does="incident", target=fact.subject.id),
        rank=rank_of("incident_worst" if worst else "incident_open" if on else "action_overdue"),
    )


@section("breaches", "breach_open")
def breaches(fact: Fact, seen: Seen) -> Finding:
    """A promise of a data contract that is not kept."""
    return Finding(
        says="breach_open",
        values={"what": fact.text, "consumers": f"{fact.number or 0:.0f}"},
        title=fact.title,
        people=fact.people,
        since=fact.since,
        step=Step(does="contract", target=fact.subject.id),
        rank=rank_of("breach_open"),
    )


_EXPIRES = {
    "waiver_over": ("waiver_over", "waiver_over"),
    "evidence_over": ("evidence_over", "evidence_over"),
    "approval_over": ("approval_ran_out", "approval_over"),
    "waiver_expiring": ("waiver_expiring", "expires_soon"),
    "evidence_expiring": ("evidence_expiring", "expires_soon"),
    "approval_expiring": ("approval_expiring", "expires_soon"),
}
"""Sentence and place in the order, by the kind of fact."""


@section("expires", *_EXPIRES)
def expires(fact: Fact, seen: Seen) -> Finding:
    """A waiver, a piece of evidence or an approval that has run out, or will before the next digest."""
    says, rank = _EXPIRES[fact.kind]
    if fact.kind.startswith("waiver"):
        step = Step(does="waiver", target=fact.subject.id)
    elif fact.kind.startswith("approval"):
        step = Step(does="approval", target=f"{fact.subject.id}|")
    else:
        step = Step(does="open", target=str(fact.use_case))
    return Finding(
        says=says,
        values={"what": _item(fact, seen)},
        title=fact.title,
        use_case=fact.use_case,
        tier=fact.tier,
        people=fact.people,
        due=fact.due,
        step=step,
        rank=rank_of(rank),
    )


def _item(fact: Fact, seen: Seen) -> str:
    """The control or the item by its name in the checklist."""
    asked = seen.program.questionnaires.get(fact.detail.get("checklist", ""))
    question = next((q for q in asked.questions() if q.id == fact.item), None) if asked else None
    return question.label if question else fact.item.replace("_", " ")


@section("owners", "owner_missing")
def owners(fact: Fact, seen: Seen) -> Finding:
    """An owner whom nobody named, or who has left."""
    question = next((q for q in seen.program.intake.questions() if q.id == fact.item), None)
    return Finding(
        says="owner_left" if fact.detail.get("left") else "owner_missing",
        values={
            "what": question.label.lower() if question else fact.item.replace("_", " "),
            "left": fact.detail.get("left", ""),
        },
        title=fact.title,
        use_case=fact.use_case,
        tier=fact.tier,
        people=fact.people,
        step=Step(does="name", target=f"{fact.use_case}|{fact.item}"),
        rank=rank_of("owner_missing"),
    )


def _with_unit(fact: Fact) -> str:
    """``4.2%``, ``12 minutes``; a number alone where no unit was named."""
    if fact.number is None:
        return ""
    unit = fact.detail.get("unit", "")
    return f"{fact.number:,g}{'' if unit in ('%', '') else ' '}{unit}"
