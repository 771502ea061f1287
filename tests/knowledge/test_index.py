"""The index in Chroma finds what the store holds, follows it, and is done without while it is down."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.chroma_embedded import FOLDER, EmbeddedChroma
from knowledge.chroma_index import EXACT_AT_MOST, ChromaIndex
from knowledge.chroma_server import ChromaServer
from knowledge.shelves import Shelves
from knowledge.upkeep import Upkeep
from knowledge.vectors import VectorIndex
from storage import corpus, corpus_search
from storage.errors import AlreadyRunning
from storage.store import Store
from tests.databases import Place
from tests.knowledge.vectors_of import MODEL, SIZE, Server, chroma_server, fill, stored, unit


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as running:
        yield running


@pytest.fixture
def emptied(server: Server) -> Server:
    shelves = ChromaServer(server.url)
    for name in shelves.names():
        shelves.drop(name)
    return server


@pytest.fixture(params=["embedded", "server"])
def shelves(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelves]:
    if request.param == "embedded":
        made: Shelves = EmbeddedChroma(tmp_path / "index")
    else:
        made = ChromaServer(request.getfixturevalue("emptied").url)
    yield made
    made.close()


@pytest.fixture
def sqlite(sqlite_place: Place) -> Iterator[Store]:
    store = sqlite_place.open()
    yield store
    store.close()


def version(store: Store) -> int:
    with store.read() as reading:
        return corpus.version(reading.connection)


def caught_up(store: Store, shelves: Shelves) -> Upkeep:
    upkeep = Upkeep(store, shelves, MODEL, SIZE)
    assert upkeep.catch_up(lambda: False) is not None
    return upkeep


def asked(
    index: ChromaIndex | VectorIndex, store: Store, vector: object, *audiences: str
) -> dict[int, float]:
    with store.read() as reading:
        documents = corpus_search.readable(reading.connection, audiences)
        now = corpus.version(reading.connection)
        return index.nearest(reading, now, np.asarray(vector, np.float32), documents, 30)


def running(store: Store, shelves: Shelves) -> ChromaIndex:
    index = ChromaIndex(store, shelves, MODEL, SIZE)
    index.start()
    assert index.wait_until_in_step(version(store), 20), index.state
    return index


def test_every_passage_is_found_by_each_of_its_vectors(sqlite: Store, shelves: Shelves) -> None:
    fill(sqlite, 20, asked=2)
    index = running(sqlite, shelves)
    for passage, rows in stored(sqlite).items():
        for row in rows:
            assert asked(index, sqlite, row)[passage] == pytest.approx(1.0, abs=2e-3)
    index.stop()


def test_it_answers_as_exact_search_does(sqlite: Store, shelves: Shelves) -> None:
    fill(sqlite, 50)
    index, exact = running(sqlite, shelves), VectorIndex(MODEL, SIZE)
    for vector in unit(20, 99):
        wanted = asked(exact, sqlite, vector)
        assert asked(index, sqlite, vector) == pytest.approx(wanted, abs=2e-3)
    index.stop()


def test_it_follows_what_is_added_changed_and_removed(sqlite: Store, shelves: Shelves) -> None:
    fill(sqlite, 6)
    index = running(sqlite, shelves)
    before = stored(sqlite)
    fill(sqlite, 3, seed=5)
    fill(sqlite, 2, seed=6, name="new")
    with sqlite.write() as tx:
        corpus.begin_change(tx.connection)
        corpus.remove(tx.connection, [d.id for d in corpus.documents(tx.connection) if d.path == "d5.md"])
    assert index.wait_until_in_step(version(sqlite), 20)
    now = stored(sqlite)
    assert len(now) == 28
    assert not Upkeep(sqlite, shelves, MODEL, SIZE).missing()
    for passage in before.keys() - now.keys():
        assert passage not in asked(index, sqlite, before[passage][0])
    assert sum(shelves.size(name) for name in shelves.names()) == 28
    index.stop()


def test_what_somebody_may_not_read_is_never_proposed_to_them(sqlite: Store, shelves: Shelves) -> None:
    fill(sqlite, 10)
    fill(sqlite, 5, audiences=["legal", "exec"], seed=1, name="s")
    index = running(sqlite, shelves)
    with sqlite.read() as reading:
        everyone = corpus_search.readable(reading.connection, ())
        known = corpus_search.vectors_known(reading.connection, MODEL)
    for passage, rows in stored(sqlite).items():
        seen = asked(index, sqlite, rows[0])
        assert {known[p] for p in seen} <= everyone
        assert len(seen) == 30
        assert passage in asked(index, sqlite, rows[0], "exec")
    index.stop()


def test_a_passage_that_only_the_index_still_has_is_not_returned(sqlite: Store, shelves: Shelves) -> None:
    fill(sqlite, 4)
    caught_up(sqlite, shelves)
    index = ChromaIndex(sqlite, shelves, MODEL, SIZE)
    ready = Upkeep(sqlite, shelves, MODEL, SIZE).catch_up(lambda: False)
    assert ready is not None
    gone = stored(sqlite)
    with sqlite.write() as tx:
        corpus.remove(tx.connection, [corpus.documents(tx.connection)[0].id])
    index._ready = ready
    for rows in gone.values():
        assert asked(index, sqlite, rows[0]).keys() <= stored(sqlite).keys()


def test_a_shelf_that_lost_vectors_is_noticed_at_the_next_start_and_made_whole(
    sqlite: Store, shelves: Shelves
) -> None:
    fill(sqlite, 10, asked=1)
    caught_up(sqlite, shelves)
    (name,) = shelves.names()
    shelves.take(name, sorted(shelves.ids(name))[::3])
    assert Upkeep(sqlite, shelves, MODEL, SIZE).missing()
    assert not caught_up(sqlite, shelves).missing()


def test_a_shelf_that_holds_other_vectors_than_the_store_is_noticed_and_mended(
    sqlite: Store, shelves: Shelves
) -> None:
    """As after a database was restored from a backup: the same numbers, other texts."""
    fill(sqlite, 10)
    caught_up(sqlite, shelves)
    (name,) = shelves.names()
    ids = sorted(shelves.ids(name))
    shelves.put(name, ids, unit(len(ids), 77))
    assert not caught_up(sqlite, shelves).missing()


def test_two_keep_the_same_shelves_while_the_corpus_changes(sqlite: Store, emptied: Server) -> None:
    mine, other = (Upkeep(sqlite, ChromaServer(emptied.url), MODEL, SIZE) for _ in range(2))
    for seed in range(4):
        fill(sqlite, 5, seed=seed)
        assert mine.catch_up(lambda: False)
        fill(sqlite, 2, seed=seed + 10, name="x")
        assert other.catch_up(lambda: False)
    assert not other.missing()
    other.clear()
    assert other.catch_up(lambda: False)
    assert mine.catch_up(lambda: False)
    assert not mine.missing()


def test_a_second_owner_of_the_embedded_index_is_refused_with_what_to_set(tmp_path: Path) -> None:
    first = EmbeddedChroma(tmp_path)
    with pytest.raises(AlreadyRunning, match=r"owns the index.*PostgreSQL.*PREFLIGHT_CHROMA"):
        EmbeddedChroma(tmp_path)
    first.close()
    EmbeddedChroma(tmp_path).close()


def test_a_damaged_folder_is_thrown_away_and_made_again(sqlite: Store, tmp_path: Path) -> None:
    fill(sqlite, 5)
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "chroma.sqlite3").write_bytes(b"not a database at all" * 500)
    index = running(sqlite, EmbeddedChroma(tmp_path))
    assert index.state.vectors == 20
    index.stop()


def test_while_a_server_is_frozen_questions_are_answered_exactly_and_only_one_waits(
    sqlite: Store, emptied: Server
) -> None:
    fill(sqlite, 5)
    index = running(sqlite, ChromaServer(emptied.url))
    calls: list[str] = []
    shelves = index._shelves
    nearest = shelves.nearest
    shelves.nearest = lambda *a: (calls.append("asked"), nearest(*a))[1]  # type: ignore[method-assign]
    emptied.process.send_signal(signal.SIGSTOP)
    try:
        for rows in list(stored(sqlite).values())[:5]:
            assert max(asked(index, sqlite, rows[0]).values()) == pytest.approx(1.0, abs=2e-3)
        assert calls == ["asked"]
        assert index.state.state == "down"
        assert "did not answer" in index.state.why
    finally:
        emptied.process.send_signal(signal.SIGCONT)
    assert index.wait_until_in_step(version(sqlite), 20)
    index.stop()


def test_a_server_that_is_not_there_leaves_a_large_corpus_to_words(
    sqlite: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sqlite, 5)
    index = ChromaIndex(sqlite, ChromaServer("http://127.0.0.1:9"), MODEL, SIZE)
    index.start()
    some = next(iter(stored(sqlite).values()))[0]
    assert asked(index, sqlite, some)
    monkeypatch.setattr("knowledge.chroma_index.EXACT_AT_MOST", 10)
    assert asked(index, sqlite, some) == {}
    index.stop()
    assert EXACT_AT_MOST > 10_000
