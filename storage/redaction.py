"""Taking words out of the audit log without breaking what it proves.

A row that is redacted keeps its number, time, action, place in the chain and its hash, so the chain goes on
unbroken; its actor, detail and patch may become others. The hash of what it says since is kept in
``redactions``, and one entry of the log binds all hashes of one redaction by their digest. So a row says what
it said when it was written, or what the last entry that redacted it says it does; anything else is found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, tuple_, update

from storage.audit import row_hash
from storage.redaction_schema import Redactions
from storage.schema import Audit, table_of

ACTION = "log.redacted"
"""What an entry of the log is called that tells of a redaction."""

_BATCH = 2000
_KEPT = insert(table_of(Redactions))
_REWRITE = (
    update(table_of(Audit))
    .where(Audit.seq == bindparam("row"))
    .values(
        actor=bindparam("says_actor"),
        subject_id=bindparam("says_subject"),
        detail=bindparam("says_detail"),
        patch=bindparam("says_patch"),
    )
)


@dataclass(frozen=True)
class Rewritten:
    """What a row says from now on. ``row`` is the row as it is, complete."""

    row: Mapping[str, Any]
    actor: str
    subject_id: str
    detail: dict[str, Any]
    patch: dict[str, Any] | None

    @property
    def changes(self) -> bool:
        """Whether it says something else than before."""
        says = (self.actor, self.subject_id, self.detail, self.patch)
        return says != tuple(self.row[k] for k in ("actor", "subject_id", "detail", "patch"))

    @property
    def content(self) -> dict[str, Any]:
        """The whole row as it is from now on."""
        says = {
            "actor": self.actor,
            "subject_id": self.subject_id,
            "detail": self.detail,
            "patch": self.patch,
        }
        return {**self.row, **says}


def rewrite(connection: Connection, entry: int, rows: Iterable[Rewritten]) -> dict[str, Any]:
    """Rewrite the rows under the entry of that number, which is not in the log yet.

    The caller holds the lock on the log's head. Returns what the entry must say in its detail.
    """
    digest, count, first, last = hashlib.sha256(), 0, 0, 0
    for part in _parts(sorted((r for r in rows if r.changes), key=lambda r: int(r.row["seq"]))):
        hashes = [(int(r.row["seq"]), row_hash(r.content)) for r in part]
        connection.execute(_KEPT, [{"entry": entry, "seq": s, "content_hash": h} for s, h in hashes])
        connection.execute(
            _REWRITE,
            [
                {
                    "row": r.row["seq"],
                    "says_actor": r.actor,
                    "says_subject": r.subject_id,
                    "says_detail": r.detail,
                    "says_patch": r.patch,
                }
                for r in part
            ],
        )
        for seq, content_hash in hashes:
            _add(digest, seq, content_hash)
        count, first, last = count + len(hashes), first or hashes[0][0], hashes[-1][0]
    return {"rows": count, "first": first, "last": last, "digest": digest.hexdigest()}


def marks(connection: Connection, first: int, last: int) -> dict[int, dict[str, Any]]:
    """For each row from ``first`` to ``last`` that was redacted: the last ``entry`` that did, and the
    ``content_hash`` of what the row says since."""
    wanted = select(Redactions.seq, Redactions.entry, Redactions.content_hash)
    within = wanted.where(Redactions.seq.between(first, last)).order_by(Redactions.seq, Redactions.entry)
    rows = connection.execute(within)
    return {row.seq: {"entry": row.entry, "content_hash": row.content_hash} for row in rows}


@dataclass(frozen=True)
class Redacted:
    """One redaction as it was found: by which entry, of how many rows, and which."""

    entry: int
    rows: int
    ranges: str
    """``3-5, 9``."""
    because: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Redacting:
    """What the table of redactions says, read once in the order of the log, beside the log itself."""

    connection: Connection
    found: dict[int, _Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rows = self._read()
        self._next = next(self._rows, None)

    def of(self, seq: int) -> str | None:
        """The hash of what that row says since it was last redacted; ``None``: it never was.

        To be asked with rising numbers.
        """
        latest = None
        while self._next is not None and self._next[0] <= seq:
            row, entry, content_hash = self._next
            self.found.setdefault(entry, _Seen()).add(row, content_hash)
            latest = content_hash if row == seq else latest
            self._next = next(self._rows, None)
        return latest

    def finish(self) -> None:
        """Read what is left: redactions of rows that are not there."""
        self.of(2**62)

    def _read(self) -> Iterator[tuple[int, int, str]]:
        wanted = select(Redactions.seq, Redactions.entry, Redactions.content_hash)
        ordered = wanted.order_by(Redactions.seq, Redactions.entry).limit(_BATCH)
        after = (0, 0)
        while True:
            rows = self.connection.execute(
                ordered.where(tuple_(Redactions.seq, Redactions.entry) > after)
            ).all()
            yield from ((row.seq, row.entry, row.content_hash) for row in rows)
            if len(rows) < _BATCH:
                return
            after = (rows[-1].seq, rows[-1].entry)


class _Seen:
    """The rows of one redaction, as they are read."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()
        self._ranges: list[list[int]] = []

    def add(self, seq: int, content_hash: str) -> None:
        """One more of its rows."""
        self.rows += 1
        _add(self._digest, seq, content_hash)
        if self._ranges and self._ranges[-1][1] == seq - 1:
            self._ranges[-1][1] = seq
        else:
            self._ranges.append([seq, seq])

    @property
    def ranges(self) -> str:
        """``3-5, 9``."""
        return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in self._ranges)

    @property
    def digest(self) -> str:
        """Of all its rows."""
        return self._digest.hexdigest()


def told(
    found: Mapping[int, _Seen], entries: Mapping[int, Mapping[str, Any]]
) -> tuple[tuple[Redacted, ...], tuple[tuple[int, str], ...]]:
    """(the redactions that fit what the log's entries say of them, the others by entry with what is wrong).

    ``entries`` are the details of the log's entries of :data:`ACTION`, by their number.
    """
    good, wrong = [], []
    for entry in sorted(found.keys() | entries.keys()):
        seen, detail = found.get(entry) or _Seen(), entries.get(entry)
        if detail is None:
            wrong.append((entry, "rows were redacted under its number, but the log does not tell of that"))
        elif (seen.digest, seen.rows) != (detail.get("digest"), detail.get("rows")):
            wrong.append((entry, "the rows that are marked as redacted by it are not those that it tells of"))
        else:
            good.append(Redacted(entry, seen.rows, seen.ranges, str(detail.get("because", "")), detail))
    return tuple(good), tuple(wrong)


def _add(digest: Any, seq: int, content_hash: str) -> None:
    digest.update(f"{seq}:{content_hash}\n".encode("ascii"))


def _parts(rows: Sequence[Rewritten]) -> Iterator[Sequence[Rewritten]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
