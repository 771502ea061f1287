"""The answers of a use case of each risk tier, for the tests of decisions and of faults."""

from __future__ import annotations

from typing import Any

JSON = dict[str, Any]

LOW: JSON = {
    "outcome_metric": "after-call work",
    "outcome_baseline": 9.0,
    "outcome_target": 5.0,
    "outcome_unit": "minutes",
    "outcome_by": "2030-06-30",
    "data_sources": ["documents"],
    "data_owner": "U0ELENA",
    "data_sensitivity": "internal",
    "personal_data": False,
    "audience_users": "claims agents",
    "users_expected": 40.0,
    "volume": "300 calls a day",
    "autonomy": "assist",
    "affected": "employees",
    "harm": "inconvenience",
    "prohibited_uses": ["none"],
    "audience": "internal",
    "build_or_buy": "existing",
    "release_by": "2030-01-15",
    "business_owner": "U0DANA",
    "technical_owner": "U0LEE",
}
"""Approved at once."""

MEDIUM: JSON = {
    **LOW,
    "data_sensitivity": "confidential",
    "autonomy": "recommend",
    "decides_about_people": False,
}
"""Asks for one of the two risk partners (Priya, Tom)."""

HIGH: JSON = {
    **MEDIUM,
    "personal_data": True,
    "jurisdictions": ["uk"],
    "harm": "severe",
    "metric_owner": "U0DANA",
    "risk_owner": "U0PRIYA",
    "workflow": "Agents read the draft and correct it.",
    "north_star": "after-call minutes",
    "guardrail_1": "complaints per week",
    "guardrail_1_action": "pause it",
    "guardrail_2": "share of corrected drafts",
    "guardrail_2_action": "go back to the last version",
    "error_rate": 2.0,
    "do_not_automate": "payment decisions",
    "business_owner": "U0MARCUS",
}
"""Asks data protection and a risk partner first, then Legal, then an executive."""
