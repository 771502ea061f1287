"""The governance record of a use case: read at one moment, composed, and written as Markdown or PDF."""

from __future__ import annotations

from datetime import datetime

from bot.policies import rules_of
from storage.filing import filed
from storage.reading import Reading
from workflows.program import Program
from workflows.records.compose import compose
from workflows.records.document import Document


def record_of(reading: Reading, program: Program, use_case: str, now: datetime) -> Document | None:
    """The record as it is at this moment, in the words of the rules that it goes by; ``None``: no such one.

    ``program`` is the one in force.
    """
    found = filed(reading, use_case)
    if found is None:
        return None
    rules = rules_of(reading, program, found.dossier.use_case)
    return compose(found, rules, reading.directory(), now)
