"""Data contracts in the office: submitted, relied upon, changed with notice, broken, and mended."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.hooks import signed_headers
from tests.scenarios.conftest import open_office
from tests.scenarios.deciding import fills, presses, settle
from tests.scenarios.deciding import sends as forged
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.running import in_use
from tests.scenarios.talking import refusals
from workflows.contract import Contract

ROOT = Path(__file__).resolve().parents[2]
FRESHNESS = "0123456789abcdef"
TEXT = (
    (ROOT / "docs" / "examples" / "claims-feed.contract.yaml")
    .read_text(encoding="utf-8")
    .replace("username: lee", "username: anya")
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("contracts")
    with open_office(folder, PREFLIGHT_HOOK_SECRETS=f"freshness:{FRESHNESS}") as here:
        here.folder = folder  # type: ignore[attr-defined]
        yield here


def stored(office: Office, name: str) -> Contract:
    with office.bot.service.store.read() as reading:
        found: tuple[Contract, ...] = reading.matters(Contract, name=name)
        return found[0]


def named(name: str, title: str, text: str = TEXT) -> str:
    return text.replace("id: claims-feed", f"id: {name}").replace("name: Claims feed", f"name: {title}")


def submits(office: Office, text: str, by: str = "anya") -> Person:
    """Pastes a contract into the conversation with the bot."""
    person = office.person(by).says(f"```\n{text}```")
    person.reads()
    settle(office)
    return person


def relies(office: Office, name: str, use_case: str, by: str = "dana") -> None:
    """Somebody looks the contract up by a command, and says on its card that their use case relies on it."""
    person = office.person(by).at("#general")
    person.commands(f"contract {name}")
    person.clicks("We rely on it…")
    fills(person, {"use_case": use_case})
    assert "relies on" in texts(person.view())


def sends(office: Office, body: JSON, secret: str = FRESHNESS, **headers: str) -> tuple[int, JSON]:
    raw = json.dumps(body).encode()
    port = office.bot.server.config.port
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/hooks/breach",
        data=raw,
        headers={**signed_headers(secret, raw, time.time()), **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            got = answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        got = refused.code, json.load(refused)
    settle(office)
    return got


def test_the_owner_pastes_a_contract_and_it_is_kept_to_the_letter(office: Office) -> None:
    anya = submits(office, named("pasted", "Pasted feed"))
    anya.reads("Pasted feed", "version 1.0.0", "is kept")
    card = office.person("anya").reads("Pasted feed", "in force", "Anya Sokolova answers for it")
    assert "fresh within 24 h" in texts(card)
    assert "there by 06:00" in texts(card), "what the program promises where the contract says nothing"
    assert stored(office, "pasted").current.text == named("pasted", "Pasted feed").rstrip("\n")


def test_what_is_wrong_with_a_contract_is_said_by_line_and_nothing_is_kept(office: Office) -> None:
    text = named("faulty", "Faulty feed").replace("value: 24, unit: h}", "value: 24}")
    submits(office, text).reads("2 to put right", "line 41", "needs a unit of time")
    with office.bot.service.store.read() as reading:
        assert not reading.matters(Contract, name="faulty")


def test_a_contract_is_sent_as_a_file(office: Office) -> None:
    anya = office.person("anya")
    text = named("filed", "Filed feed")
    sent = anya._act("upload", channel="@app", filename="filed.yaml", content=text)
    anya.at("@app", sent["ts"]).reads("Filed feed", "is kept")
    anya.reads("Filed feed", "in force")
    assert stored(office, "filed").current.text == text
    sent = anya._act(
        "upload", channel="@app", filename="broken.yaml", content="apiVersion: v3.1.0\nkind: Data\n"
    )
    anya.at("@app", sent["ts"]).reads("to put right", "line 2", "DataContract")


def test_somebody_elses_contract_is_not_taken_and_the_attempt_is_on_record(office: Office) -> None:
    grace = office.person("grace").says(named("not-hers", "Not hers"))
    grace.at("@app").reads("Only the owner of the data (Anya Sokolova)")
    assert refusals(office)[-1]["action"] == "contract.submit"


def test_the_form_says_which_version_a_change_needs(office: Office) -> None:
    submits(office, named("form", "Form feed"))
    anya = office.person("anya")
    anya.clicks("New version…", anya.reads("Form feed", "in force"))
    assert "id: form" in json.dumps(anya.view("New version"))
    slower = named("form", "Form feed").replace("latency, value: 24", "latency, value: 48")
    answer = fills(anya, {"text": slower.replace("1.0.0", "1.1.0")})
    assert "latency is loosened from 24 h to 48 h" in json.dumps(answer)
    assert "Call it 2.0.0" in json.dumps(answer)
    fills(anya, {"text": slower.replace("1.0.0", "2.0.0")})
    assert "Thank you" in texts(anya.view())
    assert stored(office, "form").current.version == "2.0.0"


def test_a_use_cases_owner_says_that_it_relies_on_it_and_it_is_in_the_record(office: Office) -> None:
    use_case = in_use(office, "Sort claims by urgency")
    submits(office, named("relied", "Relied feed"))
    relies(office, "relied", use_case.id)
    assert stored(office, "relied").consumers == (use_case.id,)
    office.person("anya").reads("Sort claims by urgency", "relies on", "Dana Ortiz")
    scene = office.bot.service.moment()
    with office.bot.service.store.read() as reading:
        from bot.drawing import draw

        drawn = draw(scene, reading, "record", use_case.subject, {}, use_case.submitter, None)
    assert "Relied feed" in texts({"blocks": drawn.blocks})


def test_a_breaking_version_is_announced_acknowledged_and_counts_when_its_notice_is_over(
    office: Office,
) -> None:
    use_case = in_use(office, "Price storm damage")
    submits(office, named("changing", "Changing feed"))
    relies(office, "changing", use_case.id)
    slower = named("changing", "Changing feed").replace("latency, value: 24", "latency, value: 48")
    submits(office, slower.replace("1.0.0", "2.0.0")).reads("version 2.0.0", "counts from")
    news = office.person("dana").reads(
        "becomes version 2.0.0", "Price storm damage", "loosened from 24 h to 48 h"
    )
    card = office.person("anya").reads(
        "Changing feed", "0 of 1 use cases have acknowledged", "Price storm damage"
    )
    presses(office.person("dana"), news, "I have seen it")
    office.person("dana").reads("becomes version 2.0.0", "Dana Ortiz acknowledged it")
    office.person("anya").reads("Changing feed", "1 of 1 use cases have acknowledged")
    assert card["ts"]
    office.bot.pass_time(days=32)
    settle(office)
    office.person("dana").reads("Changing feed", "version 2.0.0", "in force from now on")
    office.person("anya").reads("Version 2.0.0 is in force", "Changing feed")


def test_whoever_relies_on_it_may_object_and_the_owner_reads_why(office: Office) -> None:
    use_case = in_use(office, "Draft letters")
    submits(office, named("objected", "Objected feed"))
    relies(office, "objected", use_case.id)
    other = named("objected", "Objected feed").replace("value: GBP", "value: EUR").replace("1.0.0", "2.0.0")
    submits(office, other)
    dana = office.person("dana")
    dana.clicks("Object…", dana.reads("becomes version 2.0.0", "Draft letters", "GBP to EUR"))
    fills(dana, {"reason": "Our letters say pounds."})
    office.person("anya").reads("Dana Ortiz objects", "Our letters say pounds.")


def test_a_breach_reported_by_form_reaches_all_stops_the_gate_and_closes_with_a_reason(
    office: Office,
) -> None:
    use_case = in_use(office, "Answer brokers")
    submits(office, named("broken", "Broken feed"))
    relies(office, "broken", use_case.id)
    marcus = office.person("marcus")
    marcus.commands("breach broken feed")
    fills(marcus, {"kind": "incomplete", "field": "claims.amount", "what": "Blanks since <!here> Monday"})
    assert "are told" in texts(marcus.view())
    for name in ("anya", "dana", "lee", "marcus"):
        told = office.person(name).reads("Broken feed", "Blanks since", "Answer brokers")
        assert "<!here>" not in json.dumps(told["blocks"])
    with office.bot.service.store.read() as reading:
        dossier = reading.dossier(use_case.id)
        assert [b.about for c in dossier.contracts for b in c.open_breaches] == ["completeness:claims.amount"]
    lee, anya = office.person("lee"), office.person("anya")
    card = lee.reads("Broken feed", "Blanks since")
    assert "Close…" not in [label(e) for _, e in elements(card)], "it is not his to close"
    value = f"{stored(office, 'broken').id}|B1"
    forged(office, lee, {"type": "button", "action_id": "breach.close", "value": value}, "breach")
    lee.reads("Only the owner of the data (Anya Sokolova)")
    anya.clicks("Close…", anya.reads("Broken feed", "Blanks since"))
    fills(anya, {"reason": "The loader runs again."})
    office.person("dana").reads("keeps what it promises again", "The loader runs again.")
    assert not stored(office, "broken").open_breaches


def test_the_same_reported_twice_is_one_breach_and_nobody_is_told_twice(office: Office) -> None:
    submits(office, named("twice", "Twice feed"))
    for name, what in (("grace", "Stale since nine"), ("omar", "Stale here, too")):
        person = office.person(name)
        person.commands("breach twice")
        fills(person, {"what": what})
    (breach,) = stored(office, "twice").breaches
    assert [r.what for r in breach.joined] == ["Stale here, too"]
    cards = [m for m in office.person("anya").messages() if "Twice feed* breaks" in texts(m)]
    assert len(cards) == 1
    assert "Stale here, too" in texts(cards[0]), "the card was redrawn in place"


def test_the_bot_offers_to_report_what_somebody_says_in_plain_words(office: Office) -> None:
    submits(office, named("hail", "Hail reports feed"))
    yuki = office.person("yuki").says("the hail reports feed is late again")
    yuki.reads("Shall I report it", "Hail reports feed")
    yuki.clicks("Report it…")
    view = yuki.view("Report a breach")
    assert "the hail reports feed is late again" in json.dumps(view)
    fills(yuki, {})
    (breach,) = stored(office, "hail").open_breaches
    assert breach.about == "latency"


def test_measured_values_open_and_close_a_breach_by_themselves(office: Office) -> None:
    use_case = in_use(office, "Route calls")
    submits(office, named("measured", "Measured feed"))
    relies(office, "measured", use_case.id)

    def measures(value: float) -> list[str]:
        body = {
            "contract": "measured",
            "measurements": [{"property": "latency", "value": value, "unit": "h"}],
        }
        status, answer = sends(office, body)
        assert status == 200, answer
        return [b["about"] for b in answer["open_breaches"]]

    assert measures(30) == []
    assert measures(31) == ["latency"]
    office.person("dana").reads("Measured feed", "breaks what it promises", "latency is 1860 min")
    assert measures(23.9) == ["latency"]
    assert [measures(v) for v in (20, 21, 22)] == [["latency"], ["latency"], []]
    office.person("dana").reads("Measured feed", "keeps what it promises again")


def test_a_system_reports_a_breach_once_and_a_stranger_none(office: Office) -> None:
    submits(office, named("hooked", "Hooked feed"))
    body = {
        "contract": "hooked",
        "layer": "structural",
        "about": "claims.status",
        "what": "new value: reopened",
    }
    once = {"Idempotency-Key": "run-17"}
    first = sends(office, body, **once)
    again = sends(office, body, **once)
    assert (first[0], again[0], again[1]["again"]) == (200, 200, True)
    (breach,) = stored(office, "hooked").breaches
    assert (breach.by, breach.source, breach.joined) == (None, "webhook", ())
    assert sends(office, body, secret="wrong-secret-of-16")[0] == 401
    assert sends(office, {"contract": "nowhere", "what": "x"})[1]["error"] == "no_such_contract"
    assert sends(office, {"contract": "hooked"})[1]["error"] == "fields"
    odd = {"contract": "hooked", "measurements": [{"property": "throughput", "value": 1}]}
    assert "is not promised" in sends(office, odd)[1]["says"]


def test_the_command_line_checks_submits_compares_exports_and_reports(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(office.folder))  # type: ignore[attr-defined]
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(named("cli-feed", "Shell feed"), encoding="utf-8")
    second.write_text(
        named("cli-feed", "Shell feed").replace("value: 99,", "value: 95,").replace("1.0.0", "1.1.0"), "utf-8"
    )
    run = CliRunner()

    def does(*words: str, status: int = 0, **more: str) -> str:
        done = run.invoke(cli, ["contracts", *words], **more)  # type: ignore[arg-type]
        assert done.exit_code == status, done.output
        settle(office)
        return done.output

    assert "All right" in does("check", str(first), str(second))
    assert "standard input, line 2" in does("check", "-", status=1, input="apiVersion: v3.1.0\nkind: Data\n")
    assert "Kept as DC-" in does("submit", str(first))
    office.person("anya").reads("Shell feed", "in force")
    told = does("diff", str(first), str(second), status=1)
    assert "completeness is loosened from 99% to 95%" in told
    assert "it has to be 2.0.0" in told
    assert "Call it 2.0.0" in does("submit", str(second), status=1)
    assert "is broken: B1 (completeness)" in does(
        "breach", "cli-feed", "Half of it", "--about", "completeness"
    )
    office.person("anya").reads("Shell feed", "Half of it")
    assert "Only the owner" in does("close", "cli-feed", "B1", "It is fine", "--by", "grace", status=1)
    assert "0 breaches are open" in does("close", "cli-feed", "B1", "Loaded again", "--by", "anya")
    assert "Shell feed (cli-feed)" in does("list")
    does("export", str(tmp_path / "out"))
    assert (tmp_path / "out" / "cli-feed.yaml").read_bytes() == first.read_bytes()
