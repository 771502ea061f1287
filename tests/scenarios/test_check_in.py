"""D6 through the protocol: the weekly check-in, answered by one tap, a form, and in words by five people."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from bot.figures import hearing_of
from bot.hooks import signed_headers
from tests.scenarios.conftest import open_office, patient_program
from tests.scenarios.deciding import sends, settle
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.running import in_use
from tests.scenarios.talking import refusals
from workflows.decision import Actor, Circumstances, Decision
from workflows.effects import Later
from workflows.events import week_of
from workflows.figures.asking import ROUND
from workflows.figures.check_in import CheckIn, Told
from workflows.figures.telling import told
from workflows.ids import Subject, UserId
from workflows.incident import Incident

SECRET = "0123456789abcdef0123456789abcdef"
GUARDED = {
    "guardrail_1": "Wrong summaries above 5%",
    "guardrail_1_action": "Switch it off for that team",
    "guardrail_2": "Complaints up by 10%",
    "guardrail_2_action": "Go back to manual replies",
}
KNOWN = {"outcome": (5.8, None), "guardrail_1": (2.0, None), "active_users": (30.0, 40.0)}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office with a monitor that may call, in a company without holidays and digests: weeks go by."""
    folder = tmp_path_factory.mktemp("office")
    program = patient_program(folder)
    (program / "digests.yaml").unlink(missing_ok=True)
    settings = program / "program.yaml"
    said = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"  calendars:.*\n(?:    .*\n)+", "", said), encoding="utf-8")
    more = {"PREFLIGHT_HOOK_SECRETS": f"monitor:{SECRET}", "PREFLIGHT_PROGRAM_DIR": str(program)}
    with open_office(folder, **more) as here:
        yield here


@pytest.fixture(scope="module")
def calls(office: Office) -> Any:
    """A use case in production, whose numbers Marcus is asked for."""
    return in_use(office, "Summarise claims calls", **GUARDED)


def next_thursday(office: Office) -> None:
    """Lets time go by until the next Thursday evening, when everybody was asked, wherever they are."""
    now = office.bot.now()
    then = now.replace(hour=20, minute=30) + timedelta(days=(3 - now.weekday()) % 7)
    then += timedelta(days=7 if then <= now else 0)
    office.bot.pass_time(seconds=(then - now).total_seconds())
    settle(office)


def monday(office: Office) -> date:
    """The week that is asked about."""
    return week_of(office.bot.now().date())


def opens(office: Office, name: str) -> Person:
    """This person, in the thread of this week's message."""
    person = office.person(name)
    week = monday(office)
    person.thread = person.reads("numbers of the week", f"{week.day} {week:%B}")["ts"]
    return person


@pytest.fixture
def asked(office: Office, calls: Any) -> Person:
    """Marcus, in the thread of a new week's message."""
    next_thursday(office)
    return opens(office, "marcus")


def card(person: Person) -> JSON:
    """The week's message as it stands."""
    top = person.at(person.channel).messages()
    return next(m for m in top if m["ts"] == person.thread)


def buttons(message: JSON) -> list[str]:
    return [label(e) for _, e in elements(message) if e.get("type") == "button"]


def check_in(office: Office, use_case: Any) -> CheckIn:
    """This week's check-in about it."""
    with office.bot.service.store.read() as reading:
        found: CheckIn = reading.matters(CheckIn, name=f"{use_case.id}|{monday(office).isoformat()}")[0]
    return found


def counted(office: Office, use_case: Any) -> dict[str, tuple[float, float | None]]:
    """This week's numbers as measures see them."""
    with office.bot.service.store.read() as reading:
        events = reading.figures_of(use_case.id, monday(office))
    return {e.kind: (e.value, e.of) for e in events}


def knew(office: Office, use_case: Any, **numbers: tuple[float, float | None]) -> None:
    """Numbers of the week before."""
    service = office.bot.service
    by = UserId("U0DANA")
    circ = Circumstances(
        now=office.bot.now(), actor=Actor(user=by, door="import"), program=service.program.stamp
    )
    with service.store.write() as tx:
        heard = hearing_of(tx, service.moment(), circ, use_case.id, monday(office) - timedelta(days=7))
        assert heard is not None
        figures = [
            Told(figure=f, value=v, of=of, by=by, at=circ.now) for f, (v, of) in (numbers or KNOWN).items()
        ]
        tx.apply(told(heard.telling(), figures, sure=True), circ)


