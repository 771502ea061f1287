"""A computed score corrected by a person, with a reason."""

from __future__ import annotations

from bot.hearing import refusal_text
from bot.inputs import Click, Submission, number_in, packed, unpacked
from bot.listeners.walking import Turn, turn_of
from bot.registry import NOTHING, Answer, Moment, View, on_action, on_view
from bot.views.approval_forms import told
from bot.views.kit import context, option, plain_text, section
from bot.views.say import words_of
from bot.walks import in_walk
from workflows import intake
from workflows.scoring import assess
from workflows.taking_part import OWN, Part


@on_action("walk.score")
def correct_score(moment: Moment, click: Click) -> Answer:
    """Opens the form in which a computed score is corrected, with a reason."""
    return turn_of(moment, click, lambda turn: Answer(view=_score_form(turn)))


@on_view("walk.score")
def score_corrected(moment: Moment, submission: Submission) -> Answer:
    """The corrected score is kept beside the computed one."""
    private = unpacked(submission.view.private)
    fields = submission.view.values
    dimension = str(fields.get("dimension", {}).get("dimension") or "")
    value = str(fields.get("value", {}).get("value") or "")
    reason = str(fields.get("reason", {}).get("reason") or "").strip()
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        here = in_walk(tx, moment, circ, str(private.get("walk")))
        if here is None or here.use_case is None or not tx.first_time(submission.key):
            return NOTHING
        program = here.moment.program
        refused = OWN.refused(Part(here.walk, here.use_case, program, tx.directory(), here.circ))
        if refused is not None:
            tx.apply(refused.model_copy(update={"effects": ()}), here.circ)
            return Answer(update=told(here.title, refusal_text(moment, refused)))
        score = number_in(value) or 0
        decision = here.ask(intake.override_score, program.scorecard, dimension, score, reason)
        if decision.problems:
            return Answer(errors=dict(decision.problems))
        tx.apply(decision, here.circ)
    return NOTHING


def _score_form(turn: Turn) -> View:
    program = turn.moment.program
    questionnaire = program.questionnaires[turn.walk.questionnaire]
    overrides = turn.use_case.overrides if turn.use_case else ()
    scores = assess(program, questionnaire, turn.walk.answers, overrides).scorecards[program.scorecard]
    return {
        "type": "modal",
        "callback_id": "walk.score",
        "private_metadata": packed(walk=turn.walk.id),
        "title": plain_text("Correct a score", 24),
        "submit": plain_text("Keep", 24),
        "close": plain_text("Close", 24),
        "blocks": [
            section(words_of(program, "score_form")),
            {
                "type": "input",
                "block_id": "dimension",
                "label": plain_text("Which score?", 100),
                "element": {
                    "type": "static_select",
                    "action_id": "dimension",
                    "options": [option(f"{s.label} (now {s.value})", s.dimension) for s in scores],
                },
            },
            {
                "type": "input",
                "block_id": "value",
                "label": plain_text("What should it be?", 100),
                "element": {
                    "type": "static_select",
                    "action_id": "value",
                    "options": [option(str(n), str(n)) for n in range(1, 6)],
                },
            },
            {
                "type": "input",
                "block_id": "reason",
                "label": plain_text("Why?", 100),
                "element": {"type": "plain_text_input", "action_id": "reason", "max_length": 500},
            },
            context("The computed score stays visible beside it."),
        ],
    }
