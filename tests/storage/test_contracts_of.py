"""The contracts that a use case relies on are found by it, on both databases."""

from __future__ import annotations

from storage.store import Store
from tests.workflows.contracts import case, circ, first, relied_upon
from workflows.decision import Decision, Entry
from workflows.ids import ContractId


def test_only_those_that_the_use_case_itself_relies_on_are_found(store: Store) -> None:
    told = relied_upon(case(1)).model_copy(update={"title": 'Says "UC-0002" in its title'})
    other = first().model_copy(update={"id": ContractId("DC-0002"), "name": "other"})
    entries = tuple(Entry(action="test", subject=c.subject) for c in (told, other))
    with store.write() as tx:
        tx.apply(Decision(changed=(told, other), entries=entries), circ("U0LEE"))
    with store.read() as reading:
        assert [c.id for c in reading.contracts_of("UC-0001")] == ["DC-0001"]
        assert reading.contracts_of("UC-0002") == ()
        assert reading.contracts_of("UC-000") == ()
