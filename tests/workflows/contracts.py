"""A data contract to begin with, built in code, and a store of sentences to say what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.workflows.office import DANA, DIRECTORY, LEE, NOW, PEOPLE, STAMP, program, submitted
from workflows.contract import Contract
from workflows.contract_document import Document
from workflows.contract_reading import document_of, read_contract
from workflows.contract_rules import AssumedPromise, ContractRules
from workflows.contracting import Submitted, rely, submit
from workflows.decision import Actor, Circumstances, Decision, Door
from workflows.ids import ContractId, UseCaseId, UserId
from workflows.people import Directory
from workflows.use_case import UseCase

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "examples" / "claims-feed.contract.yaml").read_text(encoding="utf-8")
PEOPLE_WITH_HANDLES = {
    id: p.model_copy(update={"handle": p.name.split()[0].lower()}) for id, p in PEOPLE.items()
}
HERE: Directory = DIRECTORY.model_copy(update={"people": PEOPLE_WITH_HANDLES})
RULES = ContractRules(assumed=(AssumedPromise(property="timeOfAvailability", value="06:00"),))


class _EveryKey(dict[str, str]):
    """Whatever sentence is asked for is its own key with what fills it."""

    def __missing__(self, key: str) -> str:
        fills = ("version", "before", "wanted", "changes", "where", "after", "value", "name")
        return key + "".join(f" {f}={{{f}}}" for f in fills)


class _Forgiving(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "-"


class _Sentence(str):
    def format_map(self, values: Any) -> str:
        return super().format_map(_Forgiving(values))


class _Sentences(_EveryKey):
    def __missing__(self, key: str) -> str:
        return _Sentence(super().__missing__(key))


PROGRAM = program().model_copy(update={"messages": _Sentences(), "contracts": RULES})


def base() -> dict[str, Any]:
    """The values of the example, fresh."""
    found = read_contract(TEXT)
    assert found.document is not None, found.errors
    return deepcopy(found.values)


def document(change: Callable[[dict[str, Any]], object] = lambda _: None) -> Document:
    """The example, changed."""
    values = base()
    change(values)
    return document_of(values)


def given(version: str = "1.0.0", change: Callable[[dict[str, Any]], object] = lambda _: None) -> Submitted:
    """The example as it is submitted, as that version."""
    values = base()
    values["version"] = version
    change(values)
    return Submitted(document_of(values), values, TEXT)


def circ(user: UserId | str, now: datetime = NOW, door: Door = "button") -> Circumstances:
    return Circumstances(now=now, actor=Actor(user=UserId(user), door=door), program=STAMP)


def contract_in(decision: Decision) -> Contract:
    """What a decision made of the contract."""
    return next(c for c in decision.changed if isinstance(c, Contract))


def first() -> Contract:
    """The example as Lee, its owner, submitted it."""
    id = ContractId("DC-0001")
    return contract_in(submit(None, id, given(), (), PROGRAM, HERE, circ(LEE)))


def case(number: int = 1, by: UserId = DANA) -> UseCase:
    return submitted().model_copy(update={"id": UseCaseId(f"UC-{number:04d}"), "submitter": by})


def relied_upon(*cases: UseCase) -> Contract:
    """The example with these use cases relying on it."""
    contract = first()
    for one in cases:
        contract = contract_in(rely(contract, one, PROGRAM, HERE, circ(LEE)))
    return contract
