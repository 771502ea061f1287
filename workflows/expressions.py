"""The expression language of the program: CEL over the answers, checked when read and never failing in use.

Answers appear under their question's id: a choice as its option's id, several as a list of ids, yes/no as
true or false, numbers and the amount of money as doubles, dates as ``"YYYY-MM-DD"``. What is not answered,
or is not asked because its condition does not hold, is ``null`` (an empty list for questions that take
several). An expression that needs a value which is missing is false.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, get_args

import cel

from workflows.answers import Answer, Value
from workflows.evidence import CheckState
from workflows.ids import QuestionId
from workflows.questions import Question, Questionnaire

_LISTS = ("multi", "people", "file")
_NUMBERS = ("number", "percent")
_BINDS = re.compile(r"\.(?:all|exists|exists_one|map|filter)\(\s*([A-Za-z_]\w*)\s*,")
_TEXT = r"""(?:"[^"\\]*"|'[^'\\]*')"""
_COMPARED = re.compile(rf"\b([A-Za-z_]\w*)\s*(?:==|!=)\s*({_TEXT})|({_TEXT})\s*(?:==|!=)\s*([A-Za-z_]\w*)\b")
_IN_LIST = re.compile(rf"\b([A-Za-z_]\w*)\s+in\s+\[((?:\s*{_TEXT}\s*,?)*)\]")
_IN_ANSWER = re.compile(rf"({_TEXT})\s+in\s+([A-Za-z_]\w*)\b")
_OVER = re.compile(r"\b([A-Za-z_]\w*)\.(?:all|exists|exists_one|map|filter)\(\s*([A-Za-z_]\w*)\s*,")
_TRIALS_AT_MOST = 400
_LENGTH_AT_MOST = 2000
_FAILURES = (TypeError, RuntimeError, ValueError, ArithmeticError, LookupError)
"""What running a sound expression over unfit values raises."""
RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let"}
    | {"loop", "namespace", "null", "package", "return", "true", "var", "void", "while"}
)
"""Words that the language keeps for itself, so no question may be called by them."""


@lru_cache(maxsize=8192)
def _compiled(source: str) -> cel.Program:
    return cel.compile(source)


@lru_cache(maxsize=8192)
def names_in(source: str) -> frozenset[str]:
    """The names an expression reads. Raises ``ValueError`` when it does not compile."""
    bound = set(_BINDS.findall(source))
    return frozenset(_compiled(source).variables()) - bound


def evaluate(source: str, env: Mapping[str, Any]) -> Any:
    """The value of an expression. Raises whatever stops it, such as ``TypeError``."""
    # Handing over only what it reads matters: each value is converted on the way.
    return _compiled(source).execute({n: env[n] for n in names_in(source) if n in env})


def holds(source: str, env: Mapping[str, Any]) -> bool:
    """Whether a condition holds; false when it needs an answer that is not there. Never raises for that."""
    if source == "true":
        return True
    try:
        return evaluate(source, env) is True
    except _FAILURES:
        return False


def value_in(question: Question, value: Value) -> Any:
    """One answer as expressions see it; ``value`` ``None`` gives what an unanswered question is."""
    if question.type in _LISTS:
        return list(value) if value else []
    if value is None:
        return None
    if question.type in _NUMBERS:
        return float(value)
    if question.type == "money":
        return float(value["amount"])
    if question.type == "check":
        return str(value["state"])
    return value


def environment(questionnaire: Questionnaire, answers: Mapping[QuestionId, Answer]) -> dict[str, Any]:
    """All questions of a questionnaire as names: the answer where it is asked and given, else null or [].

    Conditions only read earlier questions, so one pass in order decides what is asked.
    """
    return environment_of(questionnaire, {str(q): a.value for q, a in answers.items()})


def environment_of(questionnaire: Questionnaire, given: Mapping[str, Value]) -> dict[str, Any]:
    """As :func:`environment`, from the bare values."""
    env = dict(_nothing(questionnaire))
    for question, condition in _in_order(questionnaire):
        value = given.get(question.id)
        if value is not None and (condition is None or holds(condition, env)):
            env[question.id] = value_in(question, value)
    return env


# Kept by identity: a questionnaire is frozen, and hashing a whole one would cost more than working this out.
_ORDERS: dict[int, tuple[Questionnaire, tuple[tuple[Question, str | None], ...], dict[str, Any]]] = {}


def _prepared(
    questionnaire: Questionnaire,
) -> tuple[Questionnaire, tuple[tuple[Question, str | None], ...], dict[str, Any]]:
    """A questionnaire's questions in order and its empty environment, worked out once for each object."""
    kept = _ORDERS.get(id(questionnaire))
    if kept is None or kept[0] is not questionnaire:
        order = tuple((q, None if q.when == "true" else q.when) for q in questionnaire.questions())
        if len(_ORDERS) > 64:
            _ORDERS.clear()
        kept = (questionnaire, order, {q.id: value_in(q, None) for q, _ in order})
        _ORDERS[id(questionnaire)] = kept
    return kept


