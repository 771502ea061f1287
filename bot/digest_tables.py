"""The tables of a digest: its figures week by week and by function, and the use cases counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from bot.views.say import words_of
from storage import digest_counts
from storage.digest_counts import Counted
from storage.digest_facts.registry import Ask
from storage.reading import Reading
from workflows.digests.amounts import amount
from workflows.digests.page import Table
from workflows.ids import TIERS
from workflows.measures.measured import Cell, Series
from workflows.measures.policy import Currency

ROWS, COLUMNS = 100, 20
"""Of a table in Slack, its head among them."""
_NONE = "–"


def table_of(id: str, ask: Ask, reading: Reading, series: Sequence[Series]) -> Table | None:
    """The table of that id; ``None`` where it would be empty. ``KeyError`` for one that is not there."""
    return TABLES[id](ask, reading, series)


def figures(ask: Ask, reading: Reading, series: Sequence[Series]) -> Table | None:
    """Each figure: its newest value, the week before, the first of the weeks, and the target."""
    if not series:
        return None
    said = ask.program.messages
    head = tuple(said[f"table_{k}"] for k in ("figure", "now", "week_before", "weeks_ago", "target", "kind"))
    head = tuple(h.format_map({"weeks": len(series[0].cells) - 1}) for h in head)
    rows = []
    for one in series:
        cells = [one.cells[n] if len(one.cells) >= abs(n) else None for n in (-1, -2)]
        cells.append(one.cells[0] if one.cells else None)
        target = _target(ask, one)
        kind = said[f"kind_{one.metric.kind}"]
        rows.append((one.metric.label, *(_cell(ask, one, c) for c in cells), target, kind))
    return Table(title=said["table_figures"], head=head, rows=tuple(rows[: ROWS - 1]))


def _target(ask: Ask, series: Series) -> str:
    if series.target is None:
        return _NONE
    return amount(series.target, series.metric.unit, ask.program.metrics.currency)


def functions(ask: Ask, reading: Reading, series: Sequence[Series]) -> Table | None:
    """The newest value of each figure in each function; of small groups none."""
    broken = [
        reading.measure(one.metric.id, ask.program, ask.scope.now, weeks=2, by="function")
        for one in series[: COLUMNS - 1]
    ]
    broken = [b for b in broken if any(c.value is not None or c.withheld for c in b.cells)]
    if not broken or ask.scope.function:
        return None
    said = ask.program.messages
    rows = []
    for function in ask.program.functions.values():
        cells = [_newest(one, function.id) for one in broken]
        if any(cells):
            shown = (_cell(ask, one, c) for one, c in zip(broken, cells, strict=True))
            rows.append((function.label, *shown))
    head = (said["table_function"], *(b.metric.label for b in broken))
    return Table(title=said["table_functions"], head=head, rows=tuple(rows[: ROWS - 1])) if rows else None


def _newest(series: Series, key: str) -> Cell | None:
    return next((c for c in reversed(series.cells) if c.key == key), None)


def _cell(ask: Ask, series: Series, cell: Cell | None) -> str:
    if cell is not None and cell.withheld:
        return words_of(ask.program, "table_withheld")
    if cell is None or cell.value is None:
        return _NONE
    return amount(cell.value, series.metric.unit, ask.program.metrics.currency)


def stages(ask: Ask, reading: Reading, series: Sequence[Series]) -> Table | None:
    """Use cases by stage and tier."""
    found = digest_counts.use_cases(ask.connection, ask.scope)
    order = [(s.id, s.label) for s in ask.program.life_cycle.stages]
    return _by_tier(ask, found, order, lambda c: c.stage, "stage")


def topics(ask: Ask, reading: Reading, series: Sequence[Series]) -> Table | None:
    """Use cases by topic and tier, the most frequent first."""
    found = digest_counts.use_cases(ask.connection, ask.scope)
    counts: Counter[str] = Counter()
    for one in found:
        counts[one.topic] += one.number
    order = [(t, t or ask.program.messages["table_no_topic"]) for t, _ in counts.most_common()]
    return _by_tier(ask, found, order, lambda c: c.topic, "topic")


def _by_tier(
    ask: Ask,
    found: Sequence[Counted],
    order: Sequence[tuple[str, str]],
    key: Callable[[Counted], str],
    what: str,
) -> Table | None:
    if not found:
        return None
    said = ask.program.messages
    there = {c.tier for c in found}
    tiers = [t for t in (*TIERS, "") if t in there]
    rows = []
    for id, label in order:
        mine = [c for c in found if key(c) == id]
        if mine:
            cells = [sum(c.number for c in mine if c.tier == t) for t in tiers]
            rows.append((label, *(f"{n:,}" for n in cells), f"{sum(cells):,}"))
    sums = [sum(c.number for c in found if c.tier == t) for t in tiers]
    head = (said[f"table_{what}"], *(t or said["table_no_tier"] for t in tiers), said["table_all"])
    if len(rows) > ROWS - 2:
        rest = rows[ROWS - 3 :]
        merged = [f"{sum(int(r[n].replace(',', '')) for r in rest):,}" for n in range(1, len(head))]
        rows = [*rows[: ROWS - 3], (said["table_others"], *merged)]
    rows.append((said["table_all"], *(f"{n:,}" for n in sums), f"{sum(sums):,}"))
    return Table(title=said[f"table_{what}s"], head=head, rows=tuple(rows))


def outcomes(ask: Ask, reading: Reading, series: Sequence[Series]) -> Table | None:
    """Of each use case that told its outcome: where it began, where it is, where it is to come to."""
    found = digest_counts.outcomes(ask.connection, ask.program, ask.scope, ROWS - 1)
    if not found:
        return None
    said = ask.program.messages
    head = tuple(said[f"table_{k}"] for k in ("use_case", "baseline", "now", "target", "way"))
    rows = [(f.title, *(_plain(v) for v in (f.baseline, f.value, f.target)), _way(f)) for f in found]
    return Table(title=said["table_outcomes"], head=head, rows=tuple(rows))


def _plain(value: float | None) -> str:
    return _NONE if value is None else amount(value, "number", Currency())


def _way(found: digest_counts.Outcome) -> str:
    """How much of the way from its beginning to its target it has come."""
    if found.baseline is None or found.target is None or found.baseline == found.target:
        return _NONE
    return f"{100 * (found.value - found.baseline) / (found.target - found.baseline):.0f}%"


def value_tree(ask: Ask, reading: Reading, series: Sequence[Series]) -> Table | None:
    """From the company's figures to what drives them, and how far the use cases that hang there have come."""
    tree = ask.program.metrics.value_tree
    if not tree.north_stars or ask.scope.function:
        return None
    way = reading.measure("outcome_progress", ask.program, ask.scope.now, weeks=2, by="driver")
    said = ask.program.messages
    rows: list[tuple[str, ...]] = []
    for star in tree.north_stars:
        unit = f" {star.unit}" if star.unit else ""
        rows.append((star.label, f"{_plain(star.baseline)} → {_plain(star.target)}{unit}", "", ""))
        for driver in star.drivers:
            cell = _newest(way, f"{star.id}/{driver.id}")
            count = f"{cell.of:.0f}" if cell and cell.of else _NONE
            rows.append((f"  {driver.label}", "", count, _cell(ask, way, cell)))
    head = tuple(said[f"table_{k}"] for k in ("driver", "from_to", "use_cases", "way"))
    return Table(title=said["table_tree"], head=head, rows=tuple(rows[: ROWS - 1]))


TABLES: Mapping[str, Callable[[Ask, Reading, Sequence[Series]], Table | None]] = {
    "figures": figures,
    "functions": functions,
    "stages": stages,
    "topics": topics,
    "outcomes": outcomes,
    "value_tree": value_tree,
}
"""By the id that programs name them by."""