# --- the week's message -------------------------------------------------------------------------------------


def test_the_metric_owner_is_asked_once_and_answers_in_words(
    office: Office, calls: Any, asked: Person
) -> None:
    asked.says("minutes are down to 6.2, 3% wrong, 34 of 40 used it")
    asked.reads("Noted for", "6.2 minutes", "3%", "34 of 40")
    assert counted(office, calls) == {
        "outcome": (6.2, None),
        "guardrail_1": (3.0, None),
        "active_users": (34.0, 40.0),
    }
    assert check_in(office, calls).status == "told"
    assert "6.2 minutes" in texts(card(asked))


def test_one_tap_says_that_nothing_changed(office: Office, calls: Any, asked: Person) -> None:
    assert "6.2 minutes" in texts(card(asked)), "the last values stand there"
    asked.clicks("Nothing changed", card(asked))
    settle(office)
    assert counted(office, calls)["outcome"] == (6.2, None)
    assert check_in(office, calls).status == "unchanged"
    assert "Unchanged" in texts(card(asked))


def test_the_form_is_filled_with_what_counts_and_says_what_it_cannot_read(
    office: Office, calls: Any, asked: Person
) -> None:
    asked.clicks("Give numbers…", card(asked))
    asked.view("Numbers of the week")
    answer = asked.submits({"figure/outcome": "quite good"})
    assert "no number" in json.dumps(answer)
    asked.submits({"figure/outcome": "6,1", "figure/active_users": "35/40", "figure/cost": "120"})
    settle(office)
    assert counted(office, calls) == {
        "outcome": (6.1, None),
        "active_users": (35.0, 40.0),
        "cost": (120.0, None),
    }
    asked.clicks("Correct…", card(asked))
    view = asked.view("Numbers of the week")
    filled = {b: e.get("initial_value") for b, e in elements(view)}
    assert filled["figure/active_users"] == "35 of 40"


def test_it_is_reminded_once_and_then_no_longer_waited_for(office: Office, calls: Any, asked: Person) -> None:
    office.bot.pass_time(days=1)
    settle(office)
    marcus = office.person("marcus")
    marcus.reads("still missing", "Summarise claims calls")
    week = monday(office)
    office.bot.pass_time(days=3)
    settle(office)
    reminded = [m for m in marcus.threads() if "still missing" in texts(m)]
    assert len(reminded) == 1
    office.bot.pass_time(days=3)
    settle(office)
    with office.bot.service.store.read() as reading:
        (found,) = reading.matters(CheckIn, name=f"{calls.id}|{week.isoformat()}")
    assert found.status == "missed"
    assert "No numbers came" in texts(card(asked))


def test_a_slip_is_asked_about_and_counts_after_the_answer(office: Office, calls: Any, asked: Person) -> None:
    asked.says("after-call work 61 minutes")
    question = asked.reads("was 6.1 minutes last time", "Is 61 minutes right?")
    assert "outcome" not in counted(office, calls)
    assert buttons(question) == ["Yes, it is right", "It is 6.1 minutes", "Another number…"]
    asked.clicks("It is 6.1 minutes", question)
    settle(office)
    assert counted(office, calls)["outcome"] == (6.1, None)
    asked.reads("that is settled")
    asked.says("it was 62 minutes")
    asked.reads("Is 62 minutes right?")
    asked.says("no, 6.2")
    asked.reads("Noted for", "6.2 minutes")
    assert counted(office, calls)["outcome"] == (6.2, None)


def test_it_is_switched_off(office: Office, calls: Any, asked: Person) -> None:
    asked.says("we switched it off on Tuesday")
    asked.reads("no numbers this week", "pause Summarise claims calls")
    assert check_in(office, calls).status == "off"
    assert not counted(office, calls)


def test_words_out_of_the_blue_are_taken_while_somebody_is_asked(
    office: Office, calls: Any, asked: Person
) -> None:
    marcus = office.person("marcus").says("after-call work is at 6.0 minutes")
    marcus.reads("Noted for", "6 minutes")
    assert counted(office, calls) == {"outcome": (6.0, None)}


