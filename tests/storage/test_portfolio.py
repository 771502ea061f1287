from __future__ import annotations

from datetime import timedelta

import pytest

from storage import likenesses, portfolio
from storage.likenesses import Alike
from storage.store import Store
from tests.program.office import PROGRAM
from tests.storage.records import CIRC, DANA, NOW, stored, use_case
from workflows.decision import Decision, Entry
from workflows.ids import Tier, UseCaseId, UserId
from workflows.portfolio.listing import NONE, Order, Wanted, orders, stages_of
from workflows.use_case import Assessment, LaneByHand, Score, TierFinding, UseCase

CARD = PROGRAM.scorecard
PRIYA = UserId("U0PRIYA")


def assessed(tier: Tier, impact: int, feasibility: int, **facets: str) -> Assessment:
    scores = {"impact": impact, "feasibility": feasibility, "governance_complexity": impact}
    made = tuple(Score(dimension=d, label=d, value=v, computed=v) for d, v in scores.items())
    return Assessment(scorecards={CARD: made}, tier=TierFinding(tier=tier), facets=facets)


@pytest.fixture
def company(store: Store) -> Store:
    """Six use cases, the newest last; one is somebody's draft, one is put away."""
    of = (
        ("pilot", "Letters", assessed("low", 2, 2, lane="quick_win", function="claims", users="40")),
        (
            "pilot",
            "Calls 100%_",
            assessed("high", 5, 4, lane="strategic_bet", function="claims", users="900"),
        ),
        ("production", "Quotes", assessed("medium", 4, 4, lane="quick_win", bucket="regulated_decisions")),
        ("production", "Reports", assessed("low", 5, 1, business_owner="U0PRIYA")),
        ("archived", "Old idea", assessed("low", 1, 1, lane="archive")),
        ("draft", "Secret", assessed("low", 5, 5, lane="quick_win")),
    )
    stored(
        store,
        *(
            use_case(
                f"UC-{n:04d}", title=title, stage=stage, assessment=found, created_at=NOW + timedelta(hours=n)
            )
            for n, (stage, title, found) in enumerate(of, 1)
        ),
    )
    return store


def names(store: Store, wanted: Wanted = Wanted(), order: str = "newest", **more: object) -> list[str]:  # noqa: B008
    with store.read() as reading:
        found = reading.portfolio(wanted, orders(PROGRAM)[order], PROGRAM, None, **more)  # type: ignore[arg-type]
    return [row.title for row in found.rows]


@pytest.mark.parametrize("words", ["a\x00b", "half \ud800 of one", "%", "_", "\\", "'"])
def test_words_that_no_name_holds_find_nothing_and_break_nothing(company: Store, words: str) -> None:
    assert names(company, Wanted(words=words)) == (["Calls 100%_"] if words in ("%", "_") else [])


def test_what_is_open_is_listed_and_nobodys_draft(company: Store) -> None:
    assert names(company) == ["Reports", "Quotes", "Calls 100%_", "Letters"]
    assert names(company, Wanted(closed=True)) == ["Old idea", "Reports", "Quotes", "Calls 100%_", "Letters"]
    drafts = Wanted(stages=("draft",))
    assert names(company, drafts, reader=DANA) == ["Secret"]
    assert names(company, drafts, reader=PRIYA) == []
    assert names(company, drafts) == [], "a channel reads no draft"
    assert names(company, drafts, whole=True) == ["Secret"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(lanes=("quick_win",)), ["Quotes", "Letters"]),
        (Wanted(lanes=(NONE,)), ["Reports"]),
        (Wanted(functions=("claims",), tiers=("high",)), ["Calls 100%_"]),
        (Wanted(buckets=("regulated_decisions",)), ["Quotes"]),
        (Wanted(stages=("production",)), ["Reports", "Quotes"]),
        (Wanted(owner="U0PRIYA"), ["Reports"]),
        (Wanted(words="  qUoT "), ["Quotes"]),
        (Wanted(words="100%_"), ["Calls 100%_"]),
        (Wanted(words="uc-0001"), ["Letters"]),
        (Wanted(ids=("UC-0001", "UC-0006")), ["Letters"]),
        (Wanted(submitter="U0PRIYA"), []),
    ],
)
def test_each_filter_leaves_what_meets_it(company: Store, wanted: Wanted, found: list[str]) -> None:
    assert names(company, wanted) == found


