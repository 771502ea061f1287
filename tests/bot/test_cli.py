"""The command line: quick, kind, and honest in its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import COMMANDS, cli

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "langchain",
    "chromadb",
    "onnxruntime",
    "onnx",
    "sqlalchemy",
    "slack_bolt",
    "pydantic",
    "numpy",
    "yaml",
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for name in ("DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(tmp_path / "data"))
    return CliRunner()


def modules_after(code: str) -> set[str]:
    shown = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return {m.split(".")[0] for m in shown.stdout.split()}


def test_the_help_loads_nothing_heavy() -> None:
    code = "from click.testing import CliRunner\nfrom bot.cli import cli\nCliRunner().invoke(cli, ['--help'])"
    assert not modules_after(code) & set(HEAVY)


@pytest.mark.long
def test_the_service_loads_neither_langchain_nor_chroma_nor_the_model() -> None:
    loaded = modules_after("import bot.server\nfrom bot import registry\nregistry.load()")
    assert not loaded & {"langchain", "langchain_core", "chromadb", "onnxruntime", "onnx", "torch"}


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help(run: CliRunner, name: str) -> None:
    assert run.invoke(cli, [name, "--help"]).exit_code == 0


def test_serving_without_settings_says_what_is_missing(run: CliRunner) -> None:
    result = run.invoke(cli, ["serve"])
    assert result.exit_code == 1
    assert "SLACK_BOT_TOKEN is not set" in result.output
    assert "Traceback" not in result.output


def test_a_bad_setting_is_one_sentence(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFLIGHT_PORT", "many")
    result = run.invoke(cli, ["doctor"])
    assert result.exit_code == 1
    assert "PREFLIGHT_PORT" in result.output


def test_the_default_program_is_all_right(run: CliRunner) -> None:
    result = run.invoke(cli, ["program", "check"])
    assert result.exit_code == 0, result.output
    assert json.loads(run.invoke(cli, ["program", "check", "--json"]).output)["ok"]


def test_a_damaged_program_is_refused_with_file_and_line(run: CliRunner, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(ROOT / "program", tmp_path / "program")
    tiers = tmp_path / "program" / "tiers.yaml"
    tiers.write_text(tiers.read_text(encoding="utf-8").replace("\nrules:", "\nruels:", 1), encoding="utf-8")
    result = run.invoke(cli, ["program", "check", str(tmp_path / "program")])
    assert result.exit_code == 1
    assert "tiers.yaml, line" in result.output
    found = json.loads(run.invoke(cli, ["program", "check", str(tmp_path / "program"), "--json"]).output)
    assert not found["ok"]
    assert found["errors"][0]["file"] == "tiers.yaml"


def test_the_audit_log_of_nothing_is_sound(run: CliRunner) -> None:
    assert run.invoke(cli, ["audit", "verify"]).exit_code == 0
    assert json.loads(run.invoke(cli, ["audit", "verify", "--json"]).output)["ok"]
    assert run.invoke(cli, ["audit", "export"]).output == ""


def test_the_database_goes_up_and_down(run: CliRunner) -> None:
    assert run.invoke(cli, ["db", "upgrade"]).exit_code == 0
    assert run.invoke(cli, ["db", "downgrade", "base", "--yes"]).exit_code == 0
    assert run.invoke(cli, ["db", "upgrade"]).exit_code == 0


def test_the_manifest_is_json(run: CliRunner) -> None:
    made = json.loads(run.invoke(cli, ["manifest", "--url", "https://preflight.example"]).output)
    assert not made["settings"]["socket_mode_enabled"]
    assert json.loads(run.invoke(cli, ["manifest"]).output)["settings"]["socket_mode_enabled"]
    assert run.invoke(cli, ["manifest", "--url", "http://plain.example"]).exit_code == 2


def test_the_version_is_printed(run: CliRunner) -> None:
    assert run.invoke(cli, ["version"]).output.startswith("0.")
