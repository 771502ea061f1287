"""Monday morning: what people asked and did not get, for the owners of the playbook, exactly once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.books import asked as consultation
from tests.scenarios.books import bring_in, everything
from tests.scenarios.office import JSON, Office, texts
from tests.scenarios.talking import until
from workflows.gaps import next_day
from workflows.program import GapList

LONDON = "Europe/London"
BONUS = "how large is the executive bonus when the zebra target is reached?"


@pytest.fixture(scope="module", autouse=True)
def playbook(office: Office, tmp_path_factory: pytest.TempPathFactory) -> None:
    bring_in(office, tmp_path_factory.mktemp("playbook"))


def monday(office: Office) -> date:
    return next_day(office.bot.now(), LONDON, GapList())


def lists(office: Office, name: str) -> list[JSON]:
    """The lists of gaps in somebody's direct message, oldest first."""
    return [m for m in office.person(name).messages() if "What the playbook lacked" in texts(m)]


def settled(office: Office) -> None:
    until(lambda: office.bot.service.store.outbox.backlog().open == 0, "everything is delivered")


def until_monday(office: Office) -> None:
    """Lets the time go by until just after the next list is due in London."""
    due = datetime.combine(monday(office), datetime.min.time(), tzinfo=ZoneInfo(LONDON))
    ahead = due + timedelta(hours=8, minutes=31) - office.bot.now()
    office.bot.pass_time(seconds=ahead.total_seconds())
    settled(office)


def test_a_week_without_gaps_brings_no_list(office: Office) -> None:
    mo = office.person("mo").says("who can stop a release?")
    mo.reads("risk owner and by the technical owner")
    until_monday(office)
    assert not lists(office, "sam")
    with office.bot.service.store.read() as reading:
        assert not reading.planned("gaps")


def test_on_monday_the_owners_read_what_was_asked_and_not_answered(office: Office) -> None:
    for name, words in (
        ("mo", "what does the canteen serve on Fridays?"),
        ("grace", "what does the canteen serve on friday"),
        ("grace", "What does our canteen serve on Fridays??"),
        ("henrik", "how many moons has Jupiter got?"),
    ):
        office.person(name).says(words).reads("could not find")
    dana = office.person("dana").says("who can stop a release?")
    dana.reads("risk owner and by")
    dana.clicks(
        "answer.rate", value=f"{consultation(office, dana, 'who can stop a release?')['id']}|playbook|no"
    )
    dana.clicks("Say what was missing")
    dana.submits({"why": "Who does it at night?"})
    marcus = office.person("marcus").says("which journeys are made by train?")
    marcus.reads("past its review date")
    victor = office.person("victor").says(BONUS)
    victor.reads("forty percent")
    victor.clicks("answer.rate", value=f"{consultation(office, victor, BONUS)['id']}|playbook|no")
    settled(office)
    assert not lists(office, "sam")
    until_monday(office)
    (message,) = lists(office, "sam")
    told = texts(message)
    assert (
        "*Customer service*\n• “what does the canteen serve on Fridays?” (2 people, 3 times; no answer)"
        in told
    )
    assert "*Legal*\n• “how many moons has Jupiter got?” (1 person; no answer)" in told
    assert "“who can stop a release?” (1 person; answered, but not helpful)" in told
    assert "Who does it at night?" in told
    assert "Travel rules, Finance: 31 January 2025, quoted once" in told
    for name in ("Mo Haddad", "Grace", "Dana", "zebra", "forty", "Zebra bonus"):
        assert name not in told
    assert "Questions without a good answer: 3." in told
    assert len(lists(office, "zoe")) == 1


def test_the_list_comes_once_however_often_the_clock_says_so(office: Office) -> None:
    before = len(lists(office, "sam"))
    office.person("henrik").says("how deep is the swimming pool?").reads("could not find")
    settled(office)
    service = office.bot.service
    with service.store.read() as reading:
        planned = [later for later in reading.planned("gaps") if later.subject.id == "U0SAM"]
    until_monday(office)
    assert len(lists(office, "sam")) == before + 1
    from workflows.decision import Decision

    with service.store.write() as tx:
        again = planned[0].model_copy(update={"due": datetime.now(UTC)})
        tx.apply(Decision(effects=(again,)), service.moment().circumstances(service.bot_user, "clock"))
    office.bot.pass_time(seconds=1)
    settled(office)
    assert len(lists(office, "sam")) == before + 1


def test_what_became_a_page_before_monday_is_no_gap(office: Office) -> None:
    henrik = office.person("henrik").says("which shampoo is best for poodles?")
    henrik.clicks("Ask Ines Moreau, champion for Legal")
    ines = office.person("ines")
    card = ines.reads("asks something", "poodles")
    ines.at("@app", card["ts"]).says("The one with oats.")
    sam = office.person("sam")
    sam.clicks("Add…", sam.reads("Add this to the playbook?", "poodles"))
    sam.submits({})
    sam.reads("Sam Okafor added this", "poodles")
    before = len(lists(office, "sam"))
    until_monday(office)
    assert len(lists(office, "sam")) == before


def test_a_list_that_was_planned_for_somebody_who_left_goes_to_the_others(office: Office) -> None:
    office.person("henrik").says("why is the lift so noisy?").reads("could not find")
    settled(office)
    before = len(lists(office, "zoe"))
    with office.bot.service.store.write() as tx:
        gone = tx.directory().person("U0SAM").model_copy(update={"active": False})
        tx.save_people([gone])
    try:
        until_monday(office)
        assert len(lists(office, "zoe")) == before + 1
        assert "noisy" not in everything(office.person("sam"))
    finally:
        with office.bot.service.store.write() as tx:
            tx.save_people([gone.model_copy(update={"active": True})])
