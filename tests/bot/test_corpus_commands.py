"""``preflight corpus`` and ``preflight ask``: what one types, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.audiences import audiences_of
from bot.cli import cli
from bot.commands_line.corpus import playbook_folder
from bot.settings import read_settings
from storage.program_folder import default_program_folder, read_files, read_program
from storage.store import open_store
from tests.knowledge.handbook import HOLIDAYS, ROLLBACK, SECRET, write
from workflows.ids import UserId
from workflows.people import Directory, Person


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company with two documents of its own."""
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(tmp_path / "data"))
    for name in ("DATABASE_URL", "PREFLIGHT_PROGRAM_DIR"):
        monkeypatch.delenv(name, raising=False)
    write(tmp_path / "docs", {"rollback.md": ROLLBACK, "secret.md": SECRET})
    return tmp_path


def run(*words: str, ok: bool = True) -> Result:
    result = CliRunner().invoke(cli, list(words))
    assert (result.exit_code == 0) == ok, result.output
    return result


def synced(office: Path) -> dict[str, Any]:
    reports = json.loads(run("corpus", "sync", str(office / "docs"), "--words-only", "--json").stdout)
    found: dict[str, Any] = reports[0]
    return found


def test_a_folder_is_brought_in_and_again_nothing_happens(office: Path) -> None:
    assert synced(office)["added"] == ["rollback.md", "secret.md"]
    assert synced(office)["unchanged"] == 2
    told = json.loads(run("corpus", "status", "--json").stdout)
    assert (told["documents"], told["sources"][0]["documents"]) == (2, 2)


def test_bad_files_are_named_and_the_rest_is_taken(office: Path) -> None:
    write(office / "docs", {"bad.docx": b"PK", "holidays.md": HOLIDAYS})
    result = run("corpus", "sync", str(office / "docs"), "--words-only")
    assert "3 added" in result.stdout
    assert "bad.docx is damaged" in result.stderr


def test_a_folder_within_another_is_refused_with_what_to_do(office: Path) -> None:
    synced(office)
    (office / "docs" / "more").mkdir()
    assert "preflight corpus remove" in run("corpus", "sync", str(office / "docs" / "more"), ok=False).output


def test_a_missing_folder_is_said_and_fails(office: Path) -> None:
    assert "There is no folder" in run("corpus", "sync", str(office / "nowhere"), ok=False).output


def test_a_folder_can_be_taken_out_again(office: Path) -> None:
    synced(office)
    assert "2 documents taken out" in run("corpus", "remove", str(office / "docs")).stdout
    assert "The corpus is empty" in run("corpus", "status").stdout


def test_asking_an_empty_corpus_says_how_to_fill_it(office: Path) -> None:
    assert "preflight corpus sync" in run("ask", "Who may stop a release?", ok=False).output


def test_a_question_gets_a_quote_and_its_place(office: Path) -> None:
    synced(office)
    out = run("ask", "Who may stop a release?", "--words-only").stdout
    assert "“The risk owner may stop any release at once" in out
    assert "[1] Rollback and stop-ship, Who may stop it (2027-03-31)" in out


def test_a_file_of_questions_is_answered_a_line_each(office: Path) -> None:
    synced(office)
    questions = [
        {"id": "q1", "question": "How fast is a release rolled back?"},
        {"id": "q2", "question": "and what may the risk owner do?", "after": "q1"},
        {"id": 3, "question": "tungsten"},
    ]
    file = office / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
    lines = [
        json.loads(line)
        for line in run("ask", "--file", str(file), "--json", "--words-only").stdout.splitlines()
    ]
    assert [line["id"] for line in lines] == ["q1", "q2", 3]
    assert lines[2]["state"] == "abstain"
    assert set(lines[0]) == {"id", "state", "text", "citations", "probability", "latency_ms"}
    for line, section in zip(lines, ("How fast", "Who may stop it"), strict=False):
        cited = line["citations"][0]
        assert (cited["document"], cited["path"]) == ("Rollback and stop-ship", "rollback.md")
        assert cited["section"] == section
        assert ROLLBACK[cited["start"] : cited["end"]] == cited["quote"]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": 1}', '{"question": 7}', '{"question": "x", "after": "q9"}']
)
def test_a_line_that_is_no_question_is_named(office: Path, line: str) -> None:
    synced(office)
    file = office / "questions.jsonl"
    file.write_text(f'{{"question": "Fine?"}}\n{line}\n', encoding="utf-8")
    assert "questions.jsonl, line 2" in run("ask", "--file", str(file), ok=False).output


def test_who_asks_decides_what_may_be_read(office: Path) -> None:
    synced(office)
    store = open_store(read_settings())
    people = [
        Person(id=UserId("U1"), name="Dana", handle="dana"),
        Person(id=UserId("U2"), name="Lee", handle="lee"),
    ]
    with store.write() as tx:
        tx.save_people(people, {"oncall": [UserId("U1")]})
    store.close()
    question = ("ask", "What is the break-glass account called?", "--words-only")
    assert "zanzibar" in run(*question, "--as", "@dana").stdout
    assert "zanzibar" not in run(*question, "--as", "U2").stdout
    assert "zanzibar" not in run(*question).stdout
    assert "no one person 'U9'" in run(*question, "--as", "U9", ok=False).output


def test_a_person_belongs_to_their_groups_functions_and_roles() -> None:
    program = read_program(default_program_folder())
    people = {UserId(u): Person(id=UserId(u), name=u, active=u != "U3") for u in ("U1", "U2", "U3")}
    everyone = tuple(people)
    directory = Directory(
        people=people, groups={"risk-partners": everyone[:1], "fn-hr": everyone[1:], "x": ()}
    )
    assert audiences_of(UserId("U1"), directory, program) == {"risk-partners", "risk_partner", "approvers"}
    assert audiences_of(UserId("U2"), directory, program) >= {"fn-hr", "hr", "hr_partner"}
    assert audiences_of(UserId("U3"), directory, program) == frozenset()
    assert audiences_of(UserId("U9"), directory, program) == frozenset()


def test_search_lists_passages_with_their_evidence(office: Path) -> None:
    synced(office)
    found = json.loads(run("corpus", "search", "who may stop it at once", "--words-only", "--json").stdout)
    assert found[0]["section"] == "Who may stop it"
    assert found[0]["evidence"]["covered"] > 0.5


def test_an_evaluation_fails_below_what_the_program_demands(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced(office)
    cases = [
        {
            "question": "Who may stop a release?",
            "answerable": True,
            "document": "rollback.md",
            "quote": "at once",
        },
        {"question": "tungsten", "answerable": False},
    ]
    set_ = office / "set.jsonl"
    set_.write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    for name, text in read_files(default_program_folder()).items():
        write(office / "program", {name: text})
    monkeypatch.setenv("PREFLIGHT_PROGRAM_DIR", str(office / "program"))
    demanded = playbook_folder(read_settings()) / "demanded.yaml"
    write(demanded.parent, {demanded.name: "hit_at_1: 1\nverbatim: 1\nlatency_p95_ms: 10000\n"})
    assert "hit_at_1" in run("corpus", "eval", str(set_), "--words-only").stdout
    write(demanded.parent, {demanded.name: "hit_at_1: 1.1\n"})
    assert "1.1 is demanded" in run("corpus", "eval", str(set_), "--words-only", ok=False).output
    write(demanded.parent, {demanded.name: "hit_at_one: 1\n"})
    assert "no figure hit_at_one" in run("corpus", "eval", str(set_), ok=False).output
