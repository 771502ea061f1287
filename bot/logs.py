"""Logs for operators: ids, kinds and times; never secrets, never what people wrote.

Three things see to that. A field reaches the log only under a name of :data:`FIELDS`; strings lose every
secret that is set; and of an exception only its type and the places in the code are told, since its text may
hold whatever the code was given. Of other libraries' lines only their place in the code is told.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

from storage import requests

FIELDS = frozenset(
    {
        "action",
        "at",
        "attempt",
        "count",
        "detail",
        "digest",
        "error",
        "event",
        "failure",
        "file",
        "folder",
        "frames",
        "groups",
        "hook",
        "job",
        "kept",
        "kind",
        "level",
        "logger",
        "made",
        "method",
        "mode",
        "ms",
        "part",
        "people",
        "program",
        "request",
        "row",
        "seconds",
        "seen",
        "since_ms",
        "status",
        "system",
        "timestamp",
        "told",
        "turned",
        "why",
    }
)
"""What a line may say. Values are of our own making: ids, words of the code, numbers."""

_LEFT_OUT = "[left out]"
_SECRET = re.compile(r"(xox[a-z]|xapp)-[A-Za-z0-9-]+|(?<=://)[^/\s@]+(?=@)")
_LONGEST = 300
_FRAMES = 12
_ROOT = Path(__file__).resolve().parents[1]
_PLAIN_SPOKEN = ("uvicorn", "apscheduler", "alembic")
"""Libraries whose lines hold nothing of what they were given."""

_known: list[re.Pattern[str]] = []


def without_secrets(text: str) -> str:
    """The text without tokens, passwords in addresses, and every secret that is set."""
    for known in _known:
        text = known.sub("[secret]", text)
    return _SECRET.sub("[secret]", text)


def failure(error: BaseException) -> dict[str, Any]:
    """An exception as the log tells it: types, from the last to its first cause, and places in the code."""
    kinds: list[str] = []
    seen: BaseException | None = error
    first = error
    while seen is not None and len(kinds) < 5:
        kinds.append(type(seen).__name__)
        first = seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    frames = [*_places(error.__traceback__)[-_FRAMES:]]
    if first is not error:
        frames += ["because of", *_places(first.__traceback__)[-_FRAMES:]]
    return {"failure": " < ".join(kinds), "frames": frames}


def _places(trace: TracebackType | None) -> list[str]:
    return [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
    ]


def _short(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(_ROOT):
        return str(path.relative_to(_ROOT)).rpartition("site-packages/")[2]
    return "/".join(path.parts[-2:])


def _for_request(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    request = requests.current()
    if request:
        event.setdefault("request", request)
    return event


def _of_a_library(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Another library's line: what it says may hold what it was given, so only its place is told."""
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    event["at"] = f"{_short(record.pathname)}:{record.lineno}"
    if not record.name.startswith(_PLAIN_SPOKEN):
        event["event"] = "a library has something to say"
    return event


def _failures(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event.update(failure(error))
    return event


def _clean(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if not name.startswith("_"):
            event[name] = _told(value) if name in FIELDS else _LEFT_OUT
    return event


def _told(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return without_secrets(value)[:_LONGEST]
    if isinstance(value, Mapping):
        return {str(_told(str(name))): _told(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_told(inner) for inner in value]
    return _LEFT_OUT


def set_up(
    form: str = "console", level: str = "info", secrets: Iterable[str] = (), to: TextIO | None = None
) -> None:
    """Log in this form at this level, to stderr; other libraries from warnings on. Call once at start.

    ``secrets`` never appear, wherever they turn up.
    """
    _known[:] = [re.compile(re.escape(s)) for s in sorted(set(secrets), key=len, reverse=True) if len(s) > 3]
    out = to or sys.stderr
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _for_request,
        _failures,
        _clean,
    ]
    last: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=out.isatty())
    )
    threshold = getattr(logging, level.upper())
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_of_a_library, *shared],
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


def guard_the_process() -> None:
    """What nobody caught is logged like everything else, instead of Python printing it with its values."""
    log = logger("process")

    def thrown(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("nobody caught a failure", exc_info=(kind, error, trace))

    def in_a_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            log.error("nobody caught a failure in a thread", exc_info=args.exc_value)

    def too_late(args: Any) -> None:
        log.error("a failure while something was cleared away", exc_info=args.exc_value)

    sys.excepthook = thrown
    threading.excepthook = in_a_thread
    sys.unraisablehook = too_late
    logging.captureWarnings(True)


def logger(part: str) -> Any:
    """A logger whose lines carry ``part``."""
    return structlog.get_logger(part=part)
