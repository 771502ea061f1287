"""Requests that are not Slack's, or not well made: no handler runs, nothing breaks, memory stays flat."""

from __future__ import annotations

import json
import random
import socket
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import quote

import psutil
from sqlalchemy import func, select

from bot.hooks import SIGNATURE, TIMESTAMP, signed_headers
from storage.schema import Audit, Inbound, OutboxRows
from tests.faults.hand import Line, command_request, event_request, message_event, signed
from tests.faults.outcome import Outcome, main
from tests.faults.replica import Plan
from tests.faults.workplace import EVENTS, HOOK_SECRET, Workplace

Made = tuple[bytes, int]
"""The whole request, as bytes on the wire, and how many bytes of it to send (fewer: it is cut short)."""


def _http(
    body: bytes,
    headers: dict[str, str],
    method: str = "POST",
    length: str | None = None,
    path: str = EVENTS,
) -> Made:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{k}: {v}" for k, v in headers.items()]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    made = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
    return made, len(made)


def _good(chance: random.Random) -> tuple[bytes, dict[str, str]]:
    ts = f"{1_700_000_000 + chance.randrange(10**8)}.{chance.randrange(10**6):06d}"
    return event_request(message_event("U0DANA", "D0FORGED", "We want AI to read every letter", ts))


def _no_signature(chance: random.Random) -> Made:
    body, _ = _good(chance)
    return _http(body, {"Content-Type": "application/json"})


def _wrong_signature(chance: random.Random) -> Made:
    body, headers = _good(chance)
    mark = list(headers["X-Slack-Signature"])
    at = chance.randrange(3, len(mark))
    mark[at] = "0" if mark[at] != "0" else "1"
    return _http(body, {**headers, "X-Slack-Signature": "".join(mark)})


def _other_secret(chance: random.Random) -> Made:
    body, _ = _good(chance)
    return _http(body, {"Content-Type": "application/json", **signed(body, secret="guessed")})


def _odd_signature(chance: random.Random) -> Made:
    body, headers = _good(chance)
    odd = chance.choice(["", "v0=", "v1=" + "0" * 64, "v0=" + "é" * 32, "v0=" + "0" * 5000])
    return _http(body, {**headers, "X-Slack-Signature": odd})


def _replayed(chance: random.Random) -> Made:
    body, _ = _good(chance)
    at = time.time() + chance.choice([-1, 1]) * chance.randrange(310, 10**7)
    return _http(body, {"Content-Type": "application/json", **signed(body, at=at)})


def _odd_time(chance: random.Random) -> Made:
    body, headers = _good(chance)
    odd = chance.choice(["", "now", "-1", "1e9", "9" * 40, "١٢٣", "0x10", "12.5"]).encode().decode("latin-1")
    return _http(body, {**headers, "X-Slack-Request-Timestamp": odd})


def _body_changed(chance: random.Random) -> Made:
    body, headers = _good(chance)
    return _http(body.replace(b"letter", b"ledger"), headers)


def _too_large(chance: random.Random) -> Made:
    body = b'{"type":"' + b"x" * (1024 * 1024 + chance.randrange(1, 5000)) + b'"}'
    return _http(body, {"Content-Type": "application/json", **signed(body)})


def _said_to_be_large(chance: random.Random) -> Made:
    body, headers = _good(chance)
    made, _ = _http(body, headers, length=chance.choice(["999999999999", "1048577", "18446744073709551616"]))
    return made, len(made)


def _deep(chance: random.Random) -> Made:
    depth = chance.choice([65, 500, 20_000, 200_000])
    body = b'{"type":"event_callback","event":' + chance.choice([b"[", b'{"a":']) * depth
    return _http(body, {"Content-Type": "application/json", **signed(body)})


def _deep_and_closed(chance: random.Random) -> Made:
    depth = chance.choice([70, 900, 90_000])
    body = b'{"type":"event_callback","event":{"type":"message","x":' + b"[" * depth + b"]" * depth + b"}}"
    return _http(body, {"Content-Type": "application/json", **signed(body)})


def _not_utf8(chance: random.Random) -> Made:
    body, _ = _good(chance)
    body = body.replace(b"letter", bytes([0xFF, 0xC0, chance.randrange(128, 256)]))
    return _http(body, {"Content-Type": "application/json", **signed(body)})


def _not_json(chance: random.Random) -> Made:
    body = chance.choice(
        [b"", b"null", b"[]", b'"text"', b"1e999", b"NaN", b"{", b'{"type":NaN}', b"\x00" * 50, b"{}"]
    )
    return _http(body, {"Content-Type": "application/json", **signed(body)})


def _cut_json(chance: random.Random) -> Made:
    body, _ = _good(chance)
    body = body[: chance.randrange(1, len(body) - 1)]
    return _http(body, {"Content-Type": "application/json", **signed(body)})


