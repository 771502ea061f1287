"""Fault switches: rules that make chosen calls and deliveries go wrong, repeatably."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from sandbox.model import Json

IN_ACTIONS = ("429", "500", "503", "lost_response", "reset", "delay", "error")
OUT_ACTIONS = ("duplicate", "shuffle", "drop", "delay")


class BadRule(ValueError):
    """A rule that cannot be understood; the message says what to change."""


@dataclass(slots=True)
class Rule:
    """One fault and when it strikes."""

    direction: str
    action: str
    match: Json
    nth: int | None = None
    every: int | None = None
    probability: float | None = None
    count: int | None = None
    options: Json = field(default_factory=dict)
    seen: int = 0
    fired: int = 0
    chance: random.Random = field(default_factory=random.Random)

    @classmethod
    def read(cls, data: Any) -> Rule:
        """A rule from its JSON form, or BadRule."""
        if not isinstance(data, dict):
            raise BadRule("a rule is an object")
        rest = dict(data)
        direction = str(rest.pop("direction", "in"))
        action = str(rest.pop("action", ""))
        allowed = {"in": IN_ACTIONS, "out": OUT_ACTIONS}.get(direction)
        if allowed is None:
            raise BadRule("direction is 'in' (Web API calls) or 'out' (deliveries)")
        if action not in allowed:
            raise BadRule(f"action for direction '{direction}' is one of: {', '.join(allowed)}")
        match = rest.pop("match", {}) or {}
        unknown = set(match) - ({"method", "channel"} if direction == "in" else {"kind", "name"})
        if unknown:
            raise BadRule(f"match does not know: {', '.join(sorted(unknown))}")
        nth, count = rest.pop("nth", None), rest.pop("count", None)
        return cls(
            direction=direction,
            action=action,
            match=match,
            nth=nth,
            every=rest.pop("every", None),
            probability=rest.pop("probability", None),
            count=1 if count is None and nth is not None else count,
            chance=random.Random(rest.pop("seed", 0)),  # noqa: S311 - repeatable on purpose
            options=rest,
        )

    def strikes(self, facts: Json) -> bool:
        """Whether the rule applies to this call or delivery; counts what it saw and when it fired."""
        for name, wanted in self.match.items():
            actual = str(facts.get(name, ""))
            wanted = str(wanted)
            if not (actual.startswith(wanted[:-1]) if wanted.endswith("*") else actual == wanted):
                return False
        self.seen += 1
        if self.count is not None and self.fired >= self.count:
            return False
        if self.nth is not None and self.seen != self.nth:
            return False
        if self.every is not None and self.seen % self.every:
            return False
        if self.probability is not None and self.chance.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def number(self, name: str, default: float) -> float:
        """A numeric option of the action."""
        return float(self.options.get(name, default))

    def as_control(self) -> Json:
        """The rule with how often it saw a match and struck."""
        shown: Json = {
            "direction": self.direction,
            "action": self.action,
            "match": self.match,
            **self.options,
        }
        for name in ("nth", "every", "probability", "count"):
            if getattr(self, name) is not None:
                shown[name] = getattr(self, name)
        return shown | {"seen": self.seen, "fired": self.fired}


class Faults:
    """All rules in force."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def inbound(self, method: str, channel: str) -> Rule | None:
        """The first rule that strikes a Web API call."""
        if not self.rules:
            return None
        facts = {"method": method, "channel": channel}
        return next((r for r in self.rules if r.direction == "in" and r.strikes(facts)), None)

    def outbound(self, kind: str, name: str) -> Rule | None:
        """The first rule that strikes a delivery."""
        if not self.rules:
            return None
        facts = {"kind": kind, "name": name}
        return next((r for r in self.rules if r.direction == "out" and r.strikes(facts)), None)
