"""Data contracts under their lock, for every way in: clicks, forms, messages, hooks and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.registry import Moment
from storage.errors import StaleState
from storage.reading import Reading
from storage.store import Tx
from workflows.contract import Contract
from workflows.contracting import Submitted, submit
from workflows.decision import Circumstances, Decision
from workflows.ids import ContractId, Place
from workflows.use_case import UseCase


@dataclass(frozen=True)
class Hearing:
    """A contract under its lock with the use cases that rely on it, locked before it."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    contract: Contract
    relying: tuple[UseCase, ...]

    @property
    def title(self) -> str:
        """What a form about it is called."""
        return str(self.contract.id)

    def ask(self, rule: Callable[..., Decision], **more: Any) -> Decision:
        """What a rule says to this; nothing is stored yet."""
        return rule(self.contract, self.relying, self.moment.program, self.tx.directory(), self.circ, **more)


def hearing(tx: Tx, moment: Moment, circ: Circumstances, id: str, also: Iterable[str] = ()) -> Hearing | None:
    """The contract of that id, locked after every use case that relies on it, and after those of ``also``.

    A gate that rests on the contract is decided under the lock of its use case: so no gate opens while a
    breach of what it rests on is being kept. Raises :class:`StaleState` where one more came to rely on it
    meanwhile.
    """
    seen = tx.get(Contract, id)
    if seen is None:
        return None
    wanted = sorted({*seen.consumers, *also})
    locked = {c: tx.lock_use_case(c) for c in wanted}
    contract = tx.lock(Contract, id)
    if contract is None:
        return None
    if not set(contract.consumers) <= set(wanted):
        raise StaleState(f"{contract.subject} is relied upon by one more than a moment ago.")
    relying = tuple(u for c in contract.consumers if (u := locked[c]) is not None)
    return Hearing(tx, moment, circ, contract, relying)


def taken(
    tx: Tx, moment: Moment, circ: Circumstances, given: Submitted, at: Place | None = None
) -> tuple[Decision, Contract | None]:
    """What the rule says to a document: as a new contract, or as a version of the one of its id.

    Nothing is stored yet. The contract is as it would be.
    """
    known = tx.matters(Contract, name=given.document.id)
    heard = hearing(tx, moment, circ, str(known[0].id)) if known else None
    directory = tx.directory()
    if heard is None:
        id = tx.new_id("contract")
        decision = submit(None, id, given, (), moment.program, directory, circ, at=at)
    else:
        contract, relying = heard.contract, heard.relying
        program = moment.program
        decision = submit(contract, ContractId(""), given, relying, program, directory, circ, at=at)
    return decision, next((c for c in decision.changed if isinstance(c, Contract)), None)


def found(reading: Reading, said: str) -> Contract | None:
    """The contract that somebody names by its id, its document's id, or its title (whole, or the only one
    that begins so)."""
    key = said.strip().casefold()
    if not key:
        return None
    by_id = reading.get(Contract, key.upper())
    if by_id:
        return by_id
    everyone = reading.matters(Contract)
    same = [c for c in everyone if key in (c.name.casefold(), c.title.casefold())]
    near = [c for c in everyone if c.title.casefold().startswith(key) or c.name.casefold().startswith(key)]
    return same[0] if same else near[0] if len(near) == 1 else None
