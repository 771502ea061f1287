"""S5 through the protocol: the quarter's review, use case by use case, in a channel's thread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.scenarios.deciding import fills, presses, settle
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.running import in_use
from tests.scenarios.talking import refusals, until
from workflows.portfolio_review import PortfolioReview

LATE = (datetime.now(UTC) - timedelta(days=30)).date().isoformat()
SOON = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()


@pytest.fixture(scope="module")
def cases(office: Office) -> dict[str, Any]:
    """Four use cases: one healthy, one without an outcome, a late one, and one of an executive."""
    return {
        "calls": in_use(office, "Summarise claims calls", outcome_by=SOON),
        "vague": in_use(
            office,
            "Write nicer e-mails",
            stage="pilot",
            outcome_metric=None,
            outcome_baseline=None,
            outcome_target=None,
        ),
        "late": in_use(office, "Sort the post", outcome_by=LATE),
        "own": in_use(office, "Brief the board", outcome_by=SOON, business_owner="U0RUTH"),
    }


def session(office: Office) -> PortfolioReview:
    with office.bot.service.store.read() as reading:
        return reading.matters(PortfolioReview, at_most=1)[0]


def stage(office: Office, use_case: Any) -> str:
    with office.bot.service.store.read() as reading:
        found = reading.use_case(use_case.id)
        assert found is not None
        return str(found.stage)


def sits(office: Office, name: str) -> Person:
    """That person, in the session's thread."""
    until(lambda: session(office).home is not None, "the session has its thread")
    return office.person(name).at("#ai-leadership", session(office).home.thread)  # type: ignore[union-attr]


def item(person: Person, title: str) -> JSON:
    return person.reads(title, "Outcome")


def labels(message: JSON) -> list[str]:
    return [label(e) for _, e in elements(message)]


def test_who_does_not_prepare_it_cannot_start_it(office: Office, cases: Any) -> None:
    office.person("mo").commands("review")
    office.person("mo").at("#general").reads("started by those who decide")
    with office.bot.service.store.read() as reading:
        assert not reading.matters(PortfolioReview)


def test_it_begins_with_what_needs_it_most(office: Office, cases: Any) -> None:
    office.person("sam").commands("review")
    settle(office)
    head = office.person("ruth").at("#ai-leadership").reads("Portfolio review", "0 of 4 decided")
    assert "Ruth Adler" in texts(head)
    assert list(session(office).queue)[:2] == [cases["vague"].id, cases["late"].id]
    card = item(sits(office, "ruth"), "Write nicer e-mails")
    shown = texts(card)
    assert "1 of 4" in shown
    assert "No metric with a target" in shown
    assert "Proposed: Archive." in shown
    assert "no measurable outcome" in shown
    assert labels(card)[0] == "Archive…", "what is proposed comes first"
    assert "Retire…" not in labels(card), "a pilot cannot be retired"


def test_only_members_decide_and_everybody_else_is_told_kindly(office: Office, cases: Any) -> None:
    sam = sits(office, "sam")
    before = len(refusals(office))
    presses(sam, item(sits(office, "sam"), "Write nicer e-mails"), "Archive…")
    sam.reads("This is for", "to decide")
    assert [r["action"] for r in refusals(office)[before:]] == ["portfolio.decide"]


def test_a_decision_needs_its_reason_and_what_follows_is_given_to_whoever_may(
    office: Office, cases: Any
) -> None:
    ruth = sits(office, "ruth")
    presses(ruth, item(ruth, "Write nicer e-mails"), "Archive…")
    ruth.view("Why?")
    ruth.submits({"reason": "  "})
    assert ruth.view("Why?"), "without a reason it stays open"
    fills(ruth, {"reason": "Nobody can say what it is for"})
    shown = texts(item(ruth, "Write nicer e-mails"))
    assert "Archive" in shown
    assert "decided by Ruth Adler" in shown
    assert stage(office, cases["vague"]) == "pilot", "executives do not move it themselves"
    sam = office.person("sam")
    todo = sam.reads("To be done after the portfolio review", "Write nicer e-mails")
    office.person("dana").reads("looked at", "Write nicer e-mails", "Nobody can say what it is for")
    assert "Write nicer e-mails" in texts(sam.home("Review: Archive"))
    presses(sam, todo, "Archive it")
    assert stage(office, cases["vague"]) == "archived"
    assert "✅" in texts(sam.reads("To be done after the portfolio review", "Write nicer e-mails"))


def test_against_the_proposal_a_reason_is_asked_for(office: Office, cases: Any) -> None:
    ruth = sits(office, "ruth")
    card = item(ruth, "Sort the post")
    assert "Proposed: Pause." in texts(card)
    assert "was due" in texts(card)
    presses(ruth, card, "Keep as it is…")
    view = ruth.view("Why?")
    assert "not what was proposed" in texts(view)
    fills(ruth, {"reason": "The figure comes next week"})
    assert "(proposed was: Pause)" in texts(item(ruth, "Sort the post"))


def test_nobody_decides_on_a_use_case_in_which_they_are_named(office: Office, cases: Any) -> None:
    ruth, victor = sits(office, "ruth"), sits(office, "victor")
    while session(office).on_the_table != cases["own"].id:
        use_case = session(office).on_the_table
        title = next(c.title for c in cases.values() if c.id == use_case)
        presses(ruth, item(ruth, title), "Keep as it is")
    presses(ruth, item(ruth, "Brief the board"), "Keep as it is")
    ruth.reads("You are named in this use case")
    assert session(office).verdict(cases["own"].id) is None
    office.bot.pass_time(days=3)
    settle(office)
    victor.reads("Still to be decided", "Shall we go on?")
    presses(victor, item(victor, "Brief the board"), "Keep as it is")
    assert session(office).status == "closed"


def test_at_the_end_the_channel_reads_what_was_decided_and_the_thread_has_the_minutes(office: Office) -> None:
    leader = office.person("elena").at("#ai-leadership")
    shown = texts(leader.reads("is closed", "Decided: 4"))
    assert "Archive" in shown
    assert "Ruth Adler" in shown
    minutes = texts(sits(office, "elena").reads("The minutes of"))
    assert "| use case | decision | proposed | by | reason |" in minutes
    assert "The figure comes next week" in minutes
    assert "4 of 4 decided" in texts(leader.reads("4 of 4 decided"))


def test_an_old_button_changes_nothing_any_more(office: Office, cases: Any) -> None:
    review = session(office)
    from tests.scenarios.deciding import sends

    element = {
        "type": "button",
        "action_id": "portfolio.decide/pause",
        "value": f"{review.id}|{cases['calls'].id}|pause",
        "text": {"type": "plain_text", "text": "Pause"},
    }
    sends(office, office.person("ruth"), element, "forged")
    assert stage(office, cases["calls"]) == "production"
    assert session(office).revision == review.revision


def test_it_comes_by_itself_each_quarter_and_only_once(office: Office, cases: Any) -> None:
    with office.bot.service.store.read() as reading:
        (planned,) = reading.planned("portfolio/next")
    ahead = planned.due - office.bot.now()
    office.bot.pass_time(days=ahead.days + 1)
    settle(office)
    with office.bot.service.store.read() as reading:
        found = reading.matters(PortfolioReview)
        assert len(found) == 2
        (again,) = reading.planned("portfolio/next")
    assert again.due > planned.due
    assert found[0].period != ""
    assert cases["vague"].id not in found[0].queue, "what is archived is not looked at"


def test_the_log_replays_to_what_is_stored(office: Office) -> None:
    settle(office)
    assert office.bot.service.store.verify().sound
