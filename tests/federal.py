"""A hundred systems in operation, from the federal inventory: what its own columns say is missing.

The reading here is independent of the bot's: whole cells and their beginnings, listed by hand from the data
dictionary that is published beside the inventory, and no mapping file.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path

DATA = Path(os.environ.get("PREFLIGHT_SHARED", Path(__file__).parents[2] / "shared")) / "data" / "federal"
INVENTORY = DATA / "2024_inventory.csv"
STAGE = "Stage of Development"
IN_OPERATION = ("Operation and Maintenance", "In production", "In mission")
IMPACT = "Is the AI use case rights-impacting, safety-impacting, both, or neither?"
ROWS = 100

DOES_NOT_APPLY = ("n/a", "not applicable")
COLUMNS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "data_quality": (
        "Is there available documentation for the model training",
        (
            "yes",
            "documentation is complete",
            "documentation is widely available",
            "documentation is available",
        ),
        (),
    ),
    "decision_ownership": (
        "For this particular use case, can the AI carry out a decision",
        ("no - some individual decisions or actions require direct human oversight",),
        ("ai is not safety or rights-impacting",),
    ),
    "evaluation": (
        "Has the AI use case been tested in operational",
        (
            "yes",
            "performance evaluation in operational environment",
            "impact evaluation in operational environment",
            "benchmark evaluation",
        ),
        ("ai is not safety or rights-impacting",),
    ),
    "monitoring": (
        "Is there a process to monitor performance",
        (
            "intermittent and manually updated",
            "automated and regularly scheduled updates",
            "established process of machine learning operations",
        ),
        ("ai is not safety or rights-impacting",),
    ),
    "security": ("Does this AI use case have an associated Authority to Operate", ("yes",), ()),
    "change_management": (
        "How is the agency providing reasonable and timely notice",
        ("online", "in-person", "in person", "email", "telephone", "mail"),
        ("ai is not safety or rights-impacting",),
    ),
    "fallbacks": (
        "Is there an established fallback and escalation process",
        ("yes",),
        ("ai is not safety or rights-impacting",),
    ),
    "impact_assessed": ("Has an AI impact assessment been conducted", ("yes",), ()),
    "independent_evaluation": (
        "Has an independent evaluation of the AI use case",
        ("yes", "true"),
        ("ai is not safety or rights-impacting",),
    ),
    "appeal_path": ("Where practicable and consistent with applicable law", ("yes",), ()),
    "stop_rehearsed": ("", (), ()),
}
"""Item -> the beginning of its column, the beginnings of cells that say it is there, and of those that say it
does not apply (beside the usual ones). The inventory has no column about rehearsed stops."""
SEVEN = tuple(COLUMNS)[:7]


def inventory() -> list[dict[str, str]]:
    """Every row as the file has it."""
    with INVENTORY.open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file))


def chosen() -> list[dict[str, str]]:
    """The first hundred rows in operation that the agencies themselves call rights- or safety-impacting: to
    those the questions about impact assessment, testing, monitoring, notice and fallback were put."""
    found = [r for r in inventory() if r[STAGE].strip() in IN_OPERATION]
    weighty = [
        r for r in found if r[IMPACT].strip().casefold() in ("both", "rights-impacting", "safety-impacting")
    ]
    return weighty[:ROWS]


def missing_in(row: Mapping[str, str], tier: str) -> set[str]:
    """The items for which the row's own columns have neither evidence nor a reason why they do not apply."""
    items = SEVEN if tier in ("low", "medium") else tuple(COLUMNS)
    return {item for item in items if not _there(row, *COLUMNS[item])}


def _there(row: Mapping[str, str], column: str, yes: tuple[str, ...], other: tuple[str, ...]) -> bool:
    cell = next((v for k, v in row.items() if column and k.startswith(column)), "") or ""
    return cell.strip().casefold().startswith((*yes, *DOES_NOT_APPLY, *other))
