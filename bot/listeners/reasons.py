"""Reading on from the passage that stands behind a question of the intake."""

from __future__ import annotations

from bot.drawing import scene_for
from bot.inputs import Click
from bot.policies import rules_for
from bot.registry import Answer, Message, Moment, on_action
from bot.views.answer import section_view
from bot.views.reasons import passage
from bot.views.say import words_of
from storage.reading import Reading
from workflows.questions import Source
from workflows.walk import Walk


@on_action("why.open")
def read_on(moment: Moment, click: Click) -> Answer:
    """The whole section behind a question, as whoever clicks may read it."""
    id, _, asked = str(click.value or "").partition("|")
    with moment.store.read() as reading:
        walk = reading.walk(id)
        source = _source(reading, moment, walk, asked) if walk else None
        if walk is None or source is None:
            return _gone(moment)
        scene = scene_for(moment, reading, walk.subject, click.user)
        found = passage(scene, source, click.user)
        return Answer(view=section_view(scene, *found)) if found else _gone(moment)


def _source(reading: Reading, moment: Moment, walk: Walk, asked: str) -> Source | None:
    program = rules_for(reading, moment.program, walk.subject)
    questions = program.questionnaires[walk.questionnaire].questions()
    question = next((q for q in questions if q.id == asked), None)
    return question.why.source if question and question.why else None


def _gone(moment: Moment) -> Answer:
    return Answer(note=Message(text=words_of(moment.program, "section_gone")))
