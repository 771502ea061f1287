"""Similar use cases: found by meaning and by words, silent about the rest, honest without a model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge import weights
from knowledge.embedding import Embedder
from knowledge.similar import Candidate, rank_similar
from knowledge.words import stem, words
from tests.knowledge import measure_similar

CALLS = "Summarise claims calls. The assistant writes the summary of each claims call for the agent to edit."
RECORDED = {
    "chat": "Chat wrap-up. After a customer chat closes, a note of what was agreed is drafted for the agent.",
    "voice": "Call summaries for underwriting. Summarises each call with a broker, the underwriter edits.",
    "pumps": "Predictive maintenance. Use vibration data to tell which pump will fail next.",
    "cv": "CV shortlisting. Rank job applicants so recruiters read the best first.",
    "invoices": "Invoice coding. Read supplier invoices and propose ledger codes so clerks only confirm.",
}


def recorded(embedder: Embedder | None) -> list[Candidate]:
    texts = list(RECORDED.values())
    vectors = [None] * len(texts) if embedder is None else list(embedder.embed(texts))
    return [Candidate(id, text, vector) for id, text, vector in zip(RECORDED, texts, vectors, strict=True)]


def ids(text: str, embedder: Embedder | None, known: list[Candidate] | None = None) -> list[str]:
    return [s.id for s in rank_similar(text, recorded(embedder) if known is None else known, embedder)]


def test_the_same_work_in_other_words_is_found_first(embedder: Embedder) -> None:
    assert ids(CALLS, embedder)[0] == "voice"
    assert ids("Rank people who apply for a job so that recruiters see the best first", embedder) == ["cv"]


def test_what_has_nothing_to_do_with_it_is_not_shown(embedder: Embedder) -> None:
    assert not {"pumps", "cv", "invoices"} & set(ids(CALLS, embedder))
    assert ids("Order lunch for the team", embedder) == []


def test_words_alone_find_what_shares_them(embedder: Embedder) -> None:
    assert ids(CALLS, None)[:1] == ["voice"]
    assert ids("Order lunch for the team", None) == []


def test_one_word_in_common_is_a_coincidence_without_a_model() -> None:
    assert ids("Which pump?", None) == []


def test_a_candidate_without_a_vector_is_still_judged_by_meaning(embedder: Embedder) -> None:
    bare = [Candidate(candidate.id, candidate.text) for candidate in recorded(embedder)]
    assert ids(CALLS, embedder, bare) == ids(CALLS, embedder)


def test_a_model_that_cannot_be_loaded_leaves_the_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no-such-package-anywhere")
    assert ids(CALLS, Embedder(tmp_path), recorded(None)) == ids(CALLS, None)


def test_scores_are_probabilities_in_falling_order_with_a_reason(embedder: Embedder) -> None:
    found = rank_similar(CALLS, recorded(embedder), embedder)
    scores = [similar.score for similar in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0.5 <= score <= 1 for score in scores)
    assert found[0].why.startswith("both about ")
    assert "call" in found[0].why


def test_the_limit_is_kept(embedder: Embedder) -> None:
    same = [Candidate(str(i), CALLS, embedder.embed([CALLS])[0]) for i in range(9)]
    assert len(rank_similar(CALLS, same, embedder, limit=2)) == 2


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "a", "<!channel>", "\u202eabc\x00"])
def test_any_text_may_be_compared(text: str, embedder: Embedder) -> None:
    assert isinstance(rank_similar(text, recorded(embedder), embedder), list)
    assert rank_similar(text, [], embedder) == []


def test_a_very_long_text_is_compared_too(embedder: Embedder) -> None:
    assert rank_similar("claims call summary " * 2000, recorded(embedder), embedder) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("summarise", "summarizing"),
        ("policies", "policy"),
        ("stopped", "stop"),
        ("claims", "claim"),
        ("reviewer", "reviewing"),
        ("customer's", "customers"),
        ("classification", "classifications"),
    ],
)
def test_forms_of_a_word_are_one_word(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_words_that_say_nothing_are_left_out() -> None:
    assert words("Could AI help us with the claims?") == frozenset({"claim"})


@pytest.mark.skipif(not measure_similar.INVENTORY.exists(), reason="the federal inventory is not at hand")
def test_on_real_use_cases_what_is_shown_is_mostly_alike(embedder: Embedder) -> None:
    rows = measure_similar.inventory()
    reported = measure_similar.judged()[1::2]
    # The judged rows among others enough to weigh the words; the measuring command takes all 2,133.
    kept = sorted(
        {i for query, candidate, _ in reported for i in (query, candidate)} | set(range(0, 2133, 10))
    )
    place = {row: i for i, row in enumerate(kept)}
    known = measure_similar.candidates([rows[i].text[:600] for i in kept], embedder)
    pairs = [(place[query], place[candidate], alike) for query, candidate, alike in reported]
    figures = measure_similar.measure_pairs(pairs, known, embedder)
    assert figures.right / figures.shown > 0.65
    assert figures.right / figures.alike > 0.75
    assert np.isfinite([similar.score for similar in rank_similar(rows[0].text, known, embedder)]).all()