def test_scores_are_multiplied_and_what_is_bad_when_high_counts_from_the_other_end(company: Store) -> None:
    assert names(company, order="worth") == ["Calls 100%_", "Quotes", "Reports", "Letters"]
    assert names(company, order="easy") == ["Letters", "Quotes", "Reports", "Calls 100%_"]
    assert names(company, order="by_impact")[:2] == ["Reports", "Calls 100%_"]
    assert names(company, order="users")[:2] == ["Calls 100%_", "Letters"]
    assert names(company, order="riskiest")[0] == "Calls 100%_"
    assert names(company, order="title") == ["Calls 100%_", "Letters", "Quotes", "Reports"]
    with company.read() as reading:
        by_lane = Order(id="lane", label="Lane", column="lane", down=False)
        found = reading.portfolio(Wanted(), by_lane, PROGRAM, None).rows
    assert [row.lane for row in found] == ["", "quick_win", "quick_win", "strategic_bet"]


def test_a_page_has_its_rows_and_the_counts_of_all(company: Store) -> None:
    with company.read() as reading:
        newest = orders(PROGRAM)["newest"]
        page = reading.portfolio(Wanted(lanes=("quick_win",)), newest, PROGRAM, 1, 1)
        last = reading.portfolio(Wanted(), newest, PROGRAM, 3, 300)
        none = reading.portfolio(Wanted(words="nothing like it"), newest, PROGRAM, 3, 300)
    assert [row.title for row in page.rows] == ["Letters"]
    assert (page.of, page.first) == (2, 1)
    assert page.lanes == {"quick_win": 2, "strategic_bet": 1, "": 1}, "the tabs show every lane"
    assert page.stages == {"pilot": 1, "production": 1}
    assert ([row.title for row in last.rows], last.first) == (["Letters"], 3)
    assert (none.rows, none.of, none.first) == ((), 0, 0)
    assert page.rows[0].scores == {"impact": 2, "feasibility": 2, "governance_complexity": 2}


def facet(store: Store, id: str) -> tuple[str, str]:
    with store.read() as reading:
        (row,) = portfolio.listed(reading.connection, [id], CARD)
    return row.lane, row.function


def test_facets_that_were_found_anew_stay_until_something_says_otherwise(company: Store) -> None:
    with company.write() as tx:
        states = portfolio.batch(tx.connection, "", 1)
        anew = {"assessment": {"facets": {"lane": "architecture", "function": "hr"}}}
        assert portfolio.fill(tx.connection, [(states[0]["id"], anew)]) == 1
        assert portfolio.fill(tx.connection, [(states[0]["id"], anew)]) == 0
    assert facet(company, "UC-0001") == ("architecture", "hr")
    assert company.verify().sound, "the log says nothing of what follows from the program"
    changed(company, stage_why="something else")
    assert facet(company, "UC-0001") == ("architecture", "hr")
    changed(company, lane=LaneByHand(lane="quick_win", reason="r", by=DANA, at=NOW))
    assert facet(company, "UC-0001")[0] == "quick_win"
    assert company.verify().sound


def changed(store: Store, **what: object) -> None:
    with store.write() as tx:
        found = tx.lock_use_case("UC-0001")
        assert found is not None
        there = found.model_copy(update=what)
        tx.apply(Decision(changed=(there,), entries=(Entry(action="x", subject=there.subject),)), CIRC)


def test_pairs_are_kept_once_and_replaced_when_they_are_found_anew(company: Store) -> None:
    one, two, three, draft = (UseCaseId(f"UC-000{n}") for n in (1, 2, 3, 6))
    with company.write() as tx:
        found = [Alike(two, one, 0.95, "both"), Alike(one, two, 0.95, "both"), Alike(one, three, 0.6, "a")]
        likenesses.save(tx.connection, [one], [*found, Alike(draft, one, 0.99, "b")], "model-1")
        assert likenesses.number(tx.connection) == 3
        assert [a.other for a in likenesses.of(tx.connection, one, 5)] == [two, three], "no draft is named"
        open_ = stages_of(Wanted(), PROGRAM)
        assert [(a.one, a.other) for a in likenesses.likeliest(tx.connection, open_, 0.9, 9)] == [(one, two)]
        likenesses.save(tx.connection, [one], [], "model-1")
        assert likenesses.number(tx.connection) == 0
        assert not likenesses.known(tx.connection, "model-1")


def test_many_use_cases_are_filled_in_the_order_of_their_ids(company: Store) -> None:
    with company.write() as tx:
        ids: list[str] = []
        while states := portfolio.batch(tx.connection, ids[-1] if ids else "", 4):
            ids += [UseCase.model_validate(s).id for s in states]
    assert ids == [f"UC-{n:04d}" for n in range(1, 7)]
