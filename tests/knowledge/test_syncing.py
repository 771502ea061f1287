"""Folders come into the corpus whole, once, and whatever is wrong with some of their files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.embedding import Embedder
from knowledge.listing import CannotSync
from knowledge.syncing import Report, Source, sync
from storage import corpus, corpus_search
from storage.store import Store
from tests.databases import Place
from tests.faults.postgres import wait_until
from tests.knowledge import pdf_files
from tests.knowledge.handbook import HOLIDAYS, NOW, ROLLBACK, SECRET, bring_in, kept, word_file, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "docs", {"rollback.md": ROLLBACK, "people/holidays.md": HOLIDAYS})


def version(store: Store) -> int:
    with store.read() as reading:
        return corpus.version(reading.connection)


def test_what_a_document_says_of_itself_is_kept(store: Store, folder: Path) -> None:
    report = bring_in(store, folder)
    assert report.added == ["people/holidays.md", "rollback.md"]
    found = kept(store)["rollback.md"]
    assert (found.title, found.owner, found.function) == ("Rollback and stop-ship", "Platform team", "it")
    assert (found.review_date, found.audiences) == ("2027-03-31", ("all",))


def test_a_sync_with_nothing_changed_reads_nothing_and_changes_nothing(store: Store, folder: Path) -> None:
    for file in folder.rglob("*.md"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    bring_in(store, folder)
    before = version(store)
    for file in folder.rglob("*.md"):
        file.chmod(0)
        os.utime(file, (1_700_000_000, 1_700_000_000))
    again = bring_in(store, folder)
    assert (again.unchanged, again.added, again.changed, again.problems) == (2, [], [], [])
    assert version(store) == before


def test_only_what_changed_is_read_again_even_in_the_same_second(store: Store, folder: Path) -> None:
    bring_in(store, folder)
    before = (folder / "rollback.md").stat()
    write(folder, {"rollback.md": ROLLBACK.replace("one hour", "two days")})
    os.utime(folder / "rollback.md", ns=(before.st_atime_ns, before.st_mtime_ns))
    report = bring_in(store, folder)
    assert (report.changed, report.unchanged) == (["rollback.md"], 1)


def test_a_removed_file_is_removed_and_a_renamed_one_keeps_its_history(store: Store, folder: Path) -> None:
    bring_in(store, folder)
    id = kept(store)["rollback.md"].id
    (folder / "rollback.md").rename(folder / "stop.md")
    (folder / "people" / "holidays.md").unlink()
    report = bring_in(store, folder)
    assert report.renamed == [("rollback.md", "stop.md")]
    assert report.removed == ["people/holidays.md"]
    assert (report.added, report.passages) == ([], 0)
    found = kept(store)
    assert list(found) == ["stop.md"]
    assert (found["stop.md"].id, found["stop.md"].former_paths) == (id, ("rollback.md",))


def test_bad_files_are_reported_by_name_and_the_rest_goes_on(store: Store, folder: Path) -> None:
    write(
        folder,
        {
            "empty.md": "",
            "locked.docx": b"\xd0\xcf\x11\xe0",
            "broken.docx": b"PK",
            "good.docx": word_file(("Heading1", "Tiers"), ("", "Three of them.")),
            "wrong.md": "---\naudience: 7\n---\nText\n",
            "when.md": "---\nreview_date: soon\n---\nText\n",
            "picture.png": b"\x89PNG",
            ".hidden.md": "Hidden.",
        },
    )
    (folder / "huge.txt").touch()
    os.truncate(folder / "huge.txt", 60_000_000)
    (folder / "outside.md").symlink_to("/etc/hostname")
    report = bring_in(store, folder)
    assert report.added == ["good.docx", "people/holidays.md", "rollback.md"]
    assert [path for path, _ in report.problems] == [
        "outside.md", "broken.docx", "empty.md", "huge.txt", "locked.docx", "when.md", "wrong.md",
    ]  # fmt: skip
    assert report.ignored == {".png": 1}


def test_a_file_that_broke_keeps_what_was_read_of_it_before(store: Store, folder: Path) -> None:
    bring_in(store, folder)
    write(folder, {"rollback.md": "---\ntitle: [\n---\n"})
    report = bring_in(store, folder)
    assert [path for path, _ in report.problems] == ["rollback.md"]
    assert "rollback.md" in kept(store)


def test_a_folder_that_is_missing_removes_nothing(store: Store, folder: Path) -> None:
    bring_in(store, folder)
    folder.rename(folder.with_name("away"))
    with pytest.raises(CannotSync, match="preflight corpus remove book"):
        bring_in(store, folder)
    assert len(kept(store)) == 2


def test_corpus_yaml_says_what_documents_do_not_and_the_nearer_one_wins(store: Store, folder: Path) -> None:
    write(
        folder,
        {
            "corpus.yaml": "defaults: {owner: Us, audience: staff}\ndocuments: {'*.txt': {title: A text}}\n",
            "people/corpus.yaml": "defaults: {audience: [HR, '@exec']}\n",
            "note.txt": "Some words.",
        },
    )
    bring_in(store, folder)
    found = kept(store)
    assert (found["note.txt"].title, found["note.txt"].audiences) == ("A text", ("staff",))
    assert found["people/holidays.md"].audiences == ("exec", "hr")
    assert (found["rollback.md"].owner, found["rollback.md"].audiences) == ("Platform team", ("all",))


def test_a_changed_corpus_yaml_counts_though_the_documents_are_the_same(store: Store, folder: Path) -> None:
    bring_in(store, folder)
    write(folder, {"corpus.yaml": "defaults: {audience: staff}\n"})
    assert bring_in(store, folder).changed == ["people/holidays.md", "rollback.md"]
    assert kept(store)["people/holidays.md"].audiences == ("staff",)


def test_a_corpus_yaml_that_cannot_be_read_keeps_its_documents_out(store: Store, folder: Path) -> None:
    write(folder, {"people/corpus.yaml": "defaults: {audiance: hr}\n"})
    report = bring_in(store, folder)
    assert report.added == ["rollback.md"]
    assert "audiance" in report.problems[0][1]


def test_a_sync_broken_off_leaves_whole_documents_and_the_next_one_goes_on(
    store: Store, folder: Path
) -> None:
    def stop(done: int, total: int, path: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(store, Source("book", folder), None, lambda: NOW, stop)
    assert list(kept(store)) == ["people/holidays.md"]
    assert bring_in(store, folder).added == ["rollback.md"]


def test_two_sources_live_side_by_side(store: Store, folder: Path, tmp_path: Path) -> None:
    bring_in(store, folder)
    other = write(tmp_path / "other", {"rollback.md": SECRET})
    assert bring_in(store, other, name="other").added == ["rollback.md"]
    assert bring_in(store, folder).removed == []
    with store.read() as reading:
        assert corpus.size(reading.connection, "").by_root == {"book": 2, "other": 1}


def test_vectors_come_with_the_model_are_reused_and_are_made_up_for_later(
    store: Store, folder: Path, embedder: Embedder
) -> None:
    assert bring_in(store, folder).embedded == 0
    late = bring_in(store, folder, embedder)
    assert (late.unchanged, late.embedded) == (2, 8)
    write(folder, {"rollback.md": ROLLBACK.replace("ninety days", "a year")})
    changed = bring_in(store, folder, embedder)
    assert changed.changed == ["rollback.md"]
    assert changed.embedded == 2  # the passage that is new, and the one sentence of it that is
    with store.read() as reading:
        size = corpus.size(reading.connection, embedder.fingerprint)
        assert size.vectors == size.passages == 3
        hit = corpus_search.find(reading.connection, ["year"], (), 5)
        assert len(hit) == 2


def test_the_time_of_a_file_from_the_future_is_not_trusted(store: Store, folder: Path) -> None:
    future = (NOW + timedelta(days=400)).timestamp()
    os.utime(folder / "rollback.md", (future, future))
    bring_in(store, folder)
    assert kept(store)["rollback.md"].changed_ns == 0


def test_three_syncs_at_once_bring_each_document_in_once(place: Place, folder: Path) -> None:
    write(folder, {f"note{n}.txt": f"Note number {n}." for n in range(12)})
    reports: list[Report] = []

    def run() -> None:
        store = place.open()
        reports.append(bring_in(store, folder))
        store.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = place.open()
    assert len(reports) == 3
    assert sum(len(r.added) for r in reports) == len(kept(store)) == 14
    with store.read() as reading:
        assert corpus.size(reading.connection, "").passages == 15
    store.close()


def test_a_sync_that_is_killed_leaves_only_whole_documents(sqlite_place: Place, folder: Path) -> None:
    write(folder, {f"note{n:02}.txt": f"Note number {n}. It has two sentences." for n in range(30)})
    script = (
        "import os, sys; from pathlib import Path; from tests.knowledge.handbook import NOW; "
        "from knowledge.syncing import Source, sync; from storage.store import Store\n"
        "def stop(done, total, path):\n    if done == 17: os.kill(os.getpid(), 9)\n"
        "sync(Store('', Path(sys.argv[1])), Source('book', Path(sys.argv[2])), None, lambda: NOW, stop)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(sqlite_place.data_dir), str(folder)], check=False
    )
    assert ended.returncode == -9
    store = sqlite_place.open()
    assert len(kept(store)) == 17
    report = bring_in(store, folder)
    assert (report.unchanged, len(report.added)) == (17, 15)
    with store.read() as reading:
        assert len(corpus_search.find(reading.connection, ["sentences"], (), 100)) == 30
    store.close()


def test_a_sync_interrupted_at_the_keyboard_says_how_to_go_on(sqlite_place: Place, folder: Path) -> None:
    many = 2500  # so many that it is still at it when the signal comes, on a fast machine too
    already = len(list(folder.iterdir()))
    write(folder, {f"note{n:03}.txt": f"Note number {n}." for n in range(many)})
    environment = {**os.environ, "PREFLIGHT_DATA_DIR": str(sqlite_place.data_dir), "DATABASE_URL": ""}
    running = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "corpus", "sync", str(folder), "--words-only"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    store = sqlite_place.open()
    assert wait_until(lambda: len(kept(store)) > 3, 30)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "run the same command again to go on" in said
    before = len(kept(store))
    assert 3 < before < many + already
    report = bring_in(store, folder, name=str(folder))
    assert (report.unchanged, len(report.added)) == (before, many + already - before)
    store.close()


def test_a_pdf_comes_in_and_its_pages_are_quoted_to_the_letter(store: Store, tmp_path: Path) -> None:
    made = pdf_files.pdf([["The risk owner may stop", "any release at once."], ["Nine days."]], "Stop-ship")
    bring_in(store, write(tmp_path / "pdfs", {"stop.pdf": made}))
    with store.read() as reading:
        (hit,) = corpus_search.find(reading.connection, ["release"], (), 5)
        shown = corpus_search.show(reading.connection, [hit.passage], ())[hit.passage]
        text = corpus.document_text(reading.connection, shown.document)
    assert (shown.title, shown.section) == ("Stop-ship", "Page 1")
    assert text is not None
    assert text[shown.begins : shown.ends] == "The risk owner may stop\nany release at once."
