"""What a chat model reads out of first words: options that exist and the person's own words, else nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from knowledge.extracting import Field, extract
from knowledge.masking import Masker
from tests.knowledge.written import writer
from tests.model_server.minds import DONE, lines, saying
from tests.model_server.server import ModelServer

WORDS = (
    "We spend ages writing summaries of claims calls; maybe 40 agents, 300 calls a day, "
    "Lee Chen owns the data."
)
FIELDS = (
    Field("users", "Users", "words"),
    Field("reach", "Reach", "choice", (("team", "One team"), ("firm", "Everybody"))),
    Field("sources", "Sources", "multi", (("calls", "Calls"), ("mail", "Mail"))),
    Field("people", "Personal data", "yesno"),
    Field("owner", "Data owner", "words"),
)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    there = ModelServer(saying(DONE)).start()
    yield there
    there.stop()


def field(id: str, value: object, quote: object) -> dict[str, object]:
    return {"field": id, "value": value, "quote": quote}


def read(server: ModelServer, *said: object, deadline: float = 5.0, **more: Any) -> dict[str, object]:
    server.mind = saying(*said, DONE)
    found = extract(writer(server.url, deadline).model, WORDS, FIELDS, more.pop("budget", 3000), **more)
    return {id: (each.value, each.quote) for id, each in found.items()}


def test_values_are_options_or_the_persons_own_words(server: ModelServer) -> None:
    assert read(
        server,
        field("users", "40  AGENTS", "maybe 40 agents"),
        field("reach", "team", "40 agents"),
        field("sources", ["calls", "pigeons"], "claims calls"),
        field("people", True, "Lee Chen owns the data"),
    ) == {
        "users": ("40 agents", "maybe 40 agents"),
        "reach": ("team", "40 agents"),
        "sources": (["calls"], "claims calls"),
        "people": (True, "Lee Chen owns the data"),
    }


@pytest.mark.parametrize(
    "bad",
    [
        field("users", "50 agents", "maybe 40 agents"),
        field("users", "0 agents", "maybe 40 agents"),
        field("users", "30", "300 calls"),
        field("users", "40 agents", "some 40 agents"),
        field("users", "40 agents", ""),
        field("users", None, "40 agents"),
        field("users", {"a": 1}, "40 agents"),
        field("users", True, "40 agents"),
        field("reach", "universe", "40 agents"),
        field("reach", ["team"], "40 agents"),
        field("sources", ["pigeons"], "claims calls"),
        field("sources", "calls", "claims calls"),
        field("people", "yes", "claims calls"),
        field("approved", "yes", "claims calls"),
        {"value": "40 agents"},
        ["users"],
    ],
)
def test_what_was_not_said_or_is_no_option_is_left_out(server: ModelServer, bad: object) -> None:
    assert read(server, bad, field("reach", "team", "40 agents")) == {"reach": ("team", "40 agents")}


@pytest.mark.parametrize(
    "faults",
    [
        {"status": 500},
        {"stall_before": True},
        {"drop_after": 9, "finish": None},
        {"finish": "length"},
        {"raw": b""},
    ],
)
def test_on_any_trouble_there_is_nothing(server: ModelServer, faults: dict[str, Any]) -> None:
    server.goes_wrong(**faults)
    assert read(server, field("reach", "team", "40 agents"), deadline=0.5) == {}


def test_a_reply_that_does_not_end_as_asked_is_not_believed(server: ModelServer) -> None:
    server.mind = lambda _: lines(field("reach", "team", "40 agents"))
    assert extract(writer(server.url).model, WORDS, FIELDS, 3000) == {}


def test_no_more_fields_are_sent_than_the_budget_allows(server: ModelServer) -> None:
    read(server, budget=400)
    sent = [line["field"] for line in server.asked[0].lines if "field" in line]
    assert 0 < len(sent) < len(FIELDS)
    assert {"words": WORDS} in server.asked[0].lines


def test_names_are_masked_and_come_back(server: ModelServer) -> None:
    said = field("owner", "[PERSON_1]", "[PERSON_1] owns the data")
    assert read(server, said, masker=Masker(["Lee Chen"])) == {
        "owner": ("Lee Chen", "Lee Chen owns the data")
    }
    assert "Lee" not in server.asked[0].text
