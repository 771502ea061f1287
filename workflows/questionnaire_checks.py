"""What must be true within one questionnaire file."""

from __future__ import annotations

import re

from workflows.expressions import RESERVED, check, nearest
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questions import Question, Questionnaire, Step

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*$")
_PARTS = {
    "measure": ("metric", "baseline", "target", "unit", "by"),
    "metric_action": ("metric", "action"),
    "share": ("right", "of"),
}
_NEEDED_PARTS = {
    "measure": ("metric", "target"),
    "metric_action": ("metric", "action"),
    "share": ("right", "of"),
}
_BUTTON = 75
_FORM_TITLE = 24
_TEXTS = {"ask": 1000, "help": 1000}
_OF_ACTIONS = {"text": ("short_text", "long_text"), "owner": ("person",), "due": ("date",)}
_NUMBERS = ("number", "percent", "money")
_RUNAWAY = re.compile(r"\((?:[^()\\]|\\.)*[+*](?:[^()\\]|\\.)*\)(?:[+*]|\{\d*,\}|\{\d*,?\d\d+\})")
_PATTERN_AT_MOST = 400


def runs_away(pattern: str) -> bool:
    """Whether a pattern repeats something repeated, so that some texts would keep it busy for ever."""
    return bool(_RUNAWAY.search(pattern))


def check_questionnaire(sheet: Sheet[Questionnaire], report: Report) -> None:
    """Add to the report whatever does not hold within a questionnaire."""
    questionnaire = sheet.content
    named = sheet.file.removeprefix("questionnaires/").removesuffix(".yaml")
    if questionnaire.id != named:
        report.add(
            sheet, ("id",), f'the id "{questionnaire.id}" is not the name of its file', f'write "{named}"'
        )
    if not questionnaire.title.strip() or len(questionnaire.title) > _FORM_TITLE:
        problem = f"is {len(questionnaire.title)} characters long; a form's title holds 1 to {_FORM_TITLE}"
        report.add(sheet, ("title",), problem, "shorten it")
    if questionnaire.minutes_per_step <= 0:
        report.add(sheet, ("minutes_per_step",), "must be more than 0", "write the minutes, such as 0.5")
    if not questionnaire.steps:
        report.add(sheet, ("steps",), "asks nothing", "add a step with a question")
    known = {str(q.id): q for q in questionnaire.questions()}
    _references(sheet, known, report)
    earlier: dict[str, Question] = {}
    steps: set[str] = set()
    for i, step in enumerate(questionnaire.steps):
        if step.id in steps:
            report.add(
                sheet, ("steps", i, "id"), f'the step "{step.id}" is there twice', "give it its own id"
            )
        steps.add(step.id)
        _step(sheet, ("steps", i), step, report)
        for j, question in enumerate(step.questions):
            where: Path = ("steps", i, "questions", j)
            _identity(sheet, where, question, earlier, report)
            _conditions(sheet, where, question, earlier, known, report)
            _shape(sheet, where, question, report)
            _choices(sheet, where, question, report)
            _hints(sheet, where, question, report)
            earlier[str(question.id)] = question


def _references(sheet: Sheet[Questionnaire], known: dict[str, Question], report: Report) -> None:
    questionnaire = sheet.content
    if len(questionnaire.facts) > 3:
        report.add(sheet, ("facts",), "names more than three facts", "keep the three that matter most")
    named: list[tuple[Path, str | None]] = [
        (("title_question",), questionnaire.title_question),
        (("story_question",), questionnaire.story_question),
        *((("facts", i), fact) for i, fact in enumerate(questionnaire.facts)),
    ]
    for path, name in named:
        if name is None:
            if sheet.file.endswith("/intake.yaml"):
                report.add(sheet, path, f'"{path[0]}" is missing', f"name the question: {path[0]}: ...")
        elif name not in known:
            near = nearest(name, known)
            fix = f'did you mean "{near}"?' if near else "name a question of this file"
            report.add(sheet, path, f'there is no question "{name}"', fix)
    for i, action in enumerate(questionnaire.actions):
        for part, types in _OF_ACTIONS.items():
            name = getattr(action, part)
            if name not in known or known[name].type not in types:
                fix = f"name a question of this file of the type {' or '.join(types)}"
                report.add(sheet, ("actions", i, part), f'"{name}" cannot be the {part} of an action', fix)


