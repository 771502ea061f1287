"""``POST /hooks/figures``: a system tells the numbers of a use case and week."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.figures import hearing_of
from bot.hearing import is_refusal
from bot.hooks import HookAnswer, HookIn, HookRefused, on_hook, parsed
from bot.listeners.incident_hook import named
from bot.registry import Moment
from bot.views.kit import bare
from workflows.decision import Decision
from workflows.events import week_of
from workflows.figures.answering import give, is_figure
from workflows.figures.catalogue import BY_ID
from workflows.figures.check_in import CheckIn, Told
from workflows.figures.telling import Telling

_Amount = Annotated[float, Field(allow_inf_nan=False)]


class _Number(BaseModel):
    """A number, and what it is a part of."""

    model_config = ConfigDict(extra="forbid")

    value: _Amount
    of: _Amount | None = None


class _Told(BaseModel):
    """The body."""

    model_config = ConfigDict(extra="forbid")

    use_case: str = Field(min_length=1, max_length=300)
    """Its id or its name."""
    week: datetime.date | None = None
    """Any day of the week; without one, ``date``, and without either the week it is."""
    date: datetime.date | None = None
    function: str = Field(default="", max_length=80)
    figures: dict[str, _Number | _Amount] = Field(min_length=1, max_length=40)


@on_hook("figures")
def from_a_system(moment: Moment, hook: HookIn) -> HookAnswer:
    """Plausible numbers count at once; the others are put to whoever answers for the use case's numbers."""
    sent = parsed(_Told, hook.body)
    unknown = sorted(f for f in sent.figures if not is_figure(f))
    if unknown:
        says = f"There is no figure {unknown[0][:80]!r}. There are: {', '.join(BY_ID)}."
        raise HookRefused(400, "no_such_figure", says)
    if sent.function and sent.function not in moment.program.functions:
        says = f"There is no function {sent.function!r}. There are: {', '.join(moment.program.functions)}."
        raise HookRefused(400, "no_such_function", says)
    circ = hook.circumstances(moment)
    week = week_of(sent.week or sent.date or moment.now.date())
    with moment.store.write() as tx:
        use_case = named(tx, sent.use_case)
        heard = hearing_of(tx, moment, circ, use_case.id, week) if use_case else None
        if heard is None:
            says = f"There is no use case {sent.use_case!r}. `preflight usecases list` shows them."
            raise HookRefused(404, "no_such_use_case", says)
        if not hook.first_time(tx, moment.now):
            return HookAnswer({"ok": True, "again": True, "use_case": heard.use_case.id, "week": str(week)})
        t = heard.telling(source="webhook")
        figures = _figures(sent, t)
        decision = give(t, figures)
        if decision.problems:
            says = "; ".join(bare(v) for v in decision.problems.values())
            raise HookRefused(422, "fields", says)
        if is_refusal(decision):
            raise HookRefused(409, "not_in_use", f"{heard.use_case.id} is not in use, so it has no numbers.")
        if decision.changed or decision.events:
            tx.apply(decision, circ)
    return HookAnswer(_answer(t, decision, figures))


def _figures(sent: _Told, t: Telling) -> list[Told]:
    found = []
    for figure, given in sent.figures.items():
        number = given if isinstance(given, _Number) else _Number(value=given)
        found.append(
            Told(
                figure=figure,
                value=number.value,
                of=number.of,
                function=sent.function,
                by=t.user,
                at=t.circ.now,
            )
        )
    return found


def _answer(t: Telling, decision: Decision, figures: list[Told]) -> dict[str, object]:
    after = next((c for c in decision.changed if isinstance(c, CheckIn)), t.check_in)
    doubted = {d.told.figure for d in after.doubts if d.told.function == figures[0].function}
    counted = {e.kind for e in decision.events if e.key.startswith("figure/")}
    asked = [f.figure for f in figures if f.figure in doubted]
    has = t.measured
    return {
        "ok": True,
        "again": False,
        "use_case": t.use_case.id,
        "week": str(t.check_in.week),
        "late": t.late,
        "counted": [f.figure for f in figures if f.figure in counted],
        "doubted": asked,
        "known": [f.figure for f in figures if f.figure in has and f.figure not in {*counted, *asked}],
        "not_measured": [f.figure for f in figures if f.figure not in has],
    }
