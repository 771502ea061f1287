"""Figures of the digests in SQL as one would write it by hand, for a company without parts by function."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storage.metrics.registry import WEEK
from tests.storage.metrics.company import NOW, PROGRAM, W4


def weeks_of(count: int) -> list[str]:
    """The last finished weeks, the oldest first."""
    return [(W4 - n * WEEK).isoformat() for n in reversed(range(count))]


def seen_of(count: int) -> list[datetime]:
    """The ends of the last weeks in UTC, and last this moment."""
    zone = ZoneInfo(PROGRAM.digests.zone)
    running = datetime(W4.year, W4.month, W4.day, tzinfo=zone) + timedelta(days=14)
    ends = [running - n * timedelta(days=7) for n in reversed(range(count))]
    return [min(end, NOW).astimezone(NOW.tzinfo) for end in ends]


_TOLD = "FROM events WHERE kind = '{}' AND week >= :first AND week <= :last"
_SHARE = "SELECT week, 100.0 * sum(value) / sum(out_of) " + _TOLD + " AND out_of > 0 GROUP BY week"
_MEAN = "SELECT week, sum(value * out_of) / sum(out_of) " + _TOLD + " AND out_of > 0 GROUP BY week"
_SUM = "SELECT week, sum(value) " + _TOLD + " GROUP BY week"
_STOOD = "FROM spans WHERE kind = '{}' AND begins <= :seen AND (ends IS NULL OR ends > :seen)"

PLAIN: dict[str, tuple[str, bool]] = {
    "active_users": (_SUM.format("active_users"), False),
    "repeat_use": (_SHARE.format("returning_users"), False),
    "completion": (_SHARE.format("tasks_completed"), False),
    "time_to_first_value": (_MEAN.format("first_value_days"), False),
    "override_rate": (_SHARE.format("results_overridden"), False),
    "satisfaction": (_MEAN.format("satisfaction"), False),
    "benefit": (_SUM.format("benefit"), False),
    "overdue_approvals": ("SELECT count(*) " + _STOOD.format("seat") + " AND due <= :seen", True),
    "waivers_expiring": ("SELECT count(*) " + _STOOD.format("waiver"), True),
    "incidents_open": ("SELECT count(*) " + _STOOD.format("incident"), True),
    "guardrails_crossed": (
        "SELECT w.week, (SELECT count(*) FROM events e WHERE e.kind = 'crossed' AND e.week = w.week) "
        "FROM (SELECT DISTINCT week FROM events WHERE week >= :first AND week <= :last AND kind = 'cost') w",
        False,
    ),
}
"""By metric: the query, and whether it is asked of each moment (``:seen``) or of the weeks at once."""
