"""Numbers as people write them, by their unit."""

from __future__ import annotations

from workflows.measures.measured import Unit
from workflows.measures.policy import Currency

_MILLION = 1_000_000
_SCALE = 5
"""What people answer on when they say how satisfied they are."""


def amount(value: float, unit: Unit, currency: Currency) -> str:
    """``62%``, ``€ 1.2 million``, ``3.5 days``, ``4.1 of 5``, ``1,240``."""
    match unit:
        case "percent":
            return f"{_short(value)}%"
        case "money":
            text = f"{_money(value)}"
            return f"{currency.sign} {text}" if currency.where == "before" else f"{text} {currency.sign}"
        case "days" | "hours":
            number = _short(value)
            return f"{number} {unit[:-1] if number == '1' else unit}"
        case "people" | "count":
            return f"{value:,.0f}"
        case "score":
            return f"{_short(value)} of {_SCALE}"
    return _short(value)


def difference(now: float, before: float, unit: Unit, currency: Currency) -> str:
    """How much it moved, without a sign: ``4 points`` of a share, ``0.2`` of a score, else the amount."""
    by = abs(now - before)
    if unit == "percent":
        number = _short(by)
        return f"{number} point{'' if number == '1' else 's'}"
    if unit == "score":
        return _short(by)
    return amount(by, unit, currency)


def _short(value: float) -> str:
    """At most one decimal, and none that is zero."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    text = f"{value:.2f}" if 0 < abs(value) < 0.1 else f"{value:.1f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(value: float) -> str:
    if abs(value) >= _MILLION:
        return f"{_short(value / _MILLION)} million"
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.2f}"