def test_others_cannot_tell_numbers(office: Office, calls: Any, asked: Person) -> None:
    grace, found = office.person("grace"), card(asked)
    block, element = next((b, e) for b, e in elements(found) if label(e) == "Nothing changed")
    before = len(refusals(office))
    sends(office, grace, element, block, found["ts"])
    grace.commands(f"numbers {calls.id}")
    settle(office)
    assert len(refusals(office)) == before + 2
    assert not counted(office, calls)


def test_another_round_asks_nobody_again(office: Office, calls: Any, asked: Person) -> None:
    before = len([m for m in office.person("marcus").threads() if "numbers of the week" in texts(m)])
    service = office.bot.service
    later = Later(
        key=ROUND,
        due=office.bot.now(),
        name=ROUND,
        subject=Subject(type="program", id=service.program.stamp.label),
    )
    circ = service.moment().circumstances(service.bot_user, "clock")
    for _ in range(2):
        with service.store.write() as tx:
            tx.apply(Decision(effects=(later,)), circ)
        office.bot.pass_time(minutes=1)
        settle(office)
    assert len([m for m in office.person("marcus").threads() if "numbers of the week" in texts(m)]) == before
    with service.store.read() as reading:
        assert len(reading.matters(CheckIn, use_case=calls.id)) == len(
            {c.week for c in reading.matters(CheckIn, use_case=calls.id)}
        )


# --- five people --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def five(office: Office, calls: Any) -> dict[str, Any]:
    """Five use cases with five owners, each with numbers of the week before; it is Thursday."""
    owners = {"lee": "Sort the inbox", "elena": "Quote letters", "omar": "Check broker files"}
    owners |= {"dana": "Draft claim letters", "mo": "Chat wrap-up"}
    made = {
        who: in_use(office, title, **{**GUARDED, "metric_owner": office.person(who).id})
        for who, title in owners.items()
    }
    next_thursday(office)
    for use_case in made.values():
        knew(office, use_case)
    return made


def test_a_terse_engineer(office: Office, five: dict[str, Any]) -> None:
    lee = opens(office, "lee").says("6.2 / 3% wrong / 34/40")
    lee.reads("Noted for", "6.2 minutes", "3%", "34 of 40")
    assert counted(office, five["lee"]) == {
        "outcome": (6.2, None),
        "guardrail_1": (3.0, None),
        "active_users": (34.0, 40.0),
    }


def test_a_chatty_manager(office: Office, five: dict[str, Any]) -> None:
    elena = opens(office, "elena").says(
        "Hi there! So it was quite a week, but good news: minutes per call are at 5.4 (they were 5.8 last "
        "week), roughly 2.5% of the summaries were wrong as far as we can tell, and "
        "36 of our 40 people used it. "
        "The team is really happy with it!"
    )
    elena.reads("Noted for", "5.4 minutes", "2.5%", "36 of 40")
    assert counted(office, five["elena"]) == {
        "outcome": (5.4, None),
        "guardrail_1": (2.5, None),
        "active_users": (36.0, 40.0),
    }


def test_somebody_who_mixes_up_commas_and_percent(office: Office, five: dict[str, Any]) -> None:
    omar = opens(office, "omar").says("6,2 Minuten, 0,03 wrong, 34 von 40")
    omar.reads("Noted for", "6.2 minutes", "34 of 40")
    assert "guardrail_1" not in counted(office, five["omar"])
    question = omar.reads("was 2% last time", "Is 0.03% right?")
    omar.clicks("It is 3%", question)
    settle(office)
    assert counted(office, five["omar"]) == {
        "outcome": (6.2, None),
        "guardrail_1": (3.0, None),
        "active_users": (34.0, 40.0),
    }


def test_somebody_who_sends_us_to_somebody_else(office: Office, five: dict[str, Any]) -> None:
    dana = opens(office, "dana").says("no idea, ask @anya")
    dana.reads("I ask Anya Sokolova instead")
    assert "Anya Sokolova is asked instead" in texts(card(dana))
    office.person("anya").reads("Dana Ortiz says that you know", "Draft claim letters")
    anya = opens(office, "anya").says("about 6 I think, 2% wrong")
    anya.reads("Noted for", "6 minutes", "2%")
    assert counted(office, five["dana"]) == {"outcome": (6.0, None), "guardrail_1": (2.0, None)}


