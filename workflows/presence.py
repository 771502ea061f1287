"""Saying when one is there: days away and who stands in, who may always decide, and one's own hours.

Everybody says it of themselves, and nobody of anybody else. What it means for decisions that wait is worked
out afterwards, case by case (:mod:`workflows.standing_in`): when it is said, and when an absence begins or
ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from workflows.availability import Availability, Away, Hours, StandingDelegation
from workflows.calendars import work_times
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Forget, Later, Post, Refresh, ShowHome, ToPerson, ToPlace, Work
from workflows.ids import Place, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.working_time import DAYS

AWAY_AT_MOST = 366
"""Days that one absence may last."""
_KEPT = 20
"""How many absences, and how many standing delegates, one may have at a time."""


def own_or_new(own: Availability | None, circ: Circumstances) -> Availability:
    """What the person has said so far; nothing yet for somebody new."""
    return own or Availability(id=circ.actor.user, status="kept", opened_at=circ.now)


def go_away(
    own: Availability | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    first: date,
    last: date,
    stand_in: UserId | None = None,
    at: Place | None = None,
) -> Decision:
    """Be away from one day to another, both included, with somebody who decides meanwhile, or nobody.

    It takes the place of absences that it overlaps with. Problems: ``last`` (before the first day, past, or
    too far), ``stand_in`` (oneself, or somebody who cannot).
    """
    user = circ.actor.user
    today = work_times(user, directory, program.working_time).day_of(circ.now)
    problems: dict[str, str] = {}
    if last < first:
        problems["last"] = program.messages["away_backwards"]
    elif last < today:
        problems["last"] = program.messages["away_over"]
    elif (last - first).days >= AWAY_AT_MOST or (first - today).days >= AWAY_AT_MOST:
        problems["last"] = program.messages["away_too_long"]
    problems |= _unfit("stand_in", stand_in, user, program, directory)
    if problems:
        return Decision(problems=problems)
    before = own_or_new(own, circ)
    others = tuple(a for a in before.away if a.last >= today and (a.last < first or a.first > last))
    if len(others) >= _KEPT:
        return Decision(problems={"last": program.messages["away_too_many"]})
    new = Away(first=first, last=last, stand_in=stand_in, said_at=circ.now)
    away = tuple(sorted((*others, new), key=lambda a: a.first))
    after = before.model_copy(update={"away": away})
    detail = {"away": [first.isoformat(), last.isoformat()], "stand_in": stand_in}
    effects: list[Effect] = []
    if stand_in is not None:
        effects.append(
            Post(
                to=ToPerson(user=stand_in),
                kind="stands_in",
                subject=after.subject,
                data={"first": first.isoformat()},
                card=f"stands_in:{first.isoformat()}",
                key=f"stands_in/{user}/{first.isoformat()}/{last.isoformat()}/{stand_in}",
            )
        )
    return _kept(before, after, program, directory, circ, detail, effects, at)


def come_back(
    own: Availability | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    first: date | None = None,
    at: Place | None = None,
) -> Decision:
    """Take back the absence that begins on that day; without a day the one that is running, or else the next.

    Nothing happens where there is none.
    """
    before = own_or_new(own, circ)
    today = work_times(circ.actor.user, directory, program.working_time).day_of(circ.now)
    ahead = [a for a in before.away if a.last >= today and first in (None, a.first)]
    if not ahead:
        return Decision()
    gone = ahead[0]
    after = before.model_copy(update={"away": tuple(a for a in before.away if a != gone)})
    detail = {"back": [gone.first.isoformat(), gone.last.isoformat()]}
    return _kept(before, after, program, directory, circ, detail, [], at)


def let_decide(
    own: Availability | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    to: UserId | None,
    roles: Sequence[str] = (),
    at: Place | None = None,
) -> Decision:
    """Let somebody decide beside oneself, in these roles or all, until it is taken back. Problem ``to``."""
    user = circ.actor.user
    problems = _unfit("to", to, user, program, directory)
    before = own_or_new(own, circ)
    others = tuple(s for s in before.standing if s.to != to)
    if to is None:
        problems = {"to": program.messages["standing_nobody"]}
    elif len(others) >= _KEPT:
        problems = {"to": program.messages["away_too_many"]}
    if problems or to is None:
        return Decision(problems=problems)
    given = tuple(r for r in program.roles if r in roles)
    new = StandingDelegation(to=to, roles=given, since=circ.now)
    after = before.model_copy(update={"standing": (*others, new)})
    key = f"may_decide/{user}/{to}/{circ.now.isoformat()}"
    post = Post(
        to=ToPerson(user=to),
        kind="may_decide",
        subject=after.subject,
        data={"to": to},
        card=f"may_decide:{to}",
        key=key,
    )
    detail = {"standing": to, "roles": list(given)}
    return _kept(before, after, program, directory, circ, detail, [post], at)


def let_no_longer(
    own: Availability | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    to: UserId,
    at: Place | None = None,
) -> Decision:
    """Take back that somebody may decide beside oneself. Nothing happens where they could not."""
    before = own_or_new(own, circ)
    left = tuple(s for s in before.standing if s.to != to)
    if left == before.standing:
        return Decision()
    after = before.model_copy(update={"standing": left})
    return _kept(before, after, program, directory, circ, {"no_longer": to}, [], at)


def keep_hours(
    own: Availability | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    hours: Sequence[Hours],
    calendar: str = "",
    at: Place | None = None,
) -> Decision:
    """Work these hours, each weekday's apart from one another; without any, the usual ones again.

    ``calendar`` is the holiday calendar; empty for the one that the program finds. Problem ``hours``.
    """
    ends: dict[str, str] = {}
    ordered = sorted(hours, key=lambda h: (DAYS.index(h.day), h.start))
    for one in ordered:
        if one.start >= one.end or one.start < ends.get(one.day, ""):
            return Decision(problems={"hours": program.messages["hours_wrong"]})
        ends[one.day] = one.end
    known = {c.id for c in program.working_time.calendars}
    before = own_or_new(own, circ)
    changes = {"hours": tuple(ordered), "calendar": calendar if calendar in known else ""}
    after = before.model_copy(update=changes)
    detail = {"hours": [f"{h.day} {h.start}-{h.end}" for h in ordered], "calendar": after.calendar}
    return _kept(before, after, program, directory, circ, detail, [], at)


def _unfit(
    field: str, who: UserId | None, user: UserId, program: Program, directory: Directory
) -> dict[str, str]:
    if who is None:
        return {}
    if who == user:
        return {field: program.messages["stand_in_is_you"]}
    if not directory.person(who).active:
        return {field: program.messages["delegate_is_away"].format_map({"who": directory.person(who).name})}
    return {}


def _kept(
    before: Availability,
    after: Availability,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    detail: Mapping[str, object],
    effects: Sequence[Effect],
    at: Place | None,
) -> Decision:
    """Keep it, confirm it, and have the cases looked at: now, and when each absence begins and ends."""
    user = after.id
    card = Post(
        to=ToPlace(place=at) if at else ToPerson(user=user),
        kind="presence",
        subject=after.subject,
        card="presence",
    )
    reseat = Work(name="reseat", subject=after.subject, data={"with": _connected(before, after)})
    entry = Entry(action="availability.changed", subject=after.subject, detail=dict(detail))
    return Decision(
        changed=(after,),
        entries=(entry,),
        effects=(
            card,
            *effects,
            Refresh(subject=after.subject),
            reseat,
            Forget(key=f"reseat/{user}/"),
            *_turning_points(after, program, directory, circ.now),
            ShowHome(user=user),
        ),
    )


def _connected(*said: Availability) -> list[str]:
    """Everyone on whom a seat may wait in this person's stead."""
    stand_ins = {a.stand_in for own in said for a in own.away if a.stand_in}
    return sorted(stand_ins | {s.to for own in said for s in own.standing})


def _turning_points(
    own: Availability, program: Program, directory: Directory, now: datetime
) -> tuple[Later, ...]:
    """When absences begin and end, so that the seats are looked at then."""
    times = work_times(own.id, directory, program.working_time)
    days = {day for a in own.away for day in (a.first, a.last + timedelta(days=1))}
    return tuple(
        Later(
            key=f"reseat/{own.id}/{day.isoformat()}",
            due=times.begins(day),
            name="reseat",
            subject=own.subject,
            data={"with": _connected(own)},
        )
        for day in sorted(days)
        if times.begins(day) > now
    )
