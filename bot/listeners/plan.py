"""The 90-day plan in Slack: started, looked at, and each task done, moved, handed on or added."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from bot.drawing import scene_for
from bot.hearing import clicked, field, is_refusal, place_of, refusal_text, submitted
from bot.inputs import Click, CommandIn, MessageIn, Submission
from bot.registry import NOTHING, RENDERERS, Answer, Message, Moment, View, command, on_action, on_view
from bot.views.approval_forms import told
from bot.views.plan_forms import add_form, hand_form, move_form, start_form
from bot.views.say import words_of
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPerson, ToPlace
from workflows.ids import Place, Subject, UserId
from workflows.plan import running as rules
from workflows.plan.plan import Plan
from workflows.plan.running import Run
from workflows.refusals import Right

_ASKS = re.compile(
    r"(?:show(?: me)?|how is|how's|where (?:is|are we (?:with|on))|what(?:'s| is) (?:in|the state of)|open)?"
    r" ?(?:the|our) (?:(?:90|ninety)[- ]?days?'? )?plan(?: going| doing| standing)?"
)


@command("plan", help="the 90-day plan: its phases, what is late, and whose it is")
def plan(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight plan``: the running plan, in one's own conversation; without one, how it is started."""
    circ = moment.circumstances(said.user, "command")
    with moment.store.write() as tx:
        found = running(tx)
        if found is not None:
            if tx.first_time(said.key):
                tx.apply(Decision(effects=(rules.shown(found, ToPerson(user=said.user)),)), circ)
            return Answer(note=Message(text=words_of(moment.program, "plan_sent")))
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="program", id="plan"), said.user)
        return Answer(note=RENDERERS["plan_none"](scene, {}))


def running(tx: Tx) -> Plan | None:
    """The plan that is running."""
    return next(iter(tx.matters(Plan, statuses=("running",), at_most=1)), None)


