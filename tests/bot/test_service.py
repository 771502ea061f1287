"""The whole service against the sandbox: over HTTP, over Socket Mode, at its start and at its end."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from bot.manifest import manifest
from bot.server import Running
from bot.service import CannotStart, Service
from bot.settings import SettingsError
from storage.errors import AlreadyRunning
from tests.bot.conftest import BOT_TOKEN, ROOT, SECRET, Workspace, settings_for
from tests.databases import Place

APP_TOKEN = "xapp-tests-of-the-bot"


def get(port: int, path: str) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def installed(workspace: Workspace, port: int = 0) -> None:
    """Our app in the workspace: over HTTP at this port, else over Socket Mode."""
    url = f"http://127.0.0.1:{port}/slack/events" if port else ""
    app = {**manifest(url=url), "app_id": "A0PREFLIGHT", "bot_token": BOT_TOKEN, "app_token": APP_TOKEN}
    workspace.post("/sandbox/app", {**app, "signing_secret": SECRET, **({"request_url": url} if url else {})})


def asks_for_help(workspace: Workspace) -> str:
    sent = workspace.post("/sandbox/act/message", {"as": "dana", "channel": "@app", "text": "help"})
    found = workspace.get("/sandbox/wait", as_="dana", channel="@app", after=sent["ts"], from_="preflight")
    assert found["ok"], found
    return str(found["message"]["text"])


def test_over_http_a_message_is_answered(workspace: Workspace, tmp_path: Path) -> None:
    with Running(Service(settings_for(workspace.url, tmp_path), pace=0.0)) as running:
        installed(workspace, running.port)
        assert asks_for_help(workspace)
        assert get(running.port, "/healthz") == (200, {"ok": True})
        status, found = get(running.port, "/readyz")
        assert (status, found["ok"], found["problems"]) == (200, True, [])
        assert found["index"]["state"] in ("starting", "catching up", "in step")


def test_over_socket_mode_a_message_is_answered(workspace: Workspace, tmp_path: Path) -> None:
    installed(workspace)
    settings = settings_for(workspace.url, tmp_path, SLACK_APP_TOKEN=APP_TOKEN)
    with Running(Service(settings, pace=0.0)) as running:
        assert asks_for_help(workspace)
        assert get(running.port, "/readyz")[0] == 200


def test_over_socket_mode_nothing_is_taken_over_http(workspace: Workspace, tmp_path: Path) -> None:
    installed(workspace)
    settings = settings_for(workspace.url, tmp_path, SLACK_APP_TOKEN=APP_TOKEN)
    with Running(Service(settings)) as running, pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{running.port}/slack/events", b"{}", timeout=5)


def test_a_token_that_slack_refuses_is_said_at_the_start(workspace: Workspace, tmp_path: Path) -> None:
    service = Service(settings_for(workspace.url, tmp_path, SLACK_BOT_TOKEN="xoxb-of-another"))
    with pytest.raises(CannotStart, match="does not accept SLACK_BOT_TOKEN"):
        service.start()
    service.stop()


def test_an_app_token_that_slack_refuses_is_said_at_the_start(workspace: Workspace, tmp_path: Path) -> None:
    installed(workspace)
    service = Service(settings_for(workspace.url, tmp_path, SLACK_APP_TOKEN="xapp-of-another"))
    with pytest.raises(CannotStart, match="SLACK_APP_TOKEN"):
        service.start()
    service.stop()


def test_without_a_token_nothing_starts(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN"):
        Service(settings_for(workspace.url, tmp_path, SLACK_BOT_TOKEN=""))


def test_a_second_service_on_the_same_folder_is_refused_with_what_to_set(
    workspace: Workspace, tmp_path: Path
) -> None:
    first = Service(settings_for(workspace.url, tmp_path))
    try:
        with pytest.raises(AlreadyRunning, match="DATABASE_URL"):
            Service(settings_for(workspace.url, tmp_path))
    finally:
        first.stop()
    Service(settings_for(workspace.url, tmp_path)).stop()


@pytest.mark.postgres
def test_a_second_replica_that_would_share_the_embedded_index_is_refused_with_what_to_set(
    workspace: Workspace, tmp_path: Path, postgres_place: Place
) -> None:
    one = settings_for(workspace.url, tmp_path, DATABASE_URL=postgres_place.url)
    first = Service(one)
    try:
        with pytest.raises(AlreadyRunning, match=r"PREFLIGHT_CHROMA to a Chroma server"):
            Service(one)
        Service(settings_for(workspace.url, tmp_path / "b", DATABASE_URL=postgres_place.url)).stop()
        shared = {"DATABASE_URL": postgres_place.url, "PREFLIGHT_CHROMA": "memory"}
        Service(settings_for(workspace.url, tmp_path, **shared)).stop()
    finally:
        first.stop()


def test_a_taken_port_is_said_with_what_to_set(workspace: Workspace, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        service = Service(settings_for(workspace.url, tmp_path, PREFLIGHT_PORT=port))
        with pytest.raises(CannotStart, match="PREFLIGHT_PORT"):
            Running(service)
        service.stop()


def test_when_the_app_is_removed_the_service_is_no_longer_ready(workspace: Workspace, tmp_path: Path) -> None:
    with Running(Service(settings_for(workspace.url, tmp_path))) as running:
        installed(workspace, running.port)
        running.service.slack.uninstalled.set()
        status, found = get(running.port, "/readyz")
        assert status == 503
        assert found["problems"] == ["the app was removed from the workspace"]


def test_preflight_serve_starts_answers_and_ends_on_a_signal(workspace: Workspace, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "PREFLIGHT_DATA_DIR": str(tmp_path),
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{workspace.url}/api/",
        "PREFLIGHT_PORT": str(port),
        "PREFLIGHT_LOG_FORMAT": "json",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve"],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + 20
        while True:
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < until, "it did not become ready"
            try:
                if get(port, "/readyz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.05)
        installed(workspace, port)
        assert asks_for_help(workspace)
    finally:
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=20)
    assert process.returncode == 0, logged
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert [x["event"] for x in lines if x["event"] in ("ready", "stopped")] == ["ready", "stopped"]
    assert BOT_TOKEN not in logged
    assert SECRET not in logged


def test_whoever_opens_the_conversation_is_greeted_and_offered_four_things_to_say(
    workspace: Workspace, tmp_path: Path
) -> None:
    with Running(Service(settings_for(workspace.url, tmp_path), pace=0.0)) as running:
        installed(workspace, running.port)
        workspace.post("/sandbox/act/open_messages", {"as": "dana"})
        found = workspace.get("/sandbox/wait", as_="dana", channel="@app", contains="Hello")
        assert found["ok"]
        until = time.monotonic() + 5
        while not (shown := workspace.get("/sandbox/messages", as_="dana", channel="@app")["prompts"]):
            assert time.monotonic() < until, "nothing was offered"
        assert len(shown["prompts"]) == 4


def test_while_a_first_sentence_is_read_the_person_sees_that_it_is(
    workspace: Workspace, tmp_path: Path
) -> None:
    with Running(Service(settings_for(workspace.url, tmp_path), pace=0.0)) as running:
        installed(workspace, running.port)
        idea = "We spend nine minutes on notes after each claims call. Could AI draft them?"
        workspace.post("/sandbox/act/message", {"as": "dana", "channel": "@app", "text": idea})
        assert workspace.get("/sandbox/wait", as_="dana", channel="@app", from_="preflight")["ok"]
        (status,) = workspace.calls("assistant.threads.setStatus")
        posted = workspace.calls("chat.postMessage")[0]
        assert status["ok"]
        assert status["n"] < posted["n"]