def test_somebody_who_only_says_the_same(office: Office, five: dict[str, Any]) -> None:
    mo = opens(office, "mo").says("same")
    mo.reads("unchanged", "5.8 minutes")
    assert counted(office, five["mo"]) == KNOWN
    assert check_in(office, five["mo"]).status == "unchanged"


# --- several of one owner -----------------------------------------------------------------------------------


def test_several_use_cases_of_one_owner_come_in_one_message(office: Office, calls: Any) -> None:
    first = in_use(office, "Route hotline calls", **{**GUARDED, "metric_owner": "U0SOFIA"})
    second = in_use(office, "Sum up interviews", **{**GUARDED, "metric_owner": "U0SOFIA"})
    next_thursday(office)
    sofia = opens(office, "sofia")
    assert len([m for m in office.person("sofia").threads() if "numbers of the week" in texts(m)]) == 1
    assert {"Route hotline calls", "Sum up interviews"} <= {
        t for t in ("Route hotline calls", "Sum up interviews") if t in texts(card(sofia))
    }
    sofia.says("6.2 minutes")
    sofia.reads("Which one is that about?")
    sofia.says("hotline: 6.2 minutes, 3% wrong\ninterviews: 4 minutes")
    sofia.reads("Noted for", "Sum up interviews", "4 minutes")
    assert counted(office, first) == {"outcome": (6.2, None), "guardrail_1": (3.0, None)}
    assert counted(office, second) == {"outcome": (4.0, None)}
    next_thursday(office)
    sofia = opens(office, "sofia")
    sofia.clicks("Nothing changed anywhere", card(sofia))
    settle(office)
    assert counted(office, second) == {"outcome": (4.0, None)}


# --- guardrails ---------------------------------------------------------------------------------------------


def test_a_crossed_guardrail_reaches_its_owners_with_the_action_named_at_intake(
    office: Office, calls: Any, asked: Person
) -> None:
    asked.says("6 minutes, 9% wrong")
    for who in ("marcus", "dana", "ines"):
        shown = texts(office.person(who).reads("guardrail of", "9%", "above 5%"))
        assert "Switch it off for that team" in shown
    alert = office.person("dana").at("#claims").reads("guardrail of", "9%")
    assert {"Done: we did it", "Report an incident", "Why we do not…"} <= set(buttons(alert))
    dana = office.person("dana")
    dana.clicks("Report an incident", dana.reads("guardrail of", "9%"))
    assert "Wrong summaries: 9" in json.dumps(dana.view("Report an incident"))


def test_it_is_answered_once_and_the_next_week_says_for_how_long(
    office: Office, calls: Any, asked: Person
) -> None:
    asked.says("6 minutes, 8% wrong")
    ines = office.person("ines")
    message = ines.reads("guardrail of", "8%", "second week in a row")
    ines.clicks("Done: we did it", message)
    settle(office)
    assert check_in(office, calls).alerts[0].answer == "done"
    dana = office.person("dana")
    stale = dana.reads("Ines Moreau", "it was done")
    assert "Done: we did it" not in buttons(stale)


def test_a_reason_is_wanted_where_it_is_not_done_and_being_back_is_said_once(
    office: Office, calls: Any, asked: Person
) -> None:
    asked.says("7% wrong")
    dana = office.person("dana")
    dana.clicks("Why we do not…", dana.reads("guardrail of", "7%", "third week"))
    dana.submits({"reason": "One team had a bad template; it is mended."})
    settle(office)
    ines = office.person("ines")
    ines.thread = ines.reads("guardrail of", "7%", "third week")["ts"]
    ines.says("done")
    settle(office)
    office.person("marcus").reads("not done, because", "bad template")
    next_thursday(office)
    marcus = opens(office, "marcus").says("3% wrong")
    marcus.reads("Noted")
    office.person("dana").reads("within its limit again", "3%")
    marcus.says("wrong summaries 2.8%")
    marcus.reads("Noted", "2.8%")
    settle(office)
    over = [m for m in office.person("dana").threads() if "within its limit again" in texts(m)]
    assert len(over) == 1


# --- files and systems --------------------------------------------------------------------------------------

CSV = """Use case;Week;After-call work;Wrong summaries;Active users;Active users of;Colour
Summarise claims calls;{week};6,0;2%;35;40;blue
{id};{before};58;2;34 of 40;;red
Nothing that is known;{week};6;2;;;
{id};some day;6;2;;;
"""


