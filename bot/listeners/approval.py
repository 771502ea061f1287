"""Every button and form of a decision: each asks the rule, which knows who may do what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.drawing import scene_for
from bot.hearing import clicked, field, is_refusal, not_for_them, refusal_text, submitted
from bot.inputs import Click, MessageIn, Submission, number_in, unpacked
from bot.policies import under_its_rules
from bot.records import followed_of
from bot.registry import NOTHING, Answer, Message, Moment, View, on_action, on_view
from bot.views.approval_forms import (
    answer_form,
    changes_form,
    conditions_form,
    delegate_form,
    reject_form,
    told,
    whole_case,
)
from bot.views.case import Case, matter_of
from bot.views.say import words_of
from bot.walks import in_walk
from storage.reading import Reading
from storage.store import Tx
from workflows import approving, conditions, inquiring, intake
from workflows.approval import Approval
from workflows.decision import Circumstances, Decision
from workflows.ids import Place, UserId
from workflows.rights import Attempt, Right
from workflows.seats import involved, seat_meant
from workflows.walk import Walk


@dataclass(frozen=True)
class Hearing:
    """A case under its lock, with everything its rules need."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    case: Case
    walk: Walk | None = None
    """The walk of its use case, where it was locked too."""

    @property
    def title(self) -> str:
        """The number of the use case."""
        return str(self.case.use_case.id)

    def ask(self, rule: Callable[..., Decision], **more: Any) -> Decision:
        """What a rule says to this, and what follows where it closes the case; nothing is stored yet."""
        case, program, directory = self.case, self.moment.program, self.tx.directory()
        decision = rule(case.approval, case.use_case, program, directory, self.circ, **more)
        return self.followed(decision)

    def followed(self, decision: Decision) -> Decision:
        """The decision, with what follows from it for the gate, release, waiver or change it was about."""
        return followed_of(self.tx, self.moment.program, self.circ, self.case.use_case.id, decision)


def _hearing(tx: Tx, moment: Moment, circ: Circumstances, approval_id: str) -> Hearing | None:
    seen = tx.approval(approval_id)
    use_case = tx.lock_use_case(seen.use_case) if seen else None
    approval = tx.lock_approval(approval_id)
    if approval is None or use_case is None:
        return None
    # The rules are frozen into the case when it starts: a newer program does not move it.
    moment, circ = under_its_rules(tx, moment, circ, approval.subject)
    return Hearing(tx, moment, circ, Case(approval, use_case, matter_of(tx, approval)))


def _hearing_with_walk(tx: Tx, moment: Moment, circ: Circumstances, approval_id: str) -> Hearing | None:
    """The same with the walk of the use case, which is locked before everything else."""
    seen = tx.approval(approval_id)
    found = tx.walk_of(seen.use_case) if seen else None
    walk = tx.lock_walk(found.id) if found else None
    hearing = _hearing(tx, moment, circ, approval_id)
    return replace(hearing, walk=walk) if hearing else None


def _named(value: object) -> tuple[str, str]:
    """(approval, seat or question or condition) from a button's value; empty for anything else."""
    approval, _, what = str(value or "").partition("|")
    return approval, what


def _place(click: Click) -> Place | None:
    return Place(channel=click.channel, thread=click.thread) if click.channel else None


def _click(moment: Moment, click: Click, do: Callable[[Hearing, str], Answer | None]) -> Answer:
    """Lock the case the button belongs to and let ``do`` decide."""
    return clicked(moment, click, _hearing, do)


def _opens(right: Right[Any], form: Callable[[Case, str], View]) -> Callable[[Moment, Click], Answer]:
    """Opens a form, unless the person may not do what it is for: then says so before they fill it in."""

    def open_it(hearing: Hearing, seat_id: str, click: Click) -> Answer:
        approval = hearing.case.approval
        seat = seat_meant(approval, click.user, seat_id or None)
        attempt = Attempt(approval, hearing.tx.directory(), hearing.circ, seat=seat, at=_place(click))
        refused = right.refused(attempt)
        if refused or seat is None:
            return _refused(hearing, refused or Decision(), click)
        return Answer(view=form(hearing.case, seat.id))

    return lambda moment, click: _click(moment, click, lambda h, seat: open_it(h, seat, click))


def _refused(hearing: Hearing, refused: Decision, click: Click) -> Answer:
    """Keep the attempt in the audit log, and say why not: beside the message, or in the open modal."""
    if click.view is None or click.view.callback == "":
        hearing.tx.apply(refused, hearing.circ)
        return NOTHING
    text = refusal_text(hearing.moment, refused)
    hearing.tx.apply(refused.model_copy(update={"effects": ()}), hearing.circ)
    return Answer(update=told(str(hearing.case.use_case.id), text)) if text else NOTHING


