"""Whatever an app sends, it is told what is wrong; the sandbox never falls over."""

from __future__ import annotations

import copy
import json
import urllib.request
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.methods import METHODS
from sandbox.validate import message_problems, text_length, view_problems
from tests.sandbox.people import Control
from tests.sandbox.test_block_kit_limits import GOOD_BLOCKS, GOOD_ELEMENTS, field, modal
from tests.sizes import examples

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every node of a JSON tree but its root."""
    found = [path] if path else []
    if isinstance(node, dict):
        found += [p for key in node for p in places(node[key], (*path, key))]
    elif isinstance(node, list):
        found += [p for index in range(len(node)) for p in places(node[index], (*path, index))]
    return found


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A good block with one node replaced by anything at all."""
    good = [*GOOD_BLOCKS, *(field(e) for e in GOOD_ELEMENTS)]
    block = copy.deepcopy(draw(st.sampled_from(good)))
    path = draw(st.sampled_from(places(block)))
    node: Any = block
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = draw(anything)
    return block


@given(block=damaged())
@settings(max_examples=examples(200), deadline=None)
def test_a_damaged_block_gets_an_answer(block: Any) -> None:
    for problems in (message_problems([block]), view_problems(modal(block), "modal")):
        assert all("[json-pointer:/" in problem for problem in problems)
    assert text_length([block]) >= 0


@given(view=anything)
@settings(max_examples=50, deadline=None)
def test_anything_as_a_view_gets_an_answer(view: Any) -> None:
    assert view_problems(view, "home")
    assert message_problems(view) or view == []


@pytest.fixture
def url(people: Control) -> str:
    return people.url


NAMES = [
    "blocks",
    "text",
    "view",
    "metadata",
    "ts",
    "thread_ts",
    "users",
    "limit",
    "cursor",
    "files",
    "prompts",
    "token",
]


@given(
    method=st.sampled_from(sorted(set(METHODS) - {"auth.revoke"})),
    args=st.dictionaries(st.sampled_from(NAMES), anything, max_size=4),
    channel=st.sampled_from(["C0OPEN", "U0ANN", "C0GONE"]) | anything,
)
@settings(
    max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_call_with_any_arguments_gets_slacks_envelope(
    url: str, method: str, args: Any, channel: Any
) -> None:
    body = {"token": "xoxb-test"} | args | {"channel": channel, "channel_id": channel, "user": "U0ANN"}
    request = urllib.request.Request(
        f"{url}/api/{method}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    with urllib.request.urlopen(request) as answer:
        data = json.load(answer)
    assert data["ok"] is True or data["error"]
