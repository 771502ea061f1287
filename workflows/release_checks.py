"""What must be true of a program's part about releases: that what it names is there."""

from __future__ import annotations

from workflows.program_sheets import Report, Sheets


def check_releases(sheets: Sheets, report: Report) -> None:
    """Add to the report whatever does not hold."""
    sheet = sheets.program
    if sheet is None:
        return
    policy = sheet.content.releases
    where = "releases"
    gates = {g.content.id for g in sheets.gates}
    if gates and policy.gate not in gates:
        fix = f"use one of: {', '.join(sorted(gates))}"
        report.add(sheet, (where, "gate"), f'there is no gate "{policy.gate}"', fix)
    if sheets.life_cycle:
        stages = [s.id for s in sheets.life_cycle.content.stages]
        for i, stage in enumerate(policy.stages):
            if stage not in stages:
                fix = f"use one of: {', '.join(stages)}"
                report.add(sheet, (where, "stages", i), f'there is no stage "{stage}"', fix)
    if policy.another_model and sheets.governance:
        groups = [g.id for g in sheets.governance.content.material]
        if policy.another_model not in groups:
            fix = f"use one of: {', '.join(groups)}" if groups else "name such a group under material: there"
            problem = f'governance.yaml has no group of material changes "{policy.another_model}"'
            report.add(sheet, (where, "another_model"), problem, fix)
    if sheets.roles:
        roles = sorted(r.id for r in sheets.roles.content.roles)
        for i, role in enumerate(policy.tell):
            if role not in roles:
                fix = f"use one of: {', '.join(roles)}"
                report.add(sheet, (where, "tell", i), f'there is no role "{role}"', fix)
    if sheets.intake and policy.channel:
        asked = {str(q.id) for q in sheets.intake.content.questions()}
        if policy.channel not in asked:
            fix = "name the question of the intake whose answer is a function"
            report.add(sheet, (where, "channel"), f'there is no question "{policy.channel}"', fix)