def asked_for_the_plan(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether the words ask for the plan; if so it is shown where they were written."""
    said = " ".join(re.sub(r"[?.!]+$", "", message.text.casefold().strip()).split())
    if not _ASKS.fullmatch(said) or not moment.program.plan.label:
        return False
    found = running(tx)
    to = ToPlace(place=message.place)
    post = (
        Post(to=to, kind=rules.CARD, subject=found.subject, card=rules.CARD)
        if found
        else Post(to=to, kind="plan_none", subject=Subject(type="program", id="plan"))
    )
    tx.apply(Decision(effects=(post,)), circ)
    return True


class Hearing:
    """A plan under its lock, with the task that is meant."""

    def __init__(self, tx: Tx, run: Run) -> None:
        self.tx = tx
        self.run = run
        self.circ = run.circ

    @property
    def title(self) -> str:
        """What a form about it is called that can no longer do what it was for."""
        return self.run.program.plan.label[:24] or "Plan"


def hearing(
    tx: Tx,
    moment: Moment,
    circ: Circumstances,
    named: str,
    at: Place | None = None,
    detail: Mapping[str, str] | None = None,
) -> Hearing | None:
    """The plan, and after a bar its task; ``None`` where it is gone."""
    id, _, task = named.partition("|")
    found = tx.lock(Plan, id)
    if found is None:
        return None
    run = Run(moment.program, tx.directory(), circ, found, found.task(task), at, detail or {})
    return Hearing(tx, run)


def _on_click(
    moment: Moment, click: Click, do: Callable[[Hearing], Answer | None], phase: bool = False
) -> Answer:
    at = place_of(click) if click.channel else None
    _, _, what = str(click.value or "").partition("|")

    def load(tx: Tx, moment: Moment, circ: Circumstances, id: str) -> Hearing | None:
        detail = {"phase" if phase else "task": what}
        return hearing(tx, moment, circ, f"{id}|{what}", at, detail)

    return clicked(moment, click, load, lambda heard, _: do(heard))


def _does(rule: Callable[[Run], Decision], phase: bool = False) -> Callable[[Moment, Click], Answer]:
    """A button that a rule alone decides about."""

    def do(heard: Hearing) -> Answer | None:
        heard.tx.apply(rule(heard.run), heard.circ)
        return None

    return lambda moment, click: _on_click(moment, click, do, phase)


def _opens(right: Right[Run], form: Callable[[Run], View]) -> Callable[[Moment, Click], Answer]:
    """A button that opens a form, unless the person may not do what it is for."""

    def do(heard: Hearing) -> Answer | None:
        refused = right.refused(heard.run)
        if refused:
            heard.tx.apply(refused, heard.circ)
            return None
        return Answer(view=form(heard.run))

    return lambda moment, click: _on_click(moment, click, do)


def _move(run: Run) -> View:
    assert run.plan is not None, "the right to move a task asks for it"
    assert run.task is not None, "the right to move a task asks for it"
    return move_form(run.program, run.plan, run.task)


def _hand(run: Run) -> View:
    assert run.plan is not None, "the right to hand on a task asks for it"
    assert run.task is not None, "the right to hand on a task asks for it"
    return hand_form(run.plan, run.task)


def _add(run: Run) -> View:
    assert run.plan is not None, "the right to add a task asks for a plan"
    return add_form(run.program, run.plan)


done = on_action("plan.done")(_does(rules.done))
extend = on_action("plan.extend")(_does(rules.extended, phase=True))
close = on_action("plan.close")(_does(rules.closed))
move = on_action("plan.move")(_opens(rules.MOVE, _move))
hand = on_action("plan.hand")(_opens(rules.HAND, _hand))
add = on_action("plan.add")(_opens(rules.ADD, _add))


@on_action("plan.open")
def open_task(moment: Moment, click: Click) -> Answer:
    """The card of a task, in one's own conversation; it is everybody's to read."""

    def do(heard: Hearing) -> Answer | None:
        run = heard.run
        if run.plan is None or run.task is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        card = rules.task_shown(run.plan, run.task, click.user)
        heard.tx.apply(Decision(effects=(card,)), heard.circ)
        return None

    return _on_click(moment, click, do)


@on_action("plan.start")
def start(moment: Moment, click: Click) -> Answer:
    """Opens the form of the first day, for the program team."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        run = Run(moment.program, tx.directory(), circ, at=place_of(click) if click.channel else None)
        refused = rules.START.refused(run)
        if refused:
            tx.apply(refused, circ)
            return NOTHING
    today = moment.now.date()
    return Answer(view=start_form(moment.program, today + timedelta(days=7 - today.weekday())))


@on_view("plan.start")
def started(moment: Moment, submission: Submission) -> Answer:
    """The plan begins; one is running at a time."""
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        # Numbers are given one after the other: of two who start one at once, the second sees the first.
        id = tx.new_id("plan")
        begins = _day(submission, "begins")
        run = Run(moment.program, tx.directory(), circ)
        label = moment.program.plan.label[:24] or "Plan"
        if rules.START.refused(run) is None and running(tx) is not None:
            return Answer(update=told(label, words_of(moment.program, "plan_runs_already")))
        decision = rules.started(run, id, begins or moment.now.date())
        if decision.problems:
            return Answer(errors=dict(decision.problems))
        if not tx.first_time(submission.key):
            return Answer(clear=True)
        if is_refusal(decision):
            tx.apply(decision.model_copy(update={"effects": ()}), circ)
            return Answer(update=told(label, refusal_text(moment, decision)))
        tx.apply(decision, circ)
    return Answer(update=told(label, words_of(moment.program, "plan_has_begun")))


def _on_form(
    moment: Moment, submission: Submission, do: Callable[[Run, Mapping[str, Any]], Decision]
) -> Answer:
    return submitted(moment, submission, "plan", hearing, lambda heard, private: do(heard.run, private))


@on_view("plan.move")
def moved(moment: Moment, submission: Submission) -> Answer:
    """Another day for a task."""
    day, why = _day(submission, "due"), field(submission, "reason")
    return _on_form(moment, submission, lambda run, _: rules.moved(run, day, why))


@on_view("plan.hand")
def handed(moment: Moment, submission: Submission) -> Answer:
    """Another owner for a task."""
    to = UserId(field(submission, "to"))
    return _on_form(moment, submission, lambda run, _: rules.handed_on(run, to))


@on_view("plan.add")
def added(moment: Moment, submission: Submission) -> Answer:
    """One more task."""
    phase, text = field(submission, "phase"), field(submission, "text")
    owner, day = UserId(field(submission, "owner")), _day(submission, "due")
    return _on_form(moment, submission, lambda run, _: rules.added(run, phase, text, owner, day))


def _day(submission: Submission, block: str) -> date | None:
    try:
        return date.fromisoformat(field(submission, block))
    except ValueError:
        return None
