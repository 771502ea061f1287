"""What waits too long: decisions, stages, actions, numbers that did not come, outcomes past their day."""

from __future__ import annotations

from datetime import timedelta

from workflows.digests.facts import Fact
from workflows.digests.page import Finding, Step
from workflows.digests.section import Seen, rank_of, section


@section("overdue", "approval_overdue")
def overdue(fact: Fact, seen: Seen) -> Finding:
    """A decision whose time is up, with whom it lies."""
    high = fact.tier in ("high", "prohibited")
    return Finding(
        says="approval_overdue",
        title=fact.title,
        use_case=fact.use_case,
        tier=fact.tier,
        people=fact.people,
        due=fact.due,
        step=Step(does="approval", target=f"{fact.subject.id}|{fact.item}"),
        rank=rank_of("approval_overdue_high" if high else "approval_overdue"),
    )


@section("stuck", "stage_stuck")
def stuck(fact: Fact, seen: Seen) -> Finding:
    """A use case that has been in its stage for longer than it should."""
    stage = next((s.label for s in seen.program.life_cycle.stages if s.id == fact.stage), fact.stage)
    return Finding(
        says="stage_stuck",
        values={"stage": stage, "days": f"{fact.number or 0:.0f}"},
        title=fact.title,
        use_case=fact.use_case,
        tier=fact.tier,
        people=fact.people,
        since=fact.since,
        step=Step(does="open", target=str(fact.use_case)),
        rank=rank_of("stage_stuck"),
    )


@section("actions", "action_overdue")
def actions(fact: Fact, seen: Seen) -> Finding:
    """Something that was promised after an incident, or in a review, and is late."""
    incident = fact.subject.type == "incident"
    return Finding(
        says="action_overdue",
        values={"what": fact.text},
        title=fact.title,
        use_case=fact.use_case,
        people=fact.people,
        due=fact.due,
        step=Step(does="incident", target=fact.subject.id)
        if incident
        else Step(does="open", target=str(fact.use_case)),
        rank=rank_of("action_overdue"),
    )


@section("check_ins", "check_in_missed")
def check_ins(fact: Fact, seen: Seen) -> Finding:
    """A week's numbers that nobody gave."""
    return Finding(
        says="check_in_missed",
        values={"times": f"{fact.number or 1:.0f}"},
        title=fact.title,
        use_case=fact.use_case,
        people=fact.people,
        since=fact.since,
        step=Step(does="open", target=str(fact.use_case)),
        rank=rank_of("figures_missing"),
    )


@section("outcomes", "outcome_over")
def outcomes(fact: Fact, seen: Seen) -> Finding:
    """The day by which something should have become better has passed."""
    return Finding(
        says="outcome_over",
        title=fact.title,
        use_case=fact.use_case,
        people=fact.people,
        # The day itself is meant, whatever the reader's zone: its noon is that day nearly everywhere.
        due=fact.due + timedelta(hours=12) if fact.due else None,
        step=Step(does="open", target=str(fact.use_case)),
        rank=rank_of("outcome_over"),
    )
