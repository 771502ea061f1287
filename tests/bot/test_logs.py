"""Logs keep ids and kinds, and lose secrets and what people wrote."""

from __future__ import annotations

import json
import logging

import pytest

from bot import logs


def test_tokens_passwords_and_words_do_not_reach_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("json", "info")
    log = logs.logger("test")
    log.info(
        "x", token="xoxb-1-2-3", text="my salary", note="xapp-1-abc", url="postgresql://u:secret@h/n", row=7
    )
    logging.getLogger("other").warning("calling with xoxb-9-9-9")
    shown = capsys.readouterr().err
    assert not [s for s in ("xoxb-1", "salary", "xapp-1", "u:secret", "xoxb-9") if s in shown]
    assert json.loads(shown.splitlines()[0])["row"] == 7


def test_a_failure_is_logged_without_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("console", "info")

    def failing(secret: str) -> None:
        raise RuntimeError("it failed")

    try:
        failing("what a person wrote")
    except RuntimeError:
        logs.logger("test").exception("failed")
    shown = capsys.readouterr().err
    assert "it failed" in shown
    assert "what a person wrote" not in shown.replace('failing("what a person wrote")', "")
