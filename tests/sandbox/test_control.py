"""The control interface: seeing what a person sees and no more, pings, waiting, live events, the demo."""

from __future__ import annotations

import json
import threading
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.server import Sandbox
from sandbox.world import WorkspaceFileError
from tests.sandbox.conftest import APP, WORKSPACE
from tests.sandbox.people import Control

Json = dict[str, Any]
NORTHWIND = Path(__file__).resolve().parents[2] / "sandbox" / "northwind.json"


def test_the_workspace_tells_of_people_groups_and_the_app(people: Control) -> None:
    found = people.get("/workspace")
    ann = next(p for p in found["people"] if p["id"] == "U0ANN")
    assert (ann["initials"], ann["title"], ann["deleted"]) == ("AL", "Lead", False)
    assert found["groups"][0]["handle"] == "team"
    assert found["app"]["commands"] == [{"command": "/test", "description": "Try", "usage_hint": "[words]"}]
    assert [s["type"] for s in found["app"]["shortcuts"]] == ["global", "message"]
    assert "xoxb" not in json.dumps(found)
    assert "very-secret" not in json.dumps(found)


def test_the_sidebar_has_the_app_first_and_only_ones_own_private_channels(people: Control) -> None:
    ann, bob = (people.get("/channels", as_=who)["channels"] for who in ("ann", "bob"))
    assert ann[0]["is_app"] is True
    assert {"secret", "inner"} <= {c["name"] for c in ann}
    assert not {"secret", "inner"} & {c["name"] for c in bob}
    assert people.get("/messages", as_="bob", channel="C0SECRET")["http"] == 403


def test_unread_messages_are_counted_until_the_channel_is_opened(people: Control, bot: WebClient) -> None:
    for text in ("one", "two <@U0ANN>"):
        bot.chat_postMessage(channel="C0OPEN", text=text)
    assert counts(people) == (2, 1)
    people.act("ann", "open_channel", channel="#open")
    assert counts(people) == (0, 0)


def counts(people: Control) -> tuple[int, int]:
    channel = next(c for c in people.get("/channels", as_="ann")["channels"] if c["id"] == "C0OPEN")
    return channel["unread"], channel["mentions"]


def pings(people: Control, ts: str) -> list[tuple[str, list[str]]]:
    return [(n["kind"], n["people"]) for n in people.get("/notifications", ts=ts)["notifications"]]


LIVE = [
    ("<@U0ANN>", ("mention", ["U0ANN"])),
    ("<!subteam^S0TEAM>", ("usergroup", ["U0ANN", "U0BOB"])),
    ("<!here>", ("here", ["U0ANN", "U0BOB"])),
    ("<!channel>", ("channel", ["U0ANN", "U0BOB"])),
    ("<!everyone|everyone>", ("everyone", ["U0ANN", "U0BOB"])),
]


@pytest.mark.parametrize(("markup", "ping"), LIVE)
def test_live_markup_pings_wherever_it_stands(
    people: Control, bot: WebClient, markup: str, ping: Any
) -> None:
    in_text = bot.chat_postMessage(channel="C0OPEN", text=f"hi {markup}")["ts"]
    assert pings(people, in_text) == [ping]
    for block in (
        {"type": "section", "text": {"type": "mrkdwn", "text": markup}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": markup}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": markup}]},
        {"type": "markdown", "text": markup},
    ):
        ts = bot.chat_postMessage(channel="C0OPEN", text="card", blocks=[block])["ts"]
        assert pings(people, ts) == [ping]


def test_rich_text_pings_by_its_elements(people: Control, bot: WebClient) -> None:
    elements = [{"type": "user", "user_id": "U0BOB"}, {"type": "broadcast", "range": "here"}]
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
    ts = bot.chat_postMessage(channel="C0OPEN", text="t", blocks=[block])["ts"]
    assert [kind for kind, _ in pings(people, ts)] == ["mention", "here"]


@pytest.mark.parametrize(
    "text", ["&lt;!channel&gt;", "@channel", "@ann", "<#C0OPEN>", "a < b > c", "<https://x.y>"]
)
def test_escaped_or_plain_text_pings_nobody(people: Control, bot: WebClient, text: str) -> None:
    ts = bot.chat_postMessage(channel="C0OPEN", text=text)["ts"]
    assert pings(people, ts) == []
    block = {"type": "section", "text": {"type": "plain_text", "text": "<!channel>"}}
    assert pings(people, bot.chat_postMessage(channel="C0OPEN", text="t", blocks=[block])["ts"]) == []


