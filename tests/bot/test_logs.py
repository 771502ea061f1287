"""Logs keep ids and kinds, and lose secrets and what people wrote."""

from __future__ import annotations

import ast
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

from bot import logs
from storage import requests
from tests.the_code import all_nodes

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture(params=["json", "console"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def guarded() -> Iterator[None]:
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    logs.guard_the_process()
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)


def shouts(secret: str) -> None:
    try:
        raise ValueError(f"cannot read {secret!r}")
    except ValueError as first:
        raise RuntimeError(f"about {secret}") from first


def test_tokens_passwords_and_words_do_not_reach_the_log(out: io.StringIO, form: str) -> None:
    logs.set_up(form, "info", ["kept-by-heart"], out)
    log = logs.logger("test")
    log.info("x", text="my salary", error="xapp-1-abc", why="postgresql://u:secret@h/n", row=7)
    log.info("y", kind="with kept-by-heart in it", detail={"a": ["xoxb-1-2", {"b": "kept-by-heart"}]})
    log.info("z", kind=object(), part="x" * 5000)
    shown = out.getvalue()
    for hidden in ("salary", "xapp-1", "u:secret", "kept-by-heart", "xoxb-1", "object at", "x" * 301):
        assert hidden not in shown
    if form == "json":
        assert json.loads(shown.splitlines()[0])["row"] == 7


def test_a_field_that_nobody_vouched_for_is_left_out(out: io.StringIO) -> None:
    logs.set_up("json", "info", to=out)
    logs.logger("test").info("x", title="Layoffs", kind="post")
    told = json.loads(out.getvalue())
    assert (told["title"], told["kind"]) == ("[left out]", "post")


def test_of_a_failure_types_and_places_are_told_and_nothing_it_was_given(out: io.StringIO, form: str) -> None:
    logs.set_up(form, "info", to=out)
    try:
        shouts("what a person wrote")
    except RuntimeError:
        logs.logger("test").exception("failed")
    shown = out.getvalue()
    assert "what a person wrote" not in shown
    assert "RuntimeError < ValueError" in shown
    assert "tests/bot/test_logs.py:" in shown
    assert "shouts" in shown


def test_of_another_librarys_line_only_its_place_is_told(out: io.StringIO, form: str) -> None:
    logs.set_up(form, "info", to=out)
    logging.getLogger("some.library").warning("calling with %s", "what a person wrote")
    try:
        shouts("what a person wrote")
    except RuntimeError:
        logging.getLogger("some.library").exception("failed on what a person wrote")
    shown = out.getvalue()
    assert "what a person wrote" not in shown
    assert "some.library" in shown
    assert "tests/bot/test_logs.py:" in shown
    assert "RuntimeError < ValueError" in shown


@pytest.mark.usefixtures("guarded")
def test_what_nobody_caught_is_told_without_values(
    out: io.StringIO, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(form, "info", to=out)
    try:
        shouts("what a person wrote")
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=shouts, args=("what a person wrote",))
    thread.start()
    thread.join()
    warnings.warn("about what a person wrote", stacklevel=1)
    shown = out.getvalue() + capsys.readouterr().err
    assert "what a person wrote" not in shown
    assert shown.count("nobody caught a failure") == 2
    assert shown.count("RuntimeError < ValueError") == 2


def test_lines_name_the_request_they_are_about(out: io.StringIO) -> None:
    logs.set_up("json", "info", to=out)
    with requests.within("slack-1"):
        logs.logger("test").info("x")
    logs.logger("test").info("y")
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first["request"] == "slack-1"
    assert "request" not in second


def lines_in_the_code() -> Iterator[tuple[str, ast.Call]]:
    """Every call that logs, with its place."""
    for file, inside in all_nodes("bot", "knowledge", "storage"):
        for node in inside:
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LEVELS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("log", "_log")
            ):
                yield f"{file}:{node.lineno}", node


def test_every_line_in_the_code_says_one_thing_and_only_what_a_line_may_say() -> None:
    found = dict(lines_in_the_code())
    assert len(found) > 30
    for place, call in found.items():
        assert len(call.args) == 1, f"{place}: one sentence, and fields by name"
        assert isinstance(call.args[0], ast.Constant), f"{place}: the sentence is never put together"
        fields = {k.arg for k in call.keywords if k.arg}
        assert fields <= logs.FIELDS | {"exc_info"}, f"{place}: {fields - logs.FIELDS}"
