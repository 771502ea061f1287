"""A change of retrieval that answers worse than the program demands fails ``preflight corpus eval``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli import cli
from knowledge import answering, evidence

DATA = Path(__file__).resolve().parent.parent / "knowledge" / "data"
pytestmark = pytest.mark.long
SETS = (str(DATA / "playbook_questions.jsonl"), str(DATA / "followups.jsonl"))


@pytest.fixture(scope="module")
def playbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The shipped playbook as the corpus of an installation."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PREFLIGHT_DATA_DIR", str(tmp_path_factory.mktemp("gate")))
        for name in ("DATABASE_URL", "PREFLIGHT_PROGRAM_DIR"):
            patched.delenv(name, raising=False)
        synced = CliRunner().invoke(cli, ["corpus", "sync", "--json"])
        assert synced.exit_code == 0, synced.output
        assert [report["problems"] for report in json.loads(synced.stdout)] == [[]]
        yield


def judged(*options: str) -> tuple[int, dict[str, Any]]:
    """The exit code and what was printed."""
    result = CliRunner().invoke(cli, ["corpus", "eval", *SETS, "--json", *options])
    found: dict[str, Any] = json.loads(result.stdout)
    return result.exit_code, found


@pytest.mark.parametrize("options", [(), ("--words-only",)])
def test_the_shipped_configuration_answers_the_playbook_as_well_as_the_program_demands(
    playbook: None, options: tuple[str, ...]
) -> None:
    code, told = judged(*options)
    assert (code, told["short"], told["ok"]) == (0, [], True)
    assert told["figures"]["verbatim"] == 1


@pytest.mark.parametrize(
    ("module", "part", "damaged", "short"),
    [
        (evidence, "RANKING", np.zeros(8, np.float32), "hit_at_1"),
        (answering, "CALIBRATION", (*answering.CALIBRATION[:-1], 0.0), "false_answers"),
    ],
)
def test_a_damaged_configuration_is_refused(
    playbook: None,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    part: str,
    damaged: object,
    short: str,
) -> None:
    monkeypatch.setattr(module, part, damaged)
    code, told = judged()
    assert (code, told["ok"]) == (1, False)
    assert any(sentence.startswith(f"{short} is ") for sentence in told["short"])
