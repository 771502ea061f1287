"""Pictures for the bot's own messages, and files for people to download."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.registry import Message
from bot.slack_gateway import Refused, Unsure
from bot.slack_upload import Files, marked_name
from tests.bot.conftest import Bench
from workflows.effects import ToPerson
from workflows.ids import Place

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")


def files(bench: Bench, again: bool = False) -> Files:
    return Files(bench.gateway, datetime.now(UTC), again, wait=lambda seconds: None)


def shared(bench: Bench, channel: str) -> list[str]:
    seen = bench.workspace.get("/sandbox/messages", as_=bench.workspace.id("dana"), channel=channel)
    return [f["name"] for m in seen["messages"] for f in m.get("files", [])]


def test_a_picture_can_be_shown_in_a_message_once_it_is_uploaded(bench: Bench) -> None:
    id = files(bench).put("trend.png", PNG, "Active users rose")
    block = {"type": "image", "slack_file": {"id": id}, "alt_text": "Active users rose"}
    bench.gateway.post("C0GENERAL", Message(text="A chart", blocks=[block]), None, "k1")
    assert "A chart" in bench.workspace.messages("dana", "#general")


def test_a_message_with_a_picture_of_an_unknown_id_is_refused(bench: Bench) -> None:
    block = {"type": "image", "slack_file": {"id": "F0NOBODY00"}, "alt_text": "x"}
    with pytest.raises(Refused, match="invalid_blocks"):
        bench.gateway.post("C0GENERAL", Message(text="x", blocks=[block]), None, "k2")


def test_a_file_is_shared_once_though_the_answer_was_lost(bench: Bench) -> None:
    there = Place(channel="C0GENERAL")
    bench.workspace.fault("lost_response", "files.completeUploadExternal", nth=1)
    with pytest.raises(Unsure):
        files(bench).share("record.md", b"# Record", "The record", there, "Here it is", "record/1")
    files(bench, again=True).share("record.md", b"# Record", "The record", there, "Here it is", "record/1")
    assert shared(bench, "#general").count(marked_name("record.md", "record/1")) == 1


def test_two_keys_are_two_files(bench: Bench) -> None:
    there = Place(channel="C0GENERAL")
    for key in ("record/2", "record/3"):
        files(bench, again=True).share("record.md", b"# Record", "The record", there, "", key)
    names = shared(bench, "#general")
    assert {marked_name("record.md", f"record/{n}") for n in (2, 3)} <= set(names)


def test_a_file_can_be_sent_to_a_person(bench: Bench) -> None:
    to = ToPerson(user=bench.workspace.id("dana"))
    files(bench).share("mine.json", b"{}", "Your data", to, "Your data", "mine/1")
    assert marked_name("mine.json", "mine/1") in shared(bench, "@app")


def test_nothing_is_uploaded_to_an_address_that_is_not_slacks(bench: Bench) -> None:
    class Elsewhere:
        address = bench.gateway.address

        def upload_address(self, *args: object) -> tuple[str, str]:
            return "http://127.0.0.1:1/upload", "F1"

    with pytest.raises(Refused, match="not Slack's"):
        Files(Elsewhere(), datetime.now(UTC)).put("x.png", PNG, "x")  # type: ignore[arg-type]


def test_a_message_whose_picture_takes_long_comes_without_and_gets_it_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.carrying.WAITS", (0.01, 0.01))
    monkeypatch.setattr("bot.pictures._LATER", (timedelta(0),))
    bench.workspace.post("/sandbox/settings", {"file_seconds": 600})
    id = files(bench).put("slow.png", PNG, "a chart")
    image = {"type": "image", "slack_file": {"id": id}, "alt_text": "a chart"}
    words = {"type": "section", "text": {"type": "mrkdwn", "text": "What it says"}}
    bench.shown["slow"] = Message(text="What it says", blocks=[words, image])
    bench.tells("dana", "slow", card="p", key="slow/1")
    bench.settles()
    assert [b["type"] for b in blocks_of(bench)] == ["section"], "posted with a picture Slack could not show"

    bench.workspace.post("/sandbox/settings", {"file_seconds": 0})
    ready = files(bench).put("ready.png", PNG, "a chart")
    bench.shown["slow"] = Message(text="What it says", blocks=[words, {**image, "slack_file": {"id": ready}}])
    monkeypatch.setattr("bot.slack_upload.Files.ready", lambda self, id: True)
    bench.store.outbox.due(datetime.now(UTC))
    bench.settles()
    assert [b["type"] for b in blocks_of(bench)] == ["section", "image"]


def blocks_of(bench: Bench) -> list[dict[str, Any]]:
    seen = bench.workspace.get("/sandbox/messages", as_=bench.workspace.id("dana"), channel="@app")
    return list([m for m in seen["messages"] if m.get("bot_id")][-1]["blocks"])