@on_action("approval.approve")
def approve(moment: Moment, click: Click) -> Answer:
    """Yes, with one click."""

    def do(hearing: Hearing, seat: str) -> Answer | None:
        decision = hearing.ask(approving.approve, seat=seat or None, at=_place(click))
        if is_refusal(decision):
            return _refused(hearing, decision, click)
        hearing.tx.apply(decision, hearing.circ)
        if click.view is not None and click.view.callback == "approval.whole":
            return Answer(update=_whole(moment, hearing.tx, hearing.case.approval.id, seat, click.user))
        return None

    return _click(moment, click, do)


FORMS: Mapping[str, tuple[Right[Any], Callable[[Case, str], View]]] = {
    "approval.conditions": (approving.APPROVE, conditions_form),
    "approval.changes": (inquiring.REQUEST_CHANGES, changes_form),
    "approval.reject": (approving.REJECT, reject_form),
    "approval.delegate": (approving.DELEGATE, delegate_form),
}
"""The buttons that open a form, each with the right that its form needs."""

for _action, (_right, _form) in FORMS.items():
    on_action(_action)(_opens(_right, _form))


@on_action("approval.another")
def another_condition(moment: Moment, click: Click) -> Answer:
    """One more condition in the open form; what was filled in stays."""
    if click.view is None:
        return NOTHING
    private = unpacked(click.view.private)
    with moment.store.read() as reading:
        approval = reading.approval(str(private.get("approval")))
        use_case = reading.use_case(approval.use_case) if approval else None
    if approval is None or use_case is None:
        return NOTHING
    number = number_in(click.value) or 1
    form = conditions_form(Case(approval, use_case), str(private.get("seat")), min(number, 5))
    return Answer(update=form)


@on_action("approval.open")
def open_case(moment: Moment, click: Click) -> Answer:
    """The whole case in a modal, for those who have to do with it; with the buttons for whose turn it is."""
    approval_id, seat_id = _named(click.value)
    with moment.store.read() as reading:
        approval = reading.approval(approval_id)
        if approval is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        named = {*involved(approval), *approval.notify, *(u for s in approval.seats for u in s.people)}
        here = reading.directory().person(click.user).active
        if not here or not (click.user in named or _in_room(reading, approval, click)):
            return not_for_them(moment, approval.subject)
        return Answer(view=_whole(moment, reading, approval_id, seat_id, click.user))


def _in_room(reading: Reading, approval: Approval, click: Click) -> bool:
    """The case's card stands in the channel of the click: whoever is in it may read the case, as the program
    put it there. What the button says is not believed."""
    if not click.channel or click.channel.startswith("D"):
        return False
    return any(c.channel == click.channel for c in reading.cards_of(approval.subject))


def _whole(moment: Moment, reading: Any, approval_id: str, seat_id: str, user: UserId) -> View:
    approval = reading.approval(approval_id)
    use_case = reading.use_case(approval.use_case)
    scene = scene_for(moment, reading, approval.subject, user)
    seat = seat_meant(approval, user, seat_id or None)
    return whole_case(scene, Case(approval, use_case, matter_of(reading, approval)), seat, user)


def _submitted(
    moment: Moment, submission: Submission, do: Callable[[Hearing, Mapping[str, Any]], Decision]
) -> Answer:
    """A form of a decision."""
    return submitted(moment, submission, "approval", _hearing, do)


@on_view("approval.conditions")
def approve_with_conditions(moment: Moment, submission: Submission) -> Answer:
    """Yes, if."""
    blocks = [b for b in submission.view.values if b.startswith("text/")]
    numbers = sorted(n for b in blocks if (n := number_in(b.removeprefix("text/"))) is not None)
    used = [n for n in numbers if n == 0 or field(submission, f"text/{n}") or field(submission, f"due/{n}")]

    def do(hearing: Hearing, private: Mapping[str, Any]) -> Decision:
        promises = [
            approving.Promise(
                text=field(submission, f"text/{n}"),
                owner=UserId(field(submission, f"owner/{n}") or hearing.case.approval.submitter),
                due=_day(field(submission, f"due/{n}")),
            )
            for n in used
        ]
        decision = hearing.ask(approving.approve, seat=str(private.get("seat")), conditions=promises)
        # The rule counts the conditions it was given; the form may have empty ones between them.
        where = {
            f"{part}/{k}": f"{part}/{n}" for k, n in enumerate(used) for part in ("text", "owner", "due")
        }
        problems = {where.get(k, k): v for k, v in decision.problems.items()}
        return decision.model_copy(update={"problems": problems})

    return _submitted(moment, submission, do)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@on_view("approval.reject")
def reject(moment: Moment, submission: Submission) -> Answer:
    """No, because."""
    reason = field(submission, "reason")
    return _submitted(
        moment,
        submission,
        lambda h, private: h.ask(approving.reject, reason=reason, seat=str(private.get("seat"))),
    )


