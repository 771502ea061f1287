"""Checklists walked in conversation, with evidence, by everybody who works on the use case (R2, R7)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.listeners.starting import open_questionnaire
from tests.scenarios.conftest import Running, open_office
from tests.scenarios.deciding import sends, settle
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.talking import refusals
from workflows.answers import Answer
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import QuestionId, UseCaseId, UserId
from workflows.use_case import UseCase
from workflows.walk import Walk

CHECKLIST = "production_readiness"


OWNERS = {"business_owner": "U0DANA", "technical_owner": "U0LEE", "data_owner": "U0LEE"}


def in_pilot(office: Office, title: str, **answers: str) -> UseCase:
    """A use case of Dana's that is in its pilot, with Lee as its technical owner."""
    service = office.bot.service
    now = datetime.now(UTC)
    dana = UserId("U0DANA")
    given = {
        QuestionId(q): Answer(value=v, how="form", by=dana, at=now) for q, v in {**OWNERS, **answers}.items()
    }
    stamp = service.program.stamp
    with service.store.write() as tx:
        use_case = UseCase(
            id=tx.new_id("use_case"),
            title=title,
            stage="pilot",
            submitter=dana,
            program=stamp,
            answers=given,
            created_at=now,
            submitted_at=now,
        )
        entry = Entry(action="use_case.imported", subject=use_case.subject)
        circ = Circumstances(now=now, actor=Actor(user=dana, door="import"), program=stamp)
        (stored,) = tx.apply(Decision(changed=(use_case,), entries=(entry,)), circ)
    assert isinstance(stored, UseCase)
    return stored


def checklist(office: Office, use_case: UseCaseId) -> Walk:
    """The checklist as it is stored."""
    with office.bot.service.store.read() as reading:
        found: Walk
        (found,) = [w for w in reading.walks_about(use_case) if w.questionnaire == CHECKLIST]
        return found


def opens(office: Office, name: str, use_case: UseCaseId) -> Person:
    """Someone opens the checklist of a use case, in their own conversation with the bot."""
    person = office.person(name)
    service = office.bot.service
    moment = service.moment()
    circ = Circumstances(
        now=datetime.now(UTC),
        actor=Actor(user=UserId(person.id), door="button"),
        program=service.program.stamp,
    )
    with service.store.write() as tx:
        open_questionnaire(tx, moment, circ, CHECKLIST, use_case)
    settle(office)
    walk = checklist(office, use_case)
    places: list[Any] = [walk.place] if walk.owner == person.id else []
    places += [t.place for t in walk.talks if t.user == person.id]
    (place,) = places
    assert place is not None
    return person.at(place.channel, place.thread)


def kept(office: Office, use_case: UseCaseId, item: str) -> JSON:
    """The answer to an item: its state, reason and evidence; empty for none."""
    found = {str(q): a for q, a in checklist(office, use_case).answers.items()}
    return dict(found[item].value) if item in found else {}


def test_a_checklist_is_walked_item_by_item_and_a_yes_wants_its_evidence(office: Office) -> None:
    use_case = in_pilot(office, "Sort the claims letters")
    dana = opens(office, "dana", use_case.id)
    dana.reads("Production readiness of Sort the claims letters", "Is the data permitted", "0 of")
    dana.says("yes")
    dana.reads("What shows it?", "data contract")
    assert kept(office, use_case.id, "data_quality") == {}
    dana.says("see https://wiki.northwind.example/contracts/letters")
    dana.reads("Noted", "wiki.northwind.example/contracts/letters", "1 of")
    found = kept(office, use_case.id, "data_quality")
    assert found["state"] == "yes"
    assert found["evidence"][0]["kind"] == "link"
    assert found["evidence"][0]["owner"] == dana.id
    assert found["evidence"][0]["expires_at"] > found["evidence"][0]["at"]


def cards(person: Person, kind: str) -> list[JSON]:
    """The top-level messages of their conversation with the bot that say this, newest last."""
    return [m for m in person.threads() if kind in texts(m)]


def newest_card(person: Person, says: str) -> JSON:
    """The newest top-level message that says this."""
    found = cards(person, says)
    assert found, f"{person.name} has no card that says {says!r}"
    return found[-1]


