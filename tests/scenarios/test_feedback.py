"""M5 through the protocol: blame-free feedback, with a name and without, its answer, and what comes again."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from tests.scenarios.office import Office, Person, elements, label, texts
from tests.scenarios.running import in_use
from tests.scenarios.talking import refusals, until
from workflows.feedback import Feedback
from workflows.use_case import UseCase


@pytest.fixture(scope="module")
def chat(office: Office) -> UseCase:
    """A use case of customer service, which Dana answers for and Lee keeps running."""
    return in_use(office, "Chat wrap-up", business_function="claims")


def newest(office: Office) -> Feedback:
    with office.bot.service.store.read() as reading:
        found: Feedback = max(reading.matters(Feedback), key=lambda f: str(f.id))
        return found


def gives(person: Person, about: str, what: str, name: str = "named", wish: str = "") -> None:
    """Fills in the form that is open, and reads the thanks."""
    person.view("What happened?")
    person.submits({"use_case": about, "what": what, "wish": wish, "name": name})
    person.view("Thank you")


def rows_naming(office: Office, user: str) -> list[str]:
    """Every table that has a row with this id anywhere in it."""
    found = []
    with office.bot.service.store.read() as reading:
        tables = reading.connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table'")
        ).scalars()
        for table in tables:
            rows = reading.connection.execute(text(f'SELECT * FROM "{table}"')).mappings()
            found += [f"{table}: {dict(row)}" for row in rows if user in str(dict(row))]
    return found


def test_words_become_feedback_that_reaches_the_owners_and_is_answered(office: Office, chat: UseCase) -> None:
    marcus = office.person("marcus")
    marcus.says("feedback on the chat wrap-up: it makes names up in every second letter")
    marcus.reads("I take this as feedback on *Chat wrap-up*", "makes names up")
    marcus.clicks("Pass it on with my name")
    marcus.reads("It has gone to Dana Ortiz and Lee Chen")
    dana = office.person("dana")
    card = dana.reads("Feedback", "from Marcus Bell", "makes names up", "It makes things up")
    office.person("lee").reads("from Marcus Bell")
    dana.clicks("Answer", card)
    dana.submits({"answer": "We have told it to copy names and never to guess them."})
    marcus.at("@app").reads("Dana Ortiz answers your feedback", "never to guess them", "You wrote: it makes")
    dana.reads("Dana Ortiz answered:", "never to guess them")
    assert "Answer" not in [label(e) for _, e in elements(dana.reads("from Marcus Bell"))]
    kept = newest(office)
    assert (kept.status, kept.themes, kept.function) == ("answered", ("wrong",), "claims")


def test_the_same_words_are_passed_on_once(office: Office, chat: UseCase) -> None:
    marcus = office.person("marcus")
    marcus.says("Feedback about the chat wrap-up: it is too slow in the morning")
    offer = marcus.reads("I take this as feedback on *Chat wrap-up*")
    marcus.clicks("Pass it on with my name", offer)
    marcus.reads("It has gone to")
    before = newest(office).id
    marcus.clicks("Pass it on with my name", offer)
    marcus.reads("I have passed that on already")
    assert newest(office).id == before


def test_without_a_name_nothing_that_is_stored_names_the_writer(office: Office, chat: UseCase) -> None:
    yuki = office.person("yuki")
    yuki.commands("feedback")
    gives(yuki, chat.id, "it is rude to customers, and nobody dares to say so", "unnamed", "A kinder tone")
    kept = newest(office)
    assert (kept.said_by, kept.wish, kept.themes) == (None, "A kinder tone", ("tone",))
    until(lambda: office.bot.service.store.outbox.backlog().open == 0, "delivered")
    said = [row for row in rows_naming(office, "U0YUKI") if "rude" in row or str(kept.id) in row]
    assert not said, "a row names her beside what she wrote"
    told = [row for row in rows_naming(office, "U0YUKI") if not row.startswith(("people", "groups"))]
    assert not [row for row in told if "feedback" in row.casefold()], told
    lee = office.person("lee")
    card = lee.reads(
        "from somebody who left their name out", "rude to customers", "An answer goes to #claims"
    )
    lee.clicks("Answer", card)
    lee.submits({"answer": "The tone is being changed this week."})
    aloud = office.person("marcus").at("#claims").reads("came without a name", "being changed this week")
    assert "rude" not in texts(aloud), "the channel reads the answer and not the words"


def test_thanks_is_an_answer_too(office: Office, chat: UseCase) -> None:
    marcus = office.person("marcus").at("#general")
    marcus.commands("feedback it works well, thank you")
    gives(marcus, chat.id, "it works well, thank you")
    dana = office.person("dana")
    dana.clicks("Thanks, noted", dana.reads("works well, thank you", "It helps"))
    office.person("marcus").reads("Dana Ortiz has read your feedback on *Chat wrap-up*")
    assert newest(office).status == "done"


def test_only_the_program_team_puts_themes_right(office: Office, chat: UseCase) -> None:
    sam = office.person("sam")
    sam.commands("feedback")
    gives(sam, "none", "nobody knows what the plan for translations is")
    zoe = office.person("zoe")
    card = zoe.reads("AI at work in general", "from Sam", "No theme yet")
    zoe.clicks("Change themes", card)
    zoe.submits({"themes": ["unclear"]})
    zoe.reads("Themes: It is unclear how or when to use it")
    assert newest(office).themes == ("unclear",)


def test_somebody_else_cannot_answer(office: Office, chat: UseCase) -> None:
    from tests.scenarios.deciding import sends

    dana = office.person("dana")
    office.person("marcus").commands("feedback")
    gives(office.person("marcus"), chat.id, "it hangs at noon")
    card = dana.reads("it hangs at noon")
    block, element = next((b, e) for b, e in elements(card) if label(e) == "Thanks, noted")
    before = len(refusals(office))
    sends(office, office.person("grace"), element, block, card["ts"])
    until(lambda: len(refusals(office)) == before + 1, "refused")
    assert newest(office).status == "open"


def test_a_theme_that_comes_again_and_again_is_told_once(office: Office, chat: UseCase) -> None:
    marcus = office.person("marcus")
    for n in range(6):
        marcus.commands("feedback")
        gives(marcus, chat.id, f"it invents a reference, number {n}")
    dana = office.person("dana")
    dana.reads("It makes things up or gets them wrong* has come up", "times in 30 days", "number 3")
    office.person("sam").reads("times in 30 days")
    until(lambda: office.bot.service.store.outbox.backlog().open == 0, "delivered")
    again = [m for m in dana.messages() if "times in 30 days" in texts(m)]
    assert len(again) == 1


def test_a_message_and_a_record_are_ways_in(office: Office, chat: UseCase) -> None:
    marcus = office.person("marcus").at("#claims")
    said = office.person("dana").at("#claims").says("The chat wrap-up repeats itself all the time")
    marcus._act("message_shortcut", callback_id="feedback_from_message", channel="#claims", ts=said.seen)
    assert "repeats itself all the time" in json.dumps(marcus.view("What happened?"))
    dana = office.person("dana")
    record = dana.home("Chat wrap-up")
    block, element = next((b, e) for b, e in elements(record) if e.get("value") == chat.id)
    dana._act("view_action", view_id=record["id"], block_id=block, action_id=element["action_id"])
    assert "Give feedback" in [label(e) for _, e in elements(dana.view(chat.id))]


def test_a_question_about_feedback_is_no_feedback(office: Office) -> None:
    omar = office.person("omar").says("who reads the feedback on a use case?")
    omar.does_not_read("shall I pass it on")
