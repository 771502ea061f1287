"""What the playbook does not say goes to a champion, comes back to whoever asked, and into the playbook."""

from __future__ import annotations

import pytest

from tests.scenarios.books import asked as consultation
from tests.scenarios.books import bring_in, everything, mentioning
from tests.scenarios.office import JSON, Office, Person, texts
from tests.scenarios.talking import refusals, until

_QUESTIONS = iter(
    (
        "who won the football match between the two cities?",
        "what does the canteen serve on Fridays?",
        "how many moons has Jupiter got?",
        "where is the umbrella stand?",
        "which shampoo is best for poodles?",
        "how long must spaghetti boil?",
        "when does the night bus leave?",
        "why is the lift so noisy?",
        "who painted the portrait in the lobby?",
        "how tall is a grown giraffe?",
        "which strings belong on a cello?",
        "what is the capital of Mongolia?",
        "how deep is the swimming pool?",
        "when did the volcano erupt?",
    )
)
INES = "Ask Ines Moreau, champion for Legal"


@pytest.fixture(scope="module", autouse=True)
def playbook(office: Office, tmp_path_factory: pytest.TempPathFactory) -> None:
    bring_in(office, tmp_path_factory.mktemp("playbook"))


def off_topic() -> str:
    """A question that has nothing to do with the playbook; each time another."""
    return next(_QUESTIONS)


def unanswered(office: Office, name: str = "henrik", where: str = "@app") -> tuple[Person, str]:
    words = off_topic()
    person = office.person(name).at(where)
    person.says(words if where == "@app" else mentioning(office, words))
    person.reads("playbook")
    return person, words


def referred(office: Office, name: str = "henrik", where: str = "@app") -> tuple[Person, str, Person]:
    """A question with the champion: who asked, what, and the champion in the thread of their card."""
    person, words = unanswered(office, name, where)
    person.clicks(INES)
    return person, words, card(office, "ines", words)


def card(office: Office, name: str, words: str, kind: str = "asks something") -> Person:
    """The person, in the thread of the card about that question."""
    person = office.person(name)
    message = person.reads(kind, words)
    return person.at("@app", message["ts"])


def message_of(person: Person) -> JSON:
    """The card whose thread they are in, as it stands now."""
    return next(m for m in person.at("@app").messages() if m["ts"] == person.thread)


def shows(person: Person, words: str) -> str:
    """The card, once it says this."""
    until(lambda: words in texts(message_of(person)), f"{person.name}'s card says {words!r}")
    return texts(message_of(person))


def test_from_no_answer_to_the_champion_and_back_and_into_the_playbook(office: Office) -> None:
    mo, words, ines = referred(office)
    told = shows(ines, "Henrik Lund asks something")
    assert "champion for Legal" in told
    mo.reads("With *Ines Moreau*, champion for Legal")
    ines.says("The fine is up to seven per cent of the yearly turnover of the group.")
    answered = texts(mo.reads("seven per cent"))
    assert "*Ines Moreau*, champion for Legal, answered on" in answered
    assert "not from the playbook" in answered
    shows(ines, "Your answer was passed on")
    sam = card(office, "sam", words, "Add this to the playbook?")
    message = message_of(sam)
    sam.at("@app").clicks("Add…", message)
    sam.submits(
        {
            "title": "The European AI Act",
            "text": "Fines reach seven per cent of the yearly turnover of the group.",
        }
    )
    shows(sam, "Sam Okafor added this to the playbook")
    mo.reads("since taken into the playbook")
    grace = office.person("grace").says(words)
    quoted = texts(grace.reads("The playbook says", "Fines reach seven per cent"))
    assert f"The European AI Act, {words}" in quoted
    kept = consultation(office, grace, words)
    assert kept["state"] == "answer"


def test_the_champion_can_answer_in_a_form_and_only_once(office: Office) -> None:
    mo, words, ines = referred(office)
    top = ines.at("@app")
    before = message_of(ines)
    top.clicks("Answer", before)
    ines.submits({"text": "It depends on the article."})
    mo.reads("It depends on the article.")
    shows(ines, "Your answer was passed on")
    with office.bot.service.store.read() as reading:
        assert not reading.planned(f"referral/{consultation(office, mo, words)['id']}")
    ines.says("Or rather not.")
    ines.reads("You answered this at")
    assert "Or rather not" not in everything(mo)
    assert consultation(office, mo, words)["referrals"][0]["answer"] == "It depends on the article."


