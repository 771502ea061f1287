"""Releases: put forward, decided by tier, confirmed as in use; never without an approval of that moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.program.office import NOW, PROGRAM
from tests.workflows.releases import (
    CI,
    DANA,
    DIRECTORY,
    EVE,
    LEE,
    MO,
    PRIYA,
    RUTH,
    World,
    cards,
    said,
    told,
    why_not,
)
from tests.workflows.test_evaluation import GOOD, PLAN, walk
from workflows.approval import Approval
from workflows.approving import approve
from workflows.changing import change
from workflows.contract import Breach, Contract, ContractVersion
from workflows.ids import ApprovalId, ContractId, QuestionId
from workflows.may_ship import lacks
from workflows.outcomes import followed
from workflows.release import Parts
from workflows.releasing import next_version
from workflows.seats import open_seats, to_act
from workflows.systems import system_user


def missing(world: World, version: str) -> list[str]:
    found = lacks(world.release(version), world.dossier, world.program, DIRECTORY, world.now)
    return [lack.kind for lack in found]


def test_at_medium_risk_the_technical_and_the_business_owner_agree_and_the_pipeline_confirms() -> None:
    world = World()
    world.proposes("1.0.0")
    assert world.release("1.0.0").status == "proposed"
    assert missing(world, "1.0.0") == ["approval", "approval"]
    world.is_approved("1.0.0")
    approval = next(a for a in world.all(Approval) if a.matter)
    assert {v.by for s in approval.seats for v in s.verdicts} == {LEE, RUTH}
    assert world.release("1.0.0").status == "approved"
    assert missing(world, "1.0.0") == []
    world.ships("1.0.0")
    assert world.release("1.0.0").status == "live"
    assert cards(world.last) == ["#claims", "U0DANA", "U0PRIYA", "U0RUTH"]
    assert told(world.last, "live") == ["U0LEE"]


def test_whoever_puts_it_forward_does_not_decide_about_it() -> None:
    world = World()
    world.proposes("1.0.0", by=LEE)
    approval = next(a for a in world.all(Approval) if a.matter)
    assert LEE not in {u for s in approval.seats for u in s.people}


def test_a_new_version_follows_the_one_in_use() -> None:
    world = World()
    world.is_live("1.0.0")
    world.is_live("1.1.0")
    assert world.release("1.0.0").status == "superseded"
    assert world.release("1.1.0").replaces == world.release("1.0.0").id
    assert next_version(world.dossier) == "1.1.1"


def test_parts_that_are_not_named_stay_as_they_are() -> None:
    world = World()
    world.proposes("1.0.0", model="claims-lm 2026-01", prompt="p1")
    world.is_approved("1.0.0")
    world.ships("1.0.0")
    world.proposes("1.1.0", prompt="p2")
    assert world.release("1.1.0").parts == Parts(model="claims-lm 2026-01", prompt="p2")


def test_somebody_without_the_right_changes_nothing_and_reads_who_has_it() -> None:
    world = World()
    assert why_not(world.proposes("1.0.0", by=EVE)) == "release_not_yours"
    world.proposes("1.0.0")
    world.is_approved("1.0.0")
    assert why_not(world.ships("1.0.0", by=EVE)) == "release_not_yours"
    assert "Lee Park" in said(world.last)
    assert why_not(world.ships("1.0.0", by=system_user("monitoring"))) == "release_not_yours"
    assert world.release("1.0.0").status == "approved"


def test_before_its_pilot_a_use_case_has_no_versions() -> None:
    assert why_not(World(stage="approved_for_pilot").proposes("1.0.0")) == "release_wrong_stage"


@pytest.mark.parametrize("version", ["", "1", "1.2", "latest", "1.2.3.4", "one.two.three", "1.0.0 "])
def test_a_version_has_three_numbers(version: str) -> None:
    problems = World().proposes(version).problems
    assert ("version" in problems) == (version != "1.0.0 ")


def test_a_version_is_there_once_unless_it_never_came_to_anything() -> None:
    world = World()
    world.proposes("1.0.0")
    assert "version" in world.proposes("v1.0.0").problems
    world.withdraws("1.0.0")
    assert world.proposes("1.0.0").problems == {}


def test_what_changed_why_and_what_users_notice_are_said() -> None:
    assert set(World().proposes("1.0.0", changed=" ", why="", impact="").problems) == {
        "changed",
        "why",
        "impact",
    }


def test_taking_it_back_ends_its_approval() -> None:
    world = World()
    world.proposes("1.0.0", by=DANA)
    world.withdraws("1.0.0", by=DANA)
    assert world.release("1.0.0").status == "withdrawn"
    assert next(a for a in world.all(Approval) if a.matter).status == "withdrawn"


def test_an_approval_that_ran_out_does_not_carry_a_release() -> None:
    world = World()
    world.proposes("1.0.0")
    world.is_approved("1.0.0")
    approval = next(a for a in world.all(Approval) if a.matter)
    world.stored[str(approval.subject)] = approval.model_copy(
        update={"expires_at": world.now + timedelta(minutes=1)}
    )
    world.now += timedelta(hours=1)
    assert why_not(world.ships("1.0.0")) == "release_may_not_ship"
    assert "run out" in said(world.last)


def test_another_model_goes_through_the_record_first() -> None:
    world = World()
    world.proposes("1.0.0", model="claims-lm 2026-01")
    world.is_approved("1.0.0")
    world.ships("1.0.0")
    world.proposes("2.0.0", model="other-lm 7", another_model=True)
    world.is_approved("2.0.0")
    assert missing(world, "2.0.0") == ["another_model"]


def with_another_model() -> World:
    """The use case was decided about by somebody, and a version with another model is approved."""
    world = World()
    world.proposes("1.0.0", model="claims-lm 2026-01")
    world.is_approved("1.0.0")
    world.ships("1.0.0")
    world.proposes("2.0.0", model="other-lm 7", another_model=True)
    world.is_approved("2.0.0")
    return world


def changes_the_record(world: World, agreed: bool = True, **values: object) -> Approval:
    """Dana changes answers, and everybody who has to agree does, or is still to be asked."""
    id = ApprovalId("A-0099")
    given = {QuestionId(q): v for q, v in values.items()}
    circ = world.circ(DANA)
    decision = change(world.dossier, given, id, world.program, DIRECTORY, circ)
    world.keep(followed(decision, world.dossier, world.program, DIRECTORY, circ))
    while agreed and (seats := open_seats(case := world.stored[f"approval/{id}"])):  # type: ignore[arg-type]
        circ = world.circ(to_act(seats[0])[0])
        use_case = world.dossier.use_case
        yes = approve(case, use_case, world.program, DIRECTORY, circ, seat=seats[0].id)  # type: ignore[arg-type]
        world.keep(followed(yes, world.dossier, world.program, DIRECTORY, circ))
    found = world.stored[f"approval/{id}"]
    assert isinstance(found, Approval)
    return found


def test_a_change_of_the_model_that_was_approved_lets_another_model_out() -> None:
    world = with_another_model()
    case = changes_the_record(world, model_type="predictive")
    assert (case.kind, case.status) == ("change", "approved")
    assert missing(world, "2.0.0") == []


def test_another_model_does_not_go_out_on_a_change_of_something_else_or_one_still_undecided() -> None:
    world = with_another_model()
    case = changes_the_record(world, affected="customers")
    assert (case.kind, case.status) == ("change", "approved")
    assert missing(world, "2.0.0") == ["another_model"]
    world = with_another_model()
    assert changes_the_record(world, agreed=False, model_type="predictive").status == "waiting"
    assert "another_model" in missing(world, "2.0.0")


def test_a_change_of_the_record_asks_about_a_version_whom_its_own_figure_asks() -> None:
    world = World()
    world.is_live("1.0.0")
    world.proposes("1.0.1")  # nothing that could change a result
    before = next(a for a in world.all(Approval) if a.id == world.release("1.0.1").approval)
    assert before.rows == ("low_release",)
    changes_the_record(world, affected="customers")
    after = next(a for a in world.all(Approval) if a.id == before.id)
    assert after.tier == "medium"
    assert (after.rows, {s.id for s in after.seats}) == (before.rows, {s.id for s in before.seats})


def test_a_broken_contract_and_an_open_incident_stand_in_the_way_by_name() -> None:
    world = World()
    world.proposes("1.0.0")
    world.is_approved("1.0.0")
    at = world.now
    contract = Contract(
        id=ContractId("DC-0001"),
        name="calls",
        title="Claims calls",
        versions=(ContractVersion(version="1.0.0", document={}, by=LEE, at=at),),
        consumers=(world.dossier.use_case.id,),
        breaches=(Breach(id="b1", layer="behavioural", what="no calls since Monday", by=None, at=at),),
        opened_at=at,
    )
    dossier = world.dossier.model_copy(update={"contracts": (contract,)})
    found = lacks(world.release("1.0.0"), dossier, world.program, DIRECTORY, world.now)
    assert [lack.kind for lack in found] == ["breach"]
    assert "Claims calls" in found[0].says
    assert "no calls since Monday" in found[0].says


def test_results_of_another_version_do_not_let_out_one_that_has_to_be_tested_anew() -> None:
    world = World()
    world.proposes("1.4.2", model="claims-lm 2026-01", prompt="p1", evaluation="cases-1")
    world.is_approved("1.4.2")

    def kinds_of(version: str) -> list[str]:
        walks = (walk("evaluation_results", **GOOD), walk("evaluation_plan", **PLAN))  # of 1.4.2
        dossier = world.dossier.model_copy(update={"walks": walks})
        return [lack.says for lack in lacks(world.release(version), dossier, world.program, DIRECTORY, NOW)]

    assert kinds_of("1.4.2") == []
    world.ships("1.4.2")
    world.proposes("1.5.0", prompt="p2")
    world.is_approved("1.5.0")
    assert ["1.4.2" in says and "1.5.0" in says for says in kinds_of("1.5.0")] == [True]
    world.withdraws("1.5.0")
    world.proposes("1.4.3", evaluation="cases-2")
    world.is_approved("1.4.3")
    assert kinds_of("1.4.3") == []


def test_the_checklist_of_releases_is_listed_item_by_item() -> None:
    world = World(program=PROGRAM)
    world.proposes("1.0.0")
    world.is_approved("1.0.0")
    found = lacks(world.release("1.0.0"), world.dossier, PROGRAM, DIRECTORY, world.now)
    labels = [q.label for q in PROGRAM.questionnaires["release_readiness"].questions()]
    assert len(found) == len(labels)
    assert all(any(label in lack.says for lack in found) for label in labels)
    assert why_not(world.ships("1.0.0")) == "release_may_not_ship"


def test_at_high_risk_the_risk_owner_and_a_partner_agree_as_well() -> None:
    world = World(tier="high")
    world.proposes("1.0.0")
    approval = next(a for a in world.all(Approval) if a.matter)
    assert {"technical_owner", "business_owner", "risk_owner", "risk_partner"} <= {
        s.role for s in approval.seats
    }
    assert MO not in {u for s in approval.seats for u in s.people} or PRIYA


def test_a_correction_needs_the_technical_owner_alone_and_the_number_does_not_make_it_one() -> None:
    world = World(tier="high")
    world.is_live("1.0.0")
    world.proposes("1.0.1")
    assert asked_for(world, "1.0.1") == {"technical_owner"}
    world.withdraws("1.0.1")
    world.proposes("1.0.2", prompt="another prompt")
    assert asked_for(world, "1.0.2") > {"technical_owner", "risk_owner"}


def asked_for(world: World, version: str) -> set[str]:
    """The roles that decide about it."""
    approval = next(a for a in world.all(Approval) if a.id == world.release(version).approval)
    return {s.role for s in approval.seats}


def test_a_redelivered_confirmation_is_told_that_it_is_in_use() -> None:
    world = World()
    world.is_live("1.0.0")
    assert why_not(world.ships("1.0.0", by=CI)) == "release_already_live"
    assert "the system “ci”" in said(world.last)
