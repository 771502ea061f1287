"""Checklists walked in conversation, with evidence, by everybody who works on the use case (R2, R7)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.listeners.starting import open_questionnaire
from tests.scenarios.deciding import settle
from tests.scenarios.office import JSON, Office, Person, elements, texts
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