def test_link_names_makes_names_live(people: Control, bot: WebClient) -> None:
    ts = bot.chat_postMessage(channel="C0OPEN", text="@ann and @team", link_names=True)["ts"]
    assert [kind for kind, _ in pings(people, ts)] == ["mention", "usergroup"]


def test_markup_that_an_edit_adds_is_recorded_as_such(people: Control, bot: WebClient) -> None:
    ts = bot.chat_postMessage(channel="C0OPEN", text="hello")["ts"]
    bot.chat_update(channel="C0OPEN", ts=ts, text="hello <!channel>")
    found = people.get("/notifications", ts=ts)["notifications"]
    assert [(n["kind"], n["on"]) for n in found] == [("channel", "update")]


def test_a_direct_message_and_a_reply_notify_those_concerned(people: Control, bot: WebClient) -> None:
    ts = bot.chat_postMessage(channel="U0ANN", text="hello")["ts"]
    assert pings(people, ts) == [("dm", ["U0ANN"])]
    parent = people.act("ann", "message", channel="#open", text="q")["ts"]
    reply = people.act("bob", "message", channel="#open", text="a", thread_ts=parent)["ts"]
    assert pings(people, reply) == [("thread", ["U0ANN"])]


def test_what_a_person_types_becomes_what_slacks_client_sends(people: Control) -> None:
    typed = "a < b & c, see https://x.example/y?z=1. Ask ann@test.example or @here, <@U0BOB>"
    said = people.act("ann", "message", channel="#open", text=typed)["message"]["text"]
    assert said == (
        "a &lt; b &amp; c, see <https://x.example/y?z=1>. "
        "Ask <mailto:ann@test.example|ann@test.example> or <!here>, <@U0BOB>"
    )


REFUSALS = [
    ({"as": "nobody", "channel": "#open", "text": "x"}, 404, "user_not_found"),
    ({"as": "old", "channel": "#open", "text": "x"}, 403, "user_disabled"),
    ({"as": "U0TESTBOT", "channel": "#open", "text": "x"}, 403, "not_a_person"),
    ({"as": "cat", "channel": "#open", "text": "x"}, 403, "not_in_channel"),
    ({"as": "ann", "channel": "#gone", "text": "x"}, 403, "is_archived"),
    ({"as": "ann", "channel": "#nowhere", "text": "x"}, 404, "channel_not_found"),
    ({"as": "ann", "channel": "#open", "text": "  "}, 400, "no_text"),
    ({"as": "ann", "channel": "#open", "text": "x", "thread_ts": "1.1"}, 404, "thread_not_found"),
]


@pytest.mark.parametrize(("body", "status", "error"), REFUSALS)
def test_a_person_can_only_do_what_slack_would_let_them(
    people: Control, body: Json, status: int, error: str
) -> None:
    answer = people.post("/act/message", body)
    assert (answer["http"], answer["error"]) == (status, error)
    assert answer["detail"]


def test_nobody_edits_or_deletes_for_another(people: Control) -> None:
    ts = people.act("ann", "message", channel="#open", text="mine")["ts"]
    assert people.act("bob", "edit", channel="#open", ts=ts, text="x")["http"] == 403
    assert people.act("bob", "delete", channel="#open", ts=ts)["http"] == 403
    assert (
        people.act("ann", "edit", channel="#open", ts=ts, text="ours")["message"]["edited"]["user"] == "U0ANN"
    )


def test_waiting_ends_when_the_message_comes_or_changes(people: Control, bot: WebClient) -> None:
    found: list[Json] = []
    waiting = threading.Thread(target=lambda: found.append(people.wait("ann", "#open", "ready")))
    waiting.start()
    ts = bot.chat_postMessage(channel="C0OPEN", text="working")["ts"]
    bot.chat_update(channel="C0OPEN", ts=ts, text="Ready now")
    waiting.join(5)
    assert found[0]["ts"] == ts
    missing = people.get("/wait", as_="ann", channel="#open", contains="never", timeout=0.01)
    assert (missing["ok"], missing["error"]) == (False, "timeout")


def stream(url: str, person: str, **more: str) -> Any:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return urllib.request.urlopen(f"{url}/sandbox/events?as={person}{query}", timeout=5)


def next_event(lines: Any) -> Json:
    for line in lines:
        if line.startswith(b"data:"):
            return dict(json.loads(line[5:]))
    raise AssertionError("the stream ended")


