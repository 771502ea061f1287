"""A stand-in for a chat model: the streaming part of OpenAI's protocol on loopback, with fault switches.

What it says is decided by a function of ours (:mod:`tests.model_server.minds`), so it proves how answers are
read, checked and given up, and nothing about how well a real model writes.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A request as it came in, and what a model would read in it."""

    body: JSON
    key: str

    @property
    def text(self) -> str:
        """All that was sent, in one string."""
        return "\n".join(str(m["content"]) for m in self.body["messages"])

    @property
    def lines(self) -> list[JSON]:
        """The JSON lines of the last message."""
        return [json.loads(line) for line in str(self.body["messages"][-1]["content"]).splitlines()]

    @property
    def passages(self) -> list[JSON]:
        return [line for line in self.lines if "passage" in line]

    @property
    def question(self) -> str:
        return next(str(line["question"]) for line in self.lines if "question" in line)


Mind = Callable[[Asked], str]


@dataclass(frozen=True)
class Faults:
    """What goes wrong; as it stands, nothing. ``after`` counts pieces of the reply."""

    status: int = 200
    stall_before: bool = False
    """Takes the request and says nothing."""
    stall_after: int | None = None
    drop_after: int | None = None
    """Ends the response there, as if that were all."""
    reset_after: int | None = None
    wait_after: int | None = None
    """Waits there until the server's ``gate`` is opened."""
    trickle: bool = False
    """A byte now and then that never becomes a piece."""
    finish: str | None = "stop"
    """The reason it gives for stopping; ``None``: it gives none."""
    usage: bool = True
    raw: bytes | None = None
    """Sent in place of everything."""
    pause: float = 0.0
    """Seconds between pieces."""


@dataclass
class ModelServer:
    """The server; ``url`` is what a base URL is set to. ``mind`` and ``faults`` may change at any time."""

    mind: Mind
    faults: Faults = field(default_factory=Faults)
    asked: list[Asked] = field(default_factory=list)
    piece: int = 7
    """Characters of a piece, so that no line comes whole."""

    def __post_init__(self) -> None:
        self.released = threading.Event()
        self.gate = threading.Event()
        self.open = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def start(self) -> ModelServer:
        self._thread.start()
        return self

    def stop(self) -> None:
        self.released.set()
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()

    def goes_wrong(self, **faults: Any) -> None:
        """From now on, and only so; nothing goes wrong any more without any."""
        self.gate.clear()
        self.faults = replace(Faults(), **faults)

    def inside(self, by: int) -> None:
        """Counts the requests in hand."""
        with self._lock:
            self.open += by


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

        def do_POST(self) -> None:
            server.inside(1)
            try:
                self._answer()
            except OSError:
                self.close_connection = True
            finally:
                server.inside(-1)

        def _answer(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked = Asked(body, self.headers.get("Authorization", ""))
            server.asked.append(asked)
            faults = server.faults
            if faults.stall_before:
                self._stall()
                return
            if faults.status != 200:
                self._plain(faults.status, {"error": {"message": "not now", "type": "server_error"}})
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            if faults.raw is not None:
                self.wfile.write(faults.raw)
                return
            if faults.trickle:
                while not server.released.wait(0.05):
                    self.wfile.write(b":")
                    self.wfile.flush()
                return
            self._speak(server.mind(asked), faults, body)

        def _speak(self, text: str, faults: Faults, body: JSON) -> None:
            pieces = [text[n : n + server.piece] for n in range(0, len(text), server.piece)]
            for number, piece in enumerate(pieces):
                if faults.stall_after == number:
                    self._stall()
                    return
                if faults.drop_after == number:
                    return
                if faults.reset_after == number:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if faults.wait_after == number:
                    server.gate.wait(30)
                self._event(body, {"role": "assistant", "content": piece})
                if faults.pause and server.released.wait(faults.pause):
                    return
            if faults.finish is not None:
                self._event(body, {}, faults.finish)
            if faults.usage and (body.get("stream_options") or {}).get("include_usage"):
                usage = {"prompt_tokens": 321, "completion_tokens": 45, "total_tokens": 366}
                self._send({**_head(body), "choices": [], "usage": usage})
            self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, body: JSON, delta: JSON, finish: str | None = None) -> None:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            self._send({**_head(body), "choices": [choice]})

        def _send(self, event: JSON) -> None:
            self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
            self.wfile.flush()

        def _plain(self, status: int, body: JSON) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _stall(self) -> None:
            """Until whoever waits has gone, or the test is over."""
            self.connection.settimeout(0.05)
            while not server.released.is_set():
                try:
                    if not self.connection.recv(1):
                        break
                except TimeoutError:
                    continue
            self.close_connection = True

    return Handler


def _head(body: JSON) -> JSON:
    return {"id": "c1", "object": "chat.completion.chunk", "created": 0, "model": body.get("model", "")}
