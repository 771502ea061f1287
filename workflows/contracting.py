"""Data contracts from submission to retirement: versions, who relies on them, what they say to a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from workflows.contract import Contract, ContractVersion, Receipt
from workflows.contract_diff import Change, compare, demanded, level_of, tells_the_truth
from workflows.contract_document import Document
from workflows.contract_reading import document_of, owner_of, unknown_owner
from workflows.contract_rights import ANSWER, LEAVE, RELY, RETIRE, SUBMIT, Attempt, owners_of
from workflows.contract_rights import owner as owner_now
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Later, Post, Refresh, ToPerson
from workflows.ids import ContractId, Place, UseCaseId, UserId
from workflows.matter import Note
from workflows.people import Directory
from workflows.program import Program
from workflows.use_case import UseCase
from workflows.working_time import company_week, hours_a_day

REASON_AT_MOST = 3000
CHANGES_SAID = 12
"""Differences named in a correction; the whole list is a command away."""


class Submitted(NamedTuple):
    """A document as it was read, with its text to the letter."""

    document: Document
    values: dict[str, Any]
    text: str


def submit(
    contract: Contract | None,
    id: ContractId,
    given: Submitted,
    relying: Sequence[UseCase],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    *,
    at: Place | None = None,
) -> Decision:
    """Take a new contract, or a new version of one. ``id`` is for a new one.

    A version that breaks or adds something counts only after the program's notice, where anybody relies on
    the contract. One that promises less change than there is comes back with the list.
    """
    named = owner_of(given.document, directory)
    attempt = Attempt(contract, program, directory, circ, at, named=named, relying=relying)
    refused = SUBMIT.refused(attempt)
    if refused:
        return refused
    if named is None:
        return Decision(problems={"text": str(unknown_owner(given.document, "contract"))})
    by = circ.actor.user
    if contract is None:
        return _first(id, given, named, directory, circ)
    changes = compare(document_of(contract.current.document), given.document)
    wrong = _untrue(contract, given.document, changes, program)
    if wrong:
        return Decision(problems={"text": wrong})
    counts = _counts_from(contract, changes, named, program, directory, circ)
    version = ContractVersion(
        version=given.document.version,
        document=given.values,
        text=given.text,
        by=by,
        at=circ.now,
        counts_from=counts,
        changes=changes,
    )
    there = contract.model_copy(
        update={
            "title": given.document.name,
            "owner": named,
            "versions": (*contract.versions, version),
            "timeline": (*contract.timeline, Note(at=circ.now, by=by, what="version", text=version.version)),
        }
    )
    detail = {"version": version.version, "level": level_of(changes) or "", "changes": len(changes)}
    effects: list[Effect] = [Refresh(subject=there.subject)]
    effects += _news(there, version, relying, program, directory, by)
    if counts:
        key = f"contract/{there.id}/counts/{version.version}"
        data = {"version": version.version}
        effects.append(Later(key=key, due=counts, name="contract_counts", subject=there.subject, data=data))
    entry = Entry(action="contract.version", subject=there.subject, detail=detail)
    return Decision(changed=(there,), entries=(entry,), effects=tuple(effects))


def _first(
    id: ContractId, given: Submitted, named: UserId, directory: Directory, circ: Circumstances
) -> Decision:
    document, by = given.document, circ.actor.user
    version = ContractVersion(
        version=document.version, document=given.values, text=given.text, by=by, at=circ.now
    )
    contract = Contract(
        id=id,
        name=document.id,
        title=document.name,
        owner=named,
        opened_at=circ.now,
        status="active",
        versions=(version,),
        timeline=(Note(at=circ.now, by=by, what="opened", text=document.version),),
    )
    told = dict.fromkeys(directory.active((named, by)))
    posts = tuple(
        Post(to=ToPerson(user=user), kind="contract", subject=contract.subject, card="contract")
        for user in told
    )
    detail = {"name": document.id, "version": document.version}
    entry = Entry(action="contract.opened", subject=contract.subject, detail=detail)
    return Decision(changed=(contract,), entries=(entry,), effects=posts)


def _untrue(contract: Contract, document: Document, changes: tuple[Change, ...], program: Program) -> str:
    """What is wrong with the number of a version; empty where it says what changed."""
    before = contract.current.version
    if document.id != contract.name:
        return program.messages["contract_other_id"].format_map({"name": contract.name})
    if not changes:
        return program.messages["contract_nothing_new"].format_map({"version": before})
    if tells_the_truth(before, document.version, changes):
        return ""
    level = level_of(changes)
    counted = [c for c in changes if c.level == level]
    listed = "; ".join(said(c, program) for c in counted[:CHANGES_SAID])
    if len(counted) > CHANGES_SAID:
        listed += f"; +{len(counted) - CHANGES_SAID}"
    values = {
        "version": document.version,
        "before": before,
        "wanted": demanded(before, changes),
        "changes": listed,
    }
    return program.messages[f"contract_version_{level}"].format_map(values)


def said(change: Change, program: Program) -> str:
    """A difference as a phrase of the program; what people wrote is in it as they wrote it."""
    phrase = program.messages[f"change_{change.what}"]
    return phrase.format_map({"where": change.where, "before": change.before, "after": change.after})


def _counts_from(
    contract: Contract,
    changes: tuple[Change, ...],
    named: UserId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> datetime | None:
    """When a version comes into force; ``None``: at once. Never before one that was announced before it, as
    it holds the changes of that as well."""
    rules = program.contracts
    notice = {"breaking": rules.major_notice_days, "addition": rules.minor_notice_days}
    days = notice.get(str(level_of(changes)), 0)
    ahead = contract.current.counts_from
    earliest = ahead if ahead and ahead > circ.now else None
    if not contract.consumers or not days:
        return earliest
    working = program.working_time
    zone = directory.person(named).tz
    noticed = company_week(zone, working).add(circ.now, days * hours_a_day(working))
    return max(noticed, earliest) if earliest else noticed


def _news(
    contract: Contract,
    version: ContractVersion,
    relying: Sequence[UseCase],
    program: Program,
    directory: Directory,
    by: UserId,
) -> list[Effect]:
    """Everybody of a use case that relies on it hears of a version, once, with buttons where it breaks."""
    people = dict.fromkeys(u for c in relying for u in owners_of(c, program, directory))
    mine = owner_now(contract, directory)
    data = {"version": version.version}
    return [
        Post(
            to=ToPerson(user=user),
            kind="contract_news",
            subject=contract.subject,
            data=data,
            card=f"news/{version.version}",
            key=f"contract/{contract.id}/news/{version.version}/{user}",
        )
        for user in dict.fromkeys((*people, *((mine,) if mine and mine != by else ())))
    ]


def comes_into_force(
    contract: Contract, version: str, relying: Sequence[UseCase], program: Program, directory: Directory
) -> Decision:
    """A version's notice is over: the cards say so, and its owner hears who has not said a word to it."""
    there = next((v for v in contract.versions if v.version == version), None)
    if there is None or contract.status == "retired":
        return Decision()
    effects: list[Effect] = [Refresh(subject=contract.subject)]
    people = dict.fromkeys(u for c in relying for u in owners_of(c, program, directory))
    mine = owner_now(contract, directory)
    for user in dict.fromkeys((*people, *((mine,) if mine else ()))):
        key = f"contract/{contract.id}/counts/{version}/{user}"
        post = Post(
            to=ToPerson(user=user),
            kind="contract_counts",
            subject=contract.subject,
            data={"version": version},
            key=key,
        )
        effects.append(post)
    entry = Entry(action="contract.counts", subject=contract.subject, detail={"version": version})
    return Decision(entries=(entry,), effects=tuple(effects))


