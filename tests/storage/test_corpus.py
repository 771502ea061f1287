"""The corpus in the store: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import corpus, corpus_search
from storage.corpus import Document, Passage
from storage.store import Store
from tests.storage.records import HOUR, NOW


def passage(text: str, begins: int = 0, vector: bytes | None = None) -> Passage:
    return Passage("Part", begins, begins + len(text), (begins, begins + len(text)), text, vector, vector)


def document(path: str = "a.md", *texts: str, audiences: tuple[str, ...] = ("all",)) -> Document:
    texts = texts or ("Rollback takes an hour.",)
    return Document(
        root="book",
        path=path,
        digest=path,
        reading="1",
        size=1,
        changed_ns=1,
        title=path.upper(),
        text="".join(texts),
        audiences=audiences,
        passages=tuple(passage(t, sum(map(len, texts[:n]))) for n, t in enumerate(texts)),
        fingerprint="m1",
    )


def put(store: Store, *documents: Document) -> list[int]:
    with store.write() as tx:
        corpus.begin_change(tx.connection)
        return [corpus.put(tx.connection, d, NOW) for d in documents]


def found(store: Store, *words: str, audiences: tuple[str, ...] = ()) -> list[str]:
    with store.read() as reading:
        hits = corpus_search.find(reading.connection, words, audiences, 10)
        shown = corpus_search.show(reading.connection, [h.passage for h in hits], audiences)
    return [shown[h.passage].text for h in hits]


def test_a_passage_is_found_by_other_forms_of_its_words_and_the_better_comes_first(
    store: Store,
) -> None:
    put(store, document("a.md", "Releases are rolled back.", "A release is approved by its owner."))
    assert found(store, "owners", "releasing") == [
        "A release is approved by its owner.",
        "Releases are rolled back.",
    ]
    assert found(store, "penguin") == []


def test_a_question_is_never_read_as_an_operator_of_the_search(store: Store) -> None:
    put(store, document())
    for odd in ('"', "NOT", "rollback*", "a OR", "(", "'; --", "x:y", "\x00", "\ud800", "near/3", "&|!"):
        found(store, odd)
    assert found(store, 'rollback" OR "zebra') == ["Rollback takes an hour."]


def test_documents_for_an_audience_are_found_and_shown_to_that_audience_alone(store: Store) -> None:
    put(store, document("a.md"), document("b.md", "Rollback codes: 1234.", audiences=("oncall", "exec")))
    assert found(store, "rollback") == ["Rollback takes an hour."]
    assert found(store, "codes", audiences=("legal",)) == []
    assert found(store, "codes", audiences=("exec", "oncall")) == ["Rollback codes: 1234."]
    with store.read() as reading:
        every = corpus.documents(reading.connection)
        assert [d.audiences for d in every] == [("all",), ("exec", "oncall")]
        assert corpus_search.readable(reading.connection, ()) == {every[0].id}
        secret = corpus_search.find(reading.connection, ["codes"], ["exec"], 1)[0].passage
        assert corpus_search.show(reading.connection, [secret], ["legal"]) == {}


def test_a_document_put_again_replaces_its_passages_and_keeps_its_id(store: Store) -> None:
    before = put(store, document("a.md", "Old words.", "More."))
    assert put(store, document("a.md", "New words.")) == before
    assert found(store, "words") == ["New words."]
    assert found(store, "more") == []


def test_a_document_that_is_removed_is_gone_with_its_words_and_vectors(store: Store) -> None:
    with_vector = replace(document(), passages=(passage("Rollback.", vector=b"\x01\x02"),))
    (id,) = put(store, with_vector)
    with store.write() as tx:
        corpus.remove(tx.connection, [id])
    assert found(store, "rollback") == []
    with store.read() as reading:
        size = corpus.size(reading.connection, "m1")
        assert (size.documents, size.passages, size.vectors) == (0, 0, 0)


def test_an_id_is_never_given_to_another_passage(store: Store) -> None:
    (first,) = put(store, document())
    with store.write() as tx:
        before = corpus_search.find(tx.connection, ["rollback"], (), 1)[0].passage
        corpus.remove(tx.connection, [first])
    (second,) = put(store, document())
    with store.read() as reading:
        assert corpus_search.find(reading.connection, ["rollback"], (), 1)[0].passage != before
    assert second != first


def test_a_renamed_document_keeps_its_id_and_remembers_where_it_was(store: Store) -> None:
    (id,) = put(store, document("a.md"))
    for path in ("b.md", "a.md", "c.md"):
        with store.write() as tx:
            corpus.rename(tx.connection, id, path)
    with store.read() as reading:
        (kept,) = corpus.documents(reading.connection, "book")
    assert (kept.id, kept.path, kept.former_paths) == (id, "c.md", ("b.md", "a.md"))


def test_vectors_are_kept_by_model_and_missing_ones_are_told(store: Store) -> None:
    put(store, document("a.md", "One.", "Two."))
    with store.read() as reading:
        missing = corpus.without_vectors(reading.connection, "m1", 10)
    assert [p.indexed for _, p in missing] == ["One.", "Two."]
    (one, _), (two, _) = missing
    with store.write() as tx:
        corpus.save_vectors(tx.connection, "m1", [(one, b"\x01", b"\x02"), (two + 100, b"\x01", b"\x02")])
    with store.read() as reading:
        assert [id for id, _ in corpus.without_vectors(reading.connection, "m1", 10)] == [two]
        assert len(corpus.without_vectors(reading.connection, "m2", 10)) == 2
        assert list(corpus_search.vectors_known(reading.connection, "m1")) == [one]
        assert corpus_search.vectors(reading.connection, "m1", [one, two]) == {one: b"\x01"}
        assert corpus_search.show(reading.connection, [one], (), "m1")[one].sentence_vectors == b"\x02"
        assert corpus_search.show(reading.connection, [one], (), "m2")[one].sentence_vectors is None


def test_every_change_raises_the_version_that_readers_see_from_the_commit_on(store: Store) -> None:
    with store.read() as reading:
        before = corpus.version(reading.connection)
        put(store, document())
        assert corpus.version(reading.connection) == before
    with store.read() as reading:
        assert corpus.version(reading.connection) == before + 1


def test_how_many_passages_hold_a_word_in_any_form(store: Store) -> None:
    put(store, document("a.md", "Release it.", "Releases and releases.", "Nothing."))
    with store.read() as reading:
        assert corpus_search.holding(reading.connection, ["release", "penguin"], ()) == {
            "release": 2,
            "penguin": 0,
        }


def test_any_number_of_words_is_counted_and_what_is_hidden_does_not_count(store: Store) -> None:
    put(
        store,
        document("a.md", *(f"Word number{n}." for n in range(70))),
        document("b.md", "Word number3.", "Word number69.", audiences=("hr",)),
    )
    words = [f"number{n}" for n in range(1_200)]
    with store.read() as reading:
        seen = corpus_search.holding(reading.connection, words, ())
        seen_by_hr = corpus_search.holding(reading.connection, words, ("hr",))
    assert seen == {w: int(n < 70) for n, w in enumerate(words)}
    assert seen_by_hr == {w: 2 if n in (3, 69) else int(n < 70) for n, w in enumerate(words)}


def test_a_document_without_an_audience_is_not_kept(store: Store) -> None:
    with pytest.raises(ValueError, match="nobody"):
        put(store, document(audiences=()))


def test_offsets_hold_for_every_script_and_unstorable_characters(store: Store) -> None:
    text = "Ω≈ç √ 🦊 früh \x00 \ud800 שלום."
    put(store, document("a.md", text, "Second."))
    with store.read() as reading:
        (kept,) = corpus.documents(reading.connection)
        whole = corpus.document_text(reading.connection, kept.id)
        hit = corpus_search.find(reading.connection, ["second"], (), 1)[0].passage
        shown = corpus_search.show(reading.connection, [hit], ())[hit]
    assert whole is not None
    assert whole[shown.begins : shown.ends] == shown.text == "Second."


def test_a_forgotten_folder_takes_its_documents_along(store: Store) -> None:
    put(store, document("a.md"), replace(document("x.md", "Other root."), root="other"))
    with store.write() as tx:
        corpus.save_root(tx.connection, "book", "/book", NOW)
        corpus.save_root(tx.connection, "book", "/moved", NOW + HOUR)
    with store.read() as reading:
        assert [(r.name, r.folder, r.synced_at) for r in corpus.roots(reading.connection)] == [
            ("book", "/moved", NOW + HOUR)
        ]
    with store.write() as tx:
        assert corpus.remove_root(tx.connection, "book") == 1
    assert found(store, "rollback") == []
    assert found(store, "root") == ["Other root."]