@on_view("approval.changes")
def request_changes(moment: Moment, submission: Submission) -> Answer:
    """A question before the decision."""
    question, of = field(submission, "question"), field(submission, "of")
    return _submitted(
        moment,
        submission,
        lambda h, private: h.ask(
            inquiring.request_changes,
            question=question,
            of=UserId(of) if of else None,
            seat=str(private.get("seat")),
        ),
    )


@on_view("approval.delegate")
def delegate(moment: Moment, submission: Submission) -> Answer:
    """Somebody else shall decide."""
    to, reason = field(submission, "to"), field(submission, "reason")
    return _submitted(
        moment,
        submission,
        lambda h, private: h.ask(
            approving.delegate, to=UserId(to), reason=reason, seat=str(private.get("seat"))
        ),
    )


@on_action("inquiry.answer")
def ask_answer(moment: Moment, click: Click) -> Answer:
    """Opens the form for an answer, for those who may give it."""

    def do(hearing: Hearing, inquiry_id: str) -> Answer:
        approval = hearing.case.approval
        asked = approval.inquiry(inquiry_id)
        attempt = Attempt(approval, hearing.tx.directory(), hearing.circ, inquiry=asked, at=_place(click))
        refused = inquiring.ANSWER_INQUIRY.refused(attempt)
        if refused:
            return _refused(hearing, refused, click)
        return Answer(view=answer_form(hearing.case, inquiry_id))

    return _click(moment, click, do)


@on_view("inquiry.answer")
def answer_inquiry(moment: Moment, submission: Submission) -> Answer:
    """The answer goes back to whoever asked."""
    text = field(submission, "answer")
    return _submitted(
        moment,
        submission,
        lambda h, private: h.ask(inquiring.answer_inquiry, inquiry=str(private.get("inquiry")), answer=text),
    )


def answered_under_the_card(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message is the answer to a question whose card the thread hangs under; if so it is taken."""
    approval = tx.approval_at(message.channel, message.thread) if message.thread else None
    waiting = inquiring.open_inquiries_for(approval, message.user) if approval else ()
    hearing = _hearing(tx, moment, circ, approval.id) if approval and waiting else None
    if hearing is None:
        return False
    card = tx.card_at(message.channel, message.thread or "")
    meant = str(card.data.get("inquiry")) if card else ""
    asked = next((i for i in waiting if i.id == meant), waiting[0])
    tx.apply(
        hearing.ask(inquiring.answer_inquiry, inquiry=asked.id, answer=message.text, at=message.place),
        circ,
    )
    return True


@on_action("condition.done")
def condition_done(moment: Moment, click: Click) -> Answer:
    """A promise is kept."""

    def do(hearing: Hearing, condition: str) -> Answer | None:
        decision = hearing.ask(conditions.condition_done, condition=condition, at=_place(click))
        if is_refusal(decision):
            return _refused(hearing, decision, click)
        hearing.tx.apply(decision, hearing.circ)
        return None

    return _click(moment, click, do)


@on_action("case.withdraw")
def withdraw(moment: Moment, click: Click) -> Answer:
    """The submitter takes it back; the draft opens again in its thread. Slack has asked if that is meant."""

    def do(hearing: Hearing, _: str) -> Answer | None:
        walk = hearing.walk if hearing.case.approval.kind == "intake" else None
        refused = approving.WITHDRAW.refused(
            Attempt(hearing.case.approval, hearing.tx.directory(), hearing.circ, at=_place(click))
        )
        if refused:
            return _refused(hearing, refused, click)
        if walk is None:
            hearing.tx.apply(hearing.ask(approving.withdraw), hearing.circ)
            return None
        case = hearing.case
        program, directory = moment.program, hearing.tx.directory()
        taken_back = intake.withdraw(walk, case.use_case, case.approval, program, directory, hearing.circ)
        hearing.tx.apply(hearing.followed(taken_back), hearing.circ)
        return None

    return clicked(moment, click, _hearing_with_walk, do)


@on_action("case.change")
def change(moment: Moment, click: Click) -> Answer:
    """After a rejection: the draft again with all its answers, to be changed and submitted once more."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        walk = tx.walk_of(str(click.value))
        here = in_walk(tx, moment, circ, walk.id) if walk else None
        if here is None or here.use_case is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        # It becomes a draft again, and a draft goes by the rules in force.
        program, directory = moment.program, tx.directory()
        decision = intake.reopen_for_changes(here.walk, here.use_case, program, directory, circ)
        tx.apply(decision, circ)
        if is_refusal(decision) and not decision.effects:
            return Answer(note=Message(text=words_of(moment.program, "case_closed")))
    return NOTHING
