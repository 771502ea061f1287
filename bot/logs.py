"""Logs for operators: ids, kinds and times; never secrets, never what people wrote."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET = re.compile(r"(xox[a-z]|xapp)-[A-Za-z0-9-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_PRIVATE = {"text", "blocks", "words", "token", "secret", "authorization", "answer", "question", "reason"}


def without_secrets(text: str) -> str:
    """The text with tokens and passwords in addresses taken out."""
    return _SECRET.sub("[secret]", text)


def _clean(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last guard: whatever a call passes along, private fields and tokens do not reach the log."""
    for name, value in event.items():
        if name in _PRIVATE:
            event[name] = "[left out]"
        elif isinstance(value, str):
            event[name] = without_secrets(value)
    return event


def set_up(form: str = "console", level: str = "info") -> None:
    """Log to stderr in this form at this level; other libraries from warnings on. Call once at start."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _clean,
    ]
    last: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    threshold = getattr(logging, level.upper())
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, threshold))
    # Bolt warns that it ignores a token in the environment: it is the gateway's, and meant to be there.
    logging.getLogger("slack_bolt.App").setLevel(logging.ERROR)


def logger(part: str) -> Any:
    """A logger whose lines carry ``part``."""
    return structlog.get_logger(part=part)
