"""What people answer to a check-in: numbers, "nothing changed", somebody else's name, or that it is off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from workflows.decision import Decision, Entry
from workflows.effects import Post, ToPerson, ToPlace
from workflows.events import Event, week_of
from workflows.figures.alerting import bounds
from workflows.figures.asking import put_to
from workflows.figures.catalogue import BY_ID
from workflows.figures.check_in import Amount, CheckIn, Doubt, Told
from workflows.figures.guardrails import Limit
from workflows.figures.measured import LIMIT_TOLD, Measured, before
from workflows.figures.plausible import doubtful
from workflows.figures.telling import DOUBTS, Telling, redrawn, same_again, told
from workflows.ids import UserId
from workflows.refusals import Refusal, Right
from workflows.seeing import UNFINISHED, spoken_of
from workflows.systems import system_name
from workflows.taking_part import works_on
from workflows.words.figures import Asked, Given, read_figure

_OLDEST = timedelta(weeks=520)


def _may_tell(t: Telling) -> Refusal | None:
    if system_name(t.user):
        return None
    theirs = t.user == t.check_in.owner or works_on(t.use_case, t.user, t.program, t.directory, t.circ.now)
    if theirs and t.directory.person(t.user).active:
        return None
    return Refusal("figures_not_yours", {"title": spoken_of(t.use_case, t.user)})


def _is_in_use(t: Telling) -> Refusal | None:
    if t.use_case.stage in UNFINISHED:
        return Refusal("figures_not_in_use", {"title": spoken_of(t.use_case, t.user)})
    return None


TELL: Right[Telling] = Right("figures.told", (_may_tell, _is_in_use))
"""To tell the numbers of a use case, correct them, or say who knows them."""


def give(t: Telling, figures: Sequence[Told], sure: bool = False) -> Decision:
    """Numbers are told by somebody who may. A week that cannot be is a problem of the field ``week``."""
    refused = TELL.refused(t)
    if refused:
        return refused
    today = week_of(t.circ.now.date() + timedelta(days=1))
    if not today - _OLDEST <= t.check_in.week <= today:
        return Decision(problems={"week": t.program.messages["figures_week"]})
    return told(t, figures, sure)


def nothing_changed(t: Telling) -> Decision:
    """The last numbers count again, marked as such. Where there are none, a problem of ``figures``."""
    refused = TELL.refused(t)
    if refused:
        return refused
    again = same_again(t)
    if not again:
        return Decision(problems={"figures": t.program.messages["figures_none_before"]})
    kept = {f.which for f in t.check_in.figures}
    return told(t, [one for one in again if one.which not in kept], sure=True, unchanged=True)


def pass_on(t: Telling, to: UserId) -> Decision:
    """Somebody else knows: they are asked. Who that is may be a problem of ``to``."""
    refused = TELL.refused(t)
    if refused:
        return refused
    if not t.directory.person(to).active:
        return Decision(problems={"to": t.program.messages["owner_not_here"]})
    if to == t.check_in.owner:
        return Decision(problems={"to": t.program.messages["figures_asked_already"]})
    before_ = tuple(dict.fromkeys(u for u in (*t.check_in.passed_by, t.check_in.owner) if u and u != to))
    after = t.check_in.model_copy(update={"owner": to, "passed_by": before_, "reminded": False})
    detail = {"from": t.check_in.owner, "to": to}
    note = Post(
        to=ToPerson(user=to),
        kind="check_in_passed",
        subject=after.subject,
        data={"by": t.user},
        key=f"check_in/passed/{after.id}/{to}",
    )
    return Decision(
        changed=(after,),
        entries=(Entry(action="check_in.passed_on", subject=after.subject, detail=detail),),
        effects=(
            note,
            *put_to(to, after.week, [after.id], t.program, t.directory, t.circ.now),
            *redrawn(after),
        ),
    )


def switched_off(t: Telling) -> Decision:
    """It is off: no numbers for this week. Whether it is paused is another decision."""
    refused = TELL.refused(t)
    if refused:
        return refused
    after = t.check_in.model_copy(update={"status": "off", "closed_at": t.circ.now})
    return Decision(
        changed=(after,),
        entries=(Entry(action="check_in.off", subject=after.subject),),
        effects=redrawn(after),
    )


def settle(t: Telling, which: tuple[str, str], amount: Amount | None) -> Decision:
    """A doubt is answered: the number is right (``None``), or it is this one instead.

    A doubt that is gone changes nothing and is a problem of ``doubt``.
    """
    refused = TELL.refused(t)
    if refused:
        return refused
    doubt = doubt_of(t.check_in, which)
    if doubt is None:
        return Decision(problems={"doubt": t.program.messages["figure_doubt_gone"]})
    if amount is None and not doubt.possible:
        return Decision(problems={"doubt": t.program.messages["figure_not_possible"]})
    meant = doubt.told if amount is None else doubt.told.model_copy(update=amount.model_dump())
    return told(t, [meant.model_copy(update={"by": t.user, "at": t.circ.now})], sure=True)


def doubt_of(check_in: CheckIn, which: tuple[str, str]) -> Doubt | None:
    """What is questioned about that figure."""
    return next((d for d in check_in.doubts if d.told.which == which), None)


def within_bounds(t: Telling, figure: str, within: bool) -> Decision:
    """A guardrail that has no limit in numbers is within bounds this week, or is not."""
    refused = TELL.refused(t)
    if refused:
        return refused
    decision = bounds(t, figure, within)
    return decision.and_then(Decision(effects=redrawn(t.check_in))) if decision.changed else decision


def set_limit(t: Telling, figure: str, limit: Limit) -> Decision:
    """The limit of a guardrail whose words at the intake named none; kept as an event beside its numbers."""
    refused = TELL.refused(t)
    if refused:
        return refused
    event = Event(
        key=f"limit/{t.use_case.id}/{figure}",
        kind=LIMIT_TOLD,
        at=t.circ.now,
        week=t.check_in.week,
        use_case=t.use_case.id,
        value=limit.value,
        source=t.source,
        by=t.user,
        received_at=t.circ.now,
        detail={"figure": figure, "limit": limit.model_dump(mode="json")},
    )
    detail = {"figure": figure, "limit": limit.model_dump(mode="json")}
    entry = Entry(action="guardrail.limited", subject=t.use_case.subject, detail=detail)
    return Decision(events=(event,), entries=(entry,), effects=redrawn(t.check_in))


# --- from words ---------------------------------------------------------------------------------------------


def asked_for(t: Telling) -> tuple[Asked, ...]:
    """The figures as the reader of plain words knows them."""
    found = []
    for measured in t.measured.values():
        points = t.known.get(measured.id, ())
        last = next((p for p in reversed(points) if p.week <= t.check_in.week), None)
        found.append(
            Asked(
                figure=measured.id,
                shape=measured.kind.shape,
                words=words_of_figure(measured),
                unit=measured.unit,
                last=last.value if last else measured.baseline,
                last_of=last.of if last else None,
            )
        )
    return tuple(found)


def words_of_figure(measured: Measured) -> tuple[str, ...]:
    """By which words it is known: its own, and those of the catalogue."""
    own = (measured.label, measured.limit.metric if measured.limit else "")
    return tuple(dict.fromkeys(w for w in (*own, measured.kind.label, *measured.kind.names) if w))


def as_told(t: Telling, given: Sequence[Given]) -> tuple[tuple[Told, ...], tuple[Doubt, ...]]:
    """What was read as told figures, and what has to be asked first: which figure, or of how many."""
    clear, doubts = [], []
    for one in given:
        figure = Told(figure=one.figure, value=one.value, of=one.of, by=t.user, at=t.circ.now, note=one.note)
        if one.needs_whole:
            doubts.append(Doubt(told=figure, because="of_what", possible=False))
        elif not one.sure:
            points = before(t.known.get(one.figure, ()), t.check_in.week)
            odd = doubtful(figure, t.measured[one.figure], points, t.program.figures.plausible)
            doubts.append(odd or Doubt(told=figure, because="guessed"))
        else:
            clear.append(figure)
    return tuple(clear), tuple(doubts)


def read_fields(t: Telling, fields: Mapping[str, str]) -> tuple[tuple[Told, ...], dict[str, str]]:
    """The fields of a form by figure: the numbers in them, and what could not be read, by figure."""
    asked = {a.figure: a for a in asked_for(t)}
    found: list[Told] = []
    wrong: dict[str, str] = {}
    for figure, text in fields.items():
        if not text.strip() or figure not in asked:
            continue
        given = read_figure(text, asked[figure])
        if given is None:
            wrong[figure] = t.program.messages["figure_unread"]
        elif given.needs_whole:
            wrong[figure] = t.program.messages["figure_of_how_many"].format(value=given.note)
        else:
            found.append(
                Told(figure=figure, value=given.value, of=given.of, by=t.user, at=t.circ.now, note=given.note)
            )
    return tuple(found), wrong


def question(t: Telling, doubts: Sequence[Doubt]) -> Decision:
    """Keep what was not understood well enough to count, and ask."""
    if not doubts:
        return Decision()
    named = {d.told.which for d in doubts}
    open_ = (*(d for d in t.check_in.doubts if d.told.which not in named), *doubts)
    after = t.check_in.model_copy(update={"doubts": open_, "status": "doubted"})
    which = ",".join(sorted(f"{d.told.figure}={d.told.value:g}/{d.told.of}" for d in doubts))
    post = Post(
        to=ToPlace(place=t.at) if t.at else ToPerson(user=t.user),
        kind=DOUBTS,
        subject=after.subject,
        card=DOUBTS,
        key=f"figures/doubt/{after.id}/{t.user}/{which}"[:250],
    )
    detail = {"doubted": {d.told.figure: [d.told.value, d.told.of] for d in doubts}}
    return Decision(
        changed=(after,),
        entries=(Entry(action="figures.questioned", subject=after.subject, detail=detail),),
        effects=(post, *redrawn(after)),
    )


def is_figure(name: str) -> bool:
    """Whether the catalogue has it."""
    return name in BY_ID