def answer(
    contract: Contract,
    relying: Sequence[UseCase],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    *,
    version: str,
    objects: bool,
    reason: str = "",
    at: Place | None = None,
) -> Decision:
    """Acknowledge a version that breaks something, or object to it, for every use case one answers for."""
    attempt = Attempt(contract, program, directory, circ, at, relying=relying, noted={"version": version})
    refused = ANSWER.refused(attempt)
    if refused:
        return refused
    reason = reason.strip()
    if objects and not reason:
        return Decision(problems={"reason": program.messages["contract_reason_needed"]})
    if len(reason) > REASON_AT_MOST:
        most = f"{REASON_AT_MOST:,}"
        return Decision(problems={"reason": program.messages["text_too_long"].format_map({"most": most})})
    user = circ.actor.user
    mine = [c for c in relying if user in owners_of(c, program, directory)]
    new = tuple(
        Receipt(version=version, use_case=c.id, by=user, at=circ.now, objects=objects, reason=reason)
        for c in mine
    )
    replaced = {(r.version, r.use_case) for r in new}
    kept = tuple(r for r in contract.receipts if (r.version, r.use_case) not in replaced)
    there = contract.model_copy(update={"receipts": (*kept, *new)})
    effects: list[Effect] = [Refresh(subject=there.subject)]
    owned = owner_now(contract, directory)
    if objects and owned and owned != user:
        data = {"version": version, "by": user, "reason": reason}
        effects.append(
            Post(to=ToPerson(user=owned), kind="contract_objection", subject=there.subject, data=data)
        )
    action = "contract.objected" if objects else "contract.acknowledged"
    detail = {"version": version, "use_cases": [c.id for c in mine]}
    entry = Entry(action=action, subject=there.subject, detail=detail)
    return Decision(changed=(there,), entries=(entry,), effects=tuple(effects))


