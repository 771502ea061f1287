"""Digests in words: what they are called, where and when they come, and what is wrong with them."""

from __future__ import annotations

from calendar import day_name
from typing import Any

from bot.registry import Message, Scene, renders
from bot.views.kit import at, bare, escape, ordinal, section
from bot.views.say import Said, say, words_of
from workflows.digests.subscription import Schedule, Subscription
from workflows.effects import ToPerson, ToPlace, ToRoom
from workflows.ids import UserId
from workflows.program import Program
from workflows.working_time import DAYS

_LAST_SURE = 28
"""The last day that every month has."""


def schedule_words(program: Program, schedule: Schedule) -> Said:
    """``Mondays at 09:00, Europe/London``."""
    zone = schedule.zone.replace("_", " ")
    if schedule.every == "week":
        day = day_name[DAYS.index(schedule.day)]
        return words_of(program, "digest_weekly", day=day, at=schedule.at, zone=zone)
    key = "digest_monthly" if schedule.date <= _LAST_SURE else "digest_month_end"
    return words_of(program, key, date=ordinal(schedule.date), at=schedule.at, zone=zone)


def title_of(program: Program, digest: str) -> str:
    """What a digest is called."""
    spec = program.digests.digest(digest)
    return spec.title if spec else digest


def where_words(program: Program, subscription: Subscription, reader: UserId | None = None) -> Said:
    """The channel as a link that Slack names anew when it is renamed, or the person."""
    to = subscription.to
    if isinstance(to, ToPerson):
        return words_of(program, "digest_to_you") if to.user == reader else Said(f"<@{to.user}>")
    known = subscription.channel or (to.place.channel if isinstance(to, ToPlace) else "")
    return Said(f"<#{known}>" if known else f"#{escape(to.name)}" if isinstance(to, ToRoom) else "")


def about_words(program: Program, subscription: Subscription) -> str:
    """Its title, with the function that it is about."""
    function = program.functions.get(subscription.function)
    title = title_of(program, subscription.digest)
    return f"{title}, {function.label}" if function else title


def state_words(scene: Scene, subscription: Subscription) -> Said:
    """When it comes next, or why it does not."""
    if subscription.status == "broken":
        return say(scene, f"digest_why_{subscription.trouble or 'refused'}")
    if subscription.status == "paused":
        return say(scene, "digest_paused")
    if subscription.status == "ended" or subscription.next_due is None:
        return say(scene, "digest_ended")
    return say(scene, "digest_next", when=Said(at(subscription.next_due)))


@renders("digest_said")
def digest_said(scene: Scene, data: dict[str, Any]) -> Message:
    """One sentence about a subscription, to whoever did something with it."""
    subscription = scene.reading.get(Subscription, scene.subject.id)
    if subscription is None:
        raise LookupError(str(scene.subject))
    text = say(scene, str(data["message"]), **values_of(scene, subscription))
    return Message(text=bare(text), blocks=[section(text)])


def values_of(scene: Scene, subscription: Subscription) -> dict[str, object]:
    """What sentences about a subscription can be filled with."""
    program = scene.program
    return {
        "title": about_words(program, subscription),
        "where": where_words(program, subscription, scene.reader),
        "when": schedule_words(program, subscription.schedule),
        "state": state_words(scene, subscription),
    }


@renders("digest_channel_said")
def digest_channel_said(scene: Scene, data: dict[str, Any]) -> Message:
    """Why nothing can be posted in a channel that somebody chose."""
    where = Said(f"<#{escape(str(data['channel']))}>")
    text = say(scene, "digest_not_there", where=where, why=say(scene, f"digest_why_{data['trouble']}"))
    return Message(text=bare(text), blocks=[section(text)])
