"""The modals around a question: what was missing, a champion's answer, passing on, a page to be taken in."""

from __future__ import annotations

from typing import Any

from bot.inputs import packed
from bot.views.approval_forms import person_field, text_field
from bot.views.kit import Block, Element, clip, option, plain_text, prose, unmentioned, words
from workflows.consultation import EVERYONE, Consultation, Part, Referral
from workflows.consulting import WHY_AT_MOST
from workflows.people import Directory
from workflows.program import Program
from workflows.promoting import HEADING_AT_MOST, Page

View = dict[str, Any]
_SHOWN = 600


def why_form(asked: Consultation, of: Part, ask_label: str) -> View:
    """What was missing, if they care to say; and the champion, where one can be asked."""
    blocks: list[Block] = [
        text_field("why", "What was missing or wrong?", "A few words are enough.", True, WHY_AT_MOST)
    ]
    if ask_label:
        blocks.append(
            {
                "type": "input",
                "block_id": "ask",
                "optional": True,
                "label": plain_text("And a person?", 2000),
                "element": {
                    "type": "checkboxes",
                    "action_id": "ask",
                    "options": [option(ask_label, "ask")],
                },
            }
        )
    return _form("rating.why", "Not helpful", "Send", {"consultation": asked.id, "of": of}, blocks)


def answer_form(asked: Consultation, referral: Referral, directory: Directory) -> View:
    """The champion's answer, below the question."""
    hint = "It goes to whoever asked, under your name, as your word and not the playbook's."
    blocks = [*_question(asked, directory), text_field("text", "Your answer", hint)]
    return _form("referral.answer", "Answer", "Send", _named(asked, referral), blocks)


def pass_on_form(asked: Consultation, referral: Referral, directory: Directory) -> View:
    """Who knows better."""
    blocks = [*_question(asked, directory), person_field("to", "Who knows this better?", None)]
    return _form("referral.pass_on", "Pass on", "Pass on", _named(asked, referral), blocks)


def page_form(asked: Consultation, page: Page, program: Program, directory: Directory) -> View:
    """The page as it would go into the playbook; whatever is changed here goes in."""
    options = audiences(program, directory)
    chosen = [] if asked.narrow else [o for o in options if o["value"] == page.audience]
    audience: Element = {
        "type": "static_select",
        "action_id": "audience",
        "placeholder": plain_text("Choose", 150),
        "options": options,
    }
    if chosen:
        audience["initial_option"] = chosen[0]
    text = unmentioned(page.text, directory)
    blocks = [
        _line("title", "Document", page.title),
        _line("section", "Heading", unmentioned(page.section, directory)),
        {**text_field("text", "Text", "Markdown works. This is what will be quoted."), "optional": False},
        {
            "type": "input",
            "block_id": "audience",
            "label": plain_text("Who may read it?", 2000),
            "element": audience,
        },
        {
            "type": "input",
            "block_id": "review_date",
            "label": plain_text("To be looked at again on", 2000),
            "element": {
                "type": "datepicker",
                "action_id": "review_date",
                "initial_date": page.review_date,
            },
        },
    ]
    blocks[2]["element"]["initial_value"] = text
    return _form("promotion.add", "Add to the playbook", "Add", {"consultation": asked.id}, blocks)


def audiences(program: Program, directory: Directory) -> list[dict[str, Any]]:
    """Whom a page can be for: everybody, a function, or a user group."""
    functions = {f.group for f in program.functions.values()}
    made = [option("Everybody", EVERYONE)]
    made += [option(f.label, f.id) for f in program.functions.values()]
    made += [option(f"@{handle}", handle) for handle in sorted(directory.groups) if handle not in functions]
    return made[:100]


def _question(asked: Consultation, directory: Directory) -> list[Block]:
    who = directory.person(asked.asker).name
    return prose(f"{words(who, directory)}: “{words(clip(asked.question, _SHOWN), directory)}”")


def _named(asked: Consultation, referral: Referral) -> dict[str, str]:
    return {"consultation": asked.id, "referral": referral.id}


def _line(block: str, label: str, value: str) -> Block:
    return {
        "type": "input",
        "block_id": block,
        "label": plain_text(label, 2000),
        "element": {
            "type": "plain_text_input",
            "action_id": block,
            "max_length": HEADING_AT_MOST,
            "initial_value": clip(value, HEADING_AT_MOST),
        },
    }


def _form(callback: str, title: str, submit: str, private: dict[str, str], blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": packed(**private),
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Cancel", 24),
        "blocks": blocks,
    }
