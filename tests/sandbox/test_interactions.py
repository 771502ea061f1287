"""Interactions: what each element sends, what the app may answer, what a person is shown if it does not."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from tests.sandbox.people import Control
from tests.sandbox.receiver import Delivery, Receiver, held, said

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.upper()), "value": value}


def post(bot: WebClient, element: Json, **block: Any) -> str:
    kind = block.pop("kind", "actions")
    body: Json = {"type": kind, "block_id": "b"} | block
    body |= {"element": element} if kind == "input" else {"elements": [element]}
    return str(bot.chat_postMessage(channel="C0OPEN", text="card", blocks=[body])["ts"])


def click(people: Control, ts: str, **given: Any) -> Json:
    return people.act("ann", "click", channel="#open", message_ts=ts, action_id="a", **given)


def test_a_click_carries_everything_slack_sends(people: Control, receiver: Receiver, bot: WebClient) -> None:
    ts = post(
        bot, {"type": "button", "action_id": "a", "text": plain("Go"), "value": "42", "style": "primary"}
    )
    answer = click(people, ts)
    payload = receiver.wait("block_actions")[0].payload
    assert (answer["ok"], answer["status"]) == (True, 200)
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0OPEN",
        "is_ephemeral": False,
    }
    assert payload["user"] == {"id": "U0ANN", "username": "ann", "name": "ann", "team_id": "T0TEST"}
    assert payload["team"] == {"id": "T0TEST", "domain": "test"}
    assert payload["channel"] == {"id": "C0OPEN", "name": "open"}
    assert (payload["api_app_id"], payload["enterprise"], payload["is_enterprise_install"]) == (
        "A0TEST",
        None,
        False,
    )
    assert payload["message"]["ts"] == ts
    assert payload["trigger_id"]
    assert payload["response_url"].startswith(people.url)
    action = payload["actions"][0]
    assert action.pop("action_ts")
    assert action == {
        "type": "button",
        "action_id": "a",
        "block_id": "b",
        "text": plain("Go"),
        "value": "42",
        "style": "primary",
    }


CHOICES = [
    ({"type": "static_select", "options": [option("x")]}, {"value": "x"}, {"selected_option": option("x")}),
    ({"type": "users_select"}, {"value": "U0BOB"}, {"selected_user": "U0BOB"}),
    ({"type": "conversations_select"}, {"value": "C0OPEN"}, {"selected_conversation": "C0OPEN"}),
    ({"type": "channels_select"}, {"selected_channel": "C0OPEN"}, {"selected_channel": "C0OPEN"}),
    ({"type": "overflow", "options": [option("x")]}, {"value": "x"}, {"selected_option": option("x")}),
    ({"type": "datepicker"}, {"value": "2026-11-21"}, {"selected_date": "2026-11-21"}),
    ({"type": "timepicker"}, {"selected_time": "09:30"}, {"selected_time": "09:30"}),
    ({"type": "datetimepicker"}, {"value": 1790000000}, {"selected_date_time": 1790000000}),
    ({"type": "radio_buttons", "options": [option("x")]}, {"value": "x"}, {"selected_option": option("x")}),
    (
        {"type": "checkboxes", "options": [option("x"), option("y")]},
        {"values": ["x", "y"]},
        {"selected_options": [option("x"), option("y")]},
    ),
]


@pytest.mark.parametrize(("element", "given", "sent"), CHOICES, ids=lambda v: str(v.get("type", "")))
def test_each_element_sends_its_choice_and_keeps_it(
    people: Control, receiver: Receiver, bot: WebClient, element: Json, given: Json, sent: Json
) -> None:
    ts = post(bot, element | {"action_id": "a"})
    assert click(people, ts, **given)["ok"]
    payload = receiver.wait("block_actions")[0].payload
    assert sent.items() <= payload["actions"][0].items()
    if element["type"] != "overflow":
        state = payload["state"]["values"]["b"]["a"]
        assert state == {"type": element["type"]} | sent
        assert people.messages("ann", "#open")[-1]["state"]["b"]["a"] == state
        assert people.messages("bob", "#open")[-1]["state"]["b"]["a"] != state


MULTIPLE = [
    (
        {"type": "multi_static_select", "options": [option("x"), option("y")]},
        ["x"],
        {"selected_options": [option("x")]},
    ),
    ({"type": "multi_users_select"}, ["U0ANN", "U0BOB"], {"selected_users": ["U0ANN", "U0BOB"]}),
    ({"type": "multi_conversations_select"}, ["C0OPEN"], {"selected_conversations": ["C0OPEN"]}),
    ({"type": "multi_channels_select"}, ["C0OPEN"], {"selected_channels": ["C0OPEN"]}),
]


@pytest.mark.parametrize(("element", "values", "sent"), MULTIPLE, ids=lambda v: str(v))
def test_menus_for_several_send_all_that_was_chosen(
    people: Control, receiver: Receiver, bot: WebClient, element: Json, values: list[str], sent: Json
) -> None:
    block = {
        "type": "section",
        "block_id": "b",
        "text": plain("t"),
        "accessory": element | {"action_id": "a"},
    }
    ts = bot.chat_postMessage(channel="C0OPEN", text="t", blocks=[block])["ts"]
    assert click(people, ts, values=values)["ok"]
    assert sent.items() <= receiver.wait("block_actions")[0].payload["actions"][0].items()


def test_feedback_and_icon_buttons_send_their_value(
    people: Control, receiver: Receiver, bot: WebClient
) -> None:
    good, bad = {"text": plain("Good"), "value": "up"}, {"text": plain("Bad"), "value": "down"}
    element = {"type": "feedback_buttons", "action_id": "a", "positive_button": good, "negative_button": bad}
    assert click(people, post(bot, element, kind="context_actions"), value="down")["ok"]
    action = receiver.wait("block_actions")[0].payload["actions"][0]
    assert (action["type"], action["value"]) == ("feedback_buttons", "down")
    icon = {"type": "icon_button", "action_id": "a", "icon": "trash", "text": plain("Remove"), "value": "7"}
    assert click(people, post(bot, icon, kind="context_actions"))["ok"]
    assert receiver.wait("block_actions", 2)[1].payload["actions"][0]["value"] == "7"


def test_a_field_is_sent_at_once_only_if_it_dispatches(
    people: Control, receiver: Receiver, bot: WebClient
) -> None:
    field = {"type": "plain_text_input", "action_id": "a"}
    quiet = click(people, post(bot, field, kind="input", label=plain("L")), value="typed")
    assert (quiet["ok"], quiet["dispatched"]) == (True, False)
    loud = post(bot, field, kind="input", label=plain("L"), dispatch_action=True)
    assert click(people, loud, value="typed")["status"] == 200
    sent = receiver.wait("block_actions")
    assert [d.payload["actions"][0]["value"] for d in sent] == ["typed"]


def test_a_choice_that_is_not_offered_is_refused(people: Control, receiver: Receiver, bot: WebClient) -> None:
    ts = post(bot, {"type": "static_select", "action_id": "a", "options": [option("x")]})
    assert click(people, ts, value="z")["error"] == "bad_value"


def test_options_come_from_the_app_for_external_menus(
    people: Control, receiver: Receiver, bot: WebClient
) -> None:
    def answer(delivery: Delivery) -> Any:
        return said({"options": [option("north")]} if delivery.kind == "block_suggestion" else b"")

    receiver.answer = answer
    ts = post(bot, {"type": "external_select", "action_id": "a", "min_query_length": 1})
    where = {"channel": "#open", "message_ts": ts, "action_id": "a"}
    assert people.act("ann", "suggest", **where, value="nor")["options"] == [option("north")]
    payload = receiver.wait("block_suggestion")[0].payload
    assert (payload["value"], payload["action_id"], payload["block_id"]) == ("nor", "a", "b")
    assert click(people, ts, value="north")["ok"]
    assert receiver.wait("block_actions")[0].payload["actions"][0]["selected_option"] == option("north")


def test_a_button_for_others_is_neither_seen_nor_clicked(
    people: Control, receiver: Receiver, bot: WebClient
) -> None:
    button = {"type": "button", "action_id": "a", "text": plain("Mine"), "visible_to_user_ids": ["U0BOB"]}
    ts = post(bot, button)
    assert people.messages("ann", "#open")[-1]["blocks"] == []
    assert (click(people, ts)["http"], click(people, ts)["error"]) == (404, "no_such_element")
    assert people.messages("bob", "#open")[-1]["blocks"][0]["elements"][0]["action_id"] == "a"
    assert people.act("bob", "click", channel="#open", message_ts=ts, action_id="a")["ok"]


def test_an_outsider_cannot_click_in_a_private_channel(people: Control, bot: WebClient) -> None:
    block = {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": plain("Go")}]}
    ts = bot.chat_postMessage(channel="C0INNER", text="t", blocks=[block])["ts"]
    assert people.act("bob", "click", channel="C0INNER", message_ts=ts, action_id="a")["http"] == 403


def test_a_click_on_an_ephemeral_message_does_not_tell_its_blocks(
    people: Control, receiver: Receiver, bot: WebClient
) -> None:
    block = {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": plain("Go")}]}
    ts = bot.chat_postEphemeral(channel="C0OPEN", user="U0ANN", text="psst", blocks=[block])["message_ts"]
    assert click(people, ts)["ok"]
    payload = receiver.wait("block_actions")[0].payload
    assert payload["container"]["is_ephemeral"] is True
    assert "blocks" not in payload["message"]


def response_url(people: Control, receiver: Receiver, bot: WebClient) -> tuple[str, str]:
    ts = post(bot, {"type": "button", "action_id": "a", "text": plain("Go")})
    click(people, ts)
    return ts, str(receiver.wait("block_actions")[-1].payload["response_url"])


def test_a_response_url_replaces_deletes_and_adds(
    people: Control, receiver: Receiver, bot: WebClient
) -> None:
    _, url = response_url(people, receiver, bot)
    hook = WebhookClient(url)
    assert hook.send_dict({"text": "only you"}).status_code == 200
    assert people.messages("ann", "#open")[-1]["ephemeral"] is True
    hook.send_dict({"text": "all", "response_type": "in_channel"})
    assert people.messages("bob", "#open")[-1]["text"] == "all"
    hook.send_dict({"text": "done", "replace_original": True})
    assert [m["text"] for m in people.messages("bob", "#open")] == ["done", "all"]
    hook.send_dict({"delete_original": True})
    assert [m["text"] for m in people.messages("bob", "#open")] == ["all"]


def test_a_response_url_works_five_times(people: Control, receiver: Receiver, bot: WebClient) -> None:
    _, url = response_url(people, receiver, bot)
    answers = [WebhookClient(url).send_dict({"text": str(n)}) for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert json.loads(answers[5].body)["error"] == "used_url"


def test_a_response_url_ends_with_its_time(people: Control, receiver: Receiver, bot: WebClient) -> None:
    _, url = response_url(people, receiver, bot)
    people.post("/settings", {"response_url_seconds": 0})
    assert json.loads(WebhookClient(url).send_dict({"text": "late"}).body)["error"] == "expired_url"


def test_a_response_with_bad_blocks_is_refused(people: Control, receiver: Receiver, bot: WebClient) -> None:
    _, url = response_url(people, receiver, bot)
    answer = WebhookClient(url).send_dict({"text": "x", "blocks": [{"type": "poem"}]})
    assert (answer.status_code, json.loads(answer.body)["error"]) == (400, "invalid_blocks")


def test_a_command_is_a_flat_form_and_its_answer_is_for_the_person_alone(
    people: Control, receiver: Receiver
) -> None:
    receiver.answer = lambda delivery: said({"text": "hello"} if delivery.kind == "/test" else b"")
    answer = people.act("ann", "command", channel="#open", command="/test", text="a b")
    form = receiver.wait("/test")[0].payload
    assert (form["command"], form["text"], form["user_id"], form["user_name"]) == (
        "/test",
        "a b",
        "U0ANN",
        "ann",
    )
    assert (form["channel_id"], form["channel_name"], form["team_domain"]) == ("C0OPEN", "open", "test")
    assert (form["api_app_id"], form["is_enterprise_install"]) == ("A0TEST", "false")
    assert form["trigger_id"]
    assert answer["shown"][-1]["type"] == "ephemeral"
    assert people.messages("bob", "#open") == []


def test_a_command_can_answer_in_plain_text_or_aloud(people: Control, receiver: Receiver) -> None:
    receiver.answer = lambda delivery: said(b"just text")
    people.act("ann", "command", channel="#open", command="/test")
    assert people.messages("ann", "#open")[-1]["text"] == "just text"
    receiver.answer = lambda delivery: said({"text": "aloud", "response_type": "in_channel"})
    people.act("ann", "command", channel="#open", command="/test")
    assert people.messages("bob", "#open")[-1]["text"] == "aloud"


def test_a_command_that_is_not_declared_does_not_exist(people: Control, receiver: Receiver) -> None:
    assert people.act("ann", "command", channel="#open", command="/dance")["error"] == "unknown_command"
    assert receiver.deliveries == []


def test_shortcuts_carry_a_trigger_and_the_message(people: Control, receiver: Receiver) -> None:
    people.act("ann", "shortcut", callback_id="new")
    payload = receiver.wait("shortcut")[0].payload
    assert payload["callback_id"] == "new"
    assert "channel" not in payload
    ts = people.act("bob", "message", channel="#open", text="an idea")["ts"]
    people.act("ann", "message_shortcut", channel="#open", ts=ts, callback_id="ask")
    payload = receiver.wait("message_action")[0].payload
    assert (payload["message"]["text"], payload["message_ts"], payload["channel"]["id"]) == (
        "an idea",
        ts,
        "C0OPEN",
    )
    assert payload["response_url"]
    assert people.act("ann", "shortcut", callback_id="ask")["error"] == "unknown_shortcut"


def test_an_app_that_fails_is_trouble_for_the_person(
    people: Control, receiver: Receiver, bot: WebClient
) -> None:
    ts = post(bot, {"type": "button", "action_id": "a", "text": plain("Go")})
    receiver.answer = lambda delivery: said(status=500)
    answer = click(people, ts)
    assert (answer["ok"], answer["error"], answer["status"]) == (False, "dispatch_failed", 500)
    assert answer["toast"] == "We had some trouble connecting. Try again?"
    assert {"type": "toast", "text": answer["toast"]} in answer["shown"]


def test_an_app_that_is_too_slow_times_out(people: Control, receiver: Receiver) -> None:
    people.post("/settings", {"ack_seconds": 0.05})
    release = threading.Event()
    receiver.answer = lambda delivery: held(release)
    answer = people.act("ann", "command", channel="#open", command="/test")
    release.set()
    assert (answer["ok"], answer["error"], answer["status"]) == (False, "operation_timeout", None)
    assert "operation_timeout" in answer["toast"]


def test_an_app_that_is_not_there_fails_at_once(people: Control, bot: WebClient) -> None:
    people.post("/app", {"request_url": "http://127.0.0.1:9/slack/events"})
    ts = post(bot, {"type": "button", "action_id": "a", "text": plain("Go")})
    assert click(people, ts)["error"] == "dispatch_failed"


def test_home_is_clicked_like_a_modal(people: Control, receiver: Receiver, bot: WebClient) -> None:
    button = {"type": "button", "action_id": "a", "text": plain("Go"), "value": "h"}
    view = {"type": "home", "private_metadata": "m", "blocks": [{"type": "actions", "elements": [button]}]}
    view_id = bot.views_publish(user_id="U0ANN", view=view)["view"]["id"]
    assert people.act("ann", "view_action", view_id=view_id, action_id="a")["ok"]
    payload = receiver.wait("block_actions")[0].payload
    assert payload["container"] == {"type": "view", "view_id": view_id}
    assert (payload["view"]["type"], payload["view"]["private_metadata"]) == ("home", "m")
    assert "response_url" not in payload
