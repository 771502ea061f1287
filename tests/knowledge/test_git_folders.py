"""A folder in a Git work tree gives the documents that Git tracks, with the dates of their last commits."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from knowledge.answering import answer
from knowledge.git_files import tracked
from knowledge.listing import listing
from knowledge.retrieval import Retriever
from knowledge.syncing import Source, sync
from storage.store import Store
from tests.knowledge.handbook import HOLIDAYS, NOW, ROLLBACK, bring_in, kept, write


def git(folder: Path, *words: str, date: str = "2026-01-10T12:00:00Z") -> None:
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@a.example"}
    who |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in who.items()}
    dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *words], cwd=folder, env={**os.environ, **who, **dates}, check=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two documents committed on different days, one draft that is not tracked, one file that is ignored."""
    folder = write(tmp_path / "repository", {"docs/rollback.md": ROLLBACK, ".gitignore": "private/\n"})
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    write(folder, {"docs/people/ferien tage.md": HOLIDAYS})
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "two", date="2026-03-20T12:00:00Z")
    write(folder, {"docs/draft.md": "# Draft\n\nNot yet.\n", "private/pay.md": "# Pay\n\nSecret sums.\n"})
    return folder


def test_only_tracked_documents_come_in_and_the_others_are_named(store: Store, repository: Path) -> None:
    report = bring_in(store, repository)
    assert report.added == ["docs/people/ferien tage.md", "docs/rollback.md"]
    assert report.untracked == ["docs/draft.md", "private/pay.md"]
    assert not report.note


def test_all_come_in_when_asked_for(store: Store, repository: Path) -> None:
    report = sync(store, Source("book", repository / "docs", untracked=True), None, lambda: NOW)
    assert report.added == ["draft.md", "people/ferien tage.md", "rollback.md"]
    assert report.untracked == []


def test_a_document_that_git_tracks_no_longer_is_removed(store: Store, repository: Path) -> None:
    bring_in(store, repository)
    git(repository, "rm", "-q", "--cached", "docs/rollback.md")
    assert bring_in(store, repository).removed == ["docs/rollback.md"]
    assert list(kept(store)) == ["docs/people/ferien tage.md"]


def test_a_part_of_a_repository_has_paths_of_its_own_and_dates_of_last_commits(repository: Path) -> None:
    found = tracked(repository / "docs")
    assert found is not None
    assert found.dates == {"rollback.md": "2026-01-10", "people/ferien tage.md": "2026-03-20"}


def test_a_document_is_as_old_as_its_last_commit_unless_it_says_otherwise(
    store: Store, repository: Path
) -> None:
    dated = "---\ndate: 2025-12-24\n---\n# Dated\n\nIt says when.\n"
    vague = "---\ndate: some day in May\n---\n# Vague\n\nIt says so vaguely.\n"
    write(repository, {"docs/dated.md": dated, "docs/vague.md": vague})
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "three", date="2026-04-01T12:00:00Z")
    bring_in(store, repository)
    assert {path: document.dated for path, document in kept(store).items()} == {
        "docs/dated.md": "2025-12-24",
        "docs/draft.md": "2026-04-01",
        "docs/people/ferien tage.md": "2026-03-20",
        "docs/rollback.md": "2026-01-10",
        "docs/vague.md": "2026-04-01",
    }


def test_an_answer_carries_the_date_of_the_last_commit(store: Store, repository: Path) -> None:
    bring_in(store, repository)
    with store.read() as reading:
        told = answer(Retriever(None), reading, "How many days of holiday does everybody have a year?")
    assert [c.date for c in told.citations][:1] == ["2026-03-20"]


def test_what_is_tracked_and_not_committed_has_no_date(repository: Path) -> None:
    git(repository, "add", "docs/draft.md")
    assert {f.path: f.dated for f in listing(repository).files}["docs/draft.md"] == ""


def test_a_folder_that_the_repository_around_it_leaves_out_is_read_whole(repository: Path) -> None:
    assert [f.path for f in listing(repository / "private").files] == ["pay.md"]


def test_without_git_it_is_said_and_all_files_are_read(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    found = listing(repository / "docs")
    assert len(found.files) == 3
    assert found.note.endswith("Git is not installed here, so all its files are read")


def test_a_repository_that_is_broken_is_said_and_all_files_are_read(repository: Path) -> None:
    (repository / ".git" / "HEAD").write_text("nonsense")
    found = listing(repository / "docs")
    assert len(found.files) == 3
    assert "in a Git repository that cannot be read" in found.note


def test_a_repositorys_own_settings_run_nothing(repository: Path) -> None:
    git(repository, "config", "core.fsmonitor", f"touch {repository}/was-run")
    assert tracked(repository) is not None
    assert not (repository / "was-run").exists()
