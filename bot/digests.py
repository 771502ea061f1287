"""What a digest says: its figures, findings, charts and tables, put together from one moment of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.digest_charts import chart_of
from bot.digest_tables import table_of
from storage import digest_facts
from storage.digest_facts.registry import Ask
from storage.reading import Reading
from workflows.champions import functions_of
from workflows.digests import section
from workflows.digests.facts import Found, Scope
from workflows.digests.heading import head_of
from workflows.digests.page import Number, Page, Part
from workflows.digests.policy import DigestSpec
from workflows.digests.section import Seen
from workflows.ids import UserId
from workflows.measures.measured import Series
from workflows.people import Directory
from workflows.program import Program

_BRIEF = 2
"""Lines of a section in the executive version."""


def compose(
    reading: Reading,
    program: Program,
    directory: Directory,
    spec: DigestSpec,
    function: str,
    now: datetime,
    period: str,
    late: datetime | None,
    reader: UserId | None,
) -> Page:
    """The page of one digest for one period.

    ``function`` narrows it to one function (empty: the whole company); ``late`` is when it should have come,
    where that is long past; ``reader`` is the one person who gets it, ``None`` for a channel. A manager's and
    a champion's are about the function that they belong to.
    """
    if reader and not function and spec.version in ("manager", "champion"):
        function = next(iter(functions_of(reader, program, directory)), "")
    personal = reader if spec.version == "personal" else None
    scope = scope_of(program, now, period, function, personal)
    series = [measured(reading, program, now, metric, function) for metric in spec.metrics]
    numbers = tuple(number_of(s, period) for s in series)
    at_most = _BRIEF if spec.version == "executive" else program.digests.shown
    ask = Ask(reading.connection, program, directory, scope, at_most)
    parts = parts_of(ask, spec.sections)
    charts = [chart_of(id, ask, series) for id in spec.charts]
    tables = [table_of(id, ask, reading, series) for id in spec.tables]
    return Page(
        digest=spec.id,
        title=spec.title,
        version=spec.version,
        period=period,
        function=function,
        reader=reader,
        at=now,
        due_at=late,
        head=head_of(parts, numbers, program.metrics.currency),
        numbers=numbers,
        parts=parts,
        charts=tuple(c for c in charts if c is not None),
        tables=tuple(t for t in tables if t is not None),
    )


def scope_of(program: Program, now: datetime, period: str, function: str, person: UserId | None) -> Scope:
    """What a digest of that period looks at, seen from that moment: back over its span, and ahead."""
    back = timedelta(days=7 if "W" in period or not period else 31)
    ahead = timedelta(days=max(program.digests.ahead_days, back.days))
    return Scope(now=now, since=now - back, until=now + ahead, function=function, person=person)


def measured(reading: Reading, program: Program, now: datetime, metric: str, function: str) -> Series:
    """A metric over as many weeks as trends look back."""
    return reading.measure(metric, program, now, weeks=program.digests.weeks, function=function)


def number_of(series: Series, period: str = "") -> Number:
    """The newest value with the one before: a week earlier, or four in a monthly digest."""
    cells = series.cells
    back = 2 if "W" in period or not period else 5
    newest = cells[-1] if cells else None
    earlier = cells[-back] if len(cells) >= back else None
    return Number(
        metric=series.metric.id,
        label=series.metric.label,
        unit=series.metric.unit,
        kind=series.metric.kind,
        value=newest.value if newest else None,
        before=earlier.value if earlier else None,
        target=series.target,
        better=series.metric.better,
        withheld=newest.withheld if newest else False,
    )


def parts_of(ask: Ask, sections: Sequence[str]) -> tuple[Part, ...]:
    """The sections that have something in them, in the order given."""
    section.load()
    seen = Seen(ask.program, ask.directory)
    made = []
    for id in sections:
        found = {kind: digest_facts.found(kind, ask) for kind in section.SECTIONS[id].kinds}
        part = section.part_of(id, found, seen, ask.at_most)
        if part is not None:
            made.append(part)
    return tuple(made)


def page_of_section(ask: Ask, id: str) -> Part | None:
    """All there is of one section, cut to the page that is asked for."""
    section.load()
    skip, left, total = ask.skip, ask.at_most, 0
    there: dict[str, Found] = {}
    for kind in section.SECTIONS[id].kinds:
        found = digest_facts.found(kind, _cut(ask, skip, left))
        there[kind] = found
        total += found.total
        left -= len(found.facts)
        skip = max(0, skip - found.total)
    return section.part_of(id, there, Seen(ask.program, ask.directory), ask.at_most) if total else None


def _cut(ask: Ask, skip: int, at_most: int) -> Ask:
    return Ask(ask.connection, ask.program, ask.directory, ask.scope, at_most, skip)
