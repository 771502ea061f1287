"""Numbers for Prometheus, probes and the dashboard: complete, few labels, and never in the way."""

from __future__ import annotations

import json
import re
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from bot.cli import cli
from bot.server import Running
from bot.service import Service
from bot.slack_events import kind_of
from bot.telemetry.asked import Asked
from bot.telemetry.catalogue import METRICS
from bot.telemetry.tally import SERIES_AT_MOST, Tally
from storage.errors import Unavailable
from storage.spending import Spent
from tests.bot.conftest import ROOT, Workspace, settings_for
from tests.bot.test_service import asks_for_help, installed
from workflows.decision import Decision
from workflows.effects import Post, ToRoom
from workflows.ids import Subject

TOKEN = "shown-by-who-scrapes"
DASHBOARD = json.loads((ROOT / "docs/dashboards/preflight.json").read_text(encoding="utf-8"))
ALERTS = yaml.safe_load((ROOT / "docs/dashboards/alerts.yaml").read_text(encoding="utf-8"))
OF_THE_TARGET = {"instance", "le"}


def get(running: Running, path: str, token: str = "") -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"http://127.0.0.1:{running.port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def serving(workspace: Workspace, folder: Path, **settings: str) -> Running:
    return Running(Service(settings_for(workspace.url, folder, **settings), pace=0.0))


def families(text: str) -> dict[str, Any]:
    """By the name under which the catalogue has them."""
    found = {}
    for family in text_string_to_metric_families(text):
        found[family.name + ("_total" if family.type == "counter" else "")] = family
    return found


# --- what is exported -------------------------------------------------------------------------------------


def test_a_scrape_has_every_metric_of_the_catalogue_and_says_what_each_is(
    workspace: Workspace, tmp_path: Path
) -> None:
    with serving(workspace, tmp_path, PREFLIGHT_METRICS="on") as running:
        installed(workspace, running.port)
        asks_for_help(workspace)
        while running.service.store.outbox.backlog().open or not running.service.delivery.idle:
            threading.Event().wait(0.02)
        status, text = get(running, "/metrics")
    assert status == 200
    found = families(text)
    ours = {name: family for name, family in found.items() if name.startswith("preflight_")}
    assert set(ours) == set(METRICS)
    assert all(ours[name].documentation == METRICS[name].help for name in METRICS)
    assert all(name.startswith("process_") for name in set(found) - set(ours))
    samples = {(s.name, tuple(sorted(s.labels.items()))): s.value for f in ours.values() for s in f.samples}
    assert samples[("preflight_ready", ())] == 1
    assert samples[("preflight_inputs_total", (("kind", "message"),))] >= 1
    assert samples[("preflight_acknowledgement_seconds_count", (("kind", "message"),))] >= 1
    assert samples[("preflight_deliveries_total", (("kind", "post"), ("result", "delivered")))] >= 1
    assert samples[("preflight_slack_calls_total", (("method", "chat.postMessage"), ("result", "ok")))] >= 1
    assert samples[("preflight_schema_version", ())] >= 12
    people = set(workspace.ids.values())
    for name, family in ours.items():
        for sample in family.samples:
            values = dict(sample.labels)
            assert set(values) - {"le"} <= set(METRICS[name].labels)
            assert not set(values.values()) & people


