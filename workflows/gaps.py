"""The week's gaps in the playbook: what it did not answer, answered badly, or answered from stale pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from rapidfuzz import fuzz

from workflows.champions import corpus_owners, functions_of
from workflows.consultation import Consultation, Told
from workflows.effects import Later
from workflows.ids import Frozen, Subject, UserId
from workflows.people import Directory
from workflows.program import GapList, Program
from workflows.working_time import zone_of

Why = Literal["unanswered", "referred", "unhelpful"]

ALIKE = 88.0
"""Two questions count as one where the ``token_sort_ratio`` of their telling words is at least this."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORD = re.compile(r"[^\W_]+")
_SMALL_WORDS = """
    a an and are as at be by can could do does for from has have how i if in is it may me must my of on or our
    please should shall that the there this to us was we what when where which who why will with would you
    your
"""
_SMALL = frozenset(_SMALL_WORDS.split())


class Gap(Frozen):
    """Questions that come to the same, and what became of them."""

    question: str
    """As it was asked first."""
    function: str
    """Of the nearest documents, else of whoever asked first; empty where neither is known."""
    askers: int
    times: int
    why: tuple[Why, ...]
    said: tuple[str, ...]
    """What people said was missing."""
    ids: tuple[str, ...]


class Stale(Frozen):
    """A document past its review date that was quoted."""

    document: str
    path: str
    owner: str
    date: str
    times: int


class GapReport(Frozen):
    """What the playbook lacked between two moments, as one reader may see it."""

    since: datetime
    until: datetime
    gaps: tuple[Gap, ...]
    """By function in the program's order, the most asked first."""
    stale: tuple[Stale, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.gaps or self.stale)


def gaps(
    consultations: Sequence[Consultation],
    told: Callable[[str], Told],
    program: Program,
    directory: Directory,
    since: datetime,
    until: datetime,
    audiences: frozenset[str] = frozenset(),
) -> GapReport:
    """The gaps that these consultations show, for a reader of these audiences.

    A consultation that quoted what the reader may not read is left out altogether: not its question, not in
    a count. ``told`` gives what was found for a consultation.
    """
    readable = [c for c in consultations if not c.narrow or _may_read(told(c.id), audiences)]
    groups: list[list[Consultation]] = []
    for consultation in readable:
        if not reasons(consultation, since, until):
            continue
        alike = (g for g in groups if same_question(g[0].question, consultation.question))
        group = next(alike, None)
        if group is None:
            groups.append([consultation])
        else:
            group.append(consultation)
    found = [_gap(group, program, directory, since, until) for group in groups]
    order = {f: n for n, f in enumerate(program.functions)}
    found.sort(key=lambda g: (order.get(g.function, len(order)), -g.askers, -g.times, g.ids))
    stale = _stale([(c, told(c.id)) for c in readable if c.stale and since <= c.asked_at < until], audiences)
    return GapReport(since=since, until=until, gaps=tuple(found), stale=stale)


def reasons(consultation: Consultation, since: datetime, until: datetime) -> tuple[Why, ...]:
    """Why a consultation shows a gap in that time; none once its answer is in the playbook.

    What the records answered is nothing that the playbook could say.
    """
    promotion = consultation.promotion
    if (promotion and promotion.status == "added") or consultation.how == "live":
        return ()
    found: list[Why] = []
    if consultation.state == "abstain" and since <= consultation.asked_at < until:
        found.append("unanswered")
    if any(since <= r.asked_at < until for r in consultation.referrals):
        found.append("referred")
    if any(not r.helpful and since <= r.at < until for r in consultation.ratings):
        found.append("unhelpful")
    return tuple(found)


def same_question(one: str, other: str) -> bool:
    """Whether two questions are the same but for small words, order, endings and slips of the keyboard."""
    return fuzz.token_sort_ratio(_telling(one), _telling(other)) >= ALIKE


def _telling(question: str) -> str:
    said = [word.casefold() for word in _WORD.findall(question)]
    return " ".join(word for word in said if word not in _SMALL) or " ".join(said)


def _may_read(told: Told, audiences: frozenset[str]) -> bool:
    return all(quote.for_(audiences) for quote in told.quotes)


def _gap(
    group: Sequence[Consultation], program: Program, directory: Directory, since: datetime, until: datetime
) -> Gap:
    first = group[0]
    functions = (*first.functions, *functions_of(first.asker, program, directory))
    why: dict[Why, None] = dict.fromkeys(w for c in group for w in reasons(c, since, until))
    said = dict.fromkeys(r.why for c in group for r in c.ratings if r.why and not r.helpful)
    return Gap(
        question=" ".join(first.question.split()),
        function=next(iter(functions), ""),
        askers=len({c.asker for c in group}),
        times=len(group),
        why=tuple(why),
        said=tuple(said),
        ids=tuple(c.id for c in group),
    )


def _stale(quoted: Sequence[tuple[Consultation, Told]], audiences: frozenset[str]) -> tuple[Stale, ...]:
    found: dict[tuple[str, str], Stale] = {}
    for _, told in quoted:
        pages = {(q.source, q.path): q for q in told.quotes if q.stale and q.for_(audiences)}
        for place, q in pages.items():
            times = found[place].times + 1 if place in found else 1
            found[place] = Stale(document=q.document, path=q.path, owner=q.owner, date=q.date, times=times)
    return tuple(sorted(found.values(), key=lambda s: (-s.times, s.date, s.path)))


# --- when ------------------------------------------------------------------------------------------------


def plan_list(program: Program, directory: Directory, now: datetime) -> tuple[Later, ...]:
    """The next list for each owner of the playbook. Planned when a gap shows, so an empty week has none."""
    return tuple(_later(user, program, directory, now) for user in corpus_owners(program, directory, now))


def _later(user: UserId, program: Program, directory: Directory, now: datetime) -> Later:
    zone = directory.person(user).tz
    day = next_day(now, zone, program.consulting.gaps)
    return Later(
        key=f"gaps/{user}/{day}",
        due=begins(day, zone, program.consulting.gaps),
        name="list_gaps",
        subject=Subject(type="person", id=user),
        data={"date": day.isoformat()},
    )


def next_day(now: datetime, zone: str, when: GapList) -> date:
    """The day on which the next list comes, in that zone."""
    today = now.astimezone(zone_of(zone)).date()
    day = today + timedelta(days=(_DAYS.index(when.day) - today.weekday()) % 7)
    return day if begins(day, zone, when) > now else day + timedelta(days=7)


def begins(day: date, zone: str, when: GapList) -> datetime:
    """When the list of that day comes."""
    return datetime.combine(day, time.fromisoformat(when.at), tzinfo=zone_of(zone))


def week_before(day: date, zone: str, when: GapList) -> tuple[datetime, datetime]:
    """The week that the list of that day is about: from the list before it to this one."""
    return begins(day - timedelta(days=7), zone, when), begins(day, zone, when)


def by_function(report: GapReport) -> Mapping[str, tuple[Gap, ...]]:
    """The gaps of each function, in order."""
    found: dict[str, tuple[Gap, ...]] = {}
    for gap in report.gaps:
        found[gap.function] = (*found.get(gap.function, ()), gap)
    return found
