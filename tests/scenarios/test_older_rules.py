"""The rules of a submission count for all that belongs to the use case, until newer ones are adopted."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.program_folder import default_program_folder, read_files
from tests.answers import LOW, MEDIUM
from tests.scenarios.deciding import audit, case_of, submits, time_passes
from tests.scenarios.gates import approved
from tests.scenarios.office import JSON, Office
from tests.scenarios.test_checklists import opens
from workflows.adopting import adopt
from workflows.approval import Approval
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import UserId
from workflows.program import Program
from workflows.program_files import MESSAGES, parse_program
from workflows.use_case import UseCase

OWNERS: JSON = {"business_owner": "U0DANA", "technical_owner": "U0LEE", "data_owner": "U0LEE"}
SHEET = "questionnaires/production_readiness.yaml"
ASKS = "Is the data permitted for this use"
ASKED = "Is somebody there who knows the data"


def older(office: Office, title: str, file: str, now_says: str, then_said: str) -> Program:
    """The use case and its case as if begun under an earlier version, which also lacked a sentence of now."""
    files = dict(read_files(default_program_folder()))
    assert now_says in files[file]
    files[file] = files[file].replace(now_says, then_said)
    files["program.yaml"] = files["program.yaml"].replace('version: "2026.1"', 'version: "2025.9"')
    then = parse_program(files)
    lines = files[MESSAGES].splitlines(keepends=True)
    files[MESSAGES] = "".join(line for line in lines if not line.startswith("card_gone:"))
    now = datetime.now(UTC)
    use_case, case = case_of(office, title)
    circ = Circumstances(now=now, actor=Actor(user=UserId("U0DANA"), door="cli"), program=then.stamp)
    with office.bot.service.store.write() as tx:
        tx.keep_program(then, files, now)
        record, approval = tx.lock_use_case(use_case.id), tx.lock(Approval, case.id)
        assert record is not None
        assert approval is not None
        changed = tuple(a.model_copy(update={"program": then.stamp}) for a in (record, approval))
        lines_ = tuple(Entry(action="put", subject=a.subject) for a in changed)
        tx.apply(Decision(changed=changed, entries=lines_), circ)
    return then


def adopts(office: Office, use_case: UseCase, then: Program) -> None:
    """Dana takes the newer rules over."""
    service = office.bot.service
    circ = Circumstances(
        now=datetime.now(UTC),
        actor=Actor(user=UserId("U0DANA"), door="modal"),
        program=service.program.stamp,
    )
    with service.store.write() as tx:
        tx.lock_use_case(use_case.id)
        dossier = tx.dossier(use_case.id)
        assert dossier is not None
        id = tx.new_id("approval")
        tx.apply(adopt(dossier, then, service.program, id, tx.directory(), circ), circ)


def test_a_checklist_keeps_the_items_of_the_older_version_until_newer_rules_are_adopted(
    office: Office,
) -> None:
    title = "Sort the older letters"
    approved(office, title, {**LOW, **OWNERS})
    then = older(office, title, SHEET, ASKS, ASKED)
    use_case, _ = case_of(office, title)
    opens(office, "dana", use_case.id).reads(ASKED)
    with office.bot.service.store.read() as reading:
        (walk,) = [w for w in reading.walks_about(use_case.id) if w.questionnaire == "production_readiness"]
    assert walk.program == then.stamp
    adopts(office, use_case, then)
    opens(office, "dana", use_case.id).reads(ASKS)


def test_what_the_clock_does_with_a_seat_goes_by_the_rules_of_its_case(office: Office) -> None:
    title = "Sort the late letters"
    submits(office, title, MEDIUM)
    manager = "    manager: executive_sponsor # who hears of it when its decisions stay late\n  - id: privacy"
    then = older(office, title, "roles.yaml", manager, manager.replace("executive_sponsor", "legal"))
    _, case = case_of(office, title)
    time_passes(office, f"due/{case.id}/")
    time_passes(office, f"escalate/{case.id}/")
    _, case = case_of(office, title)
    assert [e.role for s in case.seats for e in s.escalations] == ["program_team", "legal"]
    lines = [line for line in audit(office, case) if line["action"] == "seat.escalated"]
    assert {line["program_hash"] for line in lines} == {then.stamp.hash}