def _wrong_type(chance: random.Random) -> Made:
    body, headers = _good(chance)
    kind = chance.choice(
        ["text/plain", "application/xml", "multipart/form-data; boundary=x", "", "application/jsonx"]
    )
    return _http(body, {**headers, "Content-Type": kind})


def _wrong_shape(chance: random.Random) -> Made:
    odd = chance.choice(
        [
            {"type": "event_callback"},
            {"type": "event_callback", "event": "message"},
            {"type": "event_callback", "event": {"type": ["message"]}},
            {"type": "event_callback", "event": {"type": "message", "ts": 5, "user": {"id": "U0DANA"}}},
            {"type": 7, "event": {"type": "message"}},
            {"type": "event_callback", "event": {"type": "app_home_opened"}},
            {"type": "event_callback", "event": {"type": "message", "user": "U0DANA", "text": "hello"}},
            {"type": "url_verification", "challenge": {"a": 1}},
        ]
    )
    body = json.dumps(odd).encode()
    return _http(body, {"Content-Type": "application/json", **signed(body)})


def _wrong_form(chance: random.Random) -> Made:
    odd = chance.choice(
        [
            b"payload=",
            b"payload=%7B",
            b"payload=[]",
            b"payload=" + quote('{"type":"block_actions"}').encode(),
            b"payload=" + quote('{"type":"block_actions","user":{"id":"U0DANA"},"actions":[]}').encode(),
            b"payload=" + quote('{"type":"view_submission","user":"U0DANA","view":[]}').encode(),
            b"payload="
            + quote('{"type":"view_submission","user":{"id":"U0DANA"},"view":{"state":7}}').encode(),
            b"command=%2Fpreflight",
            b"%ff%fe=1&command=x",
            b"&".join(b"a%d=1" % i for i in range(400)),
        ]
    )
    return _http(odd, {"Content-Type": "application/x-www-form-urlencoded", **signed(odd)})


def _cut_short(chance: random.Random) -> Made:
    body, headers = _good(chance)
    made, _ = _http(body, headers)
    return made, chance.randrange(20, len(made) - 1)


