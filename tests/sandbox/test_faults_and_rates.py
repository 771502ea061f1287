"""What goes wrong on purpose, and Slack's rate limits."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.rates import Rates
from tests.sandbox.people import Control
from tests.sandbox.receiver import Receiver

Json = dict[str, Any]


@pytest.fixture
def patient(people: Control) -> WebClient:
    """A client that repeats nothing by itself."""
    return WebClient(token="xoxb-test", base_url=f"{people.url}/api/", retry_handlers=[])


def post(client: WebClient, text: str = "x", channel: str = "C0OPEN") -> str:
    return str(client.chat_postMessage(channel=channel, text=text)["ts"])


def limited(call: Any) -> Json:
    with pytest.raises(SlackApiError) as problem:
        call()
    response = problem.value.response
    return {"status": response.status_code, "error": response["error"], **response.headers}


def test_posting_is_limited_for_each_channel_after_a_short_burst(people: Control, patient: WebClient) -> None:
    people.post("/settings", {"rate_limits": True})
    for n in range(3):
        post(patient, str(n))
    answer = limited(lambda: post(patient))
    assert (answer["status"], answer["error"]) == (429, "ratelimited")
    assert answer.get("Retry-After", answer.get("retry-after")) == "1"
    post(patient, channel="C0INNER")
    assert len(people.messages("ann", "#open")) == 3


def test_the_burst_can_be_set(people: Control, patient: WebClient) -> None:
    people.post("/settings", {"rate_limits": True, "post_burst": 1})
    post(patient)
    assert limited(lambda: post(patient))["status"] == 429


def test_a_person_and_the_conversation_with_them_share_one_limit(people: Control, patient: WebClient) -> None:
    people.post("/settings", {"rate_limits": True, "post_burst": 2})
    channel = patient.conversations_open(users="U0ANN")["channel"]["id"]
    post(patient, channel=channel)
    post(patient, channel="U0ANN")
    assert limited(lambda: post(patient, channel=channel))["status"] == 429


TIERS = [("users.list", 20), ("conversations.list", 20), ("usergroups.list", 20)]


@pytest.mark.parametrize(("method", "calls"), TIERS)
def test_a_method_is_limited_to_its_tier(
    people: Control, patient: WebClient, method: str, calls: int
) -> None:
    people.post("/settings", {"rate_limits": True})
    for _ in range(calls):
        patient.api_call(method)
    assert limited(lambda: patient.api_call(method))["status"] == 429


def test_the_sustained_rate_is_one_a_second_whatever_the_burst() -> None:
    now = [0.0]
    rates = Rates(clock=lambda: now[0])
    sent = 0
    for tick in range(600):
        now[0] = tick / 10
        sent += rates.wait_for("chat.postMessage", "C", 3, 1.0) is None
    assert 60 <= sent <= 63


def test_what_was_asked_to_wait_may_go_after_that_wait() -> None:
    now = [0.0]
    rates = Rates(clock=lambda: now[0])
    assert rates.wait_for("m", "C", 1, 0.5) is None
    wait = rates.wait_for("m", "C", 1, 0.5)
    assert wait == 2
    now[0] += wait
    assert rates.wait_for("m", "C", 1, 0.5) is None


def test_a_lost_response_does_the_work_and_says_nothing(people: Control, patient: WebClient) -> None:
    people.post("/faults", {"match": {"method": "chat.postMessage"}, "nth": 2, "action": "lost_response"})
    post(patient, "one")
    with pytest.raises((urllib.error.URLError, ConnectionError, OSError)):
        post(patient, "two")
    post(patient, "three")
    assert [m["text"] for m in people.messages("ann", "#open")] == ["one", "two", "three"]
    call = people.get("/calls", method="chat.postMessage")["calls"][1]
    assert (call["fault"], call["ok"], call["http"]) == ("lost_response", True, None)


def test_a_reset_does_nothing_and_says_nothing(people: Control, patient: WebClient) -> None:
    people.post("/faults", {"match": {"method": "chat.*"}, "count": 1, "action": "reset"})
    with pytest.raises((urllib.error.URLError, ConnectionError, OSError)):
        post(patient, "one")
    post(patient, "two")
    assert [m["text"] for m in people.messages("ann", "#open")] == ["two"]


@pytest.mark.parametrize(("action", "status"), [("500", 500), ("503", 503), ("429", 429)])
def test_a_server_error_does_nothing(people: Control, action: str, status: int) -> None:
    people.post("/faults", {"match": {"channel": "C0OPEN"}, "action": action, "retry_after": 7})
    request = urllib.request.Request(
        f"{people.url}/api/chat.postMessage",
        data=json.dumps({"channel": "C0OPEN", "text": "x"}).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", "Authorization": "Bearer xoxb-test"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == status
    assert refused.value.headers.get("Retry-After") == ("7" if status == 429 else None)
    assert people.messages("ann", "#open") == []


def test_a_named_error_can_be_given(people: Control, patient: WebClient) -> None:
    people.post(
        "/faults", {"match": {"method": "chat.postMessage"}, "action": "error", "error": "team_access_denied"}
    )
    assert limited(lambda: post(patient))["error"] == "team_access_denied"


def test_chance_is_repeatable_by_its_seed(people: Control, patient: WebClient) -> None:
    def run() -> list[bool]:
        people.delete("/faults")
        rule = {
            "match": {"method": "api.test"},
            "probability": 0.5,
            "seed": 3,
            "action": "error",
            "error": "e",
        }
        people.post("/faults", rule)
        before = len(people.get("/calls", method="api.test")["calls"])
        for _ in range(20):
            try:
                patient.api_test()
            except SlackApiError:
                continue
        return [c["ok"] for c in people.get("/calls", method="api.test")["calls"][before:]]

    first = run()
    assert first == run()
    assert 0 < sum(first) < 20


def test_rules_count_and_go_away(people: Control, patient: WebClient) -> None:
    people.post("/faults", [{"match": {"method": "api.test"}, "every": 2, "action": "delay", "seconds": 0}])
    for _ in range(4):
        patient.api_test()
    rule = people.get("/faults")["faults"][0]
    assert (rule["seen"], rule["fired"]) == (4, 2)
    people.delete("/faults")
    assert people.get("/faults")["faults"] == []


@pytest.mark.parametrize(
    "rule",
    [
        {"action": "explode"},
        {"action": "429", "match": {"colour": "red"}},
        {"direction": "up", "action": "429"},
        5,
    ],
)
def test_a_rule_that_cannot_be_understood_is_refused(people: Control, rule: Any) -> None:
    assert people.post("/faults", rule)["error"] == "bad_rule"


def test_events_can_be_duplicated_with_the_same_id(people: Control, receiver: Receiver) -> None:
    people.post(
        "/faults", {"direction": "out", "match": {"kind": "event"}, "action": "duplicate", "times": 4}
    )
    people.act("ann", "message", channel="#open", text="hello")
    assert len({d.payload["event_id"] for d in receiver.wait("message", 4)}) == 1


def test_events_can_be_dropped_and_the_log_says_so(people: Control, receiver: Receiver) -> None:
    people.post("/faults", {"direction": "out", "match": {"name": "message"}, "nth": 1, "action": "drop"})
    people.act("ann", "message", channel="#open", text="lost")
    people.act("ann", "message", channel="#open", text="kept")
    assert receiver.wait("message")[0].payload["event"]["text"] == "kept"
    assert [d["fault"] for d in people.get("/deliveries", name="message")["deliveries"]] == ["drop", None]


def test_events_can_come_in_another_order(people: Control, receiver: Receiver) -> None:
    people.post("/faults", {"direction": "out", "action": "shuffle", "seconds": 0.5, "seed": 1})
    for n in range(8):
        people.act("ann", "message", channel="#open", text=str(n))
    texts = [d.payload["event"]["text"] for d in receiver.wait("message", 8)]
    assert sorted(texts) == [str(n) for n in range(8)]
    assert texts != sorted(texts)


def test_a_dropped_interaction_times_out_for_the_person(people: Control, receiver: Receiver) -> None:
    people.post("/settings", {"ack_seconds": 0.01})
    people.post("/faults", {"direction": "out", "match": {"kind": "interaction"}, "action": "drop"})
    assert people.act("ann", "shortcut", callback_id="new")["error"] == "operation_timeout"