def test_a_question_waits_on_the_champions_desk_until_it_is_answered(office: Office) -> None:
    henrik, words, ines = referred(office)
    assert "*1 question* for you" in texts(office.person("ines").home("Henrik Lund asks", words))
    ines.at("@app").says("what waits for me?").reads("does not say", words)
    ines.says("Nobody knows.")
    henrik.reads("Nobody knows.")
    office.person("ines").home("Nothing waits for you")


def test_two_clicks_ask_once(office: Office) -> None:
    mo, words = unanswered(office)
    message = mo.reads("Ask Ines")
    mo.clicks(INES, message)
    until(lambda: consultation(office, mo, words)["referrals"], "the champion is asked")
    kept = consultation(office, mo, words)
    service = office.bot.service
    from workflows import referring
    from workflows.ids import UserId

    circ = service.moment().circumstances(UserId(mo.id), "button")
    with service.store.write() as tx:
        there = tx.lock_consultation(str(kept["id"]))
        again = referring.refer(there, service.program, tx.directory(), circ)
    assert again.entries[0].refused
    assert again.entries[0].detail["because"] == "asked_already"


def test_only_whoever_asked_may_hand_it_on(office: Office) -> None:
    mo, words = unanswered(office, where="#general")
    kept = consultation(office, mo, words)
    message = mo.reads(INES)
    marcus = office.person("marcus").at("#general", mo.thread)
    shown = [
        e for b in message["blocks"] for e in b.get("elements", []) if e.get("action_id") == "champion.ask"
    ]
    assert shown[0]["visible_to_user_ids"] == [mo.id]
    forged(office, marcus, "champion.ask", str(kept["id"]), message)
    until(
        lambda: refusals(office) and refusals(office)[-1]["actor"] == marcus.id, "the attempt is in the log"
    )
    assert not consultation(office, mo, words)["referrals"]


def forged(office: Office, person: Person, action: str, value: str, message: JSON) -> None:
    """A click that the person's Slack would never have offered them, straight to the listener."""
    from bot.inputs import Click
    from bot.registry import ACTIONS
    from workflows.ids import UserId

    click = Click(
        key=f"forged/{person.id}/{action}/{value}",
        user=UserId(person.id),
        action=action,
        block="",
        value=value,
        trigger="",
        channel=str(message.get("channel") or "C0GENERAL"),
        message=str(message["ts"]),
        thread=person.thread,
    )
    ACTIONS[action](office.bot.service.moment(), click)


def test_a_champion_can_pass_it_on_and_the_next_one_answers(office: Office) -> None:
    mo, words, ines = referred(office)
    ines.at("@app").clicks("Pass on", message_of(ines))
    ines.submits({"to": mo.id})
    assert "Please choose somebody else" in texts_of_errors(office, ines)
    ines.submits({"to": office.person("kim").id})
    shows(ines, "It is with *Kim")
    kim = card(office, "kim", words)
    assert "Ines Moreau thinks that you know this better" in shows(kim, "Ines Moreau thinks")
    ines.says("I know after all.")
    ines.reads("This is with Kim")
    kim.says("Ten million or two per cent.")
    mo.reads("Ten million or two per cent.", "Kim")
    assert "I know after all" not in everything(mo)


def texts_of_errors(office: Office, person: Person) -> str:
    """What the open form says is wrong."""
    return str(office.get("/sandbox/views", as_=person.id))


def test_when_the_champion_does_not_know_the_asker_may_ask_the_next(office: Office) -> None:
    mo, words, ines = referred(office)
    ines.at("@app").clicks("I don't know", message_of(ines))
    shows(ines, "Noted; I have told")
    news = mo.reads("does not know this either")
    button = next(
        e for b in news["blocks"] for e in b.get("elements", []) if e["action_id"] == "champion.ask"
    )
    assert button["text"]["text"] == "Ask Sam Okafor, AI program team"
    mo.clicks(button["text"]["text"], news)
    sam = card(office, "sam", words)
    sam.says("We have asked the lawyers.")
    mo.reads("We have asked the lawyers.", "AI program team")


def test_one_reminder_then_the_asker_hears_and_a_late_answer_still_arrives(office: Office) -> None:
    mo, words, ines = referred(office)
    office.bot.pass_time(days=4)
    ines.at("@app").reads("still waits for an answer", words)
    mo.reads("No answer from *Ines Moreau*")
    assert [r["status"] for r in consultation(office, mo, words)["referrals"]] == ["expired"]
    ines.says("Sorry, I was away. It is three per cent.")
    mo.reads("It is three per cent.")
    reminders = [m for m in ines.at("@app").messages() if f"still waits for an answer: “{words}" in texts(m)]
    assert len(reminders) == 1


