"""What must be true of ``digests.yaml``: that everything it names is there, and that its times are times."""

from __future__ import annotations

from collections.abc import Collection

from workflows.digests import section
from workflows.digests.policy import Delivered, DigestPolicy
from workflows.digests.schedule import is_clock
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER
from workflows.words.zones import is_zone

_CHANNEL = "abcdefghijklmnopqrstuvwxyz0123456789-_"


def check_digests(
    sheet: Sheet[DigestPolicy] | None,
    roles: Collection[str] | None,
    stages: Collection[str] | None,
    report: Report,
) -> None:
    """Add to the report what does not fit. ``None``: what there is of it is not known."""
    if sheet is None:
        return
    policy = sheet.content
    _zone(sheet, ("zone",), policy.zone, report)
    for name in ("in_use", "watched"):
        for i, stage in enumerate(getattr(policy, name)):
            report.unknown(sheet, (name, i), "stage", stage, stages)
    for i, patience in enumerate(policy.stuck):
        report.unknown(sheet, ("stuck", i, "stage"), "stage", patience.stage, stages)
    section.load()
    seen: set[str] = set()
    for i, spec in enumerate(policy.digests):
        where: Path = ("digests", i)
        if spec.id in seen:
            report.add(sheet, (*where, "id"), f'"{spec.id}" is used twice', "give each its own id")
        elif not IDENTIFIER.match(spec.id):
            fix = "use small letters, digits and _, starting with a letter"
            report.add(sheet, (*where, "id"), f'"{spec.id}" cannot be an id', fix)
        seen.add(spec.id)
        if not spec.title.strip():
            report.add(sheet, (*where, "title"), "is empty", "write the title; people read it")
        for j, id in enumerate(spec.sections):
            report.unknown(sheet, (*where, "sections", j), "section", id, section.SECTIONS)
        for j, role in enumerate(spec.readers):
            report.unknown(sheet, (*where, "readers", j), "role", role, roles)
        for j, delivered in enumerate(spec.schedules):
            _delivered(sheet, (*where, "schedules", j), delivered, roles, report)


def _delivered(
    sheet: Sheet[DigestPolicy],
    where: Path,
    delivered: Delivered,
    roles: Collection[str] | None,
    report: Report,
) -> None:
    named = [bool(delivered.room), delivered.functions, bool(delivered.role)]
    if sum(named) != 1:
        problem = "goes to nobody" if not any(named) else "goes to several at once"
        report.add(sheet, where, problem, "name one of: room, functions, role")
    if delivered.room and not set(delivered.room) <= set(_CHANNEL):
        fix = "write the channel's name as Slack does, without #"
        report.add(sheet, (*where, "room"), f'"{delivered.room}" cannot be a channel', fix)
    if delivered.role:
        report.unknown(sheet, (*where, "role"), "role", delivered.role, roles)
    times = delivered.schedule
    if not is_clock(times.at):
        report.add(sheet, (*where, "schedule", "at"), "is not a time of day", 'write it as "09:00"')
    if times.zone:
        _zone(sheet, (*where, "schedule", "zone"), times.zone, report)


def _zone(sheet: Sheet[DigestPolicy], where: Path, zone: str, report: Report) -> None:
    if not is_zone(zone):
        report.add(sheet, where, f'there is no time zone "{zone}"', "write it as Europe/London")
