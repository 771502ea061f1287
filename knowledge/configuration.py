"""Everything that decides which passages an answer rests on and how sure it is, under one name.

Two answers with the same name and the same version of the corpus were found in the same way, so that a trace
of one tells how to repeat it, and a changed figure can be laid to a change of this.
"""

from __future__ import annotations

import hashlib
import json

from knowledge import answering, evidence, passages_of, query, retrieval
from storage import corpus_search


def configuration(model: str | None) -> dict[str, object]:
    """The parts by name; ``model`` is the embedding model's fingerprint, ``None`` for words alone."""
    by_meaning = model is not None
    ranking = evidence.RANKING if by_meaning else evidence.RANKING_BY_WORDS
    expected = evidence.EXPECTED if by_meaning else evidence.EXPECTED_BY_WORDS
    calibration = answering.CALIBRATION if by_meaning else answering.CALIBRATION_BY_WORDS
    thresholds = [answering.ANSWERS, answering.CLOSEST]
    if not by_meaning:
        thresholds = [answering.ANSWERS_BY_WORDS, answering.CLOSEST_BY_WORDS]
    return {
        "model": model or "",
        "passages": [passages_of.VERSION, passages_of.LONGEST],
        "candidates": [retrieval.BY_WORDS, retrieval.BY_MEANING if by_meaning else 0, corpus_search.ASKED],
        "features": evidence.FEATURES,
        "ranking": [round(float(weight), 4) for weight in ranking],
        "expected": [round(float(part), 4) for part in expected.ravel()],
        "calibration": [round(float(weight), 4) for weight in calibration],
        "thresholds": thresholds,
        "goes_on": [query.BEFORE, retrieval.GOES_ON],
        "shown": [answering.CITATIONS_AT_MOST, answering.QUOTES_AT_MOST, answering.QUOTE_LONGEST],
    }


def fingerprint(model: str | None) -> str:
    """Sixteen characters that change when a part does."""
    told = json.dumps(configuration(model), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
