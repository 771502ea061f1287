"""Whether a number can be right: what is possible, how far it jumped, and which slip would explain it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from workflows.figures.check_in import Amount, Doubt, Told
from workflows.figures.measured import Measured, Point
from workflows.figures.policy import Plausibility

_SLIPS = (10.0, 0.1, 100.0, 0.01, 1000.0, 0.001)
"""A point forgotten or misread, a part of one for percent, thousands."""
_TIMES = (60.0, 1 / 60, 24.0, 1 / 24)
"""One unit of time for another."""
_TIME = re.compile(r"\b(?:s|secs?|seconds?|min|mins|minutes?|h|hrs?|hours?|days?)\b", re.IGNORECASE)
_LARGEST = 1e12
"""Nothing that is counted here is more."""
_NEAR = 2.0
"""A slip explains a number that it brings this near to what was expected, as a ratio."""


def doubtful(told: Told, measured: Measured, before: Sequence[Point], terms: Plausibility) -> Doubt | None:
    """The question that a number raises; ``None`` where it raises none.

    ``before`` are earlier weeks, the oldest first. What is possible is checked first, then how far it jumped.
    """
    return _impossible(told, measured, terms) or _jumped(told, measured, before, terms)


def _impossible(told: Told, measured: Measured, terms: Plausibility) -> Doubt | None:
    value, of, shape = told.value, told.of, measured.kind.shape
    if max(abs(value), abs(of or 0.0)) > _LARGEST:
        return Doubt(told=told, because="bounds", possible=False)
    if shape != "number" and value < 0:
        positive = (Amount(value=-value, of=of),)
        return Doubt(told=told, because="negative", instead=positive, possible=False)
    if of is not None and of < 0:
        return Doubt(told=told, because="negative", instead=(Amount(value=value, of=-of),), possible=False)
    if shape == "share" and of is not None and value > of:
        swapped = (Amount(value=of, of=value),) if of > 0 else ()
        return Doubt(told=told, because="part", instead=swapped, possible=False)
    unit = measured.unit
    if unit == "%" and not 0 <= value <= 100 and not (measured.target or 0) > 100:
        return Doubt(
            told=told, because="percent", instead=_slips(measured, value, (50.0,), within=100), possible=False
        )
    for bound in terms.bounds:
        if bound.figure == measured.id and not (
            (bound.min is None or value >= bound.min) and (bound.max is None or value <= bound.max)
        ):
            instead = tuple(
                a
                for a in _slips(measured, value, (), within=bound.max)
                if bound.min is None or a.value >= bound.min
            )
            return Doubt(told=told, because="bounds", last=bound.max, instead=instead[:1], possible=False)
    return None


def _jumped(told: Told, measured: Measured, before: Sequence[Point], terms: Plausibility) -> Doubt | None:
    """Far from the last number, and from all that was to be expected."""
    last = before[-1] if before else None
    expected = [last.value] if last else []
    if measured.id == "outcome":
        expected += [v for v in (measured.baseline, measured.target) if v is not None]
    elif not last and measured.limit and not measured.limit.relative:
        # The first number of a guardrail: only a slip of the unit can be seen, not a jump.
        value = told.value
        if measured.unit == "%" and 0 < value < 1 <= measured.limit.value:
            whole = (Amount(value=round(value * 100, 6)),)
            return Doubt(told=told, because="unit", last=measured.limit.value, instead=whole)
        return None
    if not expected or told.value < 0 or any(v < 0 for v in expected):
        return None
    value = told.value
    if measured.kind.shape in ("share", "count") and max(value, *expected) < terms.small:
        return None
    if measured.unit == "%" and max(value, *expected) < 1:
        return None
    if 0 in (value, *expected):
        return None
    if any(_apart(value, v) <= terms.times for v in expected):
        return _moved_base(told, measured, last, terms)
    instead = _slips(measured, value, expected[:1]) or _slips(measured, value, expected)
    if measured.guards and not instead:
        # What a guardrail is there for: only a number that a slip explains is asked about first.
        return None
    if last is None:
        return Doubt(told=told, because="first", last=expected[-1], instead=instead[:1])
    return Doubt(told=told, because="jump", last=last.value, instead=instead[:1])


def _moved_base(told: Told, measured: Measured, last: Point | None, terms: Plausibility) -> Doubt | None:
    """The whole of a share that is suddenly another is as doubtful as the part."""
    if measured.kind.shape != "share" or last is None or not last.of or not told.of:
        return None
    if max(told.of, last.of) < terms.small or _apart(told.of, last.of) <= terms.times:
        return None
    return Doubt(told=told, because="whole", last=last.of, instead=(Amount(value=told.value, of=last.of),))


def _apart(one: float, other: float) -> float:
    return max(one / other, other / one)


def _slips(
    measured: Measured, value: float, expected: Iterable[float], within: float | None = None
) -> tuple[Amount, ...]:
    """The number as it would be without a slip, the likeliest first."""
    near = [v for v in expected if v > 0]
    found: list[tuple[float, float]] = []
    for factor in (*_SLIPS, *(_TIMES if _TIME.search(measured.unit) else ())):
        other = float(f"{abs(value) * factor:.6g}")
        if within is not None and other > within:
            continue
        apart = min((_apart(other, v) for v in near), default=_apart(factor, 1)) if other else 0.0
        if other and (within is not None or apart <= _NEAR):
            found.append((apart, other))
    return tuple(Amount(value=other) for _, other in sorted(found)[:2])
