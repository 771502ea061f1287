"""Walks that others have a part in: begun from any card, and who helps."""

from __future__ import annotations

from bot.inputs import Click, Submission, unpacked
from bot.listeners.starting import open_questionnaire
from bot.listeners.walking import thread_of, turn_of
from bot.policies import rules_of_walk
from bot.registry import NOTHING, Answer, Message, Moment, on_action, on_view
from bot.views.form import HELPERS, helpers_form
from bot.views.say import words_of
from bot.walks import in_walk
from workflows import inviting
from workflows.ids import UserId


@on_action("walk.open")
def open_about(moment: Moment, click: Click) -> Answer:
    """Begins a checklist or an assessment, or goes on with it. The value is ``USE CASE|QUESTIONNAIRE``."""
    about, _, questionnaire = str(click.value).partition("|")
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        use_case = tx.use_case(about) if about else None
        program = rules_of_walk(tx, moment.program, questionnaire, use_case)
        known = program.questionnaires.get(questionnaire)
        if known is None or known.kind == "intake" or (about and use_case is None):
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        place = thread_of(click) if click.channel.startswith("D") else None
        open_questionnaire(tx, moment, circ, questionnaire, about, place=place)
    return NOTHING


@on_action("walk.invite")
def invite(moment: Moment, click: Click) -> Answer:
    """Opens the form that says who helps."""
    return turn_of(moment, click, lambda turn: Answer(view=helpers_form(turn.moment.program, turn.walk)))


@on_view(HELPERS)
def helpers_chosen(moment: Moment, submission: Submission) -> Answer:
    """These help from now on."""
    private = unpacked(submission.view.private)
    chosen = submission.view.values.get("helpers", {}).get("helpers") or []
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        here = in_walk(tx, moment, circ, str(private.get("walk")))
        if here is None or not tx.first_time(submission.key):
            return NOTHING
        decision = here.ask(inviting.set_helpers, [UserId(u) for u in chosen])
        if decision.problems:
            return Answer(errors=dict(decision.problems))
        tx.apply(decision, here.circ)
    return NOTHING
