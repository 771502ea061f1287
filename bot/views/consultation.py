"""What several messages about one question share: its state, its sources, and with whom it is."""

from __future__ import annotations

from datetime import date

from bot.registry import Scene
from bot.views.kit import Block, Element, actions, at, button, context, day, escape
from bot.views.say import Said, say
from workflows.champions import next_champion
from workflows.consultation import Consultation, Quote, Referral, Told
from workflows.program import Program


def consultation_of(scene: Scene) -> Consultation:
    """The consultation that the scene is about."""
    asked = scene.reading.consultation(scene.subject.id)
    if asked is None:
        raise LookupError(f"consultation {scene.subject.id} is gone")
    return asked


def told_of(scene: Scene, asked: Consultation) -> Told:
    """What was found, without what is not for everybody where others read along."""
    told = scene.reading.told(asked.id)
    return told if asked.private else told.for_(frozenset())


def where(scene: Scene, quote: Quote) -> str:
    """Document and section, linked to where the document is kept."""
    place = quote.document if quote.section in ("", quote.document) else f"{quote.document}, {quote.section}"
    return f"<{quote.link}|{escape(place)}>" if quote.link else escape(place)


def reading_on(asked: Consultation, count: int) -> Block:
    """Buttons that open the whole section behind each number."""
    numbers = range(1, count + 1)
    row = [button(f"Read on [{n}]", f"answer.open/{n}", f"{asked.id}|{n}") for n in numbers]
    return actions("answer.sources", row)


def dated(scene: Scene, quote: Quote) -> str:
    """Until when a source holds, or from when it is."""
    try:
        when = day(date.fromisoformat(quote.date))
    except ValueError:
        when = quote.date
    key = "source_stale" if quote.stale else "source_reviewed" if quote.reviewed else "source_read"
    return say(scene, key, date=when)


def title_of(referral: Referral, program: Program) -> str:
    """``champion for Legal``, or the name of the program team."""
    return title_for(referral.function, program)


def title_for(function: str, program: Program) -> str:
    """What somebody is who answers for this function; without one they are of the program team."""
    known = program.functions.get(function)
    if known:
        return f"champion for {known.label}"
    team = program.roles.get(program.program_team)
    return team.label if team else "program team"


def person(scene: Scene, referral: Referral) -> Said:
    """``*Ines Duarte*, champion for Legal``."""
    name = escape(scene.directory.person(referral.to).name)
    return Said(f"*{name}*, {escape(title_of(referral, scene.program))}")


def ask_button(scene: Scene, asked: Consultation) -> Element | None:
    """The button that asks the next champion; ``None`` where nobody is left, or somebody has it in hand."""
    last = asked.referral
    if asked.answered_by or (last and last.status == "open"):
        return None
    champion = next_champion(asked, scene.program, scene.directory, scene.now)
    if champion is None:
        return None
    name = scene.directory.person(champion.user).name
    label = f"Ask {name}, {title_for(champion.function, scene.program)}"
    only = () if asked.private else (asked.asker,)
    return button(label, "champion.ask", str(asked.id), only=only)


def standing(scene: Scene, asked: Consultation) -> list[Block]:
    """Below an answer: with whom the question is, or who answered it."""
    last, done = asked.referral, asked.answered_by
    if done:
        return [context(say(scene, "referral_answered_below", who=person(scene, done)))]
    if last and last.status == "open":
        when = Said(at(last.asked_at))
        return [context(say(scene, "referral_open", who=person(scene, last), when=when))]
    return []