def _in_order(questionnaire: Questionnaire) -> tuple[tuple[Question, str | None], ...]:
    return _prepared(questionnaire)[1]


def _nothing(questionnaire: Questionnaire) -> dict[str, Any]:
    return _prepared(questionnaire)[2]


def check(
    source: str,
    names: Collection[str],
    questions: Mapping[str, Question] | None = None,
    options: Mapping[str, Collection[str]] | None = None,
) -> list[str]:
    """What is wrong with a condition, in words; empty when nothing is.

    ``names`` are all it may read. ``questions`` adds their types, so that options which do not exist and
    comparisons of unlike things are found; ``options`` gives the values of names that are no questions.
    """
    if len(source) > _LENGTH_AT_MOST:
        return [f"is longer than {_LENGTH_AT_MOST} characters"]
    try:
        read = sorted(names_in(source))
    except ValueError as error:
        return [f"does not compile: {_plain(str(error))}"]
    unknown = [n for n in read if n not in names]
    if unknown:
        return [f'reads "{n}", which is not a question{_meant(n, names)}' for n in unknown]
    compared = _compared(source)
    known: dict[str, tuple[str, ...]] = {k: tuple(v) for k, v in (options or {}).items()}
    for name in {*read, *(n for n, _ in compared)}:
        question = (questions or {}).get(name)
        if question is None:
            continue
        if question.type in ("choice", "multi") and not question.other:
            known[name] = tuple(c.id for c in question.choices)
        elif question.type == "check":
            known[name] = get_args(CheckState)
    problems = [
        f'compares {name} with "{value}", which is none of its options{_meant(value, known[name])}'
        for name, value in compared
        if name in known and value not in known[name]
    ]
    if problems or questions is None:
        return problems
    return _tried(source, read, questions, known)


def _compared(source: str) -> list[tuple[str, str]]:
    """The (name, text) pairs that an expression compares, with loop variables resolved."""
    runs_over = {bound: name for name, bound in _OVER.findall(source)}
    found: list[tuple[str, str]] = []
    for left, right_text, left_text, right in _COMPARED.findall(source):
        found.append((left or right, (right_text or left_text)[1:-1]))
    for name, inside in _IN_LIST.findall(source):
        found += [(name, text[1:-1]) for text in re.findall(_TEXT, inside)]
    for text, name in _IN_ANSWER.findall(source):
        found.append((name, text[1:-1]))
    return [(runs_over.get(name, name), value) for name, value in found]


def _tried(
    source: str,
    read: Iterable[str],
    questions: Mapping[str, Question],
    known: Mapping[str, Collection[str]],
) -> list[str]:
    """Run it over answers of every kind: what fails then compares unlike things."""
    samples = [(n, _samples(n, questions.get(n), known)) for n in read]
    trials = itertools.islice(itertools.product(*(s for _, s in samples)), _TRIALS_AT_MOST)
    for trial in trials:
        env = dict(zip((n for n, _ in samples), trial, strict=True))
        try:
            result = evaluate(source, env)
        except _FAILURES as error:
            return [f"cannot be worked out: {_plain(str(error))}"]
        if not isinstance(result, bool):
            return [f"gives {result!r}, not true or false"]
    return []


def _samples(name: str, question: Question | None, known: Mapping[str, Collection[str]]) -> list[Any]:
    if question is None:
        return list(known.get(name, ("x",)))
    if question.type == "yesno":
        return [True, False]
    if question.type in _NUMBERS or question.type == "money":
        return [-1.0, 1e12]
    if question.type == "choice":
        return [c.id for c in question.choices]
    if question.type == "check":
        return list(get_args(CheckState))
    if question.type in _LISTS:
        return [[], [c.id for c in question.choices] or ["x"]]
    return ["2030-01-01" if question.type == "date" else "x"]


def _plain(message: str) -> str:
    """The first line of a library's message, which says what and where."""
    first = message.strip().splitlines()[0]
    first = re.sub(
        r"^Failed to parse expression '.*?': ERROR: <input>:\d+:(\d+): ", r"at character \1: ", first
    )
    return first.split(". CEL does not coerce")[0].split(" CEL does not coerce")[0].rstrip(".")


def _meant(word: str, known: Iterable[str]) -> str:
    near = nearest(word, known)
    return f' (did you mean "{near}"?)' if near else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or ``""``."""
    from difflib import get_close_matches

    close = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return close[0] if close else ""
