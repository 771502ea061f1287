from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.patches import patch_between, patched, same, without_nulls
from tests.sizes import examples
from workflows.personal.fragments import fragments
from workflows.personal.mask import ERASED, Mask, Named
from workflows.personal.words import belongs_to, blanked

DANA = Named(id="U0DANA", name="Dana Ortiz", handle="dana", email="dana@northwind.example")
MASK = Mask(DANA, "erased-7f3a")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("U0DANA", "erased-7f3a"),
        ("<@U0DANA> and U0DANA|x", "<@erased-7f3a> and erased-7f3a|x"),
        ("learned/U0DANA/a", "learned/erased-7f3a/a"),
        ("U0DANAX and XU0DANA", "U0DANAX and XU0DANA"),
        ("make the owner @dana", "make the owner erased-7f3a"),
        ("@danai and dana@else.example", "@danai and dana@else.example"),
        ("DANA ORTIZ, Dana\n Ortiz", "erased-7f3a, erased-7f3a"),
        ("Dana Ortizova", "Dana Ortizova"),
        ("write to dana@northwind.example.", "write to erased-7f3a."),
        ("Dana thinks so", "Dana thinks so"),
        ("dana", "erased-7f3a"),
    ],
)
def test_who_is_named_and_who_is_not(text: str, left: str) -> None:
    assert MASK.text(text) == left
    assert MASK.names(text) == (text != left)


def test_a_name_of_one_word_stays_in_running_text() -> None:
    mask = Mask(Named(id="U0WILL", name="Will"), "erased-1")
    assert mask.text("Will they do it? U0WILL will.") == "Will they do it? erased-1 will."
    assert mask.text("Will") == "erased-1"


@pytest.mark.parametrize("word", ["production", "UC-0042", "U0LEE", "EUR", "high", "2026-11-16"])
def test_whoever_calls_themselves_like_a_stage_or_an_id_takes_none_with_them(word: str) -> None:
    mask = Mask(Named(id="U0EVE", name=word, handle=word.lower(), email="eve@northwind.example"), "erased-1")
    state = {"id": "UC-0042", "stage": "production", "tier": "high", "week": "2026-11-16", "unit": "EUR"}
    state["owner"] = "U0LEE"
    assert mask.value(state) == state
    assert mask.value({"by": "U0EVE", "text": f"@{word.lower()} said so"}) == {
        "by": "erased-1",
        "text": "erased-1 said so",
    }


PIECES = st.sampled_from(
    ["U0DANA", "<@U0DANA>", "Dana Ortiz", "@dana", "dana@northwind.example", "x", "", "ü"]
)
TEXTS = st.lists(PIECES, max_size=3).map(" ".join)
JSON = st.recursive(
    TEXTS | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)
STATES = st.dictionaries(TEXTS, JSON, max_size=4)


@given(JSON)
@settings(max_examples=examples(200), deadline=None)
def test_nobody_is_left_anywhere_and_doing_it_twice_changes_nothing(value: Any) -> None:
    masked = MASK.value(value)
    assert not MASK.named_in(masked)
    assert MASK.value(masked) == masked
    assert MASK.named_in(value) == (masked != value)


@given(st.lists(STATES, min_size=1, max_size=4))
@settings(max_examples=examples(200), deadline=None)
def test_a_redacted_history_leads_to_the_redacted_state(history: list[dict[str, Any]]) -> None:
    old: Any = {}
    state: Any = {}
    for said in history:
        new = without_nulls(MASK.value(said))
        state = patched(state, json.loads(json.dumps(patch_between(old, new))))
        old = new
    assert same(state, without_nulls(MASK.value(history[-1])))


@pytest.mark.parametrize(
    ("kind", "state", "gone"),
    [
        ("consultation", {"asker": "U0DANA", "question": "secret"}, True),
        ("consultation", {"asker": "U0LEE", "question": "secret"}, False),
        ("consultation", {"asker": "U0LEE", "ratings": [{"by": "U0DANA", "why": "secret"}]}, True),
        ("feedback", {"said_by": "U0DANA", "text": "secret"}, True),
        ("feedback", {"said_by": "U0DANA", "text": "Slow", "wish": "secret"}, True),
        ("feedback", {"said_by": None, "text": "secret"}, False),
        ("walk", {"owner": "U0DANA", "origin": {"words": "secret"}}, True),
        ("walk", {"owner": "U0LEE", "origin": {"quote": "secret", "quoted_author": "U0DANA"}}, True),
        ("walk", {"owner": "U0LEE", "answers": {"q": {"by": "U0DANA", "words": "secret"}}}, True),
        ("walk", {"owner": "U0LEE", "answers": {"q": {"by": "U0LEE", "words": "secret"}}}, False),
        ("use_case", {"answers": {"q": {"by": "U0DANA", "words": "secret"}}}, True),
        ("incident", {"quoted": {"author": "U0DANA", "text": "secret"}}, True),
        ("approval", {"seats": [{"verdicts": [{"by": "U0DANA", "reason": "secret"}]}]}, False),
    ],
)
def test_whose_words_are_blanked(kind: str, state: dict[str, Any], gone: bool) -> None:
    before = json.dumps(state)
    assert ("secret" not in json.dumps(blanked(kind, state, "U0DANA"))) == gone
    assert json.dumps(state) == before, "the state itself stays as it was"


def test_what_an_answer_says_stays() -> None:
    state = {"answers": {"q": {"by": "U0DANA", "value": "nine minutes", "words": "nine, I'd say"}}}
    assert blanked("use_case", state, "U0DANA")["answers"]["q"] == {
        "by": "U0DANA", "value": "nine minutes", "words": "",
    }  # fmt: skip
    asked = blanked("consultation", {"asker": "U0DANA", "question": "why?"}, "U0DANA")
    assert asked["question"] == ERASED


def test_what_is_somebodys_alone_goes_with_them() -> None:
    assert belongs_to("availability", "U0DANA", {}, "U0DANA")
    assert belongs_to("subscription", "SB-0001", {"to": {"to": "person", "user": "U0DANA"}}, "U0DANA")
    assert not belongs_to("subscription", "SB-0001", {"to": {"to": "room", "name": "x"}}, "U0DANA")
    assert not belongs_to("use_case", "UC-0001", {"submitter": "U0DANA"}, "U0DANA")


def test_ones_own_parts_are_told_without_what_others_said_beside_them() -> None:
    state = {
        "submitter": "U0DANA",
        "title": "Letters",
        "seats": [
            {
                "role": "risk",
                "verdicts": [{"by": "U0LEE", "reason": "private"}, {"by": "U0DANA", "reason": "mine"}],
            }
        ],
    }
    found = {f.at: f.says for f in fragments(state, MASK)}
    assert found == {
        "": {"submitter": "U0DANA", "title": "Letters"},
        "seats[0].verdicts[1]": {"by": "U0DANA", "reason": "mine"},
    }
