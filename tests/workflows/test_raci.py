"""Who decides what is answered from the program, with names."""

from __future__ import annotations

import pytest

from tests.program.office import PROGRAM
from tests.workflows.governed import GOVERNED, Story
from tests.workflows.office import DIRECTORY, INES, LEE, MO, NOW, PRIYA, TOM
from workflows.live import holders, right_of
from workflows.live_questions import LiveQuestion, read_live
from workflows.raci import Matter, raci
from workflows.words.known_titles import Known

TITLES = (Known("UC-0001", "Summarise claims calls"), Known("UC-0002", "Security scanner"))


def asked(text: str) -> LiveQuestion | None:
    return read_live(text, PROGRAM, TITLES)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("who approves production for Summarise claims calls?", "gate/production"),
        ("Who has to sign off the promotion of Summarise claims calls", "gate/platform_candidate"),
        ("who can waive monitoring for UC-0001?", "waive/monitoring"),
        ("who may grant a waiver for Summarise claims calls", "waive/"),
        ("who can stop Summarise claims calls", "stop"),
    ],
)
def test_a_question_for_a_right_is_understood_with_its_use_case(text: str, right: str) -> None:
    found = asked(text)
    assert found is not None
    assert (found.kind, found.right, found.use_case) == ("right", right, "UC-0001")


@pytest.mark.parametrize(
    "text", ["RACI for Summarise claims calls", "who decides what for Summarise claims calls?"]
)
def test_the_whole_table_can_be_asked_for(text: str) -> None:
    found = asked(text)
    assert found is not None
    assert (found.kind, found.use_case) == ("raci", "UC-0001")


def test_what_a_checklist_calls_a_control_may_be_part_of_a_name_too() -> None:
    found = asked("who can stop the security scanner?")
    assert found is not None
    assert (found.right, found.use_case) == ("stop", "UC-0002")


def table(**given: object) -> dict[str, Matter]:
    use_case = Story(**given).use_case
    return {m.what: m for m in raci(use_case, use_case.answers, GOVERNED, DIRECTORY, NOW)}


def test_the_table_says_who_passes_each_gate_and_who_is_told() -> None:
    found = table(personal=True, audience="customer")
    production = found["Production"]
    assert [(h.label, h.people) for h in production.decides] == [
        ("risk", (PRIYA, TOM)),
        ("privacy", (LEE,)),
        ("legal", (INES,)),
        ("sponsor", (DIRECTORY.groups["exec"])),
    ]
    low = table()["Production"]
    assert (low.decides, low.at_once, low.told) == ((), True, (PRIYA, TOM))


def test_the_table_says_who_may_waive_which_controls() -> None:
    found = table(personal=True)
    assert found["Waive monitoring"].decides[0].people == (PRIYA, TOM)
    assert found["Waive fallbacks"].decides[0].people == (INES,)
    assert not [w for w in table() if w.startswith("Waive")]  # at low risk nothing can be waived


def test_the_rules_themselves_belong_to_the_program_team() -> None:
    assert table()["The rules themselves"].decides[0].people == (MO,)


def test_who_may_waive_a_control_is_whoever_owns_it() -> None:
    right = right_of("waive/monitoring", GOVERNED)
    assert right is not None
    use_case = Story(personal=True).use_case
    found = holders(right, use_case, use_case.answers, GOVERNED, DIRECTORY, NOW)
    assert [h.people for h in found] == [(PRIYA, TOM)]
