"""The demo's data contract: the claims feed, which two of its use cases rely on."""

from __future__ import annotations

from datetime import timedelta
from importlib import resources

from bot.contracts import hearing, taken
from bot.registry import Moment
from storage.store import Tx
from workflows.contract_reading import read_contract
from workflows.contracting import Submitted, rely
from workflows.decision import Actor, Circumstances
from workflows.ids import UserId

_RELY = ("Draft replies to routine customer e-mails", "Draft comments on budget variances")
_DAYS_AGO = 20


def seed_contracts(tx: Tx, moment: Moment) -> None:
    """Write it through the rules, as its owner; nobody is told of what is long past."""
    text = resources.files("bot.demo").joinpath("claims-feed.contract.yaml").read_text(encoding="utf-8")
    read = read_contract(text, "claims-feed.contract.yaml")
    if read.document is None:
        raise ValueError("; ".join(str(e) for e in read.errors))
    by = {p.handle: p.id for p in tx.directory().people.values()}
    owner = read.document.owner
    who = by[owner.username] if owner else UserId("")
    at = moment.now - timedelta(days=_DAYS_AGO)
    actor = Actor(user=who, door="message")
    circ = Circumstances(now=at, actor=actor, program=moment.program.stamp)
    decision, contract = taken(tx, moment, circ, Submitted(read.document, read.values, text))
    tx.apply(decision.model_copy(update={"effects": ()}), circ)
    for use_case in tx.use_cases():
        heard = hearing(tx, moment, circ, contract.id, also=(use_case.id,)) if contract else None
        if heard and use_case.title in _RELY:
            told = rely(heard.contract, use_case, moment.program, tx.directory(), circ)
            tx.apply(told.model_copy(update={"effects": ()}), circ)
