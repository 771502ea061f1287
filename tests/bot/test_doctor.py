"""The doctor says what is missing and how to get it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doctor import Finding, examine
from bot.manifest import manifest
from tests.bot.conftest import BOT_TOKEN, SECRET, Workspace
from tests.model_server.minds import honest
from tests.model_server.server import ModelServer


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workspace: Workspace) -> pytest.MonkeyPatch:
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)
    monkeypatch.setenv("SLACK_API_URL", f"{workspace.url}/api/")
    for name in ("DATABASE_URL", "SLACK_APP_TOKEN", "PREFLIGHT_PROGRAM_DIR"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def missing() -> dict[str, Finding]:
    return {f.check: f for f in examine() if f.state == "missing"}


def test_where_everything_is_right_nothing_is_missing(doctor: pytest.MonkeyPatch) -> None:
    assert missing() == {}
    assert {"Slack", "scopes", "clock", "database", "program"} <= {f.check for f in examine()}


def test_a_missing_token_is_said_with_the_way_to_get_it(doctor: pytest.MonkeyPatch) -> None:
    doctor.delenv("SLACK_BOT_TOKEN")
    assert "preflight manifest" in missing()["bot token"].fix


def test_a_refused_token_is_said(doctor: pytest.MonkeyPatch) -> None:
    doctor.setenv("SLACK_BOT_TOKEN", "xoxb-of-another")
    assert "invalid_auth" in missing()["Slack"].found


def test_a_workspace_that_cannot_be_reached_is_said(doctor: pytest.MonkeyPatch) -> None:
    doctor.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    assert "does not answer" in missing()["Slack"].found


def test_scopes_that_were_not_granted_are_named(doctor: pytest.MonkeyPatch, workspace: Workspace) -> None:
    app = manifest()
    app["oauth_config"]["scopes"]["bot"].remove("users:read")
    workspace.post("/sandbox/app", {**app, "bot_token": BOT_TOKEN, "signing_secret": SECRET})
    assert "users:read" in missing()["scopes"].found


def test_a_socket_that_cannot_be_opened_is_said(doctor: pytest.MonkeyPatch) -> None:
    doctor.setenv("SLACK_APP_TOKEN", "xapp-of-another")
    assert "connections:write" in missing()["Socket Mode"].fix


def test_a_damaged_program_is_said(doctor: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    doctor.setenv("PREFLIGHT_PROGRAM_DIR", str(tmp_path / "mine"))
    assert "preflight program check" in missing()["program"].fix


def test_a_database_that_does_not_answer_is_said(doctor: pytest.MonkeyPatch) -> None:
    doctor.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    assert "DATABASE_URL" in missing()["database"].found


def test_a_chroma_server_that_does_not_answer_is_said(doctor: pytest.MonkeyPatch) -> None:
    doctor.setenv("PREFLIGHT_CHROMA", "http://127.0.0.1:9")
    assert "PREFLIGHT_CHROMA" in missing()["index of vectors"].fix


def test_a_bad_setting_is_the_first_thing_said(doctor: pytest.MonkeyPatch) -> None:
    doctor.setenv("PREFLIGHT_PORT", "many")
    assert list(missing()) == ["settings"]


def test_a_chat_model_is_tried_out_and_what_keeps_it_from_answering_is_said(
    doctor: pytest.MonkeyPatch,
) -> None:
    model = ModelServer(honest).start()
    doctor.setenv("PREFLIGHT_MODEL", "openai:stand-in")
    doctor.setenv("PREFLIGHT_MODEL_URL", model.url)
    model.mind = lambda _asked: "ok"
    assert "chat model" not in missing()
    assert model.asked[0].text == "Reply with: ok"
    model.goes_wrong(status=401)
    assert "http 401" in missing()["chat model"].found
    model.stop()
    doctor.setenv("PREFLIGHT_MODEL", "anthropic:some-model")
    assert "langchain-anthropic" in missing()["chat model"].found
