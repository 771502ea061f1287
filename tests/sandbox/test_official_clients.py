"""A plain Bolt app and Slack's own Socket Mode client, which know nothing of the sandbox, work against it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.app.app import SlackAppDevelopmentServer
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.sandbox.people import Control

Json = dict[str, Any]


def aside(close: Callable[[], object]) -> None:
    """Close a client beside the test: Slack's client takes three seconds to notice that it is closed."""
    threading.Thread(target=close, daemon=True).start()


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def bolt_app(url: str) -> App:
    """An app with one listener of each kind."""
    app = App(client=WebClient(token="xoxb-test", base_url=f"{url}/api/"), signing_secret="very-secret")

    @app.message("hello")
    def greet(message: Json, say: Any) -> None:
        button = {"type": "button", "action_id": "start", "text": plain("Start"), "value": "1"}
        blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
        say(text="Hi there", blocks=blocks, thread_ts=message["ts"])

    @app.event("app_mention")
    def mentioned(event: Json, say: Any) -> None:
        say(text="You called?", thread_ts=event["ts"])

    @app.action("start")
    def start(ack: Any, body: Json, client: WebClient, respond: Any) -> None:
        ack()
        field = {"type": "plain_text_input", "action_id": "name"}
        block = {"type": "input", "block_id": "who", "label": plain("Who"), "element": field}
        view = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Send")}
        client.views_open(trigger_id=body["trigger_id"], view=view | {"blocks": [block]})
        respond(text="Started", replace_original=True)

    @app.view("form")
    def submitted(ack: Any, view: Json, body: Json, client: WebClient) -> None:
        name = view["state"]["values"]["who"]["name"]["value"]
        if len(name) < 3:
            ack(response_action="errors", errors={"who": "Too short"})
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"Thank you, {name}")

    @app.command("/test")
    def command(ack: Any, command: Json) -> None:
        ack(f"You said {command['text']}")

    @app.options("find")
    def options(ack: Any, payload: Json) -> None:
        ack(options=[{"text": plain(payload["value"]), "value": "v"}])

    @app.shortcut("new")
    def shortcut(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text="A shortcut")

    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        section = {"type": "section", "text": plain("Your home")}
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section]})

    @app.event("message")
    def other_messages() -> None:
        return

    return app


@pytest.fixture(params=["http", "socket"])
def running(request: pytest.FixtureRequest, people: Control) -> Iterator[None]:
    """The Bolt app, connected over HTTP or Socket Mode."""
    app = bolt_app(people.url)
    if request.param == "socket":
        people.post("/settings", {"socket_mode": True})
        handler = SocketModeHandler(app, "xapp-test")
        handler.connect()  # type: ignore[no-untyped-call]
        yield
        aside(handler.close)
        return
    server = SlackAppDevelopmentServer(
        port=0, path="/slack/events", app=app, http_server_logger_enabled=False
    )
    listening = server._server
    threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    address = f"http://127.0.0.1:{listening.server_address[1]}/slack/events"
    assert people.post("/app", {"request_url": address})["verified"]
    yield
    listening.shutdown()
    listening.server_close()


@pytest.mark.usefixtures("running")
def test_a_conversation_a_click_a_form_and_a_thank_you(people: Control) -> None:
    people.act("ann", "message", channel="@app", text="hello")
    card = people.wait("ann", "@app", "hi there")
    assert people.act("ann", "click", channel="@app", message_ts=card["ts"], action_id="start")["ok"]
    people.wait_view("ann", callback_id="form")
    assert people.wait("ann", "@app", "started")["ts"] == card["ts"]
    refused = people.act("ann", "submit_view", values={"who": {"name": "Al"}})
    assert refused["errors"] == {"who": "Too short"}
    assert people.act("ann", "submit_view", values={"who": {"name": "Alan"}})["views"] == []
    assert people.wait("ann", "@app", "thank you, alan")["user"] == "U0TESTBOT"


