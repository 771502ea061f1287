"""``preflight corpus reindex`` and what ``status`` says of the index, alone and beside a running bot."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.settings import read_settings
from knowledge.chroma_embedded import EmbeddedChroma
from knowledge.index import open_index
from storage import corpus
from storage.store import open_store
from tests.knowledge.handbook import HOLIDAYS, ROLLBACK, write


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company with two documents in its corpus, read with the model."""
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(tmp_path / "data"))
    for name in ("DATABASE_URL", "PREFLIGHT_PROGRAM_DIR", "PREFLIGHT_CHROMA"):
        monkeypatch.delenv(name, raising=False)
    write(tmp_path / "docs", {"rollback.md": ROLLBACK, "holidays.md": HOLIDAYS, "chart.png": b"\x89PNG"})
    monkeypatch.setenv("PREFLIGHT_PORT", "9")
    run("corpus", "sync", str(tmp_path / "docs"))
    return tmp_path


def run(*words: str, ok: bool = True) -> Result:
    result = CliRunner().invoke(cli, list(words))
    assert (result.exit_code == 0) == ok, result.output
    return result


def index() -> dict[str, object]:
    found: dict[str, object] = json.loads(run("corpus", "status", "--json").stdout)["index"]
    return found


def test_an_index_is_built_and_looked_at(company: Path) -> None:
    assert index() == {"place": f"in {company}/data/chroma", "state": "behind", "vectors": 0, "wanted": 3}
    assert "3 vectors indexed" in run("corpus", "reindex").stdout
    assert index()["state"] == "in step"
    assert "Index: 3 of 3 vectors" in run("corpus", "status").stdout


def test_beside_a_running_bot_everything_works_but_building_its_index(company: Path) -> None:
    settings = read_settings()
    store = open_store(settings, serving=True)
    running = open_index(store, "", settings.data_dir)
    assert running is not None
    running.start()
    write(company / "docs", {"pets.md": "# Pets\n\nDogs may come to the office on Fridays.\n"})
    assert "1 added" in run("corpus", "sync", str(company / "docs")).stdout
    assert "Fridays" in run("ask", "On which day may dogs come to the office?").stdout
    assert index() == {"place": "the data folder", "state": "in use"}
    assert "owns the index" in run("corpus", "reindex", ok=False).output
    with store.read() as reading:
        now = corpus.version(reading.connection)
    assert running.wait_until_in_step(now, 20)
    assert running.state.vectors == 4
    running.stop()
    store.close()


def test_a_chroma_server_that_is_down_is_said_and_questions_are_answered(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFLIGHT_CHROMA", "http://127.0.0.1:9")
    assert "cannot be reached" in run("corpus", "status").stdout
    assert "cannot be built" in run("corpus", "reindex", ok=False).output
    assert "one hour" in run("ask", "How fast is a release rolled back?").stdout


def test_without_an_index_that_is_said(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFLIGHT_CHROMA", "memory")
    assert "searched in memory" in run("corpus", "status").stdout
    assert "no index to build" in run("corpus", "reindex").stdout


def test_a_bot_that_starts_while_somebody_looks_waits_for_a_moment(company: Path) -> None:
    looking = EmbeddedChroma(company / "data")
    threading.Timer(0.3, looking.close).start()
    EmbeddedChroma(company / "data", patience=10).close()


def test_what_was_not_read_is_named_by_its_type(company: Path) -> None:
    assert "not read: 1 .png" in run("corpus", "sync", str(company / "docs")).stdout
