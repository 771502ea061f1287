"""``preflight ask`` with a chat model set: written and cited, or quotes where it fails; each is recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from tests.knowledge.handbook import ROLLBACK, write
from tests.model_server.minds import honest
from tests.model_server.server import ModelServer

QUESTION = "How fast is a release rolled back?"
STANDS = "A release is rolled back within one hour."


@pytest.fixture
def model() -> Iterator[ModelServer]:
    there = ModelServer(honest).start()
    yield there
    there.stop()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: ModelServer) -> Path:
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PREFLIGHT_MODEL", "openai:stand-in")
    monkeypatch.setenv("PREFLIGHT_MODEL_URL", model.url)
    monkeypatch.setenv("PREFLIGHT_MODEL_PRICE_IN", "1")
    monkeypatch.setenv("PREFLIGHT_MODEL_PRICE_OUT", "10")
    folder = write(tmp_path / "docs", {"rollback.md": ROLLBACK})
    run("corpus", "sync", str(folder), "--words-only")
    return tmp_path


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(cli, list(arguments))
    assert done.exit_code == code, done.output
    return done


def asked(*more: str) -> dict[str, object]:
    return dict(json.loads(run("ask", QUESTION, "--json", "--words-only", *more).stdout))


def last_trace() -> dict[str, object]:
    return dict(json.loads(run("trace", "--last", "1", "--json").stdout.splitlines()[0]))


@pytest.mark.usefixtures("office")
def test_the_answer_is_written_cited_and_recorded(model: ModelServer) -> None:
    found = asked()
    assert found["state"] == "answer"
    assert str(found["text"]).startswith(f"{STANDS} [1]")
    cited = found["citations"][0]  # type: ignore[index]
    assert cited["quote"] == STANDS
    assert ROLLBACK[cited["start"] : cited["end"]] == STANDS
    kept = last_trace()
    assert (kept["how"], kept["outcome"], kept["tokens_in"], kept["tokens_out"]) == (
        "model",
        "written",
        321,
        45,
    )
    assert kept["cost"] == pytest.approx((321 + 450) / 1e6)
    assert str(kept["prompt"]).startswith("answer-1@")
    assert kept["passages"][0]["cited"]  # type: ignore[index]
    whole = run("trace", str(kept["id"])).stdout
    assert QUESTION in whole
    assert "Tokens: 321 in, 45 out" in whole


@pytest.mark.usefixtures("office")
def test_without_the_model_it_is_quotes_and_recorded_too(model: ModelServer) -> None:
    found = asked("--quotes-only")
    assert f"“{STANDS}" in str(found["text"])
    assert not model.asked
    kept = last_trace()
    assert (kept["how"], kept["outcome"], kept["model"]) == ("quotes", "", "")


@pytest.mark.usefixtures("office")
def test_when_the_model_fails_it_is_quotes_and_the_record_says_why(model: ModelServer) -> None:
    model.goes_wrong(status=500)
    assert f"“{STANDS}" in str(asked()["text"])
    kept = last_trace()
    assert (kept["how"], kept["outcome"], kept["why"]) == ("quotes", "trouble", "http 500")


@pytest.mark.usefixtures("office")
def test_a_provider_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFLIGHT_MODEL", "anthropic:some-model")
    assert "langchain-anthropic" in run("ask", QUESTION, "--words-only", code=1).output
    monkeypatch.setenv("PREFLIGHT_MODEL", "nobody:some-model")
    assert "provider:model" in run("ask", QUESTION, "--words-only", code=1).output


def test_personal_data_does_not_leave_when_masking_is_on_and_is_back_in_the_answer(
    office: Path, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFLIGHT_MASK", "on")
    ring = "A release is rolled back within one hour by +41 44 668 18 00 or ada@corp.example."
    write(office / "docs", {"rollback.md": ROLLBACK.replace(STANDS, ring)})
    run("corpus", "sync", str(office / "docs"), "--words-only")
    assert str(asked()["text"]).startswith(f"{ring} [1]")
    assert "ada@" not in model.asked[0].text
    assert "668" not in model.asked[0].text
    assert "by [PHONE_1] or [EMAIL_1]." in model.asked[0].text
    assert last_trace()["masked"]


def test_an_unknown_record_is_said_kindly(office: Path) -> None:
    assert "No answer T-0 is recorded" in run("trace", "T-0", code=1).output
    assert "No answer is recorded yet" in run("trace").output
