"""Check-ins and their numbers under lock, for every way in: clicks, forms, words, files, systems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.drawing import scene_for
from bot.registry import Moment, Scene
from storage.digest_counts import newest_posted
from storage.reading import Reading
from storage.store import Tx
from workflows.decision import Circumstances
from workflows.events import Event, week_of
from workflows.figures.check_in import CheckIn
from workflows.figures.measured import owner_of_figures
from workflows.figures.telling import Source, Telling
from workflows.ids import CheckInId, Place, UserId
from workflows.use_case import UseCase
from workflows.working_time import zone_of


@dataclass(frozen=True)
class Hearing:
    """A check-in under its lock, with its use case and all that is known of its numbers."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    use_case: UseCase
    check_in: CheckIn
    events: tuple[Event, ...]

    @property
    def title(self) -> str:
        """What a form about it is called."""
        return str(self.use_case.id)

    def telling(
        self, source: Source = "check_in", at: Place | None = None, detail: dict[str, str] | None = None
    ) -> Telling:
        """As the rules see it."""
        return Telling(
            use_case=self.use_case,
            check_in=self.check_in,
            events=self.events,
            program=self.moment.program,
            directory=self.tx.directory(),
            circ=self.circ,
            source=source,
            late=reported(self.tx, self.check_in.week),
            at=at,
            detail=detail or {},
        )

    @property
    def scene(self) -> Scene:
        """As a form about it is drawn, for whoever acts."""
        return scene_for(self.moment, self.tx, self.check_in.subject, self.circ.actor.user)


def hearing(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> Hearing | None:
    """The check-in of that id, locked after its use case; ``None`` where it is gone."""
    seen = tx.get(CheckIn, id)
    use_case = tx.lock_use_case(seen.use_case) if seen else None
    check_in = tx.lock(CheckIn, id) if use_case else None
    if use_case is None or check_in is None:
        return None
    return Hearing(tx, moment, circ, use_case, check_in, tx.figures_of(use_case.id))


def hearing_of(tx: Tx, moment: Moment, circ: Circumstances, use_case: str, week: date) -> Hearing | None:
    """The check-in of that use case and week: the one there is, or one that begins with what is told now."""
    found = tx.lock_use_case(use_case)
    if found is None:
        return None
    there = check_in_of(tx, use_case, week)
    locked = tx.lock(CheckIn, there.id) if there else None
    if locked is None:
        owner = owner_of_figures(found, moment.program, tx.directory(), moment.now)
        locked = CheckIn(
            id=tx.new_id("check_in"), use_case=found.id, week=week, owner=owner, opened_at=moment.now
        )
    return Hearing(tx, moment, circ, found, locked, tx.figures_of(found.id))


def looked_at(
    reading: Reading,
    moment: Moment,
    circ: Circumstances,
    use_case: str,
    week: date,
    source: Source = "check_in",
) -> Telling | None:
    """A use case's week as the rules see it, without a lock: to say what would happen, and change nothing."""
    found = reading.use_case(use_case)
    if found is None:
        return None
    directory = reading.directory()
    check_in = check_in_of(reading, use_case, week) or CheckIn(
        id=CheckInId("CI-0"),
        use_case=found.id,
        week=week,
        owner=owner_of_figures(found, moment.program, directory, moment.now),
        opened_at=moment.now,
    )
    return Telling(
        use_case=found,
        check_in=check_in,
        events=reading.figures_of(use_case),
        program=moment.program,
        directory=directory,
        circ=circ,
        source=source,
        late=reported(reading, week),
    )


def check_in_of(reading: Reading, use_case: str, week: date) -> CheckIn | None:
    """That use case's check-in of that week."""
    return next(iter(reading.matters(CheckIn, name=f"{use_case}|{week.isoformat()}")), None)


def check_ins_for(
    reading: Reading, user: UserId, week: date, also: Sequence[str] = ()
) -> tuple[CheckIn, ...]:
    """What this person is asked about that week, or was and passed on (``also``: ids), by use case."""
    own = (c for c in reading.matters(CheckIn, owner=user, at_most=500) if c.week == week)
    more = (found for id in also if (found := reading.get(CheckIn, id)) is not None and found.week == week)
    by_id = {c.id: c for c in (*more, *own)}
    return tuple(sorted(by_id.values(), key=lambda c: (c.opened_at, c.use_case)))


def open_check_ins(reading: Reading, user: UserId) -> tuple[CheckIn, ...]:
    """What this person is asked about and has not answered, the newest week first."""
    return reading.matters(CheckIn, owner=user, statuses=("asked", "doubted"))


def this_week(moment: Moment, reading: Reading, user: UserId) -> date:
    """The Monday of the week that it is for this person."""
    zone = zone_of(reading.directory().person(user).tz)
    return week_of(moment.now.astimezone(zone).date())


def reported(reading: Reading, week: date) -> bool:
    """Whether a digest went out after that week had ended: then its numbers come late."""
    newest = newest_posted(reading.connection)
    begins = datetime.combine(week, time(0), tzinfo=UTC)
    return newest is not None and newest - begins >= timedelta(days=7)
