"""S3 and M1 through the protocol: the portfolio by lane, filtered, ranked, exported, and shared as a page."""

from __future__ import annotations

import pytest

from tests.scenarios.deciding import settle
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.running import in_use
from workflows.use_case import UseCase

READY: JSON = {"build_or_buy": "existing", "data_sensitivity": "internal", "personal_data": False}
"""Answers by which a use case needs little agreement, and is ready."""


@pytest.fixture(scope="module")
def cases(office: Office) -> dict[str, UseCase]:
    """One in each lane, in different stages and functions, and twelve more in one."""
    heavy = {"harm": "serious", "audience": "customer_facing", "autonomy": "act_with_approval"}
    made = {
        "win": in_use(office, "Summarise claims calls", category="customer_operations", **READY),
        "bet": in_use(
            office, "Price small policies", stage="pilot", business_function="underwriting", **heavy
        ),
        "work": in_use(
            office,
            "Read old medical files",
            data_owner=None,
            data_sensitivity="restricted",
            build_or_buy="build",
        ),
        "vague": in_use(office, "Write nicer e-mails", outcome_metric=None, outcome_target=None),
    }
    for n in range(12):
        users = 600 if n == 7 else 10
        in_use(office, f"Letter {n:02}", users_expected=users, business_function="service", **READY)
    return made


def rows(view: JSON) -> list[str]:
    """The names in the list, in order."""
    return [
        b["text"]["text"].split("*")[1]
        for b in view["blocks"]
        if b["type"] == "section" and b.get("block_id", "").startswith("inventory|UC-")
    ]


def turns(person: Person, wanted: str, value: str | None = None) -> JSON:
    """Presses a button of the list, or chooses in one of its menus; the list as it is then."""
    view = person.view()
    block, element = next(
        (b, e)
        for b, e in elements(view)
        if wanted in (label(e), e["action_id"]) or label(e).startswith(wanted)
    )
    extra = {} if value is None else {"value": value}
    person._act("view_action", view_id=view["id"], block_id=block, action_id=element["action_id"], **extra)
    settle(person.office)
    return person.view()


def test_each_use_case_is_in_its_lane(office: Office, cases: dict[str, UseCase]) -> None:
    lanes = {name: case.assessment.facets["lane"] for name, case in cases.items() if case.assessment}
    assert lanes == {"win": "quick_win", "bet": "strategic_bet", "work": "architecture", "vague": "archive"}


def test_the_portfolio_shows_lanes_filters_and_pages(office: Office, cases: dict[str, UseCase]) -> None:
    mo = office.person("mo")
    mo.commands("portfolio")
    view = mo.view("Portfolio")
    assert "*16 use cases*: 13 quick wins, 1 strategic bet, 1 piece" in texts(view).replace(
        "1 pieces", "1 piece"
    )
    assert len(rows(view)) == 10
    second = turns(mo, "Next")
    assert len(rows(view)) + len(rows(second)) == 16
    assert not set(rows(view)) & set(rows(second))
    assert rows(turns(mo, "🎯 Strategic bet")) == ["Price small policies"]
    assert "executive sponsor" in texts(mo.view())
    turns(mo, "All")
    assert rows(turns(mo, "inventory.function", "underwriting")) == ["Price small policies"]
    turns(mo, "inventory.function", "any")
    assert rows(turns(mo, "inventory.stage", "pilot")) == ["Price small policies"]
    turns(mo, "inventory.stage", "any")
    assert rows(turns(mo, "inventory.rank", "users"))[0] == "Letter 07"
    assert rows(turns(mo, "inventory.bucket", "customer_operations")) == ["Summarise claims calls"]


def test_words_after_the_command_are_filters_and_names(office: Office, cases: dict[str, UseCase]) -> None:
    mo = office.person("mo")
    mo.commands("portfolio quick wins in claims")
    assert rows(mo.view("Portfolio")) == ["Summarise claims calls"]
    mo.commands("portfolio nicer e-mails")
    assert rows(mo.view("Portfolio")) == ["Write nicer e-mails"]
    mo.commands("portfolio strategic bets in production")
    assert "No use case meets these filters" in texts(mo.view())


def test_home_has_one_calm_line_that_leads_to_it(office: Office, cases: dict[str, UseCase]) -> None:
    mo = office.person("mo")
    home = mo.home("Portfolio:", "13 quick wins")
    block, element = next((b, e) for b, e in elements(home) if label(e) == "Portfolio")
    mo._act("view_action", view_id=home["id"], block_id=block, action_id=element["action_id"])
    assert len(rows(mo.view("use cases"))) == 10


def test_a_record_opens_only_for_whoever_may_read_it(office: Office, cases: dict[str, UseCase]) -> None:
    opens: dict[str, list[str]] = {}
    for name in ("mo", "dana", "sam"):
        person = office.person(name)
        person.commands("portfolio price small")
        opens[name] = [label(e) for _, e in elements(person.view("Portfolio")) if label(e) == "Open"]
    assert opens == {"mo": [], "dana": ["Open"], "sam": ["Open"]}


def test_nobody_sees_a_draft_of_somebody_else(office: Office, cases: dict[str, UseCase]) -> None:
    in_use(office, "Secret of Dana", stage="draft")
    mo = office.person("mo")
    mo.commands("portfolio secret of dana")
    assert rows(mo.view("Portfolio")) == []


def test_which_are_in_a_lane_can_be_asked_in_plain_words(office: Office, cases: dict[str, UseCase]) -> None:
    mo = office.person("mo").says("which strategic bets are in pilot?")
    answer = mo.reads("Price small policies", "strategic bets, pilot")
    assert "Summarise" not in texts(answer)
    mo.clicks("See them in the portfolio", answer)
    assert rows(mo.view("Portfolio")) == ["Price small policies"]
    mo = office.person("mo").says("show me quick wins in claims")
    assert "Summarise claims calls" in texts(mo.reads("quick wins, Claims"))
    mo = office.person("mo").says("how many quick wins do we have?")
    mo.reads("13")
    sam = office.person("sam").at("#general").says("<@U0PREFLIGHT> which strategic bets are there?")
    answer = sam.reads("Price small policies")
    assert not [e for _, e in elements(answer) if label(e).startswith("See them")], (
        "a channel has no list of its own"
    )


def test_what_is_like_a_use_case_is_known_by_meaning(office: Office, cases: dict[str, UseCase]) -> None:
    service = office.bot.service
    assert service.wait_for_model(30)
    twin = in_use(office, "Summarise calls about claims", problem="Agents write summaries of claims calls.")
    service._compare()
    dana = office.person("dana").says(f"what is similar to {twin.id}?")
    dana.reads("Like", "Summarise claims calls", "In production")
    dana.commands(f"portfolio {twin.id}")
    view = dana.view("Portfolio")
    block, element = next((b, e) for b, e in elements(view) if label(e) == "Open")
    dana._act("view_action", view_id=view["id"], block_id=block, action_id=element["action_id"])
    assert "Similar use cases" in texts(dana.view("Similar use cases"))
