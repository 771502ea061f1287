"""A broken promise as a card: what is wrong, since when, whom it stops, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.registry import Message, Scene, renders
from bot.views.contract import LABELS, contract_of, relying_of, titles, writers
from bot.views.kit import Block, actions, at, brief, button, clip, context, escape, prose, section, words
from bot.views.say import Said, say
from workflows.contract import Breach, Contract
from workflows.ids import UserId

_LAYERS = {
    "structural": "its fields or values",
    "semantic": "what its values mean",
    "behavioural": "how it is delivered",
}


def about(breach: Breach) -> str:
    """What is broken, in a word or two, escaped."""
    kind, _, element = breach.about.partition(":")
    named = LABELS.get(kind, kind) if breach.layer == "behavioural" and kind else kind
    if named and element:
        named = f"{named} ({element})"
    return escape(clip(named or _LAYERS[breach.layer], 120))


def lasting(span: timedelta) -> str:
    """``3 hours``, ``2 days``."""
    minutes = int(span.total_seconds()) // 60
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size * (2 if size > 1 else 1) or size == 1:
            count = minutes // size
            return f"{count} {word}{'' if count == 1 else 's'}"
    return "0 minutes"


def breach_of(scene: Scene, data: dict[str, object]) -> tuple[Contract, Breach]:
    """The contract and the breach that a message is about. ``LookupError`` when it is gone."""
    contract = contract_of(scene)
    found = contract.breach(str(data.get("breach")))
    if found is None:
        raise LookupError(f"{contract.id} has no breach {data.get('breach')}")
    return contract, found


@renders("breach")
def breach_card(scene: Scene, data: dict[str, object]) -> Message:
    """The card that everybody whom it concerns gets; it changes in place when the breach is over."""
    contract, breach = breach_of(scene, data)
    key = "breach_head" if breach.open else "breach_head_over"
    head = say(scene, key, title=contract.title, about=Said(about(breach)))
    mark = "⚠️" if breach.open else "✅"
    said = _quoted(clip(breach.what, 1500), scene)
    blocks: list[Block] = [section(f"{mark} {head}"), *prose(said), context(*_small(scene, contract, breach))]
    if breach.open:
        value = f"{contract.id}|{breach.id}"
        row = [
            button("Close…", "breach.close", value, only=writers(scene, contract)),
            button("The contract", "contract.open", str(contract.id)),
        ]
        blocks.append(actions(f"breach|{value}", row))
    return Message(text=brief(f"{head} {words(breach.what, scene.directory)}"), blocks=blocks)


def _small(scene: Scene, contract: Contract, breach: Breach) -> Sequence[str]:
    when = Said(at(breach.began_at or breach.at))
    if breach.by:
        who = _who(scene, breach.by)
        lines = [say(scene, "breach_by", who=who, when=when, severity=breach.severity)]
    else:
        lines = [say(scene, "breach_by_system", when=when, severity=breach.severity)]
    if breach.joined:
        last = Said(words(clip(breach.joined[-1].what, 200), scene.directory))
        lines.append(say(scene, "breach_more", count=len(breach.joined), what=last))
    length = lasting(breach.time_open(scene.now))
    if breach.open:
        relying = relying_of(scene, contract)
        if relying:
            lines.append(say(scene, "breach_stops", who=titles(relying)))
        return lines
    lines.append(say(scene, "breach_was_open", how_long=length))
    return [*lines, _closed(scene, breach)]


def _closed(scene: Scene, breach: Breach) -> str:
    when = Said(at(breach.closed_at or scene.now))
    reason = Said(words(clip(breach.reason, 500), scene.directory))
    if breach.closed_by is None:
        return say(scene, "breach_closed_measured", when=when, reason=reason)
    return say(scene, "breach_closed", who=_who(scene, breach.closed_by), when=when, reason=reason)


@renders("breach_over")
def breach_over(scene: Scene, data: dict[str, object]) -> Message:
    """A short word to everybody who heard of it: it is over."""
    contract, breach = breach_of(scene, data)
    head = say(scene, "breach_head_over", title=contract.title, about=Said(about(breach)))
    length = say(scene, "breach_was_open", how_long=lasting(breach.time_open(scene.now)))
    return Message(text=brief(head), blocks=[section(f"✅ {head}"), context(_closed(scene, breach), length)])


@renders("breach_offer")
def breach_offer(scene: Scene, data: dict[str, object]) -> Message:
    """Somebody said in words that data is broken: shall it be reported?"""
    name = str(data.get("contract") or "")
    found = scene.reading.get(Contract, name) if name else None
    if found:
        text = say(scene, "breach_offer", title=found.title)
    else:
        text = say(scene, "breach_offer_many")
    said = clip(str(data.get("words") or ""), 1500)
    row = [
        button("Report it…", f"breach.report/{name}", f"{name}|{said}", style="danger"),
        button("I am asking something", "ask.this", said),
    ]
    return Message(text=brief(text), blocks=[section(text), actions("breach_offer", row)])


def _quoted(text: str, scene: Scene) -> str:
    return "> " + words(text, scene.directory).replace("\n", "\n> ")


def _who(scene: Scene, user: UserId) -> str:
    return scene.directory.person(user).name
