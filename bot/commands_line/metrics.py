"""``preflight metrics``: which figures there are, what each means, and what it says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from storage.metrics.registry import Registered
    from workflows.measures.measured import Cell, Metric, Series
    from workflows.program import Program

_NOBODY = "nobody acts on it yet"


@click.group()
def metrics() -> None:
    """List the metrics, and show what they say. May run beside a serving bot."""


@metrics.command(name="list")
@click.option("--family", type=click.Choice(["adoption", "value", "risk"]), help="Only those of one digest.")
@click.option("--json", "as_json", is_flag=True, help="Print each as one line of JSON.")
def list_(family: str | None, as_json: bool) -> None:
    """List every metric: what it counts, over which time, and what is done when it moves."""
    from bot.settings import read_settings
    from storage.metrics.registry import METRICS, load
    from storage.program_folder import default_program_folder, read_program
    from workflows.measures.acting import nobody_acts

    program = read_program(read_settings().program_dir or default_program_folder())
    load()
    shown = [r for r in METRICS.values() if family in (None, r.metric.family)]
    shown.sort(key=lambda r: ("adoption", "value", "risk").index(r.metric.family))
    for registered in shown:
        click.echo(_as_json(registered, program) if as_json else _words(registered, program))
    here = {r.metric.id for r in shown}
    silent = [id for id in nobody_acts(program) if id in here]
    click.echo(f"{len(shown)} metrics.", err=True)
    if silent:
        click.echo(f"metrics.yaml does not say who does what when these move: {', '.join(silent)}.", err=True)


@metrics.command()
@click.argument("id")
@click.option("--weeks", default=8, show_default=True, type=click.IntRange(1, 160), help="How far back.")
@click.option("--function", default="", metavar="ID", help="Only one function of the company.")
@click.option("--use-case", default="", metavar="UC-0042", help="Only one use case.")
@click.option(
    "--by",
    default="",
    type=click.Choice(["", "function", "use_case", "severity", "driver"]),
    help="One line for each of these.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole as JSON.")
def show(id: str, weeks: int, function: str, use_case: str, by: str, as_json: bool) -> None:
    """Show what the metric ID says, week by week; groups that are too small are left out."""
    from bot.commands_line.incidents import moment_of_now
    from storage.metrics.registry import UnknownMetric, found

    try:
        registered = found(id)
        with moment_of_now() as moment, moment.store.read() as reading:
            program = moment.program
            known = {"function": program.functions, "": ()}
            if function and function not in known["function"]:
                listed = ", ".join(program.functions)
                raise click.ClickException(f'There is no function "{function}". There are: {listed}.')
            if use_case and reading.use_case(use_case.upper()) is None:
                raise click.ClickException(f"There is no use case {use_case}.")
            series = reading.measure(
                id, program, moment.now, weeks=weeks,
                function=function, use_case=use_case.upper(), by=by,  # type: ignore[arg-type]
            )  # fmt: skip
    except UnknownMetric as unknown:
        raise click.ClickException(str(unknown)) from None
    if as_json:
        click.echo(series.model_dump_json(indent=2))
        return
    click.echo(_words(registered, program))
    wanted = {w for w in (by, "function" if function else "", "use_case" if use_case else "") if w}
    if not wanted <= set(registered.by):
        able = ", ".join(registered.by) or "nothing"
        click.echo(f"It cannot be narrowed or broken down like that; it can by: {able}.", err=True)
    for cell in series.cells:
        click.echo(_line(cell, series))


def _as_json(registered: Registered, program: Program) -> str:
    terms = program.metrics.terms(registered.metric.id)
    decided = terms.model_dump(exclude={"id"}) if terms else None
    return json.dumps(
        {
            **registered.metric.model_dump(),
            "by": list(registered.by),
            "program": decided,
            "acted_on": program.metrics.acted_on(registered.metric.id),
        },
        ensure_ascii=False,
    )


def _words(registered: Registered, program: Program) -> str:
    metric, terms = registered.metric, program.metrics.terms(registered.metric.id)
    role = program.roles.get(terms.owner) if terms else None
    if terms and program.metrics.acted_on(metric.id):
        action = f"{terms.action} ({role.label if role else terms.owner})"
    else:
        action = f"{_NOBODY}; it could be: {metric.action}"
    target = f", target {_value(terms.target, metric)}" if terms and terms.target is not None else ""
    return (
        f"{metric.id}: {metric.label}\n"
        f"    {metric.family}, {metric.kind}, in {metric.unit}, over: {metric.window}{target}\n"
        f"    counts: {metric.definition}\n"
        f"    when it moves: {action}"
    )


def _line(cell: Cell, series: Series) -> str:
    key = f"  {cell.key:<16}" if cell.key else ""
    if cell.withheld:
        said = "not shown: too few people"
    elif cell.value is None:
        said = "-"
    else:
        said = _value(cell.value, series.metric)
        said += f"  (of {cell.of:g})" if cell.of is not None else ""
    return f"{cell.week}{key}  {said}"


def _value(value: float, metric: Metric) -> str:
    unit = {"percent": " %", "days": " days", "hours": " hours"}.get(metric.unit, "")
    return f"{value:,.2f}".rstrip("0").rstrip(".") + unit