def _step(sheet: Sheet[Questionnaire], where: Path, step: Step, report: Report) -> None:
    if not step.questions:
        report.add(sheet, where, f'the step "{step.id}" asks nothing', "give it a question")
    if not step.title.strip():
        report.add(sheet, (*where, "title"), "is empty", "give the step a title")
    parts = [q.part for q in step.questions if q.part]
    for j, question in enumerate(step.questions):
        path = (*where, "questions", j, "part")
        if question.part and not step.together:
            fix = "add together: measure to the step, or remove part"
            report.add(sheet, path, "has no meaning in a step that is not read together", fix)
        elif question.part and question.part not in _PARTS[step.together]:
            fix = f"use one of: {', '.join(_PARTS[step.together])}"
            report.add(sheet, path, f'"{question.part}" is no part of a {step.together}', fix)
        elif question.part and parts.count(question.part) > 1:
            report.add(sheet, path, f'the part "{question.part}" is there twice', "keep one")
    for part in _NEEDED_PARTS.get(step.together, ()):
        if part not in parts:
            problem = f'a step read together as {step.together} needs the part "{part}"'
            report.add(sheet, (*where, "together"), problem, f"add part: {part} to one of its questions")


def _identity(
    sheet: Sheet[Questionnaire], where: Path, question: Question, earlier: dict[str, Question], report: Report
) -> None:
    path = (*where, "id")
    if not IDENTIFIER.match(question.id):
        fix = "use small letters, digits and _, starting with a letter"
        report.add(sheet, path, f'"{question.id}" cannot be an id', fix)
    elif question.id in RESERVED or question.id == "tier":
        fix = f'choose another, such as "the_{question.id}"'
        report.add(sheet, path, f'"{question.id}" is a word of the expression language', fix)
    elif question.id in earlier:
        report.add(sheet, path, f'the question "{question.id}" is there twice', "give each its own id")
    for name in ("label", "ask"):
        if not getattr(question, name).strip():
            report.add(sheet, (*where, name), "is empty", f"write the {name}")
    for name, most in _TEXTS.items():
        if len(getattr(question, name)) > most:
            problem = f"is {len(getattr(question, name))} characters long; {most} can be shown"
            report.add(sheet, (*where, name), problem, "shorten it")


def _conditions(
    sheet: Sheet[Questionnaire],
    where: Path,
    question: Question,
    earlier: dict[str, Question],
    known: dict[str, Question],
    report: Report,
) -> None:
    written = [("when", question.when, earlier)]
    if isinstance(question.required, str):
        written.append(("required", question.required, known))
    if isinstance(question.quiet, str):
        written.append(("quiet", question.quiet, earlier))
    for name, source, may_read in written:
        for problem in check(source, may_read, may_read):
            fix = "correct the condition; the language is described in docs/program.md"
            if name == "when" and any(f'reads "{k}"' in problem for k in known if k not in earlier):
                problem = problem.replace("which is not a question", "which is asked only later", 1)
                fix = "move that question before this one"
            report.add(sheet, (*where, name), f'the condition "{source.strip()}" {problem}', fix)


def _shape(sheet: Sheet[Questionnaire], where: Path, question: Question, report: Report) -> None:
    kind, bounds = question.type, question.bounds
    if bounds.min is not None and bounds.max is not None and bounds.min > bounds.max:
        report.add(sheet, (*where, "bounds", "min"), "is more than max", "swap them")
    if (bounds.min is not None or bounds.max is not None) and kind not in _NUMBERS:
        report.add(sheet, (*where, "bounds"), f"a {kind} has no min and max", "remove them")
    if bounds.when != "any" and kind != "date":
        report.add(sheet, (*where, "bounds", "when"), f"a {kind} is not a date", "remove it")
    if bounds.max_length is not None and (kind not in ("short_text", "long_text") or bounds.max_length < 1):
        report.add(
            sheet, (*where, "bounds", "max_length"), "does not fit here", "use it for texts, 1 or more"
        )
    if question.challenge and kind not in ("short_text", "long_text"):
        report.add(sheet, (*where, "challenge"), f"a {kind} cannot be vague", "remove the challenge")
    if question.challenge:
        if not question.challenge.vague:
            report.add(sheet, (*where, "challenge", "vague"), "names no words", "name some, or remove it")
        if len(question.challenge.offer) > 4:
            report.add(sheet, (*where, "challenge", "offer"), "offers more than four", "keep the best four")
        for k, offer in enumerate(question.challenge.offer):
            _button(sheet, (*where, "challenge", "offer", k), offer, report)
    default = question.default
    if default == "submitter" and kind not in ("person", "people"):
        report.add(sheet, (*where, "default"), f"a {kind} cannot be the submitter", "remove the default")
    elif default == "first_sentence" and kind not in ("short_text", "long_text"):
        report.add(sheet, (*where, "default"), f"a {kind} cannot be the first sentence", "remove it")
    elif default and default not in ("submitter", "first_sentence"):
        problem = not_a_value(question, default)
        if problem:
            report.add(sheet, (*where, "default"), problem, "correct or remove the default")


