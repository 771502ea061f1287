"""Two people send the same form at the same moment: it takes effect once, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.inputs import Submission, ViewIn
from bot.listeners import declaring, plan
from bot.registry import Answer, Moment
from storage.store import Store
from tests.bot.conftest import settings_for
from tests.program.office import PROGRAM
from workflows.ids import UserId
from workflows.people import Person
from workflows.plan.plan import Plan

TEAM = tuple(UserId(f"U0TEAM{n}") for n in range(6))
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def moment(store: Store, tmp_path: Path) -> Moment:
    """A company whose program team has six people."""
    with store.write() as tx:
        tx.save_people([Person(id=u, name=f"Team {u}") for u in TEAM], {"ai-program": list(TEAM)})
    return Moment(store, PROGRAM, settings_for("http://127.0.0.1:9", tmp_path), NOW, UserId("U0PREFLIGHT"))


def all_at_once(moment: Moment, send: Callable[[Moment, Submission], Answer], **filled: str) -> None:
    """Everybody of the team submits the form."""
    start, wrong = threading.Barrier(len(TEAM)), []

    def submit(user: UserId) -> None:
        values = {block: {block: value} for block, value in filled.items()}
        form = Submission(
            key=f"view/{user}", user=user, view=ViewIn(id="V", callback="", private="", values=values)
        )
        start.wait()
        try:
            send(moment, form)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=submit, args=(user,)) for user in TEAM]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_one_plan_is_started(moment: Moment) -> None:
    all_at_once(moment, plan.started, begins="2026-11-23")
    with moment.store.read() as reading:
        assert len(reading.matters(Plan)) == 1


def test_one_tool_is_listed(moment: Moment) -> None:
    all_at_once(moment, declaring.told, tool="ChatGPT", what="Letters to brokers", data="unsure")
    with moment.store.read() as reading:
        assert len(reading.use_cases()) == 1
