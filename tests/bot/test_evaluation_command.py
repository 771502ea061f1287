"""``preflight evaluation``: a pipeline brings what a test found; the exit status says whether it passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.settings import read_settings
from storage.store import open_store
from tests.program.office import PROGRAM, assessed, summaries
from tests.workflows.results import DANA, NOW
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import UserId
from workflows.people import Person
from workflows.use_case import UseCase

CLASSES = ("happy_path", "edge_cases", "adversarial", "missing_data", "violations", "degraded")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company with Dana, Mo, and a use case of Dana's in its pilot."""
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("PREFLIGHT_PROGRAM_DIR", raising=False)
    store = open_store(read_settings(), serving=True)
    people = [
        Person(id=DANA, name="Dana Ortiz", handle="dana"),
        Person(id=UserId("U0MO"), name="Mo", handle="mo"),
    ]
    with store.write() as tx:
        tx.save_people(people)
        use_case = UseCase(
            id=tx.new_id("use_case"),
            title="Claims notes",
            stage="pilot",
            submitter=DANA,
            program=PROGRAM.stamp,
            answers=summaries(),
            assessment=assessed(),
            created_at=NOW,
        )
        circ = Circumstances(now=NOW, actor=Actor(user=DANA, door="import"), program=PROGRAM.stamp)
        entry = Entry(action="use_case.imported", subject=use_case.subject)
        tx.apply(Decision(changed=(use_case,), entries=(entry,)), circ)
    store.close()
    return tmp_path


def results(office: Path, right: int = 20, **more: object) -> str:
    told = {
        "version": "1.4.2",
        "hurtful": 0,
        "classes": {c: {"right": 20, "of": 20} for c in CLASSES},
        **more,
    }
    told["classes"]["edge_cases"]["right"] = right  # type: ignore[index]
    (office / "results.json").write_text(json.dumps(told), encoding="utf-8")
    return str(office / "results.json")


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["evaluation", *words])


def test_results_that_pass_are_taken_and_end_with_success(office: Path) -> None:
    done = run("add", "uc-0001", results(office), "--as", "dana")
    assert done.exit_code == 0, done.output
    assert "Version 1.4.2 passes: 120 cases of 100." in done.output
    assert run("show", "UC-0001").exit_code == 0


def test_results_that_do_not_pass_are_kept_and_end_otherwise(office: Path) -> None:
    done = run("add", "UC-0001", results(office, right=18), "--as", "@dana", "--json")
    assert done.exit_code == 1
    body = json.loads(done.stdout)
    assert body["passed"] is False
    assert body["classes"][1]["right"] == 18
    assert "FAIL  Edge cases" in run("show", "UC-0001").output


def test_what_the_file_does_not_say_is_asked_for_and_can_be_given(office: Path) -> None:
    file = results(office, version="", hurtful=None)
    lacking = run("add", "UC-0001", file, "--as", "dana")
    assert lacking.exit_code == 2
    assert "Version tested" in lacking.output
    assert run("add", "UC-0001", file, "--as", "dana", "--version", "2", "--hurtful", "0").exit_code == 0


def test_whoever_does_not_work_on_it_brings_nothing(office: Path) -> None:
    refused = run("add", "UC-0001", results(office), "--as", "mo")
    assert refused.exit_code == 2
    assert "those who work on" in refused.output
    assert run("show", "UC-0001").exit_code == 2
    assert run("add", "UC-0001", results(office), "--as", "nobody").exit_code == 2


def test_nonsense_is_refused_with_a_sentence(office: Path) -> None:
    (office / "odd.csv").write_bytes(b"\xff\xfe\x00")
    odd = run("add", "UC-0001", str(office / "odd.csv"), "--as", "dana")
    assert odd.exit_code == 2
    assert "I cannot read that file" in odd.output
    assert run("add", "UC-9999", results(office), "--as", "dana").exit_code == 2