def not_a_value(question: Question, value: object) -> str:
    """Why something cannot be this question's answer; ``""`` when it can."""
    kind = question.type
    if kind in ("choice", "multi"):
        ids = [c.id for c in question.choices]
        given = value if isinstance(value, list) else [value]
        if kind == "choice" and isinstance(value, list):
            return "a single choice takes one value"
        odd = [str(g) for g in given if g not in ids]
        if odd and not question.other:
            near = nearest(odd[0], ids)
            return f'"{odd[0]}" is none of its options' + (f' (did you mean "{near}"?)' if near else "")
        return ""
    if kind == "yesno":
        return "" if isinstance(value, bool) or value in ("yes", "no") else "a yes/no takes true or false"
    if kind in ("number", "percent"):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return ""
        return "" if re.fullmatch(r"-?\d+(?:\.\d+)?", str(value)) else "a number is needed here"
    return "" if isinstance(value, str) else f"a {kind} takes text"


def _choices(sheet: Sheet[Questionnaire], where: Path, question: Question, report: Report) -> None:
    kind, choices = question.type, question.choices
    if kind in ("choice", "multi") and not choices:
        report.add(sheet, where, f'"{question.id}" has no choices', "add choices: with id and label")
    if choices and kind not in ("choice", "multi", "yesno"):
        report.add(sheet, (*where, "choices"), f"a {kind} has no choices", "remove them or change the type")
    if question.other and kind not in ("choice", "multi"):
        report.add(sheet, (*where, "other"), f"a {kind} has no other", "remove it")
    if len(choices) > 100:
        report.add(
            sheet, (*where, "choices"), "are more than the 100 that a menu holds", "split the question"
        )
    ids: set[str] = set()
    said: dict[str, str] = {}
    for k, choice in enumerate(choices):
        path: Path = (*where, "choices", k)
        if choice.id in ids:
            report.add(sheet, (*path, "id"), f'the option "{choice.id}" is there twice', "keep one")
        if not IDENTIFIER.match(choice.id):
            fix = "use small letters, digits and _, starting with a letter"
            report.add(sheet, (*path, "id"), f'"{choice.id}" cannot be an id', fix)
        elif kind == "yesno" and choice.id not in ("yes", "no"):
            report.add(sheet, (*path, "id"), "a yes/no has only yes and no", 'use the ids "yes" and "no"')
        ids.add(choice.id)
        if not choice.label.strip():
            report.add(sheet, (*path, "label"), "is empty", "write the label")
        if len(choice.help) > _BUTTON:
            problem = f"is {len(choice.help)} characters long; {_BUTTON} fit under an option"
            report.add(sheet, (*path, "help"), problem, "shorten it")
        for word in (choice.label, *choice.synonyms):
            other = said.setdefault(word.strip().lower(), choice.id)
            if other != choice.id:
                problem = f'"{word}" means both "{other}" and "{choice.id}"'
                report.add(sheet, path, problem, "give the word to one of them")


def _button(sheet: Sheet[Questionnaire], path: Path, text: str, report: Report) -> None:
    if not text.strip():
        report.add(sheet, path, "is empty", "write what the button says")
    elif len(text) > _BUTTON:
        problem = f"is {len(text)} characters long; {_BUTTON} fit on a button"
        report.add(sheet, path, problem, "shorten it")


def _hints(sheet: Sheet[Questionnaire], where: Path, question: Question, report: Report) -> None:
    for k, hint in enumerate(question.hints):
        path: Path = (*where, "hints", k)
        try:
            pattern = re.compile(hint.pattern, re.IGNORECASE)
        except re.error as error:
            problem = f"is not a regular expression: {error}"
            report.add(sheet, (*path, "pattern"), problem, "correct the pattern")
            continue
        if runs_away(hint.pattern):
            problem = "repeats a group that repeats something itself, which can take for ever"
            report.add(sheet, (*path, "pattern"), problem, "repeat only the inner or the outer part")
        if len(hint.pattern) > _PATTERN_AT_MOST:
            problem = f"is longer than {_PATTERN_AT_MOST} characters"
            report.add(sheet, (*path, "pattern"), problem, "split it into several hints")
        if pattern.match(""):
            report.add(sheet, (*path, "pattern"), "matches anything", "make it need at least one word")
        if hint.value is None and question.type == "yesno":
            report.add(sheet, path, "a yes/no hint needs a value", "add value: true or value: false")
        if hint.value is not None:
            problem = not_a_value(question, hint.value)
            if problem:
                report.add(sheet, (*path, "value"), problem, "correct the value")
