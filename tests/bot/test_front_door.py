"""The front door: what is not Slack's, not fresh or not shaped as Slack shapes it runs nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from bot import registry
from bot.front_door import LARGEST, FrontDoor, Turned, checked, signature
from bot.registry import Answer
from bot.slack_app import SlackApp
from bot.slack_gateway import Gateway, client
from tests.bot.conftest import SECRET, Bench
from tests.sizes import examples

NOW = 1_795_000_000
JSON_TYPE = {"content-type": "application/json"}
FORM_TYPE = {"content-type": "application/x-www-form-urlencoded"}
EVENT = json.dumps({"type": "event_callback", "event": {"type": "message"}}).encode()


def signed(body: bytes, at: float = NOW, secret: str = SECRET, **more: str) -> dict[str, str]:
    stamp = str(int(at))
    return {
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature(secret, stamp, body),
        **JSON_TYPE,
        **more,
    }


def outcome(headers: dict[str, str], body: bytes) -> int:
    found = checked(headers, body, SECRET, NOW)
    return found.status if isinstance(found, Turned) else 200


def test_our_signature_is_slacks() -> None:
    body = EVENT
    headers = signed(body, time.time())
    assert SignatureVerifier(SECRET).is_valid_request(
        body, {k: v for k, v in headers.items() if k.startswith("x-slack")}
    )


def test_a_signed_fresh_request_comes_in() -> None:
    assert outcome(signed(EVENT), EVENT) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**signed(EVENT), "x-slack-signature": "v0=" + "0" * 64},
        {**signed(EVENT), "x-slack-signature": ""},
        {**signed(EVENT), "x-slack-signature": "v0=é"},
        signed(EVENT, secret="another-secret"),
        signed(EVENT, at=NOW - 301),
        signed(EVENT, at=NOW + 301),
        {**signed(EVENT), "x-slack-request-timestamp": "²"},
        {**signed(EVENT), "x-slack-request-timestamp": "9" * 400},
        {**signed(EVENT), "x-slack-request-timestamp": "-1"},
    ],
)
def test_unsigned_forged_and_old_requests_are_turned_away(headers: dict[str, str]) -> None:
    assert outcome({**JSON_TYPE, **headers}, EVENT) == 401


def test_a_body_changed_by_one_byte_is_turned_away() -> None:
    assert outcome(signed(EVENT), EVENT.replace(b"message", b"messagE")) == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"type": "event_callback"}',
        b'{"type": "event_callback", "event": "x"}',
        b'{"type": "event_callback", "event": {"type": 3}}',
        b'{"type": ["event_callback"]}',
        b'{"type": "block_actions", "user": 3}',
        b'{"type": "url_verification"}',
        b'{"type": "event_callback", "event": {"type": "message"}, "n": NaN}',
        b"[" * 100_000,
        b'{"type":"event_callback","event":' + b'{"a":' * 300 + b"1" + b"}" * 300 + b"}",
    ],
)
def test_signed_json_that_slack_never_sends_is_turned_away(body: bytes) -> None:
    assert outcome(signed(body), body) == 400


@pytest.mark.parametrize(
    "body",
    [b"payload={", b"payload=%ff%fe", b"a=b", urlencode({"payload": "[" * 5000}).encode(), b"a=1&" * 500],
)
def test_signed_forms_that_slack_never_sends_are_turned_away(body: bytes) -> None:
    assert outcome({**signed(body), **FORM_TYPE}, body) == 400


def test_other_kinds_of_content_are_turned_away() -> None:
    assert outcome(signed(EVENT, **{"content-type": "text/xml"}), EVENT) == 400


# Through the endpoint, with Bolt behind it


class Knocking:
    """The endpoint with a listener that says when it ran."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.ran: list[Any] = []

        def ran(moment: Any, given: Any) -> Answer:
            self.ran.append(given)
            return Answer()

        monkeypatch.setitem(registry.MESSAGES, "message", ran)
        monkeypatch.setitem(registry.ACTIONS, "probe", ran)
        web = client("xoxb-nobody", bench.settings.api_url)
        self.aside = ThreadPoolExecutor(1)
        self.slack = SlackApp(web, Gateway(web), bench.moment, self.aside, lambda change: None)
        self.door = FrontDoor(self.slack.app, SECRET, threads=2)

    def knocks(self, body: bytes, headers: dict[str, str], method: str = "POST") -> int:
        sent: list[Any] = []
        parts = [body[i : i + 65536] for i in range(0, len(body), 65536)] or [b""]
        pending = [
            {"type": "http.request", "body": p, "more_body": n < len(parts) - 1} for n, p in enumerate(parts)
        ]

        async def receive() -> Any:
            return pending.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "headers": [
                (k.encode("latin-1", "replace"), v.encode("latin-1", "replace")) for k, v in headers.items()
            ],
        }
        asyncio.run(self.door(scope, receive, send))
        return int(sent[0]["status"])

    def close(self) -> None:
        self.door.close()
        self.aside.shutdown()


