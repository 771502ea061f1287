"""The forms of digests: which one, where, and when it comes."""

from __future__ import annotations

from calendar import day_name
from collections.abc import Mapping, Sequence

from bot.inputs import packed
from bot.registry import Block, View
from bot.views.kit import Element, option, plain_text, section
from bot.views.say import words_of
from workflows.digests.policy import DigestSpec
from workflows.digests.subscription import Schedule, Subscription
from workflows.effects import ToPerson
from workflows.program import Program
from workflows.working_time import DAYS

NEW, TIMES, MOVE = "digest.new", "digest.times", "digest.move"
NONE = "none"
"""Stands for the whole company."""


def new_form(program: Program, allowed: Sequence[DigestSpec], where: str, schedule: Schedule) -> View:
    """A new subscription: ``where`` is ``me`` or ``channel``."""
    blocks: list[Block] = [_input("digest", "Digest", _select("digest", [(s.id, s.title) for s in allowed]))]
    if where == "channel":
        blocks.append(_input("channel", "Channel", _channels()))
    functions = [(NONE, "The whole company"), *((f.id, f.label) for f in program.functions.values())]
    if len(functions) > 1:
        blocks.append(_input("function", "About", _select("function", functions[:100], NONE)))
    return _form(NEW, "A digest", "Subscribe", {"where": where}, [*blocks, *_times(schedule)])


def times_form(program: Program, subscription: Subscription, title: str) -> View:
    """Other times for one that there is and, where it goes to a channel, another channel."""
    intro = section(words_of(program, "digest_times_form", title=title))
    private = {"subscription": subscription.id}
    blocks = [intro, *_times(subscription.schedule)]
    if not isinstance(subscription.to, ToPerson) and subscription.channel:
        blocks.append(_input("channel", "Channel", _channels(subscription.channel)))
    return _form(TIMES, "When it comes", "Keep", private, blocks)


def move_form(program: Program, subscription: Subscription, title: str) -> View:
    """Another channel for one that there is."""
    intro = section(words_of(program, "digest_move_form", title=title))
    channel = _input("channel", "Channel", _channels())
    return _form(MOVE, "Another channel", "Move it", {"subscription": subscription.id}, [intro, channel])


def _times(schedule: Schedule) -> list[Block]:
    days = [(day, f"{day_name[number]}s") for number, day in enumerate(DAYS)]
    days += [(f"m{date}", f"Monthly, on day {date}") for date in range(1, 29)]
    days.append(("m31", "Monthly, on the last day"))
    chosen = schedule.day if schedule.every == "week" else f"m{31 if schedule.date > 28 else schedule.date}"
    clock: Element = {"type": "timepicker", "action_id": "at", "initial_time": schedule.at}
    zone: Element = {
        "type": "plain_text_input",
        "action_id": "zone",
        "initial_value": schedule.zone,
        "max_length": 64,
        "placeholder": plain_text("A place, such as Europe/London or New York", 150),
    }
    return [
        _input("day", "Day", _select("day", days, chosen)),
        _input("at", "Time", clock),
        _input("zone", "Time zone", zone),
    ]


def _channels(chosen: str = "") -> Element:
    made: Element = {
        "type": "conversations_select",
        "action_id": "channel",
        "placeholder": plain_text("Choose a channel", 150),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return {**made, "initial_conversation": chosen} if chosen else made


def _select(action: str, options: Sequence[tuple[str, str]], chosen: str = "") -> Element:
    made: Element = {
        "type": "static_select",
        "action_id": action,
        "options": [option(label, value) for value, label in options],
    }
    for value, label in options:
        if value == chosen:
            made["initial_option"] = option(label, value)
    return made


def _input(block: str, label: str, element: Element) -> Block:
    return {"type": "input", "block_id": block, "label": plain_text(label, 150), "element": element}


def _form(callback: str, title: str, submit: str, private: Mapping[str, str], blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Cancel", 24),
        "private_metadata": packed(**private),
        "blocks": blocks,
    }
