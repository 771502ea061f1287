"""What must be true of the company, worked out anew: from the program's files as they lie in the folder, and
from the audit log alone.

Nothing of the bot's own rules is used. The log's patches are folded row by row into the states, so every
move, version and verdict is judged by what was so at that very moment, whatever happened at the same time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

JSON = dict[str, Any]
_SEVERITIES = ("low", "medium", "high", "critical")
_OVER = ("recovered", "reviewed", "closed", "dismissed")
_WHOLE = ("intake", "change", "renewal")


class Policy:
    """The files, read as anybody would read them."""

    def __init__(self, folder: Path) -> None:
        def read(name: str) -> Any:
            return yaml.load((folder / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)

        self.moves = read("life_cycle.yaml")["moves"]
        self.governance = read("governance.yaml")
        self.gates = _by_id(read(f"gates/{p.name}") for p in (folder / "gates").glob("*.yaml"))
        self.sheets = _by_id(
            read(f"questionnaires/{p.name}") for p in (folder / "questionnaires").glob("*.yaml")
        )
        self.releases = read("program.yaml")["releases"]

    def items(self, sheet: str) -> list[JSON]:
        """The items of a checklist."""
        steps = self.sheets[sheet]["steps"]
        return [q for s in steps for q in s["questions"] if q["type"] == "check"]

    def gates_between(self, before: str, after: str) -> set[str] | None:
        """The gates on the moves from one stage to another ("" for none); ``None``: there is no such move."""
        found = {m.get("gate", "") for m in self.moves if (m["from"], m["to"]) == (before, after)}
        return found or None

    def roles(self, gate: str, facts: Mapping[str, Any]) -> set[str]:
        """The roles that the matrix asks at a gate."""
        rows = [
            r
            for r in self.governance["rows"]
            if gate in (r.get("gates") or [self.governance["gate"]]) and true(r["when"], facts)
        ]
        return {s["role"] for r in rows for s in r.get("steps", ())}


def true(condition: object, facts: Mapping[str, Any]) -> bool:
    """Whether a condition of the files holds. They are simple enough to be read as Python."""
    text = str(condition).replace("&&", " and ").replace("||", " or ").replace("!=", "<>")
    text = text.replace("!", " not ").replace("<>", "!=")
    known = {**facts, "true": True, "false": False, "True": True, "False": False}
    try:
        return bool(eval(text, {"__builtins__": {}}, _Missing(known)))
    except TypeError:
        return False  # something that was not answered is compared


class _Missing(dict[str, Any]):
    """An answer that was not given is nothing, and in nothing."""

    def __missing__(self, key: str) -> object:
        return () if key.isidentifier() else None


@dataclass
class Oracle:
    """Follows the log. ``wrong`` holds a sentence for everything that must never be and was."""

    policy: Policy
    states: dict[str, dict[str, JSON]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    moves: int = 0
    gated: int = 0
    shipped: int = 0
    verdicts: int = 0
    refused: int = 0
    reached: dict[str, int] = field(default_factory=dict)
    _prev: str = "0" * 64
    _counted: dict[str, int] = field(default_factory=dict)

    def follow(self, rows: Iterable[JSON], here: frozenset[str]) -> None:
        """The next rows of the log; ``here``: who is in the company at that moment."""
        group: list[JSON] = []
        for row in rows:
            if row["prev_hash"] != self._prev:
                self.wrong.append(f"row {row['seq']} does not follow on the one before")
            self._prev = row["hash"]
            if group and (row["at"], row["actor"], row["door"]) != tuple(
                group[-1][k] for k in ("at", "actor", "door")
            ):
                self._together(group, here)
                group = []
            group.append(row)
        if group:
            self._together(group, here)

    def _together(self, group: list[JSON], here: frozenset[str]) -> None:
        """Rows of one person at one moment: what they changed is judged once all of it is there."""
        before: dict[tuple[str, str], JSON] = {}
        for row in group:
            if row["refused"]:
                self.refused += 1
                if row["patch"]:
                    self.wrong.append(f"row {row['seq']}: a refusal changed something")
                continue
            if row["patch"] is None:
                continue
            kind, id = row["subject_type"], row["subject_id"]
            known = self.states.setdefault(kind, {})
            before.setdefault((kind, id), known.get(id, {}))
            known[id] = _patched(known.get(id, {}), row["patch"])
        at = datetime.fromisoformat(group[0]["at"])
        seq = group[-1]["seq"]
        for (kind, id), was in before.items():
            now = self.states[kind][id]
            if kind == "use_case" and was.get("stage") != now.get("stage") and was:
                self._moved(seq, was, now, at, here)
            elif kind == "release" and was.get("status") != now.get("status") == "live":
                self._live(seq, was, now, at, here)
            elif kind == "approval":
                self._decided(seq, was, now, group, at, here)

    # --- moves --------------------------------------------------------------------------------------------

    def _moved(self, seq: int, was: JSON, now: JSON, at: datetime, here: frozenset[str]) -> None:
        self.moves += 1
        stage = now["stage"]
        self.reached[stage] = self.reached.get(stage, 0) + 1
        gates = self.policy.gates_between(was["stage"], stage)
        if gates is None:
            self.wrong.append(f"row {seq}: {now['id']} went from {was['stage']} to {stage}: no such move")
            return
        if "" not in gates:
            self.gated += 1
            for gate in gates:
                for lack in self.lacking(gate, was | {"stage": was["stage"]}, at, here):
                    self.wrong.append(f"row {seq}: {now['id']} passed {gate} without {lack}")

    def lacking(
        self, gate_id: str, use_case: JSON, at: datetime, here: frozenset[str], decision: bool = True
    ) -> list[str]:
        """What a gate demands and is not there at this moment."""
        gate = self.policy.gates[gate_id]
        id, facts = use_case["id"], _facts(use_case)
        found: list[str] = []
        evidenced: dict[str, bool] = {}
        for demand in gate.get("demands", ()):
            if not true(demand.get("when", True), facts):
                continue
            for item in self.policy.items(demand["questionnaire"]):
                key = f"{demand['questionnaire']}.{item['id']}"
                done, rests = self._item(id, demand["questionnaire"], item, at)
                evidenced[key] = rests
                if not done:
                    found.append(key)
        for dimension in gate.get("dimensions", ()):
            items = [i for i in dimension["items"] if i in evidenced]
            if items and not any(evidenced[i] for i in items):
                found.append(f"evidence of {dimension['id']}")
        for owner in gate.get("owners", ()):
            if facts.get(owner) not in here:
                found.append(f"its {owner}")
        for group in gate.get("apart", ()):
            named = [facts[o] for o in group if facts.get(o)]
            if len(named) != len(set(named)):
                found.append(f"{' and '.join(group)} being two people")
        if gate.get("breaches", "block") == "block":
            found += [
                f"the breach {c['id']} {b['id']} closed"
                for c in self._all("contract")
                if id in c.get("consumers", ())
                for b in c.get("breaches", ())
                if not b.get("closed_at")
            ]
        least = gate.get("incidents", "high")
        if least != "none":
            found += [
                f"the incident {i['id']} over"
                for i in self._all("incident")
                if i.get("use_case") == id
                and i["status"] not in _OVER
                and _SEVERITIES.index(i["severity"]) >= _SEVERITIES.index(least)
            ]
        found += self._whole(use_case, at)
        if decision and gate.get("approval", True) and not self._gate_approved(gate_id, use_case, at):
            found.append("its approval")
        return found

    def _item(self, use_case: str, sheet: str, item: JSON, at: datetime) -> tuple[bool, bool]:
        """(nothing more to do, met on evidence where it is demanded)."""
        for waiver in self._all("waiver"):
            same = (waiver["use_case"], waiver["checklist"], waiver["control"]) == (
                use_case,
                sheet,
                item["id"],
            )
            if same and waiver["status"] == "in_force" and at < _time(waiver["expires_at"]):
                return True, False
        walks = [
            w
            for w in self._all("walk")
            if (w["about"], w["questionnaire"]) == (use_case, sheet)
            and not w.get("matter")
            and w["status"] not in ("cancelled", "expired")
        ]
        walk = max(walks, key=lambda w: (w["touched_at"], w["id"]), default=None)
        answer = (walk or {}).get("answers", {}).get(item["id"])
        check = answer["value"] if answer else {}
        if check.get("state") == "na":
            return True, False
        if check.get("state") != "yes":
            return False, False
        demand = item.get("evidence")
        if not demand:
            return True, True
        for piece in check.get("evidence", ()):
            ends = _time(piece.get("expires_at"))
            if ends is None and demand.get("lasts_days"):
                ends = _time(piece["at"]) + timedelta(days=demand["lasts_days"])
            if ends is None or at < ends:
                return True, True
        return False, False

    def _whole(self, use_case: JSON, at: datetime) -> list[str]:
        """The approval of the use case itself, and what was promised with any."""
        own = [a for a in self._all("approval") if a["use_case"] == use_case["id"]]
        first = self.policy.governance["gate"]
        whole = [a for a in own if a["kind"] in _WHOLE and (a["gate"] == first or a["kind"] == "change")]
        found = []
        if any(a["kind"] == "change" and a["status"] == "waiting" for a in whole):
            found.append("the change decided")
        held = [a for a in whole if a["status"] == "approved"]
        newest = max(held, key=lambda a: (a["opened_at"], a["id"]), default=None)
        if newest is None:
            found.append("the approval of the whole")
        elif newest.get("expires_at") and _time(newest["expires_at"]) <= at:
            found.append("an approval of the whole that has not run out")
        found += [
            f"the condition {c['id']} kept"
            for a in own
            if a["status"] == "approved"
            for c in a.get("conditions", ())
            if not c.get("done_at") and c.get("due") and _time(c["due"]) < at
        ]
        return found

    def _gate_approved(self, gate: str, use_case: JSON, at: datetime) -> bool:
        own = [a for a in self._all("approval") if a["use_case"] == use_case["id"]]
        off = {
            id
            for a in own
            if a["kind"] == "change" and a["status"] == "waiting"
            for id in a.get("reopens", ())
        }
        since = _time(use_case.get("submitted_at"))
        lasts = self.policy.gates[gate].get("lasts_days")
        for a in own:
            if a["kind"] not in ("gate", "renewal") or a["gate"] != gate or a["status"] != "approved":
                continue
            if a["id"] in off or (since and _time(a["opened_at"]) < since):
                continue
            ends = [_time(a["expires_at"])] if a.get("expires_at") else []
            if lasts:
                ends.append(_time(a["closed_at"]) + timedelta(days=lasts))
            if all(at < end for end in ends):
                return True
        return False

    # --- versions -----------------------------------------------------------------------------------------

    def _live(self, seq: int, was: JSON, now: JSON, at: datetime, here: frozenset[str]) -> None:
        """A version goes into use: for the first time, or again after a stop or a roll-back."""
        use_case = self.states["use_case"][now["use_case"]]
        said = f"row {seq}: {now['id']} ({now['use_case']})"
        others = [
            r for r in self._all("release") if r["use_case"] == now["use_case"] and r["status"] == "live"
        ]
        if len(others) != 1:
            self.wrong.append(f"{said}: {len(others)} versions are in use at once")
        approval = self.states.get("approval", {}).get(now.get("approval") or "", {})
        if approval.get("status") != "approved":
            self.wrong.append(f"{said} went into use without its approval")
        if was.get("status") != "approved":
            return
        self.shipped += 1
        if use_case["stage"] not in self.policy.releases["stages"]:
            self.wrong.append(f"{said} went into use in {use_case['stage']}")
        if approval.get("expires_at") and _time(approval["expires_at"]) <= at:
            self.wrong.append(f"{said} went into use after its approval had run out")
        for lack in self.lacking(self.policy.releases["gate"], use_case, at, here, decision=False):
            self.wrong.append(f"{said} went into use without {lack}")

    # --- decisions ----------------------------------------------------------------------------------------

    def _decided(
        self, seq: int, was: JSON, now: JSON, group: list[JSON], at: datetime, here: frozenset[str]
    ) -> None:
        said = f"row {seq}: {now['id']} ({now['kind']} of {now['use_case']})"
        known = {
            _verdict(s, v) for s in (*was.get("seats", ()), *was.get("aside", ())) for v in s["verdicts"]
        }
        new = [(s, v) for s in now["seats"] for v in s["verdicts"] if _verdict(s, v) not in known]
        lines = [
            r for r in group
            if r["subject_id"] == now["id"] and r["action"] in ("seat.approved", "seat.rejected")
        ]  # fmt: skip
        if len(new) != len(lines):
            self.wrong.append(f"{said}: {len(new)} verdicts for {len(lines)} lines of the log")
        for seat, verdict in new:
            self.verdicts += 1
            by = verdict["by"]
            own = {now["submitter"], now.get("asked_by"), *now.get("apart", ())}
            if by in own:
                self.wrong.append(f"{said}: {by} decided on their own")
            able = set(seat["people"]) | {d["to"] for d in seat.get("delegations", ())}
            able |= {u for e in seat.get("escalations", ()) if e.get("decides") for u in e["to"]}
            if by not in able:
                self.wrong.append(f"{said}: {by} has no seat as {seat['role']}")
            if by not in here:
                self.wrong.append(f"{said}: {by} is not here any more")
            if by != lines[0]["actor"]:
                self.wrong.append(f"{said}: {lines[0]['actor']} decided for {by}")
            if not seat.get("opened_at"):
                self.wrong.append(f"{said}: {seat['role']} decided before its turn")
            if was and was.get("status") != "waiting":
                self.wrong.append(f"{said}: decided when it was {was.get('status')}")
        for seat in now["seats"]:
            yes = [v["by"] for v in seat["verdicts"] if v["choice"] == "approve"]
            if len(yes) > seat.get("quorum", 1) or len(yes) != len(set(yes)):
                self.wrong.append(
                    f"{said}: {len(yes)} yes as {seat['role']} for a quorum of {seat['quorum']}"
                )
        if now["status"] == "approved" and was.get("status") != "approved":
            short = [
                s["role"]
                for s in now["seats"]
                if sum(v["choice"] == "approve" for v in s["verdicts"]) < s.get("quorum", 1)
            ]
            if short:
                self.wrong.append(f"{said}: approved without {', '.join(short)}")
        if not was and now["kind"] in ("intake", "gate", "release"):
            facts = _facts(self.states["use_case"][now["use_case"]])
            missing = self.policy.roles(now["gate"], facts) - {s["role"] for s in now["seats"]}
            if missing and now["status"] not in ("stopped",):
                self.wrong.append(f"{said}: nobody is asked as {', '.join(sorted(missing))}")

    # --- the end ------------------------------------------------------------------------------------------

    def compare(self, stored: Mapping[str, Mapping[str, JSON]]) -> None:
        """The folded states are those that are stored."""
        for kind, known in stored.items():
            folded = self.states.get(kind, {})
            for id, state in known.items():
                if _plain(state) != folded.get(id):
                    self.wrong.append(f"{kind}/{id} is not what the log says")
            for id in folded.keys() - known.keys():
                self.wrong.append(f"{kind}/{id} is in the log and not in the store")

    def _all(self, kind: str) -> list[JSON]:
        return list(self.states.get(kind, {}).values())


def _by_id(found: Iterable[JSON]) -> dict[str, JSON]:
    return {one["id"]: one for one in found}


def _facts(use_case: JSON) -> JSON:
    answers = {q: a.get("value") for q, a in use_case.get("answers", {}).items()}
    tier = ((use_case.get("assessment") or {}).get("tier") or {}).get("tier")
    return {**answers, "tier": tier}


def _time(text: str | None) -> Any:
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def _verdict(seat: JSON, verdict: JSON) -> str:
    return json.dumps([seat["id"], verdict], sort_keys=True)


def _patched(old: JSON, patch: Any) -> Any:
    """RFC 7386."""
    if not isinstance(patch, dict):
        return patch
    made = dict(old) if isinstance(old, dict) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = _patched(made.get(key, {}), value)
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if v is not None}
    return value
