"""What is behind a digest, in modals: all of a section, the use cases behind a figure, its other tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from pydantic import ValidationError

from bot.digests import page_of_section, scope_of
from bot.inputs import packed, unpacked
from bot.registry import Block, Scene, View
from bot.views.digest import TOP, number_line
from bot.views.digest_finding import finding_row
from bot.views.kit import actions, button, clip, context, escape, parts, plain_text, section
from bot.views.say import say
from storage import digest_facts
from storage.digest_facts.registry import Ask
from workflows.digests.amounts import amount
from workflows.digests.facts import Scope
from workflows.digests.page import Page, Table
from workflows.digests.section import Seen, findings, section_of
from workflows.ids import Frozen, UseCaseId
from workflows.measures.measured import Cell, Series

CALLBACK = "digest_page"
ROWS = 10
_TABLE = 2900
_WIDE, _FIRST, _CELL = 56, 34, 20
"""Letters that a line of a modal has room for; of them the first cell, and any other."""
BEHIND = {
    "overdue_approvals": "approval_overdue",
    "missing_owners": "owner_missing",
    "incidents_open": "incident_open",
    "breaches_open": "breach_open",
    "guardrails_crossed": "guardrail_crossed",
    "waivers_expiring": "waiver_expiring",
    "evidence_expired": "evidence_over",
    "results_overdue": "outcome_over",
    "stale_documents": "document_stale",
}
"""Metrics that count what digests list: behind them stands the list itself."""


class Chosen(Frozen):
    """What an open modal shows; exactly one of ``section`` and ``metric`` is set."""

    issue: str
    section: str = ""
    metric: str = ""
    skip: int = 0


def chosen_in(private: str) -> Chosen | None:
    """What an open modal shows; ``None`` for a value that is none of ours."""
    try:
        return Chosen.model_validate(unpacked(private))
    except ValidationError:
        return None


def ask_for(scene: Scene, page: Page, skip: int) -> Ask:
    """What the digest looked at, seen from now, one page of it."""
    personal = page.reader if page.version == "personal" else None
    looked: Scope = scope_of(scene.program, scene.now, page.period, page.function, personal)
    return Ask(scene.reading.connection, scene.program, scene.directory, looked, ROWS, skip)


def section_view(scene: Scene, page: Page, chosen: Chosen) -> View:
    """Everything of one section, as it is now, in pages."""
    part = page_of_section(ask_for(scene, page, chosen.skip), chosen.section)
    title = scene.program.messages[f"section_{chosen.section}"]
    if part is None:
        return _view(scene, chosen, title, [section(say(scene, "issue_none_left"))], 0, 0)
    rows = [finding_row(scene, f, f"row|{chosen.skip + n}") for n, f in enumerate(part.findings)]
    return _view(scene, chosen, title, rows, len(part.findings), part.total)


def figure_view(scene: Scene, page: Page, chosen: Chosen) -> View:
    """What a figure is made of: the list that it counts, or its value for each use case."""
    number = next((n for n in page.numbers if n.metric == chosen.metric), None)
    title = number.label if number else chosen.metric
    head: list[Block] = [section(number_line(scene, number))] if number else []
    kind = BEHIND.get(chosen.metric)
    if kind:
        found = digest_facts.found(kind, _as_counted(ask_for(scene, page, chosen.skip), kind))
        seen = Seen(scene.program, scene.directory)
        told = findings(section_of(kind), found.facts, seen)
        rows = [finding_row(scene, f, f"row|{chosen.skip + n}") for n, f in enumerate(told)]
        return _view(scene, chosen, title, [*head, *rows], len(told), found.total)
    series = scene.reading.measure(
        chosen.metric, scene.program, scene.now, weeks=2, function=page.function, by="use_case"
    )
    cells = _newest(series)
    shown = cells[chosen.skip : chosen.skip + ROWS]
    titles = scene.reading.titles([UseCaseId(c.key) for c in shown])
    rows = [_cell_row(scene, series, c, titles.get(UseCaseId(c.key), c.key)) for c in shown]
    what = say(scene, "issue_made_of", definition=series.metric.definition, action=_action(scene, series))
    if not rows:
        rows = [section(say(scene, "issue_behind_none"))]
    return _view(scene, chosen, title, [*head, context(what), *rows], len(shown), len(cells))


def _as_counted(ask: Ask, kind: str) -> Ask:
    """The metric of waivers that end soon looks two weeks ahead, whatever the digest does."""
    if kind != "waiver_expiring":
        return ask
    return replace(ask, scope=ask.scope.model_copy(update={"until": ask.scope.now + timedelta(days=14)}))


def _action(scene: Scene, series: Series) -> str:
    terms = scene.program.metrics.terms(series.metric.id)
    return (terms.action if terms else "") or series.metric.action


def _newest(series: Series) -> Sequence[Cell]:
    """The newest week's cells that may be shown, those that want looking at first."""
    last = max((c.week for c in series.cells), default=None)
    there = [c for c in series.cells if c.week == last and c.value is not None]
    worst_first = series.metric.better == "up"
    return sorted(there, key=lambda c: ((c.value or 0.0) * (1 if worst_first else -1), c.key))


