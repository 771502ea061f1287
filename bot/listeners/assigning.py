"""One question handed to the person who knows: its buttons and forms, and words under its card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.hearing import clicked, field, is_refusal, refusal_text, submitted
from bot.inputs import Click, MessageIn, Submission, packed
from bot.listeners.playbook import put_to_the_playbook
from bot.registry import Answer, Message, Moment, View, on_action, on_view
from bot.views.assignment import decline_form, who_form
from bot.views.form import filled_in, form
from bot.views.kit import plain_text
from bot.views.say import words_of
from bot.walks import InWalk, in_walk
from storage.store import Tx
from workflows import assigning
from workflows.decision import Circumstances, Decision
from workflows.handed_rights import ANSWER, ASSIGN, DECLINE, Asked
from workflows.hearing import asks
from workflows.ids import Place, QuestionId, UserId
from workflows.questions import Question
from workflows.refusals import Right
from workflows.walk import Walk
from workflows.words.handing import Handed, not_me, read_handed
from workflows.words.reading import Correction


def place_of(click: Click) -> Place | None:
    """The thread of a click, or the one its message begins; ``None`` in a modal and on the Home tab."""
    return Place(channel=click.channel, thread=click.thread or click.message) if click.channel else None


def done(here: InWalk, decision: Decision, click: Click) -> Answer | None:
    """Store what a rule decided; a refusal is whispered beside the message, or told where there is none."""
    if is_refusal(decision) and not click.channel:
        text = refusal_text(here.moment, decision)
        here.tx.apply(decision.model_copy(update={"effects": ()}), here.circ)
        return Answer(note=Message(text=text)) if text else None
    here.tx.apply(decision, here.circ)
    return None


def _opens(
    right: Right[Asked], view: Callable[[InWalk, Question, str], View]
) -> Callable[[Moment, Click], Answer]:
    """Opens a form about an assignment, unless the person may not do what it is for."""

    def opened(moment: Moment, click: Click) -> Answer:
        def do(here: InWalk, what: str) -> Answer | None:
            question = here.question_of(what)
            found = here.walk.assignment(what)
            attempt = here.asked(what, str(found.question) if found else "", place_of(click))
            refused = right.refused(attempt)
            if refused is not None or question is None:
                return done(here, refused or Decision(), click)
            return Answer(view=view(here, question, what))

        return clicked(moment, click, in_walk, do)

    return opened


def _answer_view(here: InWalk, question: Question, assignment: str) -> View:
    program, directory = here.moment.program, here.tx.directory()
    whole = form(program, here.walk, directory, [question.id])
    private = packed(walk=here.walk.id, assignment=assignment)
    title = plain_text(question.label, 24)
    return {**whole, "callback_id": "assignment.answer", "private_metadata": private, "title": title}


on_action("assignment.answer")(_opens(ANSWER, _answer_view))
on_action("assignment.decline")(
    _opens(DECLINE, lambda here, q, a: decline_form(q, {"walk": here.walk.id, "assignment": a}))
)
on_action("assignment.pass")(
    _opens(
        ASSIGN,
        lambda here, q, a: who_form(here.moment.program, q, {"walk": here.walk.id, "question": q.id}),
    )
)


@on_action("assignment.say")
def say_it(moment: Moment, click: Click) -> Answer:
    """An answer by one click; a yes that has to rest on something opens the form for that."""

    def do(here: InWalk, what: str) -> Answer | None:
        assignment, _, value = what.partition("|")
        question = here.question_of(assignment)
        if question is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        refused = ANSWER.refused(here.asked(assignment, at=place_of(click)))
        if refused is not None:
            return done(here, refused, click)
        wants_more = question.type == "check" and (
            value == "na" or (value == "yes" and question.evidence is not None)
        )
        said: object = value == "yes" if question.type == "yesno" else value
        decision = here.ask(assigning.answer, assignment, value=said, at=place_of(click))
        if wants_more and not any(e.action == "walk.answered" for e in decision.entries):
            here.tx.apply(decision.model_copy(update={"effects": ()}), here.circ)
            claimed = next((a for a in decision.changed if isinstance(a, Walk)), here.walk)
            return Answer(view=_claimed(here, claimed, question, assignment, value))
        return done(here, decision, click)

    return clicked(moment, click, in_walk, do)


def _claimed(here: InWalk, walk: Walk, question: Question, assignment: str, state: str) -> View:
    """The form of an item with what was clicked filled in already."""
    found = walk.assignment(assignment)
    claim = found.claim if found else None
    as_said = walk.model_copy(update={"asking": question.id, "claim": claim})
    return _answer_view(InWalk(here.tx, here.moment, here.circ, as_said, here.use_case), question, assignment)


@on_view("assignment.answer")
def answered(moment: Moment, submission: Submission) -> Answer:
    """The answer, from its form: the same checks as anywhere, marked field by field."""

    def do(here: InWalk, private: Mapping[str, Any]) -> Decision:
        assignment = str(private.get("assignment"))
        question = here.question_of(assignment)
        filled = filled_in(here.moment.program, here.walk, submission.view.values)
        value = filled.get(question.id) if question else None
        if question is not None and value is None:
            return Decision(problems={f"q|{question.id}": moment.program.messages["answer_needed"]})
        decision = here.ask(assigning.answer, assignment, value=value)
        shown = submission.view.values
        problems = {
            (f"q|{q}" if f"q|{q}" in shown else f"q|{q.partition('|')[0]}"): text
            for q, text in decision.problems.items()
        }
        told_wrong = _correction_in(decision)
        if told_wrong and question is not None:
            problems = {f"q|{question.id}": told_wrong}
        return decision.model_copy(update={"problems": problems})

    return submitted(moment, submission, "walk", in_walk, do)


def _correction_in(decision: Decision) -> str:
    """The correction that an answer brought about, in a form to be shown at its field."""
    for effect in decision.effects:
        data = getattr(effect, "data", {})
        if data.get("message") == "assignment_correction":
            return str(data["values"]["text"])
    return ""


@on_view("assignment.decline")
def declined(moment: Moment, submission: Submission) -> Answer:
    """Not me."""
    reason = field(submission, "reason")
    return submitted(
        moment,
        submission,
        "walk",
        in_walk,
        lambda here, private: here.ask(assigning.decline, str(private.get("assignment")), reason=reason),
    )


@on_view("check.assign")
def assigned(moment: Moment, submission: Submission) -> Answer:
    """Somebody is asked."""
    to, note, due = field(submission, "to"), field(submission, "note"), field(submission, "due")
    return submitted(
        moment,
        submission,
        "walk",
        in_walk,
        lambda here, private: here.ask(
            assigning.assign,
            QuestionId(str(private.get("question"))),
            UserId(to),
            note=note,
            due=_day(due),
        ),
    )


@on_action("check.nudge")
def nudge(moment: Moment, click: Click) -> Answer:
    """Reminds the person who was asked. The value is ``WALK|ASSIGNMENT``."""

    def do(here: InWalk, what: str) -> Answer | None:
        decision = here.ask(assigning.nudge, what, at=place_of(click))
        refused = done(here, decision, click)
        found = here.walk.assignment(what)
        if is_refusal(decision) or found is None:
            return refused
        who = here.tx.directory().person(found.to).name
        return Answer(note=Message(text=words_of(moment.program, "nudged", who=who)))

    return clicked(moment, click, in_walk, do)


def answered_under_the_assignment(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether words are about a handed question whose card the thread hangs under; if so they are taken."""
    card = tx.card_at(message.channel, message.thread) if message.thread else None
    if card is None or card.subject.type != "walk" or card.kind != "assignment":
        return False
    here = in_walk(tx, moment, circ, card.subject.id)
    id = str(card.data.get("assignment"))
    question = here.question_of(id) if here else None
    if here is None or question is None:
        return False
    program, directory = here.moment.program, tx.directory()
    found = here.walk.assignment(id)
    reason = not_me(message.text)
    if reason is not None:
        tx.apply(here.ask(assigning.decline, id, reason=reason, at=message.place), here.circ)
        return True
    if asks(message.text, strictly=True) and found is not None and found.open:
        put_to_the_playbook(tx, message, circ)
        return True
    worded = question.type in ("short_text", "long_text", "person", "people")
    handed = read_handed(
        message.text,
        program.questionnaires[here.walk.questionnaire],
        moment.now,
        directory.person(message.user).tz,
        directory,
        message.user,
        strictly=worded,
    )
    if isinstance(handed, Handed):
        passed = here.ask(
            assigning.assign, question.id, handed.to, note=handed.note, due=handed.due, at=message.place
        )
        wrong = next(iter(passed.problems.values()), "")
        tx.apply(
            assigning.corrected(here.walk, message.user, wrong, message.place) if wrong else passed, here.circ
        )
        return True
    if isinstance(handed, Correction):
        tx.apply(assigning.corrected(here.walk, message.user, handed.text, message.place), here.circ)
        return True
    files = tuple({"id": f.id, "name": f.name, "link": f.link} for f in message.files)
    tx.apply(here.ask(assigning.answer, id, text=message.text, files=files, at=message.place), here.circ)
    return True


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
