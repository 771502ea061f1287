"""What happens, as it happens: the stream behind the web page, and waiting for something to be true."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

from sandbox.model import Json

_KEPT = 5000


class Live:
    """Numbers every change, keeps the last few thousand, and hands them to those who may see them."""

    def __init__(self) -> None:
        self._events: deque[tuple[Json, frozenset[str] | None]] = deque(maxlen=_KEPT)
        self._next = 1
        self._queues: dict[asyncio.Queue[Json | None], str] = {}
        self._waiting: set[asyncio.Future[None]] = set()
        self.closed = False

    @property
    def last(self) -> int:
        """Number of the latest change."""
        return self._next - 1

    def publish(self, kind: str, audience: Iterable[str] | None = None, **data: Any) -> None:
        """Tell of a change; ``audience`` is who may know of it, everyone when left out."""
        event = {"id": self._next, "type": kind, **data}
        self._next += 1
        people = None if audience is None else frozenset(audience)
        self._events.append((event, people))
        for queue, person in self._queues.items():
            if people is None or person in people:
                queue.put_nowait(event)
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def since(self, number: int, person: str) -> list[Json]:
        """Changes after a number that a person may know of; a ``reset`` where some are no longer kept."""
        first = self._events[0][0]["id"] if self._events else self._next
        events = [
            e for e, people in self._events if e["id"] > number and (people is None or person in people)
        ]
        if number and number + 1 < first:
            return [{"id": self.last, "type": "reset"}]
        return events

    async def follow(self, person: str, since: int | None) -> AsyncIterator[Json]:
        """Changes for a person, for as long as the caller listens."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        missed = self.since(since, person) if since is not None else []
        self._queues[queue] = person
        try:
            yield {"id": self.last, "type": "hello"}
            for event in missed:
                yield event
            while not self.closed:
                try:
                    event_or_end = await asyncio.wait_for(queue.get(), 15)
                except TimeoutError:
                    yield {"id": self.last, "type": "ping"}
                    continue
                if event_or_end is None:
                    return
                yield event_or_end
        finally:
            del self._queues[queue]

    async def until(self, look: Callable[[], Json | None], timeout: float) -> Json | None:
        """Look now and after every change until something is found, or ``timeout`` seconds have passed."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while True:
            found = look()
            left = end - loop.time()
            if found is not None or left <= 0 or self.closed:
                return found
            future: asyncio.Future[None] = loop.create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait_for(future, left)
            except TimeoutError:
                self._waiting.discard(future)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self.closed = True
        for queue in self._queues:
            queue.put_nowait(None)
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
