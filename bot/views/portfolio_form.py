"""The form of a decision in the portfolio review: why."""

from __future__ import annotations

from typing import Any

from bot.inputs import packed
from bot.views.approval_forms import text_field
from bot.views.case import inline
from bot.views.kit import context, plain_text
from bot.views.say import words_of
from workflows.portfolio.figures import Proposed
from workflows.portfolio.policy import CourseOf
from workflows.portfolio.session import REASON_AT_MOST, Sitting
from workflows.use_case import UseCase

View = dict[str, Any]


def reason_form(sitting: Sitting, use_case: UseCase, chosen: CourseOf, rule: Proposed) -> View:
    """Why this course; against the proposal the hint says so."""
    key = "review_form_why" if chosen.id == rule.course else "review_form_against"
    hint = str(words_of(sitting.program, key))
    return {
        "type": "modal",
        "callback_id": "portfolio.decide",
        "private_metadata": packed(review=f"{sitting.review.id}|{use_case.id}", course=chosen.id),
        "title": plain_text(chosen.label, 24),
        "submit": plain_text("Decide", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [
            context(f"*{inline(use_case.title, sitting.directory, 150)}* ({use_case.id})"),
            text_field("reason", "Why?", hint, at_most=REASON_AT_MOST),
        ],
    }
