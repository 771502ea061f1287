"""A section is found by document and heading, for whoever may read it: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

from storage import corpus
from storage.corpus import Document, Passage
from storage.corpus_sections import PLAYBOOK, Section, section_named
from storage.store import Store
from tests.storage.records import NOW


def document(root: str = PLAYBOOK, *, said: str = "Yes.", audiences: tuple[str, ...] = ("all",)) -> Document:
    """Three passages: two under *Releases › Who may stop one*, one under *Afterwards*."""
    sections = ("Releases › Who may stop one", "Releases › Who may stop one", "Afterwards")
    text, passages = "", []
    for section, words in zip(sections, (said, "Anyone may ask.", "Tell the users."), strict=True):
        passages.append(Passage(section, len(text), len(text) + len(words), (), words))
        text += f"{words}\n\n"
    return Document(
        root=root,
        path="rights.md",
        digest=said,
        reading="1",
        size=1,
        changed_ns=1,
        title="Rights",
        text=text,
        owner="Risk",
        review_date="2027-03-15",
        audiences=audiences,
        passages=tuple(passages),
    )


def found(store: Store, heading: str, *audiences: str, path: str = "rights.md") -> Section | None:
    with store.read() as reading:
        return section_named(reading.connection, path, heading, audiences)


def put(store: Store, *documents: Document) -> None:
    with store.write() as tx:
        corpus.begin_change(tx.connection)
        for one in documents:
            corpus.put(tx.connection, one, NOW)


def test_a_section_is_found_by_its_heading_or_by_all_that_it_stands_under(store: Store) -> None:
    put(store, document())
    for heading in ("Who may stop one", "who may STOP one", "Releases › Who may stop one"):
        section = found(store, heading)
        assert section is not None
        assert section.text == "Yes.\n\nAnyone may ask."
        assert (section.title, section.owner, section.review_date) == ("Rights", "Risk", "2027-03-15")
        assert (section.begins, section.audiences) == (0, ("all",))


def test_what_is_not_there_is_not_found(store: Store) -> None:
    put(store, document())
    assert found(store, "Releases") is None
    assert found(store, "Who may start one") is None
    assert found(store, "Who may stop one", path="other.md") is None


def test_whoever_may_not_read_the_document_does_not_find_it(store: Store) -> None:
    put(store, document(audiences=("exec", "legal")))
    assert found(store, "Afterwards") is None
    assert found(store, "Afterwards", "claims") is None
    section = found(store, "Afterwards", "claims", "exec")
    assert section is not None
    assert section.audiences == ("exec", "legal")


def test_the_programs_own_playbook_comes_before_other_folders_of_the_same_names(store: Store) -> None:
    put(store, document("annex", said="No."), document(), document("zebra", said="Perhaps."))
    section = found(store, "Who may stop one")
    assert section is not None
    assert (section.root, section.text[:4]) == (PLAYBOOK, "Yes.")
    put(store, replace(document(), audiences=("exec",)))
    section = found(store, "Who may stop one")
    assert section is not None
    assert (section.root, section.text[:3]) == ("annex", "No.")
