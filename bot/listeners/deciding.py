"""Who decides what about a use case: by command, and from its record."""

from __future__ import annotations

from bot.drawing import scene_for
from bot.inputs import Click, CommandIn
from bot.naming import use_case_meant
from bot.registry import Answer, Message, Moment, command, on_action
from bot.views.kit import plain_text
from bot.views.raci import raci_blocks, raci_lines
from bot.views.say import words_of
from workflows.ids import Subject
from workflows.seeing import knows_of


@command("who", help="who decides what about a use case, with names", usage="[USE CASE]")
def who(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight who UC-0042``; without more, the newest use case that one works on."""
    with moment.store.read() as reading:
        id = use_case_meant(reading, said.rest, said.user, moment.program)
        use_case = reading.use_case(id) if id else None
        if use_case is None or not knows_of(said.user, use_case.stage, use_case.submitter):
            return Answer(note=Message(text=words_of(moment.program, "raci_which")))
        scene = scene_for(moment, reading, Subject(type="use_case", id=use_case.id), said.user)
        blocks = raci_blocks(scene, use_case, use_case.answers)
        head = words_of(moment.program, "raci_head", title=use_case.title, id=use_case.id)
    return Answer(note=Message(text=head, blocks=blocks))


@on_action("who.open")
def open_who(moment: Moment, click: Click) -> Answer:
    """The same in a modal, from the record; it is part of the outline that everybody may know."""
    with moment.store.read() as reading:
        use_case = reading.use_case(str(click.value))
        if use_case is None or not knows_of(click.user, use_case.stage, use_case.submitter):
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        scene = scene_for(moment, reading, use_case.subject, click.user)
        blocks = raci_lines(scene, use_case, use_case.answers)
    return Answer(
        view={
            "type": "modal",
            "callback_id": "who",
            "title": plain_text("Who decides what", 24),
            "close": plain_text("Close", 24),
            "blocks": blocks[:100],
        }
    )
