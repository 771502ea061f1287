"""The first line of a digest, its sections, and how numbers are written."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from tests.program.office import PROGRAM
from workflows.digests import section
from workflows.digests.amounts import amount, difference
from workflows.digests.facts import Fact, Found
from workflows.digests.heading import head_of
from workflows.digests.page import Finding, Number, Page, Part
from workflows.digests.policy import DigestSpec
from workflows.digests.section import ORDER, SECTIONS, Seen, part_of, rank_of
from workflows.ids import Subject, UseCaseId, UserId
from workflows.measures.measured import Unit
from workflows.measures.policy import Currency
from workflows.people import Directory

EURO = Currency()
SEEN = Seen(PROGRAM, Directory())
section.load()


def part(*ranks: str) -> Part:
    """A section with one finding for each rank."""
    found = tuple(Finding(says="owner_missing", title=r, rank=rank_of(r)) for r in ranks)
    return Part(section="owners", findings=found, total=len(found))


def number(value: float | None, before: float | None, target: float | None = None, **more: object) -> Number:
    """Repeat use, in per cent, of which more is better."""
    said = {
        "metric": "repeat_use",
        "label": "Repeat use",
        "unit": "percent",
        "kind": "adoption",
        "better": "up",
    }
    return Number.model_validate({**said, "value": value, "before": before, "target": target, **more})


def fact(kind: str, **more: object) -> Fact:
    """Something about the use case "Letters"."""
    about = {"kind": kind, "subject": Subject(type="use_case", id="UC-1"), "use_case": UseCaseId("UC-1")}
    return Fact.model_validate({**about, "title": "Letters", "people": (UserId("U0DANA"),), **more})


@pytest.mark.parametrize(("first", "then"), list(pairwise(ORDER)))
def test_the_first_line_is_the_first_of_the_order_wherever_it_stands(first: str, then: str) -> None:
    assert head_of([part(then), part(then, first)], (), EURO).title == first


def test_a_guardrail_crossed_in_everyday_use_comes_before_the_worst_incident_and_any_decision() -> None:
    crossed = SECTIONS["crossed"].says(fact("guardrail_crossed", stage="production"), SEEN)
    pilot = SECTIONS["crossed"].says(fact("guardrail_crossed", stage="pilot"), SEEN)
    worst = SECTIONS["incidents"].says(
        fact("incident_open", detail={"severity": "critical", "status": "open"}), SEEN
    )
    high = SECTIONS["overdue"].says(fact("approval_overdue", tier="high"), SEEN)
    low = SECTIONS["overdue"].says(fact("approval_overdue", tier="low"), SEEN)
    assert crossed.rank > worst.rank > high.rank > pilot.rank > low.rank


def test_what_was_agreed_to_be_done_stands_with_the_guardrail_and_its_lack_is_said() -> None:
    agreed = SECTIONS["crossed"].says(fact("guardrail_crossed", detail={"action": "switch it off"}), SEEN)
    assert (agreed.says, agreed.values["action"]) == ("guardrail_crossed", "switch it off")
    assert SECTIONS["crossed"].says(fact("guardrail_crossed"), SEEN).says == "guardrail_crossed_no_action"


@pytest.mark.parametrize(
    ("unit", "value"), [("%", "4.2%"), ("minutes", "4.2 minutes"), ("", "4.2"), (None, "4.2")]
)
def test_a_number_beyond_its_limit_has_its_unit(unit: str | None, value: str) -> None:
    detail = {} if unit is None else {"unit": unit}
    found = SECTIONS["crossed"].says(fact("guardrail_crossed", number=4.2, detail=detail), SEEN)
    assert found.values["value"] == value


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        (number(61.0, 66.0, 70.0), "figure_off"),
        (number(71.0, 66.0, 70.0), "figure_reached"),
        (number(66.0, 50.0, 70.0), "figure_better"),
        (number(71.0, 90.0, 70.0), "figure_worse"),
        (number(66.0, 66.0, 70.0), "steady"),
        (number(66.0, None), "steady"),
        (number(None, None), "nothing"),
        (number(3.0, 9.0, unit="days", better="down"), "figure_better"),
        (number(9.0, 3.0, 5.0, unit="days", better="down"), "figure_off"),
    ],
)
def test_where_nothing_is_wrong_the_figures_speak(figure: Number, says: str) -> None:
    assert head_of((), (figure,), EURO).says == says


def test_a_missed_target_weighs_less_than_what_somebody_must_decide_today() -> None:
    assert head_of([part("approval_overdue")], (number(61.0, 66.0, 70.0),), EURO).says == "owner_missing"


def test_nothing_at_all_is_one_honest_line() -> None:
    assert head_of((), (), EURO).says == "nothing"


def test_a_section_tells_some_and_counts_all() -> None:
    facts = tuple(fact("owner_missing", item="risk_owner") for _ in range(5))
    found = {"owner_missing": Found(facts=facts, total=12)}
    made = part_of("owners", found, SEEN, 3)
    assert made is not None
    assert (len(made.findings), made.total) == (3, 12)
    assert part_of("owners", {"owner_missing": Found()}, SEEN, 3) is None


def test_every_sentence_of_every_section_is_there_with_what_it_fills_in() -> None:
    for one in SECTIONS.values():
        assert f"section_{one.id}" in PROGRAM.messages
        for kind in one.kinds:
            for more in ({}, {"detail": {"left": "Mo", "open": "2", "action": "x"}}):
                text = "seat" if kind == "waits" else "words"
                said = one.says(fact(kind, text=text, number=2.0, **more), SEEN)
                filled = {**dict.fromkeys(("title", "who", "due", "since", "until"), ""), **said.values}
                assert PROGRAM.messages[f"finding_{said.says}"].format_map(filled)
                assert said.step.does in ("", "open", "approval", "incident", "waiver", "contract", "name")


def test_every_first_line_about_figures_is_there() -> None:
    told = head_of((), (number(61.0, 66.0, 70.0),), EURO)
    for name in ("steady", "figure_better", "figure_worse", "figure_off", "figure_reached"):
        assert "Repeat use" in PROGRAM.messages[f"finding_{name}"].format_map(told.values)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (62.04, "percent", "62%"),
        (62.46, "percent", "62.5%"),
        (0.042, "percent", "0.04%"),
        (1_234_567.0, "money", "€ 1.2 million"),
        (12_500.0, "money", "€ 12,500"),
        (4.5, "money", "€ 4.50"),
        (1.0, "days", "1 day"),
        (3.25, "days", "3.2 days"),
        (1240.0, "people", "1,240"),
        (4.13, "score", "4.1 of 5"),
        (0.0, "number", "0"),
        (-3.0, "number", "-3"),
    ],
)
def test_numbers_are_written_by_their_unit(value: float, unit: Unit, shown: str) -> None:
    assert amount(value, unit, EURO) == shown


def test_percentages_move_by_points() -> None:
    assert difference(62.0, 58.0, "percent", EURO) == "4 points"
    assert difference(62.0, 63.0, "percent", EURO) == "1 point"
    assert difference(4.1, 3.8, "score", EURO) == "0.3"
    assert difference(900.0, 1000.0, "money", EURO) == "€ 100"


def test_a_page_is_kept_as_json_and_comes_back_the_same() -> None:
    page = Page(
        digest="risk",
        title="AI risk",
        version="channel",
        period="2026-W47",
        at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        head=Finding(says="nothing"),
        numbers=(number(61.0, 66.0, 70.0),),
        parts=(part("owner_missing"),),
    )
    assert Page.model_validate(page.model_dump(mode="json")) == page
    assert not page.quiet


def test_the_page_about_digests_lists_every_section_chart_and_table() -> None:
    told = (Path(__file__).parents[2] / "docs" / "digest-pages.md").read_text(encoding="utf-8")
    fields = DigestSpec.model_fields
    named = [str(name) for f in ("charts", "tables") for name in get_args(get_args(fields[f].annotation)[0])]
    assert named
    for name in (*SECTIONS, *named):
        assert f"`{name}`" in told, name
