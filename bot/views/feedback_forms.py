"""The forms of feedback: what happened and what would help, an answer, and other themes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.inputs import packed
from bot.views.approval_forms import text_field
from bot.views.case import inline
from bot.views.kit import Block, clip, context, field_menu, option, plain_text, prose, unmentioned
from bot.views.say import words_of
from workflows.feedback import Feedback
from workflows.listening.giving import TEXT_AT_MOST
from workflows.people import Directory
from workflows.program import Program

View = dict[str, Any]
GIVE, ANSWER, THEMES = "feedback.give", "feedback.answer", "feedback.themes"
NONE = "none"
"""The option for a tool without a use case, or AI at work in general."""
NAMED, UNNAMED = "named", "unnamed"
_OPTIONS = 98


def give_form(
    program: Program, directory: Directory, choices: Sequence[tuple[str, str]], about: str, said: str
) -> View:
    """Two questions, and whether one's name goes with the answers. ``choices`` are ids and names."""
    what = text_field(
        "what", "What happened?", str(words_of(program, "feedback_form_what")), at_most=TEXT_AT_MOST
    )
    if said:
        what["element"]["initial_value"] = clip(unmentioned(said, directory), TEXT_AT_MOST)
    wish = text_field(
        "wish", "What would help?", str(words_of(program, "feedback_form_wish")), True, TEXT_AT_MOST
    )
    tool: Block = {
        "type": "input",
        "block_id": "tool",
        "optional": True,
        "label": plain_text("If it is another tool, which one?", 200),
        "element": {"type": "plain_text_input", "action_id": "tool", "max_length": 150},
    }
    options = [option(clip(title, 75), id) for id, title in choices[:_OPTIONS]]
    none = option("Another tool, or AI at work in general", NONE)
    chosen = field_menu("use_case", [*options, none])
    chosen["initial_option"] = next((o for o in options if o["value"] == about), none)
    which: Block = {
        "type": "input",
        "block_id": "use_case",
        "label": plain_text("What is it about?", 200),
        "element": chosen,
    }
    names = [
        option("With my name: I hear the answer", NAMED),
        option("Without my name", UNNAMED),
    ]
    name: Block = {
        "type": "input",
        "block_id": "name",
        "label": plain_text("Your name", 200),
        "element": {
            "type": "radio_buttons",
            "action_id": "name",
            "options": names,
            "initial_option": names[0],
        },
    }
    small = context(words_of(program, "feedback_form_name"))
    blame = context(words_of(program, "feedback_form_blame"))
    return _form(GIVE, "Feedback", "Send", {}, [blame, which, tool, what, wish, name, small])


def answer_form(program: Program, directory: Directory, feedback: Feedback, goes_to: str) -> View:
    """The answer, below what was written, with whom it goes to."""
    blocks = [
        *prose("> " + inline(feedback.text, directory, TEXT_AT_MOST).replace("\n", "\n> ")),
        text_field("answer", "Your answer", goes_to, at_most=TEXT_AT_MOST),
    ]
    return _form(ANSWER, "Answer", "Send", {"feedback": feedback.id}, blocks)


def themes_form(program: Program, feedback: Feedback) -> View:
    """All themes, those of this feedback chosen."""
    options = [option(t.label, t.id) for t in program.feedback.themes][:100]
    chosen = field_menu("themes", options, many=True)
    initial = [o for o in options if o["value"] in feedback.themes]
    if initial:
        chosen["initial_options"] = initial
    block: Block = {
        "type": "input",
        "block_id": "themes",
        "optional": True,
        "label": plain_text("Themes", 100),
        "element": chosen,
    }
    return _form(THEMES, str(feedback.id), "Save", {"feedback": feedback.id}, [block])


def thanks_view(text: str) -> View:
    """In place of the form, once it was sent: nothing of it is posted to whoever wrote it."""
    return {
        "type": "modal",
        "title": plain_text("Thank you", 24),
        "close": plain_text("Close", 24),
        "blocks": prose(text),
    }


def _form(callback: str, title: str, submit: str, private: dict[str, Any], blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": packed(**private),
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Cancel", 24),
        "blocks": blocks,
    }
