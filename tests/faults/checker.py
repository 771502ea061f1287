"""Reads the database and the workspace's history after a run: nothing lost, nothing double, nothing wrong."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from sandbox.server import Sandbox
from storage.schema import Approvals, Audit, Cards, Inbound, OutboxRows
from storage.store import Store
from workflows.approval import Approval

JSON = dict[str, Any]
_KEY = "preflight_outbox"


@dataclass
class Findings:
    """What the checker saw. ``lost``, ``doubled`` and ``wrong`` hold a short sentence for each case."""

    posts: int = 0
    decisions: int = 0
    audit_rows: int = 0
    acknowledged: int = 0
    owned_up: int = 0
    """Messages that could not be stored at any attempt, and whose author was told to send them again."""
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is amiss."""
        return not (self.lost or self.doubled or self.wrong)

    def examples(self, each: int = 5) -> str:
        """Some of what is amiss, one a line."""
        lines = [f"lost: {x}" for x in self.lost[:each]] + [f"double: {x}" for x in self.doubled[:each]]
        return "\n".join(lines + [f"wrong: {x}" for x in self.wrong[:each]])


def check(
    store: Store, sandbox: Sandbox, *, pace: float = 0.0, unreachable: Collection[str] = ()
) -> Findings:
    """Compare what was stored with what Slack has. ``pace``: least seconds between two messages in a channel
    (0: not checked). ``unreachable``: people whom nothing can be sent to. The bot must be at rest."""
    found = Findings()
    with store.read() as reading:
        connection = reading.connection
        rows = connection.execute(select(OutboxRows.__table__).order_by(OutboxRows.id)).mappings().all()
        heard = set(connection.execute(select(Inbound.key)).scalars())
        cards = connection.execute(select(Cards.channel, Cards.ts)).all()
        approvals = [
            Approval.model_validate(s) for s in connection.execute(select(Approvals.state)).scalars()
        ]
        found.audit_rows = len(connection.execute(select(Audit.seq)).all())
    _outbox(found, rows, sandbox, unreachable)
    _heard(found, heard, sandbox)
    for channel, ts in cards:
        if channel not in sandbox.world.channels or sandbox.world.channels[channel].find(ts) is None:
            found.wrong.append(f"a card is remembered at {channel}/{ts}, where there is no message")
    for approval in approvals:
        _decided(found, approval)
    verified = store.verify()
    found.wrong += [f"audit row {p.seq}, {p.subject}: {p.problem}" for p in verified.problems]
    if pace:
        _paced(found, sandbox, pace)
    return found


def keys_in_slack(sandbox: Sandbox) -> dict[str, list[tuple[str, str]]]:
    """Outbox key -> (channel, ts) of every message that carries it."""
    seen: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for channel in sandbox.world.channels.values():
        for message in channel.messages.values():
            metadata = message.body.get("metadata") or {}
            if metadata.get("event_type") == _KEY:
                seen[str(metadata["event_payload"]["key"])].append((channel.id, message.ts))
    return seen


def _outbox(found: Findings, rows: Any, sandbox: Sandbox, unreachable: Collection[str]) -> None:
    seen = keys_in_slack(sandbox)
    last: dict[str, tuple[int, float]] = {}
    pruned = False
    for row in rows:
        if not row["effect"]:
            seen.pop(row["key"], None)  # carried out long ago: of it only the key is kept
            pruned = True
            continue
        what = f"outbox row {row['id']} ({row['effect'].get('kind') or row['effect'].get('name')})"
        if row["done_at"] is None:
            found.lost.append(f"{what} was never carried out: {row['last_error']}")
            continue
        if row["status"] == "dead":
            to = (row["effect"].get("to") or {}).get("user")
            if (
                row["effect"]["effect"] != "whisper" and to not in unreachable
            ):  # whispers: at most once, by design
                found.lost.append(f"{what} was given up: {row['last_error']}")
            continue
        if row["effect"]["effect"] != "post":
            continue
        found.posts += 1
        there = seen.pop(row["key"], [])
        if not there:
            found.lost.append(f"{what} is marked as delivered, but is nowhere in Slack")
        elif len(there) > 1:
            found.doubled.append(f"{what} is in Slack {len(there)} times")
        elif there[0] != (row["channel"], row["ts"]):
            found.wrong.append(f"{what} is at {there[0]}, remembered at {(row['channel'], row['ts'])}")
        else:
            ts = float(there[0][1])
            before = last.get(row["conversation"])
            if before and before[1] > ts:
                found.wrong.append(f"{what} overtook row {before[0]} in {row['conversation']}")
            last[row["conversation"]] = (row["id"], ts)
    for key, there in seen.items():
        if pruned and re.fullmatch(r"\d+\.\d+", key):
            continue  # named by the number of its decision: of what is that old no key is kept
        if "#" not in key and not key.startswith("note/"):
            found.wrong.append(
                f"a message at {there[0]} carries the key {key}, which the outbox does not know"
            )


def _heard(found: Findings, heard: set[str], sandbox: Sandbox) -> None:
    """What was acknowledged is stored."""
    for delivery in sandbox.world.deliveries.read(kind="event"):
        event = delivery["payload"].get("event") or {}
        spoken = event.get("type") == "message" and event.get("channel_type") == "im"
        if not spoken or event.get("bot_id") or event.get("subtype") or delivery["status"] != 200:
            continue
        found.acknowledged += 1
        if f"message/{event['channel']}/{event['ts']}" in heard:
            continue
        if delivery["attempt"] >= 2 and _said_sorry(sandbox, event["channel"], event["user"]):
            found.owned_up += 1
        else:
            found.lost.append(f"the message {event['ts']} was acknowledged and is not stored")


def _said_sorry(sandbox: Sandbox, channel: str, user: str) -> bool:
    shown = sandbox.world.channels[channel].ephemerals.values()
    return any(m.visible_to == user and "could not save" in m.body["text"] for m in shown)


def _decided(found: Findings, approval: Approval) -> None:
    """Each decision by one authorised actor, who is not the submitter."""
    for seat in approval.seats:
        may = {*seat.people, *(d.to for d in seat.delegations)}
        by = Counter(v.by for v in seat.verdicts)
        found.decisions += len(seat.verdicts)
        for person, times in by.items():
            if times > 1:
                found.doubled.append(f"{person} decided {times} times in {approval.id}/{seat.id}")
            if person not in may or person == approval.submitter:
                found.wrong.append(f"{person} decided in {approval.id}/{seat.id} without the right")
        choices = Counter(v.choice for v in seat.verdicts)
        if choices["approve"] > seat.quorum or choices["reject"] > 1:
            found.doubled.append(
                f"{approval.id}/{seat.id} was decided more often than asked: {dict(choices)}"
            )
        if choices["reject"] and approval.status != "rejected":
            found.wrong.append(f"{approval.id} holds a rejection and is {approval.status}")


def _paced(found: Findings, sandbox: Sandbox, pace: float) -> None:
    """Messages of the bot in one channel keep their distance, by Slack's own clock."""
    app = sandbox.world.app
    assert app is not None
    for channel in sandbox.world.channels.values():
        times = sorted(float(m.ts) for m in channel.messages.values() if m.body.get("user") == app.bot_user)
        for one, next_one in itertools.pairwise(times):
            if next_one - one < pace * 0.95:  # the network is quicker at one time than at another
                found.wrong.append(f"two messages in {channel.id} within {next_one - one:.2f} s")
