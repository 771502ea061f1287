"""A second use case that takes over contract, gates, monitoring and release path is seen as what it is."""

from __future__ import annotations

from datetime import timedelta

from tests.gates import checklist
from tests.program.office import NOW, PROGRAM
from tests.workflows.test_readiness import LEE, approval, dossier
from workflows.contract import Contract, ContractVersion
from workflows.dossier import Dossier
from workflows.ids import ContractId, UseCaseId
from workflows.repeatability import Reused, reused

GATE = PROGRAM.gates["platform_candidate"]
CALLS = Contract(
    id=ContractId("DC-0001"),
    name="calls",
    title="Call recordings",
    versions=(ContractVersion(version="1.0.0", document={}, by=LEE, at=NOW),),
    opened_at=NOW,
)
SHEETS = (
    checklist(PROGRAM, "gate_questions", "UC-0001", at=NOW, walk="W-0200"),
    checklist(PROGRAM, "promotion", "UC-0001", at=NOW, walk="W-0201"),
)


def known(id: str, stage: str, **more: object) -> Dossier:
    of = dossier(*SHEETS, stage=stage, **{"contracts": (CALLS,), **more})
    return of.model_copy(update={"use_case": of.use_case.model_copy(update={"id": UseCaseId(id)})})


def seen(second: Dossier, *first: Dossier) -> Reused | None:
    return reused(GATE, second, first, PROGRAM, NOW + timedelta(days=1))


def test_all_four_parts_shared_make_a_platform() -> None:
    found = seen(known("UC-0002", "pilot"), known("UC-0001", "production"))
    assert found is not None
    assert found.whole
    assert found.shared == ("data contract", "gates", "monitoring", "release path")


def test_what_is_not_shared_is_named() -> None:
    found = seen(known("UC-0002", "pilot", contracts=()), known("UC-0001", "platform_candidate"))
    assert found is not None
    assert not found.whole
    assert found.missing == ("data contract",)
    other = known("UC-0002", "pilot", approvals=(approval(), approval("gate", "release")))
    found = seen(other, known("UC-0001", "production"))
    assert found is not None
    assert found.missing == ("gates",)


def test_one_that_has_not_come_so_far_itself_is_nothing_to_build_on() -> None:
    assert seen(known("UC-0002", "pilot"), known("UC-0001", "pilot")) is None
    assert seen(known("UC-0002", "pilot")) is None
