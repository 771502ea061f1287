"""The portfolio as a table for people and machines: what its reader may see of it, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.registry import Scene
from bot.views.portfolio_list import Chosen, reads_every_record
from storage import portfolio
from storage.reading import Reading
from workflows.ids import UserId
from workflows.people import Directory
from workflows.portfolio.exporting import columns_of, record_of
from workflows.portfolio.listing import Listed, Wanted, orders
from workflows.program import Program

_AT_ONCE = 200
Records = Iterator[Mapping[str, Any]]


def everything(reading: Reading, program: Program) -> tuple[tuple[str, ...], Records]:
    """Columns and rows of all there is, drafts as well, oldest first: for whoever runs the bot."""
    wanted = Wanted(stages=tuple(s.id for s in program.life_cycle.stages))
    found = reading.portfolio(wanted, orders(program)["oldest"], program, None, whole=True)
    return columns_of(program, True), _records(reading, found.rows, program, reading.directory(), True, None)


def chosen_table(scene: Scene, user: UserId, chosen: Chosen) -> tuple[tuple[str, ...], Records, int]:
    """Columns, rows and how many of them: the list as somebody sees it.

    Answers, reasons and what else is in the record only come with it for those who may read every record;
    for others the columns hold the outline and the scores.
    """
    program = scene.program
    found = scene.reading.portfolio(
        chosen.wanted(program, user), chosen.order(program), program, None, reader=user
    )
    whole = reads_every_record(scene, user)
    rows = _records(scene.reading, found.rows, program, scene.directory, whole, None if whole else user)
    return columns_of(program, whole), rows, found.of


def _records(
    reading: Reading,
    rows: tuple[Listed, ...],
    program: Program,
    directory: Directory,
    with_answers: bool,
    outline_for: UserId | None,
) -> Records:
    """``outline_for`` somebody, nothing beyond the outline is looked up."""
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        behind = {} if outline_for else portfolio.records(reading.connection, [row.id for row in some])
        for row in some:
            yield record_of(row, behind.get(row.id), program, directory, with_answers)