def test_an_item_is_handed_to_the_one_who_knows_and_the_answer_comes_back_under_their_name(
    office: Office,
) -> None:
    use_case = in_pilot(office, "Read the broker mails")
    dana = opens(office, "dana", use_case.id)
    dana.reads("Is the data permitted")
    dana.says("ask @lee: you know the register")
    dana.reads("I have asked Lee Chen about", "Data quality")
    dana.reads("Is it settled who decides", "1 with others")
    settle(office)
    lee = office.person("lee")
    card = newest_card(lee, "Read the broker mails")
    assert "Is the data permitted" in texts(card)
    assert "you know the register" in texts(card)
    lee = lee.at("@app", card["ts"])
    lee.says("yes")
    lee.reads("What shows it?")
    lee.says("it is in the register, entry 14 of the claims register: https://wiki.northwind.example/r/14")
    dana.reads("Lee Chen answered", "Data quality", "wiki.northwind.example/r/14")
    settle(office)
    after = next(m for m in lee.at("@app").threads() if m["ts"] == card["ts"])
    assert "You answered this" in texts(after)
    assert not elements(after)
    answer = checklist(office, use_case.id).answers[QuestionId("data_quality")]
    assert answer.by == lee.id
    assert answer.value["evidence"][0]["owner"] == lee.id


def test_what_does_not_apply_wants_a_reason_and_a_file_in_the_thread_is_evidence(office: Office) -> None:
    use_case = in_pilot(office, "Sum up the complaints")
    dana = opens(office, "dana", use_case.id)
    dana.reads("Is the data permitted")
    dana.says("n/a")
    dana.reads("Why does it not apply?")
    assert kept(office, use_case.id, "data_quality") == {}
    dana.says("because it reads nothing but public pages")
    dana.reads("does not apply", "public pages", "Is it settled who decides")
    dana._act(
        "upload", channel="@app", thread_ts=dana.thread, filename="instruction.txt", content="who decides"
    )
    dana.reads("Noted", "instruction.txt", "2 of")
    found = kept(office, use_case.id, "decision_ownership")
    assert (found["state"], found["evidence"][0]["kind"]) == ("yes", "file")
    assert found["evidence"][0]["name"] == "instruction.txt"


def test_of_two_who_answer_the_same_item_at_once_the_second_is_told_and_nothing_is_overwritten(
    office: Office,
) -> None:
    use_case = in_pilot(office, "Draft the broker letters")
    dana = opens(office, "dana", use_case.id)
    seen = dana.reads("Is the data permitted")
    lee = opens(office, "lee", use_case.id)
    lee.reads("Is the data permitted")
    lee.says("no, the contract is missing")
    lee.reads("Is it settled who decides")
    settle(office)
    block, element = next((b, e) for b, e in elements(seen) if label(e) == "Does not apply")
    sends(office, dana, {**element, "value": "na"}, block, dana.thread or "")
    settle(office)
    dana.reads("Lee Chen has answered", "nothing was changed")
    assert kept(office, use_case.id, "data_quality")["state"] == "no"
    closed = next(m for m in dana.messages() if m["ts"] == seen["ts"])
    assert "Is the data permitted" in texts(closed)
    assert not [e for _, e in elements(closed) if label(e) == "Yes"]
    dana.says("yes, see https://wiki.northwind.example/contracts/1")
    dana.reads("Lee Chen has answered", "in the meantime")
    assert kept(office, use_case.id, "data_quality")["state"] == "no"


def test_a_stranger_cannot_open_it_and_the_attempt_is_on_record(office: Office) -> None:
    use_case = in_pilot(office, "Rank the repair shops")
    yuki = office.person("yuki")
    element = {
        "type": "button",
        "action_id": "check.open",
        "value": f"{use_case.id}|{CHECKLIST}|monitoring",
        "text": {"type": "plain_text", "text": "Add"},
    }
    before = len(refusals(office))
    sends(office, yuki, element, "forged")
    settle(office)
    assert [r["action"] for r in refusals(office)[before:]] == ["walk.opened"]
    with office.bot.service.store.read() as reading:
        assert not reading.walks_about(use_case.id)


