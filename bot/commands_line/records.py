"""``preflight audit`` and ``preflight db``."""

from __future__ import annotations

import json
import sys

import click

_RANGES = 200
"""Characters of the numbers of redacted rows that are shown."""


@click.group()
def audit() -> None:
    """Verify or export the audit log. Both may run beside a serving bot."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def verify(as_json: bool) -> None:
    """Recompute the chain, replay every change, and compare the outcome with what is stored."""
    from bot.settings import read_settings
    from storage.store import open_store

    store = open_store(read_settings())
    try:
        found = store.verify()
    finally:
        store.close()
    if as_json:
        problems = [{"seq": p.seq, "subject": p.subject, "problem": p.problem} for p in found.problems]
        click.echo(
            json.dumps(
                {
                    "ok": found.sound,
                    "rows": found.rows,
                    "newest_hash": found.newest_hash,
                    "subjects": found.subjects,
                    "problems": problems,
                    "redactions": [
                        {"entry": r.entry, "rows": r.rows, "which": r.ranges, "because": r.because}
                        for r in found.redactions
                    ],
                },
                indent=2,
            )
        )
    elif found.sound:
        click.echo(
            f"{found.rows} rows, {found.subjects} things: the chain is whole and agrees with what is stored. "
            f"Newest hash: {found.newest_hash}"
        )
    else:
        for p in found.problems:
            click.echo(f"Row {p.seq}, {p.subject}: {p.problem}", err=True)
        click.echo(f"{len(found.problems)} things do not fit. Compare with an earlier export.", err=True)
    if not as_json:
        for r in found.redactions:
            why = " ".join(filter(None, (r.because, str(r.detail.get("person", "")))))
            click.echo(f"Redacted by row {r.entry} ({why}): {r.rows} rows: {_short(r.ranges)}")
    sys.exit(0 if found.sound else 1)


def _short(ranges: str) -> str:
    return ranges if len(ranges) <= _RANGES else f"{ranges[:_RANGES].rpartition(',')[0]} ... (--json has all)"


@audit.command()
@click.option("--since", default=0, metavar="N", help="Only what came after row N.")
def export(since: int) -> None:
    """Print the log, one JSON object a line, oldest first."""
    from bot.settings import read_settings
    from storage.store import open_store

    store = open_store(read_settings())
    try:
        for row in store.export(since):
            click.echo(json.dumps(row, ensure_ascii=False))
    finally:
        store.close()


@click.group()
def db() -> None:
    """Bring the database's tables to another version. Stop the bot first."""


@db.command()
def upgrade() -> None:
    """Bring the tables up to this version of Preflight (serving does so by itself)."""
    from bot.settings import read_settings
    from storage.store import open_store

    open_store(read_settings(), serving=True).close()
    click.echo("The database is up to date.")


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="This removes tables or columns with what is in them. Go on?")
def downgrade(revision: str) -> None:
    """Undo migrations down to REVISION; `base` removes everything."""
    from bot.settings import read_settings
    from storage.database import Database, address
    from storage.migrate import downgrade as undo
    from storage.serving_lock import ServingLock

    settings = read_settings()
    where = address(settings.database_url, settings.data_dir)
    lock = ServingLock(settings.data_dir) if where.get_backend_name() == "sqlite" else None
    database = Database(where)
    try:
        undo(database, revision)
    finally:
        database.close()
        if lock:
            lock.release()
    click.echo(f"The database is at {revision}.")
