"""What the clock forgot is found, told and put right: every night, and by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from tests.answers import MEDIUM
from tests.scenarios.conftest import patient_program
from tests.scenarios.deciding import case_of, settle, submits, time_passes
from tests.scenarios.office import Office
from workflows.decision import Actor, Circumstances, Decision
from workflows.effects import Forget


def loses(office: Office, *keys: str) -> None:
    """Plans are lost, as by a database that was restored from before they were made."""
    service = office.bot.service
    actor = Actor(user=service.bot_user, door="clock")
    circ = Circumstances(now=service.moment().now, actor=actor, program=service.program.stamp)
    with service.store.write() as tx:
        tx.apply(Decision(effects=tuple(Forget(key=key) for key in keys)), circ)


def planned(office: Office, key: str) -> list[str]:
    with office.bot.service.store.read() as reading:
        return [job.key for job in reading.planned(key)]


def test_a_lost_plan_is_found_told_to_the_program_team_and_made_again(office: Office) -> None:
    submits(office, "Sort invoices", MEDIUM)
    _, approval = case_of(office, "Sort invoices")
    loses(office, f"due/{approval.id}/", f"remind/{approval.id}/")
    time_passes(office, "auditor")
    team = office.person("sam").at("#ai-program")
    team.reads("lost sight of", "Sort invoices", "a reminder", "the word that time is up")
    assert planned(office, f"due/{approval.id}/") == [f"due/{approval.id}/risk_partner/"]
    assert planned(office, f"remind/{approval.id}/") == [f"remind/{approval.id}/risk_partner/"]
    assert planned(office, "auditor") == ["auditor"]
    with office.bot.service.store.read() as reading:
        actions = [line["action"] for line in reading.audit(subject=approval.subject)]
    assert actions.count("clock.put_right") == 2


def test_where_nothing_was_forgotten_nobody_hears_of_it(office: Office) -> None:
    submits(office, "Sort receipts", MEDIUM)
    before = len(office.person("sam").at("#ai-program").messages())
    time_passes(office, "auditor")
    assert len(office.person("sam").at("#ai-program").messages()) == before


def test_a_decision_that_is_overdue_and_was_told_to_nobody_is_escalated_after_all(office: Office) -> None:
    submits(office, "Sort tickets", MEDIUM)
    _, approval = case_of(office, "Sort tickets")
    loses(office, f"due/{approval.id}/", f"remind/{approval.id}/", f"escalate/{approval.id}/")
    office.bot.pass_time(days=12)
    try:
        settle(office)  # nights have gone by, so the auditor has looked
        for _ in range(3):
            office.bot.pass_time(seconds=1)
            settle(office)
    finally:
        office.bot.ahead -= office.bot.ahead
    seat = case_of(office, "Sort tickets")[1].seats[0]
    assert seat.called_at is not None
    assert [e.step for e in seat.escalations] == [0, 1]
    office.person("priya").reads("Sort tickets", "is due now")
    office.person("sam").at("#ai-program").reads("Sort tickets", "is overdue")


def test_the_command_says_what_was_forgotten_by_its_exit_status(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = office.bot.service.settings
    monkeypatch.setenv("PREFLIGHT_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("PREFLIGHT_PROGRAM_DIR", str(patient_program(tmp_path)))
    run = CliRunner()
    clean = run.invoke(cli, ["approvals", "audit"])
    assert (clean.exit_code, clean.output) == (0, "0 forgotten\n")
    submits(office, "Sort letters", MEDIUM)
    _, approval = case_of(office, "Sort letters")
    loses(office, f"due/{approval.id}/")
    found = run.invoke(cli, ["approvals", "audit"])
    assert found.exit_code == 1
    assert f"{approval.id} risk_partner: due was forgotten, for" in found.output
    assert run.invoke(cli, ["approvals", "audit", "--repair"]).exit_code == 1
    assert run.invoke(cli, ["approvals", "audit"]).exit_code == 0
    settle(office)