@pytest.mark.usefixtures("running")
def test_a_mention_a_command_a_shortcut_and_home(people: Control) -> None:
    ts = people.act("ann", "message", channel="#open", text="<@U0TESTBOT> please")["ts"]
    assert people.wait("bob", "#open", "you called")["thread_ts"] == ts
    assert people.act("ann", "command", channel="#open", command="/test", text="yes")["ok"]
    assert people.wait("ann", "#open", "you said yes")["ephemeral"] is True
    assert people.act("ann", "shortcut", callback_id="new")["ok"]
    people.wait("ann", "@app", "a shortcut")
    people.act("ann", "open_home")
    assert people.get("/wait", as_="ann", home=1, contains="your home", timeout=5)["ok"]


@pytest.mark.usefixtures("running")
def test_options_for_an_external_menu(people: Control, bot: WebClient) -> None:
    menu = {"type": "external_select", "action_id": "find"}
    block = {"type": "actions", "block_id": "b", "elements": [menu]}
    ts = bot.chat_postMessage(channel="C0OPEN", text="t", blocks=[block])["ts"]
    found = people.act("ann", "suggest", channel="#open", message_ts=ts, action_id="find", value="typed")
    assert found["options"] == [{"text": plain("typed"), "value": "v"}]


class SocketApp:
    """Slack's Socket Mode client on its own, counting what it gets."""

    def __init__(self, url: str, *, acknowledge: bool = True) -> None:
        self.got: list[SocketModeRequest] = []
        self._acknowledge = acknowledge
        web = WebClient(token="xoxb-test", base_url=f"{url}/api/")
        self.client = SocketModeClient(app_token="xapp-test", web_client=web, auto_reconnect_enabled=False)
        self.client.socket_mode_request_listeners.append(self._take)
        self.client.connect()

    def _take(self, client: Any, request: SocketModeRequest) -> None:
        self.got.append(request)
        if self._acknowledge:
            client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))


def test_several_connections_share_the_load(people: Control) -> None:
    people.post("/settings", {"socket_mode": True})
    one, two = SocketApp(people.url), SocketApp(people.url)
    for n in range(10):
        people.act("ann", "message", channel="#open", text=str(n))
    deliveries = wait_for_deliveries(people, 10)
    assert {d["status"] for d in deliveries} == {200}
    assert (len(one.got), len(two.got)) == (5, 5)
    aside(one.client.close)
    aside(two.client.close)


def wait_for_deliveries(people: Control, count: int) -> list[Json]:
    done = threading.Event()
    for _ in range(500):
        found = [d for d in people.get("/deliveries", kind="event")["deliveries"] if d["status"]]
        if len(found) >= count:
            return found
        done.wait(0.01)
    raise AssertionError(f"{count} deliveries never arrived")


def test_an_envelope_that_is_not_acknowledged_comes_again_with_the_reason(people: Control) -> None:
    people.post("/settings", {"socket_mode": True, "ack_seconds": 0.05, "retry_speed": 100_000})
    deaf = SocketApp(people.url, acknowledge=False)
    people.act("ann", "message", channel="#open", text="hello")
    waiting = threading.Event()
    for _ in range(500):
        if len(deaf.got) >= 4:
            break
        waiting.wait(0.01)
    aside(deaf.client.close)
    assert [(r.retry_attempt, r.retry_reason) for r in deaf.got] == [
        (0, ""),
        (1, "http_timeout"),
        (2, "http_timeout"),
        (3, "http_timeout"),
    ]


def test_without_a_connection_a_click_fails_and_with_one_the_app_is_connected(people: Control) -> None:
    people.post("/settings", {"socket_mode": True})
    assert people.act("ann", "shortcut", callback_id="new")["error"] == "dispatch_failed"
    assert people.get("/workspace")["app"]["connected"] is False
    app = SocketApp(people.url)
    assert people.act("ann", "shortcut", callback_id="new")["ok"]
    assert people.get("/workspace")["app"]["connected"] is True
    assert people.post("/socket/disconnect", {"reason": "refresh_requested"})["disconnected"] == 1
    aside(app.client.close)


def test_a_connection_needs_the_app_token_and_a_fresh_ticket(people: Control, bot: WebClient) -> None:
    people.post("/settings", {"socket_mode": True})
    answer = bot.api_call("apps.connections.open", params={"token": "xapp-test"})
    assert answer["url"].startswith("ws://127.0.0.1:")
    with pytest.raises(Exception, match="not_allowed_token_type"):
        bot.apps_connections_open(app_token="xoxb-test")
