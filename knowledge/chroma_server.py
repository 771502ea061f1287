"""Shelves of vectors on a Chroma server, over its HTTP interface (v2), each call within a total time.

The library's own client has no time-out, not even on construction, so a server that is frozen would hold a
thread of ours for ever; and it costs 80 MB of memory that a replica without an index of its own need not pay.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np
from numpy.typing import NDArray

from knowledge.shelves import AT_ONCE, HNSW, IndexDown

ASKING = 2.0
"""Seconds in which a question must be answered, connecting included."""

KEEPING = 15.0
"""Seconds for each call that keeps the index."""

_IDS_AT_ONCE = 5_000
_NAMES_AT_ONCE = 500
_BASE = "/api/v2/tenants/default_tenant/databases/default_database/collections"
_GONE = 404
_AGAIN = frozenset({409, 412, 429, 503})
"""What the server answers when somebody else changes the same shelf at that moment, or it is busy."""

_PAUSE = 0.05


class ChromaServer:
    """A Chroma server at ``http://host:port``. Any number of processes may use it at once."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (443 if self._secure else 8000)
        self._root = parts.path.rstrip("/")
        self._own = threading.local()
        self._ids: dict[str, str] = {}

    @property
    def place(self) -> str:
        """The server."""
        return f"at {'https' if self._secure else 'http'}://{self._host}:{self._port}"

    def names(self) -> frozenset[str]:
        """All shelves."""
        found: dict[str, str] = {}
        while True:
            listed = self._call("GET", f"{_BASE}?limit={_NAMES_AT_ONCE}&offset={len(found)}", seconds=ASKING)
            found.update((shelf["name"], shelf["id"]) for shelf in listed)
            if len(listed) < _NAMES_AT_ONCE:
                self._ids = found
                return frozenset(found)

    def add(self, name: str) -> str:
        """Make a shelf where there is none of that name; returns its id."""
        wanted = {"name": name, "get_or_create": True, "configuration": {"hnsw": HNSW}}
        id = self._ids[name] = str(self._call("POST", _BASE, wanted)["id"])
        return id

    def drop(self, name: str) -> None:
        """Remove a shelf with all that is on it, if it is there."""
        self._call("DELETE", f"{_BASE}/{quote(name)}", missing=None)
        self._ids.pop(name, None)

    def size(self, name: str) -> int:
        """How many vectors are on a shelf."""
        return int(self._on(name, "count", method="GET", seconds=ASKING))

    def ids(self, name: str) -> set[str]:
        """The ids of all vectors on a shelf."""
        found: set[str] = set()
        while True:
            wanted = {"limit": _IDS_AT_ONCE, "offset": len(found), "include": []}
            some = self._on(name, "get", wanted)["ids"]
            found.update(some)
            if len(some) < _IDS_AT_ONCE:
                return found

    def put(self, name: str, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Put vectors on a shelf, in place of those with the same ids."""
        for start in range(0, len(ids), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            rows = [[round(x, 6) for x in row] for row in vectors[some].tolist()]
            self._on(name, "upsert", {"ids": list(ids[some]), "embeddings": rows})

    def take(self, name: str, ids: Collection[str]) -> None:
        """Take vectors off a shelf; ids that are not on it are passed over."""
        listed = list(ids)
        for start in range(0, len(listed), AT_ONCE):
            self._on(name, "delete", {"ids": listed[start : start + AT_ONCE]})

    def nearest(self, name: str, vector: NDArray[np.float32], at_most: int) -> list[tuple[str, float]]:
        """The ids nearest to a vector with their cosine distances, nearest first."""
        wanted = {"query_embeddings": [vector.tolist()], "n_results": at_most, "include": ["distances"]}
        found = self._on(name, "query", wanted, seconds=ASKING)
        return list(zip(found["ids"][0], found["distances"][0], strict=True))

    def close(self) -> None:
        """Close this thread's connection; those of others close with their threads."""
        self._hang_up()

    def _on(
        self, name: str, what: str, body: object = None, *, method: str = "POST", seconds: float = KEEPING
    ) -> Any:
        id = self._ids.get(name)
        if id is None:
            found = self._call("GET", f"{_BASE}/{quote(name)}", seconds=seconds)
            id = self._ids[name] = found["id"]
        try:
            return self._call(method, f"{_BASE}/{id}/{what}", body, seconds=seconds)
        except IndexDown:
            # Perhaps it was dropped and made again by another process: its id is asked for anew next time.
            self._ids.pop(name, None)
            raise

    def _call(
        self, method: str, path: str, body: object = None, *, seconds: float = KEEPING, missing: object = ...
    ) -> Any:
        until = time.monotonic() + seconds
        data = json.dumps(body).encode() if body is not None else None
        try:
            status, said = self._exchange(method, self._root + path, data, until)
            while status in _AGAIN and _left(until) > _PAUSE:
                time.sleep(_PAUSE)
                status, said = self._exchange(method, self._root + path, data, until)
        except TimeoutError:
            self._hang_up()
            raise IndexDown(
                f"the Chroma server {self.place} did not answer in {seconds:.0f} seconds"
            ) from None
        except (OSError, http.client.HTTPException) as error:
            self._hang_up()
            why = getattr(error, "strerror", None) or type(error).__name__
            raise IndexDown(f"the Chroma server {self.place} cannot be reached ({why})") from None
        if status == _GONE and missing is not ...:
            return missing
        if status >= 300:
            raise IndexDown(f"the Chroma server {self.place} answered {status} ({_why(said)})")
        try:
            return json.loads(said) if said else None
        except ValueError:
            raise IndexDown(f"what answers {self.place} is not a Chroma server") from None

    def _exchange(self, method: str, path: str, data: bytes | None, until: float) -> tuple[int, bytes]:
        kept = getattr(self._own, "line", None)
        if kept is not None:
            try:
                return self._spoken(kept, method, path, data, until)
            except TimeoutError:
                raise
            except (OSError, http.client.HTTPException):
                self._hang_up()  # it was closed while nobody spoke; every call is safe to repeat
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        line = self._own.line = kind(self._host, self._port, timeout=_left(until))
        return self._spoken(line, method, path, data, until)

    def _spoken(
        self, line: http.client.HTTPConnection, method: str, path: str, data: bytes | None, until: float
    ) -> tuple[int, bytes]:
        line.timeout = _left(until)
        if line.sock is not None:
            line.sock.settimeout(_left(until))
        line.request(method, path, data, {"Content-Type": "application/json"})
        response = line.getresponse()
        read = []
        # A time-out counts from one piece to the next: only so is the sum bounded.
        while piece := self._piece(line, response, until):
            read.append(piece)
        return response.status, b"".join(read)

    def _piece(
        self, line: http.client.HTTPConnection, response: http.client.HTTPResponse, until: float
    ) -> bytes:
        if line.sock is not None:
            line.sock.settimeout(_left(until))
        return response.read1(1 << 20)

    def _hang_up(self) -> None:
        line = getattr(self._own, "line", None)
        if line is not None:
            line.close()
            self._own.line = None


def _why(said: bytes) -> str:
    try:
        return str(json.loads(said)["message"])[:200]
    except (ValueError, KeyError, TypeError):
        return "no reason given"


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
