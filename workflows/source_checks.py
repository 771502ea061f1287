"""What must be true of the passages of the playbook that a program refers to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from workflows.expressions import nearest
from workflows.playbook import paragraph, sections
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questions import Questionnaire, Source

_T = TypeVar("_T")
_NAMED_AT_MOST = 12


def check_sources(sheet: Sheet[Questionnaire], playbook: Mapping[str, str | None], report: Report) -> None:
    """Add to the report each reason whose passage is not in the playbook.

    ``playbook`` has the texts of its documents by path; ``None`` for one that is no Markdown, of
    which only the name can be checked.
    """
    for i, step in enumerate(sheet.content.steps):
        for j, question in enumerate(step.questions):
            source = question.why.source if question.why else None
            if source is not None:
                where: Path = ("steps", i, "questions", j, "why", "source")
                check_source(sheet, where, source, playbook, report)


def check_source(
    sheet: Sheet[_T], where: Path, source: Source, playbook: Mapping[str, str | None], report: Report
) -> None:
    """Add to the report what keeps the passage that stands at ``where`` from being found."""
    if source.document not in playbook:
        fix = _instead(source.document, playbook, "name a document by its path in the folder playbook")
        report.add(sheet, (*where, "document"), f'the playbook has no "{source.document}"', fix)
        return
    text = playbook[source.document]
    if text is not None:
        _section(sheet, where, source, sections(text), report)


def _section(sheet: Sheet[_T], where: Path, source: Source, found: Mapping[str, str], report: Report) -> None:
    if source.section not in found or not source.section:
        headings = [h for h in found if h and found[h]]
        fix = _instead(source.section, headings, f"name one of its headings: {_listed(headings)}")
        problem = f'"{source.section}" is no section of {source.document}'
        report.add(sheet, (*where, "section"), problem, fix)
    elif not paragraph(found[source.section], source.begins):
        place = f'"{source.section}" of {source.document}'
        if source.begins:
            problem = f'no paragraph of {place} begins with "{source.begins}"'
            report.add(sheet, (*where, "begins"), problem, "copy the first words of the paragraph you mean")
        else:
            report.add(sheet, (*where, "section"), f"{place} has no text", "name the section below it")


def _instead(name: str, known: Mapping[str, object] | list[str], otherwise: str) -> str:
    near = nearest(name, known)
    return f'did you mean "{near}"?' if near else otherwise


def _listed(headings: list[str]) -> str:
    more = ", ..." if len(headings) > _NAMED_AT_MOST else ""
    return ", ".join(headings[:_NAMED_AT_MOST]) + more
