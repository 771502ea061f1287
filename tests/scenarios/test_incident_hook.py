"""C4 from outside: a system reports an incident by a signed request, and so does the command line."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.hooks import signed_headers
from tests.scenarios.conftest import open_office
from tests.scenarios.deciding import settle
from tests.scenarios.office import JSON, Office
from tests.scenarios.running import in_use
from workflows.incident import Incident

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office with a monitor that may call."""
    folder = tmp_path_factory.mktemp("office")
    with open_office(folder, PREFLIGHT_HOOK_SECRETS=f"monitor:{SECRET}") as here:
        yield here


@pytest.fixture(scope="module")
def calls(office: Office) -> Any:
    """A use case in production."""
    return in_use(office, "Summarise claims calls")


def sends(office: Office, body: JSON, secret: str = SECRET) -> tuple[int, JSON]:
    """A signed request; status and answer."""
    raw = json.dumps(body).encode()
    url = f"http://127.0.0.1:{office.bot.server.config.port}/hooks/incident"
    request = urllib.request.Request(url, raw, signed_headers(secret, raw, time.time()))
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(json.load(answer))
    except urllib.error.HTTPError as refused:
        return refused.code, dict(json.load(refused))


def incidents(office: Office) -> tuple[Incident, ...]:
    with office.bot.service.store.read() as reading:
        return reading.matters(Incident)


ALERT = {
    "use_case": "Summarise claims calls",
    "severity": "high",
    "what": "The nightly load brought no rows, so answers are out of date",
    "reference": "ALERT-77",
}


def test_a_monitor_reports_and_people_know(office: Office, calls: Any) -> None:
    status, answer = sends(office, ALERT)
    assert (status, answer["ok"]) == (200, True)
    settle(office)
    (made,) = incidents(office)
    assert made.id == answer["incident"]
    assert (made.reporter, made.source, made.type) == (None, "webhook", "data_pipeline")
    office.person("lee").reads(made.id, "no rows", "monitor reported it")
    with office.bot.service.store.read() as reading:
        (row,) = list(reading.audit(subject=made.subject))
    assert (row["actor"], row["door"]) == ("system:monitor", "webhook")


def test_the_same_alert_again_is_the_same_incident(office: Office, calls: Any) -> None:
    before = len(incidents(office))
    status, _ = sends(office, {**ALERT, "what": "Still no rows"})
    assert status == 200
    assert len(incidents(office)) == before


def test_a_note_goes_into_the_timeline(office: Office, calls: Any) -> None:
    (made,) = incidents(office)
    status, _ = sends(office, {"action": "note", "incident": made.id, "what": "The load was started again"})
    assert status == 200
    assert incidents(office)[0].timeline[-1].text == "The load was started again"
    assert sends(office, {"action": "note", "incident": "INC-9999", "what": "x"})[0] == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"use_case": "No such thing"}, 404),
        ({"severity": "enormous"}, 422),
        ({"what": ""}, 422),
        ({"colour": "red"}, 400),
        ({"link": "javascript:alert(1)"}, 400),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(
    office: Office, calls: Any, change: JSON, status: int
) -> None:
    before = len(incidents(office))
    found, answer = sends(office, {**ALERT, "reference": "OTHER", **change})
    assert found == status
    assert answer["says"]
    assert len(incidents(office)) == before


def test_without_the_secret_nothing_is_taken(office: Office, calls: Any) -> None:
    assert sends(office, {**ALERT, "reference": "FORGED"}, "f" * 32)[0] == 401


def test_the_command_line_reports_lists_and_shows(office: Office, calls: Any) -> None:
    folder = str(office.bot.service.settings.data_dir)
    run = CliRunner(env={"PREFLIGHT_DATA_DIR": folder})
    words = ["incidents", "report", "Costs ten times as much as usual", "--severity", "medium"]
    made = run.invoke(cli, [*words, "--use-case", calls.id, "--json"])
    assert made.exit_code == 0, made.output
    id = json.loads(made.output)["incident"]
    listed = run.invoke(cli, ["incidents", "list", "--json"])
    found = next(i for i in json.loads(listed.output) if i["id"] == id)
    assert (found["kind"], found["status"], found["to_recover_seconds"]) == ("cost_spike", "open", None)
    assert "Costs ten times" in run.invoke(cli, ["incidents", "show", id]).output
    wrong = run.invoke(cli, [*words[:4], "enormous"])
    assert wrong.exit_code == 1
    assert "There are: critical, high, medium, low." in wrong.output
    settle(office)
    office.person("lee").reads(id, "Costs ten times")
    assert office.bot.service.store.verify().sound
