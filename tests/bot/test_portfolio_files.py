"""The portfolio out and in again as a table, and links that open for one person and some hours only."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import cli
from bot.portfolio_link import link_to, linked
from bot.views.portfolio_list import Chosen
from storage.store import Store
from tests.bot.conftest import settings_for
from tests.program.office import INTAKE, PROGRAM, answers
from tests.sizes import examples
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import UseCaseId, UserId
from workflows.import_rows import unmarked
from workflows.portfolio.exporting import cell, safe
from workflows.scoring import assess
from workflows.use_case import UseCase

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
_UNFIT = ("person", "people", "file", "money")


def record(store: Store, id: str, stage: str, **said: object) -> UseCase:
    given_ = answers(**said)
    made = UseCase(
        id=UseCaseId(id),
        title=str(said["name"]),
        stage=stage,
        submitter=UserId("U0DANA"),
        program=PROGRAM.stamp,
        answers=given_,
        assessment=assess(PROGRAM, INTAKE, given_),
        created_at=NOW,
    )
    circ = Circumstances(now=NOW, actor=Actor(user=UserId("U0DANA"), door="cli"), program=PROGRAM.stamp)
    with store.write() as tx:
        tx.apply(Decision(changed=(made,), entries=(Entry(action="made", subject=made.subject),)), circ)
    return made


def run(*words: str) -> str:
    result = CliRunner().invoke(cli, ["usecases", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def values(use_case: UseCase) -> dict[str, object]:
    """Its answers, but for those that are not imported."""
    fit = {q.id for q in INTAKE.questions() if q.type not in _UNFIT}
    return {q: a.value for q, a in use_case.answers.items() if q in fit}


def test_what_is_exported_comes_in_again_with_the_same_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("PREFLIGHT_PROGRAM_DIR", raising=False)
    odd = {"name": "=SUM(A1)", "problem": 'Say "no", then\n+49 30; or \'=x', "users_expected": 40.0}
    full = {
        "name": "Sort mail",
        "outcome_by": "2027-06-30",
        "data_sources": ["documents", "messages"],
        "prohibited_uses": [INTAKE.question("prohibited_uses").choices[0].id],
        "personal_data": False,
        "harm": "serious",
        "error_rate": 12.5,
    }
    first = tmp_path / "first"
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(first))
    store = Store("", first)
    made = [record(store, "UC-0001", "pilot", **odd), record(store, "UC-0002", "production", **full)]
    store.close()
    text = run("export")
    table = list(csv.DictReader(StringIO(text, newline="")))
    assert [row["title"] for row in table] == ["'=SUM(A1)", "Sort mail"]
    assert table[1]["data_sources"] == "documents; messages"
    assert table[1]["personal_data"] == "no"
    assert [row["id"] for row in json.loads(run("export", "--format", "json"))] == ["UC-0001", "UC-0002"]
    (tmp_path / "all.csv").write_bytes(text.encode())
    second = tmp_path / "second"
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(second))
    run("import", str(tmp_path / "all.csv"), "--map", "preflight")
    store = Store("", second)
    with store.read() as reading:
        again = {u.source_key: u for u in reading.use_cases()}
    store.close()
    for before in made:
        after = again[f"preflight: {before.id}"]
        assert after.stage == before.stage
        assert values(after) == values(before)


def test_every_question_that_can_come_in_by_a_table_does() -> None:
    mapped = {f.question for f in PROGRAM.imports["preflight"].fields}
    assert mapped == {q.id for q in INTAKE.questions() if q.type not in _UNFIT}


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=60))
def test_no_cell_is_a_formula_and_the_mark_comes_off_again(text: str) -> None:
    shown = cell(text)
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    if text == text.strip() and not text.startswith(("\t", "\r")):
        assert (
            unmarked(safe(text)) == unmarked(text) if text.startswith("'") else unmarked(safe(text)) == text
        )


def test_a_link_says_who_what_and_until_when_and_nothing_else_is_taken_for_one(tmp_path: Path) -> None:
    there = settings_for("http://127.0.0.1:9", tmp_path, PREFLIGHT_PUBLIC_URL="https://bot.example/")
    other = settings_for(
        "http://127.0.0.1:9", tmp_path, PREFLIGHT_PUBLIC_URL="https://bot.example", SLACK_BOT_TOKEN="xoxb-new"
    )
    dana = UserId("U0DANA")
    address = link_to(there, dana, Chosen(lane="quick_win", page=3), NOW, 8)
    assert address.startswith("https://bot.example/portfolio/")
    token = address.rpartition("/")[2]
    found = linked(there, token, NOW)
    assert found
    assert (found.user, found.chosen.lane, found.chosen.page) == (dana, "quick_win", 0)
    assert linked(there, token, NOW + timedelta(hours=7, minutes=59))
    assert linked(there, token, NOW + timedelta(hours=8)) is None, "its time is over"
    assert linked(other, token, NOW) is None, "a new token ends every link"
    said, _, mac = token.partition(".")
    for wrong in (
        "",
        ".",
        said,
        f"{said}.",
        f".{mac}",
        f"{said}.{mac}=",
        f"{said}.{mac}.x",
        "é.é",
        "x" * 5000,
    ):
        assert linked(there, wrong, NOW) is None
    for at in range(len(token)):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert linked(there, changed, NOW) is None
    assert link_to(settings_for("http://127.0.0.1:9", tmp_path), dana, Chosen(), NOW, 8) == ""


def test_the_page_of_the_docs_names_every_column_and_field() -> None:
    from workflows.portfolio.exporting import OUTLINE
    from workflows.portfolio.inventory import Inventory, Lane, Rank

    page = (Path(__file__).parents[2] / "docs" / "portfolio.md").read_text(encoding="utf-8")
    for name in (*OUTLINE, *Inventory.model_fields, *Lane.model_fields, *Rank.model_fields):
        assert f"`{name}`" in page, name
