"""``/metrics``: who may read it, and the text."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response

from bot.logs import logger
from bot.telemetry.exporting import CONTENT_TYPE

METRICS_PATH = "/metrics"

log = logger("metrics")


class MetricsDoor:
    """Answers scrapes, one after the other, on a thread of its own: they never hold up what people do.

    With ``token`` only who shows it as a bearer is answered; with an empty one everybody is.
    """

    def __init__(self, token: SecretStr, text: Callable[[], bytes]) -> None:
        self._token = token.get_secret_value().encode()
        self._text = text
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="metrics")

    async def scrape(self, request: Request) -> Response:
        """One scrape."""
        if self._token and not hmac.compare_digest(_bearer(request), self._token):
            log.warning("a scrape was turned away", status=401)
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        text = await asyncio.get_running_loop().run_in_executor(self._pool, self._text)
        return Response(text, headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})

    def close(self) -> None:
        """Take no more; one in hand is finished."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _bearer(request: Request) -> bytes:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip().encode("latin-1", "replace") if kind.lower() == "bearer" else b""
