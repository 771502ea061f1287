"""Modals and Home: triggers that live once and briefly, a stack of three, state that survives an update."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.people import Control
from tests.sandbox.receiver import Delivery, Receiver, said

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def form(title: str = "Form", **more: Any) -> Json:
    text = {"type": "plain_text_input", "action_id": "name"}
    block = {"type": "input", "block_id": "who", "label": plain("Who"), "element": text}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": [block],
    } | more


def error_of(problem: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(problem.value.response["error"])


def trigger(people: Control, receiver: Receiver) -> str:
    receiver.clear()
    assert people.act("ann", "shortcut", callback_id="new")["ok"]
    return str(receiver.wait("shortcut")[0].payload["trigger_id"])


@pytest.fixture
def opened(people: Control, receiver: Receiver, bot: WebClient) -> Json:
    """A form open on Ann's screen."""
    view = bot.views_open(trigger_id=trigger(people, receiver), view=form())["view"]
    assert isinstance(view, dict)
    return view


def test_a_trigger_opens_one_view(people: Control, receiver: Receiver, bot: WebClient) -> None:
    trigger_id = trigger(people, receiver)
    view = bot.views_open(trigger_id=trigger_id, view=form())["view"]
    assert people.get("/views", as_="ann")["views"][0]["id"] == view["id"]
    assert people.get("/views", as_="bob")["views"] == []
    with pytest.raises(SlackApiError) as problem:
        bot.views_open(trigger_id=trigger_id, view=form())
    assert error_of(problem) == "exchanged_trigger_id"


def test_a_trigger_dies_after_its_seconds(people: Control, receiver: Receiver, bot: WebClient) -> None:
    people.post("/settings", {"trigger_seconds": 0})
    with pytest.raises(SlackApiError) as problem:
        bot.views_open(trigger_id=trigger(people, receiver), view=form())
    assert error_of(problem) == "expired_trigger_id"


@pytest.mark.parametrize(
    ("trigger_id", "error"), [("1.2.abc", "invalid_trigger_id"), ("", "invalid_arguments")]
)
def test_a_made_up_trigger_opens_nothing(bot: WebClient, trigger_id: str, error: str) -> None:
    with pytest.raises(SlackApiError) as problem:
        bot.views_open(trigger_id=trigger_id, view=form())
    assert error_of(problem) == error


def test_a_bad_view_is_refused_with_the_place_and_leaves_the_trigger_good(
    people: Control, receiver: Receiver, bot: WebClient
) -> None:
    trigger_id = trigger(people, receiver)
    with pytest.raises(SlackApiError) as problem:
        bot.views_open(trigger_id=trigger_id, view=form("x" * 25))
    answer = problem.value.response
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    bot.views_open(trigger_id=trigger_id, view=form())


def test_a_view_over_a_quarter_of_a_megabyte_is_too_large(
    people: Control, receiver: Receiver, bot: WebClient
) -> None:
    blocks = [{"type": "section", "text": plain("x" * 3000)}] * 100
    with pytest.raises(SlackApiError) as problem:
        bot.views_open(trigger_id=trigger(people, receiver), view=form(blocks=blocks))
    assert error_of(problem) == "view_too_large"


def test_views_stack_three_high(people: Control, receiver: Receiver, bot: WebClient) -> None:
    bot.views_open(trigger_id=trigger(people, receiver), view=clickable("1"))
    for title in ("2", "3"):
        bot.views_push(trigger_id=click(people, receiver), view=clickable(title))
    stack = people.get("/views", as_="ann")["views"]
    assert [v["title"]["text"] for v in stack] == ["1", "2", "3"]
    assert {v["root_view_id"] for v in stack} == {stack[0]["id"]}
    assert stack[2]["previous_view_id"] == stack[1]["id"]
    with pytest.raises(SlackApiError) as problem:
        bot.views_push(trigger_id=click(people, receiver), view=clickable("4"))
    assert error_of(problem) == "push_limit_reached"


def clickable(title: str) -> Json:
    button = {"type": "button", "action_id": "more", "text": plain("More")}
    return form(title, blocks=[{"type": "actions", "elements": [button]}])


def click(people: Control, receiver: Receiver) -> str:
    receiver.clear()
    assert people.act("ann", "view_action", action_id="more")["ok"]
    return str(receiver.wait("block_actions")[0].payload["trigger_id"])


def test_an_update_with_an_old_hash_is_a_conflict(opened: Json, bot: WebClient) -> None:
    bot.views_update(view_id=opened["id"], hash=opened["hash"], view=form("Two"))
    with pytest.raises(SlackApiError) as problem:
        bot.views_update(view_id=opened["id"], hash=opened["hash"], view=form("Three"))
    assert error_of(problem) == "hash_conflict"


def test_an_update_keeps_what_was_typed_where_block_and_action_stay(
    people: Control, opened: Json, bot: WebClient
) -> None:
    people.act("ann", "view_action", action_id="name", value="Ann")
    view = bot.views_update(view_id=opened["id"], view=form("Two"))["view"]
    assert view["state"]["values"]["who"]["name"]["value"] == "Ann"


def test_a_closed_view_cannot_be_updated(people: Control, opened: Json, bot: WebClient) -> None:
    people.act("ann", "close_view")
    with pytest.raises(SlackApiError) as problem:
        bot.views_update(view_id=opened["id"], view=form())
    assert error_of(problem) == "not_found"


def test_an_external_id_is_free_once_only(people: Control, receiver: Receiver, bot: WebClient) -> None:
    bot.views_open(trigger_id=trigger(people, receiver), view=form(external_id="one"))
    assert (
        bot.views_update(external_id="one", view=form("Two", external_id="one"))["view"]["title"]["text"]
        == "Two"
    )
    with pytest.raises(SlackApiError) as problem:
        bot.views_open(trigger_id=trigger(people, receiver), view=form(external_id="one"))
    assert error_of(problem) == "duplicate_external_id"


