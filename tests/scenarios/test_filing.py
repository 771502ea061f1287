"""Documents that people ask for, through the protocol: records, one's own data, and legal holds."""

from __future__ import annotations

import json
import time
import urllib.request
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from storage.erasing import erase
from storage.own_data import named
from storage.retiring import retire
from tests.answers import MEDIUM
from tests.scenarios.conftest import BOT_TOKEN
from tests.scenarios.deciding import case_of, presses, settle, submits, view_button
from tests.scenarios.office import Office, Person
from workflows.ids import UserId
from workflows.retention import Retention


def files_of(person: Person, ending: str, after: int = 0, count: int = 1) -> list[bytes]:
    """The files with that ending that the bot put into their conversation, once there are so many."""
    until = time.monotonic() + 15
    found: list[dict[str, Any]] = []
    while time.monotonic() < until:
        places = (Person(person.office, person.id, person.name), person)
        messages = {m["ts"]: m for place in places for m in place.messages()}
        every = [f for _, m in sorted(messages.items()) for f in m.get("files", [])]
        found = [f for f in every if str(f["name"]).endswith(ending)][after:]
        if len(found) >= count:
            break
        time.sleep(0.05)
    assert len(found) == count, [f["name"] for f in found]
    return [_bytes(str(f["url_private"])) for f in found]


def _bytes(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {BOT_TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return bytes(answer.read())


def told(person: Person, command: str, *contains: str) -> None:
    """They give the command and read, beside it, a reply with these words."""
    person.commands(command)
    person.at("#general").reads(*contains)


def log_of(office: Office, action: str) -> list[dict[str, Any]]:
    with office.bot.service.store.read() as reading:
        return [row for row in reading.audit() if row["action"] == action]


def test_the_record_comes_as_pdf_and_markdown_to_whoever_may_read_it(office: Office) -> None:
    submits(office, "Sort claims", MEDIUM)
    use_case, approval = case_of(office, "Sort claims")
    dana = office.person("dana")
    told(dana, f"record {use_case.id}", "writing the record of *Sort claims*")
    (paper,) = files_of(dana, ".pdf")
    (text,) = files_of(dana, ".md")
    reader = PdfReader(BytesIO(paper))
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Governance record: Sort claims" in words
    assert f"1 of {len(reader.pages)}" in words
    assert f"{approval.id}: intake, waiting" in words
    written = text.decode()
    assert written.startswith("# Governance record: Sort claims")
    assert "## Everything that happened, from the audit log" in written
    asked = log_of(office, "record.asked")[-1]
    assert (asked["actor"], asked["subject_id"]) == (dana.id, use_case.id)


def test_the_button_on_the_record_gives_it_too(office: Office) -> None:
    submits(office, "Read meters", MEDIUM)
    priya = office.person("priya")
    priya.says("where is Read meters?")
    card = priya.reads("Read meters")
    presses(priya, card, "Open")
    view_button(priya, priya.view(), "Record as PDF")
    (paper,) = files_of(priya, ".pdf")
    assert paper.startswith(b"%PDF")


def test_words_ask_for_it_and_whoever_has_nothing_to_do_with_it_is_refused_on_record(office: Office) -> None:
    submits(office, "Plan roads", MEDIUM)
    use_case, _ = case_of(office, "Plan roads")
    elena = office.person("elena")
    elena.says("can you give me the record of Plan roads please")
    elena.reads("writing the record of", "Plan roads")
    files_of(elena, ".md")
    omar = office.person("omar")
    omar.says(f"give me the record of {use_case.id}")
    omar.reads("That record is for its submitter")
    told(omar, f"record {use_case.id}", "That record is for its submitter")
    settle(office)
    files_of(omar, ".pdf", count=0)
    tried = [r for r in log_of(office, "record.read") if r["subject_id"] == use_case.id and r["refused"]]
    assert [r["actor"] for r in tried] == [omar.id, omar.id]


def test_a_question_about_records_is_not_taken_for_one_for_a_document(office: Office) -> None:
    kim = office.person("kim")
    kim.says("how long do we keep the record of a use case?")
    settle(office)
    files_of(kim, ".pdf", count=0)


def test_ones_own_data_comes_to_oneself_alone(office: Office) -> None:
    lee = office.person("lee")
    lee.says("what counts as personal data for the whistling project?")
    settle(office)
    told(lee, "my-data", "nobody else sees it")
    (data,) = files_of(lee, ".json")
    (text,) = files_of(lee, ".md")
    found = json.loads(data)
    assert found["person"]["id"] == lee.id
    assert "whistling project" in data.decode()
    assert text.decode().startswith("# What is kept about Lee Chen")
    assert log_of(office, "person.exported")[-1]["actor"] == lee.id
    sam = office.person("sam")
    sam.says("give me my data please")
    sam.reads("gathering what I keep about you")
    (other,) = files_of(sam, ".json")
    assert "whistling project" not in other.decode()


def test_a_name_that_anybody_can_choose_brings_nothing_of_what_others_asked(office: Office) -> None:
    grace, kim = office.person("grace"), office.person("kim")
    with office.bot.service.store.read() as reading:
        name = reading.directory().person(UserId(kim.id)).name
    assert len(name.split()) > 1
    grace.says(f"what may {name} do in the humming project?")
    settle(office)
    told(kim, "my-data", "nobody else sees it")
    (data,) = files_of(kim, ".json")
    assert "humming project" not in data.decode()


def test_a_hold_is_set_and_ended_by_those_the_program_names_and_stops_deletion(office: Office) -> None:
    submits(office, "Weigh trucks", MEDIUM)
    use_case, _ = case_of(office, "Weigh trucks")
    dana, legal = office.person("dana"), office.person("ines")
    store, service = office.bot.service.store, office.bot.service
    told(dana, f"hold {use_case.id}: for me", "set and ended by")
    told(legal, f"hold {use_case.id}:", "Please say why")
    told(legal, f"hold {use_case.id}: a court asked for it", "is on hold")
    told(legal, f"hold {use_case.id}: again", "on hold already")
    policy = Retention(records_days=1, ended=(use_case.stage,))
    circ = service.moment().circumstances(service.bot_user, "clock")
    late = circ.model_copy(update={"now": circ.now.replace(year=circ.now.year + 9)})
    with store.write() as tx:
        retire(tx, policy, late)
        assert tx.use_case(use_case.id) is not None
    told(legal, f"hold end {use_case.id}: the case is closed", "is over")
    told(legal, f"hold end {use_case.id}: again", "no hold")
    actions = [
        r["action"] for r in store.export() if r["subject_id"] == use_case.id and "hold" in r["action"]
    ]
    assert actions == ["hold.set", "hold.set", "hold.set", "hold.set", "hold.end", "hold.end"]


def test_whoever_was_erased_is_not_brought_back_by_slack(office: Office) -> None:
    service = office.bot.service
    grace = office.person("grace")
    grace.says("what is a data contract?")
    settle(office)
    circ = service.moment().circumstances(service.bot_user, "cli")
    with service.store.write() as tx:
        who = named(tx.connection, grace.id)
        assert who is not None
        erase(tx, who, "erased-beef", "she asked", circ)
    service.people.wanted()
    time.sleep(0.5)
    with service.store.read() as reading:
        directory = reading.directory()
    assert grace.id not in directory.people
    assert directory.person(UserId("erased-beef")).active is False
    assert service.store.verify().problems == ()
