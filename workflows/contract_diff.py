"""Two versions of a data contract compared, layer by layer: what breaks, what is added, what is merely said
otherwise; and the version number that a change must have.

A contract binds both sides, so what narrows (a value fewer, a field now required) breaks as well as what
loosens. The table is in ``docs/contracts.md``; the property test holds the code to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from workflows.contract_document import Allowed, Document, Element, Items, Property, Rule, Table, custom
from workflows.contract_promises import Term, term_of
from workflows.ids import Frozen

Level = Literal["breaking", "addition", "wording"]
Layer = Literal["structural", "semantic", "behavioural"]
LEVELS: tuple[Level, ...] = ("wording", "addition", "breaking")
_LIMITS = {
    "minimum": "low", "exclusiveMinimum": "low", "minLength": "low", "minItems": "low",
    "minProperties": "low", "maximum": "high", "exclusiveMaximum": "high", "maxLength": "high",
    "maxItems": "high", "maxProperties": "high",
}  # fmt: skip
_OPERATORS = (
    "mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan",
    "mustBeLessOrEqualTo", "mustBeBetween", "mustNotBeBetween",
)  # fmt: skip


class Change(Frozen):
    """One difference. ``what`` names the sentence that says it, ``change_WHAT`` among the messages."""

    level: Level
    layer: Layer
    what: str
    where: str = ""
    """The element, ``claims.settled_on``; empty for the contract as a whole."""
    before: str = ""
    after: str = ""


def compare(old: Document, new: Document) -> tuple[Change, ...]:
    """Every difference from the old version to the new, the version number itself left out."""
    found = [*_tables(old, new), *_promises(old, new), *_about(old, new)]
    if not found and _without_version(old) != _without_version(new):
        found = [_m("wording", "detail_changed", "", "customProperties")]
    order = {level: i for i, level in enumerate(reversed(LEVELS))}
    return tuple(sorted(found, key=lambda c: (order[c.level], c.where, c.what)))


def level_of(changes: tuple[Change, ...]) -> Level | None:
    """The gravest of them; ``None`` where there is none."""
    return max((c.level for c in changes), key=LEVELS.index, default=None)


def parts(version: str) -> tuple[int, int, int]:
    """``2.1.0`` as numbers, to be compared."""
    major, minor, patch = (int(n) for n in version.split("."))
    return major, minor, patch


def demanded(old: str, changes: tuple[Change, ...]) -> str:
    """The version that follows on ``old`` with these changes."""
    major, minor, patch = parts(old)
    match level_of(changes):
        case "breaking":
            return f"{major + 1}.0.0"
        case "addition":
            return f"{major}.{minor + 1}.0"
        case "wording":
            return f"{major}.{minor}.{patch + 1}"
    return old


def tells_the_truth(old: str, new: str, changes: tuple[Change, ...]) -> bool:
    """Whether the new number promises no less than what changed: it may promise more."""
    before, after = parts(old), parts(new)
    if after <= before:
        return False
    match level_of(changes):
        case "breaking":
            return after[0] > before[0]
        case "addition":
            return after[:2] > before[:2]
    return True


# --- structural and semantic --------------------------------------------------------------------------------


def _tables(old: Document, new: Document) -> Iterator[Change]:
    was, now = {t.name: t for t in old.tables}, {t.name: t for t in new.tables}
    for name in was.keys() - now.keys():
        yield _s("breaking", "object_removed", name)
    for name in now.keys() - was.keys():
        yield _s("addition", "object_added", name)
    for name in was.keys() & now.keys():
        yield from _element(name, was[name], now[name])
        yield from _source(name, _source_of(was[name]), _source_of(now[name]))
        yield from _fields(name, was[name].properties, now[name].properties)


def _fields(where: str, old: tuple[Property, ...], new: tuple[Property, ...]) -> Iterator[Change]:
    was, now = {p.name: p for p in old}, {p.name: p for p in new}
    for name in was.keys() - now.keys():
        yield _s("breaking", "field_removed", f"{where}.{name}")
    for name in now.keys() - was.keys():
        required = now[name].required
        what = "required_field_added" if required else "field_added"
        yield _s("breaking" if required else "addition", what, f"{where}.{name}")
    for name in was.keys() & now.keys():
        yield from _field(f"{where}.{name}", was[name], now[name])


def _field(where: str, old: Property, new: Property) -> Iterator[Change]:
    yield from _element(where, old, new)
    for name, on, off in (
        ("required", "now_required", "no_longer_required"),
        ("unique", "now_unique", "no_longer_unique"),
        ("primaryKey", "now_key", "no_longer_key"),
    ):
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield _s("breaking", on if now else off, where)
    yield from _type(where, old, new)
    yield from _changed(where, "unit", unit_of(old), unit_of(new))
    yield from _source(where, _source_of(old), _source_of(new))
    if (old.classification or "") != (new.classification or ""):
        yield _m("breaking", "classification_changed", where, old.classification, new.classification)
    if (old.transformLogic or "") != (new.transformLogic or ""):
        yield _m("breaking", "derivation_changed", where, old.transformLogic, new.transformLogic)


def _type(where: str, old: Property | Items, new: Property | Items) -> Iterator[Change]:
    for name, what in (("logicalType", "type_changed"), ("physicalType", "stored_type_changed")):
        was, now = getattr(old, name) or "", getattr(new, name) or ""
        if was != now:
            yield _s("breaking", what, where, was or "-", now or "-")
    yield from _values(where, old, new)
    yield from _options(where, old.logicalTypeOptions or {}, new.logicalTypeOptions or {})
    if isinstance(old, Property) and isinstance(new, Property) and old.map != new.map:
        yield _s("breaking", "type_changed", where, "map", "map")
    yield from _fields(where, old.properties, new.properties)
    if (old.items is None) != (new.items is None):
        yield _s("breaking", "type_changed", where, "list", "list")
    elif old.items and new.items:
        yield from _type(f"{where}[]", old.items, new.items)


def _values(where: str, old: Property | Items, new: Property | Items) -> Iterator[Change]:
    was, now = allowed(old), allowed(new)
    if was is None and now is None:
        return
    if was is None:
        yield _s("breaking", "values_limited", where, "", ", ".join(sorted(now or ())))
    elif now is None:
        yield _s("addition", "values_freed", where, ", ".join(sorted(was)))
    else:
        for value in sorted(was - now):
            yield _s("breaking", "value_removed", where, value)
        for value in sorted(now - was):
            yield _s("addition", "value_added", where, "", value)


def _options(where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        side = _LIMITS.get(name)
        if side and isinstance(was, int | float | None) and isinstance(now, int | float | None):
            free = float("-inf") if side == "low" else float("inf")
            before, after = (free if was is None else was), (free if now is None else now)
            wider = after < before if side == "low" else after > before
            yield _s(
                "addition" if wider else "breaking",
                "limit_widened" if wider else "limit_narrowed",
                where,
                f"{name} {'-' if was is None else was}",
                f"{'-' if now is None else now}",
            )
        else:
            yield _s("breaking", "form_changed", where, f"{name} {_text(was)}", _text(now))


def _element(where: str, old: Element, new: Element) -> Iterator[Change]:
    was, now = meaning(old.description), meaning(new.description)
    if was != now:
        yield _m("breaking", "meaning_changed", where, old.description, new.description)
    elif (old.description or "") != (new.description or ""):
        yield _m("wording", "wording_changed", where)
    if (old.deprecated or False) != (new.deprecated or False):
        yield _m("addition", "now_deprecated" if new.deprecated else "no_longer_deprecated", where)
    yield from _rules(where, old.quality, new.quality)
    said = ("businessName", "physicalName", "synonyms", "tags", "relationships")
    extra = ("examples", "encryptedName", "partitioned", "semanticType", "dataGranularityDescription")
    for name in (*said, *extra):
        if getattr(old, name, None) != getattr(new, name, None):
            yield _m("wording", "detail_changed", where, name)


def _changed(where: str, what: str, was: str, now: str) -> Iterator[Change]:
    """A word of meaning: new is an addition, gone or different breaks."""
    if was == now:
        return
    if not was:
        yield _m("addition", f"{what}_added", where, "", now)
    else:
        yield _m("breaking", f"{what}_changed", where, was, now or "-")


def _source(where: str, was: str, now: str) -> Iterator[Change]:
    yield from _changed(where, "source", was, now)


# --- behavioural --------------------------------------------------------------------------------------------


def _promises(old: Document, new: Document) -> Iterator[Change]:
    was = {t.key: t for t in map(term_of, old.slaProperties)}
    now = {t.key: t for t in map(term_of, new.slaProperties)}
    for key in was.keys() - now.keys():
        yield _b("breaking", "promise_removed", was[key], was[key].shown)
    for key in now.keys() - was.keys():
        yield _b("addition", "promise_added", now[key], "", now[key].shown)
    for key in was.keys() & now.keys():
        yield from _promise(was[key], now[key])
    for name in ("breachAfter", "recoverAfter", "recoverMargin"):
        before, after = custom(old.customProperties, name), custom(new.customProperties, name)
        if before != after:
            yield Change(
                level="addition",
                layer="behavioural",
                what="judging_changed",
                where=name,
                before=_text(before),
                after=_text(after),
            )


def _promise(was: Term, now: Term) -> Iterator[Change]:
    if (was.value, was.unit) == (now.value, now.unit) and (was.value is not None or was.shown == now.shown):
        return
    if was.value is None or now.value is None or was.better is None or was.unit != now.unit:
        yield _b("breaking", "promise_changed", now, was.shown, now.shown)
        return
    tighter = now.value < was.value if was.better == "less" else now.value > was.value
    what = "promise_tightened" if tighter else "promise_loosened"
    yield _b("addition" if tighter else "breaking", what, now, was.shown, now.shown)


def _rules(where: str, old: tuple[Rule, ...], new: tuple[Rule, ...]) -> Iterator[Change]:
    was = {_rule_key(r, i): r for i, r in enumerate(old)}
    now = {_rule_key(r, i): r for i, r in enumerate(new)}
    for key in was.keys() - now.keys():
        yield _q("breaking", "rule_removed", where, key)
    for key in now.keys() - was.keys():
        yield _q("addition", "rule_added", where, key)
    for key in was.keys() & now.keys():
        if _rule_says(was[key]) != _rule_says(now[key]):
            yield _q("breaking", "rule_changed", where, key)


def _rule_key(rule: Rule, number: int) -> str:
    return rule.id or rule.name or rule.metric or rule.rule or rule.dimension or f"rule {number + 1}"


def _rule_says(rule: Rule) -> str:
    """What is compared of a rule; the values it allows are compared one by one, with those of the field."""
    names = (*_OPERATORS, "unit", "query", "implementation")
    arguments = {k: v for k, v in (rule.arguments or {}).items() if k != "validValues"}
    text = meaning(rule.description) if rule.type == "text" else ""
    held = {name: getattr(rule, name) for name in names}
    return json.dumps([held, arguments, text], sort_keys=True, default=str)


# --- about --------------------------------------------------------------------------------------------------


def _about(old: Document, new: Document) -> Iterator[Change]:
    was, now = (str(custom(d.customProperties, "sourceOfTruth") or "").strip() for d in (old, new))
    yield from _changed("", "source", was, now)
    if old.owner != new.owner:
        before, after = (d.owner.username if d.owner else "-" for d in (old, new))
        if before != after:
            yield _m("wording", "owner_changed", "", before, after)
    said = ("name", "status", "domain", "description", "team", "roles", "servers", "support", "price", "tags")
    for name in said:
        if name == "team" and (old.owner and old.owner.username) != (new.owner and new.owner.username):
            continue
        if getattr(old, name) != getattr(new, name):
            yield _m("wording", "detail_changed", "", name)


# --- what stands where --------------------------------------------------------------------------------------


def meaning(text: str | None) -> str:
    """A description without what does not change its meaning: case, spaces, punctuation at the ends."""
    return re.sub(r"\s+", " ", (text or "").strip().strip(".;,").casefold())


def unit_of(field: Property) -> str:
    """The unit of a field; empty where none is given."""
    return str(custom(field.customProperties, "unit") or "").strip()


def allowed(field: Property | Items) -> frozenset[str] | None:
    """The values a field may have: its enumeration, or the valid values of its rules; ``None``: any."""
    if field.enum is not None:
        return frozenset(str(v.value if isinstance(v, Allowed) else v) for v in field.enum)
    for rule in getattr(field, "quality", ()):
        valid = (rule.arguments or {}).get("validValues")
        if rule.metric == "invalidValues" and isinstance(valid, list):
            return frozenset(str(v) for v in valid)
    return None


def _source_of(element: Table | Property) -> str:
    """The system that is right about it."""
    named = custom(element.customProperties, "sourceOfTruth")
    linked = next((d.url for d in element.authoritativeDefinitions if d.type == "sourceOfTruth"), "")
    return str(named or linked or "").strip()


def source_of(document: Document, table: Table, field: Property) -> str:
    """The system that is right about a field: its own, else its object's, else the contract's."""
    whole = custom(document.customProperties, "sourceOfTruth")
    return _source_of(field) or _source_of(table) or str(whole or "")


def _without_version(document: Document) -> Document:
    return document.model_copy(update={"version": "", "apiVersion": ""})


def _text(value: object) -> str:
    return "-" if value is None else str(value)


def _s(level: Level, what: str, where: str, before: str = "", after: str = "") -> Change:
    return Change(level=level, layer="structural", what=what, where=where, before=before, after=after)


def _m(level: Level, what: str, where: str, before: str | None = "", after: str | None = "") -> Change:
    return Change(
        level=level, layer="semantic", what=what, where=where, before=before or "", after=after or ""
    )


def _q(level: Level, what: str, where: str, rule: str) -> Change:
    return Change(level=level, layer="behavioural", what=what, where=where, before=rule)


def _b(level: Level, what: str, term: Term, before: str = "", after: str = "") -> Change:
    where = f"{term.kind} of {term.element}" if term.element else term.kind
    return Change(level=level, layer="behavioural", what=what, where=where, before=before, after=after)
