"""What use cases are compared by is made for those that have none, once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.comparing import remember_texts
from knowledge.embedding import Embedder
from storage.program_folder import default_program_folder, read_program
from storage.store import Store
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import UserId
from workflows.use_case import UseCase

PROGRAM = read_program(default_program_folder())
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
CIRC = Circumstances(now=NOW, actor=Actor(user=UserId("U1"), door="import"), program=PROGRAM.stamp)


def record(store: Store, title: str, stage: str) -> None:
    with store.write() as tx:
        made = UseCase(
            id=tx.new_id("use_case"),
            title=title,
            stage=stage,
            submitter=UserId("U1"),
            program=PROGRAM.stamp,
            created_at=NOW,
        )
        tx.apply(Decision(changed=(made,), entries=(Entry(action="made", subject=made.subject),)), CIRC)


def test_recorded_use_cases_get_a_vector_once_and_drafts_get_none(tmp_path: Path) -> None:
    store = Store("", tmp_path)
    embedder = Embedder(tmp_path / "model")
    record(store, "Summarise claims calls", "in_review")
    record(store, "Somebody's secret draft", "draft")
    assert remember_texts(store, PROGRAM, embedder) == 1
    assert remember_texts(store, PROGRAM, embedder) == 0
    with store.read() as reading:
        kept = reading.texts(embedder.fingerprint)
    assert [k.text for k in kept] == ["Summarise claims calls"]
    assert kept[0].vector is not None
    store.close()


def test_a_bot_that_stops_leaves_the_rest_for_later(tmp_path: Path) -> None:
    store = Store("", tmp_path)
    record(store, "Summarise claims calls", "in_review")
    assert remember_texts(store, PROGRAM, Embedder(tmp_path / "model"), lambda: True) == 0
    store.close()
