"""A whole day with words and secrets that must not be logged in every place, read back from the log (O4)."""

from __future__ import annotations

import io
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot import logs, registry
from bot.hooks import signed_headers
from knowledge import chat_model
from tests.model_server.minds import honest
from tests.model_server.server import Asked, ModelServer
from tests.scenarios.books import bring_in
from tests.scenarios.conftest import BOT_TOKEN, SECRET, open_office
from tests.scenarios.office import Office
from tests.scenarios.talking import until

WORD = "Quetzalcoatl"
HOOK_SECRET = "a-canary-in-the-hooks-0123456789"
METRICS_TOKEN = "a-canary-of-who-scrapes-0123"
MODEL_KEY = "sk-a-canary-of-the-model"
SECRETS = (BOT_TOKEN, SECRET, HOOK_SECRET, METRICS_TOKEN, MODEL_KEY)


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    there = ModelServer(honest).start()
    yield there
    there.stop()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[Office]:
    settings = {
        "PREFLIGHT_MODEL": "openai:stand-in",
        "PREFLIGHT_MODEL_URL": model.url,
        "PREFLIGHT_MODEL_KEY": MODEL_KEY,
        "PREFLIGHT_HOOK_SECRETS": f"monitor:{HOOK_SECRET}",
        "PREFLIGHT_METRICS_TOKEN": METRICS_TOKEN,
    }
    with open_office(tmp_path_factory.mktemp("office"), **settings) as here:
        bring_in(here, tmp_path_factory.mktemp("playbook"))
        yield here


@pytest.fixture(params=["json", "console"])
def log(request: pytest.FixtureRequest, office: Office) -> Iterator[tuple[str, io.StringIO]]:
    """The form, and all that is logged, down to the smallest matter."""
    out = io.StringIO()
    logs.set_up(str(request.param), "debug", office.bot.service.settings.secrets, out)
    yield str(request.param), out
    logs.set_up(level="error")


def sends(office: Office, path: str, raw: bytes, headers: dict[str, str]) -> int:
    """The status of a request of anybody's."""
    url = f"http://127.0.0.1:{office.bot.server.config.port}{path}"
    request = urllib.request.Request(url, raw or None, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def raises(error: Exception) -> Any:
    def function(*_: Any, **__: Any) -> Any:
        raise error

    return function


def settled(office: Office) -> None:
    until(lambda: office.bot.service.store.outbox.backlog().open == 0, "everything is delivered")


def talks(office: Office) -> None:
    """Messages, answers, commands and questions, all with the word in them."""
    dana = office.person("dana").says(f"Could AI write our {WORD} summaries? It takes 9 minutes each")
    dana.reads("?")
    dana.says(f"the {WORD} minutes a call, 9 now, 5 would be great, by end of june")
    dana.reads("?")
    office.person("mo").says(f"who can stop a release of {WORD}?").reads("release")
    office.person("mo").commands(f"{WORD} now")
    office.person("mo").commands(f"ask who is {WORD}?")
    settled(office)


def knocks(office: Office) -> None:
    """Requests that are forged, broken, or signed and odd."""
    raw = json.dumps({"use_case": WORD, "severity": WORD, "what": WORD}).encode()
    assert sends(office, "/hooks/incident", raw, signed_headers(HOOK_SECRET, raw, time.time())) in (400, 404)
    assert sends(office, "/hooks/incident", raw, signed_headers(WORD * 3, raw, time.time())) == 401
    assert sends(office, f"/hooks/{WORD}", raw, signed_headers(HOOK_SECRET, raw, time.time())) == 404
    assert sends(office, "/slack/events", raw, {"X-Slack-Signature": WORD, WORD: HOOK_SECRET}) == 401
    assert sends(office, "/metrics", b"", {"Authorization": f"Bearer {WORD}"}) == 401
    assert sends(office, "/metrics", b"", {"Authorization": f"Bearer {METRICS_TOKEN}"}) == 200


def goes_wrong(office: Office, model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack, the model and our own code fail with the word on their lips."""

    def babbling(_: Asked) -> str:
        return f"{WORD} is not JSON\n" * 3

    model.mind = babbling
    office.person("mo").says(f"who can stop a release when {WORD} asks?").reads("release")
    model.goes_wrong(status=500)
    office.person("mo").says(f"who may stop a release when {WORD} asks again?").reads("release")
    model.goes_wrong()
    model.mind = honest
    office.post(
        "/sandbox/faults",
        {"match": {"method": "chat.postMessage"}, "action": "error", "error": f"bad {WORD}", "nth": 1},
    )
    office.person("mo").says("help")
    settled(office)
    known = registry.COMMANDS["where"]
    failing = replace(known, run=raises(RuntimeError(f"{WORD} and {BOT_TOKEN}")))
    monkeypatch.setitem(registry.COMMANDS, "where", failing)
    office.person("mo").commands("where")
    monkeypatch.setitem(registry.WORKERS, "answer_question", raises(ValueError(f"about {WORD}")))
    office.person("mo").says(f"who can stop a release of {WORD} today?")
    monkeypatch.setitem(registry.RENDERERS, "help", raises(KeyError(WORD)))
    office.person("mo").says("help")
    time.sleep(0.7)


def test_what_people_write_and_every_secret_stay_out_of_the_log_in_both_forms(
    office: Office,
    model: ModelServer,
    log: tuple[str, io.StringIO],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    form, out = log
    monkeypatch.setattr(chat_model, "TROUBLES_IN_A_ROW", 1000)
    talks(office)
    if form == "json":
        followed(out)
    knocks(office)
    goes_wrong(office, model, monkeypatch)
    printed = capfd.readouterr()
    shown = out.getvalue() + printed.err + printed.out
    for happened in ("acknowledged", "delivered", "turned away", "a listener failed", "an effect failed"):
        assert happened in shown
    assert "given up" in shown
    assert not [line for line in shown.splitlines() if WORD.lower() in line.lower()]
    assert not [line for line in shown.splitlines() if any(secret in line for secret in SECRETS)]
    numbers = office.bot.service.health.exporter.text().decode()
    assert "preflight_inputs_total" in numbers
    assert WORD.lower() not in numbers.lower()
    assert not [person for person in office.people.values() if person.id in numbers]


def followed(out: io.StringIO) -> None:
    """One id leads from what came in over the job to the message."""
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    begun = next(x for x in lines if x.get("job") == "open_walk")
    same = [x for x in lines if x.get("request") == begun["request"]]
    assert [x["event"] for x in same].count("acknowledged") == 1
    assert {x.get("kind") for x in same} >= {"message", "job", "post"}
    assert begun["request"].startswith("slack-")
