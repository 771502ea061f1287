"""Reading a contract: what the standard has is taken, and every fault names its line and what to do."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands_line.contracts import schema_text
from tests.workflows.contracts import ROOT, TEXT, base
from workflows.contract_reading import looks_like_a_contract, read_contract


def faults(text: str) -> list[str]:
    return [str(e) for e in read_contract(text, "feed.yaml").errors]


def test_the_example_in_the_docs_is_read() -> None:
    found = read_contract(TEXT, "feed.yaml")
    assert not found.errors
    assert found.document is not None
    assert found.document.owner is not None
    assert found.document.owner.username == "lee"


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("version: 1.0.0", "version: 1.0", 4, "quotes"),
        ("version: 1.0.0", "version: first", 4, "three numbers"),
        ("id: claims-feed", "id: claims feed", 3, "cannot be an id"),
        ("kind: DataContract", "kind: DataProduct", 2, "DataContract"),
        ("role: owner", "role: analyst", 9, "names no owner"),
        ("logicalType: date", "logicalType: day", 25, "Use one of"),
        ("logicalType: date", "logicaltype: date", 25, 'Did you mean "logicalType"'),
        ("        description: What was agreed to be paid in all.\n", "", 27, "does not say what it means"),
        ("        customProperties: [{property: unit, value: GBP}]\n", "", 27, "a number without a unit"),
        ("  - {property: sourceOfTruth, value: ClaimsCore}\n", "", 23, "which system is right"),
        ("{property: latency, value: 24, unit: h}", "{property: latency, value: 24}", 40, "unit of time"),
        ("value: 99, unit: percent", "value: 990, unit: percent", 41, "0 to 100"),
        (
            "- {property: lateArrival, value: 24, unit: h}",
            "- {property: ly, value: 24, unit: h}",
            42,
            "twice",
        ),
        ("value: 1, unit: percent}", "value: 1, unit: percent, element: paid}", 43, 'no "paid"'),
        ("{property: breachAfter, value: 2}", "{property: breachAfter, value: often}", 14, "a number"),
        ("name: settled_on", "name: amount", 27, "twice"),
        ("schema:\n", "schema: []\nextra:\n", 20, "not a known field"),
    ],
)
def test_a_fault_names_its_line_and_the_remedy(before: str, after: str, line: int, says: str) -> None:
    assert TEXT.count(before) == 1
    told = faults(TEXT.replace(before, after))
    assert any(says in t for t in told), told
    assert any(t.startswith("feed.yaml, line ") for t in told)
    near = [int(t.split("line ")[1].split(",")[0].split(":")[0]) for t in told if says in t]
    assert any(abs(n - line) <= 2 for n in near), (near, line)


def test_what_is_no_yaml_is_no_contract_and_says_where() -> None:
    assert "line 2" in faults("apiVersion: v3.1.0\n  kind: [")[0] or "line" in faults("a: [")[0]
    assert "apiVersion" in faults("just words")[0]
    assert "anchors" in faults("a: &x [1]\nb: *x")[0]


@given(st.text(max_size=300) | st.binary(max_size=200).map(lambda b: b.decode("latin-1")))
@settings(max_examples=200, deadline=None)
def test_anything_at_all_is_read_or_refused_with_a_line(text: str) -> None:
    found = read_contract(text)
    assert (found.document is None) == bool(found.errors)
    assert all(e.line >= 1 and e.fix for e in found.errors)


@given(st.lists(st.sampled_from(TEXT.splitlines()), min_size=1, max_size=45).map("\n".join))
@settings(max_examples=150, deadline=None)
def test_a_contract_torn_apart_is_read_or_refused_with_a_line(text: str) -> None:
    found = read_contract(text)
    assert (found.document is None) == bool(found.errors)


def test_a_contract_is_recognised_in_a_message_with_or_without_a_code_block() -> None:
    assert looks_like_a_contract(f"```yaml\n{TEXT}```").startswith("apiVersion")
    assert looks_like_a_contract(TEXT).startswith("apiVersion")
    assert looks_like_a_contract("what kind: of DataContract do I need?") == ""


def test_the_published_schema_is_that_of_the_code_and_takes_the_example() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    published = (ROOT / "docs" / "schemas" / "data-contract.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(), (
        "run `preflight contracts schema > docs/schemas/data-contract.schema.json`"
    )
    jsonschema.validate(base(), json.loads(published))
    wrong = {**base(), "kind": "Agreement"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, json.loads(published))


def test_the_example_holds_under_the_standards_own_schema() -> None:
    pytest.importorskip("open_data_contract_standard", reason="the standard's own schema is not installed")
    jsonschema = pytest.importorskip("jsonschema")
    text = resources.files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8")
    jsonschema.validate(base(), json.loads(text))