def _other_method(chance: random.Random) -> Made:
    body, headers = _good(chance)
    return _http(body, headers, method=chance.choice(["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]))


def _not_http(chance: random.Random) -> Made:
    made = chance.choice(
        [
            chance.randbytes(chance.randrange(1, 400)),
            b"POST " + EVENTS.encode() + b" HTTP/9.9\r\n\r\n",
            b"POST " + EVENTS.encode() + b" HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
            b"POST " + EVENTS.encode() + b" HTTP/1.1\r\n" + b"X: y\r\n" * 3000 + b"\r\n",
            b"POST " + EVENTS.encode() + b" HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        ]
    )
    return made, len(made)


_TOLD: dict[str, dict[str, object]] = {
    "release": {"action": "propose", "use_case": "UC-0001", "version": "1.0.0"},
    "breach": {"contract": "claims-feed", "what": "It is late."},
    "incident": {"what": "It invented a policy.", "severity": "high"},
}
"""What each hook would take, if it were signed."""


def _hook_unsigned(chance: random.Random) -> Made:
    """A hook by somebody without the secret: none, guessed, cut, of another time or of another body."""
    name = chance.choice(tuple(_TOLD))
    body = json.dumps(_TOLD[name]).encode()
    signature = chance.choice(("", "v0=", "v0=" + "0" * 64, "v1=" + "0" * 64, "v0=" + "é" * 32))
    now = time.time()
    headers = chance.choice(
        (
            {"Content-Type": "application/json"},
            {"Content-Type": "application/json", **signed(body)},
            signed_headers("guessed-guessed-guessed", body, now),
            signed_headers(HOOK_SECRET, body, now + chance.choice((-1, 1)) * chance.randrange(310, 10**7)),
            signed_headers(HOOK_SECRET, body + b" ", now),
            {**signed_headers(HOOK_SECRET, body, now), SIGNATURE: signature},
            {**signed_headers(HOOK_SECRET, body, now), TIMESTAMP: chance.choice(("", "now", "-1", "9" * 40))},
        )
    )
    return _http(body, headers, path=f"/hooks/{name}")


def _hook_malformed(chance: random.Random) -> Made:
    """A hook that is signed, and is no request that it takes."""
    name = chance.choice((*_TOLD, "nothing", "..%2Fadmin", "%00", ""))
    odd: list[bytes] = [b"", b"null", b"[]", b"{", b'{"a":NaN}', b'{"a":1e999}', b'{"a":1,"a":2}', b"\xff"]
    odd += [b'{"a":' * 500, b'{"x":' + b"[" * 90_000, b'{"what":"\\u0000"}', b'{"action":7,"what":["x"]}']
    odd.append(json.dumps({**_TOLD.get(name, {}), "more": "x" * 40_000}).encode())
    body = chance.choice(odd)
    return _http(body, signed_headers(HOOK_SECRET, body, time.time()), path=f"/hooks/{name}")


def _hook_too_large(chance: random.Random) -> Made:
    body = b'{"what":"' + b"x" * (256 * 1024 + chance.randrange(1, 5000)) + b'"}'
    return _http(body, signed_headers(HOOK_SECRET, body, time.time()), path="/hooks/incident")


KINDS: tuple[Callable[[random.Random], Made], ...] = (
    _no_signature,
    _wrong_signature,
    _other_secret,
    _odd_signature,
    _replayed,
    _odd_time,
    _body_changed,
    _deep,
    _deep_and_closed,
    _not_utf8,
    _not_json,
    _cut_json,
    _wrong_type,
    _wrong_shape,
    _wrong_form,
    _cut_short,
    _other_method,
    _not_http,
    _said_to_be_large,
    _hook_unsigned,
    _hook_malformed,
    _hook_too_large,
)
_RARE = _too_large
"""A megabyte each: one in fifty."""


_RATE = 400.0
"""Bad requests a second."""
_REST = 6.0


def _answer(port: int, made: Made) -> int:
    """The status of the answer; 0 when the connection ended without one."""
    data, send = made
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        try:
            line.sendall(data[:send])
            if send < len(data):
                line.shutdown(socket.SHUT_WR)
            line.settimeout(5)
            head = line.recv(64)
        except (ConnectionError, TimeoutError):
            return 0
    return int(head[9:12]) if head.startswith(b"HTTP/1.") and head[9:12].isdigit() else 0


def _memory_at_rest(pid: int) -> float:
    """Megabytes, once the server has let go of the connections that were hung up on (after 5 s)."""
    time.sleep(_REST)
    return float(psutil.Process(pid).memory_info().rss) / 2**20


def _at_rest(traces: Callable[[], tuple[int, ...]]) -> tuple[int, ...]:
    """What is stored once the bot has done what it does by itself after a start."""
    found = traces()
    for _ in range(20):
        time.sleep(0.5)
        again = traces()
        if again == found and again[1]:
            return again
        found = again
    return found


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` requests of every bad kind, with a good one among each hundred that must be answered."""
    chance = random.Random(seed)
    outcome = Outcome("forged, replayed and malformed requests", database)
    with Workplace(database, [Plan()]) as place, place.memory() as store:
        replica = place.replicas[0]
        pid = replica.pid()

        def traces() -> tuple[int, ...]:
            with store.read() as reading:
                return tuple(
                    reading.connection.execute(select(func.count()).select_from(t)).scalar_one()
                    for t in (Inbound, Audit, OutboxRows)
                )

        before = _at_rest(traces)
        statuses: Counter[int] = Counter()
        by_kind: Counter[str] = Counter()
        broken: Counter[str] = Counter()
        answered = 0
        started = time.monotonic()
        rested = 0.0
        early = 0.0
        for number in range(n):
            kind = _RARE if number % 50 == 49 else KINDS[number % len(KINDS)]
            status = _answer(replica.port, kind(chance))
            statuses[status] += 1
            if 200 <= status < 300:
                by_kind[kind.__name__.strip("_")] += 1
            elif status >= 500:
                broken[kind.__name__.strip("_")] += 1
            if number % 100 == 99:
                good = Line(replica.port)
                answered += good.send(*command_request("U0DANA", "help"))[0] == 200
                good.close()
            if number == n // 4:
                early = _memory_at_rest(pid)
                rested = _REST
            # At a steady rate, so that what the server holds for a while is the same early and late.
            time.sleep(max(0.0, started + rested + number / _RATE - time.monotonic()))
        late = _memory_at_rest(pid)
        after = traces()
        outcome.counts = {
            "requests": n,
            "handlers run": sum(after) - sum(before),
            "5xx": sum(broken.values()),
            "turned away": sum(c for s, c in statuses.items() if 400 <= s < 500),
            "hung up on": statuses[0],
            "accepted": sum(by_kind.values()),
            "good requests answered": answered,
            "of": n // 100,
            "MB at a quarter": round(early),
            "MB at the end": round(late),
        }
        outcome.demand(after == before, f"something was stored: {before} became {after}")
        outcome.demand(not broken, f"answered with 5xx: {dict(broken)}")
        outcome.demand(not by_kind, f"accepted with 2xx: {dict(by_kind)}")
        outcome.demand(answered == n // 100, "a good request was not answered")
        outcome.demand(replica.pid() == pid, "the server died")
        outcome.demand(late - early < 30, f"memory grew by {late - early:.0f} MB")
    return outcome


if __name__ == "__main__":
    main(run, n=10_000, databases=("sqlite",))
