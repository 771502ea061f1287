"""Random answers to any questionnaire, and searching for answers that make something so."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from workflows.answers import Answer
from workflows.expressions import environment, names_in
from workflows.ids import QuestionId, UserId
from workflows.questions import Question, Questionnaire

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DANA = UserId("U0DANA")
_FIGURES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 25.0, 30.0, 45.0, 60.0, 72.0, 80.0, 90.0, 95.0, 99.95, 120.0,
            999.0, 1000.0, 5000.0)  # fmt: skip
_AT_MOST = 4000


def given(**values: Any) -> dict[QuestionId, Answer]:
    """Answers with these values."""
    return {QuestionId(k): Answer(value=v, how="said", by=DANA, at=NOW) for k, v in values.items()}


def options(question: Question) -> list[Any]:
    """Answers to a question, of every kind that its type knows; ``None`` is no answer."""
    bounds = question.bounds
    ids = [c.id for c in question.choices]
    match question.type:
        case "yesno":
            return [True, False]
        case "choice":
            return [*ids, *(["something of one's own"] if question.other else [])]
        case "multi":
            return [[], *([i] for i in ids), *([a, b] for a, b in itertools.combinations(ids, 2)), ids]
        case "number" | "percent":
            low = bounds.min if bounds.min is not None else 0.0
            high = bounds.max if bounds.max is not None else 1e9
            return [f for f in _FIGURES if low <= f <= high]
        case "money":
            return [{"amount": 0.4, "currency": "EUR"}, {"amount": 1e6, "currency": "USD"}]
        case "date":
            return ["2026-11-01", "2027-03-01"]
        case "person":
            return ["U0LEE"]
        case "people":
            return [["U0LEE"], ["U0LEE", "U0DANA"]]
        case "file":
            return [[{"id": "F1", "name": "report.pdf", "link": ""}]]
        case "link":
            return ["https://example.com/report"]
        case "check":
            return [{"state": s, "reason": "", "evidence": []} for s in ("yes", "no", "na")]
        case _:
            return ["words {with} *signs* <@U0LEE>"]


def at_random(questionnaire: Questionnaire, rng: random.Random) -> dict[QuestionId, Answer]:
    """Answers to some or all of the questions, asked or not."""
    leave_out = rng.choice((0.0, 0.0, 0.1, 0.5))
    return given(
        **{str(q.id): rng.choice(options(q)) for q in questionnaire.questions() if rng.random() >= leave_out}
    )


def found(
    questionnaire: Questionnaire, condition: str, true: Callable[[dict[QuestionId, Answer]], bool]
) -> dict[QuestionId, Answer] | None:
    """Answers for which something is true; what the condition reads is tried through, the rest at random."""
    rng = random.Random(20261123)
    for trial in itertools.islice(_trials(questionnaire, condition, rng), _AT_MOST):
        if true(trial):
            return trial
    return None


def _trials(
    questionnaire: Questionnaire, condition: str, rng: random.Random
) -> Iterator[dict[QuestionId, Answer]]:
    read = [q for q in questionnaire.questions() if q.id in _behind(questionnaire, condition)]
    combinations = 1
    for q in read:
        combinations *= len(options(q))
    if combinations <= _AT_MOST:
        for values in itertools.product(*(options(q) for q in read)):
            rest = {str(q): a.value for q, a in at_random(questionnaire, rng).items()}
            yield given(**{**rest, **dict(zip((str(q.id) for q in read), values, strict=True))})
    while True:
        yield at_random(questionnaire, rng)


def _behind(questionnaire: Questionnaire, condition: str) -> set[str]:
    """The questions that a condition reads, and those on which it depends whether they are asked."""
    asked = {str(q.id): q for q in questionnaire.questions()}
    names = set(names_in(condition)) & set(asked)
    while more := {n for i in names for n in names_in(asked[i].when) if n in asked} - names:
        names |= more
    return names


def asked_with(questionnaire: Questionnaire, question: Question) -> dict[QuestionId, Answer] | None:
    """Answers with which the question is asked."""
    from workflows.expressions import holds

    return found(
        questionnaire,
        question.when,
        lambda answers: holds(question.when, environment(questionnaire, answers)),
    )