def test_home_is_published_to_one_person_and_replaced_in_place(people: Control, bot: WebClient) -> None:
    home = {"type": "home", "blocks": [{"type": "section", "text": plain("Hello")}]}
    first = bot.views_publish(user_id="U0ANN", view=home)["view"]
    again = bot.views_publish(user_id="U0ANN", view=home, hash=first["hash"])["view"]
    assert first["id"] == again["id"]
    assert people.get("/home", as_="ann")["view"]["blocks"][0]["text"]["text"] == "Hello"
    assert people.get("/home", as_="bob")["view"] is None
    with pytest.raises(SlackApiError) as problem:
        bot.views_publish(user_id="U0ANN", view=home, hash=first["hash"])
    assert error_of(problem) == "hash_conflict"


def test_a_form_without_its_required_field_is_not_sent(
    people: Control, receiver: Receiver, opened: Json
) -> None:
    answer = people.act("ann", "submit_view", values={})
    assert answer["error"] == "input_refused"
    assert list(answer["errors"]) == ["who"]
    assert [d.kind for d in receiver.deliveries] == ["shortcut"]


def test_a_sent_form_carries_its_state_and_closes(people: Control, receiver: Receiver, opened: Json) -> None:
    answer = people.act("ann", "submit_view", values={"who": {"name": "Ann"}})
    payload = receiver.wait("view_submission")[0].payload
    assert payload["view"]["state"]["values"] == {
        "who": {"name": {"type": "plain_text_input", "value": "Ann"}}
    }
    assert payload["view"]["callback_id"] == "form"
    assert payload["user"]["id"] == "U0ANN"
    assert answer["views"] == []


def answer_with(receiver: Receiver, body: Json) -> None:
    def answer(delivery: Delivery) -> Any:
        return said(body if delivery.kind == "view_submission" else b"")

    receiver.answer = answer


def test_errors_of_the_app_stand_under_the_fields_and_the_text_stays(
    people: Control, receiver: Receiver, opened: Json
) -> None:
    answer_with(receiver, {"response_action": "errors", "errors": {"who": "Somebody else"}})
    answer = people.act("ann", "submit_view", values={"who": {"name": "Ann"}})
    assert answer["errors"] == {"who": "Somebody else"}
    view = people.get("/views", as_="ann")["views"][0]
    assert view["errors"] == {"who": "Somebody else"}
    assert view["state"]["values"]["who"]["name"]["value"] == "Ann"


def test_the_app_can_update_push_or_clear_in_its_answer(
    people: Control, receiver: Receiver, opened: Json
) -> None:
    values = {"who": {"name": "Ann"}}
    answer_with(receiver, {"response_action": "update", "view": form("Two")})
    assert titles(people.act("ann", "submit_view", values=values)) == ["Two"]
    answer_with(receiver, {"response_action": "push", "view": form("Three")})
    assert titles(people.act("ann", "submit_view", values=values)) == ["Two", "Three"]
    answer_with(receiver, {})
    assert titles(people.act("ann", "submit_view", values=values)) == ["Two"]
    answer_with(receiver, {"response_action": "clear"})
    assert titles(people.act("ann", "submit_view", values=values)) == []


def titles(answer: Json) -> list[str]:
    return [v["title"]["text"] for v in answer["views"]]


@pytest.mark.parametrize(
    "body",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
    ],
)
def test_an_answer_that_slack_would_not_understand_is_trouble(
    people: Control, receiver: Receiver, opened: Json, body: Json
) -> None:
    answer_with(receiver, body)
    answer = people.act("ann", "submit_view", values={"who": {"name": "Ann"}})
    assert answer["error"] == "bad_response"
    assert answer["toast"] == "We had some trouble connecting. Try again?"
    assert len(people.get("/views", as_="ann")["views"]) == 1


def test_closing_tells_the_app_if_it_asked(people: Control, receiver: Receiver, bot: WebClient) -> None:
    bot.views_open(trigger_id=trigger(people, receiver), view=form(notify_on_close=True))
    assert people.act("ann", "close_view")["views"] == []
    payload = receiver.wait("view_closed")[0].payload
    assert (payload["view"]["callback_id"], payload["is_cleared"]) == ("form", False)


def test_nobody_can_touch_another_persons_view(people: Control, opened: Json) -> None:
    answer = people.act("bob", "submit_view", view_id=opened["id"], values={"who": {"name": "Bob"}})
    assert (answer["http"], answer["error"]) == (404, "view_not_found")


BAD_INPUTS = [
    ({"type": "plain_text_input", "min_length": 3}, "ab"),
    ({"type": "plain_text_input", "max_length": 3}, "abcd"),
    ({"type": "number_input", "is_decimal_allowed": False}, "1.5"),
    ({"type": "number_input", "is_decimal_allowed": True, "max_value": "9"}, "10"),
    ({"type": "number_input", "is_decimal_allowed": True}, "many"),
    ({"type": "email_text_input"}, "ann at home"),
    ({"type": "url_text_input"}, "somewhere"),
]


@pytest.mark.parametrize(("element", "value"), BAD_INPUTS)
def test_slacks_client_refuses_what_does_not_fit_the_field(
    people: Control, receiver: Receiver, bot: WebClient, element: Json, value: str
) -> None:
    block = {"type": "input", "block_id": "b", "label": plain("L"), "element": element | {"action_id": "a"}}
    bot.views_open(trigger_id=trigger(people, receiver), view=form(blocks=[block]))
    assert people.act("ann", "submit_view", values={"b": {"a": value}})["error"] == "input_refused"
