"""A web server that stands for the app: records every delivery, answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

Json = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Delivery:
    """One request as it came over the wire."""

    headers: dict[str, str]
    raw: bytes
    payload: Json = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Event type, interaction type, or the command."""
        inner = self.payload.get("event") or {}
        return str(self.payload.get("command") or inner.get("type") or self.payload.get("type"))


def said(body: Any = b"", status: int = 200, **headers: str) -> Answer:
    """An answer: JSON for an object, bytes as they are."""
    if isinstance(body, bytes):
        return status, {"Content-Type": "text/plain", **headers}, body
    return status, {"Content-Type": "application/json", **headers}, json.dumps(body).encode()


def held(release: threading.Event) -> Answer:
    """An empty answer that does not come before it is released."""
    release.wait(5)
    return said()


class Receiver:
    """Runs while the ``with`` block does."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.answer: Callable[[Delivery], Answer] = lambda delivery: said()
        self._arrived = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                delivery = Delivery({k.lower(): v for k, v in self.headers.items()}, raw)
                if "json" in delivery.headers["content-type"]:
                    delivery.payload = json.loads(raw)
                else:
                    form = {name: values[0] for name, values in parse_qs(raw.decode(), True).items()}
                    delivery.payload = json.loads(form["payload"]) if "payload" in form else form
                with receiver._arrived:
                    receiver.deliveries.append(delivery)
                    receiver._arrived.notify_all()
                if delivery.payload.get("type") == "url_verification":
                    status, headers, body = said({"challenge": delivery.payload["challenge"]})
                else:
                    status, headers, body = receiver.answer(delivery)
                try:
                    self._reply(status, headers, body)
                except ConnectionError:
                    return  # the sandbox stopped waiting: what it is tested for

            def _reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/slack/events"

    def __enter__(self) -> Receiver:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def clear(self) -> None:
        """Forget what arrived."""
        with self._arrived:
            self.deliveries.clear()

    def wait(self, kind: str, count: int = 1) -> list[Delivery]:
        """The deliveries of a kind, once there are ``count`` of them."""
        with self._arrived:
            found = self._arrived.wait_for(lambda: len(self._of(kind)) >= count, timeout=5)
            assert found, f"waited for {count} x {kind}; got {[d.kind for d in self.deliveries]}"
            return self._of(kind)

    def _of(self, kind: str) -> list[Delivery]:
        return [d for d in self.deliveries if d.kind == kind]
