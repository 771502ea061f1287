"""Items of checklists from anywhere: the small form of one item, on whichever card the button is."""

from __future__ import annotations

from bot.hearing import is_refusal, refusal_text
from bot.inputs import Click, Submission, unpacked
from bot.listeners.assigning import done, place_of
from bot.policies import rules_of_walk, under
from bot.registry import NOTHING, Answer, Message, Moment, on_action, on_view
from bot.views.approval_forms import told
from bot.views.assignment import item_form, who_form
from bot.views.form import block_of, filled_in
from bot.views.say import words_of
from bot.walks import InWalk, in_walk
from storage.errors import StaleState
from storage.store import Tx
from workflows import conversation
from workflows.beginning import begin_quietly
from workflows.continuing import under_way
from workflows.decision import Circumstances
from workflows.handed_rights import ASSIGN
from workflows.ids import QuestionId
from workflows.taking_part import OPEN, TAKE_PART, Part, Wanted
from workflows.walk import Walk


def standing(tx: Tx, moment: Moment, circ: Circumstances, about: str, questionnaire_id: str) -> InWalk | None:
    """The walk of that questionnaire, locked: a checklist that nobody has opened begins here, quietly.

    ``None`` where there is none, and none can begin here for this person.
    """
    moment, circ = _by_its_rules(tx, moment, circ, about, questionnaire_id)
    questionnaire = moment.program.questionnaires.get(questionnaire_id)
    if questionnaire is None:
        return None
    if questionnaire.kind == "intake":
        found = tx.walk_of(about)
    else:
        found = under_way(tx.walks_about(about), questionnaire, None, circ.actor.user)
    walk = tx.lock_walk(found.id) if found else None
    use_case = tx.lock_use_case(about) if about else None
    if about and use_case is None:
        return None
    if walk is not None:
        return InWalk(tx, moment, circ, walk, use_case)
    if questionnaire.kind != "checklist":
        return None
    if under_way(tx.walks_about(about), questionnaire, None, circ.actor.user) is not None:
        raise StaleState("Somebody else opened it first.")
    wanted = Wanted(questionnaire, use_case, moment.program, tx.directory(), circ)
    if OPEN.refused(wanted) is not None:
        return None
    begun = begin_quietly(tx.new_id("walk"), questionnaire, use_case, circ)
    stored = next(a for a in tx.apply(begun, circ) if isinstance(a, Walk))
    return InWalk(tx, moment, circ, stored, use_case)


def _by_its_rules(
    tx: Tx, moment: Moment, circ: Circumstances, about: str, questionnaire: str
) -> tuple[Moment, Circumstances]:
    use_case = tx.use_case(about) if about else None
    return under(rules_of_walk(tx, moment.program, questionnaire, use_case), moment, circ)


@on_action("check.open")
def open_item(moment: Moment, click: Click) -> Answer:
    """Opens the small form of one item. The value is ``USE CASE|QUESTIONNAIRE|ITEM``."""
    about, questionnaire, item = _triple(click.value)
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        use_case = tx.use_case(about) if about else None
        moment, circ = _by_its_rules(tx, moment, circ, about, questionnaire)
        known = moment.program.questionnaires.get(questionnaire)
        if known is None or (about and use_case is None):
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        wanted = Wanted(known, use_case, moment.program, tx.directory(), circ, place_of(click))
        refused = OPEN.refused(wanted)
        if refused is not None:
            tx.apply(refused.model_copy(update={"effects": ()}), circ)
            return Answer(note=Message(text=refusal_text(moment, refused)))
        here = standing(tx, moment, circ, about, questionnaire)
        question = here.question(item) if here else None
        if here is None or question is None or question.type != "check":
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        part = Part(here.walk, here.use_case, moment.program, tx.directory(), circ, place_of(click))
        refused = TAKE_PART.refused(part)
        if refused is not None:
            return done(here, refused, click) or NOTHING
        private = {"walk": str(here.walk.id), "item": item}
        return Answer(view=item_form(moment.program, here.walk, question, tx.directory(), private))


@on_action("check.assign")
def who_knows(moment: Moment, click: Click) -> Answer:
    """Opens the form "who knows?" for a question. The value is ``USE CASE|QUESTIONNAIRE|QUESTION``."""
    about, questionnaire, question_id = _triple(click.value)
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        block = click.block.split("|")
        walk_id = block[1] if block[0] == "walk" and len(block) > 3 else ""
        here = in_walk(tx, moment, circ, walk_id) if walk_id else None
        here = here or standing(tx, moment, circ, about, questionnaire)
        question = here.question(question_id) if here else None
        if here is None or question is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        refused = ASSIGN.refused(here.asked(question=question_id, at=place_of(click)))
        if refused is not None:
            return done(here, refused, click) or NOTHING
        private = {"walk": str(here.walk.id), "question": question_id}
        return Answer(view=who_form(here.moment.program, question, private))


@on_view("check.form")
def item_filled(moment: Moment, submission: Submission) -> Answer:
    """What the small form says of its item: kept where it stands, without moving anybody's conversation."""
    private = unpacked(submission.view.private)
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        here = in_walk(tx, moment, circ, str(private.get("walk")))
        if here is None:
            return Answer(update=told("Gone", words_of(moment.program, "card_gone")))
        values = {
            q: v
            for q, v in filled_in(here.moment.program, here.walk, submission.view.values).items()
            if q == QuestionId(str(private.get("item")))
        }
        decision = here.ask(conversation.keep, values)
        if decision.problems:
            shown = submission.view.values
            return Answer(
                errors={
                    (b if (b := block_of(q)) in shown else block_of(q.partition("|")[0])): text
                    for q, text in decision.problems.items()
                }
            )
        if is_refusal(decision):
            tx.apply(decision.model_copy(update={"effects": ()}), here.circ)
            return Answer(update=told("Not changed", refusal_text(moment, decision)))
        if tx.first_time(submission.key):
            tx.apply(decision, here.circ)
    return Answer(clear=True)


def _triple(value: object) -> tuple[str, str, str]:
    """(use case, questionnaire, question) from a button's value; empty for what is not there."""
    parts = [*str(value or "").split("|"), "", "", ""]
    return parts[0], parts[1], parts[2]