def test_the_small_form_of_one_item_is_checked_field_by_field_and_the_card_shows_it(
    office: Office,
) -> None:
    use_case = in_pilot(office, "Check the invoices")
    dana = opens(office, "dana", use_case.id).says("show me the list")
    card = dana.reads("Monitoring", "needs evidence", "0 of")
    dana.clicks("check.open/monitoring", card)
    view = dana.view("Monitoring")
    assert "What shows it" in texts(view)
    answer = dana.submits({"q|monitoring": "yes"})
    assert "What shows it" in str(answer)
    answer = dana.submits({"q|monitoring": "yes", "q|monitoring|link": "ftp://x.example"})
    assert "https://" in str(answer)
    dana.submits({"q|monitoring": "yes", "q|monitoring|link": "https://grafana.northwind.example/d/7"})
    settle(office)
    found = kept(office, use_case.id, "monitoring")
    assert found["evidence"][0]["link"] == "https://grafana.northwind.example/d/7"
    after = next(m for m in dana.messages() if m["ts"] == card["ts"])
    assert "grafana.northwind.example/d/7" in texts(after)
    assert "1 of" in texts(after)


def test_an_open_question_is_reminded_of_on_demand_but_only_once_a_day(office: Office) -> None:
    use_case = in_pilot(office, "Triage the hail claims")
    dana = opens(office, "dana", use_case.id)
    dana.reads("Is the data permitted")
    dana.says("@ines knows")
    dana.reads("I have asked Ines")
    walk = checklist(office, use_case.id)
    dana.says("show")
    card = dana.reads("waits for Ines")
    ines = office.person("ines")
    dana.clicks("Nudge", card)
    settle(office)
    newest_card(ines, "still waits for your answer")
    count = len(cards(ines, "still waits for your answer"))
    dana.clicks("Nudge", card)
    settle(office)
    assert len(cards(ines, "still waits for your answer")) == count
    with office.bot.service.store.read() as reading:
        waits = [w for s, w in reading.waits_for(ines.id) if s.id == walk.id]
    assert [w.kind for w in waits] == ["assignment"]


def test_the_list_goes_on_where_it_was_after_a_restart(tmp_path: Path) -> None:
    with open_office(tmp_path) as before:
        use_case = in_pilot(before, "Match the payments")
        dana = opens(before, "dana", use_case.id)
        dana.reads("Is the data permitted")
        dana.says("yes")
        dana.reads("What shows it?")
        settle(before)
        walk = checklist(before, use_case.id)
        assert walk.claim is not None
        before.bot.stop()
        before.bot = Running(before.url, tmp_path, before.bot.server.config.port)
        before.bot.start()
        dana.says("see https://wiki.northwind.example/contracts/9")
        dana.reads("Noted", "contracts/9")
        assert kept(before, use_case.id, "data_quality")["state"] == "yes"


def test_a_long_list_is_a_form_of_several_pages_each_saved_before_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.views.form._BLOCKS_AT_MOST", 12)
    use_case = in_pilot(office, "Plan the adjusters")
    dana = opens(office, "dana", use_case.id).says("show")
    dana.clicks("As a form", dana.reads("needs evidence"))
    first = dana.view("Page 1 of")
    assert "Data quality" in texts(first)
    answer = dana.submits({"q|data_quality": "yes", "q|data_quality|words": "yes of course"})
    assert "What shows it" in str(answer)
    link = "https://wiki.northwind.example/contracts/3"
    dana.submits({"q|data_quality": "yes", "q|data_quality|words": link})
    second = dana.view("Page 2 of")
    assert "Data quality" not in texts(second)
    settle(office)
    assert kept(office, use_case.id, "data_quality")["evidence"][0]["link"] == link


def test_a_checklist_is_opened_by_command_and_in_plain_words(office: Office) -> None:
    use_case = in_pilot(office, "Forecast the storms")
    dana = office.person("dana")
    dana.commands("checklist production readiness for Forecast the storms")
    dana.at("#general").reads("opened a conversation")
    settle(office)
    assert checklist(office, use_case.id).owner == dana.id
    lee = office.person("lee").says("let's do the production readiness checklist for Forecast the storms")
    lee.reads("Production readiness of Forecast the storms", "Is the data permitted")
    lee.says("no, not yet")
    lee.reads("Noted", "Is it settled who decides")
    assert kept(office, use_case.id, "data_quality")["state"] == "no"
    dana.commands("checklist")
    dana.at("#general").reads("These checklists there are", "Production readiness")
