"""What must be true of a program's working time, and of how a decision that is late is escalated."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows.calendars import public_holidays
from workflows.program import MANAGER, EscalationStep, Governance, HolidayCalendar, PartTime
from workflows.program_sheets import ProgramSheet, Report, RolesSheet, Sheet
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d$")
_ANY_YEAR = 2026
"""To ask the library of holidays whether it knows a country."""


def check_working_time(sheet: Sheet[ProgramSheet], report: Report) -> None:
    """Add to the report what is wrong with the hours, the calendars and the part-time patterns."""
    time = sheet.content.working_time
    for name in ("start", "end"):
        if not _CLOCK.match(getattr(time, name)):
            report.add(sheet, ("working_time", name), "is not a time of day", 'write it as "09:00"')
    if time.start >= time.end:
        report.add(sheet, ("working_time", "end"), "the working day ends before it starts", "swap the times")
    if not time.days:
        report.add(sheet, ("working_time", "days"), "there is no working day", "name at least one")
    seen: set[str] = set()
    for i, calendar in enumerate(time.calendars):
        where: Path = ("working_time", "calendars", i)
        if calendar.id in seen:
            report.add(sheet, (*where, "id"), f'"{calendar.id}" is used twice', "give each its own id")
        elif not IDENTIFIER.match(calendar.id):
            fix = "use small letters, digits and _, starting with a letter"
            report.add(sheet, (*where, "id"), f'"{calendar.id}" cannot be an id', fix)
        seen.add(calendar.id)
        _calendar(sheet, where, calendar, report)
    for i, pattern in enumerate(time.part_time):
        _part_time(sheet, ("working_time", "part_time", i), pattern, report)


def _calendar(sheet: Sheet[ProgramSheet], where: Path, calendar: HolidayCalendar, report: Report) -> None:
    if calendar.country:
        try:
            public_holidays(calendar.country, "", _ANY_YEAR)
        except NotImplementedError:
            problem = f'no public holidays are known for the country "{calendar.country}"'
            report.add(sheet, (*where, "country"), problem, "write its ISO code, such as GB or US")
        else:
            _subdivision(sheet, where, calendar, report)
    elif calendar.subdivision:
        report.add(sheet, (*where, "subdivision"), "is a part of no country", "add the country")
    elif not calendar.extra:
        report.add(sheet, where, "has no day off", "add a country, or days under extra")
    for j, zone in enumerate(calendar.zones):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            fix = "write it as Europe/London"
            report.add(sheet, (*where, "zones", j), f'there is no time zone "{zone}"', fix)


def _subdivision(sheet: Sheet[ProgramSheet], where: Path, calendar: HolidayCalendar, report: Report) -> None:
    try:
        public_holidays(calendar.country, calendar.subdivision, _ANY_YEAR)
    except NotImplementedError:
        problem = f'{calendar.country} has no part "{calendar.subdivision}" of which the holidays are known'
        report.add(sheet, (*where, "subdivision"), problem, "write its code, such as ENG or NY")


def _part_time(sheet: Sheet[ProgramSheet], where: Path, pattern: PartTime, report: Report) -> None:
    if not pattern.hours:
        report.add(sheet, (*where, "hours"), "has no hours", "add at least one day")
    ends: dict[str, str] = {}
    for j, hours in enumerate(pattern.hours):
        place: Path = (*where, "hours", j)
        for name in ("start", "end"):
            if not _CLOCK.match(getattr(hours, name)):
                report.add(sheet, (*place, name), "is not a time of day", 'write it as "09:00"')
        if hours.start >= hours.end:
            report.add(sheet, (*place, "end"), "ends before it starts", "swap the times")
        if hours.start < ends.get(hours.day, ""):
            report.add(sheet, place, f"overlaps with other hours of {hours.day}", "put them in order, apart")
        ends[hours.day] = hours.end


def check_escalation(sheet: Sheet[Governance], roles: Sheet[RolesSheet] | None, report: Report) -> None:
    """Add to the report steps that lead to nobody, or run backwards, and managers that are no role."""
    known = {r.id for r in roles.content.roles} if roles else None
    _steps(sheet, ("escalation",), sheet.content.escalation, known, report)
    for i, row in enumerate(sheet.content.rows):
        _steps(sheet, ("rows", i, "escalation"), row.escalation, known, report)
    for i, role in enumerate(roles.content.roles if roles else ()):
        if roles and known is not None and role.manager and role.manager not in known:
            report.unknown(roles, ("roles", i, "manager"), "role", role.manager, known)


def _steps(
    sheet: Sheet[Governance],
    where: Path,
    steps: Sequence[EscalationStep],
    known: Collection[str] | None,
    report: Report,
) -> None:
    for i, step in enumerate(steps):
        if known is not None and step.to not in known and step.to != MANAGER:
            report.unknown(sheet, (*where, i, "to"), "role", step.to, [*known, MANAGER])
        if i and step.after_hours < steps[i - 1].after_hours:
            problem = "comes before the step that stands above it"
            report.add(sheet, (*where, i, "after_hours"), problem, "put the steps in order")
