"""Every number that ``/metrics`` exports: its name, kind, labels, and what it means.

Labels are few and come from the code or the program: no person, no use case, no words of anybody.
``docs/operations.md`` has a line on each; a test holds the two lists against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds: what somebody waits for."""
_SLOW = (0.1, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0)
"""Seconds: what goes on behind."""


@dataclass(frozen=True)
class Metric:
    """One family. ``bounds`` are the buckets of a histogram, in seconds."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()


def _counter(name: str, help: str, *labels: str) -> Metric:
    return Metric(name, "counter", help, labels)


def _gauge(name: str, help: str, *labels: str) -> Metric:
    return Metric(name, "gauge", help, labels)


def _timed(name: str, help: str, *labels: str, bounds: tuple[float, ...] = _QUICK) -> Metric:
    return Metric(name, "histogram", help, labels, bounds)


_ALL = (
    # What it is
    _gauge("preflight_info", "1; the labels say what runs.", "version", "program", "database", "mode"),
    _gauge("preflight_ready", "Whether this replica can serve: 1 or 0."),
    _gauge("preflight_database_up", "Whether the stored state could be read for this scrape: 1 or 0."),
    # What comes in
    _timed(
        "preflight_acknowledgement_seconds",
        "From the whole of a request being here to its acknowledgement, commit included.",
        "kind",
    ),
    _counter("preflight_inputs_total", "What Slack sent and was let in.", "kind"),
    _counter("preflight_inputs_failed_total", "What was let in and could not be handled.", "reason"),
    _counter("preflight_requests_turned_away_total", "Requests that went no further.", "door", "reason"),
    _counter("preflight_hook_requests_total", "Calls of systems outside.", "hook", "status"),
    _counter("preflight_actions_total", "Lines of the audit log, by what was done.", "action", "refused"),
    # What goes out
    _gauge("preflight_outbox_open", "Effects that are stored and not carried out yet."),
    _gauge("preflight_outbox_oldest_seconds", "Age of the oldest of them."),
    _gauge("preflight_outbox_given_up", "Effects that were given up since the beginning."),
    _counter("preflight_deliveries_total", "Attempts to carry out an effect.", "kind", "result"),
    _timed("preflight_delivery_seconds", "From the commit of an effect to its end.", "kind", bounds=_SLOW),
    _counter("preflight_slack_calls_total", "Calls of Slack's Web API.", "method", "result"),
    _timed("preflight_slack_call_seconds", "How long Slack took to answer.", "method"),
    # What is planned
    _counter("preflight_jobs_total", "Jobs after a commit or at a time.", "name", "result"),
    _counter("preflight_job_seconds_total", "Time spent in jobs.", "name"),
    _gauge("preflight_jobs_planned", "Jobs that are planned for a time to come, or due."),
    _gauge("preflight_jobs_overdue", "Planned jobs whose time was more than five minutes ago."),
    _timed(
        "preflight_job_lag_seconds",
        "From the time a planned job was due to its becoming work.",
        "name",
        bounds=_SLOW,
    ),
    _gauge("preflight_digests_overdue", "Digests whose time was five minutes ago and that are not out."),
    _gauge("preflight_digests_broken", "Standing orders for digests that cannot be delivered."),
    _gauge("preflight_check_ins_open", "Check-ins of the last four weeks that wait for an answer."),
    _gauge("preflight_check_ins_missed", "Check-ins of the last four weeks that were never answered."),
    # Answers and what they cost
    _counter(
        "preflight_answers_total", "Questions looked up in the playbook, by what was found.", "state", "how"
    ),
    _timed("preflight_answer_seconds", "How long looking up and writing took.", "how"),
    _counter("preflight_model_calls_total", "Calls of the chat model.", "workflow", "outcome"),
    _counter("preflight_model_tokens_total", "Tokens told to and by it.", "workflow", "direction"),
    _counter("preflight_model_cost_total", "What it cost, at the prices that are set.", "workflow"),
    _timed("preflight_model_seconds", "How long it took.", "workflow"),
    # What it rests on
    _timed("preflight_transaction_seconds", "Transactions, by what they did.", "kind"),
    _gauge("preflight_database_connections", "Connections in use at this moment."),
    _gauge("preflight_database_connections_limit", "How many there may be."),
    _gauge("preflight_schema_version", "Version of the tables."),
    _gauge("preflight_audit_seq", "Number of the last row of the audit log."),
    _gauge("preflight_people_read_timestamp_seconds", "When the people were last read from Slack; 0: never."),
    _gauge("preflight_index_state", "1 for the state that the index of vectors is in.", "state"),
    _gauge("preflight_index_vectors", "How many vectors it holds."),
)

METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _ALL}
"""By name, in the order in which they are exported."""
