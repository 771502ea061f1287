"""``preflight usecases``: a list is imported whole and once, whatever is wrong with some of its rows."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from storage.program_folder import default_program_folder, read_files

MAPPING = """
id: ideas
title: The ideas box
key: [Title]
story: [Title, Text]
fields:
  - {question: name, read: [{columns: [Title]}]}
  - {question: problem, read: [{columns: [Text]}]}
  - {question: users_expected, read: [{columns: [Users]}]}
  - {question: personal_data, read: [{columns: [People], values: {"yes": true, "no": false}}]}
  - {question: data_sensitivity, read: [{value: confidential}]}
"""
LIST = "Title,Text,Users,People\nSort mail,Sorts it,40,yes\nFind pages,Finds them,5,no\n=SUM(A1),odd,1,no\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company with its own program, which maps an ideas box."""
    for name, text in {**read_files(default_program_folder()), "imports/ideas.yaml": MAPPING}.items():
        path = tmp_path / "program" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PREFLIGHT_PROGRAM_DIR", str(tmp_path / "program"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "ideas.csv").write_text(LIST, encoding="utf-8")
    return tmp_path


def run(*words: str, ok: bool = True) -> Result:
    result = CliRunner().invoke(cli, ["usecases", *words])
    assert (result.exit_code == 0) == ok, result.output
    return result


def report(office: Path, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        run("import", str(office / "ideas.csv"), "--map", "ideas", "--json", *more).stdout
    )
    return found


def test_a_list_is_imported_scored_and_tiered_with_a_report_of_each_row(office: Path) -> None:
    found = report(office)
    assert found["results"] == {"added": 3}
    assert found["tiers"] == {"medium": 1, "low": 2}
    first = found["report"][0]
    assert (first["line"], first["id"], first["title"], first["tier"]) == (
        2,
        "UC-0001",
        "Sort mail",
        "medium",
    )
    assert "Outcome" in first["missing"]
    assert first["doubtful"][0]["why"] == "assumed: the list does not say"


def test_importing_again_changes_nothing(office: Path) -> None:
    report(office)
    assert report(office)["results"] == {"unchanged": 3}
    assert len(json.loads(run("list", "--json").stdout)) == 3
    verified = CliRunner().invoke(cli, ["audit", "verify"])
    assert verified.exit_code == 0, verified.output


def test_only_what_changed_in_the_list_changes_here(office: Path) -> None:
    report(office)
    (office / "ideas.csv").write_text(LIST.replace("5,no", "5,yes"), encoding="utf-8")
    again = report(office)
    assert again["results"] == {"unchanged": 2, "changed": 1}
    assert again["report"][1]["tier"] == "medium"


def test_a_dry_run_says_what_would_come_of_it_and_stores_nothing(office: Path) -> None:
    assert report(office, "--dry-run")["results"] == {"added": 3}
    assert json.loads(run("list", "--json").stdout) == []


def test_a_damaged_row_is_told_and_the_others_are_imported(office: Path) -> None:
    (office / "ideas.csv").write_bytes(
        b'Title,Text,Users,People\nA,fine,1,no\nB,"never closed,2,no\n'
        b"C,caf\xe9 \x81,3,no\nD,short\n\nE,x,5,no,more\n"
    )
    found = report(office)
    assert [r["title"] for r in found["report"]] == ["A", "B", "C", "D", "E"]
    assert (found["encoding"], found["blank"]) == ("cp1252", 1)
    assert [bool(r["notes"]) for r in found["report"]] == [False, True, True, True, True]
    stored = json.loads(run("show", "UC-0002", "--json").stdout)
    assert "never closed,2,no" in stored["source_row"]["(as in the file)"]
    said = run("import", str(office / "ideas.csv"), "--map", "ideas", "--dry-run")
    assert "5 rows read (cp1252)" in said.stdout


def test_use_cases_are_listed_by_stage_tier_and_source(office: Path) -> None:
    report(office)
    assert "Sort mail" in run("list", "--tier", "medium").stdout
    assert "Find pages" not in run("list", "--tier", "medium").stdout
    assert len(json.loads(run("list", "--stage", "idea", "--source", "import", "--json").stdout)) == 3
    assert "There is no stage" in run("list", "--stage", "limbo", ok=False).output


def test_one_use_case_is_shown_with_what_its_tier_rests_on(office: Path) -> None:
    report(office)
    said = run("show", "uc-0001").stdout
    assert "Tier: medium, because it reads personal data" in said
    assert "would be low if" in said
    assert "Number of users: 40" in said
    assert "[doubtful: assumed: the list does not say]" in said
    assert "There is no use case UC-9" in run("show", "UC-9", ok=False).output


def test_everything_is_exported_and_no_cell_is_a_formula(office: Path) -> None:
    report(office)
    table = list(csv.DictReader(io.StringIO(run("export").stdout)))
    assert [t["title"] for t in table] == ["Sort mail", "Find pages", "'=SUM(A1)"]
    lines = [json.loads(line) for line in run("export", "--json").stdout.splitlines()]
    assert [u["title"] for u in lines] == ["Sort mail", "Find pages", "=SUM(A1)"]


@pytest.mark.parametrize(
    ("content", "map_", "said"),
    [
        (LIST, "idea", 'no mapping "idea". It has: federal_2024, ideas'),
        ("", "ideas", "The file is empty"),
        ("Name,Other\na,b\n", "ideas", "none of the columns"),
        ("PK\x03\x04", "ideas", "Save it as CSV"),
    ],
)
def test_a_file_or_mapping_that_does_not_fit_is_refused_kindly(
    office: Path, content: str, map_: str, said: str
) -> None:
    (office / "ideas.csv").write_text(content)
    found = run("import", str(office / "ideas.csv"), "--map", map_, ok=False)
    assert said in " ".join(found.output.split())
    assert "Traceback" not in found.output


def test_storage_that_fails_halfway_leaves_whole_rows_and_the_rest_comes_later(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.commands_line import bringing_in
    from storage.errors import Unavailable
    from storage.transaction import Tx

    monkeypatch.setattr(bringing_in, "_ROWS_A_TRANSACTION", 1)
    plain = Tx.apply
    calls = []

    def failing(self: Tx, *given: Any) -> Any:
        calls.append(given)
        if len(calls) == 2:
            raise Unavailable("The database is busy with another writer. Try again in a moment.")
        return plain(self, *given)

    monkeypatch.setattr(Tx, "apply", failing)
    run("import", str(office / "ideas.csv"), "--map", "ideas", ok=False)
    monkeypatch.setattr(Tx, "apply", plain)
    assert report(office)["results"] == {"unchanged": 1, "added": 2}