@pytest.fixture
def knocking(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Knocking]:
    made = Knocking(bench, monkeypatch)
    yield made
    made.close()


def message(text: str = "hello") -> bytes:
    event = {
        "type": "message",
        "user": "U0DANA",
        "text": text,
        "ts": "1.2",
        "channel": "D1",
        "channel_type": "im",
    }
    return json.dumps({"type": "event_callback", "event_id": "Ev1", "event": event}).encode()


def test_a_real_event_runs_its_listener(knocking: Knocking) -> None:
    body = message()
    assert knocking.knocks(body, signed(body, time.time())) == 200
    assert [m.text for m in knocking.ran] == ["hello"]


def test_an_event_nobody_listens_to_is_acknowledged_and_counted(knocking: Knocking) -> None:
    body = json.dumps({"type": "event_callback", "event_id": "E", "event": {"type": "pin_added"}}).encode()
    assert knocking.knocks(body, signed(body, time.time())) == 200
    assert knocking.slack.counts["unmatched"] == 1


def test_the_bots_own_messages_run_nothing(knocking: Knocking) -> None:
    body = message().replace(b'"user": "U0DANA"', b'"user": "U0PREFLIGHT", "bot_id": "B1"')
    assert knocking.knocks(body, signed(body, time.time())) == 200
    assert knocking.ran == []


def test_slacks_check_of_the_address_is_answered(knocking: Knocking) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c" * 20, "token": "t"}).encode()
    assert knocking.knocks(body, signed(body, time.time())) == 200


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_over_a_megabyte_is_turned_away_unread(knocking: Knocking, announced: bool) -> None:
    body = b"x" * (LARGEST + 1)
    headers = signed(body, time.time(), **({"content-length": str(len(body))} if announced else {}))
    assert knocking.knocks(body, headers) == 413


def test_an_odd_content_length_is_turned_away(knocking: Knocking) -> None:
    assert knocking.knocks(b"", {"content-length": "²"}) == 413


def test_reading_the_address_is_not_allowed(knocking: Knocking) -> None:
    assert knocking.knocks(b"", {}, method="GET") == 405


@pytest.mark.parametrize("missing", ["user", "ts", "channel", "text"])
def test_a_signed_event_that_lacks_something_never_ends_in_an_error(knocking: Knocking, missing: str) -> None:
    whole = json.loads(message())
    del whole["event"][missing]
    body = json.dumps(whole).encode()
    assert knocking.knocks(body, signed(body, time.time())) in (200, 400)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMES = st.sampled_from(
    [
        "type",
        "event",
        "user",
        "channel",
        "actions",
        "view",
        "container",
        "message",
        "team",
        "state",
        "event_id",
        "trigger_id",
        "callback_id",
        "response_url",
        "authorizations",
        "enterprise",
        "command",
        "user_id",
    ]
)
_KINDS = st.sampled_from(
    [
        "event_callback",
        "block_actions",
        "view_submission",
        "view_closed",
        "shortcut",
        "message_action",
        "block_suggestion",
        "interactive_message",
        "dialog_submission",
        "workflow_step_edit",
    ]
)


@settings(
    max_examples=examples(250), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    base=st.dictionaries(_NAMES, _JSON, max_size=8),
    kind=_KINDS,
    event=st.dictionaries(
        st.sampled_from(["type", "user", "channel", "ts", "text", "files", "tab", "bot_id", "subtype"]),
        _JSON | st.sampled_from(["message", "app_mention", "app_home_opened", "user_change", "team_join"]),
    ),
    form=st.booleans(),
)
def test_signed_nonsense_never_ends_in_an_error(
    knocking: Knocking, base: dict[str, Any], kind: str, event: dict[str, Any], form: bool
) -> None:
    payload = {**base, "type": kind}
    if kind == "event_callback":
        payload["event"] = event
    text = json.dumps(payload)
    body = urlencode({"payload": text}).encode() if form else text.encode()
    headers = signed(body, time.time(), **(FORM_TYPE if form else JSON_TYPE))
    assert knocking.knocks(body, headers) < 500


def test_a_listener_that_finds_the_store_away_leaves_the_event_to_slack(
    knocking: Knocking, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.errors import Unavailable

    def away(moment: Any, given: Any) -> Answer:
        raise Unavailable("the database does not answer")

    monkeypatch.setitem(registry.MESSAGES, "message", away)
    body = message()
    assert knocking.knocks(body, signed(body, time.time())) == 503
    again = signed(body, time.time(), **{"x-slack-retry-num": "3"})
    assert knocking.knocks(body, again) == 200


def test_a_race_that_was_lost_is_run_again(knocking: Knocking, monkeypatch: pytest.MonkeyPatch) -> None:
    from storage.errors import StaleState

    runs: list[int] = []

    def racing(moment: Any, given: Any) -> Answer:
        runs.append(1)
        if len(runs) < 3:
            raise StaleState("changed since it was read")
        return Answer()

    monkeypatch.setitem(registry.MESSAGES, "message", racing)
    body = message()
    assert knocking.knocks(body, signed(body, time.time())) == 200
    assert len(runs) == 3
