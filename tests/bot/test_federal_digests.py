"""Real input: the whole federal inventory, its digests drawn, and their counts taken from the file itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import registry
from bot.commands_line.bringing_in import bring_in
from bot.digests import compose
from bot.drawing import draw
from bot.registry import Moment
from bot.views.kit import weigh
from sandbox.validate import message_problems
from storage.program_folder import default_program_folder, read_files
from storage.store import Store
from tests.bot.conftest import settings_for
from tests.federal import INVENTORY, STAGE, inventory
from tests.program.office import PROGRAM
from workflows.decision import Decision, Entry
from workflows.digests.issue import DigestIssue
from workflows.digests.page import Page, Table
from workflows.ids import DigestIssueId, UserId
from workflows.import_rows import read_rows

TOPIC = "Use Case Topic Area"
STAGES = {
    "Idea": ("Initiated", "Planned", "Ideation", ""),
    "Pilot": ("Acquisition and/or Development", "Implementation and Assessment"),
    "In production": ("Operation and Maintenance", "In production", "In mission"),
    "Archived": ("Research or Administrative Action Complete",),
    "Retired": ("Retired",),
}
"""Ours -> theirs, by hand from the data dictionary; a row that names none is an idea."""
SHOWN = 97
"""Topics that a table has room for."""
pytestmark = pytest.mark.skipif(
    not INVENTORY.exists(), reason="needs the federal inventory (PREFLIGHT_SHARED)"
)


@dataclass
class Imported:
    """The inventory in a store, each digest of the program as a page, and each as the post it makes."""

    store: Store
    tiers: Counter[str]
    """Row by row as the import reported them."""
    pages: dict[str, Page]
    posts: dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    folder = tmp_path_factory.mktemp("federal")
    registry.load()
    store = Store("", folder)
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    listing = read_rows(INVENTORY.read_bytes())
    mapping = PROGRAM.imports["federal_2024"]
    files = read_files(default_program_folder())
    report = bring_in(store, PROGRAM, files, mapping, listing, lambda: now)
    moment = Moment(store, PROGRAM, settings_for("http://127.0.0.1:1", folder), now, UserId("U0PREFLIGHT"))
    pages, posts = {}, {}
    for n, spec in enumerate(PROGRAM.digests.digests):
        with store.read() as reading:
            reader = UserId("U0DANA") if spec.version == "personal" else None
            page = compose(reading, PROGRAM, reading.directory(), spec, "", now, "2026-W48", None, reader)
        issue = DigestIssue(
            id=DigestIssueId(f"DG-{n:04}"),
            opened_at=now,
            digest=spec.id,
            period=f"2026-W48/{spec.id}",
            due_at=now,
            page=page.model_dump(mode="json"),
            charts={c.name: "F0CHART000" for c in page.charts},
        )
        with store.write() as tx:
            entry = Entry(action="put", subject=issue.subject)
            tx.apply(
                Decision(changed=(issue,), entries=(entry,)), moment.circumstances(moment.bot_user, "cli")
            )
        with store.read() as reading:
            posts[spec.id] = draw(moment, reading, "digest", issue.subject, {}, reader, None).blocks
        pages[spec.id] = page
    yield Imported(store, Counter(str(r.tier) for r in report.rows), pages, posts)
    store.close()


def table(imported: Imported, title: str) -> Table:
    """The table of that title, in whichever digest it stands."""
    found = [t for page in imported.pages.values() for t in page.tables if t.title == PROGRAM.messages[title]]
    assert found, f"no digest has the table {title}"
    return found[0]


def sums(table: Table) -> dict[str, int]:
    """The last column by the first."""
    return {row[0]: int(row[-1].replace(",", "")) for row in table.rows}


def test_use_cases_by_stage_are_as_many_as_in_the_file(imported: Imported) -> None:
    theirs = Counter(" ".join(row[STAGE].split()) for row in inventory())
    expected = {ours: sum(theirs[t] for t in named) for ours, named in STAGES.items()}
    assert sum(expected.values()) == len(inventory()), "a stage of the file is not among those listed here"
    told = sums(table(imported, "table_stages"))
    assert told.pop(PROGRAM.messages["table_all"]) == len(inventory())
    assert told == {ours: count for ours, count in expected.items() if count}


def test_use_cases_by_topic_are_as_many_as_in_the_file(imported: Imported) -> None:
    theirs = Counter(" ".join(row[TOPIC].split()) for row in inventory())
    assert len(theirs) <= SHOWN
    theirs[PROGRAM.messages["table_no_topic"]] = theirs.pop("")
    told = sums(table(imported, "table_topics"))
    assert told.pop(PROGRAM.messages["table_all"]) == len(inventory())
    assert told == dict(theirs)


def test_use_cases_by_tier_are_as_many_as_the_import_reported_row_by_row(imported: Imported) -> None:
    for title in ("table_stages", "table_topics"):
        found = table(imported, title)
        last = dict(zip(found.head[1:-1], found.rows[-1][1:-1], strict=True))
        assert {tier: int(n.replace(",", "")) for tier, n in last.items()} == dict(imported.tiers)


def test_each_line_of_a_table_adds_up(imported: Imported) -> None:
    for title in ("table_stages", "table_topics"):
        for row in table(imported, title).rows:
            numbers = [int(cell.replace(",", "")) for cell in row[1:]]
            assert sum(numbers[:-1]) == numbers[-1], row


def test_the_funnel_is_the_open_stages_of_the_file(imported: Imported) -> None:
    theirs = Counter(" ".join(row[STAGE].split()) for row in inventory())
    chart = next(c for p in imported.pages.values() for c in p.charts if c.kind == "funnel")
    told = {bar.label: bar.value for bar in chart.bars}
    assert told == {s: sum(theirs[t] for t in STAGES[s]) for s in ("Idea", "Pilot", "In production")}


def test_every_digest_of_two_thousand_use_cases_is_one_message_that_slack_takes(imported: Imported) -> None:
    for id, blocks in imported.posts.items():
        assert not message_problems(blocks, "/blocks"), id
        assert len(blocks) <= 50, id
        assert weigh(blocks) <= 13_000, id


def test_what_lacks_an_owner_is_counted_whole_though_five_are_shown(imported: Imported) -> None:
    watched = [s for s in STAGES if s in ("Pilot", "In production")]
    theirs = Counter(" ".join(row[STAGE].split()) for row in inventory())
    cases = sum(theirs[t] for s in watched for t in STAGES[s])
    owners = dict.fromkeys(o for gate in PROGRAM.gates.values() for o in gate.owners)
    part = next(p for p in imported.pages["risk"].parts if p.section == "owners")
    assert len(part.findings) == PROGRAM.digests.shown
    assert part.total == cases * len(owners), "a list of systems names nobody of ours"
