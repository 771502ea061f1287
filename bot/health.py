"""Whether this replica lives, whether it can serve, and its numbers: what probes and scrapes are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.telemetry.asked import Asked
from bot.telemetry.exporting import Exporter, Now
from storage.standing import Standing

if TYPE_CHECKING:
    from bot.service import Service
    from knowledge.chroma_index import IndexState

_CHECKED_EVERY, _READ_EVERY = 0.5, 5.0
"""Seconds for which the answer of the database is told again: to probes, and to scrapes."""

_GAUGES: Mapping[str, str] = {
    "preflight_outbox_open": "outbox_open",
    "preflight_outbox_oldest_seconds": "outbox_oldest",
    "preflight_outbox_given_up": "given_up",
    "preflight_jobs_planned": "jobs_planned",
    "preflight_jobs_overdue": "jobs_overdue",
    "preflight_digests_overdue": "digests_overdue",
    "preflight_digests_broken": "digests_broken",
    "preflight_check_ins_open": "check_ins_open",
    "preflight_check_ins_missed": "check_ins_missed",
    "preflight_audit_seq": "audit_seq",
    "preflight_schema_version": "schema",
}
"""What of a :class:`Standing` is exported under which name."""


class Health:
    """Looks at one service. Every answer comes within a second, whatever the database does."""

    def __init__(self, service: Service, now: Callable[[], datetime]) -> None:
        self._service = service
        store = service.store
        self._check: Asked[None] = Asked(store.check, _CHECKED_EVERY)
        self._standing: Asked[Standing] = Asked(lambda: store.standing(now()), _READ_EVERY)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="probe")
        self.exporter = Exporter(service.tally, self._so_now)

    def close(self) -> None:
        """Answer no more."""
        self._check.close()
        self._standing.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    # The probes

    async def healthz(self, _request: Request) -> JSONResponse:
        """Whether the process lives. It says no only where a restart would help."""
        lives = self._service.lives
        return JSONResponse({"ok": lives}, status_code=200 if lives else 503)

    async def readyz(self, _request: Request) -> JSONResponse:
        """Whether requests should be sent here, and if not, why."""
        problems = await asyncio.get_running_loop().run_in_executor(self._pool, self.problems)
        index = self._service.index_state
        # An index that is down is no reason to send requests elsewhere: questions are answered without it.
        told = {"ok": not problems, "problems": problems, "index": asdict(index) if index else None}
        return JSONResponse(told, status_code=503 if problems else 200)

    def problems(self) -> list[str]:
        """What keeps this replica from serving; empty when it is ready."""
        _, answers = self._check.now()
        return [*([] if answers else ["the database does not answer"]), *self._service.problems()]

    # The numbers

    def _so_now(self) -> Now:
        service = self._service
        standing, read = self._standing.now()
        used, limit = service.store.connections
        people = service.people.read_at
        found: dict[str, dict[tuple[str, ...], float]] = {
            "preflight_info": {_what_runs(service): 1.0},
            "preflight_ready": {(): float(read and not service.problems())},
            "preflight_database_up": {(): float(read)},
            "preflight_database_connections": {(): used},
            "preflight_database_connections_limit": {(): limit},
            "preflight_people_read_timestamp_seconds": {(): people.timestamp() if people else 0.0},
            "preflight_requests_turned_away_total": {
                **{("slack", _word(why)): n for why, n in dict(service.door.turned).items()},
                **{("hooks", _word(why)): n for why, n in dict(service.hooks.turned).items()},
            },
            "preflight_inputs_failed_total": {
                (why,): service.slack.counts[why] for why in ("failed", "malformed", "unmatched")
            },
            **_of_the_index(service.index_state),
        }
        if standing is not None:
            found |= {name: {(): getattr(standing, field)} for name, field in _GAUGES.items()}
        return found


def _what_runs(service: Service) -> tuple[str, ...]:
    database = "sqlite" if service.store.local else "postgresql"
    mode = "socket" if service.settings.socket_mode else "http"
    return (_version(), service.program.stamp.label, database, mode)


def _version() -> str:
    try:
        return version("preflight")
    except PackageNotFoundError:
        return "source"  # as in a container, which holds the code and not the package


def _of_the_index(state: IndexState | None) -> dict[str, dict[tuple[str, ...], float]]:
    if state is None:
        return {}
    return {
        "preflight_index_state": {(_word(state.state),): 1.0},
        "preflight_index_vectors": {(): state.vectors},
    }


def _word(text: str) -> str:
    """As the value of a label: ``wrong_signature``."""
    return text.replace(" ", "_")
