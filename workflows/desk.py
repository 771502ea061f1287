"""What waits for a person, as one list, and when they are told of it: one message, however much it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from pydantic import Field

from workflows.approval import Approval
from workflows.calendars import away_at, work_times
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ShowHome, ToPerson
from workflows.ids import Frozen, Subject, Tier, UseCaseId, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.seats import is_open, to_act
from workflows.telling import desk_morning, seat_card
from workflows.working_time import zone_of


class Filter(Frozen):
    """Which of the things that wait are wanted; what is empty does not filter."""

    kinds: tuple[str, ...] = ()
    """As in :class:`workflows.waiting.Wait`: ``seat``, ``inquiry``, ``condition`` ..."""
    tiers: tuple[Tier, ...] = ()
    due_before: datetime | None = None
    submitters: tuple[UserId, ...] | None = None
    """Of use cases submitted by one of these; ``None``: by anybody."""
    words: str = ""
    """A part of the use case's name or id."""


ANYTHING = Filter()


class Row(Frozen):
    """One thing that waits for a person, with the use case it is about."""

    subject: Subject
    """The approval, walk or incident that it is part of."""
    kind: str
    item: str
    due: datetime | None = None
    use_case: UseCaseId | None = None
    title: str = ""
    tier: Tier | None = None
    submitter: UserId | None = None


class Counts(Frozen):
    """How much waits for a person."""

    kinds: Mapping[str, int] = Field(default_factory=dict)
    overdue: int = 0
    """Decisions whose time is up."""
    due_today: int = 0
    """Decisions due later today, in the person's own zone."""

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.kinds.values())

    @property
    def decisions(self) -> int:
        """Seats in which they are to decide."""
        return self.kinds.get("seat", 0)


def today_ends(user: UserId, directory: Directory, now: datetime) -> datetime:
    """The midnight with which their day ends."""
    zone = zone_of(directory.person(user).tz)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), tzinfo=zone)


def tell_seat(
    approval: Approval,
    seat: str,
    user: UserId,
    decisions: int,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """Tell a person that a seat waits for them: with its card, or in the list of all that waits.

    ``decisions`` is how many wait for them, this one included. The list is one message a day, which is
    redrawn when more comes.
    """
    sitting = approval.seat(seat)
    if sitting is None or not is_open(approval, sitting) or user not in to_act(sitting):
        return Decision()
    if decisions <= program.desk.cards_at_most:
        return Decision(effects=(seat_card(approval, sitting, ToPerson(user=user)),))
    today = work_times(user, directory, program.working_time).day_of(circ.now)
    return Decision(effects=(_the_list(user, today), ShowHome(user=user)))


def desk_due(
    user: UserId,
    day: date,
    waiting: int,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """A working morning: one message that says what waits, and the next morning planned; or quiet.

    ``waiting`` is how much waits for them; on a day on which they are away it waits on. Mornings that come
    late together (the bot was down) are one: the newest that has begun.
    """
    if not waiting or not directory.person(user).active:
        return Decision()
    if away_at(user, directory, circ.now):
        return Decision(effects=(desk_morning(user, directory, program, circ.now),))
    times = work_times(user, directory, program.working_time)
    morning = times.begins(day) + timedelta(hours=12)
    while (later := times.next_morning(morning)) <= circ.now:
        morning = later
    again = desk_morning(user, directory, program, circ.now)
    return Decision(effects=(_the_list(user, times.day_of(morning)), again))


def _the_list(user: UserId, day: date) -> Post:
    """The list of a day; sent once."""
    return Post(
        to=ToPerson(user=user),
        kind="desk",
        subject=Subject(type="person", id=user),
        data={"date": day.isoformat()},
        card="desk",
        key=f"desk/{user}/{day.isoformat()}",
    )
