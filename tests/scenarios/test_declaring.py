"""M1 through the protocol: a tool that is in use is declared, without blame, and goes on from there."""

from __future__ import annotations

import pytest

from tests.program.office import PROGRAM
from tests.scenarios.deciding import settle
from tests.scenarios.office import Office, Person, elements, label, texts
from tests.scenarios.talking import record, refusals, until, values
from workflows.ids import QuestionId
from workflows.walk import Walk
from workflows.words.declaring import read_declaration

TOOLS = PROGRAM.life_cycle.declaring.tools


def declares(person: Person, tool: str, what: str, data: str = "internal") -> None:
    """By the command; reads the thanks."""
    person.commands("declare")
    person.view("Nobody is blamed")
    person.submits({"tool": tool, "what": what, "data": data})
    person.view("Thank you")


@pytest.mark.parametrize(
    ("said", "tool", "what"),
    [
        ("I use ChatGPT for translations", "ChatGPT", "translations"),
        (
            "we already use the DeepL app to translate letters to brokers.",
            "DeepL app",
            "translate letters to brokers",
        ),
        ("My team has been using Copilot for minutes", "Copilot", "minutes"),
        ("We have a script that sorts the claims inbox", "script", "sorts the claims inbox"),
        ("declare: I use Claude for drafting", "Claude", "drafting"),
        ("I want to declare a tool", "", ""),
    ],
)
def test_words_that_declare(said: str, tool: str, what: str) -> None:
    assert read_declaration(said, TOOLS) == (tool, what)


@pytest.mark.parametrize(
    "said",
    [
        "we use Excel for claims triage",
        "could we use ChatGPT for translations",
        "we use a script to sort mail, could AI do it better",
        "which tools may I use for translations?",
        "we spend hours on translations",
    ],
)
def test_words_that_declare_nothing(said: str) -> None:
    assert read_declaration(said, TOOLS) is None


def test_words_become_an_entry_of_the_inventory_and_somebody_is_asked(office: Office) -> None:
    marcus = office.person("marcus")
    marcus.says("I use ChatGPT for translating letters from brokers")
    marcus.reads("*ChatGPT* is in use already", "nobody is blamed")
    marcus.clicks("Declare it")
    view = marcus.view("Declare a tool")
    assert "translating letters from brokers" in str(view)
    marcus.submits({"data": "confidential"})
    marcus.view("It is on the list")
    settle(office)
    marcus.at("@app").reads("is on the list of AI tools in use", "Estimated from what is known")
    card = office.person("dana").reads("Marcus Bell declared it, without blame", "translating letters")
    assert {"Make it a use case", "No longer used"} <= {label(e) for _, e in elements(card)}
    kept = record(office, "ChatGPT: translating letters from brokers")
    assert (kept["stage"], kept["source"]) == ("declared", "declared")
    assert values(kept)["data_sensitivity"] == "confidential"


def test_declared_twice_is_listed_once(office: Office) -> None:
    yuki = office.person("yuki")
    yuki.commands("declare chatgpt for letters from brokers")
    yuki.view("Declare a tool")
    yuki.submits({"data": "unsure"})
    yuki.view("I have counted you in")
    with office.bot.service.store.read() as reading:
        listed = reading.use_cases(stages=("declared",))
    assert [u.title for u in listed] == ["ChatGPT: translating letters from brokers"]


def test_the_champion_makes_an_intake_of_it_with_what_was_said(office: Office) -> None:
    dana = office.person("dana")
    dana.clicks("Make it a use case", dana.reads("Marcus Bell declared it"))
    until(lambda: bool(drafts(office, "U0DANA")), "the intake has begun")
    settle(office)
    dana.reads("ChatGPT: translating letters from brokers")
    walk = drafts(office, "U0DANA")[0]
    assert walk.answers[QuestionId("data_sensitivity")].value == "confidential"
    marcus = office.person("marcus")
    marcus.reads("Dana Ortiz is making it a use case")
    assert walk.place is not None
    # Put away, it is still declared: nothing that is in use disappears from the list.
    dana.at("@app", walk.place.thread).says("cancel").says("yes")
    until(lambda: not drafts(office, "U0DANA"), "the draft is put away")
    kept = record(office, "ChatGPT: translating letters from brokers")
    assert kept["stage"] == "declared"


def drafts(office: Office, user: str) -> list[Walk]:
    with office.bot.service.store.read() as reading:
        return [w for w in reading.drafts_of(user) if w.place or w.status == "opening"]


def test_what_is_off_limits_is_said_honestly_and_without_blame(office: Office) -> None:
    grace = office.person("grace")
    declares(grace, "MoodCam", "detect the emotions of agents from their faces on calls")
    grace.reads("nobody may do here", "Please stop using it", "nobody is blamed")
    office.person("sam").reads("MoodCam", "nobody may do here")
    assert record(office, "MoodCam: detect the emotions of agents from their faces on calls")


def test_somebody_else_cannot_take_it_and_its_declarer_can_end_it(office: Office) -> None:
    from tests.scenarios.deciding import sends

    omar = office.person("omar")
    declares(omar, "Excel macro", "copying premiums between two sheets")
    card = office.person("elena").reads("Excel macro")
    block, element = next((b, e) for b, e in elements(card) if label(e) == "Make it a use case")
    before = len(refusals(office))
    sends(office, office.person("grace"), element, block, card["ts"])
    until(lambda: len(refusals(office)) == before + 1, "refused")
    omar.clicks("No longer used", omar.reads("Excel macro", "is on the list"))
    omar.submits({"why": "We have a proper import now."})
    omar.reads("It is archived now")
    assert "Make it a use case" not in texts(omar.reads("It is archived now"))
