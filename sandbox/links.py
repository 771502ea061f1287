"""Socket Mode: the app's open WebSocket connections, envelopes out, acknowledgements in."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.model import Json
from sandbox.world import World

MOST_CONNECTIONS = 10


class Links:
    """Open connections; each envelope goes to one of them, in turn."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: list[WebSocket] = []
        self._turn = 0
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def new_url(self, base: str, app_id: str) -> str:
        """A single-use address for ``apps.connections.open``."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return f"{base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={app_id}"

    async def serve(self, socket: WebSocket) -> None:
        """Carry one connection from hello to its end."""
        ticket = socket.query_params.get("ticket", "")
        app = self._world.app
        if ticket not in self._tickets or app is None or len(self._open) >= MOST_CONNECTIONS:
            await socket.close(code=4401)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        self._open.append(socket)
        self._world.changed("app")
        try:
            await socket.send_json(
                {
                    "type": "hello",
                    "num_connections": len(self._open),
                    "debug_info": {
                        "host": "sandbox",
                        "build_number": 1,
                        "approximate_connection_time": 18060,
                    },
                    "connection_info": {"app_id": app.id},
                }
            )
            while True:
                self._acknowledge(await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if socket in self._open:
                self._open.remove(socket)
            self._world.changed("app")

    def _acknowledge(self, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        if not isinstance(said, dict):
            return
        future = self._waiting.pop(str(said.get("envelope_id")), None)
        if future is not None and not future.done():
            future.set_result(said)

    async def send(
        self, kind: str, payload: Json, *, accepts_response: bool, timeout: float, **more: Any
    ) -> Json:
        """Send an envelope and wait for its acknowledgement.

        Raises ConnectionError without a connection, TimeoutError when nobody acknowledged in time.
        """
        if not self._open:
            raise ConnectionError("no Socket Mode connection is open")
        self._turn += 1
        socket = self._open[self._turn % len(self._open)]
        envelope_id = f"{secrets.token_hex(4)}-{secrets.token_hex(2)}-{secrets.token_hex(6)}"
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = future
        envelope = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": accepts_response,
            **more,
        }
        try:
            await socket.send_text(json.dumps(envelope))
            return await asyncio.wait_for(future, timeout)
        except (WebSocketDisconnect, RuntimeError) as problem:
            raise ConnectionError(str(problem)) from problem
        finally:
            self._waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str) -> int:
        """Tell every connection to go, for Slack's reason (``refresh_requested``, ``warning``); how many."""
        told = list(self._open)
        for socket in told:
            await socket.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
            )
            if reason != "warning":
                if socket in self._open:
                    self._open.remove(socket)
                await socket.close()
        return len(told)
