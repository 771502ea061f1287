"""``preflight ask --as USER`` about what is so: from the records, as that person may know them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.settings import read_settings
from storage.store import open_store
from tests.knowledge.handbook import write
from tests.program.office import assessed, summaries
from tests.storage.records import stored, use_case
from workflows.ids import UserId
from workflows.people import Person

RIGHTS = """# Decision rights

## Who can stop a release

A release can be stopped by the risk owner and by the technical owner of the use case.
"""


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company with one document, one use case in review and one draft."""
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(tmp_path / "data"))
    for name in ("DATABASE_URL", "PREFLIGHT_PROGRAM_DIR"):
        monkeypatch.delenv(name, raising=False)
    write(tmp_path / "docs", {"rights.md": RIGHTS})
    run("corpus", "sync", str(tmp_path / "docs"), "--words-only")
    store = open_store(read_settings())
    people = [
        Person(id=UserId(id), name=name, handle=name.split()[0].lower())
        for id, name in (("U0DANA", "Dana Ortiz"), ("U0LEE", "Lee Chen"), ("U0GRACE", "Grace Nwosu"))
    ]
    with store.write() as tx:
        tx.save_people(people, {})
    calls = use_case(
        "UC-0001",
        title="Summarise claims calls",
        stage="in_review",
        submitter="U0DANA",
        answers=summaries(),
        assessment=assessed(),
    )
    stored(store, calls, use_case("UC-0002", title="Zebra plans", stage="draft", submitter="U0DANA"))
    store.close()


def run(*words: str) -> str:
    result = CliRunner().invoke(cli, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


def asks(user: str, question: str) -> dict[str, object]:
    return dict(json.loads(run("ask", question, "--as", user, "--json", "--words-only")))


def test_the_names_come_with_the_rule_and_its_citation() -> None:
    told = asks("grace", "who can stop Summarise claims calls?")
    assert told["state"] == "answer"
    assert "For Summarise claims calls that is Lee Chen (technical owner)." in str(told["text"])
    citations = told["citations"]
    assert isinstance(citations, list)
    assert citations[0]["section"] == "Who can stop a release"
    assert "can be stopped by the risk owner" in str(told["text"])


def test_what_only_the_records_know_has_no_citation() -> None:
    told = asks("dana", "what tier is Summarise claims calls and why?")
    assert told["state"] == "answer"
    assert "medium risk" in str(told["text"])
    assert "It rests on" in str(told["text"])
    assert told["citations"] == []
    assert "It rests on" not in str(asks("grace", "what tier is Summarise claims calls and why?")["text"])


def test_another_persons_draft_is_not_there() -> None:
    assert "Zebra plans" in str(asks("dana", "where is UC-0002?")["text"])
    assert "Zebra" not in str(asks("grace", "where is UC-0002?")["text"])


def test_without_a_person_only_the_playbook_answers() -> None:
    told = json.loads(run("ask", "who can stop Summarise claims calls?", "--json", "--words-only"))
    assert "Lee Chen" not in told["text"]
