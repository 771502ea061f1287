"""Token counts: those of the published table, with nothing downloaded, and honest when estimated."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from knowledge import tokens
from knowledge.tokens import TokenCount, count


@pytest.fixture
def forgotten() -> Iterator[None]:
    tokens._encoding.cache_clear()
    yield
    tokens._encoding.cache_clear()


def test_counts_are_those_of_the_published_encoding(forgotten: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "create_connection", refuse)
    assert count("hello world") == TokenCount(2, approximate=False)
    assert count("") == TokenCount(0, approximate=False)
    # Known splits: digits in threes, a contraction with its word, accents and scripts in few pieces.
    assert count("1234567").tokens == 3
    assert count("don't").tokens == 1
    assert count("Grüße").tokens == 3


def test_a_special_marker_in_a_text_is_plain_text() -> None:
    assert count("<|endoftext|>").tokens > 1


@pytest.mark.parametrize("text", ["\ud800", "a" * 40_000, "🙂" * 100, "\x00\u202e"])
def test_any_text_can_be_counted(text: str) -> None:
    assert count(text).tokens > 0


def test_without_the_table_the_count_is_an_estimate_and_says_so(
    forgotten: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "TABLE", "not-there.xz")
    assert count("four bytes a token, roughly") == TokenCount(7, approximate=True)
    assert str(count("four bytes a token, roughly")) == "about 7 tokens"
    assert "approximate" in (tokens.problem() or "")


def test_a_damaged_table_is_not_used(forgotten: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "TABLE_SHA256", "0" * 64)
    assert count("hello world").approximate


def test_the_shipped_table_is_whole() -> None:
    assert tokens.problem() is None
