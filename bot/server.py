"""Runs a service behind uvicorn: in the foreground until a signal, or in a thread for the demo and tests."""

from __future__ import annotations

import signal
import socket
import threading
import time
from types import FrameType, TracebackType

import uvicorn

from bot.service import CannotStart, Service
from bot.settings import Settings

_GRACE = 10


class Announcing(uvicorn.Server):
    """A server that says that it stops before it stops: load balancers look only every few seconds."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._announced = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """At the first signal not ready any more, and then to an end; at once at the second."""
        if not self._service.settings.drain or self._announced:
            super().handle_exit(sig, frame)
            return
        self._announced = True
        end = super().handle_exit

        def announce() -> None:
            # Not in the signal's own handler: the thread that it interrupts may be writing a line of the log.
            self._service.drain()
            time.sleep(self._service.settings.drain)
            end(sig, frame)

        threading.Thread(target=announce, name="draining", daemon=True).start()


def _server(service: Service) -> uvicorn.Server:
    config = uvicorn.Config(
        service.asgi,
        host=service.settings.host,
        port=service.settings.port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        backlog=512,
    )
    return Announcing(config, service)


def _bound(settings: Settings) -> socket.socket:
    """The listening socket; taken before anything starts, so that a taken port is said at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named because asyncio only then sends small answers without waiting (TCP_NODELAY).
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise CannotStart(
            f"Preflight cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
            "Set PREFLIGHT_PORT to a free port, or stop what uses this one."
        ) from None
    listening.listen(512)
    return listening


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then finish what is in hand."""
    # uvicorn raises the signal again when it has ended: by then it has done its work.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: None)
    listening = _bound(settings)
    try:
        service = Service(settings)
        try:
            service.start()
            _server(service).run(sockets=[listening])
        finally:
            service.stop()
    finally:
        listening.close()


class Running:
    """A service with its HTTP side in a thread of this process; ``port`` is the one it listens on."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._listening = _bound(service.settings)
        self.port: int = self._listening.getsockname()[1]
        self._server = _server(service)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listening]}, name="http", daemon=True
        )

    def listen(self) -> None:
        """Answer requests; the service itself may start afterwards."""
        self._thread.start()
        until = time.monotonic() + 10
        while not self._server.started and self._thread.is_alive() and time.monotonic() < until:
            time.sleep(0.005)

    def __enter__(self) -> Running:
        self.listen()
        try:
            self.service.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop the server, then the service."""
        self._server.should_exit = True
        self._thread.join(timeout=_GRACE + 5)
        self.service.stop()
        self._listening.close()
