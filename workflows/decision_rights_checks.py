"""What must be true of decision rights: that each is held by somebody whom the program can find."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import get_args

from workflows.decision_rights import DecisionRights, Does, Holder
from workflows.expressions import check
from workflows.ids import TIERS
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER
from workflows.questions import Question

_LABEL_AT_MOST = 60
_NAMED_BY = ("field", "role", "approvers", "submitter", "system")


def check_decision_rights(
    sheet: Sheet[DecisionRights] | None,
    asked: Mapping[str, Question] | None,
    roles: Collection[str] | None,
    report: Report,
) -> None:
    """Add to the report whatever does not hold. ``asked`` and ``roles`` are what there is to refer to."""
    if sheet is None:
        return
    for i, role in enumerate(sheet.content.records):
        report.unknown(sheet, ("records", i), "role", role, roles)
    ids: set[str] = set()
    said: dict[str, str] = {}
    done: dict[str, str] = {}
    for i, right in enumerate(sheet.content.rights):
        where: Path = ("rights", i)
        if right.id in ids:
            report.add(sheet, (*where, "id"), f'"{right.id}" is used twice', "give each its own id")
        elif not IDENTIFIER.match(right.id):
            fix = "use small letters, digits and _, starting with a letter"
            report.add(sheet, (*where, "id"), f'"{right.id}" cannot be an id', fix)
        ids.add(right.id)
        if not right.label.strip():
            report.add(sheet, (*where, "label"), "is empty", "write the label; people read it")
        elif len(right.label) > _LABEL_AT_MOST:
            problem = f"is longer than {_LABEL_AT_MOST} characters"
            report.add(sheet, (*where, "label"), problem, "shorten it")
        if not right.words:
            report.add(sheet, (*where, "words"), "is empty", "say how people name it: words: [stop, halt]")
        for j, word in enumerate(right.words):
            key = " ".join(word.casefold().split())
            if not key:
                report.add(sheet, (*where, "words", j), "is empty", "write a word, or remove it")
            elif key in said:
                problem = f'"{word}" is a word of "{said[key]}" already'
                report.add(sheet, (*where, "words", j), problem, "keep it in one of the two")
            said.setdefault(key, right.id)
        if right.does and right.does in done:
            problem = f'"{right.does}" is done by "{done[right.does]}" already'
            report.add(sheet, (*where, "does"), problem, "keep it in one of the two")
        done.setdefault(right.does, right.id)
        if not right.holders:
            report.add(sheet, (*where, "holders"), "nobody holds it", "name a field, a role or approvers")
        for j, holder in enumerate(right.holders):
            _holder(sheet, (*where, "holders", j), holder, asked, roles, report)
    for step in get_args(Does):
        if step and step not in done:
            problem = f'no right does "{step}", so nobody could take that step with a release'
            report.add(sheet, ("rights",), problem, f"give it to a right: does: {step}")


def _holder(
    sheet: Sheet[DecisionRights],
    where: Path,
    holder: Holder,
    asked: Mapping[str, Question] | None,
    roles: Collection[str] | None,
    report: Report,
) -> None:
    given = [name for name in _NAMED_BY if getattr(holder, name)]
    if len(given) != 1:
        problem = f"names {len(given)} at once" if given else "names nobody"
        report.add(sheet, where, problem, f"give exactly one of {', '.join(_NAMED_BY)}")
    if holder.system and not IDENTIFIER.match(holder.system):
        fix = "use small letters, digits and _, starting with a letter"
        report.add(sheet, (*where, "system"), f'"{holder.system}" cannot be a name of a system', fix)
    if holder.field and asked is not None:
        people = {q for q, question in asked.items() if question.type in ("person", "people")}
        report.unknown(sheet, (*where, "field"), "question for a person", holder.field, people)
    if holder.role:
        report.unknown(sheet, (*where, "role"), "role", holder.role, roles)
    if asked is not None:
        for problem in check(holder.when, [*asked, "tier"], asked, {"tier": TIERS}):
            fix = "correct the condition; the language is described in docs/program.md"
            report.add(sheet, (*where, "when"), f'the condition "{holder.when.strip()}" {problem}', fix)
