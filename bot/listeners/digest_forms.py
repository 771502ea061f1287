"""The forms of digests: a new subscription, other times, another channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.hearing import field, is_refusal, refusal_text, submitted
from bot.inputs import Submission, unpacked
from bot.jobs.digest_asked import CHANNEL
from bot.listeners.digest import Hearing, asked, hearing, subscribe_me
from bot.registry import Answer, Moment, on_view
from bot.views.approval_forms import told
from bot.views.digest_forms import MOVE, NEW, TIMES
from bot.views.say import words_of
from storage.schema import storable
from workflows.decision import Decision
from workflows.digests import managing
from workflows.digests.rights import CHANGE, KEEP, SUBSCRIBE
from workflows.digests.schedule import is_clock
from workflows.digests.subscription import Schedule
from workflows.effects import Address, ToPerson, ToPlace, Work
from workflows.ids import Place, Subject
from workflows.program import Program
from workflows.words.zones import read_zone
from workflows.working_time import DAYS


@on_view(NEW)
def subscribed(moment: Moment, submission: Submission) -> Answer:
    """It begins: for oneself at once, for a channel once that was looked at."""
    program = moment.program
    schedule, problems = as_schedule(program, submission)
    spec = program.digests.digest(field(submission, "digest"))
    function = field(submission, "function")
    function = function if function in program.functions else ""
    channel = field(submission, "channel")
    to_channel = unpacked(submission.view.private).get("where") == "channel"
    if to_channel and not is_channel(channel):
        problems = {**problems, "channel": words_of(program, "digest_no_channel")}
    if spec is None:
        return Answer(update=told("Gone", words_of(program, "card_gone")))
    if problems or schedule is None:
        return Answer(errors=problems)
    to: Address = ToPlace(place=Place(channel=channel)) if to_channel else ToPerson(user=submission.user)
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        attempt = asked(tx, moment, circ, spec, to, function)
        more = {"digest": spec.id, "function": function, "schedule": schedule.model_dump(mode="json")}
        if to_channel:
            decision = SUBSCRIBE.refused(attempt) or _looks(submission, channel, more)
        else:
            decision = subscribe_me(tx, attempt, schedule)
        if decision.problems:
            return Answer(errors=dict(decision.problems))
        if not tx.first_time(submission.key):
            return Answer(clear=True)
        if is_refusal(decision):
            tx.apply(decision.model_copy(update={"effects": ()}), circ)
            return Answer(update=told("A digest", refusal_text(moment, decision)))
        tx.apply(decision, circ)
    return Answer(clear=True)


@on_view(TIMES)
def retimed(moment: Moment, submission: Submission) -> Answer:
    """Other times, and another channel where one was chosen."""
    schedule, problems = as_schedule(moment.program, submission)
    channel = field(submission, "channel")
    if channel and not is_channel(channel):
        problems = {**problems, "channel": words_of(moment.program, "digest_no_channel")}

    def do(heard: Hearing, private: Mapping[str, Any]) -> Decision:
        refused = KEEP.refused(heard.attempt)
        if refused or problems or schedule is None:
            return refused or Decision(problems=problems)
        there = heard.subscription
        decision = Decision() if schedule == there.schedule else managing.retime(heard.attempt, schedule)
        if channel and channel != there.channel:
            decision = decision.and_then(_looks(submission, channel, {"subscription": there.id}))
        return decision

    return submitted(moment, submission, "subscription", hearing, do)


@on_view(MOVE)
def moved(moment: Moment, submission: Submission) -> Answer:
    """Another channel, once that was looked at."""
    channel = field(submission, "channel")

    def do(heard: Hearing, private: Mapping[str, Any]) -> Decision:
        refused = CHANGE.refused(heard.attempt)
        if refused:
            return refused
        if not is_channel(channel):
            return Decision(problems={"channel": words_of(moment.program, "digest_no_channel")})
        return _looks(submission, channel, {"subscription": heard.subscription.id})

    return submitted(moment, submission, "subscription", hearing, do)


def _looks(submission: Submission, channel: str, more: Mapping[str, Any]) -> Decision:
    """The channel is looked at after the commit; only then is anything changed."""
    person = Subject(type="person", id=submission.user)
    return Decision(effects=(Work(name=CHANNEL, subject=person, data={**more, "channel": channel}),))


def is_channel(id: str) -> bool:
    """Whether a form's value is the id of a channel, and of no direct conversation."""
    return id.startswith(("C", "G")) and id.isascii() and id.isalnum()


def as_schedule(program: Program, submission: Submission) -> tuple[Schedule | None, dict[str, str]]:
    """The times as filled in, or what is wrong with them, by field."""
    day, clock = field(submission, "day"), field(submission, "at")
    zone = read_zone(field(submission, "zone"))
    date = day[1:] if day.startswith("m") else ""
    problems: dict[str, str] = {}
    if day not in DAYS and not (date.isascii() and date.isdigit() and 1 <= int(date[:3]) <= 31):
        problems["day"] = words_of(program, "digest_no_day")
    if not is_clock(clock):
        problems["at"] = words_of(program, "digest_no_clock")
    if not zone:
        problems["zone"] = words_of(program, "digest_no_zone", zone=storable(field(submission, "zone")[:64]))
    if problems:
        return None, problems
    found: dict[str, Any] = {"at": clock, "zone": zone}
    found |= {"every": "week", "day": day} if day in DAYS else {"every": "month", "date": int(date)}
    return Schedule.model_validate(found), {}
