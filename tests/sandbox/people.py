"""A test's hands: acting as people through the control interface and reading everything back."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]


class Control:
    """The control interface of one sandbox. Every answer comes back, good or bad."""

    def __init__(self, url: str) -> None:
        self.url = url

    def _send(self, method: str, path: str, body: Any = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/sandbox{path}", data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=70) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as refused:
            return dict(json.load(refused)) | {"http": refused.code}

    def get(self, path: str, **query: Any) -> Json:
        """Read; ``as_`` names the person."""
        named = {name.rstrip("_"): value for name, value in query.items()}
        return self._send("GET", f"{path}?{urlencode(named)}")

    def post(self, path: str, body: Any) -> Json:
        """Change something."""
        return self._send("POST", path, body)

    def delete(self, path: str) -> Json:
        """Remove something."""
        return self._send("DELETE", path)

    def act(self, person: str, action: str, **body: Any) -> Json:
        """Do something as a person."""
        return self.post(f"/act/{action}", {"as": person, **body})

    def messages(self, person: str, channel: str, **query: Any) -> list[Json]:
        """The messages a person sees."""
        found = self.get("/messages", as_=person, channel=channel, **query)
        assert found["ok"], found
        return list(found["messages"])

    def wait(self, person: str, channel: str, contains: str = "", **query: Any) -> Json:
        """The message that a person comes to see."""
        found = self.get("/wait", as_=person, channel=channel, contains=contains, timeout=5, **query)
        assert found["ok"], found
        return dict(found["message"])

    def wait_view(self, person: str, **query: Any) -> Json:
        """The modal that opens for a person."""
        found = self.get("/wait", as_=person, view=1, timeout=5, **query)
        assert found["ok"], found
        return dict(found["view"])
