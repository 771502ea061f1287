"""Talking through an intake: canned replies, waiting for the next question, looking at what is stored."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.scenarios.office import JSON, Office, Person, texts

IDEA = "we spend ages writing summaries of claims calls, could AI do that? maybe 40 agents, 300 calls a day"


def record(office: Office, title: str) -> JSON:
    """What is stored of the newest use case with this title."""
    with office.bot.service.store.read() as reading:
        found = [u for u in reading.use_cases() if u.title == title]
        assert found, f"no use case is called {title!r}"
        return dict(max(found, key=lambda u: u.id).model_dump(mode="json"))


def values(stored: JSON) -> JSON:
    """Only the values of the answers, by question."""
    return {q: a["value"] for q, a in stored["answers"].items()}


def refusals(office: Office) -> list[JSON]:
    """The refused attempts in the audit log, oldest first."""
    with office.bot.service.store.read() as reading:
        return [row for row in reading.audit() if row["refused"]]


REPLIES = {
    "audience_users": "claims agents",
    "users_expected": "about 40",
    "data_sources": "recordings and the claims system",
    "data_owner": "@lee",
    "data_sensitivity": "confidential",
    "personal_data": "yes",
    "autonomy": "it drafts and a person decides",
    "affected": "our own people",
    "harm": "a nuisance",
    "decides_about_people": "no",
    "prohibited_uses": "none of these",
    "audience": "internal",
    "jurisdictions": "UK",
    "build_or_buy": "we are not sure yet",
    "release_by": "end of September 2027",
    "business_owner": "me",
    "technical_owner": "lee chen",
    "metric_owner": "me",
    "risk_owner": "@ines",
}


def answer_the_rest(person: Person, replies: dict[str, str] | None = None, limit: int = 30) -> None:
    """Answers whatever is asked, in words, until the review card is there."""
    told = {**REPLIES, **(replies or {})}
    for _ in range(limit):
        walk = asked(person)
        if walk["status"] == "reviewing":
            return
        question, number = walk["asking"], walk["ask"]
        person.says(told.get(question, "skip"))
        wait_for(person, number)
    pytest.fail(f"still asking {asked(person)['asking']} after {limit} answers")


def asked(person: Person) -> JSON:
    with person.office.bot.service.store.read() as reading:
        found = [w for w in reading.drafts_of(person.id) if w.place and w.place.thread == person.thread]
        return (
            dict(found[0].model_dump(mode="json")) if found else {"status": "gone", "asking": None, "ask": 0}
        )


def wait_for(person: Person, number: int) -> None:
    """Until the walk has moved on from question number ``number``."""

    until = time.monotonic() + 5
    while time.monotonic() < until:
        walk = asked(person)
        if walk["ask"] != number or walk["status"] != "asking":
            return
        time.sleep(0.01)
    shown = texts(person.messages()[-1])
    pytest.fail(f"{person.name}'s answer to {asked(person)['asking']} led nowhere; last message: {shown}")


def until(true: Callable[[], object], claim: str) -> None:
    """Waits until something is so."""
    end = time.monotonic() + 8
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.01)
    pytest.fail(f"it never came to this: {claim}")


def goes_to(person: Person, question: str, replies: dict[str, str] | None = None) -> Person:
    """Answers in words until this question is on the table."""
    told = {**REPLIES, **(replies or {})}
    for _ in range(25):
        walk = asked(person)
        if walk["asking"] == question:
            return person
        person.says(told.get(walk["asking"], "skip"))
        wait_for(person, walk["ask"])
    pytest.fail(f"{question} was never asked")


def start(office: Office, name: str = "dana", words: str = IDEA) -> Person:
    """A fresh intake, at its first question."""
    person = office.person(name).says(words)
    person.reads("get measurably better")
    return person


def past_the_outcome(office: Office, name: str = "dana", words: str = IDEA) -> Person:
    """A fresh intake whose outcome is answered."""
    person = start(office, name, words)
    person.says("after call work from 9 to 5 minutes by end of June 2027")
    person.reads("Noted", "5 minutes")
    return person


def at_the_review(office: Office, name: str = "dana", words: str = IDEA, **replies: str) -> Person:
    """A fresh intake with every question answered in words: the review card is there."""
    person = past_the_outcome(office, name, words)
    answer_the_rest(person, replies)
    person.reads("The way ahead")
    return person
