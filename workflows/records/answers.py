"""The answers of a questionnaire as tables, and how those of the intake changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.answers import Answer, Answers
from workflows.evidence import Check
from workflows.questionnaire import shown
from workflows.questions import Question, Questionnaire
from workflows.records.details import Names, as_text, joined, moment, words
from workflows.records.document import Block, Entries, Lines, Section, Table, Words, linked, plain
from workflows.records.filed import LogLine


def answer_section(title: str, questionnaire: Questionnaire | None, given: Answers, names: Names) -> Section:
    """Every answer with who gave it, when and how; then what they wrote, where they wrote it."""
    if not given:
        return Section(title=title, blocks=(Lines(items=(plain("No answers."),)),))
    asked = {q.id: q for q in questionnaire.questions()} if questionnaire else {}
    order = [*(q for q in asked if q in given), *(q for q in given if q not in asked)]
    rows, said = [], []
    for id in order:
        answer, question = given[id], asked.get(id)
        called = question.label if question else str(id)
        who = f"{names.person(answer.by)}, {moment(answer.at)}, {answer.how}"
        rows.append((plain(called), value_words(question, answer, names), plain(who)))
        if answer.words:
            said.append((*plain(f"{called}: ", bold=True), *plain(f"“{answer.words}”")))
        if answer.reason:
            said.append((*plain(f"{called}: ", bold=True), *plain(f"suggested, read from “{answer.reason}”")))
    table = Table(head=("Question", "Answer", "By"), rows=tuple(rows), widths=(3, 5, 3))
    below = (Section(title="In their words", blocks=(Entries(items=tuple(said)),)),) if said else ()
    return Section(title=title, blocks=(table,), sections=below)


def value_words(question: Question | None, answer: Answer, names: Names) -> Words:
    """The value in words; evidence with its links."""
    value = answer.value
    if question is None:
        return words(value, names)
    if question.type == "check":
        check = Check.model_validate(value)
        told = {"yes": "yes", "no": "no", "na": "does not apply"}[check.state]
        parts: list[Words] = [plain(f"{told}: {check.reason}" if check.reason else told)]
        return joined([*parts, *(words(e, names) for e in check.evidence)], " · ")
    if question.type == "file":
        return joined([_file(f) for f in value], ", ") or plain("none")
    if question.type == "link":
        return linked(str(value))
    try:
        return linked(shown(question, value, names.directory))
    except (TypeError, ValueError, KeyError, AttributeError):
        return plain(as_text(value))


def _file(file: Mapping[str, Any]) -> Words:
    link = str(file.get("link") or "")
    return (*plain(str(file.get("name") or file.get("id") or "file")), *(linked(f" {link}") if link else ()))


def changes_section(log: Sequence[LogLine], names: Names) -> Section:
    """What of the answers changed after they were first in the record, from the log."""
    known: dict[str, Any] = {}
    items = []
    for line in log:
        if line.patch is None or not line.subject.startswith("use_case/"):
            continue
        for question, patch in (line.patch.get("answers") or {}).items():
            before = known.get(question)
            after = None if patch is None else patch.get("value", before)
            if question in known and before != after:
                who = f"{names.person(line.actor)}, {moment(line.at)}, {line.action}, row {line.seq}"
                was, is_now = (
                    names.answer(question, v) if v is not None else "nothing" for v in (before, after)
                )
                items.append(plain(f"{names.question(question)}: {was} → {is_now} ({who})"))
            known[question] = after
    blocks: tuple[Block, ...] = (
        (Entries(items=tuple(items)),) if items else (Lines(items=(plain("Nothing changed since."),)),)
    )
    return Section(title="What changed after submission", blocks=blocks)