def test_the_page_about_operations_explains_exactly_the_metrics_there_are() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(preflight_\w+)` \| (.*?) \| (.*?) \|", page, re.MULTILINE)
    assert [name for name, _, _ in rows] == list(METRICS)
    for name, labels, meaning in rows:
        assert tuple(re.findall(r"`(\w+)`", labels)) == METRICS[name].labels, name
        assert meaning == METRICS[name].help, name


def test_names_follow_the_conventions_of_prometheus() -> None:
    for name, metric in METRICS.items():
        assert re.fullmatch(r"preflight_[a-z_]+", name)
        assert (metric.kind == "counter") == name.endswith("_total")
        assert metric.kind != "histogram" or name.endswith("_seconds")
        assert "job" not in metric.labels, "Prometheus itself gives that label to every target"
        assert metric.help.endswith(".")


def expressions() -> Iterator[tuple[str, str]]:
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for group in ALERTS["groups"]:
        for rule in group["rules"]:
            assert rule["annotations"]["summary"]
            assert rule["annotations"]["action"]
            yield rule["alert"], rule["expr"]


def family_of(name: str) -> str:
    """The metric that a series in a query belongs to."""
    whole = re.sub(r"_(bucket|sum|count)$", "", name)
    return (
        whole if whole != name and METRICS.get(whole, METRICS["preflight_info"]).kind == "histogram" else name
    )


def test_the_dashboard_and_the_alerts_ask_only_for_what_there_is() -> None:
    asked = set()
    for title, expression in expressions():
        names = re.findall(r"\b(preflight_\w+|process_\w+)", expression)
        assert names, title
        known: set[str] = set()
        for name in names:
            if name.startswith("process_"):
                known |= {"instance"}
                continue
            assert family_of(name) in METRICS, f"{title}: {name}"
            asked.add(family_of(name))
            known |= set(METRICS[family_of(name)].labels) | OF_THE_TARGET
        used = re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", expression)
        for by in re.findall(r"\bby \(([^)]*)\)", expression):
            used += [label.strip() for label in by.split(",")]
        assert set(used) <= known, f"{title}: {set(used) - known}"
        assert expression.count("(") == expression.count(")"), title
    assert len(asked) > 25


def test_every_panel_has_a_place_of_its_own() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


# --- who may read it --------------------------------------------------------------------------------------


def test_the_numbers_are_for_those_who_are_meant_to_read_them(workspace: Workspace, tmp_path: Path) -> None:
    with serving(workspace, tmp_path) as running:
        assert get(running, "/metrics")[0] == 404
    with serving(workspace, tmp_path, PREFLIGHT_METRICS_TOKEN=TOKEN) as running:
        assert get(running, "/metrics")[0] == 401
        assert get(running, "/metrics", "another-than-that-one")[0] == 401
        assert get(running, "/metrics", TOKEN)[0] == 200


# --- counting ---------------------------------------------------------------------------------------------


def test_only_what_the_catalogue_names_can_be_counted() -> None:
    tally = Tally()
    with pytest.raises(KeyError):
        tally.add("preflight_nothing_total")
    with pytest.raises(ValueError, match="labels"):
        tally.add("preflight_inputs_total", "message", "U0DANA")
    with pytest.raises(ValueError, match="histogram"):
        tally.add("preflight_acknowledgement_seconds", "message")


def test_a_label_that_runs_wild_ends_in_one_series() -> None:
    tally = Tally()
    for number in range(SERIES_AT_MOST + 50):
        tally.add("preflight_inputs_total", f"kind{number}")
    found = tally.counts("preflight_inputs_total")
    assert len(found) == SERIES_AT_MOST + 1
    assert found[("other",)] == 50


def test_times_fall_into_the_bucket_that_holds_them() -> None:
    tally = Tally()
    for seconds in (0.005, 0.006, 99.0):
        tally.took("preflight_acknowledgement_seconds", seconds, "message")
    found = tally.times("preflight_acknowledgement_seconds")[("message",)]
    assert (found.counts[0], found.counts[1], found.counts[-1]) == (1, 1, 1)
    assert found.total == pytest.approx(99.011)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"type": "event_callback", "event": {"type": "message"}}, "message"),
        ({"type": "event_callback", "event": {"type": "user_change"}}, "change"),
        ({"type": "event_callback", "event": {"type": "U0DANA"}}, "other"),
        ({"type": "event_callback", "event": 7}, "other"),
        ({"command": "/preflight"}, "command"),
        ({"type": "view_submission"}, "form"),
        ({"type": ["x"]}, "other"),
        ({}, "other"),
    ],
)
def test_whatever_is_sent_its_kind_is_a_word_of_ours(body: dict[str, Any], kind: str) -> None:
    assert kind_of(body) == kind


# --- probes -----------------------------------------------------------------------------------------------


def test_while_the_database_hangs_probes_and_scrapes_are_answered_and_do_not_pile_up(
    workspace: Workspace, tmp_path: Path
) -> None:
    with serving(workspace, tmp_path, PREFLIGHT_METRICS="on") as running:
        goes_on, asked = threading.Event(), []

        def hangs(*_: Any) -> None:
            asked.append(1)
            goes_on.wait(60)

        health = running.service.health
        health._check = Asked(hangs, 0.0, 0.05)
        health._standing = Asked(hangs, 0.0, 0.05)  # type: ignore[arg-type]
        for _ in range(5):
            status, told = get(running, "/readyz")
            assert (status, json.loads(told)["problems"]) == (503, ["the database does not answer"])
            assert get(running, "/healthz")[0] == 200
        found = families(get(running, "/metrics")[1])
        assert found["preflight_database_up"].samples[0].value == 0
        assert len(asked) == 2
        goes_on.set()


def test_what_is_known_is_told_again_while_the_database_is_away() -> None:
    answers: list[int | Exception] = [7, Unavailable("away"), 8]

    def ask() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    asked = Asked(ask, every=0.0)
    assert [asked.now() for _ in range(3)] == [(7, True), (7, False), (8, True)]
    asked.close()


def test_a_stop_is_announced_and_everything_still_works_meanwhile(
    workspace: Workspace, tmp_path: Path
) -> None:
    with serving(workspace, tmp_path, PREFLIGHT_DRAIN="300") as running:
        installed(workspace, running.port)
        assert get(running, "/readyz")[0] == 200
        running._server.handle_exit(signal.SIGTERM, None)
        said = threading.Event()
        while not said.is_set():
            if running.service.problems():
                said.set()
        status, told = get(running, "/readyz")
        assert (status, json.loads(told)["problems"]) == (503, ["it is about to stop"])
        assert get(running, "/healthz")[0] == 200
        assert asks_for_help(workspace)
        assert not running._server.should_exit
        running._server.handle_exit(signal.SIGTERM, None)
        assert running._server.should_exit


# --- for those without Prometheus -------------------------------------------------------------------------


def test_status_says_what_waits_what_was_lost_and_what_it_cost(workspace: Workspace, tmp_path: Path) -> None:
    with serving(workspace, tmp_path) as running:
        service = running.service
        environment = {
            "PREFLIGHT_DATA_DIR": str(tmp_path),
            "PREFLIGHT_PORT": str(running.port),
            "SLACK_SIGNING_SECRET": "",
        }
        service.store.keep_spent(
            Spent("intake", "openai:small", tokens_in=120, tokens_out=9, cost=0.25), service.moment().now
        )
        with service.store.write() as tx:
            lost = Post(to=ToRoom(name="no-such-room"), kind="probe", subject=Subject(type="person", id="U1"))
            moment = service.moment()
            tx.apply(Decision(effects=(lost,)), moment.circumstances(moment.bot_user, "cli"))
        while service.store.standing(service.moment().now).given_up < 1:
            threading.Event().wait(0.02)
        said = CliRunner().invoke(cli, ["status"], env=environment)
        as_json = CliRunner().invoke(cli, ["status", "--json"], env=environment)
    assert said.exit_code == 0, said.output
    assert "Bot: ready." in said.output
    assert "Given up so far: 1" in said.output
    assert "room/no-such-room" in said.output
    assert "intake (openai:small): 1 calls, 120 tokens in, 9 out, cost 0.2500" in said.output
    found = json.loads(as_json.output)
    assert (found["ready"]["ok"], found["given_up"]) == (True, 1)
    assert found["spent"][0]["workflow"] == "intake"
