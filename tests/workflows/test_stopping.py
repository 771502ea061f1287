"""Stop, roll back, start again: one click acts, everybody hears it, and nothing good is lost on the way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.sizes import examples
from tests.workflows.releases import (
    CI,
    DANA,
    DIRECTORY,
    EVE,
    LEE,
    MO,
    PRIYA,
    RUTH,
    World,
    said,
    told,
    why_not,
)
from workflows.decision import Decision
from workflows.ids import IncidentId, QuestionId, UseCaseId
from workflows.incident import Incident
from workflows.may_ship import lacks
from workflows.release import Release
from workflows.restarting import needed, restart
from workflows.stopping import current, targets
from workflows.systems import system_user
from workflows.use_case import UseCase

PEOPLE = (DANA, LEE, RUTH, PRIYA, MO, EVE, CI, system_user("monitoring"))


def test_a_stop_takes_effect_at_once_and_is_told_to_everybody_but_whoever_did_it() -> None:
    world = World()
    world.is_live("1.0.0")
    world.stops("1.0.0", by=LEE)
    stopped = world.release("1.0.0")
    assert (stopped.status, stopped.was, stopped.ended_by) == ("stopped", "live", LEE)
    assert told(world.last, "stopped") == ["#claims", "U0DANA", "U0MO", "U0PRIYA", "U0RUTH"]
    assert [e.kind for e in world.last.effects if e.effect == "post" and e.kind == "release_why"]


def test_the_reason_is_asked_afterwards_and_may_come_from_another_who_could_have_stopped_it() -> None:
    world = World()
    world.is_live("1.0.0")
    world.stops("1.0.0", by=LEE)
    assert why_not(world.explains("1.0.0", EVE, "because")) == "release_not_yours"
    assert "why" in world.explains("1.0.0", LEE, " ").problems
    world.explains("1.0.0", LEE, "Wrong amounts")
    assert world.release("1.0.0").ended_why == "Wrong amounts"
    assert world.release("1.0.0").timeline[-1].what == "why"


def test_a_version_on_its_way_out_can_be_stopped_and_whoever_was_to_decide_hears_it() -> None:
    world = World()
    world.proposes("1.0.0")
    world.stops("1.0.0", by=PRIYA)
    assert {"U0LEE", "U0RUTH"} <= set(told(world.last, "stop_ship"))
    # A decision that comes all the same is kept, and changes nothing of the stop.
    world.is_approved("1.0.0")
    assert world.release("1.0.0").status == "stopped"
    found = lacks(world.release("1.0.0"), world.dossier, world.program, DIRECTORY, world.now)
    assert [lack.kind for lack in found] == ["stopped"]


def test_only_those_whom_the_program_names_stop_it_and_at_high_risk_the_on_call_too() -> None:
    world = World()
    world.is_live("1.0.0")
    assert why_not(world.stops("1.0.0", by=MO)) == "release_not_yours"
    assert "Lee Park" in said(world.last)
    high = World(tier="high")
    high.is_live("1.0.0")
    high.stops("1.0.0", by=MO)
    assert high.release("1.0.0").status == "stopped"


def test_the_second_who_stops_it_reads_who_was_first() -> None:
    world = World()
    world.is_live("1.0.0")
    world.stops("1.0.0", by=LEE)
    assert why_not(world.stops("1.0.0", by=PRIYA)) == "release_already_stopped"
    assert "Lee Park" in said(world.last)


def test_a_roll_back_goes_to_the_last_good_version_unless_another_is_named() -> None:
    world = World()
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        world.is_live(version)
    assert [r.version for r in targets(world.dossier)] == ["1.1.0", "1.0.0"]
    world.rolls_back(by=LEE)
    assert world.release("1.1.0").status == "live"
    assert world.release("1.2.0").status == "rolled_back"
    assert world.release("1.2.0").back_to == world.release("1.1.0").id
    world.rolls_back(by=PRIYA, to="1.0.0")
    assert world.release("1.0.0").status == "live"


def test_nobody_goes_back_to_what_ended_badly_without_saying_so() -> None:
    world = World()
    for version in ("1.0.0", "1.1.0"):
        world.is_live(version)
    world.rolls_back()
    world.is_live("1.2.0")
    assert [r.version for r in targets(world.dossier)] == ["1.0.0"]
    assert why_not(world.rolls_back(to="1.1.0")) == "release_ended_badly"
    world.rolls_back(to="1.1.0", again=True)
    assert world.release("1.1.0").status == "live"


def test_a_stopped_version_can_be_rolled_back() -> None:
    world = World()
    for version in ("1.0.0", "1.1.0"):
        world.is_live(version)
    world.stops("1.1.0")
    world.rolls_back()
    assert world.release("1.0.0").status == "live"
    assert world.release("1.1.0").status == "rolled_back"


def test_the_second_click_on_roll_back_changes_nothing_and_says_who_was_first() -> None:
    world = World()
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        world.is_live(version)
    before = world.release("1.2.0").id
    world.rolls_back(by=LEE, instead_of=before)
    assert why_not(world.rolls_back(by=PRIYA, instead_of=before)) == "release_already_rolled_back"
    assert "Lee Park" in said(world.last)
    assert world.release("1.1.0").status == "live"


def test_a_roll_back_without_an_earlier_version_says_that_it_can_be_stopped() -> None:
    world = World()
    assert why_not(world.rolls_back()) == "release_none_live"
    world.is_live("1.0.0")
    assert why_not(world.rolls_back()) == "release_none_before"
    assert "can be stopped" in said(world.last)


def test_a_restart_takes_everybody_whom_the_program_names() -> None:
    world = World()
    world.is_live("1.0.0")
    world.stops("1.0.0", by=LEE)
    wanted = needed(world.release("1.0.0"), world.dossier, world.program, DIRECTORY)
    assert [y.people for y in wanted] == [(PRIYA,), (RUTH,)]
    assert why_not(world.restarts("1.0.0", LEE, "fixed")) == "release_restart_not_yours"
    assert "why" in world.restarts("1.0.0", PRIYA).problems
    world.restarts("1.0.0", PRIYA, "The threshold is checked now")
    assert world.release("1.0.0").status == "stopped"
    assert why_not(world.restarts("1.0.0", PRIYA)) == "release_agreed_already"
    world.restarts("1.0.0", RUTH)
    assert world.release("1.0.0").status == "live"
    assert world.release("1.0.0").restart is None


def test_whoever_stopped_it_does_not_start_it_again_alone() -> None:
    world = World(business_owner=PRIYA)
    world.is_live("1.0.0")
    world.stops("1.0.0", by=PRIYA)
    world.restarts("1.0.0", PRIYA, "It was a false alarm")
    assert world.release("1.0.0").status == "stopped"
    left = [y for y in needed(world.release("1.0.0"), world.dossier, world.program, DIRECTORY) if not y.given]
    assert [y.people for y in left] == [(MO,)]
    world.restarts("1.0.0", MO)
    assert world.release("1.0.0").status == "live"


def test_a_system_that_stands_still_stays_so_whatever_else_was_stopped_since() -> None:
    world = World()
    world.is_live("1.0.0")
    world.proposes("1.1.0")
    world.proposes("1.2.0")
    world.is_approved("1.2.0")
    world.stops("1.0.0")
    world.stops("1.1.0")  # newer, and never in use
    assert why_not(world.ships("1.2.0")) == "release_may_not_ship"
    assert "1.0.0" in said(world.last)


def test_nothing_is_started_again_that_could_not_go_out_now() -> None:
    world = World()
    world.is_live("1.0.0")
    world.stops("1.0.0")
    (use_case,) = world.all(UseCase)
    world.keep(Decision(changed=(use_case.model_copy(update={"stage": "retired"}),)))
    assert why_not(world.restarts("1.0.0", PRIYA, "fixed")) == "release_may_not_ship"
    assert why_not(world.rolls_back()) == "ship_stage"
    gone = {**use_case.answers}
    del gone[QuestionId("technical_owner")]
    world.keep(Decision(changed=(use_case.model_copy(update={"answers": gone}),)))
    assert why_not(world.restarts("1.0.0", PRIYA, "fixed")) == "release_may_not_ship"
    world.keep(Decision(changed=(use_case,)))
    world.restarts("1.0.0", PRIYA, "fixed")
    world.restarts("1.0.0", RUTH)
    assert world.release("1.0.0").status == "live"


def test_a_version_is_started_again_while_its_incident_is_open_because_that_ends_it() -> None:
    world = World()
    world.is_live("1.0.0")
    world.stops("1.0.0")
    incident = Incident(
        id=IncidentId("INC-0001"),
        use_case=UseCaseId("UC-0001"),
        type="drift",
        severity="high",
        what="Wrong summaries",
        reporter=LEE,
        began_at=world.now,
        opened_at=world.now,
    )
    with_it = world.dossier.model_copy(update={"incidents": (incident,)})
    circ = world.circ(PRIYA)
    asked = restart(world.release("1.0.0"), with_it, world.program, DIRECTORY, circ, why="fixed")
    assert why_not(asked) == ""
    assert asked.changed


def test_what_has_been_followed_by_another_does_not_come_back_by_a_restart() -> None:
    world = World()
    world.is_live("1.0.0")
    world.proposes("1.1.0")
    world.is_approved("1.1.0")
    world.stops("1.0.0")
    assert why_not(world.ships("1.1.0")) == "release_may_not_ship"
    world.restarts("1.0.0", PRIYA, "fixed")
    world.restarts("1.0.0", RUTH)
    world.ships("1.1.0")
    assert world.release("1.1.0").status == "live"


class AnybodyAtAnyTime(RuleBasedStateMachine):
    """People and systems do anything with releases, in any order, with and without the right."""

    @initialize(tier=st.sampled_from(["low", "medium", "high"]), business=st.sampled_from([RUTH, PRIYA]))
    def begins(self, tier: str, business: Any) -> None:
        self.world = World(tier=tier, business_owner=business)
        self.count = 0

    @rule()
    def goes_the_whole_way(self) -> None:
        """Put forward, agreed to, out: so that there is something to stop and to go back to."""
        self.count += 1
        version = f"1.{self.count}.0"
        self.world.proposes(version)
        self.world.is_approved(version)
        self.world.ships(version)

    def _any(self, number: int) -> Release | None:
        found = self.world.dossier.releases
        return found[number % len(found)] if found else None

    def _does(self, act: str, number: int, by: Any, **more: Any) -> None:
        """The release as it was when their card was drawn, perhaps a while ago."""
        found = self._any(number)
        if found is not None:
            getattr(self.world, act)(found.id, by, **more)

    @rule(by=st.sampled_from(PEOPLE))
    def puts_forward(self, by: Any) -> None:
        self.count += 1
        self.world.proposes(f"1.{self.count}.0", by)

    @rule(number=st.integers(0, 50))
    def is_decided(self, number: int) -> None:
        found = self._any(number)
        if found is not None:
            self.world.is_approved(found.id)

    @rule(number=st.integers(0, 50), by=st.sampled_from(PEOPLE))
    def says_it_is_out(self, number: int, by: Any) -> None:
        self._does("ships", number, by)

    @rule(number=st.integers(0, 50), by=st.sampled_from(PEOPLE))
    def stops_it(self, number: int, by: Any) -> None:
        self._does("stops", number, by)

    @rule(number=st.integers(0, 50), by=st.sampled_from(PEOPLE), again=st.booleans())
    def goes_back(self, number: int, by: Any, again: bool) -> None:
        found = self._any(number)
        before = {r.id: r for r in self.world.dossier.releases}
        self.world.rolls_back(by, to=found.id if found else "", again=again)
        now = self.world.dossier.live
        if now and before and before[now.id].status != "live":
            assert before[now.id].live_at is not None, "it was in use before"
            assert before[now.id].status == "superseded" or again

    @rule(number=st.integers(0, 50), by=st.sampled_from(PEOPLE))
    def agrees_to_a_restart(self, number: int, by: Any) -> None:
        self._does("restarts", number, by, why="It is mended")

    @rule(number=st.integers(0, 50), by=st.sampled_from(PEOPLE))
    def takes_it_back(self, number: int, by: Any) -> None:
        self._does("withdraws", number, by)

    @invariant()
    def at_most_one_is_in_use(self) -> None:
        assert sum(r.status == "live" for r in self.world.dossier.releases) <= 1

    @invariant()
    def nothing_is_in_use_without_an_approval(self) -> None:
        approvals = {a.id: a for a in self.world.dossier.approvals}
        for release in self.world.dossier.releases:
            if release.live_at is not None:
                assert release.approval is not None
                assert approvals[release.approval].status == "approved"

    @invariant()
    def nobody_without_the_right_changed_anything(self) -> None:
        assert EVE not in {n.by for r in self.world.dossier.releases for n in r.timeline}
        assert system_user("monitoring") not in {
            n.by for r in self.world.dossier.releases for n in r.timeline
        }

    @invariant()
    def whoever_stopped_it_never_gave_the_only_yes(self) -> None:
        for release in self.world.dossier.releases:
            notes = [n for n in release.timeline if n.what in ("stopped", "agreed", "restarted")]
            for i, note in enumerate(notes):
                if note.what == "restarted":
                    last = max(k for k, n in enumerate(notes[:i]) if n.what == "stopped")
                    assert {n.by for n in notes[last + 1 : i]} != {notes[last].by}

    @invariant()
    def there_is_one_that_is_current_where_any_is_live(self) -> None:
        live = self.world.dossier.live
        assert live is None or current(self.world.dossier) == live


TestAnybodyAtAnyTime = AnybodyAtAnyTime.TestCase
TestAnybodyAtAnyTime.settings = settings(
    max_examples=examples(60), stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("status", ["live", "superseded", "stopped", "rolled_back", "rejected", "withdrawn"])
def test_each_state_in_which_nothing_ships_says_which_it_is(status: Any) -> None:
    world = World()
    world.proposes("1.0.0")
    release = world.release("1.0.0").model_copy(update={"status": status})
    (lack,) = lacks(release, world.dossier, world.program, DIRECTORY, world.now)
    assert lack.kind == status
    assert lack.says
