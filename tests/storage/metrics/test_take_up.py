"""How the program is taken up, worked out by hand, the same on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from storage.store import Store
from tests.storage.metrics.company import NOW, PROGRAM, W4, asked, by_key, case_of, figure, keep, values
from tests.storage.records import CIRC, DANA
from workflows.decision import Actor, Decision, Door, Entry
from workflows.ids import Subject, UserId
from workflows.learning.studying import audience, meant_for
from workflows.people import Person
from workflows.use_case import Override

MONDAY = datetime(2026, 11, 9, 9, 0, tzinfo=NOW.tzinfo)
DAY = timedelta(days=1)
PEOPLE = tuple(UserId(f"U{n}") for n in range(12))


def staffed(store: Store) -> None:
    """Twelve people: eight in claims, of whom one is a champion, and three in legal."""
    groups = {"fn-claims": PEOPLE[:8], "fn-legal": PEOPLE[8:11], "ai-champions": (PEOPLE[0],)}
    with store.write() as tx:
        tx.save_people([Person(id=user, name=user) for user in PEOPLE], groups)


def act(store: Store, user: str, door: Door) -> None:
    entry = Entry(action="said", subject=Subject(type="use_case", id="UC-0001"))
    actor = Actor(user=UserId(user), door=door)
    with store.write() as tx:
        tx.apply(Decision(entries=(entry,)), CIRC.model_copy(update={"now": MONDAY, "actor": actor}))


def test_only_people_use_the_bot(store: Store) -> None:
    staffed(store)
    for user in (*PEOPLE[:6], PEOPLE[0], PEOPLE[8]):
        act(store, user, "button")
    act(store, "system:pipeline", "webhook")
    act(store, PEOPLE[11], "clock")
    # Six of claims and one of legal; nothing is known of the week before the first thing was done.
    (before, week) = asked(store, "bot_users")
    assert (before.value, week.value, week.of) == (None, 7.0, 12.0)
    # Legal is three people and the rest one: too few to be shown, and together too few to hide each other.
    assert by_key(store, "bot_users", "function") == {"-": None, "claims": None, "legal": None}


def test_intakes_are_counted_but_for_imported_ones(store: Store) -> None:
    said: dict[str, Any] = {"created_at": MONDAY, "stage": "draft"}
    keep(
        store,
        case_of(1, "claims", **said, submitted_at=MONDAY + DAY),
        case_of(2, "claims", **said),
        case_of(3, "legal", **said, submitted_at=MONDAY, source="import", source_key="1"),
    )
    assert values(store, "intakes_begun") == [0.0, 2.0]
    assert values(store, "intakes_submitted") == [0.0, 1.0]
    assert values(store, "intakes_finished", weeks=1) == [50.0]
    assert by_key(store, "intakes_begun", "function") == {"claims": 2.0}


def test_days_to_a_pilot_run_from_submission_to_the_first_day_in_use(store: Store) -> None:
    begun: dict[str, Any] = {"created_at": MONDAY - 20 * DAY, "submitted_at": MONDAY - 10 * DAY}
    keep(store, case_of(1, "claims", stage="submitted", **begun), now=MONDAY - 10 * DAY)
    for days, stage in ((2, "pilot"), (4, "paused"), (5, "pilot")):
        with store.write() as tx:
            found = tx.lock_use_case("UC-0001")
        assert found is not None
        keep(store, found.model_copy(update={"stage": stage}), now=MONDAY + days * DAY)
    # Submitted ten days before Monday, in use from Wednesday on.
    assert values(store, "days_to_pilot", weeks=1) == [12.0]


def test_a_corrected_score_is_one_overridden_use_case(store: Store) -> None:
    said: dict[str, Any] = {"created_at": MONDAY, "submitted_at": MONDAY}
    fixed = Override(scorecard="portfolio", dimension="value", value=5, reason="r", by=DANA, at=MONDAY)
    keep(store, case_of(1, **said, overrides=(fixed,)), case_of(2, **said))
    assert values(store, "scores_overridden", weeks=1) == [50.0]


def test_functions_with_a_champion_are_a_share_of_all(store: Store) -> None:
    staffed(store)
    assert values(store, "champion_coverage", weeks=1) == [100 / len(PROGRAM.functions)]
    assert by_key(store, "champion_coverage", "function")["claims"] == 100.0


def test_lessons_are_counted_with_their_people(store: Store) -> None:
    done = tuple(
        figure("learned", 1, W4, 1.0, function="claims").model_copy(
            update={"key": f"learned/{user}/{n}", "person": user}
        )
        for user in PEOPLE[:5]
        for n in range(2)
    )
    keep(store, events=done)
    (cell,) = asked(store, "lessons", weeks=1)
    assert (cell.value, cell.of) == (10.0, 5.0)


def test_a_path_is_for_the_same_people_all_at_once_as_one_by_one(store: Store) -> None:
    staffed(store)
    with store.read() as reading:
        directory = reading.directory()
    for path in PROGRAM.learning.paths:
        one_by_one = {u for u in PEOPLE if path.id in meant_for(u, PROGRAM, directory)}
        assert audience(path, PROGRAM, directory) == one_by_one, path.id
    assert values(store, "training", weeks=1) == [0.0]
