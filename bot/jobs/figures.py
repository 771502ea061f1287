"""Files of numbers after the commit: fetched, shown, and taken in once somebody said so."""

from __future__ import annotations

import hashlib
from typing import Any

from bot.figures_file import Report, previewed, taken
from bot.inputs import FileIn
from bot.logs import logger
from bot.registry import Job, works
from bot.slack_files import NoFile
from workflows.decision import Decision
from workflows.effects import Post, ToPerson, ToPlace
from workflows.figures.from_csv import read_table
from workflows.ids import Place, UserId

log = logger("figures")

_BYTES = 2_000_000
_SHOWN = 30


@works("figures_file")
def figures_file(job: Job) -> None:
    """A file was sent: what it would come to is shown; nothing counts yet."""
    file = FileIn.model_validate(job.data["file"])
    user = UserId(job.subject.id)
    data = _fetched(job, file.id)
    table = read_table(_text(data)) if data is not None else None
    circ = job.circumstances(user, "message")
    if data is None:
        _say(job, "csv_file", {"name": file.name})
    elif table is None or not table.rows:
        _say(job, "csv_unreadable", {"name": file.name})
    else:
        with job.store.read() as reading:
            report = previewed(reading, job, circ, table)
        held = {"file": file.id, "name": file.name, "digest": _digest(data), **_shown(report)}
        _post(job, "figures_preview", held)


@works("figures_in")
def figures_in(job: Job) -> None:
    """What was shown counts now. Whether it is the file that was shown is looked at again."""
    user = UserId(job.subject.id)
    data = _fetched(job, str(job.data["file"]))
    name = str(job.data.get("name") or "")
    table = read_table(_text(data)) if data is not None else None
    if data is None or table is None or _digest(data) != job.data["digest"]:
        _say(job, "csv_file", {"name": name})
        return
    report = taken(job, job.circumstances(user, "button"), table, f"figures/{job.data['digest']}/{user}")
    _post(job, "figures_taken", {"name": name, **_shown(report)})


def _fetched(job: Job, id: str) -> bytes | None:
    try:
        return job.fetch(id, _BYTES) if job.fetch else None
    except NoFile as none:
        log.info("a file of numbers was not read", why=none.reason)
        return None


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _shown(report: Report) -> dict[str, Any]:
    return {
        "rows": report.rows,
        "counts": report.counts,
        "doubted": report.doubted,
        "known": report.known,
        "refused": report.refused,
        "faults": [list(f) for f in report.faults[:_SHOWN]],
        "unread": list(report.unread),
    }


def _say(job: Job, message: str, values: dict[str, str]) -> None:
    _post(job, "said", {"message": message, "values": values})


def _post(job: Job, kind: str, data: dict[str, Any]) -> None:
    """Where the file was sent, else to whoever sent it; once for the job."""
    place = job.data.get("place")
    to = ToPlace(place=Place.model_validate(place)) if place else ToPerson(user=UserId(job.subject.id))
    circ = job.circumstances(UserId(job.subject.id), "message")
    with job.store.write() as tx:
        if tx.first_time(job.key):
            tx.apply(Decision(effects=(Post(to=to, kind=kind, subject=job.subject, data=data),)), circ)
