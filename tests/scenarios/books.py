"""A small playbook for scenarios: rules for everybody, one page for a few, one that is past its date."""

from __future__ import annotations

from pathlib import Path

from bot.clock import utc_now
from knowledge.syncing import Source, sync
from tests.scenarios.office import JSON, Office, Person, texts

RIGHTS = """---
title: Decision rights
owner: AI program team
audience: all
function: risk
review_date: 2027-03-15
link: https://wiki.example.com/decision-rights
---
# Decision rights

## Who can stop a release

A release can be stopped by the risk owner and by the technical owner of the use case. For high risk the
on-call engineer of platform operations can stop it too.

## Rollback

A rollback must be finished within thirty minutes of the decision. For high risk use cases it must be finished
within ten minutes.

## Recordings

A recording of a call is personal data, because a voice identifies a person, even if no name is mentioned.
"""
LAW = """---
title: Jurisdictions
owner: Legal
audience: all
function: legal
review_date: 2027-03-15
---
# Jurisdictions

## The European AI Act

Under the EU AI Act a use case that decides about people is entered in the register of high-risk systems
before it goes into production.
"""
BONUS = """---
title: Zebra bonus rules
owner: Finance
audience: exec
function: finance
review_date: 2027-03-15
---
# Zebra bonus rules

## The executive bonus

The executive bonus is forty percent of the salary when the zebra target is reached.
"""
TRAVEL = """---
title: Travel rules
owner: Finance
audience: all
function: finance
review_date: 2025-01-31
---
# Travel rules

## Trains and planes

Journeys of less than four hours are made by train, and a flight needs the consent of the head of the
function.
"""
DOCUMENTS = {"rights.md": RIGHTS, "law.md": LAW, "bonus.md": BONUS, "travel.md": TRAVEL}


def bring_in(office: Office, folder: Path) -> None:
    """The documents in the corpus of the running bot, once its model is there."""
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    service = office.bot.service
    assert service.wait_for_model(30)
    sync(service.store, Source("playbook", folder), service.embedder, utc_now)


def asked(office: Office, person: Person, words: str) -> JSON:
    """The consultation of the last question of these words that the person asked."""
    from datetime import UTC, datetime

    with office.bot.service.store.read() as reading:
        every = reading.consultations_since(
            datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        )
        found = [c for c in every if c.asker == person.id and c.question == words]
        assert found, f"{person.name} never asked {words!r}"
        return dict(found[-1].model_dump(mode="json"))


def mentioning(office: Office, words: str) -> str:
    """The words with the bot mentioned before them."""
    return f"<@{office.get('/sandbox/workspace')['app']['bot_user_id']}> {words}"


def everything(person: Person) -> str:
    """All that can be read where they are."""
    return "\n".join(texts(m) for m in person.messages())
