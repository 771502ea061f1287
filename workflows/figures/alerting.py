"""Guardrails after numbers were told: who hears that one is crossed, that it goes on, or that it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from workflows.decision import Decision, Entry
from workflows.effects import Effect, Post, Refresh, ToPerson, ToRoom
from workflows.events import Event, week_of
from workflows.figures.check_in import Alert, CheckIn
from workflows.figures.guardrails import crossed, in_words
from workflows.figures.measured import Measured, Point, before, hear_of_a_crossing, room_of_figures
from workflows.ids import UserId
from workflows.refusals import Refusal, Right
from workflows.taking_part import works_on

if TYPE_CHECKING:
    from workflows.figures.telling import Telling

CARD = "guardrail"
CROSSED = "crossed"
"""The kind of the event: ``value`` is 1, and 0 where a correction took it back."""
REASON_AT_MOST = 1000


def weighed(
    t: Telling, check_in: CheckIn, events: Sequence[Event]
) -> tuple[CheckIn, tuple[Event, ...], tuple[Effect, ...]]:
    """The check-in with what its new numbers mean for the guardrails, the events of it, and who is told."""
    found: list[Event] = []
    effects: list[Effect] = []
    alerts = {a.figure: a for a in check_in.alerts}
    week = check_in.week
    recent = week >= week_of(t.circ.now.date()) - timedelta(days=7)
    people = hear_of_a_crossing(t.use_case, t.program, t.directory, t.circ.now)
    for event in events:
        what = t.measured.get(event.kind)
        if what is None or what.limit is None or event.function:
            continue
        points = t.known.get(event.kind, ())
        start = _start(points, week, event.value)
        over = crossed(what.limit, event.value, start)
        earlier = before(points, week)
        was = alerts.get(event.kind)
        if over:
            since, weeks = _in_a_row(what, earlier, start, week)
            told_to = was.to if was else people
            alerts[event.kind] = (
                was
                or Alert(
                    figure=event.kind, value=event.value, since=since, weeks=weeks, at=t.circ.now, to=told_to
                )
            ).model_copy(update={"value": event.value})
            if was is None or was.value != event.value:
                found.append(_event(t, what, event, 1.0))
        elif was is not None:
            del alerts[event.kind]
            found.append(_event(t, what, event, 0.0))
        elif recent and earlier and crossed(what.limit, earlier[-1].value, start):
            effects += _over(t, check_in, what, people)
    after = check_in.model_copy(update={"alerts": tuple(alerts.values())})
    if recent and len(after.alerts) > len(check_in.alerts):
        effects += _told(t, after, people)
    if check_in.alerts:
        effects.append(Refresh(subject=check_in.subject, card=CARD))
    return after, tuple(found), tuple(effects)


def _start(points: Sequence[Point], week: date, value: float) -> float | None:
    """What a relative limit counts from: the first number that was ever told, if this is not the first."""
    first = points[0] if points else None
    return first.value if first and first.week < week else None


def _in_a_row(what: Measured, earlier: Sequence[Point], start: float | None, week: date) -> tuple[date, int]:
    """Since which week it has been crossed, and for how many weeks that were told."""
    since, weeks = week, 1
    for point in reversed(earlier):
        if what.limit is None or not crossed(what.limit, point.value, start):
            break
        since, weeks = point.week, weeks + 1
    return since, weeks


def _event(t: Telling, what: Measured, event: Event, value: float) -> Event:
    return event.model_copy(
        update={
            "key": f"{CROSSED}/{t.use_case.id}/{what.id}/{event.week}",
            "kind": CROSSED,
            "value": value,
            "of": None,
            "detail": {
                "figure": what.id,
                "label": what.label,
                "number": event.value,
                "limit": in_words(what.limit) if what.limit else what.limit_words,
                "unit": what.unit,
                "action": what.action,
            },
        }
    )


def _told(t: Telling, after: CheckIn, people: Sequence[UserId]) -> list[Effect]:
    """One message for the week, however many guardrails are crossed in it."""
    room = room_of_figures(t.use_case, t.program)
    key = f"guardrail/{t.use_case.id}/{after.week}"
    posts: list[Effect] = [
        Post(to=ToPerson(user=u), kind=CARD, subject=after.subject, card=CARD, key=f"{key}/{u}")
        for u in people
    ]
    if room:
        posts.append(
            Post(to=ToRoom(name=room), kind=CARD, subject=after.subject, card=CARD, key=f"{key}/room/{room}")
        )
    return posts


def _over(t: Telling, check_in: CheckIn, what: Measured, people: Sequence[UserId]) -> list[Effect]:
    room = room_of_figures(t.use_case, t.program)
    key = f"guardrail/{t.use_case.id}/{what.id}/over/{check_in.week}"
    data = {"figure": what.id}
    told: list[Effect] = [
        Post(
            to=ToPerson(user=u), kind="guardrail_over", subject=check_in.subject, data=data, key=f"{key}/{u}"
        )
        for u in people
    ]
    if room:
        told.append(
            Post(
                to=ToRoom(name=room),
                kind="guardrail_over",
                subject=check_in.subject,
                data=data,
                key=f"{key}/room",
            )
        )
    return told


def bounds(t: Telling, figure: str, within: bool) -> Decision:
    """Somebody who may says whether a guardrail without a limit in numbers is within bounds this week.

    Whether they may is for the caller to ask.
    """
    what = t.measured.get(figure)
    if what is None or not what.guards or t.check_in.within.get(figure) == within:
        return Decision()
    others = tuple(a for a in t.check_in.alerts if a.figure != figure)
    people = hear_of_a_crossing(t.use_case, t.program, t.directory, t.circ.now)
    alert = Alert(figure=figure, value=None, since=t.check_in.week, at=t.circ.now, to=people)
    after = t.check_in.model_copy(
        update={
            "within": {**t.check_in.within, figure: within},
            "alerts": others if within else (*others, alert),
            "status": "told" if t.check_in.status in ("asked", "missed") else t.check_in.status,
        }
    )
    event = Event(
        key=f"{CROSSED}/{t.use_case.id}/{figure}/{t.check_in.week}",
        kind=CROSSED,
        at=t.circ.now,
        week=t.check_in.week,
        use_case=t.use_case.id,
        value=0.0 if within else 1.0,
        source=t.source,
        by=t.user,
        received_at=t.circ.now,
        late=t.late,
        detail={"figure": figure, "limit": what.limit_words, "action": what.action},
    )
    entry = Entry(action="guardrail.said", subject=after.subject, detail={"figure": figure, "within": within})
    redraw = Refresh(subject=after.subject, card=CARD)
    told = [] if within else _told(t, after, people)
    return Decision(changed=(after,), events=(event,), entries=(entry,), effects=(*told, redraw))


# --- what is answered ---------------------------------------------------------------------------------------


def _is_theirs(t: Telling) -> Refusal | None:
    alert = next((a for a in t.check_in.alerts if a.figure == t.detail.get("figure")), None)
    if t.directory.person(t.user).active and (
        (alert is not None and t.user in alert.to)
        or works_on(t.use_case, t.user, t.program, t.directory, t.circ.now)
    ):
        return None
    return Refusal("guardrail_not_yours")


def _still_stands(t: Telling) -> Refusal | None:
    alert = next((a for a in t.check_in.alerts if a.figure == t.detail.get("figure")), None)
    if alert is None:
        return Refusal("guardrail_gone")
    if alert.answer and alert.by:
        return Refusal("guardrail_answered", {"who": t.directory.person(alert.by).name})
    return None


ANSWER: Right[Telling] = Right("guardrail.answered", (_is_theirs, _still_stands))
"""To say what was done about a crossed guardrail."""


def answer(t: Telling, did: bool, reason: str = "") -> Decision:
    """What was promised was done, or why it is not. ``t.detail["figure"]`` says which guardrail.

    A missing reason is a problem of the field ``reason``.
    """
    refused = ANSWER.refused(t)
    if refused:
        return refused
    if not did and not reason.strip():
        return Decision(problems={"reason": t.program.messages["reason_needed"]})
    if len(reason) > REASON_AT_MOST:
        return Decision(problems={"reason": t.program.messages["text_too_long"].format(most=REASON_AT_MOST)})
    which = t.detail["figure"]
    said = {
        "answer": "done" if did else "not",
        "reason": reason.strip(),
        "by": t.user,
        "answered_at": t.circ.now,
    }
    alerts = tuple(a.model_copy(update=said) if a.figure == which else a for a in t.check_in.alerts)
    after = t.check_in.model_copy(update={"alerts": alerts})
    detail = {"figure": which, "answer": said["answer"], "reason": reason.strip()}
    return Decision(
        changed=(after,),
        entries=(Entry(action="guardrail.answered", subject=after.subject, detail=detail),),
        effects=(Refresh(subject=after.subject, card=CARD),),
    )
