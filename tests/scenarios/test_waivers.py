"""A7 through the protocol: a control is set aside by its owner, at somebody's explicit risk, until a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.answers import MEDIUM
from tests.scenarios.deciding import case_of, eventually, fills, presses, sends, settle, view_button
from tests.scenarios.gates import approved, put
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from workflows.waiver import Waiver

OWNERS: JSON = {
    "metric_owner": "U0MO",
    "stop_authority": "U0LEE",
    "risk_owner": "U0INES",
    "technical_owner": "U0LEE",
}
ALL_BUT_ONE: JSON = {"id": "production_readiness", "without": ("monitoring",)}


def waiver_of(office: Office, title: str) -> Waiver:
    with office.bot.service.store.read() as reading:
        return reading.matters(Waiver, use_case=case_of(office, title)[0].id)[0]


def asks(office: Office, title: str, days: int = 30) -> tuple[Person, Person]:
    """Dana asks for a waiver of monitoring, by command: she, and she in the thread of her use case."""
    home = approved(office, title, {**MEDIUM, **OWNERS})
    put(office, title, "platform_candidate", ALL_BUT_ONE)
    dana = office.person("dana")
    dana.commands(f"waive {case_of(office, title)[0].id}")
    options = next(e for _, e in elements(dana.view("Which control")) if e["action_id"] == "control")
    assert any("Monitoring" in label({"text": o["text"]}) for o in options["options"])
    value = next(o["value"] for o in options["options"] if o["value"] == "production_readiness|monitoring")
    fills(dana, {"control": value})
    day = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
    fills(
        dana,
        {
            "justification": "The tool comes in March.",
            "compensating": "Two people read every tenth answer.",
            "risk": "A drift goes unnoticed for a day.",
            "until": day,
        },
    )
    return dana, home


def test_the_risk_is_accepted_in_ones_own_words_and_the_owner_of_the_control_decides(office: Office) -> None:
    title = "Sum up hail claims"
    dana, home = asks(office, title)
    ines, priya = office.person("ines"), office.person("priya")
    card = ines.reads("asks to set *Monitoring* aside", title, "Two people read every tenth answer")
    presses(ines, card, "Accept the risk")
    fills(ines, {"ticked": ["yes"], "words": "I carry it until March."})
    card = priya.reads("asks for a waiver of Monitoring until", title, "I carry it until March")
    assert "Delegate" not in [label(e) for _, e in elements(card)]
    presses(priya, card, "Approve")
    assert waiver_of(office, title).status == "in_force"
    home.reads("waiver of Monitoring until", "is approved by Priya Shah")
    dana.says(f"is {title} ready for production?")
    dana.reads("7 of 7", "Waived: Monitoring, until", title)
    listed = office.person("mo")
    listed.commands("waivers")
    assert "Monitoring" in texts(listed.at("#general").reads("Waivers in force"))


def test_the_asker_cannot_accept_the_risk_for_somebody_else(office: Office) -> None:
    title = "Sum up storm claims"
    dana, _ = asks(office, title)
    card = dana.reads("asks to set *Monitoring* aside", title)
    assert "Accept the risk" not in [label(e) for _, e in elements(card)]
    ines = office.person("ines")
    block, element = next(
        (b, e)
        for b, e in elements(ines.reads("asks to set *Monitoring* aside", title))
        if label(e) == "Accept the risk"
    )
    sends(office, dana, element, block)
    dana.reads("Only Ines Moreau, who carries the risk, can answer this")
    assert waiver_of(office, title).acceptance is None


def test_on_its_day_the_control_counts_again_and_everyone_hears_of_it(office: Office) -> None:
    title = "Sum up theft claims"
    dana, _ = asks(office, title, days=20)
    ines, priya = office.person("ines"), office.person("priya")
    presses(ines, ines.reads("asks to set *Monitoring* aside", title), "Accept the risk")
    fills(ines, {"ticked": ["yes"], "words": "I carry it."})
    presses(priya, priya.reads("asks for a waiver of Monitoring", title), "Approve")
    assert waiver_of(office, title).status == "in_force"
    office.bot.pass_time(days=7)
    dana.reads("waiver of *Monitoring*", title, "ends on")
    office.bot.pass_time(days=14)
    eventually(lambda: waiver_of(office, title).status == "expired")
    settle(office)
    dana.reads("waiver of *Monitoring*", title, "is over: the control counts again")
    team = office.person("mo").at("#ai-program")
    team.reads("waiver of *Monitoring*", title, "is over")


def test_a_waiver_is_asked_for_from_the_very_item_that_is_not_met(office: Office) -> None:
    title = "Sum up water claims"
    approved(office, title, {**MEDIUM, **OWNERS})
    put(office, title, "platform_candidate", ALL_BUT_ONE)
    dana = office.person("dana").says(f"is {title} ready for production?")
    card = dana.reads("Not yet", title)
    every = next(label(e) for _, e in elements(card) if e["action_id"].startswith("ready.items"))
    presses(dana, card, every)
    view_button(dana, dana.view("Monitoring"), "Ask for a waiver")
    assert "is set aside for a time" in texts(dana.view("is set aside for a time"))


def test_what_may_not_be_waived_is_said_before_a_form_is_filled_in(office: Office) -> None:
    title = "Sum up fire claims"
    approved(office, title, {**MEDIUM, **OWNERS, "risk_owner": None})
    put(office, title, "platform_candidate", ALL_BUT_ONE)
    dana = office.person("dana")
    dana.commands(f"waive {case_of(office, title)[0].id}")
    dana.at("#general").reads("Somebody has to carry the risk", "Risk owner")
