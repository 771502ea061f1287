"""Two versions of a contract compared: every kind of change is found, and asks for the version it should."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sizes import examples
from tests.workflows.contracts import ROOT, document
from workflows.contract_diff import Level, compare, demanded, level_of, parts, tells_the_truth

Values = dict[str, Any]
CLAIM_ID, SETTLED_ON, AMOUNT, STATUS = range(4)
LATENCY, COMPLETENESS, LATE, ERRORS = range(4)


def field(values: Values, number: int) -> Values:
    found: Values = values["schema"][0]["properties"][number]
    return found


def promise(values: Values, number: int, value: object) -> None:
    values["slaProperties"][number]["value"] = value


def valid(values: Values) -> list[str]:
    found: list[str] = field(values, STATUS)["quality"][0]["arguments"]["validValues"]
    return found


def own(values: Values, name: str, value: object) -> None:
    values["customProperties"] = [p for p in values["customProperties"] if p["property"] != name]
    values["customProperties"].append({"property": name, "value": value})


EXTRA = {"name": "channel", "logicalType": "string", "description": "How it was reported."}

MUTATIONS: dict[str, tuple[Level, str, Callable[[Values], object]]] = {
    "an object removed": (
        "breaking",
        "object_removed",
        lambda v: v["schema"].__setitem__(0, {**v["schema"][0], "name": "other"}),
    ),
    "an object added": (
        "addition",
        "object_added",
        lambda v: v["schema"].append({**v["schema"][0], "name": "payments"}),
    ),
    "a field removed": ("breaking", "field_removed", lambda v: v["schema"][0]["properties"].pop(SETTLED_ON)),
    "a field added": ("addition", "field_added", lambda v: v["schema"][0]["properties"].append(dict(EXTRA))),
    "a required field added": (
        "breaking",
        "required_field_added",
        lambda v: v["schema"][0]["properties"].append({**EXTRA, "required": True}),
    ),
    "a field made required": (
        "breaking",
        "now_required",
        lambda v: field(v, SETTLED_ON).update(required=True),
    ),
    "a field no longer required": (
        "breaking",
        "no_longer_required",
        lambda v: field(v, AMOUNT).update(required=False),
    ),
    "a field made unique": ("breaking", "now_unique", lambda v: field(v, AMOUNT).update(unique=True)),
    "a field no longer unique": (
        "breaking",
        "no_longer_unique",
        lambda v: field(v, CLAIM_ID).update(unique=False),
    ),
    "another key": ("breaking", "now_key", lambda v: field(v, SETTLED_ON).update(primaryKey=True)),
    "no key": ("breaking", "no_longer_key", lambda v: field(v, CLAIM_ID).update(primaryKey=False)),
    "another type": ("breaking", "type_changed", lambda v: field(v, AMOUNT).update(logicalType="integer")),
    "another type in store": (
        "breaking",
        "stored_type_changed",
        lambda v: field(v, CLAIM_ID).update(physicalType="char(8)"),
    ),
    "an allowed value removed": ("breaking", "value_removed", lambda v: valid(v).remove("rejected")),
    "an allowed value added": ("addition", "value_added", lambda v: valid(v).append("reopened")),
    "values limited": ("breaking", "values_limited", lambda v: field(v, CLAIM_ID).update(enum=["a", "b"])),
    "values freed": (
        "addition",
        "values_freed",
        lambda v: field(v, STATUS)["quality"][0].update(arguments={}),
    ),
    "a limit where there was none": (
        "breaking",
        "limit_narrowed",
        lambda v: field(v, CLAIM_ID).update(logicalTypeOptions={"maxLength": 12}),
    ),
    "a pattern": (
        "breaking",
        "form_changed",
        lambda v: field(v, CLAIM_ID).update(logicalTypeOptions={"pattern": "^C"}),
    ),
    "another meaning": (
        "breaking",
        "meaning_changed",
        lambda v: field(v, SETTLED_ON).update(description="The day of payment."),
    ),
    "other words, the same meaning": (
        "wording",
        "wording_changed",
        lambda v: field(v, SETTLED_ON).update(description="the day  of the decision, not of the payment"),
    ),
    "another unit": (
        "breaking",
        "unit_changed",
        lambda v: field(v, AMOUNT).update(customProperties=[{"property": "unit", "value": "EUR"}]),
    ),
    "a unit said": (
        "addition",
        "unit_added",
        lambda v: field(v, STATUS).update(customProperties=[{"property": "unit", "value": "code"}]),
    ),
    "another source of truth": ("breaking", "source_changed", lambda v: own(v, "sourceOfTruth", "Ledger")),
    "a source of its own": (
        "addition",
        "source_added",
        lambda v: field(v, AMOUNT)["customProperties"].append({"property": "sourceOfTruth", "value": "X"}),
    ),
    "another class": (
        "breaking",
        "classification_changed",
        lambda v: field(v, AMOUNT).update(classification="restricted"),
    ),
    "a field deprecated": ("addition", "now_deprecated", lambda v: field(v, STATUS).update(deprecated=True)),
    "slower": ("breaking", "promise_loosened", lambda v: promise(v, LATENCY, 48)),
    "faster": ("addition", "promise_tightened", lambda v: promise(v, LATENCY, 12)),
    "less complete": ("breaking", "promise_loosened", lambda v: promise(v, COMPLETENESS, 98)),
    "more complete": ("addition", "promise_tightened", lambda v: promise(v, COMPLETENESS, 99.5)),
    "later": ("breaking", "promise_loosened", lambda v: promise(v, LATE, 36)),
    "more errors": ("breaking", "promise_loosened", lambda v: promise(v, ERRORS, 2)),
    "a promise given up": ("breaking", "promise_removed", lambda v: v["slaProperties"].pop(ERRORS)),
    "a promise added": (
        "addition",
        "promise_added",
        lambda v: v["slaProperties"].append({"property": "availability", "value": 99.9, "unit": "percent"}),
    ),
    "another measure": (
        "breaking",
        "promise_changed",
        lambda v: v["slaProperties"][LATENCY].update(value="a day", unit=None),
    ),
    "judged otherwise": ("addition", "judging_changed", lambda v: own(v, "breachAfter", 4)),
    "a rule given up": ("breaking", "rule_removed", lambda v: field(v, AMOUNT)["quality"].clear()),
    "a rule added": (
        "addition",
        "rule_added",
        lambda v: field(v, CLAIM_ID).update(quality=[{"metric": "nullValues", "mustBe": 0}]),
    ),
    "a rule changed": (
        "breaking",
        "rule_changed",
        lambda v: field(v, AMOUNT)["quality"][0].update(mustBeLessThan=5),
    ),
    "another owner": ("wording", "owner_changed", lambda v: v["team"]["members"][0].update(username="mo")),
    "another name": ("wording", "detail_changed", lambda v: v.update(name="All claims")),
    "a server": ("wording", "detail_changed", lambda v: v.update(servers=[{"server": "db", "type": "x"}])),
}
NEXT = {"breaking": "2.0.0", "addition": "1.1.0", "wording": "1.0.1"}


@pytest.mark.parametrize("name", list(MUTATIONS))
def test_each_change_is_found_and_weighed_as_the_table_says(name: str) -> None:
    level, what, mutate = MUTATIONS[name]
    changes = compare(document(), document(mutate))
    assert what in {c.what for c in changes}, changes
    assert {c.level for c in changes if c.what == what} == {level}
    assert level_of(changes) == level or name == "an object removed"
    assert demanded("1.0.0", changes) == NEXT[level_of(changes) or "wording"]


@given(st.lists(st.sampled_from(sorted(MUTATIONS)), max_size=5, unique=True), st.data())
@settings(max_examples=examples(150), deadline=None)
def test_the_gravest_of_several_changes_decides_and_a_lesser_number_is_a_lie(
    names: list[str], data: st.DataObject
) -> None:
    def all_of_them(values: Values) -> None:
        for name in names:
            try:
                MUTATIONS[name][2](values)
            except (IndexError, KeyError, ValueError):
                done.discard(name)  # an earlier one took away what this one changes

    done = set(names)
    old, new = document(), document(all_of_them)
    changes = compare(old, new)
    assert bool(changes) == (old != new)
    if not changes:
        return
    level = level_of(changes)
    wanted = demanded("1.4.2", changes)
    assert wanted == {"breaking": "2.0.0", "addition": "1.5.0", "wording": "1.4.3"}[str(level)]
    assert tells_the_truth("1.4.2", wanted, changes)
    version = data.draw(st.tuples(*[st.integers(0, 6)] * 3))
    said = ".".join(map(str, version))
    truth = version >= parts(wanted) if level != "wording" else version > (1, 4, 2)
    assert tells_the_truth("1.4.2", said, changes) == truth


@given(st.sets(st.sampled_from(sorted(MUTATIONS)), max_size=4))
@settings(max_examples=examples(60), deadline=None)
def test_a_document_does_not_differ_from_itself_whatever_was_done_to_it(names: set[str]) -> None:
    def some(values: Values) -> None:
        for name in sorted(names):
            try:
                MUTATIONS[name][2](values)
            except (IndexError, KeyError, ValueError):
                continue

    assert compare(document(some), document(some)) == ()


def test_the_number_of_the_version_itself_is_no_change() -> None:
    assert compare(document(), document(lambda v: v.update(version="7.0.0"))) == ()


def test_every_change_has_a_sentence_and_a_line_in_the_docs() -> None:
    from tests.program.office import PROGRAM
    from workflows.contracting import said

    page = (Path(ROOT) / "docs" / "contracts.md").read_text(encoding="utf-8")
    for _, what, mutate in MUTATIONS.values():
        change = next(c for c in compare(document(), document(mutate)) if c.what == what)
        assert said(change, PROGRAM)
        assert f"`{what}`" in page, what
