"""A load balancer in front of the replicas: each connection goes to the next one that takes it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Sequence


class Balancer:
    """Listens on a loopback port of its own (``port``) and passes bytes on, in a thread of its own."""

    def __init__(self, backends: Sequence[int]) -> None:
        self._backends = list(backends)
        self._turn = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self.port = 0
        self._thread = threading.Thread(target=self._run, name="balancer", daemon=True)
        self._thread.start()
        self._ready.wait(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)

        async def listen() -> asyncio.Server:
            return await asyncio.start_server(self._connection, "127.0.0.1", 0)

        server = self._loop.run_until_complete(listen())
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        self._loop.run_forever()
        server.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self._backends:
            self._turn += 1
            port = self._backends[self._turn % len(self._backends)]
            try:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            await asyncio.gather(_pass(reader, far_writer), _pass(far_reader, writer))
            return
        writer.close()

    def stop(self) -> None:
        """Take no more connections and drop those there are."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
