"""Breaches of data contracts: reported by people or systems, joined while open, and closed with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from workflows.contract import Breach, Contract, Gauge, Layer, Report, Severity, Source
from workflows.contract_promises import Term, kind_of, measure, terms
from workflows.contract_reading import document_of, judging
from workflows.contract_rights import (
    CLOSE,
    MEASURE,
    REPORT,
    Attempt,
    breaks_again_and_again,
    owner,
    owners_of,
)
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Address, Effect, Post, Refresh, ToPerson, ToPlace, ToRoom
from workflows.ids import Place, UserId
from workflows.matter import Note
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import team_room
from workflows.systems import system_name
from workflows.use_case import UseCase

WHAT_AT_MOST = 3000


class Seen(NamedTuple):
    """What somebody saw: the layer, the promise or field it is about (empty: unknown), and their words."""

    layer: Layer
    about: str
    what: str
    severity: Severity = "medium"
    began_at: datetime | None = None
    measured: bool = False


class Value(NamedTuple):
    """A measured value of a promise, as the system that measured it says it."""

    property: str
    value: float
    unit: str = ""
    element: str = ""
    at: datetime | None = None


def report(
    contract: Contract,
    relying: Sequence[UseCase],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    *,
    seen: Seen,
    source: Source = "slack",
    at: Place | None = None,
) -> Decision:
    """Report a breach. Of one that stands already it becomes one more report; nobody is told twice."""
    refused = REPORT.refused(Attempt(contract, program, directory, circ, at, noted={"layer": seen.layer}))
    if refused:
        return refused
    what = seen.what.strip()
    if not what:
        return Decision(problems={"what": program.messages["breach_what_needed"]})
    if len(what) > WHAT_AT_MOST:
        most = f"{WHAT_AT_MOST:,}"
        return Decision(problems={"what": program.messages["text_too_long"].format_map({"most": most})})
    if seen.began_at and seen.began_at > circ.now:
        return Decision(problems={"since": program.messages["breach_not_yet"]})
    return opened(contract, relying, program, directory, circ, seen._replace(what=what), source)


def opened(
    contract: Contract,
    relying: Sequence[UseCase],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    seen: Seen,
    source: Source,
) -> Decision:
    """A breach as it stands now: new, or one more report of the same. Who calls has asked for the right."""
    by = None if system_name(circ.actor.user) else circ.actor.user
    same = next((b for b in contract.open_breaches if (b.layer, b.about) == (seen.layer, seen.about)), None)
    if same:
        return _one_more(contract, same, seen, by, source, directory, circ)
    breach = Breach(
        id=f"B{len(contract.breaches) + 1}",
        layer=seen.layer,
        about=seen.about,
        what=seen.what,
        severity=seen.severity,
        by=by,
        source=source,
        at=circ.now,
        began_at=seen.began_at,
        measured=seen.measured,
    )
    note = Note(at=circ.now, by=by, what="breach", text=f"{breach.id}: {breach.what}")
    there = contract.model_copy(
        update={"breaches": (*contract.breaches, breach), "timeline": (*contract.timeline, note)}
    )
    effects: list[Effect] = [
        _card(there, breach, address) for address in _addresses(there, relying, program, directory, by)
    ]
    effects += [
        Refresh(subject=there.subject, card="contract"),
        *(Refresh(subject=c.subject) for c in relying),
    ]
    before = breaks_again_and_again(contract, program, circ)
    if breaks_again_and_again(there, program, circ) and not before and team_room(program):
        key = f"contract/{there.id}/repeated/{breach.id}"
        room = ToRoom(name=team_room(program))
        effects.append(Post(to=room, kind="contract_repeated", subject=there.subject, data={}, key=key))
    detail = {"breach": breach.id, "layer": breach.layer, "about": breach.about, "severity": breach.severity}
    entry = Entry(action="breach.reported", subject=there.subject, detail=detail)
    return Decision(changed=(there,), entries=(entry,), effects=tuple(effects))


def _one_more(
    contract: Contract,
    breach: Breach,
    seen: Seen,
    by: UserId | None,
    source: Source,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    order: tuple[Severity, ...] = ("low", "medium", "high")
    severity = max(breach.severity, seen.severity, key=order.index)
    told = Report(by=by, source=source, at=circ.now, what=seen.what)
    joined = breach.model_copy(update={"joined": (*breach.joined, told), "severity": severity})
    there = _with(contract, joined)
    effects: list[Effect] = [Refresh(subject=there.subject, card=_card_name(breach))]
    if by and directory.person(by).active:
        effects.append(_card(there, joined, ToPerson(user=by)))
    entry = Entry(action="breach.joined", subject=there.subject, detail={"breach": breach.id})
    return Decision(changed=(there,), entries=(entry,), effects=tuple(effects))


def close(
    contract: Contract,
    relying: Sequence[UseCase],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    *,
    breach: str,
    reason: str,
    at: Place | None = None,
) -> Decision:
    """The promise is kept again, or never was broken: whoever closes it says which."""
    standing = contract.breach(breach)
    refused = CLOSE.refused(Attempt(contract, program, directory, circ, at, breach=standing))
    if refused or standing is None:
        return refused or Decision()
    reason = reason.strip()
    if not reason:
        return Decision(problems={"reason": program.messages["breach_reason_needed"]})
    if len(reason) > WHAT_AT_MOST:
        most = f"{WHAT_AT_MOST:,}"
        return Decision(problems={"reason": program.messages["text_too_long"].format_map({"most": most})})
    return closed(contract, standing, relying, program, directory, circ, reason, circ.actor.user)


def closed(
    contract: Contract,
    breach: Breach,
    relying: Sequence[UseCase],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    reason: str,
    by: UserId | None,
) -> Decision:
    """The breach is over. Whoever calls has asked for the right, or has measured it."""
    over = breach.model_copy(update={"closed_at": circ.now, "closed_by": by, "reason": reason})
    note = Note(at=circ.now, by=by, what="closed", text=f"{breach.id}: {reason}")
    there = _with(contract, over)
    there = there.model_copy(update={"timeline": (*there.timeline, note)})
    effects: list[Effect] = [
        Refresh(subject=there.subject, card=_card_name(breach)),
        Refresh(subject=there.subject, card="contract"),
        *(Refresh(subject=c.subject) for c in relying),
    ]
    for address in _addresses(there, relying, program, directory, breach.by):
        if isinstance(address, ToPerson) and address.user == by:
            continue
        key = f"contract/{there.id}/{breach.id}/over/{_where(address)}"
        data = {"breach": breach.id}
        effects.append(Post(to=address, kind="breach_over", subject=there.subject, data=data, key=key))
    detail = {"breach": breach.id, "open_seconds": int(over.time_open(circ.now).total_seconds())}
    entry = Entry(action="breach.closed", subject=there.subject, detail=detail)
    return Decision(changed=(there,), entries=(entry,), effects=tuple(effects))


# --- measured -----------------------------------------------------------------------------------------------


def measured(
    contract: Contract,
    relying: Sequence[UseCase],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    *,
    values: Sequence[Value],
) -> Decision:
    """Compare measured values with what is promised; breaches open and close by themselves.

    It takes as many bad ones in a row as the contract says (``breachAfter``) to open one, and as many good
    ones, better than the promise by its margin (``recoverAfter``, ``recoverMargin``), to close it. A value
    that is not newer than the last one of its promise is not counted. ``problems`` name by position what has
    no promise to be compared with; then nothing is kept.
    """
    refused = MEASURE.refused(Attempt(contract, program, directory, circ))
    if refused:
        return refused
    document = document_of(contract.in_force(circ.now).document)
    known = terms(document, [a.as_promise() for a in program.contracts.assumed])
    wanted: list[tuple[Term, float, Value]] = []
    problems: dict[str, str] = {}
    for number, value in enumerate(values):
        kind = kind_of(value.property)
        term = known.get(f"{kind}:{value.element}" if value.element else kind) or known.get(kind)
        found, unit = measure(value.value, value.unit)
        if term is None or term.value is None:
            able = ", ".join(sorted(k for k, t in known.items() if t.value is not None))
            problems[f"measurements[{number}]"] = f"{value.property} is not promised. There are: {able}"
        elif found is None or (value.unit and not _fits(unit, term.unit)):
            problems[f"measurements[{number}]"] = f"{value.unit} is no measure of {term.shown}"
        elif value.at and value.at > circ.now:
            problems[f"measurements[{number}]"] = "it was measured in the future"
        else:
            wanted.append((term, found if value.unit or term.unit != "min" else float(value.value), value))
    if problems:
        return Decision(problems=problems)
    bad_after, good_after, margin = judging(document)
    whole = Decision()
    for term, found, value in wanted:
        when = value.at or circ.now
        before = next((g for g in contract.gauges if g.key == term.key), None)
        if before and when <= before.at:
            continue
        gauge = _gauge(term, found, when, before, margin)
        contract = _with_gauge(contract, gauge)
        detail = {"key": term.key, "value": found, "kept": term.kept_by(found)}
        entry = Entry(action="contract.measured", subject=contract.subject, detail=detail)
        step = Decision(changed=(contract,), entries=(entry,))
        standing = next((b for b in contract.open_breaches if b.about == term.key and b.measured), None)
        if gauge.bad >= bad_after and standing is None:
            seen = Seen("behavioural", term.key, _told(term, found), "medium", when, measured=True)
            step = step.and_then(opened(contract, relying, program, directory, circ, seen, "webhook"))
        elif standing and gauge.good >= good_after:
            reason = program.messages["breach_measured_over"].format_map({"value": _told(term, found)})
            over = closed(contract, standing, relying, program, directory, circ, reason, None)
            step = step.and_then(over)
        whole = whole.and_then(step)
        contract = next((c for c in whole.changed if isinstance(c, Contract)), contract)
    return whole


def _gauge(term: Term, value: float, at: datetime, before: Gauge | None, margin: float) -> Gauge:
    bad = good = 0
    if not term.kept_by(value):
        bad = (before.bad if before else 0) + 1
    elif term.kept_by(value, margin):
        good = (before.good if before else 0) + 1
    return Gauge(key=term.key, value=value, at=at, bad=bad, good=good)


def _with_gauge(contract: Contract, gauge: Gauge) -> Contract:
    others = tuple(g for g in contract.gauges if g.key != gauge.key)
    return contract.model_copy(update={"gauges": (*others, gauge)})


def _fits(unit: str, promised: str) -> bool:
    return unit == promised or {unit, promised} <= {"min", "clock"} or not promised


def _told(term: Term, value: float) -> str:
    """``latency is 1560 min (promised: 24 h)``."""
    unit = "%" if term.unit == "%" else f" {term.unit}" if term.unit not in ("", "clock") else ""
    if term.unit == "clock":
        return f"{term.key} is {int(value) // 60:02}:{int(value) % 60:02} (promised: {term.shown})"
    return f"{term.key} is {value:g}{unit} (promised: {term.shown})"


# --- who hears of it ----------------------------------------------------------------------------------------


def _addresses(
    contract: Contract,
    relying: Sequence[UseCase],
    program: Program,
    directory: Directory,
    reporter: UserId | None,
) -> list[Address]:
    """The contract's owner, whoever reported it, and of each use case relying on it its thread and owners.

    A submitter who reads the thread of the use case is not told beside it.
    """
    places = [c.home for c in relying if c.home]
    reads = {c.submitter for c in relying if c.home}
    mine = owner(contract, directory)
    people = dict.fromkeys((*((mine,) if mine else ()), *((reporter,) if reporter else ())))
    people |= dict.fromkeys(
        u for c in relying for u in owners_of(c, program, directory) if u not in reads or u in people
    )
    return [
        *(ToPerson(user=u) for u in people if directory.person(u).active),
        *(ToPlace(place=p) for p in dict.fromkeys(places)),
    ]


def _card(contract: Contract, breach: Breach, address: Address) -> Post:
    return Post(
        to=address,
        kind="breach",
        subject=contract.subject,
        data={"breach": breach.id},
        card=_card_name(breach),
        key=f"contract/{contract.id}/{breach.id}/{_where(address)}",
    )


def _card_name(breach: Breach) -> str:
    return f"breach/{breach.id}"


def _where(address: Address) -> str:
    match address:
        case ToPerson():
            return str(address.user)
        case ToPlace():
            return f"{address.place.channel}/{address.place.thread or ''}"
    return address.name


def _with(contract: Contract, breach: Breach) -> Contract:
    return contract.model_copy(
        update={"breaches": tuple(breach if b.id == breach.id else b for b in contract.breaches)}
    )
