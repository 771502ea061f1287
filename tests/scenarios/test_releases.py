"""C1, C2: versions put forward, decided about, announced, stopped, rolled back, by people and pipelines."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from bot.cli import cli
from tests.scenarios.conftest import open_office
from tests.scenarios.deciding import presses, sends, settle
from tests.scenarios.office import Office, texts
from tests.scenarios.releasing import CI, SECRETS, WATCH, calls, deciders, in_pilot, proposal, stored


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office"), PREFLIGHT_HOOK_SECRETS=SECRETS) as here:
        yield here


def approved(office: Office, use_case: str, title: str, version: str) -> None:
    """Everybody whom the matrix asks agrees to what waits for them."""
    for id in deciders(office, use_case, version):
        person = office.person(id.removeprefix("U0").lower())
        presses(person, person.reads(title, f"release {version}", "Approve"), "Approve")


def live(office: Office, use_case: str, title: str, version: str) -> None:
    """That version is in use: proposed by the pipeline, agreed to, shipped."""
    assert calls(office, proposal(use_case, version))[0] == 200
    approved(office, use_case, title, version)
    status, answer = calls(office, {"action": "shipped", "use_case": use_case, "version": version})
    assert (status, answer["ok"]) == (200, True), answer


def test_c1_lee_puts_a_version_forward_by_form_and_its_channel_hears_when_it_is_out(office: Office) -> None:
    use_case = in_pilot(office, "Sort incoming letters", technical_owner="U0RAVI")
    ravi, dana = office.person("ravi"), office.person("dana")
    ravi.commands("release sort incoming letters")
    ravi.view("New version")
    ravi.submits(
        {
            "version": "1.0.0",
            "changed": "First version",
            "why": "The pilot starts",
            "impact": "Letters arrive <!channel> sorted",
            "model": "letters-lm 2026-09-01",
        }
    )
    settle(office)
    ravi.reads("Release 1.0.0", "Not yet", "waits for Marcus Bell")
    # Who puts it forward does not decide about it, whatever the matrix says.
    asked = deciders(office, use_case, "1.0.0")
    assert "U0RAVI" not in asked
    for id in asked:
        person = office.person(id.removeprefix("U0").lower())
        presses(person, person.reads("Sort incoming letters", "release 1.0.0"), "Approve")
    assert stored(office, use_case, "1.0.0").status == "approved"
    card = ravi.reads("Release 1.0.0", "Nothing is lacking")
    presses(ravi, card, "It is out")
    assert stored(office, use_case, "1.0.0").status == "live"
    room = dana.at("#claims")
    told = room.reads("Release 1.0.0", "In use", "letters-lm 2026-09-01", "Approved by")
    assert "<!channel>" not in json.dumps(told)
    dana.reads("Release 1.0.0", "In use", "letters-lm 2026-09-01")


def test_c1_the_form_says_what_is_wrong_where_it_is(office: Office) -> None:
    in_pilot(office, "Weigh parcels")
    lee = office.person("lee")
    lee.commands("release weigh parcels")
    lee.view("New version")
    answer = lee.submits({"version": "latest", "changed": "x", "why": "x", "impact": "x"})
    assert "three numbers" in json.dumps(answer)


def test_c1_somebody_without_a_part_in_it_is_told_who_may(office: Office) -> None:
    in_pilot(office, "Count visitors")
    mo = office.person("mo")
    mo.commands("release count visitors")
    mo.at("#general").reads("Only those who may put a new version forward", "Lee Chen")


def test_c1_a_pipeline_proposes_asks_and_ships_and_reads_exactly_what_is_missing(office: Office) -> None:
    use_case = in_pilot(office, "Draft replies", ready=False)
    status, answer = calls(office, proposal(use_case, "1.0.0", parts={"prompt": "replies 3"}))
    assert (status, answer["release"]["status"]) == (200, "proposed")
    ask = {"action": "may_ship", "use_case": use_case, "version": "1.0.0"}
    status, answer = calls(office, ask)
    assert (status, answer["ok"]) == (200, False)
    says = [m["says"] for m in answer["missing"]]
    items = office.bot.service.program.questionnaires["release_readiness"].questions()
    assert all(any(item.label in s for s in says) for item in items)
    assert any("Lee Chen" in s for s in says)
    status, answer = calls(office, {**ask, "action": "shipped"})
    assert (status, answer["ok"], answer["error"]) == (409, False, "may_not_ship")
    assert len(answer["missing"]) == len(says)


def test_c1_the_same_proposal_sent_twice_is_one(office: Office) -> None:
    use_case = in_pilot(office, "Translate notes")
    at = time.time()
    body = proposal(use_case, "1.0.0")
    assert "again" not in calls(office, body, at=at, once="build-1")[1]
    assert calls(office, body, at=at, once="build-1")[1]["again"]
    assert calls(office, body, at=at - 5, once="build-1")[1]["again"]
    status, answer = calls(office, {**body, "version": "1.0.1"}, once="build-1")
    assert (status, answer["error"]) == (409, "key_used")
    assert calls(office, body, at=at - 9)[0] == 400


def test_c2_a_stop_acts_with_one_click_tells_everybody_and_asks_why_afterwards(office: Office) -> None:
    title = "Summarise claims calls"
    use_case = in_pilot(office, title)
    live(office, use_case, title, "1.4.2")
    live(office, use_case, title, "1.5.0")
    assert stored(office, use_case, "1.4.2").status == "superseded"
    ask = {"action": "may_ship", "use_case": use_case, "version": "1.6.0"}
    assert calls(office, proposal(use_case, "1.6.0"))[0] == 200
    approved(office, use_case, title, "1.6.0")
    assert calls(office, ask)[1]["ok"]
    lee, ines = office.person("lee"), office.person("ines")
    presses(lee, lee.reads("Release 1.5.0", title, "What users notice"), "Stop it")
    assert stored(office, use_case, "1.5.0").status == "stopped"
    # The answer to the pipeline flips at once.
    status, answer = calls(office, ask)
    assert (status, answer["ok"]) == (200, False)
    assert "1.5.0 was stopped" in answer["missing"][0]["says"]
    ines.reads("version 1.5.0 was stopped by Lee Chen")
    office.person("dana").at("#claims").reads("version 1.5.0 was stopped by Lee Chen")
    asked = lee.reads("You stopped 1.5.0", "Why did you")
    lee.clicks("Say why", asked)
    lee.view("why?")
    lee.submits({"why": "Amounts were wrong in 6 of 50 summaries"})
    settle(office)
    assert stored(office, use_case, "1.5.0").ended_why == "Amounts were wrong in 6 of 50 summaries"
    lee.reads("Noted", "6 of 50")

    # Back to the last good version, from the stopped one.
    presses(ines, ines.reads("Release 1.5.0", title, "What users notice"), "Roll back to 1.4.2")
    assert stored(office, use_case, "1.4.2").status == "live"
    assert stored(office, use_case, "1.5.0").status == "rolled_back"
    lee.reads("went back from 1.5.0 to 1.4.2")


def test_c2_whoever_has_no_right_stops_nothing_and_it_is_audited(office: Office) -> None:
    title = "Answer simple questions"
    use_case = in_pilot(office, title)
    live(office, use_case, title, "1.0.0")
    mo = office.person("mo")
    release = stored(office, use_case, "1.0.0")
    forged = {"type": "button", "action_id": "release.stop", "value": release.id}
    sends(office, mo, forged, f"release|{release.id}")
    assert stored(office, use_case, "1.0.0").status == "live"
    with office.bot.service.store.read() as reading:
        rows = [r for r in reading.audit(subject=release.subject) if r["refused"]]
    assert [r["action"] for r in rows] == ["release.stop"]
    # A system has only what the program gives to systems.
    status, answer = calls(office, {"action": "stop", "use_case": use_case}, secret=WATCH)
    assert (status, answer["error"]) == (403, "not_yours")


def test_c2_two_who_stop_at_once_are_one_stop_and_the_second_reads_who_was_first(office: Office) -> None:
    title = "Plan routes"
    use_case = in_pilot(office, title)
    live(office, use_case, title, "1.0.0")
    release = stored(office, use_case, "1.0.0")
    button = {"type": "button", "action_id": "release.stop", "value": release.id}
    lee, ines = office.person("lee"), office.person("ines")
    sends(office, lee, button, "x")
    sends(office, ines, button, "x")
    with office.bot.service.store.read() as reading:
        rows = [r["action"] for r in reading.audit(subject=release.subject)]
    assert rows.count("release.stopped") == 1
    told = [m for m in office.person("dana").at("#claims").messages() if "Plan routes" in texts(m)]
    assert len([m for m in told if "was stopped by" in texts(m)]) == 1


def test_c2_starting_again_takes_those_whom_the_program_names(office: Office) -> None:
    title = "Check invoices"
    use_case = in_pilot(office, title)
    live(office, use_case, title, "1.0.0")
    release = stored(office, use_case, "1.0.0")
    lee, ines, marcus = (office.person(n) for n in ("lee", "ines", "marcus"))
    sends(office, lee, {"type": "button", "action_id": "release.stop", "value": release.id}, "x")
    ines.clicks("Start again", ines.reads("Release 1.0.0", "Check invoices", "Stopped"))
    ines.view("Start again")
    ines.submits({"why": "The threshold is checked before every answer now"})
    settle(office)
    assert stored(office, use_case, "1.0.0").status == "stopped"
    asked = marcus.reads("asks to start 1.0.0", "threshold")
    presses(marcus, asked, "Agree to start again")
    assert stored(office, use_case, "1.0.0").status == "live"
    lee.reads("Check invoices", "version 1.0.0 goes on")


def test_c2_without_an_earlier_version_it_says_so(office: Office) -> None:
    title = "Tag photos"
    use_case = in_pilot(office, title)
    live(office, use_case, title, "1.0.0")
    lee = office.person("lee")
    lee.commands(f"roll-back {use_case} 1.0.0")
    lee.at("#general").reads("1.0.0 was never in use", "go back")
    status, answer = calls(office, {"action": "roll_back", "use_case": use_case})
    assert (status, answer["error"]) == (403, "not_yours")


def test_c1_anybody_sees_which_version_is_in_use(office: Office) -> None:
    title = "Read meters"
    use_case = in_pilot(office, title)
    live(office, use_case, title, "2.1.0")
    grace = office.person("grace")
    grace.commands(f"releases {use_case}")
    grace.at("#general").reads("2.1.0", "In use")
    grace.says("Which version of *Read meters* is in use?").reads("Read meters", "runs version *2.1.0*")


def test_the_command_line_asks_a_serving_bot_and_its_exit_status_is_the_answer(office: Office) -> None:
    title = "Match receipts"
    use_case = in_pilot(office, title)

    def run(*words: str, secret: str = CI) -> tuple[int, str]:
        url = f"http://127.0.0.1:{office.bot.server.config.port}"
        made = CliRunner().invoke(
            cli, ["release", "--url", url, *words], env={"PREFLIGHT_HOOK_SECRET": secret}
        )
        settle(office)
        return made.exit_code, made.output

    told = ("--changed", "Faster", "--why", "Too slow", "--impact", "None")
    assert run("propose", use_case, "--version", "1.0.0", *told)[0] == 0
    code, out = run("may-ship", use_case, "1.0.0")
    assert code == 1
    assert "- It waits for Lee Chen" in out
    assert run("may-ship", use_case, "9.9.9")[0] == 2
    assert run("may-ship", use_case, "1.0.0", secret="another-secret-of-nobody")[0] == 2
    approved(office, use_case, title, "1.0.0")
    assert run("may-ship", use_case, "1.0.0")[0] == 0
    assert run("shipped", use_case, "1.0.0")[0] == 0
    assert run("shipped", use_case, "1.0.0")[0] == 0
    assert "live" in run("list", use_case)[1]


def test_the_command_line_beside_the_bot_acts_for_a_person_with_that_persons_rights(office: Office) -> None:
    title = "Price extras"
    use_case = in_pilot(office, title)
    live(office, use_case, title, "1.0.0")
    folder = str(office.bot.service.settings.data_dir)

    def run(*words: str) -> tuple[int, str]:
        made = CliRunner().invoke(cli, ["release", *words], env={"PREFLIGHT_DATA_DIR": folder})
        return made.exit_code, made.output

    assert run("stop", use_case)[0] == 2
    code, out = run("--as", "mo", "stop", use_case, "--why", "I do not like it")
    assert code == 1
    assert "Only those who may stop it" in out
    assert run("--as", "lee", "stop", use_case, "--why", "Prices were wrong")[0] == 0
    found = stored(office, use_case, "1.0.0")
    assert (found.status, found.ended_why) == ("stopped", "Prices were wrong")
    office.person("dana").at("#claims").reads(title, "was stopped by Lee Chen", timeout=20)
