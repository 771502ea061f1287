"""Brings folders of documents into the corpus: reads what changed, forgets what is gone, reports the rest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge import about, asked, passages_of
from knowledge.listing import CannotSync, File, listing
from knowledge.loading import Unreadable, load, loaders
from knowledge.weights import ModelUnavailable
from storage import corpus
from storage.corpus import Document, Kept, Passage

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from storage.store import Store, Tx

BYTES_AT_MOST = 50_000_000
"""A larger file is not opened."""

VECTOR_TYPE = np.float16
"""How vectors are stored: half the room, and the cosines differ in the fourth decimal."""

_SETTLED_NS = 2_000_000_000
_MISSING_AT_ONCE = 64


@dataclass(frozen=True)
class Source:
    """A folder (or one file) to bring in, and the name it goes by from then on."""

    name: str
    folder: Path
    untracked: bool = False
    """Whether files are taken that Git does not track, where the folder is in a Git work tree."""


@dataclass
class Report:
    """What came of a sync. Paths are those in the source, with ``/``."""

    source: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    """How many files of types that no loader reads, by ending."""
    untracked: list[str] = field(default_factory=list)
    """Documents left out because Git does not track them."""
    note: str = ""
    """What people should know about how the folder was read; a sentence without its full stop."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Path, and what is wrong with it: *"report.pdf" "is encrypted; ..."*."""
    passages: int = 0
    """Written anew."""
    embedded: int = 0
    """Texts that went through the model: passages and sentences."""
    model_problem: str = ""
    """Why there are no vectors, where the model could not be used."""


Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the path at hand."""


def sync(
    store: Store,
    source: Source,
    embedder: Embedder | None,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
) -> Report:
    """Bring a source into the corpus; again, it only reads what changed.

    Each document is committed by itself, with its passages and vectors, so an interrupted sync leaves whole
    documents and the next one goes on from there. Two at once do the work of one twice at worst. Without a
    usable model documents are found by words, and a later sync with one makes up for it. Raises
    :class:`knowledge.listing.CannotSync`, and storage errors.
    """
    if not source.folder.exists():
        raise CannotSync(
            f"There is no folder {source.folder}. Its documents stay as they were; to take them out of the "
            f"corpus, run `preflight corpus remove {source.name}`."
        )
    found = listing(source.folder, source.untracked)
    files = found.files
    report = Report(
        source.name,
        problems=found.problems,
        ignored=found.ignored,
        untracked=found.untracked,
        note=found.note,
    )
    folder = about.Folder(source.folder if source.folder.is_dir() else source.folder.parent)
    with store.read() as reading:
        known = {d.path: d for d in corpus.documents(reading.connection, source.name)}
    work = _Sync(store, source, folder, embedder, clock, report)
    moved = work.moved(files, known)
    for number, file in enumerate(files):
        if progress:
            progress(number, len(files), file.path)
        work.take(file, moved.get(file.path) or known.get(file.path))
    before = {d.path for d in moved.values()}
    here = {f.path for f in files} | before
    work.remove([d for d in known.values() if d.path not in here])
    with store.write() as tx:
        corpus.save_root(tx.connection, source.name, str(source.folder), clock())
    for _ in work.make_up():
        if progress:
            progress(len(files), len(files), "")
    if progress:
        progress(len(files), len(files), "")
    return report


def embed_passages(
    embedder: Embedder, passages: Sequence[Passage], old: Mapping[str, bytes] | None = None
) -> tuple[tuple[Passage, ...], int]:
    """The passages with their vectors, and how many texts went through the model.

    A passage has one of its own, one for each question it is asked by, and one for each sentence. ``old``
    holds the vectors of texts that are known already.
    """
    known = dict(old or {})
    done: list[Passage] = []
    count = 0
    for passage in passages:
        whole, said = [passage.indexed, *passage.asked], sentences_of(passage)
        new = [text for text in dict.fromkeys([*whole, *said]) if text not in known]
        if new:
            vectors = embedder.embed(new).astype(VECTOR_TYPE)
            known.update((text, vector.tobytes()) for text, vector in zip(new, vectors, strict=True))
            count += len(new)
        vector, sentences = (b"".join(known[text] for text in texts) for texts in (whole, said))
        done.append(replace(passage, vector=vector, sentence_vectors=sentences))
    return tuple(done), count


def vectors_by_text(passages: Sequence[Passage]) -> dict[str, bytes]:
    """The vector of each text of these embedded passages: whole, asked and sentences."""
    found: dict[str, bytes] = {}
    for passage in passages:
        whole, said = [passage.indexed, *passage.asked], sentences_of(passage)
        for texts, vectors in ((whole, passage.vector), (said, passage.sentence_vectors)):
            if texts and vectors:
                width = len(vectors) // len(texts)
                parts = (vectors[start : start + width] for start in range(0, len(vectors), width))
                found.update(zip(texts, parts, strict=True))
    return found


def sentences_of(passage: Passage) -> list[str]:
    """The texts of a passage's sentences."""
    offset = len(passage.indexed) - passage.ends
    marks = passage.sentences
    return [passage.indexed[a + offset : b + offset] for a, b in zip(marks[::2], marks[1::2], strict=True)]


