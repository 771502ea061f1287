"""``preflight manifest``, ``doctor``, ``program check`` and ``version``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command()
@click.option("--url", default="", metavar="ADDRESS", help="For HTTP: the public address, https://host.")
@click.option("--socket", "socket_mode", is_flag=True, help="For Socket Mode (the default).")
def manifest(url: str, socket_mode: bool) -> None:
    """Print the app manifest, as JSON, to paste where Slack asks for one when an app is created."""
    from bot.manifest import manifest as made

    if url and socket_mode:
        raise click.UsageError("Give either --url or --socket.")
    if url and not url.startswith("https://"):
        raise click.UsageError("Slack only sends to an https:// address.")
    click.echo(json.dumps(made(url), indent=2, ensure_ascii=False))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> None:
    """Check settings, Slack, database, program and model; say what is missing and how to get it."""
    from bot.doctor import examine

    findings = examine()
    sound = all(f.state != "missing" for f in findings)
    if as_json:
        shown = [{"check": f.check, "state": f.state, "found": f.found, "fix": f.fix} for f in findings]
        click.echo(json.dumps({"ok": sound, "findings": shown}, indent=2, ensure_ascii=False))
    else:
        for f in findings:
            mark = {"ok": "OK     ", "missing": "MISSING", "note": "NOTE   "}[f.state]
            click.echo(f"{mark} {f.check}: {f.found}")
            if f.fix:
                click.echo(f"        {f.fix}")
    sys.exit(0 if sound else 1)


@click.group()
def program() -> None:
    """Work with a program's files."""


@program.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def check(folder: Path | None, as_json: bool) -> None:
    """Check the program in FOLDER (default: the one in use); each fault with its file, line and fix."""
    from bot.settings import read_settings
    from storage.program_folder import default_program_folder, read_program
    from workflows.measures.acting import warnings_of
    from workflows.program_errors import ProgramErrors

    where = folder or read_settings().program_dir or default_program_folder()
    try:
        found = read_program(where)
    except ProgramErrors as wrong:
        if as_json:
            click.echo(json.dumps({"ok": False, "errors": [e.model_dump() for e in wrong.errors]}, indent=2))
        else:
            for error in wrong.errors:
                click.echo(str(error), err=True)
            click.echo(f"{len(wrong.errors)} to put right.", err=True)
        sys.exit(1)
    if as_json:
        told = {"version": found.stamp.label, "hash": found.stamp.hash, "warnings": warnings_of(found)}
        click.echo(json.dumps({"ok": True, **told}))
    else:
        questions = sum(len(list(q.questions())) for q in found.questionnaires.values())
        click.echo(
            f"{found.name}, version {found.stamp.label} ({found.stamp.hash[:12]}): {questions} questions, "
            f"{len(found.tiers.rules)} tier rules, {len(found.governance.rows)} governance rows. All right."
        )
        for warning in warnings_of(found):
            click.echo(warning, err=True)


@click.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of

    try:
        click.echo(of("preflight"))
    except PackageNotFoundError:
        click.echo("0.1.0 (not installed)")