def _cell_row(scene: Scene, series: Series, cell: Cell, title: str) -> Block:
    value = amount(cell.value or 0.0, series.metric.unit, scene.program.metrics.currency)
    look = button(say(scene, "issue_do_open"), "record.open", cell.key)
    return section(f"*{escape(title)}* {escape(value)}", look, f"row|{cell.key}")


def tables_view(scene: Scene, page: Page) -> View:
    """The tables that did not fit into the post, and its other figures."""
    blocks: list[Block] = [section(number_line(scene, n)) for n in page.numbers[TOP:]]
    for table in page.tables[1:]:
        blocks.append(section(f"*{escape(table.title)}*"))
        blocks += [section(f"```{text}```") for text in parts(escape(typewritten(table)), _TABLE)]
    return _modal(page.title, blocks[:100], "")


def typewritten(table: Table) -> str:
    """A table in letters of one width, for modals of Slack have no other; a wide one goes on below itself."""
    rows = [
        tuple(clip(cell, _CELL if n else _FIRST) for n, cell in enumerate(row))
        for row in (table.head, *table.rows)
    ]
    widths = [max(len(row[n]) for row in rows) for n in range(len(table.head))]
    groups: list[list[int]] = [[]]
    for n in range(1, len(widths)):
        if groups[-1] and widths[0] + sum(widths[c] + 2 for c in (*groups[-1], n)) > _WIDE:
            groups.append([])
        groups[-1].append(n)
    pieces = []
    for columns in groups:
        lines = (
            "  ".join([row[0].ljust(widths[0]), *(row[c].rjust(widths[c]) for c in columns)]).rstrip()
            for row in rows
        )
        pieces.append("\n".join(lines))
    return "\n\n".join(pieces)


def _view(scene: Scene, chosen: Chosen, title: str, blocks: list[Block], shown: int, total: int) -> View:
    turn = []
    if chosen.skip:
        turn.append(button(say(scene, "issue_back"), "digest.turn/back", "back"))
    if chosen.skip + shown < total:
        turn.append(button(say(scene, "issue_next"), "digest.turn/next", "next"))
    if total > ROWS:
        first = chosen.skip + 1
        blocks.append(
            context(say(scene, "issue_page_of", first=first, last=chosen.skip + shown, count=f"{total:,}"))
        )
    if turn:
        blocks.append(actions("digest|turn", turn))
    return _modal(title, blocks, packed(**chosen.model_dump(exclude_defaults=True)))


def _modal(title: str, blocks: list[Block], private: str) -> View:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text(title, 24),
        "close": plain_text("Close", 24),
        "private_metadata": private,
        "blocks": blocks,
    }
