"""The shape of ``retention.yaml``: how long what is kept, and who may stop a deletion."""

from __future__ import annotations

from pydantic import Field

from workflows.ids import Frozen


class Retention(Frozen):
    """``retention.yaml``. Each number is of days; one that is missing: for ever."""

    records_days: int | None = Field(default=None, ge=1)
    """Everything about a use case, after it has come to its end."""
    ended: tuple[str, ...] = ()
    """The stages in which a use case has come to its end."""
    drafts_days: int | None = Field(default=None, ge=1)
    """What was put away without ever being submitted."""
    questions_days: int | None = Field(default=None, ge=1)
    """Questions to the playbook, after something last came of them."""
    feedback_days: int | None = Field(default=None, ge=1)
    """Feedback that was dealt with."""
    digests_days: int | None = Field(default=None, ge=1)
    """Digests as they were posted."""
    people_days: int | None = Field(default=None, ge=1)
    """Who did what counts in the measures; after that only that it was done."""
    messages_days: int | None = Field(default=None, ge=7)
    """What was to be posted or done, once it was."""
    keys_days: int | None = Field(default=None, ge=30)
    """By which it is known that something was posted before, and is not posted again."""
    holds: tuple[str, ...] = ()
    """Roles whose people set and end a legal hold, which stops every deletion of a use case."""
    batch: int = Field(default=200, ge=1, le=5000)
    """How much is deleted in one transaction."""