def rely(
    contract: Contract,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    *,
    at: Place | None = None,
) -> Decision:
    """A use case relies on the contract from now on. Doing it again changes nothing."""
    refused = RELY.refused(Attempt(contract, program, directory, circ, at, use_case=use_case))
    if refused:
        return refused
    if use_case.id in contract.consumers:
        return Decision()
    there = _relied_upon(contract, (*contract.consumers, use_case.id), "relied", use_case, circ)
    return _joined(there, use_case, "contract.relied_upon", directory, circ, news=True)


def leave(
    contract: Contract,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    *,
    at: Place | None = None,
) -> Decision:
    """A use case does not rely on it any more."""
    refused = LEAVE.refused(Attempt(contract, program, directory, circ, at, use_case=use_case))
    if refused:
        return refused
    if use_case.id not in contract.consumers:
        return Decision()
    others = tuple(c for c in contract.consumers if c != use_case.id)
    there = _relied_upon(contract, others, "left", use_case, circ)
    return _joined(there, use_case, "contract.left", directory, circ, news=False)


def _relied_upon(
    contract: Contract, consumers: tuple[UseCaseId, ...], what: str, use_case: UseCase, circ: Circumstances
) -> Contract:
    """The contract with these consumers, and the line in its timeline."""
    note = Note(at=circ.now, by=circ.actor.user, what=what, text=use_case.id)
    return contract.model_copy(update={"consumers": consumers, "timeline": (*contract.timeline, note)})


def _joined(
    contract: Contract,
    use_case: UseCase,
    action: str,
    directory: Directory,
    circ: Circumstances,
    news: bool,
) -> Decision:
    effects: list[Effect] = [Refresh(subject=contract.subject), Refresh(subject=use_case.subject)]
    owned = owner_now(contract, directory)
    if news and owned and owned != circ.actor.user:
        data = {"use_case": use_case.id, "by": circ.actor.user}
        key = f"contract/{contract.id}/relied/{use_case.id}/{contract.revision}"
        to = ToPerson(user=owned)
        effects.append(Post(to=to, kind="contract_relied", subject=contract.subject, data=data, key=key))
    detail: Mapping[str, Any] = {"use_case": use_case.id}
    entry = Entry(action=action, subject=contract.subject, detail=dict(detail))
    return Decision(changed=(contract,), entries=(entry,), effects=tuple(effects))


def retire(
    contract: Contract,
    relying: Sequence[UseCase],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    *,
    reason: str,
    at: Place | None = None,
) -> Decision:
    """The data is not supplied any more. Its open breaches stay: who relied on it still has the trouble."""
    refused = RETIRE.refused(Attempt(contract, program, directory, circ, at, relying=relying))
    if refused:
        return refused
    if not reason.strip():
        return Decision(problems={"reason": program.messages["contract_reason_needed"]})
    note = Note(at=circ.now, by=circ.actor.user, what="retired", text=reason.strip())
    there = contract.model_copy(
        update={"status": "retired", "closed_at": circ.now, "timeline": (*contract.timeline, note)}
    )
    people = dict.fromkeys(u for c in relying for u in owners_of(c, program, directory))
    posts = tuple(
        Post(
            to=ToPerson(user=user),
            kind="contract_retired",
            subject=there.subject,
            data={"reason": reason.strip()},
            key=f"contract/{there.id}/retired/{user}",
        )
        for user in people
    )
    entry = Entry(action="contract.retired", subject=there.subject)
    return Decision(changed=(there,), entries=(entry,), effects=(Refresh(subject=there.subject), *posts))


def likely(contract: Contract, use_cases: Sequence[UseCase], at_most: int = 5) -> tuple[UseCaseId, ...]:
    """Use cases that seem to read this data by what was answered about them, and do not rely on it yet."""
    wanted = {w for w in _words(f"{contract.title} {contract.name}") if w not in _EVERYWHERE}
    found: list[tuple[int, UseCaseId]] = []
    for use_case in use_cases:
        if use_case.id in contract.consumers or not wanted:
            continue
        said = [a.value for a in use_case.answers.values()]
        flat = [str(v) for one in said for v in (one if isinstance(one, list) else [one])]
        spoken = _words(" ".join(flat))
        hits = len(wanted & spoken)
        if hits == len(wanted):
            found.append((hits, use_case.id))
    return tuple(id for _, id in sorted(found, key=lambda f: (-f[0], f[1]))[:at_most])


_EVERYWHERE = frozenset(["data", "feed", "contract", "table", "the", "of", "and", "system", "file", "set"])


def _words(text: str) -> set[str]:
    plain = "".join(c if c.isalnum() else " " for c in text.casefold())
    return set(plain.split())
