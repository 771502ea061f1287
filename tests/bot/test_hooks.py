"""Hooks: what is not signed, fresh, small and well made runs nothing and is told what to do about it."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as property_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot import hooks
from bot.hook_door import LARGEST, Bucket, HookDoor, checked
from bot.hook_settings import HookSecret, read_hook_secrets
from bot.hooks import ONCE, SIGNATURE, TIMESTAMP, HookAnswer, HookIn, HookRefused, signature, signed_headers
from bot.registry import Moment
from bot.setting_values import SettingsError
from tests.bot.conftest import Bench
from tests.sizes import examples

CI, OLD, WATCH = "0123456789abcdef", "an-older-secret-of-ci", "fedcba9876543210"
SECRETS = tuple(
    HookSecret(system=name, secret=SecretStr(secret))
    for name, secret in (("ci", CI), ("ci", OLD), ("monitoring", WATCH))
)
NOW = 1_795_000_000


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {k.lower(): v for k, v in headers.items()}


def taken(body: bytes, secret: str = CI, at: float = NOW, once: str = "") -> HookIn:
    headers = {**lower(signed_headers(secret, body, at)), ONCE.lower(): once}
    return checked("told", headers, body, SECRETS, NOW)


def refused(body: bytes, once: str = "") -> HookRefused:
    with pytest.raises(HookRefused) as caught:
        taken(body, once=once)
    return caught.value


def test_a_signed_request_says_which_system_sent_it() -> None:
    assert taken(b'{"a": 1}').system == "ci"
    assert taken(b'{"a": 1}', secret=OLD).system == "ci"
    assert taken(b'{"a": 1}', secret=WATCH).user == "system:monitoring"
    assert taken(b'{"a": 1}').body == {"a": 1}


def test_a_body_that_was_changed_is_not_taken() -> None:
    headers = lower(signed_headers(CI, b'{"a": 1}', NOW))
    with pytest.raises(HookRefused, match="HMAC"):
        checked("told", headers, b'{"a": 2}', SECRETS, NOW)


@pytest.mark.parametrize("age", [-301, 301, 10**6])
def test_a_request_of_another_time_is_not_taken(age: int) -> None:
    with pytest.raises(HookRefused) as caught:
        taken(b"{}", at=NOW - age)
    assert (caught.value.status, caught.value.error) == (401, "too_old")


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e9", "9" * 40, "١٢٣"])
def test_a_timestamp_is_a_number_of_seconds(stamp: str) -> None:
    headers = {**lower(signed_headers(CI, b"{}", NOW)), TIMESTAMP.lower(): stamp}
    with pytest.raises(HookRefused, match=TIMESTAMP):
        checked("told", headers, b"{}", SECRETS, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\u0000"}',
        b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"a": ' + b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_plain_json_object_is_not_taken(body: bytes) -> None:
    assert (refused(body).status, refused(body).error) == (400, "malformed")


def test_a_key_of_the_callers_own_is_short_and_plain() -> None:
    assert taken(b"{}", once="build-7").once == "build-7"
    assert refused(b"{}", once="x" * 201).error == "odd_key"
    assert refused(b"{}", once="a\x00b").error == "odd_key"


@property_settings(max_examples=examples(300), deadline=None)
@given(body=st.binary(max_size=200), given_signature=st.text(max_size=80), stamp=st.text(max_size=20))
def test_nothing_unsigned_gets_in_whatever_it_is(body: bytes, given_signature: str, stamp: str) -> None:
    headers = {SIGNATURE.lower(): given_signature, TIMESTAMP.lower(): stamp}
    with pytest.raises(HookRefused) as caught:
        checked("told", headers, body, SECRETS, NOW)
    assert caught.value.status == 401


@property_settings(max_examples=examples(300), deadline=None)
@given(body=st.binary(max_size=300))
def test_what_is_signed_is_taken_as_an_object_or_refused_in_a_sentence(body: bytes) -> None:
    no: HookRefused | None = None
    try:
        found = taken(body)
    except HookRefused as refusal:
        no = refusal
    if no is None:
        assert isinstance(found.body, dict)
    else:
        assert no.status == 400
        assert no.says.endswith(".")


# --- through the door --------------------------------------------------------------------------------------


@pytest.fixture
def told(bench: Bench) -> Iterator[list[Any]]:
    """A hook that keeps what it hears, each thing once."""
    heard: list[Any] = []

    def listen(moment: Moment, hook: HookIn) -> HookAnswer:
        if hook.body.get("break"):
            raise RuntimeError("broken")
        with moment.store.write() as tx:
            if not hook.first_time(tx, moment.now):
                return HookAnswer({"ok": True, "again": True})
        heard.append(dict(hook.body))
        return HookAnswer({"ok": True})

    hooks.on_hook("told")(listen)
    yield heard
    del hooks.HOOKS["told"]


def send(
    door: HookDoor,
    body: bytes,
    headers: dict[str, str],
    name: str = "told",
    method: str = "POST",
    chunks: int = 1,
) -> tuple[int, dict[str, Any]]:
    """One request, as the server hands it on."""
    size = max(1, -(-len(body) // chunks))
    parts = [body[i : i + size] for i in range(0, max(len(body), 1), size)]
    events = [
        {"type": "http.request", "body": p, "more_body": i < len(parts) - 1} for i, p in enumerate(parts)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return events.pop(0)

    async def out(event: Any) -> None:
        sent.append(event)

    scope = {
        "method": method,
        "path_params": {"name": name},
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()],
    }
    asyncio.run(door(scope, receive, out))
    return sent[0]["status"], json.loads(sent[1]["body"])


def signed(body: object, **more: str) -> tuple[bytes, dict[str, str]]:
    raw = json.dumps(body).encode()
    return raw, {**signed_headers(CI, raw, time.time()), **more}


def test_without_a_secret_every_hook_is_shut(bench: Bench, told: list[Any]) -> None:
    status, answer = send(HookDoor((), bench.moment), *signed({"n": 1}))
    assert (status, answer["error"]) == (404, "off")
    assert not told


def test_the_same_request_again_has_one_effect_and_so_has_the_same_key(bench: Bench, told: list[Any]) -> None:
    door = HookDoor(SECRETS, bench.moment)
    first = signed({"n": 1})
    assert send(door, *first) == (200, {"ok": True})
    assert send(door, *first) == (200, {"ok": True, "again": True})
    # A replay with a key of the replayer's own is still the same signed request.
    assert send(door, first[0], {**first[1], ONCE: "another"})[1].get("again")
    keyed = signed({"n": 2}, **{ONCE: "build-7"})
    assert send(door, *keyed) == (200, {"ok": True})
    later = signed_headers(CI, keyed[0], time.time() - 60)
    assert send(door, keyed[0], {**later, ONCE: "build-7"})[1].get("again")
    status, answer = send(door, *signed({"n": 3}, **{ONCE: "build-7"}))
    assert (status, answer["error"]) == (409, "key_used")
    assert told == [{"n": 1}, {"n": 2}]


def test_what_goes_wrong_is_said_and_kept_from_the_caller(bench: Bench, told: list[Any]) -> None:
    door = HookDoor(SECRETS, bench.moment)
    assert send(door, *signed({}), name="nothing")[0] == 404
    assert send(door, *signed({}), method="GET")[0] == 405
    assert send(door, *signed({}, **{"Content-Type": "text/plain"}))[1]["error"] == "not_json"
    large = signed({"x": "y" * LARGEST})
    assert send(door, *large, chunks=4)[0] == 413
    assert send(door, large[0], {**large[1], "Content-Length": "999999999999"})[0] == 413
    status, answer = send(door, *signed({"break": True}))
    assert status == 500
    assert "broken" not in json.dumps(answer)
    assert not told


def test_more_than_the_pace_is_asked_to_wait(bench: Bench, told: list[Any]) -> None:
    door = HookDoor(SECRETS, bench.moment)
    statuses = [send(door, *signed({"n": n}))[0] for n in range(70)]
    assert set(statuses) <= {200, 429}
    bucket = Bucket(burst=2, a_second=1)
    assert [bucket.take(at) for at in (0.0, 0.0, 0.0, 1.0, 1.5)] == [True, True, False, True, False]


def test_rubbish_is_never_answered_with_a_fault_of_ours(bench: Bench, told: list[Any]) -> None:
    chance = random.Random(4)
    door = HookDoor(SECRETS, bench.moment)
    for number in range(300):
        raw = chance.randbytes(chance.randrange(0, 60)) if number % 2 else b'{"x":' * chance.randrange(1, 90)
        headers = signed_headers(CI, raw, time.time())
        if number % 3 == 0:
            headers[SIGNATURE] = chance.choice(["", "v0=", "v1=" + "0" * 64, "v0=" + "\xe9" * 32])
        status, answer = send(door, raw, headers, name=chance.choice(["told", "%00", "../x", ""]))
        assert 400 <= status < 500
        assert answer["says"]
    assert not told


# --- the secrets -------------------------------------------------------------------------------------------


def test_several_secrets_may_hold_so_that_they_can_be_changed() -> None:
    found = read_hook_secrets({"PREFLIGHT_HOOK_SECRETS": f"ci:{CI}, ci:{OLD}\nmonitoring:{WATCH}"})
    assert [s.system for s in found] == ["ci", "ci", "monitoring"]
    assert CI not in repr(found)
    assert signature(CI, "1", b"x").startswith("v0=")


@pytest.mark.parametrize("text", ["ci", CI, "ci:short", "Ci:" + CI, f"ci:{CI},monitoring:{CI}"])
def test_a_secret_that_is_none_is_said_without_showing_it(text: str) -> None:
    with pytest.raises(SettingsError, match="PREFLIGHT_HOOK_SECRETS: entry") as caught:
        read_hook_secrets({"PREFLIGHT_HOOK_SECRETS": text})
    assert CI not in str(caught.value)
