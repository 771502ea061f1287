"""Everything that is kept about one use case, read at one moment, for its governance record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text, and_, cast, or_, select

from storage.aggregates import LAYOUTS
from storage.reading import Reading
from storage.schema import Audit, AuditHead, Programs, table_of
from workflows.dossier import Dossier
from workflows.figures.check_in import CheckIn
from workflows.ids import ProgramStamp, UseCaseId
from workflows.portfolio_review import PortfolioReview
from workflows.records.filed import Chain, Filed, LogLine, Version

_AT_ONCE = 200


def filed(reading: Reading, use_case: str) -> Filed | None:
    """All of it; ``None`` where there is no such use case."""
    dossier = reading.dossier(use_case)
    if dossier is None:
        return None
    reviews = _reviews(reading, dossier.use_case.id)
    check_ins = reading.matters(CheckIn, use_case=use_case)
    log = _log(reading, dossier, reviews, check_ins)
    head = reading.connection.execute(select(AuditHead.seq, AuditHead.hash)).one()
    return Filed(
        dossier=dossier,
        reviews=reviews,
        check_ins=check_ins,
        events=reading.figures_of(use_case),
        log=log,
        versions=_versions(reading, dossier, log),
        chain=Chain(seq=head.seq, hash=head.hash),
        titles=reading.titles(dossier.use_case.builds_on),
    )


def _reviews(reading: Reading, use_case: UseCaseId) -> tuple[PortfolioReview, ...]:
    rows = LAYOUTS["portfolio_review"].table.c
    named = cast(rows.state, Text).contains(f'"{use_case}"', autoescape=True)
    wanted = select(rows.state).where(named).order_by(rows.opened_at.desc(), rows.id.desc())
    found = (PortfolioReview.model_validate(s) for s in reading.connection.execute(wanted).scalars())
    return tuple(r for r in found if use_case in r.queue)


def _log(
    reading: Reading,
    dossier: Dossier,
    reviews: tuple[PortfolioReview, ...],
    check_ins: tuple[CheckIn, ...],
) -> tuple[LogLine, ...]:
    """The rows about the use case and its own matters; contracts and reviews are others' as well."""
    own = (
        dossier.use_case,
        *dossier.walks,
        *dossier.approvals,
        *dossier.waivers,
        *dossier.releases,
        *dossier.incidents,
        *check_ins,
    )
    subjects = [a.subject for a in own]
    found: list[LogLine] = []
    for first in range(0, len(subjects), _AT_ONCE):
        part = subjects[first : first + _AT_ONCE]
        kinds = {s.type for s in part}
        about = or_(
            *(
                and_(Audit.subject_type == k, Audit.subject_id.in_([s.id for s in part if s.type == k]))
                for k in sorted(kinds)
            )
        )
        rows = reading.connection.execute(select(table_of(Audit)).where(about)).mappings()
        found += [_line(row) for row in rows]
    return tuple(sorted(found, key=lambda line: line.seq))


def _line(row: Mapping[Any, Any]) -> LogLine:
    return LogLine(
        seq=row["seq"],
        at=row["at"],
        actor=row["actor"],
        door=row["door"],
        action=row["action"],
        subject=f"{row['subject_type']}/{row['subject_id']}",
        refused=row["refused"],
        program=ProgramStamp(label=row["program_label"], hash=row["program_hash"]),
        detail=row["detail"],
        patch=row["patch"],
    )


def _versions(reading: Reading, dossier: Dossier, log: tuple[LogLine, ...]) -> tuple[Version, ...]:
    used = {dossier.use_case.program.hash: dossier.use_case.program}
    used |= {line.program.hash: line.program for line in log}
    kept = {
        row.hash: row
        for row in reading.connection.execute(
            select(Programs.hash, Programs.kept_at, Programs.files).where(Programs.hash.in_(list(used)))
        )
    }
    return tuple(
        Version(stamp=stamp, kept_at=kept[h].kept_at, files=len(kept[h].files))
        if h in kept
        else Version(stamp=stamp)
        for h, stamp in sorted(used.items(), key=lambda item: (item[1].label, item[0]))
    )
