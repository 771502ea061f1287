"""Hypothesis drives the company: any order of right and wrong deeds, repeated, at once, as time jumps."""

from __future__ import annotations

import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select

from storage.aggregates import LAYOUTS, Layout
from storage.program_folder import default_program_folder
from storage.reading import Reading
from storage.store import Store
from tests.databases import Cluster, copy_ready
from tests.faults.life.deeds import Deeds, among
from tests.faults.life.oracle import Oracle, Policy
from tests.faults.life.world import BOT, World
from workflows.contract import Contract
from workflows.ids import UserId
from workflows.seats import open_seats, to_act

PICK = st.integers(0, 10**6)
MANY = st.lists(PICK, min_size=4, max_size=12)
TOTAL: Counter[str] = Counter()
"""What all the stories of a run came to, for its report."""
SUBMITTERS = ("U0DANA", "U0OMAR", "U0PRIYA", "U0LEE", "U0MAYA")
LEAVERS = ("U0MARCUS", "U0LEE", "U0GRACE", "U0TOM", "U0HENRIK", "U0DANA")


@cache
def _policy() -> Policy:
    return Policy(default_program_folder())


def _rows(reading: Reading, layout: Layout) -> dict[str, Any]:
    wanted = select(layout.table.c.id, layout.table.c.state)
    return {row.id: row.state for row in reading.connection.execute(wanted)}


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="preflight-lifecycle-"))
    Store("", folder).close()
    return folder


def happens(deed: Callable[..., None]) -> Callable[..., None]:
    """Only until all stories together have taken as many steps as are wanted, or something went wrong in this
    one. What Hypothesis draws does not depend on it."""

    @wraps(deed)
    def when_not_idle(self: Company, **drawn: Any) -> None:
        if not self.idle:
            deed(self, **drawn)

    return when_not_idle


PROBLEMS: list[str] = []
"""What went wrong in any story. It is noted and not raised: threads do not run the same way twice, so there
is nothing for Hypothesis to replay."""


