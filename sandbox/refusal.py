"""A request of the control interface that cannot be done."""

from __future__ import annotations


class Refused(Exception):
    """HTTP status, Slack-like error name and a sentence for whoever wrote the test."""

    def __init__(self, status: int, error: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.error = error
        self.detail = detail