class _Sync:
    def __init__(
        self,
        store: Store,
        source: Source,
        folder: about.Folder,
        embedder: Embedder | None,
        clock: Callable[[], datetime],
        report: Report,
    ) -> None:
        self._store = store
        self._source = source
        self._folder = folder
        self._embedder = embedder
        self._clock = clock
        self._report = report

    def moved(self, files: Sequence[File], known: dict[str, Kept]) -> dict[str, Kept]:
        """New path -> the document that stood at a path which is gone, where the file is the same."""
        paths = {f.path for f in files}
        gone: dict[tuple[int, str], list[Kept]] = {}
        for document in known.values():
            if document.path not in paths:
                gone.setdefault((document.size, document.digest), []).append(document)
        sizes = {size for size, _ in gone}
        found: dict[str, Kept] = {}
        for file in files:
            if file.path in known or file.size not in sizes:
                continue
            try:
                digest = hashlib.sha256(file.place.read_bytes()).hexdigest()
            except OSError:
                continue
            same = gone.get((file.size, digest))
            if same:
                found[file.path] = same.pop(0)
        return found

    def take(self, file: File, kept: Kept | None) -> None:
        """Bring one file in, whatever is wrong with it."""
        try:
            self._take(file, kept)
        except Unreadable as error:
            self._report.problems.append((file.path, str(error)))
        except OSError as error:
            why = f"cannot be read ({error.strerror or type(error).__name__}); check its permissions"
            self._report.problems.append((file.path, why))

    def _take(self, file: File, kept: Kept | None) -> None:
        ending = file.place.suffix.lower()
        # What Git says counts where neither the file nor a corpus.yaml names a date.
        said = ({"date": file.dated} if file.dated else {}) | self._folder.says(file.path)
        reading = about.fingerprint(said, passages_of.VERSION, loaders()[ending][1])
        renamed = kept is not None and kept.path != file.path
        if kept and renamed:
            with self._store.write() as tx:
                corpus.begin_change(tx.connection)
                corpus.rename(tx.connection, kept.id, file.path)
            self._report.renamed.append((kept.path, file.path))
        same_way = kept is not None and kept.reading == reading
        if kept and renamed and kept.title == _from_name(kept.path):
            same_way = False  # its title was that of its file
        if kept and same_way and not renamed and (kept.size, kept.changed_ns) == (file.size, file.changed_ns):
            self._report.unchanged += 1
            return
        if file.size > BYTES_AT_MOST:
            raise Unreadable(f"is larger than {BYTES_AT_MOST // 1_000_000} MB; split it")
        data = file.place.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if kept and same_way and kept.digest == digest:
            with self._store.write() as tx:
                corpus.touch(tx.connection, kept.id, file.size, self._settled(file))
            if not renamed:
                self._report.unchanged += 1
            return
        self._write(self._document(file, data, digest, reading, said), kept)

    def _document(
        self, file: File, data: bytes, digest: str, reading: str, said: dict[str, object]
    ) -> Document:
        loaded = load(file.place.suffix.lower(), data)
        known = about.about(said, loaded.about)
        title = known.title or passages_of.title_of(loaded) or loaded.title or _from_name(file.path)
        passages = passages_of.passages(loaded, title)
        if not passages:
            raise Unreadable("has headings but no text")
        passages, unknown = asked.attached(passages, known.asked, title)
        self._report.problems.extend((file.path, problem) for problem in known.wrong)
        self._report.problems.extend(
            (file.path, f"has questions under `asked` for “{heading}”, and no section of that name")
            for heading in unknown
        )
        return Document(
            root=self._source.name,
            path=file.path,
            digest=digest,
            reading=reading,
            size=file.size,
            changed_ns=self._settled(file),
            title=title,
            text=loaded.text,
            owner=known.owner,
            function=known.function,
            link=known.link,
            review_date=known.review_date,
            dated=known.dated,
            audiences=known.audiences,
            passages=passages,
        )

    def _settled(self, file: File) -> int:
        """The time of change to remember; none for a file so fresh that it may change again within it."""
        fresh = self._clock().timestamp() * 1e9 - file.changed_ns < _SETTLED_NS
        return 0 if fresh else file.changed_ns

    def _write(self, document: Document, kept: Kept | None) -> None:
        old: dict[str, bytes] = {}
        if self._embedder is not None:
            if kept is not None:
                with self._store.read() as reading:
                    old = vectors_by_text(
                        corpus.with_vectors(reading.connection, kept.id, self._embedder.fingerprint)
                    )
            try:
                passages, count = embed_passages(self._embedder, document.passages, old)
                document = replace(document, passages=passages, fingerprint=self._embedder.fingerprint)
                self._report.embedded += count
            except ModelUnavailable as error:
                self._without_model(error)
        with self._store.write() as tx:
            corpus.begin_change(tx.connection)
            stored = corpus.stamp(tx.connection, document.root, document.path)
            if stored == (document.digest, document.reading):
                self._report.unchanged += 1  # another sync was quicker
                return
            corpus.put(tx.connection, document, self._clock())
        (self._report.changed if stored else self._report.added).append(document.path)
        self._report.passages += len(document.passages)

    def remove(self, gone: Sequence[Kept]) -> None:
        """Forget the documents whose files are gone."""
        if not gone:
            return
        with self._store.write() as tx:
            corpus.begin_change(tx.connection)
            corpus.remove(tx.connection, [d.id for d in gone])
        self._report.removed.extend(d.path for d in gone)

    def make_up(self) -> Iterator[None]:
        """Embed what was kept without the model, or by another one, some at each step."""
        while self._embedder is not None:
            with self._store.read() as reading:
                missing = corpus.without_vectors(
                    reading.connection, self._embedder.fingerprint, _MISSING_AT_ONCE
                )
            if not missing:
                return
            yield
            try:
                passages, count = embed_passages(self._embedder, [p for _, p in missing])
            except ModelUnavailable as error:
                self._without_model(error)
                return
            self._report.embedded += count
            with self._store.write() as tx:
                self._save(tx, [id for id, _ in missing], passages, self._embedder.fingerprint)

    def _save(self, tx: Tx, ids: Sequence[int], passages: Sequence[Passage], fingerprint: str) -> None:
        corpus.begin_change(tx.connection)
        rows = [(id, p.vector or b"", p.sentence_vectors or b"") for id, p in zip(ids, passages, strict=True)]
        corpus.save_vectors(tx.connection, fingerprint, rows)

    def _without_model(self, error: ModelUnavailable) -> None:
        self._report.model_problem = str(error)
        self._embedder = None


def _from_name(path: str) -> str:
    name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    words = " ".join(name.replace("_", " ").replace("-", " ").split())
    return (words[:1].upper() + words[1:]) or path
