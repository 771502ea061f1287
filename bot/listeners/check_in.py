"""The buttons and forms of a check-in: nothing changed, numbers, doubts, and crossed guardrails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.figures import Hearing, check_ins_for, hearing, hearing_of, this_week
from bot.hearing import clicked, field, is_refusal, place_of, submitted
from bot.inputs import Click, Submission, number_in
from bot.registry import NOTHING, Answer, Message, Moment, on_action, on_view
from bot.views.check_in import FIGURE, LIMIT, give_form, why_form
from bot.views.say import words_of
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.figures import alerting, answering
from workflows.figures.check_in import Amount, Doubt
from workflows.figures.guardrails import read_limit
from workflows.figures.telling import Telling
from workflows.ids import Place


def by_week(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> Hearing | None:
    """The check-in of ``UC-0042|2026-11-16``, locked; one that is not there yet begins with what is told."""
    use_case, _, week = id.partition("|")
    try:
        monday = date.fromisoformat(week)
    except ValueError:
        return None
    return hearing_of(tx, moment, circ, use_case, monday) if monday.weekday() == 0 else None


def _place(click: Click) -> Place | None:
    return place_of(click) if click.channel else None


def _settled(heard: Hearing, decision: Decision) -> Answer | None:
    """Store it; a problem is told to whoever pressed, and changes nothing."""
    if decision.problems:
        return Answer(note=Message(text=next(iter(decision.problems.values()))))
    heard.tx.apply(decision, heard.circ)
    return None


def _does(rule: Callable[[Telling], Decision]) -> Callable[[Moment, Click], Answer]:
    def do(moment: Moment, click: Click) -> Answer:
        def decide(heard: Hearing, _: str) -> Answer | None:
            return _settled(heard, rule(heard.telling(at=_place(click))))

        return clicked(moment, click, hearing, decide)

    return do


same = on_action("check_in.same")(_does(answering.nothing_changed))


@on_action("check_in.same_all")
def same_all(moment: Moment, click: Click) -> Answer:
    """Nothing changed in all that they are asked about that week; those never told are left open."""
    try:
        week = date.fromisoformat(str(click.value))
    except ValueError:
        return NOTHING
    circ = moment.circumstances(click.user, "button")
    left = 0
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        for one in check_ins_for(tx, click.user, week):
            if one.status != "asked":
                continue
            heard = hearing(tx, moment, circ, one.id)
            decision = answering.nothing_changed(heard.telling(at=_place(click))) if heard else Decision()
            left += bool(decision.problems)
            if not decision.problems:
                tx.apply(decision, circ)
    return (
        Answer(note=Message(text=words_of(moment.program, "check_in_left", count=left))) if left else NOTHING
    )


def _form(moment: Moment, click: Click, heard: Hearing) -> Answer | None:
    refused = answering.TELL.refused(heard.telling(at=_place(click)))
    if refused:
        heard.tx.apply(refused, heard.circ)
        return None
    return Answer(view=give_form(heard.scene, heard.check_in, heard.use_case))


@on_action("check_in.give")
def open_form(moment: Moment, click: Click) -> Answer:
    """Opens the form for the numbers of one week."""
    return clicked(moment, click, hearing, lambda heard, _: _form(moment, click, heard))


@on_action("figures.give")
def open_form_for(moment: Moment, click: Click) -> Answer:
    """The same for a use case, about this week."""

    def load(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> Hearing | None:
        return hearing_of(tx, moment, circ, id, this_week(moment, tx, click.user))

    return clicked(moment, click, load, lambda heard, _: _form(moment, click, heard))


@on_view("check_in.give")
def given(moment: Moment, submission: Submission) -> Answer:
    """The numbers in the form; what cannot be read is said beside its field."""
    blocks = submission.view.values
    fields = {b.removeprefix(FIGURE): field(submission, b) for b in blocks if b.startswith(FIGURE)}
    limits = {b.removeprefix(LIMIT): field(submission, b) for b in blocks if b.startswith(LIMIT)}

    def do(heard: Hearing, _: Mapping[str, Any]) -> Decision:
        t = heard.telling()
        figures, wrong = answering.read_fields(t, fields)
        if wrong:
            return Decision(problems={f"{FIGURE}{f}": text for f, text in wrong.items()})
        decision = Decision()
        for figure, text in limits.items():
            measured = t.measured.get(figure)
            limit = read_limit(text) if text.strip() else None
            if text.strip() and (limit is None or measured is None):
                return Decision(
                    problems={f"{LIMIT}{figure}": words_of(moment.program, "figure_limit_unread")}
                )
            if limit is not None:
                decision = decision.and_then(answering.set_limit(t, figure, limit))
                if is_refusal(decision):
                    return decision
        told = answering.give(t, figures)
        if told.problems:
            first = next(iter(blocks), "")
            return Decision(problems={first: next(iter(told.problems.values()))})
        return decision.and_then(told)

    return submitted(moment, submission, "week", by_week, do)


# --- doubts -------------------------------------------------------------------------------------------------


def _which(what: str) -> tuple[tuple[str, str], str]:
    figure, _, rest = what.partition("|")
    function, _, number = rest.partition("|")
    return (figure, function), number


@on_action("figure.right")
def right(moment: Moment, click: Click) -> Answer:
    """A questioned number is right."""

    def decide(heard: Hearing, what: str) -> Answer | None:
        return _settled(heard, answering.settle(heard.telling(at=_place(click)), _which(what)[0], None))

    return clicked(moment, click, hearing, decide)


@on_action("figure.instead")
def instead(moment: Moment, click: Click) -> Answer:
    """Another number was meant: one of those that were offered."""

    def decide(heard: Hearing, what: str) -> Answer | None:
        which, number = _which(what)
        doubt = answering.doubt_of(heard.check_in, which)
        amount = _offered(doubt, number_in(number)) if doubt else None
        if doubt is not None and amount is None:
            return None
        meant = amount or Amount(value=0)
        return _settled(heard, answering.settle(heard.telling(at=_place(click)), which, meant))

    return clicked(moment, click, hearing, decide)


def _offered(doubt: Doubt, number: int | None) -> Amount | None:
    return doubt.instead[number] if number is not None and number < len(doubt.instead) else None


# --- guardrails ---------------------------------------------------------------------------------------------


def _says(within: bool) -> Callable[[Moment, Click], Answer]:
    def do(moment: Moment, click: Click) -> Answer:
        def decide(heard: Hearing, figure: str) -> Answer | None:
            return _settled(heard, answering.within_bounds(heard.telling(at=_place(click)), figure, within))

        return clicked(moment, click, hearing, decide)

    return do


within_bounds = on_action("guardrail.within")(_says(True))
out_of_bounds = on_action("guardrail.beyond")(_says(False))


@on_action("guardrail.done")
def guardrail_done(moment: Moment, click: Click) -> Answer:
    """What was promised at the intake was done."""

    def decide(heard: Hearing, figure: str) -> Answer | None:
        return _settled(
            heard, alerting.answer(heard.telling(at=_place(click), detail={"figure": figure}), True)
        )

    return clicked(moment, click, hearing, decide)


@on_action("guardrail.why")
def guardrail_why(moment: Moment, click: Click) -> Answer:
    """Opens the form for the reason why it is not done."""

    def decide(heard: Hearing, figure: str) -> Answer | None:
        refused = alerting.ANSWER.refused(heard.telling(at=_place(click), detail={"figure": figure}))
        if refused:
            heard.tx.apply(refused, heard.circ)
            return None
        return Answer(view=why_form(heard.scene, heard.check_in, figure, heard.use_case))

    return clicked(moment, click, hearing, decide)


@on_view("guardrail.why")
def guardrail_reason(moment: Moment, submission: Submission) -> Answer:
    """Why what was promised is not done."""
    reason = field(submission, "reason")

    def do(heard: Hearing, private: Mapping[str, Any]) -> Decision:
        detail = {"figure": str(private.get("figure"))}
        return alerting.answer(heard.telling(detail=detail), False, reason)

    return submitted(moment, submission, "check_in", hearing, do)
