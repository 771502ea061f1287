"""A checklist as a form: within Slack's limits, every item once."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.views.form import form, pages
from tests.bot.walks import a_walk
from tests.workflows.talk import DANA, DEFAULT, DIRECTORY
from workflows.ids import QuestionId
from workflows.questions import EvidenceDemand, Question, Questionnaire, Step

KINDS = st.sampled_from([("text",), ("link", "file"), ("metric",), ("text", "link", "file", "metric")])


def _item(n: int, kinds: Any) -> Question:
    demand = EvidenceDemand(kinds=kinds, help="h" * 100)
    label = f"Item {n}"
    return Question(
        id=QuestionId(f"item_{n}"), type="check", label=label, ask=f"{label}?" * 30, evidence=demand
    )


@given(st.lists(st.lists(KINDS, min_size=1, max_size=45), min_size=1, max_size=8))
def test_every_item_is_on_one_page_and_no_page_is_too_long_for_slack(steps: list[list[Any]]) -> None:
    numbers = iter(range(1000))
    long = Questionnaire(
        id="long",
        title="A long list",
        kind="checklist",
        steps=tuple(
            Step(id=f"s{i}", title=f"Step {i}", questions=tuple(_item(next(numbers), k) for k in kinds))
            for i, kinds in enumerate(steps)
        ),
    )
    program = DEFAULT.model_copy(update={"questionnaires": {**DEFAULT.questionnaires, "long": long}})
    walk = a_walk(DANA).model_copy(update={"questionnaire": "long"})
    split = pages(long, walk)
    assert [q.id for page in split for q in page] == [q.id for q in long.questions()]
    for number in range(len(split)):
        view = form(program, walk, DIRECTORY, page=number)
        assert len(view["blocks"]) <= 100
        ids = [b["block_id"] for b in view["blocks"] if "block_id" in b]
        assert len(ids) == len(set(ids))