def test_a_file_is_shown_before_it_counts_and_twice_is_once(office: Office, calls: Any) -> None:
    next_thursday(office)
    week = monday(office)
    before = (week - timedelta(days=70)).isoformat()
    content = CSV.format(week=week.isoformat(), before=before, id=calls.id)
    dana = office.person("dana")
    dana.thread = dana._act("upload", channel="@app", filename="numbers.csv", content=content)["ts"]
    preview = dana.reads(
        "4 rows", "5 numbers would count", "1 are to be asked about", "2 rows cannot be taken"
    )
    shown = texts(preview)
    assert "Nothing that is known" in shown
    assert "some day" in shown
    assert "Not read: Colour" in shown
    assert not counted(office, calls)
    dana.clicks("Let it count", preview)
    settle(office)
    dana.reads("is in: 5 numbers count")
    assert counted(office, calls) == {
        "outcome": (6.0, None),
        "guardrail_1": (2.0, None),
        "active_users": (35.0, 40.0),
    }
    dana.clicks("Let it count", preview)
    settle(office)
    assert len([m for m in dana.messages() if "is in:" in texts(m)]) == 1


def calls_hook(office: Office, body: JSON) -> tuple[int, JSON]:
    """A signed request; status and answer."""
    return sends_hook(office, json.dumps(body).encode())


def sends_hook(office: Office, raw: bytes) -> tuple[int, JSON]:
    """The same for a body as it goes over the wire."""
    url = f"http://127.0.0.1:{office.bot.server.config.port}/hooks/figures"
    request = urllib.request.Request(url, raw, signed_headers(SECRET, raw, time.time()))
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(json.load(answer))
    except urllib.error.HTTPError as refused:
        return refused.code, dict(json.load(refused))


def test_a_system_tells_numbers_and_what_is_odd_is_put_to_the_owner(office: Office, calls: Any) -> None:
    next_thursday(office)
    body = {
        "use_case": calls.id,
        "week": monday(office).isoformat(),
        "figures": {"active_users": {"value": 36, "of": 40}, "outcome": 61, "north_star": 3},
    }
    status, answer = calls_hook(office, body)
    assert status == 200
    assert answer["counted"] == ["active_users"]
    assert answer["doubted"] == ["outcome"]
    assert answer["not_measured"] == ["north_star"]
    assert calls_hook(office, body)[1]["again"] is True
    office.person("marcus").reads("Is 61 minutes right?")
    assert counted(office, calls) == {"active_users": (36.0, 40.0)}
    assert calls_hook(office, {**body, "use_case": "UC-9999"})[0] == 404
    assert calls_hook(office, {**body, "figures": {"nonsense": 1}})[0] == 400


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"week": "9999-12-31"}, 422),
        ({"week": "0001-01-01"}, 422),
        ({"date": "1970-01-01"}, 422),
        ({"figures": {"cost": float("inf")}}, 400),
        ({"figures": {"cost": float("nan")}}, 400),
        ({"figures": {"cost": 10**400}}, 400),
        ({"figures": {"cost": {"value": 1, "of": float("inf")}}}, 400),
    ],
)
def test_what_no_system_can_know_is_refused_and_breaks_nothing(
    office: Office, calls: Any, wrong: JSON, status: int
) -> None:
    body = {"use_case": calls.id, "figures": {"cost": 1}, **wrong}
    assert calls_hook(office, body)[0] == status


def test_numbers_that_are_infinite_once_they_are_read_are_refused(office: Office, calls: Any) -> None:
    raw = b'{"use_case": "%s", "figures": {"cost": 1e999}}' % calls.id.encode()
    assert sends_hook(office, raw)[0] == 400


def test_the_numbers_of_a_use_case_are_shown_with_their_trend(office: Office, calls: Any) -> None:
    dana = office.person("dana")
    dana.commands(f"numbers {calls.id}")
    shown = dana.at("#general").reads("The numbers of Summarise claims calls", "target 5 minutes")
    assert any(bar in texts(shown) for bar in "▁▂▃▄▅▆▇█")
    with office.bot.service.store.read() as reading:
        assert not reading.matters(Incident), "looking at the form reported nothing"
