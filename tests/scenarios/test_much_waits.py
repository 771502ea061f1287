"""Much waits for one person, through the protocol: one message, a list in pages, and decisions from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.program_folder import default_program_folder
from tests.answers import HIGH, MEDIUM
from tests.faults.cases import in_one_go
from tests.scenarios.conftest import open_office
from tests.scenarios.deciding import case_of, presses, settle, submits
from tests.scenarios.office import JSON, Office, Person, elements, label, texts


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with the program as it ships, in which forty decisions wait for the risk partners."""
    program = str(default_program_folder())
    with open_office(tmp_path_factory.mktemp("office"), PREFLIGHT_PROGRAM_DIR=program) as here:
        forty_cases(here)
        yield here


def forty_cases(office: Office) -> None:
    """Forty use cases that all need a risk partner are submitted at the same moment."""
    service = office.bot.service
    problem = {"problem": "It takes hours every week."}
    of = {f"Case {n:02}": {**problem, **(HIGH if n == 7 else MEDIUM)} for n in range(40)}
    in_one_go(service.store, service.program, "U0DANA", of)
    settle(office)


def rows(view: JSON) -> list[str]:
    """The use cases in the list, in order."""
    shown = [b["text"]["text"] for b in view["blocks"] if b["type"] == "section"]
    return [line.split("*")[1] for line in shown if "*Case" in line]


def turns(person: Person, view: JSON, wanted: str, value: str | None = None) -> JSON:
    """Presses a button of the list, or chooses in one of its menus; the list as it is then."""
    block, element = next((b, e) for b, e in elements(view) if wanted in (label(e), e["action_id"]))
    extra = {} if value is None else {"value": value}
    person._act("view_action", view_id=view["id"], block_id=block, action_id=element["action_id"], **extra)
    settle(person.office)
    return person.view()


def test_forty_decisions_at_once_are_one_message_and_not_forty(office: Office) -> None:
    priya = office.person("priya")
    (message,) = priya.messages()
    assert "*40 decisions wait* for you" in texts(message)
    assert len(rows(message)) == 10
    assert "and 30 more" in texts(message)
    channel = office.person("sam").at("#risk-approvals").messages()
    assert len([m for m in channel if "Case" in texts(m)]) == 40  # the seat's channel has them all


def test_the_list_is_turned_page_by_page_and_nothing_is_lost(office: Office) -> None:
    priya = office.person("priya")
    priya.clicks("See all, and filter")
    view = priya.view("1 to 10 of 40")
    seen = rows(view)
    for first in (11, 21, 31):
        view = turns(priya, view, "Next")
        assert f"{first} to {first + 9} of 40" in texts(view)
        seen += rows(view)
    assert sorted(seen) == [f"Case {n:02}" for n in range(40)]
    assert "Next" not in [label(e) for _, e in elements(view)]
    assert rows(turns(priya, view, "Back")) == seen[20:30]


def test_the_list_shows_what_it_is_filtered_for(office: Office) -> None:
    priya = office.person("priya")
    priya.commands("desk")
    view = priya.view("of 40")
    high = turns(priya, view, "desk.tier", "high")
    assert rows(high) == ["Case 07"]
    everything = turns(priya, high, "desk.tier", "any")
    assert len(rows(everything)) == 10
    assert rows(turns(priya, everything, "desk.due", "late")) == []
    assert "Nothing of what waits for you is like that" in texts(priya.view())
    again = turns(priya, priya.view(), "desk.due", "any")
    assert len(rows(turns(priya, again, "desk.function", "claims"))) == 10
    assert rows(turns(priya, priya.view(), "desk.function", "marketing")) == []
    found = turns(priya, turns(priya, priya.view(), "desk.function", "any"), "desk.words", "case 3")
    assert "1 to 10 of 10" in texts(found)


def test_home_shows_the_first_of_them_and_the_way_to_all(office: Office) -> None:
    home = office.person("priya").home("40 decisions wait", "and 30 more")
    assert len(rows(home)) == 10


def test_one_click_in_the_list_decides_what_the_program_lets_be_decided_so(office: Office) -> None:
    priya = office.person("priya")
    priya.commands("desk case 12")
    view = priya.view("1 to 1 of 1")
    assert rows(turns(priya, view, "Approve")) == []
    use_case, approval = case_of(office, "Case 12")
    assert (use_case.stage, approval.seats[0].verdicts[0].by) == ("approved_for_pilot", "U0PRIYA")
    priya.commands("desk case 07")
    assert "Approve" not in [label(e) for _, e in elements(priya.view("Case 07"))]
    (message,) = priya.messages()
    assert "39 decisions wait" in texts(message)  # the message says what is left


def test_a_few_decisions_come_one_by_one_and_then_the_list_takes_over(office: Office) -> None:
    for n in range(4):
        submits(office, f"Letter {n:02}", {**MEDIUM, "personal_data": True, "jurisdictions": ["uk"]})
    kim = office.person("kim")  # one more waits for her already, of the forty
    first, *cards, message = kim.messages()
    assert "Case 07" in texts(first)
    assert [("Please decide by" in texts(c)) for c in cards] == [True] * 2
    assert "5 decisions wait" in texts(message)
    presses(kim, cards[0], "Approve")
    assert "4 decisions wait" in texts(kim.messages()[-1])
    assert len(kim.messages()) == 4
