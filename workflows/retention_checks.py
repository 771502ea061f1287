"""Checks ``retention.yaml`` against the roles and the life cycle."""

from __future__ import annotations

from collections.abc import Collection

from workflows.program import LifeCycle
from workflows.program_sheets import Report, Sheet
from workflows.retention import Retention


def check_retention(
    sheet: Sheet[Retention] | None,
    roles: Collection[str] | None,
    life_cycle: LifeCycle | None,
    report: Report,
) -> None:
    """Roles and stages have to be known, a stage in which work goes on is no end, and records need one."""
    if sheet is None:
        return
    kept = sheet.content
    for i, role in enumerate(kept.holds):
        if roles is not None and role not in roles:
            fix = f"use one of: {', '.join(sorted(roles))}"
            report.add(sheet, ("holds", i), f'there is no role "{role}"', fix)
    if life_cycle is not None:
        stages = {s.id: s for s in life_cycle.stages}
        for i, stage in enumerate(kept.ended):
            if stage not in stages:
                fix = f"use one of: {', '.join(sorted(stages))}"
                report.add(sheet, ("ended", i), f'there is no stage "{stage}"', fix)
            elif stages[stage].open:
                problem = f'work goes on in the stage "{stage}": its record would be deleted under it'
                report.add(sheet, ("ended", i), problem, "name only stages that are an end")
    if kept.records_days is not None and not kept.ended:
        report.add(sheet, ("records_days",), "no stage is an end", "name the stages under ended")
    if kept.keys_days is not None and (kept.messages_days or 0) > kept.keys_days:
        problem = "keys would go before the messages they belong to"
        report.add(sheet, ("keys_days",), problem, "make it no less than messages_days")
