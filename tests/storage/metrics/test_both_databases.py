"""SQLite and PostgreSQL count the same, whatever was stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.metrics.registry import METRICS, load
from storage.store import Store
from tests.databases import Cluster, copy_ready
from tests.sizes import examples
from tests.storage.metrics.at_random import company
from tests.storage.metrics.company import NOW, PROGRAM

load()


def everything(store: Store) -> dict[tuple[str, str], object]:
    """What every metric says, in every way it can be broken down."""
    with store.read() as reading:
        return {
            (id, by): reading.measure(id, PROGRAM, NOW, weeks=7, by=by).cells
            for id, registered in METRICS.items()
            for by in ("", *registered.by)
        }


@pytest.mark.postgres
def test_both_databases_count_the_same(sqlite_template: Path, cluster: Cluster, tmp_path: Path) -> None:
    told = 0
    for seed in range(examples(4)):
        here = copy_ready(sqlite_template, tmp_path / str(seed)).open()
        there = Store(cluster.new_database(), tmp_path / f"pg-{seed}")
        try:
            company(here, seed)
            company(there, seed)
            mine, theirs = everything(here), everything(there)
            assert mine == theirs
            told += sum(any(c.value for c in cells) for cells in mine.values())  # type: ignore[attr-defined]
        finally:
            here.close()
            there.close()
    assert told > 150, "the companies hold too little to compare"
