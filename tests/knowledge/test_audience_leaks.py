"""What somebody may not read changes nothing for them: not an answer, a citation, a number or an order."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.answering import answer
from knowledge.chroma_embedded import EmbeddedChroma
from knowledge.chroma_index import ChromaIndex
from knowledge.query import query
from knowledge.retrieval import Retriever
from knowledge.syncing import Source, sync
from storage import corpus
from storage.corpus import EVERYONE
from storage.store import Store
from tests.databases import copy_ready
from tests.faults.stand_in_model import StandIn
from tests.knowledge.handbook import NOW, write

WHO = ["legal", "exec", "oncall"]
WORDS = ["release", "risk", "owner", "stop", "rollback", "model", "data", "salary", "bonus", "incident"]

sentence = st.lists(st.sampled_from(WORDS), min_size=3, max_size=7).map(
    lambda w: " ".join(w).capitalize() + "."
)
document = st.tuples(
    st.lists(st.sampled_from([*WHO, EVERYONE]), min_size=1, max_size=2, unique=True),
    st.lists(sentence, min_size=1, max_size=3),
)


def bring_in(
    place: Path, template: Path, documents: Sequence[tuple[int, Sequence[str], Sequence[str]]]
) -> Store:
    """A store with these documents: number, audiences, sentences."""
    files = {
        f"d{number}.md": f"---\naudience: [{', '.join(who)}]\n---\n# No {number}\n\n{' '.join(said)}\n"
        for number, who, said in documents
    }
    write(place, {"docs/readme.png": b"", **{f"docs/{name}": text for name, text in files.items()}})
    store = copy_ready(template, place / "data").open()
    sync(store, Source("book", place / "docs"), StandIn(), lambda: NOW)
    return store


def seen(store: Store, place: Path, question: str, who: Sequence[str], kind: str) -> tuple[object, ...]:
    """All that an asker could see, and the numbers behind it."""
    model = StandIn()
    index = None
    if kind == "chroma":
        index = ChromaIndex(store, EmbeddedChroma(place / "data"), model.fingerprint, model.dimensions)
        index.start()
    retriever = Retriever(None if kind == "words" else model, index)
    with store.read() as reading:
        version = corpus.version(reading.connection)
        if index is not None:
            assert index.wait_until_in_step(version, 20)
        told = answer(retriever, reading, question, who, today="2026-05-04")
        found = retriever.search(reading, query(question), who)
        documents = retriever._documents(reading, version, who)
        counts = retriever._size(reading, version, documents)
        holding = retriever._holding(reading, version, documents, who, WORDS)
    if index is not None:
        index.stop()
    # Numbers of rows differ between two databases, and tell nothing.
    cited = [astuple(replace(c, passage=0)) for c in told.citations]
    scores = [round(r.score, 6) for r in found.ranked]
    return told.state, told.text, cited, round(told.probability, 6), scores, counts, holding


@pytest.mark.parametrize("kind", ["words", "exact", "chroma"])
def test_an_answer_is_the_same_as_if_what_one_may_not_read_did_not_exist(
    sqlite_template: Path, kind: Literal["words", "exact", "chroma"]
) -> None:
    @settings(
        max_examples=3 if kind == "chroma" else 10,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(document, min_size=2, max_size=8),
        st.lists(st.sampled_from(WHO), max_size=2, unique=True),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    )
    def holds(documents: list[tuple[list[str], list[str]]], who: list[str], asked: list[str]) -> None:
        numbered = [(n, audiences, said) for n, (audiences, said) in enumerate(documents)]
        mine = [d for d in numbered if set(d[1]) & {*who, EVERYONE}]
        question = f"What about {' '.join(asked)}?"
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            told = []
            for name, some in (("all", numbered), ("mine", mine)):
                place = Path(folder) / name
                store = bring_in(place, sqlite_template, some)
                told.append(seen(store, place, question, who, kind))
                store.close()
        assert told[0] == told[1]

    holds()
