"""When people are asked for their numbers: once for a use case and week, by the clock of whoever is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from workflows.calendars import away_at, work_times
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Later, Post, Refresh, ToPerson
from workflows.events import week_of
from workflows.figures.check_in import CheckIn
from workflows.figures.measured import owner_of_figures, people_of
from workflows.figures.policy import CheckInTerms
from workflows.figures.telling import CARD, card_of
from workflows.ids import CheckInId, Subject, UseCaseId, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.use_case import UseCase
from workflows.working_time import DAYS, zone_of

ROUND = "check_ins"
"""The job that looks whom to ask, and its key."""
_LOOK_AGAIN = timedelta(days=1)


@dataclass(frozen=True)
class Turn:
    """One use case in one week: whom to ask, and when."""

    use_case: UseCaseId
    owner: UserId
    week: date
    at: datetime


def turns(
    use_cases: Sequence[UseCase], program: Program, directory: Directory, now: datetime
) -> tuple[tuple[Turn, ...], datetime]:
    """Whose time has come, and when to look again.

    A week that is over is not asked about any more, and neither is one at whose time a use case was not in
    use yet. Whether it was asked already is for the caller to know.
    """
    terms = program.figures.check_in
    again = now + _LOOK_AGAIN
    due: list[Turn] = []
    if terms is None:
        return (), again
    for use_case in use_cases:
        in_use = use_case.stage in terms.stages
        owner = who_is_asked(use_case, program, directory, now) if in_use else None
        if owner is None:
            continue
        week = week_of(now.astimezone(zone_of(directory.person(owner).tz)).date())
        for monday in (week, week + timedelta(days=7)):
            if not _is_its_week(use_case, monday, terms):
                continue
            at = asked_at(owner, monday, program, directory)
            if at > now:
                again = min(again, at)
            elif use_case.stage_since is None or use_case.stage_since <= at:
                due.append(Turn(use_case.id, owner, monday, at))
    return tuple(due), again


def who_is_asked(use_case: UseCase, program: Program, directory: Directory, now: datetime) -> UserId | None:
    """Who answers for its numbers; of those named, the first who is not away."""
    for question in program.figures.owners:
        for user in directory.active(people_of(use_case, question)):
            if away_at(user, directory, now) is None:
                return user
    return owner_of_figures(use_case, program, directory, now)


def asked_at(user: UserId, week: date, program: Program, directory: Directory) -> datetime:
    """When this person is asked about that week: at the program's time there, or when they work next."""
    terms = program.figures.check_in
    assert terms is not None
    day = week + timedelta(days=DAYS.index(terms.day))
    at = datetime.combine(day, time.fromisoformat(terms.at), tzinfo=zone_of(directory.person(user).tz))
    works = work_times(user, directory, program.working_time).next_start(at)
    # Whoever is away for the rest of the week is asked all the same: it is there when they are back.
    return works if works - at < timedelta(days=5) else at


def _is_its_week(use_case: UseCase, week: date, terms: CheckInTerms) -> bool:
    tier = use_case.assessment.tier.tier if use_case.assessment else None
    every = terms.every_weeks.get(tier, 1) if tier else 1
    return (week.toordinal() // 7) % every == 0


def ask(
    user: UserId,
    week: date,
    wanted: Sequence[tuple[CheckInId, UseCase]],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """One message for all that this person is asked about that week, one nudge, and the end of waiting."""
    asked = tuple(
        CheckIn(id=id, use_case=use_case.id, week=week, owner=user, opened_at=circ.now)
        for id, use_case in wanted
    )
    entries = tuple(
        Entry(
            action="check_in.asked",
            subject=one.subject,
            detail={"use_case": one.use_case, "week": week.isoformat(), "of": user},
        )
        for one in asked
    )
    return Decision(
        changed=asked,
        entries=entries,
        effects=put_to(user, week, [one.id for one in asked], program, directory, circ.now),
    )


def put_to(
    user: UserId,
    week: date,
    ids: Sequence[CheckInId],
    program: Program,
    directory: Directory,
    now: datetime,
) -> tuple[Effect, ...]:
    """The card of a week for a person, what reminds them once, and what ends the waiting."""
    terms = program.figures.check_in
    person = Subject(type="person", id=user)
    posts: tuple[Effect, ...] = (
        Post(
            to=ToPerson(user=user),
            kind=CARD,
            subject=person,
            card=card_of(week),
            data={"week": week.isoformat(), "ids": list(ids)},
            key=f"check_in/{week}/{user}",
        ),
        Refresh(subject=person, card=card_of(week)),
    )
    if terms is None:
        return posts
    times = work_times(user, directory, program.working_time)
    data = {"week": week.isoformat()}
    nudge = Later(
        key=f"check_in/nudge/{user}/{week}",
        due=times.add(now, terms.nudge_after_hours),
        name="check_in_nudge",
        subject=person,
        data=data,
    )
    missed = Later(
        key=f"check_in/missed/{user}/{week}",
        due=now + timedelta(days=terms.missed_after_days),
        name="check_in_missed",
        subject=person,
        data=data,
    )
    return (*posts, nudge, missed)


def nudge(check_ins: Sequence[CheckIn], user: UserId, week: date) -> Decision:
    """One reminder, of what is still open; none where nothing is."""
    open_ = [c for c in check_ins if c.waits and not c.reminded]
    if not open_:
        return Decision()
    post = Post(
        to=ToPerson(user=user),
        kind="check_in_nudge",
        card=f"check_in_nudge/{week.isoformat()}",
        subject=Subject(type="person", id=user),
        data={"week": week.isoformat()},
        key=f"check_in/nudged/{user}/{week}",
    )
    return Decision(
        changed=tuple(c.model_copy(update={"reminded": True}) for c in open_),
        entries=tuple(Entry(action="check_in.nudged", subject=c.subject) for c in open_),
        effects=(post,),
    )


def missed(check_ins: Sequence[CheckIn], user: UserId, week: date) -> Decision:
    """Nobody said anything: the week stays without numbers, and digests say so."""
    open_ = [c for c in check_ins if c.status == "asked"]
    if not open_:
        return Decision()
    card = Refresh(subject=Subject(type="person", id=user), card=card_of(week))
    return Decision(
        changed=tuple(c.model_copy(update={"status": "missed"}) for c in open_),
        entries=tuple(Entry(action="check_in.missed", subject=c.subject) for c in open_),
        effects=(card,),
    )
