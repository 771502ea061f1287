"""Roles resolve to people who can act, and never to nowhere."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.office import (
    ADA,
    DANA,
    DIRECTORY,
    GROUPS,
    INES,
    LEE,
    MO,
    NOW,
    OLD,
    PEOPLE,
    PRIYA,
    RISK_THEN_LEGAL,
    TOM,
    answers,
)
from workflows.ids import UserId
from workflows.people import Directory
from workflows.roles import Resolved, resolve


def who(
    role: str,
    directory: Directory = DIRECTORY,
    without: tuple[UserId, ...] = (),
    at_least: int = 1,
    **given: object,
) -> Resolved:
    return resolve(role, RISK_THEN_LEGAL, answers(**given), directory, NOW, without, at_least)


def test_a_group_yields_its_members_in_order() -> None:
    assert who("risk").people == (PRIYA, TOM)


def test_people_who_left_are_skipped() -> None:
    assert who("privacy").people == (LEE,)


def test_a_field_of_the_use_case_names_the_person() -> None:
    assert who("owner", business_owner=INES).people == (INES,)


def test_a_field_that_names_several_people_yields_them_all() -> None:
    assert who("owner", business_owner=[INES, OLD, MO]).people == (INES, MO)


def test_where_the_field_is_empty_the_fallback_by_function_is_taken() -> None:
    assert who("owner", function="claims").people == (DANA, LEE)


def test_where_the_named_person_left_the_fallback_is_taken() -> None:
    assert who("owner", business_owner=OLD, function="claims").people == (DANA, LEE)


def test_the_submitter_is_never_among_those_who_decide_even_when_named() -> None:
    assert who("owner", without=(DANA,), business_owner=DANA, function="claims").people == (LEE,)


def test_a_rotation_yields_the_member_whose_week_it_is() -> None:
    week = NOW.isocalendar().week
    members = GROUPS["risk-partners"]
    assert who("oncall").people == (members[week % 2],)
    later = resolve("oncall", RISK_THEN_LEGAL, {}, DIRECTORY, NOW + timedelta(weeks=1))
    assert later.people == (members[(week + 1) % 2],)


def test_when_the_one_on_duty_cannot_act_the_next_one_is_on_duty() -> None:
    on_duty = who("oncall").people[0]
    other = TOM if on_duty == PRIYA else PRIYA
    assert who("oncall", without=(on_duty,)).people == (other,)
    gone = {**PEOPLE, on_duty: PEOPLE[on_duty].model_copy(update={"active": False})}
    assert who("oncall", Directory(people=gone, groups=GROUPS)).people == (other,)


def test_a_role_with_nobody_able_goes_to_the_program_team() -> None:
    assert who("lost") == Resolved(people=(MO,), unresolved=True)
    assert who("no such role") == Resolved(people=(MO,), unresolved=True)


def test_when_the_program_team_is_the_submitter_alone_its_own_fallback_decides() -> None:
    assert who("lost", without=(MO,)) == Resolved(people=(ADA,), unresolved=True)


def test_when_nobody_at_all_is_left_the_role_is_unresolved_and_empty() -> None:
    assert who("lost", without=(MO, ADA)) == Resolved(people=(), unresolved=True)


def test_a_quorum_that_the_role_cannot_meet_is_met_with_the_program_team() -> None:
    assert who("privacy", at_least=2) == Resolved(people=(LEE, MO), unresolved=True)