class Company(RuleBasedStateMachine):
    """One story. ``cluster`` is set by the run (``None`` is SQLite), and so is how many ``steps`` are wanted:
    once all stories together have taken them, nothing more happens in any."""

    cluster: Cluster | None = None
    wanted = 0

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.idle = TOTAL["steps"] >= self.wanted
        if self.idle:
            return
        self.folder = Path(tempfile.mkdtemp(prefix="preflight-company-"))
        self.url = self.cluster.new_database() if self.cluster else ""
        if not self.cluster:
            copy_ready(_template(), self.folder)
        self.store = Store(self.url, self.folder)
        self.oracle = Oracle(_policy())
        self.world = World(self.store, self.folder, self._watch)
        self.deeds = Deeds(self.world)

    def _watch(self, world: World) -> None:
        with self.store.read() as reading:
            rows = list(reading.audit(world.seen))
        if rows:
            world.seen = rows[-1]["seq"]
            self.oracle.follow(rows, frozenset(world.active()))
        if self.oracle.wrong:
            self._went_wrong("\n".join(self.oracle.wrong[:10]))

    def _went_wrong(self, problem: str) -> None:
        self.idle = True
        PROBLEMS.append("\n       ".join([problem, "after:", *self.world.told]))

    def _safely(self, what: Callable[[], Any]) -> None:
        try:
            what()
        except Exception as error:
            self._went_wrong("".join(traceback.format_exception(error)[-4:]))

    def _does(self, what: Callable[[], Any] | None, again: int = 1) -> None:
        if what is not None and not self.idle:
            self.steps += 1
            self._safely(lambda: self.world.does(what, again=again % 5 == 0))

    # --- what happens -------------------------------------------------------------------------------------

    @initialize(picks=st.lists(PICK, min_size=2, max_size=3))
    @happens
    def begins(self, picks: list[int]) -> None:
        for n, pick in enumerate(picks):
            self.deeds.submits(pick, UserId(SUBMITTERS[n]))
        for pick in (0, 0, *picks):
            self._does(self.deeds.contracts(pick * 8, UserId("U0ANYA")))
        self.steps += len(picks)

    @rule(pick=PICK, who=st.sampled_from(SUBMITTERS))
    @happens
    def submits(self, pick: int, who: str) -> None:
        if len(self.deeds.cases()) < 5 and who in self.world.active():
            self.steps += 1
            self.deeds.submits(pick, UserId(who))

    @rule(picks=MANY)
    @happens
    def goes_on(self, picks: list[int]) -> None:
        for pick in picks:
            self._does(self.deeds.next_step(pick), pick)

    @rule(picks=MANY)
    @happens
    def goes_on_quickly(self, picks: list[int]) -> None:
        for pick in picks:
            self._does(self.deeds.next_step(pick), 1)

    @rule(picks=MANY, focus=PICK)
    @happens
    def one_goes_far(self, picks: list[int], focus: int) -> None:
        for pick in (*picks, *picks):
            count = max(len(self.deeds.cases()), 1)
            self._does(self.deeds.next_step(pick - pick % count + focus % count), 1)

    @rule(pick=PICK)
    @happens
    def decides_who_may_or_may_not(self, pick: int) -> None:
        approval = among(pick, self.deeds.approvals())
        if approval:
            by = self.deeds.anybody(pick // 3) if pick % 2 else None
            self._does(self.deeds.decides(approval, pick // 5, by), pick)

    @rule(pick=PICK, kind=st.integers(0, 7))
    @happens
    def meddles(self, pick: int, kind: int) -> None:
        deeds, by = self.deeds, self.deeds.anybody(pick // 13)
        ways = (
            deeds.answers_anything,
            deeds.asks_anything,
            deeds.moves_anything,
            deeds.assigns,
            deeds.changes,
            deeds.waives,
            deeds.stops,
            deeds.resolves,
        )
        self._does(ways[kind](pick, by), pick)

    @rule(pick=PICK, kind=st.integers(0, 2))
    @happens
    def breaks(self, pick: int, kind: int) -> None:
        by = self.deeds.anybody(pick // 13)
        ways = (self.deeds.contracts, self.deeds.incident, self.deeds.contracts)
        self._does(ways[kind](pick, by), pick)

    @rule(pick=PICK)
    @happens
    def owner_stops_or_goes_back(self, pick: int) -> None:
        by = ("U0LEE", "U0TOM", "U0PRIYA", "U0MARCUS", "U0DANA", "U0JACK")[pick % 6]
        self._does(self.deeds.stops(pick // 6, UserId(by)), pick)

    @rule(pick=PICK)
    @happens
    def team_moves(self, pick: int) -> None:
        cases = [u for u in self.deeds.cases() if u.stage in ("pilot", "production", "paused")]
        use_case = among(pick, cases)
        if use_case:
            back = [m.from_ for m in self.world.program.life_cycle.moves if m.to == "paused"]
            to = "paused" if use_case.stage in back else back[pick // 3 % len(back)]
            self._does(self.deeds.moves(self.deeds.dossier(use_case.id), to, pick, UserId("U0SAM")), pick)

    # --- at once ------------------------------------------------------------------------------------------

    @rule(pick=PICK)
    @happens
    def two_decide_at_once(self, pick: int) -> None:
        approval = among(pick, self.deeds.approvals())
        seat = among(pick // 3, open_seats(approval)) if approval else None
        if approval is None or seat is None:
            return
        value = f"{approval.id}|{seat.id}"
        users = [*to_act(seat), approval.submitter, self.deeds.anybody(pick // 5)][:4]
        clicks = [self.world.click(u, "approval.approve", value, f"approval|{value}") for u in users]
        self.steps += len(clicks)
        self._safely(lambda: self.world.at_once(*clicks))

    @rule(picks=st.lists(PICK, min_size=2, max_size=4), feed=PICK)
    @happens
    def several_at_once(self, picks: list[int], feed: int) -> None:
        """The last step to a gate, and what shuts it, in the same moment."""
        inputs = [what for pick in picks if (what := self.deeds.next_step(pick))]
        contract = among(feed, self.deeds.matters(Contract))
        if contract and feed % 2:
            inputs.append(self.deeds.breaks(contract))
        other = (
            self.deeds.changes(feed // 3, BOT) if feed % 3 == 0 else self.deeds.incident(feed, UserId("U0MO"))
        )
        inputs += [other] if other else []
        self.steps += len(inputs)
        self._safely(lambda: self.world.at_once(*inputs))

    # --- time and people ----------------------------------------------------------------------------------

    @rule(hours=st.sampled_from((1, 1, 3, 9, 26, 24 * 8)))
    @happens
    def time_passes(self, hours: int) -> None:
        self.steps += 1
        self._safely(lambda: self.world.passes(hours=hours))

    @rule(days=st.sampled_from((31, 100, 200, 400)), sure=st.integers(0, 9))
    @happens
    def time_jumps(self, days: int, sure: int) -> None:
        if sure == 0:
            self.steps += 1
            self._safely(lambda: self.world.passes(days=days))

    @rule(who=st.sampled_from(LEAVERS), sure=st.integers(0, 3))
    @happens
    def leaves_or_comes_back(self, who: str, sure: int) -> None:
        user = UserId(who)
        away = user in self.world.gone
        if away or (sure == 0 and len(self.world.gone) < 3):
            self.steps += 1
            self.world.leaves(user, back=away)

    # --- the end ------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        """The log is whole, and says what is stored."""
        if not hasattr(self, "world"):
            return
        try:
            self._safely(self._audited)
        finally:
            self._count()
            self.store.close()
            shutil.rmtree(self.folder, ignore_errors=True)
            if self.cluster:
                self.cluster.drop(self.url)

    def _audited(self) -> None:
        if self.idle:
            return
        self.world.work()
        with self.store.read() as reading:
            stored = {kind: _rows(reading, layout) for kind, layout in LAYOUTS.items()}
        self.oracle.compare(stored)
        found = self.store.verify()
        self.oracle.wrong += [f"the log: {p}" for p in found.problems[:5]]
        if self.oracle.wrong:
            self._went_wrong("\n".join(self.oracle.wrong[:10]))

    def _count(self) -> None:
        world, oracle = self.world, self.oracle
        TOTAL.update(
            {
                "stories": 1,
                "steps": self.steps,
                "inputs": world.inputs,
                "sent twice": world.repeated,
                "races": world.raced,
                "jobs": world.jobs,
                "log rows": world.seen,
                "refused": oracle.refused,
                "verdicts": oracle.verdicts,
                "moves": oracle.moves,
                "through a gate": oracle.gated,
                "versions in use": oracle.shipped,
                **{f"to {stage}": n for stage, n in oracle.reached.items()},
            }
        )
