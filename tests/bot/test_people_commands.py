"""``preflight people``, ``record`` and what ``audit verify`` says afterwards; and the night's deletion."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from bot.jobs.retention import apply_retention
from bot.registry import Job
from storage.store import Store
from tests.bot.conftest import settings_for
from tests.program.office import PROGRAM
from tests.storage.records import DANA, PRIYA, TOM, answers, approval, decision, use_case
from workflows.consultation import Consultation
from workflows.decision import Actor, Circumstances
from workflows.ids import Place, Subject, UserId
from workflows.people import Person

NOW = datetime.now(UTC)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Dana's use case waits for Priya; Tom asked something, and left."""
    for name in ("DATABASE_URL", "SLACK_BOT_TOKEN", "PREFLIGHT_PROGRAM_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(tmp_path / "data"))
    store = Store("", tmp_path / "data")
    circ = Circumstances(now=NOW, actor=Actor(user=TOM, door="message"), program=PROGRAM.stamp)
    asked = Consultation(
        id="Q-0001", asker=TOM, question="what is a gate?", place=Place(channel="D1"), private=True,
        asked_at=NOW, touched_at=NOW,
    )  # fmt: skip
    case = use_case("UC-0001", stage="in_review", submitted_at=NOW, answers=answers(business_owner="UDANA"))
    with store.write() as tx:
        tx.save_people(
            [
                Person(id=DANA, name="Dana Ortiz", handle="dana"),
                Person(id=PRIYA, name="Priya Shah", handle="priya"),
                Person(id=TOM, name="Tom Becker", handle="tom", email="tom@northwind.example", active=False),
            ]
        )
        tx.apply(decision(case, approval(), asked), circ)
    yield store
    store.close()


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def test_whoever_is_waited_for_is_not_erased_and_it_is_said_what_to_hand_on(store: Store) -> None:
    said = run("people", "erase", "@dana", "--reason", "she left", "--yes")
    assert said.exit_code == 1
    assert "Dana Ortiz still holds what others wait for" in said.output
    assert "UC-0001: business owner: change the answer" in said.output
    assert "UDANA" in json.dumps(list(store.export()))


def test_a_decision_that_others_can_make_holds_nobody_back_and_one_that_waits_for_them_alone_does(
    store: Store,
) -> None:
    assert run("people", "erase", "tom", "--reason", "he left").exit_code == 0
    with store.write() as tx:
        tx.save_people([Person(id=PRIYA, name="Priya Shah", handle="priya", active=False)])
    said = run("people", "erase", "tom", "--reason", "he left")
    assert "A-0001: seat: delegate the decision, or decide it" in said.output


def test_without_yes_it_is_only_said_what_would_change(store: Store) -> None:
    said = run("people", "erase", "tom@northwind.example", "--reason", "he left")
    assert said.exit_code == 0
    assert "Would change: 1 approval, 1 consultation" in said.output
    assert "Nothing was changed" in said.output
    assert "UTOM" in json.dumps(list(store.export()))


def test_it_is_done_with_yes_and_the_log_still_verifies_and_says_so(store: Store) -> None:
    said = run("people", "erase", "UTOM", "--reason", "he left", "--yes", "--json")
    assert said.exit_code == 0, said.output
    pseudonym = json.loads(said.output)["pseudonym"]
    assert "UTOM" not in json.dumps(list(store.export()))
    verified = run("audit", "verify")
    assert verified.exit_code == 0
    assert f"(erasure {pseudonym}): 3 rows: 1-3" in verified.output
    told = json.loads(run("audit", "verify", "--json").output)["redactions"]
    assert [(r["rows"], r["which"], r["because"]) for r in told] == [(3, "1-3", "erasure")]
    again = run("people", "erase", "UTOM", "--reason", "he left", "--yes")
    assert "is nobody, or more than one" in again.output
    assert run("people", "readmit", "UTOM").exit_code == 0
    assert run("people", "readmit", "UTOM").exit_code == 1


def test_ones_data_is_printed_and_that_is_on_record(store: Store, tmp_path: Path) -> None:
    found = json.loads(run("people", "export", "tom").output)
    assert found["things"]["consultation"][0]["parts"][0]["says"]["question"] == "what is a gate?"
    to = tmp_path / "tom.md"
    assert run("people", "export", "tom", "--markdown", "--to", str(to)).exit_code == 0
    assert to.read_text(encoding="utf-8").startswith("# What is kept about Tom Becker")
    assert [r["action"] for r in store.export()].count("person.exported") == 2


def test_the_record_is_printed_or_written_as_pdf(store: Store, tmp_path: Path) -> None:
    assert run("record", "uc-0001").output.startswith("# Governance record: Summarise calls")
    to = tmp_path / "record.pdf"
    assert run("record", "UC-0001", "--pdf", str(to)).exit_code == 0
    assert to.read_bytes().startswith(b"%PDF")
    assert run("record", "UC-0404").exit_code == 1


def test_a_night_deletes_what_is_too_old_says_how_much_and_plans_the_next(
    store: Store, tmp_path: Path
) -> None:
    late = NOW + timedelta(days=PROGRAM.retention.questions_days or 0, hours=1)
    job = Job(
        store=store,
        program=PROGRAM,
        settings=settings_for("http://127.0.0.1:9", tmp_path),
        now=late,
        bot_user=UserId("UBOT"),
        key="retention#1",
        subject=Subject(type="program", id=PROGRAM.stamp.label),
        data={},
        embedder=None,
    )
    for _ in range(2):
        apply_retention(job)
    rows = list(store.export())
    assert [r["detail"] for r in rows if r["action"] == "retention.applied"] == [{"questions": 1}]
    assert "what is a gate?" not in json.dumps(rows)
    assert store.verify().sound
    with store.read() as reading:
        (planned,) = reading.planned("retention")
        assert reading.use_case("UC-0001") is not None
    assert late < planned.due < late + timedelta(days=1, hours=5)
