"""Data contracts as cards: what is promised, who relies on it, what changes, and the list of them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.registry import Message, Scene, renders
from bot.views.kit import (
    Block,
    actions,
    at,
    brief,
    button,
    clip,
    context,
    escape,
    header,
    prose,
    section,
    words,
)
from bot.views.say import Said, say
from workflows.contract import Contract, ContractVersion
from workflows.contract_diff import Change, source_of
from workflows.contract_document import Document
from workflows.contract_promises import Term, terms
from workflows.contract_reading import document_of
from workflows.contract_rights import owner, owners_of
from workflows.contracting import likely
from workflows.contracting import said as phrase
from workflows.ids import UseCaseId, UserId
from workflows.roles import resolve
from workflows.use_case import UseCase

_LISTED = 40
_NAMED = 8
_FIELDS = 12
_CHANGES = 15
_SUGGESTED_FROM = 500
LABELS = {
    "latency": "fresh within",
    "completeness": "complete to",
    "latearrival": "late rows within",
    "errorrate": "errors at most",
    "timeofavailability": "there by",
    "availability": "available",
    "frequency": "updated every",
    "retention": "kept for",
}
"""How the promises of the standard are said in a list."""


def contract_of(scene: Scene) -> Contract:
    """The contract that the scene is about. ``LookupError`` when it is gone."""
    found = scene.reading.get(Contract, scene.subject.id)
    if found is None:
        raise LookupError(f"contract {scene.subject.id} is gone")
    return found


def relying_of(scene: Scene, contract: Contract) -> list[UseCase]:
    """The use cases that rely on it."""
    return [u for c in contract.consumers if (u := scene.reading.use_case(c))]


def writers(scene: Scene, contract: Contract) -> list[UserId]:
    """Who may write it and close its breaches: its owner and the program team."""
    mine = owner(contract, scene.directory)
    team = resolve(scene.program.program_team, scene.program, {}, scene.directory, scene.now).people
    return list(dict.fromkeys((*((mine,) if mine else ()), *team)))


def titles(cases: Iterable[UseCase], most: int = _NAMED) -> Said:
    """Their names, escaped; of many the first ones, and how many more."""
    names = [escape(clip(c.title or str(c.id), 80)) for c in cases]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return Said(", ".join(names[:most]) + more)


@renders("contract")
def contract_card(scene: Scene, data: dict[str, object]) -> Message:
    """One contract: what it promises, who relies on it, what is broken and what is about to change."""
    contract = contract_of(scene)
    blocks = contract_blocks(scene, contract)
    row = [
        button("Report a breach…", "breach.report", str(contract.id), style="danger"),
        button("We rely on it…", "contract.rely", str(contract.id)),
        button("New version…", "contract.new", str(contract.id), only=writers(scene, contract)),
        button("Whole text", "contract.text", str(contract.id)),
    ]
    if contract.status == "active":
        blocks.append(actions(f"contract|{contract.id}", row))
    else:
        blocks.append(actions(f"contract|{contract.id}", row[3:]))
    return Message(text=brief(f"{escape(contract.title)} ({contract.id})"), blocks=blocks)


def contract_blocks(scene: Scene, contract: Contract) -> list[Block]:
    """The contract to read, without buttons."""
    version = contract.in_force(scene.now)
    document = document_of(version.document)
    mine = owner(contract, scene.directory)
    who = scene.directory.person(mine).name if mine else "nobody"
    state = " · retired" if contract.status == "retired" else ""
    head = f"*{escape(contract.title)}* ({contract.id}){state}"
    lines = [head, say(scene, "contract_about", version=version.version, owner=who)]
    purpose = document.description.purpose if document.description else ""
    if purpose:
        lines.append(words(clip(purpose, 300), scene.directory))
    blocks = [section("\n".join(lines)), section(_layers(scene, contract, document))]
    blocks += broken(scene, contract)
    announced = contract.announced(scene.now)
    if announced:
        blocks += _announced(scene, contract, announced)
    relying = relying_of(scene, contract)
    small = [
        say(scene, "contract_relied_by", who=titles(relying)) if relying else say(scene, "contract_nobody")
    ]
    others = scene.reading.use_cases(newest_first=True, at_most=_SUGGESTED_FROM)
    seem = set(likely(contract, [u for u in others if u.stage not in ("idea", "draft")]))
    if seem and contract.status == "active":
        found = [u for u in others if u.id in seem]
        small.append(say(scene, "contract_suggested", who=titles(found, 3)))
    return [*blocks, context(*small)]


def _layers(scene: Scene, contract: Contract, document: Document) -> str:
    fields = [f.name for t in document.tables for f in t.properties]
    more = f" and {len(fields) - _FIELDS} more" if len(fields) > _FIELDS else ""
    sources = dict.fromkeys(
        source_of(document, t, f) for t in document.tables for f in t.properties if source_of(document, t, f)
    )
    promised = terms(document, [a.as_promise() for a in scene.program.contracts.assumed])
    names = ", ".join(escape(clip(n, 40)) for n in fields[:_FIELDS])
    return "\n".join(
        [
            f"*Structure* {names}{more}",
            f"*Meaning* from {', '.join(escape(clip(s, 60)) for s in list(sources)[:3])}",
            f"*Promises* {', '.join(_promise(t, contract) for t in promised.values())}",
        ]
    )


def _promise(term: Term, contract: Contract) -> str:
    gauge = next((g for g in contract.gauges if g.key == term.key), None)
    of = f" of {escape(clip(term.element, 60))}" if term.element else ""
    text = f"{escape(LABELS.get(term.kind, term.kind))} {escape(term.shown)}{of}"
    return f"{text} (last measured {shown(gauge.value, term.unit)})" if gauge else text


def shown(value: float, unit: str) -> str:
    """A measured value as people read it: minutes as hours where that is shorter."""
    if unit == "clock":
        return f"{int(value) // 60:02}:{int(value) % 60:02}"
    if unit == "min":
        return f"{value / 60:.3g} h" if value >= 120 else f"{value:.3g} min"
    return f"{value:.4g}{'%' if unit == '%' else ' ' + escape(unit) if unit else ''}"


def broken(scene: Scene, contract: Contract) -> list[Block]:
    """Its open breaches, each a line with its button."""
    from bot.views.breach import about

    blocks: list[Block] = []
    for breach in contract.open_breaches[:5]:
        text = f"⚠️ {about(breach)}: “{words(clip(breach.what, 200), scene.directory)}” since {at(breach.at)}"
        able = writers(scene, contract)
        close = button("Close…", "breach.close", f"{contract.id}|{breach.id}")
        mine = scene.reader is None or scene.reader in able
        blocks.append(section(text, close if mine else None, f"breach|{contract.id}|{breach.id}"))
    return blocks


def _announced(scene: Scene, contract: Contract, version: ContractVersion) -> list[Block]:
    said = contract.receipts_of(version.version)
    heard = [c for c in contract.consumers if c in said]
    lines = [
        say(
            scene,
            "contract_not_yet",
            version=version.version,
            when=_when(version.counts_from, scene),
            breaking=len(version.breaking),
            said=len(heard),
            of=len(contract.consumers),
        )
    ]
    for receipt in said.values():
        if receipt.objects:
            who = scene.directory.person(receipt.by).name
            lines.append(say(scene, "contract_objects", who=who, reason=clip(receipt.reason, 200)))
    silent = contract.silent(version.version)
    if silent and version.breaking:
        lines.append(say(scene, "contract_silent", who=_named(scene, silent)))
    return [section("\n".join(lines))]


def _named(scene: Scene, ids: Sequence[UseCaseId]) -> Said:
    return titles([u for i in ids if (u := scene.reading.use_case(i))])


def _when(moment: datetime | None, scene: Scene) -> Said:
    return Said(at(moment or scene.now, "{date}"))


@renders("contracts")
def contracts(scene: Scene, data: dict[str, object]) -> Message:
    """Every contract in use, the broken ones first."""
    found = sorted(
        scene.reading.matters(Contract, statuses=("active",)),
        key=lambda c: (not c.open_breaches, c.title.casefold()),
    )
    if not found:
        text = say(scene, "contract_none")
        return Message(text=brief(text), blocks=[section(text, button("Add one…", "contract.new"))])
    broken_now = sum(bool(c.open_breaches) for c in found)
    intro = say(scene, "contracts_intro", count=len(found), broken=broken_now)
    blocks = [section(intro)]
    for contract in found[:_LISTED]:
        mine = owner(contract, scene.directory)
        who = escape(scene.directory.person(mine).name) if mine else "nobody"
        mark = "⚠️" if contract.open_breaches else "✓"
        count = len(contract.consumers)
        version = contract.in_force(scene.now).version
        relied = f"{count} use case{'' if count == 1 else 's'}"
        line = f"{mark} *{escape(clip(contract.title, 100))}* {version} · {who} · {relied}"
        blocks.append(section(line, button("Open", "contract.open", str(contract.id)), f"c|{contract.id}"))
    if len(found) > _LISTED:
        blocks.append(context(f"and {len(found) - _LISTED} more: `preflight contracts list`"))
    return Message(text=brief(intro), blocks=blocks)


@renders("contract_news")
def contract_news(scene: Scene, data: dict[str, object]) -> Message:
    """A version is announced, or there: what breaks, what else is new, and what a reader says to it."""
    contract = contract_of(scene)
    version = _version(contract, data)
    mine = _mine(scene, contract)
    later = version.counts_from and version.counts_from > scene.now
    if mine:
        key = "contract_news" if later else "contract_news_now"
    else:
        key = "contract_news_owner" if later else "contract_news_owner_now"
    text = say(
        scene,
        key,
        title=contract.title,
        version=version.version,
        when=_when(version.counts_from, scene),
        who=titles(mine),
    )
    blocks: list[Block] = [section(text)]
    if version.breaking:
        blocks += prose(_listed(scene, say(scene, "contract_news_breaks"), version.breaking))
    others = [c for c in version.changes if c.level != "breaking"]
    if others:
        blocks += prose(_listed(scene, say(scene, "contract_news_adds"), others))
    if version.breaking and mine:
        blocks += _answers(scene, contract, version, mine)
    return Message(text=brief(text), blocks=blocks)


def _answers(
    scene: Scene, contract: Contract, version: ContractVersion, mine: Sequence[UseCase]
) -> list[Block]:
    said = contract.receipts_of(version.version)
    done = [said[c.id] for c in mine if c.id in said]
    if not done:
        value = f"{contract.id}|{version.version}"
        row = [
            button("I have seen it", "contract.acknowledge", value, style="primary"),
            button("Object…", "contract.object", value),
        ]
        return [context(say(scene, "contract_news_ask")), actions(f"news|{value}", row)]
    lines = []
    for receipt in done:
        who = scene.directory.person(receipt.by).name
        title = titles([c for c in mine if c.id == receipt.use_case])
        if receipt.objects:
            lines.append(say(scene, "contract_objects", who=who, reason=clip(receipt.reason, 300)))
        else:
            lines.append(say(scene, "contract_acknowledged", who=who, title=title))
    return [context(*lines)]


def _listed(scene: Scene, head: str, changes: Sequence[Change]) -> str:
    lines = [f"• {change_said(scene, c)}" for c in changes[:_CHANGES]]
    more = [f"• and {len(changes) - _CHANGES} more"] if len(changes) > _CHANGES else []
    return "\n".join([f"*{head}*", *lines, *more])


def change_said(scene: Scene, change: Change) -> str:
    """A difference in words, what people wrote in it escaped and cut short."""
    short = change.model_copy(
        update={name: clip(getattr(change, name), 160) for name in ("where", "before", "after")}
    )
    return words(phrase(short, scene.program), scene.directory)


@renders("contract_counts")
def contract_counts(scene: Scene, data: dict[str, object]) -> Message:
    """The notice is over: the version is in force."""
    contract = contract_of(scene)
    version = _version(contract, data)
    text = say(scene, "contract_counts", title=contract.title, version=version.version)
    blocks: list[Block] = [section(text)]
    silent = contract.silent(version.version)
    if version.breaking and silent:
        blocks.append(context(say(scene, "contract_counts_silent", who=_named(scene, silent))))
    return Message(text=brief(text), blocks=blocks)


@renders("contract_objection")
def contract_objection(scene: Scene, data: dict[str, object]) -> Message:
    """To the owner: somebody who relies on the data speaks against a version."""
    contract = contract_of(scene)
    who = scene.directory.person(str(data["by"])).name  # type: ignore[arg-type]
    text = say(
        scene,
        "contract_objection",
        who=who,
        version=data["version"],
        title=contract.title,
        reason=Said(words(clip(str(data["reason"]), 2000), scene.directory)),
    )
    return Message(text=brief(text), blocks=prose(text))


@renders("contract_relied")
def contract_relied(scene: Scene, data: dict[str, object]) -> Message:
    """To the owner: one more use case relies on the data."""
    contract = contract_of(scene)
    use_case = scene.reading.use_case(str(data["use_case"]))
    who = scene.directory.person(str(data["by"])).name  # type: ignore[arg-type]
    named = titles([use_case]) if use_case else Said("")
    text = say(scene, "contract_relied", use_case=named, title=contract.title, who=who)
    return Message(text=brief(text), blocks=prose(text))


@renders("contract_retired")
def contract_retired(scene: Scene, data: dict[str, object]) -> Message:
    """To those who relied on it: the data is not supplied any more."""
    reason = Said(words(clip(str(data["reason"]), 2000), scene.directory))
    text = say(scene, "contract_retired", title=contract_of(scene).title, reason=reason)
    return Message(text=brief(text), blocks=prose(text))


@renders("contract_repeated")
def contract_repeated(scene: Scene, data: dict[str, object]) -> Message:
    """To the program team: a source breaks its word again and again."""
    contract, rules = contract_of(scene), scene.program.contracts
    mine = owner(contract, scene.directory)
    text = say(
        scene,
        "contract_repeated",
        title=contract.title,
        breaches=rules.repeated_breaches,
        days=rules.repeated_days,
        who=scene.directory.person(mine).name if mine else "Nobody",
    )
    look = button("Open", "contract.open", str(contract.id))
    return Message(text=brief(text), blocks=[section(text, look)])


def record_line(scene: Scene, use_case: UseCase) -> list[Block]:
    """For the record of a use case: the contracts that it relies on, broken ones marked; or nothing."""
    found = scene.reading.contracts_of(use_case.id)
    if not found:
        return []
    named = ", ".join(
        say(scene, "record_contract_broken", title=clip(c.title, 80))
        if c.open_breaches
        else escape(clip(c.title, 80))
        for c in found[:_NAMED]
    )
    return [context(say(scene, "record_contracts", contracts=Said(named)))]


def text_blocks(contract: Contract) -> list[Block]:
    """The text of the newest version as it was submitted, for a modal."""
    lines = contract.current.text.splitlines()
    blocks: list[Block] = [header(f"{clip(contract.title, 100)} {contract.current.version}")]
    part: list[str] = []
    size = 0
    for line in lines:
        piece = escape(clip(line, 1000))
        if size + len(piece) + 1 > 2800:
            blocks.append(section("```\n" + "\n".join(part) + "\n```"))
            part, size = [], 0
        part.append(piece.replace("```", "'''"))
        size += len(piece) + 1
    if part:
        blocks.append(section("```\n" + "\n".join(part) + "\n```"))
    return blocks[:90]


def _version(contract: Contract, data: dict[str, object]) -> ContractVersion:
    found = next((v for v in contract.versions if v.version == data.get("version")), None)
    if found is None:
        raise LookupError(f"{contract.id} has no version {data.get('version')}")
    return found


def _mine(scene: Scene, contract: Contract) -> list[UseCase]:
    """Of those that rely on it, the ones that the reader answers for."""
    return [
        c for c in relying_of(scene, contract) if scene.reader in owners_of(c, scene.program, scene.directory)
    ]


@renders("contract_faults")
def contract_faults(scene: Scene, data: dict[str, object]) -> Message:
    """What is wrong with a contract that was sent, by line."""
    if data.get("text"):
        text = Said(words(clip(str(data["text"]), 2800), scene.directory))
        return Message(text=brief(text), blocks=prose(text))
    intro = say(scene, "contract_unreadable", count=data["count"])
    found = data["errors"]
    lines = [_fault(e) for e in (found if isinstance(found, list) else [])]
    return Message(text=brief(intro), blocks=prose("\n".join([intro, *lines])))


def _fault(error: dict[str, str]) -> str:
    place = f", `{escape(error['field'])}`" if error["field"] else ""
    fix = error["fix"][:1].upper() + error["fix"][1:]
    return f"• line {error['line']}{place}: {escape(error['problem'])}. {escape(fix)}"
