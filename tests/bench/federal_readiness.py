"""A hundred federal systems in operation, before the gate to production: what their own columns lack.

``python -m tests.bench.federal_readiness`` prints the totals. Each row is imported as ``preflight usecases
import`` does it, with its checklists, and its readiness is what the bot would say of it; beside it stands an
independent reading of the same columns (:mod:`tests.federal`).
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.clock import utc_now
from bot.commands_line.bringing_in import bring_in
from storage.program_folder import default_program_folder, read_files, read_program
from storage.store import Store
from tests.federal import COLUMNS, INVENTORY, chosen, missing_in
from workflows.import_rows import read_rows
from workflows.people import Directory
from workflows.readiness import readiness


@dataclass(frozen=True)
class Compared:
    """One row: what the bot says is missing, and what its columns say."""

    title: str
    tier: str
    by_the_bot: frozenset[str]
    by_the_columns: frozenset[str]
    gaps: Mapping[str, int]
    """All gaps by kind, owners and approval included."""


def compared(folder: Path) -> list[Compared]:
    """Every chosen row, in the order of the file; the store is kept in ``folder``."""
    program = read_program(default_program_folder())
    rows = chosen()
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    listing = read_rows(text.getvalue().encode())
    store = Store(f"sqlite:///{folder}/federal.db", folder)
    try:
        mapping = program.imports["federal_2024"]
        report = bring_in(store, program, read_files(default_program_folder()), mapping, listing, utc_now)
        found = []
        with store.read() as reading:
            for row, done in zip(rows, report.rows, strict=True):
                dossier = reading.dossier(done.id)
                assert dossier is not None, done
                # Each claims to be in operation; it is put before the gate that leads there.
                before = dossier.use_case.model_copy(update={"stage": "platform_candidate"})
                seen = readiness(
                    program.gates["production"],
                    dossier.model_copy(update={"use_case": before}),
                    program,
                    Directory(),
                    utc_now(),
                )
                found.append(
                    Compared(
                        title=done.title,
                        tier=done.tier,
                        by_the_bot=frozenset(i.item for i in seen.items if not i.done),
                        by_the_columns=frozenset(missing_in(row, done.tier)),
                        gaps=Counter(g.kind for g in seen.gaps),
                    )
                )
        return found
    finally:
        store.close()


def main() -> int:
    """Print the totals; 1 where the bot and the columns do not agree on every row."""
    if not INVENTORY.exists():
        print(
            "The federal inventory is not here: set PREFLIGHT_SHARED to the folder that holds data/federal."
        )
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = compared(Path(folder))
    agree = [c for c in found if c.by_the_bot == c.by_the_columns]
    tiers = dict(Counter(c.tier for c in found))
    print(f"{len(found)} rows in operation and rights- or safety-impacting; tiers {tiers}")
    print(f"missing items agree with the columns on {len(agree)} of {len(found)} rows")
    print(f"nothing missing in {sum(not c.by_the_bot for c in found)} rows")
    items = Counter(i for c in found for i in c.by_the_bot)
    asked = Counter(i for c in found for i in COLUMNS if c.tier == "high" or i in list(COLUMNS)[:7])
    for item in COLUMNS:
        print(f"  {item:24} missing in {items[item]:3} of {asked[item]:3}")
    print(f"items missing in all: {sum(items.values())} of {sum(asked.values())}")
    kinds = Counter[str]()
    for one in found:
        kinds.update(one.gaps)
    print(f"gaps by kind, owners and decision included: {dict(kinds)}")
    for one in found:
        if one.by_the_bot != one.by_the_columns:
            print(
                f"  differs: {one.title}: bot {sorted(one.by_the_bot)}, columns {sorted(one.by_the_columns)}"
            )
    return 0 if len(agree) == len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
