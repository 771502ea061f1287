"""What people said and did: outcomes, feedback, the plan, the playbook; and what waits for one of them."""

from __future__ import annotations

from workflows.digests.facts import Fact
from workflows.digests.page import Finding, Step
from workflows.digests.section import Seen, rank_of, section


@section("reached", "outcome_reached")
def reached(fact: Fact, seen: Seen) -> Finding:
    """A target that was reached."""
    return Finding(
        says="outcome_reached",
        values={"value": f"{fact.number or 0:,g}", "target": fact.detail.get("target", "")},
        title=fact.title,
        use_case=fact.use_case,
        tier=fact.tier,
        people=fact.people,
        step=Step(does="open", target=str(fact.use_case)),
        rank=rank_of("reached"),
    )


@section("feedback", "feedback_theme")
def feedback(fact: Fact, seen: Seen) -> Finding:
    """A theme that more than one person spoke of; nobody is named."""
    still = int(fact.detail.get("open") or 0)
    return Finding(
        says="feedback_theme_open" if still else "feedback_theme",
        values={"times": f"{fact.number or 0:.0f}", "open": f"{still}"},
        title=fact.title,
        people=fact.people,
        rank=rank_of("feedback"),
    )


@section("plan", "plan_behind")
def plan(fact: Fact, seen: Seen) -> Finding:
    """A task of the 90-day plan that is late."""
    return Finding(
        says="plan_behind",
        values={"what": fact.text},
        people=fact.people,
        due=fact.due,
        rank=rank_of("plan_behind"),
    )


@section("stale", "document_stale")
def stale(fact: Fact, seen: Seen) -> Finding:
    """A page of the playbook past its day of review."""
    return Finding(
        says="document_stale",
        title=fact.title,
        people=fact.people,
        due=fact.due,
        rank=rank_of("document_stale"),
    )


@section("champions", "champion_missing")
def champions(fact: Fact, seen: Seen) -> Finding:
    """A function without a champion."""
    return Finding(says="champion_missing", title=fact.title, people=fact.people, rank=rank_of("unattended"))


@section("unattended", "metric_unattended")
def unattended(fact: Fact, seen: Seen) -> Finding:
    """A metric nobody acts on."""
    return Finding(says="metric_unattended", title=fact.title, people=fact.people, rank=rank_of("unattended"))


@section("waiting", "waits")
def waiting(fact: Fact, seen: Seen) -> Finding:
    """One thing that waits for the reader."""
    does: dict[str, Step] = {
        "seat": Step(does="approval", target=f"{fact.subject.id}|{fact.item}"),
        "action": Step(does="incident", target=fact.subject.id)
        if fact.subject.type == "incident"
        else Step(does="open", target=str(fact.use_case)),
    }
    return Finding(
        says=f"waits_{fact.text}",
        title=fact.title,
        use_case=fact.use_case,
        tier=fact.tier,
        people=fact.people,
        due=fact.due,
        step=does.get(fact.text, Step(does="open", target=str(fact.use_case)) if fact.use_case else Step()),
        rank=rank_of("waits"),
    )


@section("mine", "mine")
def mine(fact: Fact, seen: Seen) -> Finding:
    """One of the reader's own use cases, and where it stands."""
    stage = next((s for s in seen.program.life_cycle.stages if s.id == fact.stage), None)
    return Finding(
        says="mine",
        values={"stage": stage.label if stage else fact.stage, "says": stage.says if stage else ""},
        title=fact.title,
        use_case=fact.use_case,
        tier=fact.tier,
        step=Step(does="open", target=str(fact.use_case)),
    )
