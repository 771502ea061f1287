"""The behavioural promises of a contract, brought to one measure: to be compared, and measured against."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from workflows.contract_document import Document, Promise
from workflows.ids import Frozen

Better = Literal["less", "more"]

_MINUTES = {"s": 1 / 60, "min": 1, "h": 60, "d": 1440, "w": 10080, "mo": 43200, "y": 525600}
_SHORT = {
    "s": "s", "sec": "s", "second": "s", "seconds": "s",
    "min": "min", "m": "min", "minute": "min", "minutes": "min",
    "h": "h", "hour": "h", "hours": "h", "hr": "h", "hrs": "h",
    "d": "d", "day": "d", "days": "d",
    "w": "w", "week": "w", "weeks": "w",
    "mo": "mo", "month": "mo", "months": "mo",
    "y": "y", "yr": "y", "year": "y", "years": "y",
    "%": "%", "percent": "%", "pct": "%",
}  # fmt: skip
_SAME = {
    "ly": "latency", "freshness": "latency",
    "er": "errorrate", "errors": "errorrate",
    "av": "availability", "fy": "frequency", "re": "retention", "th": "throughput",
    "td": "timetodetect", "tn": "timetonotify", "tr": "timetorepair",
    "latearrival": "latearrival", "late": "latearrival",
    "completeness": "completeness", "cp": "completeness",
}  # fmt: skip
_BETTER: dict[str, Better] = {
    "latency": "less",
    "latearrival": "less",
    "errorrate": "less",
    "frequency": "less",
    "timeofavailability": "less",
    "timetodetect": "less",
    "timetonotify": "less",
    "timetorepair": "less",
    "completeness": "more",
    "availability": "more",
    "throughput": "more",
    "retention": "more",
}
_CLOCK = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:Z|[+-]\d\d:?\d\d)?$")


class Term(Frozen):
    """One promise: which, about which element (empty: all of it), and its value in one measure."""

    kind: str
    """In small letters: ``latency``, ``completeness``, ``latearrival``, ``errorrate`` ..."""
    element: str = ""
    value: float | None = None
    """Minutes for times (of the day, for a clock), else as it stands; ``None`` for what is no number."""
    better: Better | None = None
    """Which way is the better one; ``None`` where nobody knows: then any change counts."""
    shown: str = ""
    """As people read it: ``24 h``."""
    unit: str = ""

    @property
    def key(self) -> str:
        """What it is found by."""
        return f"{self.kind}:{self.element}" if self.element else self.kind

    def kept_by(self, value: float, margin: float = 0.0) -> bool:
        """Whether a measured value (in this term's measure) keeps it, better by ``margin`` per cent of it.

        A promise that is no number cannot be broken by one.
        """
        if self.value is None or self.better is None:
            return True
        room = abs(self.value) * margin / 100
        if self.better == "less":
            return value <= self.value - room
        # A share cannot be better than whole, whatever the margin asks.
        best = 100.0 if self.unit == "%" else float("inf")
        return value >= min(self.value + room, best)


def kind_of(name: str) -> str:
    """The kind of a promise by any of the names it goes by."""
    key = re.sub(r"[^a-z]", "", name.casefold())
    return _SAME.get(key, key)


def measure(value: object, unit: str | None) -> tuple[float | None, str]:
    """(value, unit) in one measure: minutes for times and clocks, else the number and unit as given."""
    short = _SHORT.get((unit or "").strip().casefold(), (unit or "").strip())
    if isinstance(value, str) and (clock := _CLOCK.match(value.strip())):
        return int(clock[1]) * 60.0 + int(clock[2]), "clock"
    number = _number(value)
    if number is None:
        return None, short
    if short in _MINUTES:
        return number * _MINUTES[short], "min"
    return number, short


def term_of(promise: Promise) -> Term:
    """The promise in one measure."""
    value, unit = measure(promise.value, promise.unit)
    kind = kind_of(promise.property)
    said = f"{promise.value:g}" if isinstance(promise.value, float) else str(promise.value)
    shown = f"{said}%" if unit == "%" else f"{said} {promise.unit or ''}".strip()
    return Term(
        kind=kind,
        element=(promise.element or "").strip(),
        value=value,
        unit=unit,
        better=_BETTER.get(kind) if value is not None else None,
        shown=shown,
    )


def terms(document: Document, defaults: Iterable[Promise] = ()) -> dict[str, Term]:
    """The promises by key: the document's own, and the program's where it says nothing of a kind."""
    own = [term_of(p) for p in document.slaProperties]
    kinds = {t.kind for t in own}
    assumed = [t for t in map(term_of, defaults) if t.kind not in kinds]
    return {t.key: t for t in (*own, *assumed)}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = float(str(value).strip().rstrip("%"))
    except ValueError:
        return None
    return found if abs(found) < 1e15 else None
