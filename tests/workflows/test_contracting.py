"""Contracts from submission to retirement: who may write, what a version must be called, who hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workflows.contracts import (
    HERE,
    PROGRAM,
    case,
    circ,
    contract_in,
    first,
    given,
    relied_upon,
)
from tests.workflows.office import DANA, EVE, INES, LEE, MO, NOW, OLD, PRIYA
from workflows.contract import Contract
from workflows.contracting import (
    Submitted,
    answer,
    comes_into_force,
    leave,
    likely,
    rely,
    retire,
    submit,
)
from workflows.decision import Decision
from workflows.effects import Later, Post, ToPerson
from workflows.ids import ContractId, UserId
from workflows.systems import system_user
from workflows.use_case import UseCase

ID = ContractId("DC-0001")
SLOWER = given("2.0.0", lambda v: v["slaProperties"][0].update(value=48))
FASTER = given("1.1.0", lambda v: v["slaProperties"][0].update(value=12))


def posts(decision: Decision, kind: str) -> list[UserId]:
    return [
        e.to.user
        for e in decision.effects
        if isinstance(e, Post) and e.kind == kind and isinstance(e.to, ToPerson)
    ]


def refused(decision: Decision) -> str:
    """Why not; empty where it was allowed. A refusal changes nothing."""
    (entry,) = decision.entries or (None,)
    if entry is None or not entry.refused:
        return ""
    assert not decision.changed
    return str(entry.detail["because"])


def version(contract: Contract, said: Submitted, by: UserId = LEE, *relying: UseCase) -> Decision:
    return submit(contract, ID, said, relying, PROGRAM, HERE, circ(by))


def test_the_owner_whom_it_names_submits_a_contract_and_it_is_kept_to_the_letter() -> None:
    decision = submit(None, ID, given(), (), PROGRAM, HERE, circ(LEE))
    contract = contract_in(decision)
    assert contract.name == "claims-feed"
    assert contract.owner == LEE
    assert contract.current.text == given().text
    assert posts(decision, "contract") == [LEE]


def test_the_program_team_may_submit_for_them_and_both_get_the_card() -> None:
    decision = submit(None, ID, given(), (), PROGRAM, HERE, circ(MO))
    assert posts(decision, "contract") == [LEE, MO]


@pytest.mark.parametrize("who", [DANA, EVE, OLD, UserId("U0NOBODY"), system_user("ci")])
def test_nobody_else_may_write_one_neither_new_nor_again(who: UserId) -> None:
    assert refused(submit(None, ID, given(), (), PROGRAM, HERE, circ(who))) == "contract_not_yours"
    assert refused(version(first(), FASTER, who)) == "contract_not_yours"


def test_an_owner_whom_nobody_knows_is_a_fault_of_the_document() -> None:
    stranger = given("1.0.0", lambda v: v["team"]["members"][0].update(username="zoe"))
    decision = submit(None, ID, stranger, (), PROGRAM, HERE, circ(MO))
    assert not decision.changed
    assert "zoe" in decision.problems["text"]


def test_the_command_line_itself_may_but_not_in_the_name_of_somebody_who_may_not() -> None:
    whole = submit(None, ID, given(), (), PROGRAM, HERE, circ(system_user("command_line"), door="cli"))
    assert contract_in(whole)
    assert refused(submit(None, ID, given(), (), PROGRAM, HERE, circ(DANA, door="cli")))


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (given("1.1.0", lambda v: v["slaProperties"][0].update(value=48)), "wanted=2.0.0"),
        (given("1.0.1", lambda v: v["slaProperties"][0].update(value=12)), "wanted=1.1.0"),
        (given("1.0.0", lambda v: v.update(name="All claims")), "wanted=1.0.1"),
        (given("0.9.0", lambda v: v["slaProperties"][0].update(value=48)), "wanted=2.0.0"),
    ],
)
def test_a_version_that_says_less_than_what_changed_comes_back_with_the_one_it_should_have(
    said: Submitted, wanted: str
) -> None:
    decision = version(first(), said)
    assert not decision.changed
    assert wanted in decision.problems["text"]


def test_the_same_again_and_another_contracts_document_are_not_taken() -> None:
    assert "contract_nothing_new" in version(first(), given("1.0.1")).problems["text"]
    other = given("2.0.0", lambda v: v.update(id="payments"))
    assert "contract_other_id" in version(first(), other).problems["text"]


def test_while_nobody_relies_on_it_a_version_counts_at_once() -> None:
    decision = version(first(), SLOWER)
    assert contract_in(decision).announced(NOW) is None
    assert not [e for e in decision.effects if isinstance(e, Later)]


def test_a_breaking_version_counts_after_twenty_working_days_and_those_who_rely_on_it_are_told_before() -> (
    None
):
    contract = relied_upon(case())
    decision = version(contract, SLOWER, LEE, case())
    there = contract_in(decision)
    (planned,) = [e for e in decision.effects if isinstance(e, Later)]
    # Monday 23 November 2026, 09:00 in London is 04:00 in New York, where Lee works from 09:00 to 17:00.
    assert planned.due.isoformat() == "2026-12-18T22:00:00+00:00"
    assert there.in_force(NOW).version == "1.0.0"
    assert there.in_force(planned.due).version == "2.0.0"
    assert posts(decision, "contract_news") == [DANA]
    assert there.silent("2.0.0") == (case().id,)


def test_an_addition_has_five_working_days_and_wording_none() -> None:
    contract = relied_upon(case())
    added = contract_in(version(contract, FASTER, LEE, case()))
    assert added.current.counts_from is not None
    assert added.current.counts_from - NOW < timedelta(days=8)
    renamed = version(contract, given("1.0.1", lambda v: v.update(name="All claims")), LEE, case())
    assert contract_in(renamed).announced(NOW) is None


@pytest.mark.parametrize(
    "later",
    [
        given("2.0.1", lambda v: (v["slaProperties"][0].update(value=48), v.update(name="All claims"))),
        given(
            "2.1.0",
            lambda v: (v["slaProperties"][0].update(value=48), v["slaProperties"][1].update(value=99.5)),
        ),
    ],
)
def test_a_later_version_never_counts_before_one_that_was_announced_first(later: Submitted) -> None:
    contract = contract_in(version(relied_upon(case()), SLOWER, LEE, case()))
    due = contract.current.counts_from
    assert contract_in(version(contract, later, LEE, case())).current.counts_from == due


def test_who_relies_on_it_acknowledges_or_objects_and_the_last_word_counts() -> None:
    contract = contract_in(version(relied_upon(case()), SLOWER, LEE, case()))
    objected = answer(
        contract,
        [case()],
        PROGRAM,
        HERE,
        circ(DANA),
        version="2.0.0",
        objects=True,
        reason="Our SLA is 24 h.",
    )
    assert posts(objected, "contract_objection") == [LEE]
    there = contract_in(objected)
    assert there.receipts_of("2.0.0")[case().id].objects
    agreed = contract_in(answer(there, [case()], PROGRAM, HERE, circ(DANA), version="2.0.0", objects=False))
    assert not agreed.receipts_of("2.0.0")[case().id].objects
    assert agreed.silent("2.0.0") == ()


def test_others_have_nothing_to_say_to_it_and_an_objection_needs_a_reason() -> None:
    contract = contract_in(version(relied_upon(case()), SLOWER, LEE, case()))
    stranger = answer(contract, [case()], PROGRAM, HERE, circ(EVE), version="2.0.0", objects=False)
    assert refused(stranger) == "contract_not_relied_upon"
    silent = answer(contract, [case()], PROGRAM, HERE, circ(DANA), version="2.0.0", objects=True, reason="  ")
    assert "contract_reason_needed" in silent.problems["reason"]


def test_when_the_day_comes_everybody_hears_it_once() -> None:
    contract = contract_in(version(relied_upon(case()), SLOWER, LEE, case()))
    decision = comes_into_force(contract, "2.0.0", [case()], PROGRAM, HERE)
    assert posts(decision, "contract_counts") == [DANA, LEE]
    assert not comes_into_force(contract, "9.9.9", [case()], PROGRAM, HERE).effects


def test_a_use_cases_people_the_owner_and_the_team_say_that_it_relies_on_it() -> None:
    for who in (DANA, LEE, MO):
        decision = rely(first(), case(), PROGRAM, HERE, circ(who))
        assert contract_in(decision).consumers == (case().id,)
    stranger = rely(first(), case(), PROGRAM, HERE, circ(PRIYA))
    assert refused(stranger) == "contract_use_case_not_yours"
    again = rely(relied_upon(case()), case(), PROGRAM, HERE, circ(DANA))
    assert again == Decision()


def test_leaving_is_for_the_same_people_and_changes_nothing_twice() -> None:
    contract = relied_upon(case())
    assert refused(leave(contract, case(), PROGRAM, HERE, circ(INES)))
    there = contract_in(leave(contract, case(), PROGRAM, HERE, circ(DANA)))
    assert there.consumers == ()
    assert leave(there, case(), PROGRAM, HERE, circ(DANA)) == Decision()


def test_a_retired_contract_takes_nothing_more_and_its_readers_are_told_why() -> None:
    contract = relied_upon(case())
    decision = retire(contract, [case()], PROGRAM, HERE, circ(LEE), reason="The system is switched off.")
    assert posts(decision, "contract_retired") == [DANA]
    gone = contract_in(decision)
    assert refused(version(gone, FASTER)) == "contract_is_retired"
    assert refused(rely(gone, case(2), PROGRAM, HERE, circ(DANA))) == "contract_is_retired"
    assert refused(retire(contract, [case()], PROGRAM, HERE, circ(EVE), reason="x")) == "contract_not_yours"


def test_use_cases_whose_answers_name_the_data_are_suggested() -> None:
    from tests.workflows.office import answers

    reads = case(2).model_copy(update={"answers": answers(name="Sort claims as they come in")})
    other = case(3).model_copy(update={"answers": answers(name="Write adverts")})
    assert likely(first(), [reads, other]) == (reads.id,)
    assert likely(relied_upon(reads), [reads, other]) == ()
