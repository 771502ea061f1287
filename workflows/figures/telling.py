"""Numbers are told: what counts at once, what is questioned first, and what follows for the guardrails.

Whichever way they come (a check-in, a file, a system), they come through :func:`told`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Post, Refresh, ToPerson, ToPlace
from workflows.events import Event
from workflows.figures import alerting
from workflows.figures.check_in import CheckIn, Doubt, Told
from workflows.figures.measured import History, Measured, before, history, key_of, measured_in
from workflows.figures.plausible import doubtful
from workflows.ids import Place, Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.systems import system_name
from workflows.use_case import UseCase

Source = Literal["check_in", "csv", "webhook", "import"]

CARD = "check_in"
"""The card in which somebody is asked; its subject is the person, and each week has its own."""
DOUBTS = "figure_doubts"
"""The card with what is questioned about one check-in."""


@dataclass(frozen=True)
class Telling:
    """Somebody tells numbers of one use case and week, with all that the rules need to know."""

    use_case: UseCase
    check_in: CheckIn
    """Of that week; a new one where there was none."""
    events: Sequence[Event]
    """What is known of the use case's figures (``reading.figures_of``)."""
    program: Program
    directory: Directory
    circ: Circumstances
    source: Source = "check_in"
    late: bool = False
    """Whether the week was reported already."""
    at: Place | None = None
    detail: dict[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> Subject:
        """The check-in."""
        return self.check_in.subject

    @property
    def user(self) -> UserId:
        """Who tells."""
        return self.circ.actor.user

    @property
    def measured(self) -> dict[str, Measured]:
        """The figures of the use case by id."""
        return {m.id: m for m in measured_in(self.use_case, self.program, self.events)}

    @property
    def known(self) -> History:
        """What was told before, by figure."""
        return history(self.events)


def told(t: Telling, figures: Sequence[Told], sure: bool = False, unchanged: bool = False) -> Decision:
    """Keep what is plausible, question the rest, and tell who must know of a guardrail that is crossed.

    ``sure``: somebody looked at them and said that they are right, so only the impossible is questioned.
    What is known already changes nothing. Figures that the use case does not have are left out.
    """
    measured, known = t.measured, t.known
    events: list[Event] = []
    kept: list[Told] = []
    doubts: list[Doubt] = []
    # Of several that were told at once for the same thing, the last.
    for one in {f.which: f for f in figures}.values():
        what = measured.get(one.figure)
        if what is None:
            continue
        points = before(known.get(one.figure, ()), t.check_in.week) if not one.function else ()
        doubt = doubtful(one, what, points, t.program.figures.plausible)
        if doubt is not None and not (sure and doubt.possible):
            doubts.append(doubt)
            continue
        event = event_of(t, one, unchanged)
        if any(e.key == event.key and (e.value, e.of) == (event.value, event.of) for e in t.events):
            if one.which not in {f.which for f in t.check_in.figures} or one.which in _doubted(t.check_in):
                kept.append(one)
            continue
        events.append(event)
        kept.append(one)
    doubts = [d for d in doubts if not _asked_already(t, d)]
    if not (kept or doubts):
        return Decision()
    return _decided(t, kept, doubts, events, unchanged)


def _decided(
    t: Telling, kept: Sequence[Told], doubts: Sequence[Doubt], events: list[Event], unchanged: bool
) -> Decision:
    before_ = t.check_in
    named = {one.which for one in (*kept, *(d.told for d in doubts))}
    figures = (*(f for f in before_.figures if f.which not in named), *kept)
    open_ = (*(d for d in before_.doubts if d.told.which not in named), *doubts)
    status = "doubted" if open_ else "unchanged" if unchanged else "told"
    after = before_.model_copy(
        update={
            "figures": figures,
            "doubts": open_,
            "status": status,
            "late": before_.late or (t.late and bool(events)),
            "closed_at": None if open_ else (before_.closed_at or t.circ.now),
        }
    )
    after, crossings, told_of = alerting.weighed(t, after, events)
    effects: list[Effect] = [
        *told_of,
        *redrawn(after),
    ]
    if doubts:
        effects.append(_question(t, after, doubts))
    detail = {
        "week": after.week.isoformat(),
        "source": t.source,
        "figures": {_name(one): [one.value, one.of] for one in kept},
        **({"doubted": {_name(d.told): [d.told.value, d.told.of] for d in doubts}} if doubts else {}),
        **({"late": True} if t.late else {}),
    }
    entry = Entry(action="figures.told", subject=after.subject, detail=detail)
    return Decision(changed=(after,), events=(*events, *crossings), entries=(entry,), effects=tuple(effects))


def event_of(t: Telling, one: Told, unchanged: bool = False) -> Event:
    """A told number as the event that measures are computed from; a later one takes its place."""
    detail = {"note": one.note} if one.note else {}
    return Event(
        key=key_of(t.use_case.id, one.figure, one.function, t.check_in.week),
        kind=one.figure,
        at=one.at,
        week=t.check_in.week,
        use_case=t.use_case.id,
        function=one.function,
        value=one.value,
        of=one.of,
        source=t.source,
        by=one.by,
        received_at=t.circ.now,
        late=t.late,
        detail={**detail, **({"unchanged": True} if unchanged else {})},
    )


def redrawn(check_in: CheckIn) -> tuple[Effect, ...]:
    """The cards that show it."""
    people = dict.fromkeys(u for u in (check_in.owner, *check_in.passed_by) if u)
    cards = (Refresh(subject=Subject(type="person", id=u), card=card_of(check_in.week)) for u in people)
    return (*cards, Refresh(subject=check_in.subject))


def card_of(week: date) -> str:
    """The name of the card in which a person is asked about a week."""
    return f"{CARD}/{week.isoformat()}"


def _question(t: Telling, after: CheckIn, doubts: Sequence[Doubt]) -> Post:
    """To whoever told it; of a system's numbers, to whoever answers for them."""
    teller = t.user if not system_name(t.user) and t.directory.person(t.user).active else after.owner
    which = ",".join(sorted(f"{_name(d.told)}={d.told.value:g}/{d.told.of}" for d in doubts))
    to: UserId = teller or t.user
    here = t.at if t.at is not None and to == t.user else None
    return Post(
        to=ToPlace(place=here) if here else ToPerson(user=to),
        kind=DOUBTS,
        subject=after.subject,
        card=DOUBTS,
        key=f"figures/doubt/{after.id}/{to}/{which}"[:250],
    )


def same_again(t: Telling) -> tuple[Told, ...]:
    """The last known numbers as those of this week: of each figure the newest before it."""
    found = []
    for id in t.measured:
        points = before(t.known.get(id, ()), t.check_in.week)
        if points and points[-1].week >= t.check_in.week - _STALE:
            found.append(Told(figure=id, value=points[-1].value, of=points[-1].of, by=t.user, at=t.circ.now))
    return tuple(found)


_STALE = timedelta(weeks=6)
"""What is older than this is not said again by "nothing changed"."""


def _asked_already(t: Telling, doubt: Doubt) -> bool:
    same = (doubt.told.which, doubt.told.value, doubt.told.of)
    return any((d.told.which, d.told.value, d.told.of) == same for d in t.check_in.doubts)


def _doubted(check_in: CheckIn) -> set[tuple[str, str]]:
    return {d.told.which for d in check_in.doubts}


def _name(one: Told) -> str:
    return f"{one.figure}:{one.function}" if one.function else one.figure
