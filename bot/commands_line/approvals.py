"""``preflight approvals``: whether the clock forgot anything about the decisions that wait."""

from __future__ import annotations

import json

import click


@click.group()
def approvals() -> None:
    """Look after the decisions that wait. All of it may run beside a serving bot."""


@approvals.command()
@click.option("--repair", "put_right", is_flag=True, help="Plan again what was forgotten, and tell the team.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_context
def audit(ctx: click.Context, put_right: bool, as_json: bool) -> None:
    """Find what is overdue and was neither reminded of nor escalated, nor is planned to be.

    Exit status 0: nothing was forgotten. 1: something was (whether or not it was put right).
    """
    from contextlib import closing
    from datetime import UTC, datetime

    from bot.auditor import look, repair
    from bot.settings import read_settings
    from storage.program_folder import default_program_folder, read_program
    from storage.store import open_store
    from workflows.decision import Actor, Circumstances
    from workflows.ids import UserId

    settings = read_settings()
    program = read_program(settings.program_dir or default_program_folder())
    now = datetime.now(UTC)
    circ = Circumstances(now=now, actor=Actor(user=UserId("preflight"), door="cli"), program=program.stamp)
    with closing(open_store(settings)) as store:
        found = look(store, program, circ)
        if put_right and found:
            with store.write() as tx:
                found = repair(tx, found, program, circ)
    if as_json:
        click.echo(json.dumps([one.model_dump(mode="json") for one in found], indent=2))
    else:
        for one in found:
            step = f" step {one.step}" if one.kind == "escalate" else ""
            when = f"{'since' if one.late else 'for'} {one.since:%Y-%m-%d %H:%M} UTC"
            click.echo(f"{one.subject.id} {one.item}: {one.kind}{step} was forgotten, {when}")
        done = "planned again" if put_right else "run with --repair to plan it again"
        click.echo(f"{len(found)} forgotten" + (f"; {done}" if found else ""))
    ctx.exit(1 if found else 0)
