"""S3 and M1 through the protocol: the portfolio by lane, filtered, ranked, exported, and shared as a page."""

from __future__ import annotations

import csv
import io
import json
import urllib.error
import urllib.request
from datetime import timedelta

import pytest

from bot.jobs.portfolio_facets import as_it_is
from storage import portfolio
from tests.scenarios.deciding import fills, settle
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.running import in_use
from tests.scenarios.talking import refusals
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


def test_the_team_chooses_a_lane_by_hand_and_the_computed_one_stays_beside_it(
    office: Office, cases: dict[str, UseCase]
) -> None:
    vague = cases["vague"]
    mo = office.person("mo")
    mo.commands(f"portfolio lane {vague.id}")
    mo.at("#general").reads("program team looks after the portfolio")
    assert refusals(office)[-1]["action"] == "use_case.lane"
    sam = office.person("sam")
    sam.commands(f"portfolio lane {vague.id}")
    assert "By the rules it is in the lane *Archive*" in texts(sam.view("Lane"))
    sam.submits({"lane": "quick_win", "reason": ""})
    assert sam.view("Lane"), "without a reason it stays open"
    fills(sam, {"lane": "quick_win", "reason": "Legal asked for it by name"})
    office.person("dana").reads("by hand", "Quick win", "Legal asked for it by name")
    sam.commands("portfolio quick wins nicer e-mails")
    assert rows(sam.view("Portfolio")) == ["Write nicer e-mails"]
    opens(sam, "Open")
    assert "By the rules it would be Archive" in texts(sam.view("chosen by"))
    fill_again(office)
    assert lane_column(office, vague) == "quick_win", "a new program leaves what was chosen by hand"


def test_likely_duplicates_are_proposed_to_the_team_and_settled_once(
    office: Office, cases: dict[str, UseCase]
) -> None:
    service = office.bot.service
    assert service.wait_for_model(30)
    problem = "Agents listen to recordings of the hotline and grade them by hand."
    twins = [
        in_use(office, f"Grade hotline {w}", problem=problem, stage=s)
        for w, s in (("calls", "pilot"), ("call", "production"))
    ]
    service._compare()
    mo = office.person("mo")
    mo.commands("portfolio duplicates")
    mo.at("#general").reads("program team looks after the portfolio")
    sam = office.person("sam")
    sam.commands("portfolio duplicates")
    view = sam.view("Likely the same")
    assert "Grade hotline calls" in texts(view)
    block = f"pair|{twins[0].id}|{twins[1].id}"
    settles(sam, view, block, "Join them")
    assert "Grade hotline" not in texts(sam.view())
    office.person("dana").reads("is the same as", "Please agree on one of them")
    with service.store.read() as reading:
        pilot = reading.use_case(twins[0].id)
    assert pilot is not None
    assert pilot.same_as == twins[1].id, "the one in production stays"


def test_the_list_is_exported_as_its_reader_may_see_it(office: Office, cases: dict[str, UseCase]) -> None:
    mo = office.person("mo")
    mo.commands("portfolio underwriting")
    assert rows(mo.view("Portfolio")) == ["Price small policies"]
    turns(mo, "Export for a spreadsheet")
    table = downloaded(office, mo, "csv")
    (row,) = csv.DictReader(io.StringIO(table.decode("utf-8-sig")))
    assert (row["title"], row["lane"], row["stage"]) == ("Price small policies", "strategic_bet", "pilot")
    assert row["score_governance_complexity"] == "5"
    assert "harm" not in row, "answers are in the record, and that is not for him"
    sam = office.person("sam")
    sam.commands("portfolio export json")
    found = json.loads(downloaded(office, sam, "json"))
    assert {"Price small policies", "Write nicer e-mails"} <= {r["title"] for r in found}
    assert next(r for r in found if r["title"] == "Price small policies")["harm"] == "serious"
    assert "Secret of Dana" not in str(found)


def test_the_page_opens_by_its_link_and_by_no_other(office: Office, cases: dict[str, UseCase]) -> None:
    service = office.bot.service
    mo = office.person("mo")
    mo.commands("portfolio link")
    mo.at("#general").reads("There is no page here")
    at = f"http://127.0.0.1:{service.settings.port}"
    service.settings = service.settings.model_copy(update={"public_url": at})
    mo.commands("portfolio link")
    said = texts(mo.at("#general").reads("The whole table as a page"))
    address = said[said.index("http") : said.index("|The whole")]
    status, headers, page = fetched(address)
    assert status == 200
    assert "Price small policies" in page
    assert "Secret of Dana" not in page
    assert "script" not in page
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers
    users = fetched(f"{address}?by=users&down=1")[2]
    assert users.index("Letter 07") < users.index("Letter 03")
    broken = address[:-3] + ("AAA" if not address.endswith("AAA") else "BBB")
    status, _, page = fetched(broken)
    assert status == 410
    assert "does not open the portfolio any more" in page
    assert "Price small policies" not in page
    assert fetched(address, method="POST")[0] == 405
    office.bot.ahead += timedelta(hours=9)
    assert fetched(address)[0] == 410
    office.bot.ahead -= timedelta(hours=9)


def opens(person: Person, wanted: str) -> None:
    view = person.view()
    block, element = next((b, e) for b, e in elements(view) if label(e) == wanted)
    person._act("view_action", view_id=view["id"], block_id=block, action_id=element["action_id"])


def settles(person: Person, view: JSON, block: str, wanted: str) -> None:
    element = next(e for b, e in elements(view) if b == block and label(e) == wanted)
    person._act("view_action", view_id=view["id"], block_id=block, action_id=element["action_id"])
    settle(person.office)


def fetched(address: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(address, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read().decode()


def downloaded(office: Office, person: Person, ending: str) -> bytes:
    """The newest file of that kind in their conversation with the bot."""
    settle(office)
    files = [
        f for m in person.at("@app").messages() for f in m.get("files", []) if f["name"].endswith(ending)
    ]
    address = files[-1].get("url_private_download") or files[-1]["url_private"]
    token = office.bot.service.settings.bot_token.get_secret_value()
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return bytes(answer.read())


def fill_again(office: Office) -> None:
    """What a start under another version of the program does."""
    service = office.bot.service
    with service.store.write() as tx:
        found = [UseCase.model_validate(s) for s in portfolio.batch(tx.connection, "", 1000)]
        about = service.moment()
        portfolio.fill(tx.connection, [(u.id, as_it_is(u, about.program)) for u in found])


def lane_column(office: Office, use_case: UseCase) -> str:
    with office.bot.service.store.read() as reading:
        return portfolio.listed(reading.connection, [use_case.id], "five_dimensions")[0].lane
