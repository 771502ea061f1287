"""The server: all routes on one loopback port, in a thread as a library or from the command line."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from sandbox.admin import Admin
from sandbox.control import Acts
from sandbox.deliver import Courier
from sandbox.model import Json
from sandbox.reading import Reads
from sandbox.snapshot import keep_snapshot, restore_snapshot, save_snapshot
from sandbox.webapi import WebApi, take_response
from sandbox.wire import DroppableProtocol
from sandbox.world import World, read_json

_WEB = Path(__file__).parent / "web"
_STOP_SECONDS = 5.0


def asgi_app(world: World, snapshot: Path | None = None) -> Starlette:
    """Everything the server answers to."""

    async def links(websocket: WebSocket) -> None:
        await world.courier.links.serve(websocket)

    async def response_url(request: Request) -> Response:
        return await take_response(world, request)

    async def upload(request: Request) -> Response:
        stored = world.files.get(request.path_params["file_id"])
        if stored is None or stored.complete:
            return PlainTextResponse("no such upload", 404)
        if "multipart" in request.headers.get("content-type", ""):
            form = await request.form()
            parts = [value for value in form.values() if isinstance(value, UploadFile)]
            stored.content = await parts[0].read() if parts else b""
        else:
            stored.content = await request.body()
        return PlainTextResponse(f"OK - {len(stored.content)}")

    async def file(request: Request) -> Response:
        stored = world.files.get(request.path_params["file_id"])
        if stored is None or not stored.complete:
            return PlainTextResponse("no such file", 404)
        token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        person = request.query_params.get("as", "")
        known = [world.channels[c] for c in stored.channels if c in world.channels]
        sees = person == stored.user or any(c.seen_by(person) for c in known)
        may = (world.app is not None and token == world.app.bot_token) or (person in world.people and sees)
        if not may:
            return PlainTextResponse("say who looks (?as=) or send the bot's token", 403)
        name = quote(stored.name)
        headers = {
            "Content-Disposition": f"inline; filename*=UTF-8''{name}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        }
        return Response(stored.content, media_type=stored.mimetype, headers=headers)

    async def page(request: Request) -> Response:
        wanted = (_WEB / (request.path_params.get("path") or "index.html")).resolve()
        if not wanted.is_relative_to(_WEB) or not wanted.is_file():
            return PlainTextResponse("not found", 404)
        return FileResponse(wanted, headers={"Cache-Control": "no-cache"})

    async def unknown(request: Request) -> Response:
        return JSONResponse({"ok": False, "error": "not_found", "detail": "see docs/sandbox.md"}, 404)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if world.app is not None and not world.app.socket_mode and world.app.events_url:
            world.courier.spawn(world.courier.verify(world.app))
        if snapshot is not None:
            world.courier.spawn(keep_snapshot(world, snapshot))
        yield
        world.courier.close()
        if snapshot is not None:
            save_snapshot(world, snapshot)

    control = [*Reads(world).routes(), *Acts(world).routes(), *Admin(world).routes()]
    return Starlette(
        routes=[
            Route("/api/{method}", WebApi(world).answer, methods=["GET", "POST"]),
            Route("/response/{key:path}", response_url, methods=["POST"]),
            Mount(
                "/sandbox",
                routes=[*control, Route("/{rest:path}", unknown, methods=["GET", "POST", "DELETE"])],
            ),
            Route("/upload/{file_id}", upload, methods=["POST"]),
            Route("/files/{file_id}/{name:path}", file, methods=["GET"]),
            WebSocketRoute("/link/", links),
            Route("/", page, methods=["GET"]),
            Route("/{path:path}", page, methods=["GET"]),
        ],
        lifespan=lifespan,
    )


class Sandbox:
    """A workspace server. ``workspace`` and ``app``: a path or the JSON itself; ``app`` may come later."""

    def __init__(
        self,
        workspace: str | Path | Json,
        app: str | Path | Json | None = None,
        *,
        snapshot: str | Path | None = None,
    ) -> None:
        self._snapshot = Path(snapshot) if snapshot else None
        app_seed = read_json(app) if app is not None else None
        self.world = World(read_json(workspace), app_seed)
        self.world.courier = Courier(self.world)
        if app_seed is not None:
            self.world.install(app_seed)
        if self._snapshot is not None:
            restore_snapshot(self.world, self._snapshot)
        self.url = ""
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def _listen(self, host: str, port: int) -> tuple[uvicorn.Server, socket.socket]:
        # The protocol must be named: asyncio switches Nagle's delay off only for sockets that say TCP.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.world.live.closed = False
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        self.url = f"http://{host if host != '0.0.0.0' else '127.0.0.1'}:{listener.getsockname()[1]}"  # noqa: S104
        self.world.base_url = self.url
        config = uvicorn.Config(
            asgi_app(self.world, self._snapshot),
            http=DroppableProtocol,
            ws="websockets-sansio",
            lifespan="on",
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=30,
            ws_ping_interval=None,
        )
        return uvicorn.Server(config), listener

    async def _serve(self, server: uvicorn.Server, listener: socket.socket, ready: threading.Event) -> None:
        async def watch() -> None:
            while not server.started:
                await asyncio.sleep(0.002)
            ready.set()
            while not server.should_exit:
                await asyncio.sleep(0.02)
            # Uvicorn waits for open answers: the event streams would never end by themselves.
            self.world.live.close()

        watching = asyncio.ensure_future(watch())
        try:
            await server.serve(sockets=[listener])
        finally:
            watching.cancel()
            ready.set()

    def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Serve in a thread of its own; returns the address once it answers."""
        server, listener = self._listen(host, port)
        ready = threading.Event()
        self._server = server
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(server, listener, ready)), name="sandbox", daemon=True
        )
        self._thread.start()
        if not ready.wait(_STOP_SECONDS) or not server.started:
            raise RuntimeError(f"the sandbox did not start on {self.url}")
        return self.url

    def stop(self) -> None:
        """Stop serving; open streams and connections end."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        self._server = self._thread = None

    def run(self, port: int, host: str = "127.0.0.1") -> None:
        """Serve in this thread until interrupted."""
        server, listener = self._listen(host, port)
        print(f"The sandbox workspace is at {self.url}", flush=True)  # noqa: T201 - the one line people need
        with suppress(KeyboardInterrupt):
            asyncio.run(self._serve(server, listener, threading.Event()))
