"""Events out: who is told of what, in which shape, signed how, and how often."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from tests.sandbox.people import Control
from tests.sandbox.receiver import Receiver, held, said

Json = dict[str, Any]


def event(receiver: Receiver, kind: str) -> Json:
    return dict(receiver.wait(kind)[-1].payload["event"])


def test_every_delivery_is_signed_as_slacks_own_verifier_expects(people: Control, receiver: Receiver) -> None:
    people.act("ann", "message", channel="#open", text="hello")
    people.act("ann", "command", channel="#open", command="/test", text="x")
    for delivery in (receiver.wait("message")[0], receiver.wait("/test")[0]):
        assert SignatureVerifier("very-secret").is_valid_request(delivery.raw, delivery.headers)
        assert not SignatureVerifier("another").is_valid_request(delivery.raw, delivery.headers)


def test_a_message_event_has_slacks_envelope(people: Control, receiver: Receiver) -> None:
    ts = people.act("ann", "message", channel="#open", text="a < b")["ts"]
    payload = receiver.wait("message")[0].payload
    assert payload["type"] == "event_callback"
    assert (payload["team_id"], payload["api_app_id"]) == ("T0TEST", "A0TEST")
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["user_id"] == "U0TESTBOT"
    assert {"token", "event_time", "event_context", "is_ext_shared_channel"} <= set(payload)
    inner = payload["event"]
    assert (inner["user"], inner["channel"], inner["ts"]) == ("U0ANN", "C0OPEN", ts)
    assert (inner["text"], inner["channel_type"]) == ("a &lt; b", "channel")
    assert inner["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "a < b"}]


@pytest.mark.parametrize(("channel", "kind"), [("@app", "im"), ("#inner", "group"), ("#open", "channel")])
def test_the_kind_of_conversation_is_told(
    people: Control, receiver: Receiver, channel: str, kind: str
) -> None:
    people.act("ann", "message", channel=channel, text="hello")
    assert event(receiver, "message")["channel_type"] == kind


def test_the_app_hears_nothing_from_where_it_is_not(people: Control, receiver: Receiver) -> None:
    people.act("ann", "message", channel="#apart", text="between us <@U0TESTBOT>")
    people.act("ann", "message", channel="#open", text="aloud")
    assert event(receiver, "message")["text"] == "aloud"
    assert len(receiver.deliveries) == 1


def test_what_is_not_subscribed_is_not_delivered(people: Control, receiver: Receiver) -> None:
    people.post("/app", {"settings": {"event_subscriptions": {"bot_events": ["app_mention"]}}})
    people.act("ann", "message", channel="#open", text="hey <@U0TESTBOT>")
    assert event(receiver, "app_mention")["text"] == "hey <@U0TESTBOT>"
    assert [d["name"] for d in people.get("/deliveries")["deliveries"] if d["name"] == "message"] == []


def test_a_mention_in_a_channel_is_both_a_message_and_a_mention(people: Control, receiver: Receiver) -> None:
    people.act("ann", "message", channel="#open", text="<@U0TESTBOT> hello")
    assert event(receiver, "app_mention")["ts"] == event(receiver, "message")["ts"]


def test_the_apps_own_message_comes_back_to_it_with_its_bot_id(receiver: Receiver, bot: WebClient) -> None:
    bot.chat_postMessage(channel="C0OPEN", text="mine")
    inner = event(receiver, "message")
    assert (inner["bot_id"], inner["user"]) == ("B0TEST", "U0TESTBOT")
    assert "subtype" not in inner


def test_an_edit_and_a_deletion_are_hidden_messages_with_what_was_before(
    people: Control, receiver: Receiver
) -> None:
    ts = people.act("ann", "message", channel="#open", text="frist")["ts"]
    people.act("ann", "edit", channel="#open", ts=ts, text="first")
    changed = next(d for d in receiver.wait("message", 2) if d.payload["event"].get("subtype")).payload[
        "event"
    ]
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("frist", "first")
    assert changed["message"]["edited"]["user"] == "U0ANN"
    receiver.clear()
    people.act("ann", "delete", channel="#open", ts=ts)
    deleted = event(receiver, "message")
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)


def test_a_reply_names_its_thread(people: Control, receiver: Receiver) -> None:
    ts = people.act("ann", "message", channel="#open", text="q")["ts"]
    people.act("bob", "message", channel="#open", text="a", thread_ts=ts)
    replies = [d.payload["event"] for d in receiver.wait("message", 2) if d.payload["event"]["text"] == "a"]
    assert (replies[0]["thread_ts"], replies[0]["parent_user_id"]) == (ts, "U0ANN")


def test_opening_the_tabs_is_told_with_the_tab(people: Control, receiver: Receiver, bot: WebClient) -> None:
    channel = people.act("ann", "open_messages")["channel"]["id"]
    inner = event(receiver, "app_home_opened")
    assert (inner["tab"], inner["user"], inner["channel"]) == ("messages", "U0ANN", channel)
    bot.views_publish(user_id="U0ANN", view={"type": "home", "blocks": []})
    people.act("ann", "open_home")
    assert receiver.wait("app_home_opened", 2)[-1].payload["event"]["view"]["type"] == "home"


def test_changes_of_people_groups_and_channels_are_told(people: Control, receiver: Receiver) -> None:
    people.post("/admin/deactivate", {"user": "bob"})
    assert event(receiver, "user_change")["user"]["deleted"] is True
    people.post("/admin/add_user", {"name": "new", "real_name": "New One"})
    assert event(receiver, "team_join")["user"]["name"] == "new"
    people.post("/admin/group_members", {"group": "team", "users": ["ann", "cat"]})
    assert event(receiver, "subteam_updated")["subteam"]["users"] == ["U0ANN", "U0CAT"]
    members = event(receiver, "subteam_members_changed")
    assert (members["added_users"], members["removed_users"]) == (["U0CAT"], ["U0BOB"])
    people.post("/admin/rename", {"channel": "#open", "name": "wide"})
    assert event(receiver, "channel_rename")["channel"]["name"] == "wide"
    people.post("/admin/archive", {"channel": "#wide"})
    assert event(receiver, "channel_archive")["channel"] == "C0OPEN"


def test_a_newcomer_in_a_channel_is_told(people: Control, receiver: Receiver) -> None:
    people.act("cat", "join", channel="#open")
    inner = event(receiver, "member_joined_channel")
    assert (inner["user"], inner["channel"], inner["channel_type"]) == ("U0CAT", "C0OPEN", "C")


def test_a_reaction_and_a_shared_file_are_told(people: Control, receiver: Receiver) -> None:
    done = people.act("ann", "upload", channel="#open", filename="a.txt", content="hello")
    shared = event(receiver, "file_shared")
    assert (shared["file_id"], shared["channel_id"]) == (done["file"]["id"], "C0OPEN")
    assert event(receiver, "message")["subtype"] == "file_share"
    people.act("bob", "react", channel="#open", ts=done["ts"], name=":+1:")
    reaction = event(receiver, "reaction_added")
    assert (reaction["reaction"], reaction["item"]["ts"], reaction["item_user"]) == (
        "+1",
        done["ts"],
        "U0ANN",
    )


def test_an_agent_app_hears_where_people_look(people: Control, receiver: Receiver) -> None:
    people.act("ann", "open_channel", channel="#open")
    assert event(receiver, "app_context_changed")["context"]["entities"][0]["value"] == "C0OPEN"


def test_removing_the_app_is_told_and_kills_its_tokens(
    people: Control, receiver: Receiver, bot: WebClient
) -> None:
    people.delete("/app")
    assert event(receiver, "tokens_revoked")["tokens"]["bot"] == ["U0TESTBOT"]
    assert event(receiver, "app_uninstalled") == {"type": "app_uninstalled"}
    with pytest.raises(SlackApiError) as problem:
        bot.auth_test()
    assert problem.value.response["error"] == "token_revoked"
    assert people.get("/workspace")["app"] is None


def test_an_unacknowledged_event_comes_three_more_times_with_the_reason(
    people: Control, receiver: Receiver
) -> None:
    people.post("/settings", {"retry_speed": 100_000})
    receiver.answer = lambda delivery: said(status=500)
    people.act("ann", "message", channel="#open", text="hello")
    deliveries = receiver.wait("message", 4)
    assert len({d.payload["event_id"] for d in deliveries}) == 1
    assert [d.headers.get("x-slack-retry-num") for d in deliveries] == [None, "1", "2", "3"]
    assert {d.headers.get("x-slack-retry-reason") for d in deliveries[1:]} == {"http_error"}


def test_a_slow_app_gets_the_event_again_because_of_a_timeout(people: Control, receiver: Receiver) -> None:
    people.post("/settings", {"retry_speed": 100_000, "ack_seconds": 0.05})
    slow = threading.Event()
    receiver.answer = lambda delivery: held(slow)
    people.act("ann", "message", channel="#open", text="hello")
    reason = receiver.wait("message", 2)[1].headers["x-slack-retry-reason"]
    slow.set()
    assert reason == "http_timeout"


def test_an_app_can_decline_redelivery(people: Control, receiver: Receiver) -> None:
    people.post("/settings", {"retry_speed": 100_000})
    receiver.answer = lambda delivery: said(status=500, **{"X-Slack-No-Retry": "1"})
    people.act("ann", "message", channel="#open", text="once")
    receiver.wait("message")
    receiver.answer = lambda delivery: said()
    people.act("ann", "message", channel="#open", text="two")
    texts = [d.payload["event"]["text"] for d in receiver.wait("message", 2)]
    assert texts == ["once", "two"]


def test_a_slow_delivery_does_not_hold_up_the_others(people: Control, receiver: Receiver) -> None:
    release = threading.Event()
    receiver.answer = lambda d: held(release) if d.payload["event"]["text"] == "slow" else said()
    people.act("ann", "message", channel="#open", text="slow")
    for n in range(5):
        people.act("ann", "message", channel="#open", text=str(n))
    texts = {d.payload["event"]["text"] for d in receiver.wait("message", 6)}
    release.set()
    assert texts == {"slow", "0", "1", "2", "3", "4"}
