"""M4 through the protocol: the bot introduces itself once, after what was asked; who the champions are."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.deciding import presses, settle
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.talking import until
from workflows.decision import Decision, Entry
from workflows.ids import UserId
from workflows.learning.learner import Learner, ModuleDone

HELLO = "I decide nothing myself"


def welcomed(office: Office, user: str) -> bool:
    with office.bot.service.store.read() as reading:
        found = reading.get(Learner, user)
        return found is not None and found.welcomed_at is not None


def hellos(person: Person) -> list[JSON]:
    return [m for m in person.at("@app").messages() if HELLO in texts(m)]


def test_whoever_opens_the_conversation_is_told_once(office: Office) -> None:
    paul = office.person("paul")
    paul._act("open_messages")
    shown = paul.reads(HELLO, "Use me", "When something went wrong", "Frontline users")
    assert {"Submit a use case", "My learning"} <= {label(e) for _, e in elements(shown)}
    paul._act("open_messages")
    paul.says("what waits for me?").reads("Nothing waits for you")
    office.bot.pass_time(hours=1)
    settle(office)
    assert len(hellos(paul)) == 1


def test_a_first_question_is_answered_first_and_the_introduction_comes_later(office: Office) -> None:
    jack = office.person("jack").says("what waits for me?")
    jack.reads("Nothing waits for you")
    settle(office)
    assert not hellos(jack), "it does not get in the way"
    office.bot.pass_time(minutes=11)
    until(lambda: len(hellos(jack)) == 1, "the introduction has come")
    jack.says("what waits for me?")
    office.bot.pass_time(minutes=60)
    settle(office)
    assert len(hellos(jack)) == 1
    assert welcomed(office, "U0JACK")


def test_who_writes_a_draft_is_left_to_it(office: Office) -> None:
    tom = office.person("tom").says("could AI sort the incoming broker letters? it takes hours every week")
    tom.reads("question")
    office.bot.ahead += timedelta(minutes=6)
    tom.says("Brokers")
    settle(office)
    office.bot.pass_time(minutes=5)
    settle(office)
    assert not hellos(tom), "they are in the middle of something"
    office.bot.pass_time(minutes=30)
    until(lambda: len(hellos(tom)) == 1, "it comes once they have left it")


def test_who_says_hello_is_not_told_again(office: Office) -> None:
    anya = office.person("anya").says("hello")
    anya.reads(HELLO, "Use me")
    assert welcomed(office, "U0ANYA")
    office.bot.pass_time(hours=1)
    settle(office)
    assert not hellos(anya), "the answer to her hello, in its thread, was the introduction"


def test_the_home_tab_shows_somebody_new_around(office: Office) -> None:
    carlos = office.person("carlos")
    home = carlos.home("You are new here")
    block, element = next((b, e) for b, e in elements(home) if label(e) == "Show me around")
    carlos._act("view_action", view_id=home["id"], block_id=block, action_id=element["action_id"])
    carlos.reads(HELLO, "Approvers")
    until(lambda: "You are new here" not in texts(carlos.home()), "it is not offered again")
    general = carlos.at("#general")
    general.commands("welcome")
    general.reads(HELLO, "/preflight incident")


def test_champions_by_function_with_gaps(office: Office) -> None:
    marcus = office.person("marcus").at("#general")
    marcus.commands("champions")
    shown = marcus.reads("*Claims*: Dana Ortiz", "*Customer service*: Mo Haddad")
    presses(marcus, shown, "I would like to be one")
    office.person("sam").reads("Marcus Bell would like to be champion for Claims", "@ai-champions")
    presses(marcus, shown, "I would like to be one")
    marcus.reads("knows already")
    asked = [m for m in office.person("sam").messages() if "would like to be champion" in texts(m)]
    assert len(asked) == 1


def test_words_ask_for_one_champion(office: Office) -> None:
    marcus = office.person("marcus").says("who is the champion for claims?")
    assert "Customer service" not in texts(marcus.reads("*Claims*: Dana Ortiz"))


def test_a_champion_sees_what_their_function_asks_and_nobody_by_name(office: Office) -> None:
    dana = office.person("dana").at("#general")
    dana.commands("champions")
    page = texts(
        dana.reads("Your function: Claims", "Questions that wait for you", "Learning, as counts only")
    )
    assert "too few people" in page or "of 3" in page
    assert "Marcus" not in page.partition("Your function")[2]


def test_what_was_learned_already_is_not_offered_by_a_greeting(office: Office) -> None:
    moment = office.bot.service.moment()
    path = moment.program.learning.paths[0]
    done = tuple(ModuleDone(path=path.id, module=m.id, at=moment.now) for m in path.modules)
    maya = Learner(id=UserId("U0MAYA"), opened_at=moment.now, owner=UserId("U0MAYA"), done=done)
    entry = Entry(action="learner.learned", subject=maya.subject)
    with moment.store.write() as tx:
        tx.apply(Decision(changed=(maya,), entries=(entry,)), moment.circumstances(maya.id, "button"))
    person = office.person("maya")
    person._act("open_messages")
    shown = texts(person.reads(HELLO, "Managers"))
    assert path.label not in shown