def test_live_events_reach_those_who_may_see_them_and_can_be_resumed(people: Control, bot: WebClient) -> None:
    with stream(people.url, "ann") as ann, stream(people.url, "bob") as bob:
        start = next_event(ann)
        assert start["type"] == "hello"
        assert next_event(bob)["type"] == "hello"
        bot.chat_postEphemeral(channel="C0OPEN", user="U0ANN", text="psst")
        people.act("ann", "message", channel="C0SECRET", text="quiet")
        ts = bot.chat_postMessage(channel="C0OPEN", text="aloud")["ts"]
        assert [next_event(ann)["type"] for _ in range(3)] == ["ephemeral", "message", "message"]
        heard = next_event(bob)
        assert (heard["type"], heard["ts"]) == ("message", ts)
    with stream(people.url, "ann", since=str(start["id"])) as again:
        assert [next_event(again)["type"] for _ in range(4)] == ["hello", "ephemeral", "message", "message"]


def test_calls_are_logged_without_their_tokens(people: Control, bot: WebClient) -> None:
    bot.api_call("chat.postMessage", data={"token": "xoxb-test", "channel": "C0OPEN", "text": "hello"})
    call = people.get("/calls", method="chat.postMessage", channel="C0OPEN")["calls"][-1]
    assert (call["ok"], call["http"], call["args"]["text"], call["token"]) == (True, 200, "hello", "bot")
    assert "xoxb-test" not in json.dumps(call)


def test_an_unknown_setting_is_named(people: Control) -> None:
    answer = people.post("/settings", {"colour": "red"})
    assert (answer["http"], answer["error"]) == (400, "unknown_setting")


def test_a_reset_brings_everything_back(people: Control, bot: WebClient) -> None:
    bot.chat_postMessage(channel="C0OPEN", text="gone soon")
    people.post("/admin/rename", {"channel": "#open", "name": "wide"})
    people.post("/reset", {})
    assert people.messages("ann", "#open") == []
    assert people.get("/calls")["calls"] == []
    assert bot.auth_test()["ok"]


def test_a_snapshot_brings_conversations_back(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    first = Sandbox(workspace=WORKSPACE, app=APP, snapshot=kept)
    people = Control(first.start())
    client = WebClient(token="xoxb-test", base_url=f"{people.url}/api/")
    parent = people.act("ann", "message", channel="@app", text="remember me")
    metadata = {"event_type": "sent", "event_payload": {"key": "k"}}
    client.chat_postMessage(channel=parent["channel"], text="I do", thread_ts=parent["ts"], metadata=metadata)
    people.act("ann", "upload", channel="#open", filename="a.txt", content="bytes")
    first.stop()
    second = Sandbox(workspace=WORKSPACE, app=APP, snapshot=kept)
    people = Control(second.start())
    thread = people.messages("ann", "@app", thread_ts=parent["ts"])
    assert [m["text"] for m in thread] == ["remember me", "I do"]
    assert thread[1]["metadata"] == metadata
    stored = people.messages("ann", "#open")[-1]["files"][0]
    with urllib.request.urlopen(f"{people.url}/files/{stored['id']}/a.txt?as=U0ANN") as answer:
        assert answer.read() == b"bytes"
    second.stop()


def test_a_workspace_file_with_an_unknown_member_does_not_start() -> None:
    with pytest.raises(WorkspaceFileError, match="channel open: no user is called 'eve'"):
        Sandbox(workspace={"users": [], "channels": [{"name": "open", "members": ["eve"]}]})


def test_the_demo_company_has_the_people_groups_and_channels_of_its_story() -> None:
    sandbox = Sandbox(workspace=NORTHWIND)
    world = sandbox.world
    names = {p.real_name: p for p in world.people.values()}
    assert 24 <= len(names) <= 28
    assert len({p.tz for p in names.values()}) >= 5
    assert names["Gerald Finch"].deleted
    groups = {g.handle: {world.people[u].real_name for u in g.users} for g in world.groups.values()}
    assert groups["risk-partners"] == {"Priya Shah", "Tom Becker"}
    assert "Ines Moreau" in groups["legal"]
    assert groups["privacy"] == {"Kim Novak"}
    assert "Sam Okafor" in groups["ai-program"]
    assert "Lee Chen" in groups["platform-oncall"]
    assert "Ruth Adler" in groups["exec"]
    assert all(groups.values())
    channels = {c.name: c for c in world.channels.values()}
    assert channels["old-project"].is_archived
    assert channels["exec-private"].is_private
    assert {"general", "claims", "risk-approvals", "legal-approvals", "ai-leadership"} <= set(channels)