def test_a_champion_who_left_is_not_waited_for(office: Office) -> None:
    henrik, words, ines = referred(office)
    with office.bot.service.store.write() as tx:
        gone = tx.directory().person(ines.id).model_copy(update={"active": False})
        tx.save_people([gone])
    try:
        office.bot.pass_time(days=4)
        henrik.reads("Ines Moreau*, champion for Legal, can no longer be reached", "With *Sam Okafor*")
        card(office, "sam", words)
        henrik.says("and what about the frame of it?")
        henrik.reads("Ask Sam Okafor")
    finally:
        with office.bot.service.store.write() as tx:
            tx.save_people([gone.model_copy(update={"active": True})])


def test_a_champion_asks_the_program_team_rather_than_themselves(office: Office) -> None:
    ines = office.person("ines").says(off_topic())
    ines.reads("playbook")
    ines.reads("Ask Sam Okafor, AI program team")


def test_mentions_in_a_question_an_answer_and_a_page_notify_no_one(office: Office) -> None:
    words = "which <!channel> herbs <@U0TOM> cure hiccups?"
    mo = office.person("henrik").says(words, raw=True)
    mo.clicks(INES)
    ines = card(office, "ines", "Tom Becker")
    ines.says("ask <@U0TOM> or <!here>, ok?", raw=True)
    mo.reads("@Tom Becker")
    sam = office.person("sam")
    offer = sam.reads("Add this to the playbook?", "@Tom Becker")
    sam.clicks("Add…", offer)
    view = sam.view("Add to the playbook")
    assert "<@U0TOM>" not in str(view)
    sam.submits({})
    sam.reads("Sam Okafor added this")
    bot = office.get("/sandbox/workspace")["app"]["bot_user_id"]
    caused = [n for n in office.get("/sandbox/notifications")["notifications"] if n["by"] == bot]
    assert not [n for n in caused if "U0TOM" in n["people"]]
    assert {n["kind"] for n in caused} <= {"dm", "thread"}


def test_in_a_channel_the_champion_is_told_that_everybody_will_read_it(office: Office) -> None:
    mo, _, ines = referred(office, where="#general")
    assert "everybody there will read your answer" in shows(ines, "asked in a channel")
    ines.says("Up to a point.")
    mo.reads("Up to a point.")


def test_a_champion_sees_nothing_of_a_page_that_is_not_for_them(office: Office) -> None:
    question = "is the zebra bonus of the executives paid in cash or in shares?"
    victor = office.person("victor").says(question)
    victor.reads("playbook")
    kept = consultation(office, victor, question)
    assert kept["narrow"]
    victor.clicks("answer.rate", value=f"{kept['id']}|playbook|no")
    victor.clicks("champion.ask")
    until(lambda: consultation(office, victor, question)["referrals"], "somebody is asked")
    to = str(consultation(office, victor, question)["referrals"][0]["to"])
    name = next(n for n, p in office.people.items() if p.id == to)
    shown = shows(card(office, name, question), "Victor")
    assert "forty percent" not in shown
    assert "Zebra bonus rules" not in shown


def test_nothing_is_added_by_whoever_does_not_own_the_playbook(office: Office) -> None:
    mo, words, ines = referred(office)
    ines.says("Perhaps.")
    mo.reads("Perhaps.")
    sam = card(office, "sam", words, "Add this to the playbook?")
    kept = consultation(office, mo, words)
    forged(office, mo, "promotion.add", str(kept["id"]), message_of(sam))
    assert refusals(office)[-1]["detail"]["because"] == "not_your_playbook"
    sam.at("@app").clicks("Not now", message_of(sam))
    shows(sam, "left this out of the playbook")
    office.person("zoe").reads("Sam Okafor left this out of the playbook", words)


def test_what_was_missing_can_be_said_and_a_champion_asked_with_it(office: Office) -> None:
    mo = office.person("mo").says("who can stop a release?")
    mo.reads("risk owner and by the technical owner")
    kept = consultation(office, mo, "who can stop a release?")
    mo.clicks("answer.rate", value=f"{kept['id']}|playbook|no")
    mo.clicks("Say what was missing")
    mo.submits({"why": "And at night?", "ask": ["ask"]})
    until(lambda: consultation(office, mo, "who can stop a release?")["referrals"], "a champion is asked")
    kept = consultation(office, mo, "who can stop a release?")
    assert kept["ratings"][0]["why"] == "And at night?"
