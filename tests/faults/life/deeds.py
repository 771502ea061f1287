"""What people do in the company: the next right thing, the wrong thing, and things that happen to them.

``pick`` is any number; it chooses among whatever there is at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from bot.contracts import hearing
from bot.records import record_under_lock
from bot.registry import Moment
from tests.answers import HIGH, LOW, MEDIUM
from tests.faults.life.world import BOT, World
from workflows import breaching, conversation, intake
from workflows.approval import Approval
from workflows.breaching import Seen
from workflows.changing import change
from workflows.contract import Contract
from workflows.decision import Actor, Circumstances
from workflows.dossier import Dossier
from workflows.gap import Gap
from workflows.gating import next_gate
from workflows.ids import QuestionId, UserId
from workflows.incident import Incident
from workflows.readiness import readiness
from workflows.release import Release
from workflows.seats import open_seats, to_act
from workflows.use_case import UseCase
from workflows.waiver import Waiver
from workflows.walk import Origin, Walk

T = TypeVar("T")
Input = Callable[[], Any]

PROBLEM = "Adjusters write a summary after every call, and it takes nine minutes."
OWNERS = {
    "business_owner": "U0MARCUS",
    "technical_owner": "U0LEE",
    "metric_owner": "U0GRACE",
    "risk_owner": "U0TOM",
    "stop_authority": "U0JACK",
}
FEED = """apiVersion: v3.1.0
kind: DataContract
id: {name}
version: 1.0.0
name: {name}
team: {{members: [{{username: anya, role: owner}}]}}
customProperties: [{{property: sourceOfTruth, value: Core}}]
schema:
  - name: rows
    properties: [{{name: id, logicalType: string, description: The number.}}]
slaProperties: [{{property: latency, value: 24, unit: h}}]
"""


def among(pick: int, some: Sequence[T]) -> T | None:
    """One of them, or ``None`` of none."""
    return some[pick % len(some)] if some else None


class Deeds:
    """All of them, in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.made = 0

    # --- looking ------------------------------------------------------------------------------------------

    def cases(self) -> list[UseCase]:
        """Everything that was submitted."""
        with self.world.store.read() as reading:
            return [u for u in reading.use_cases() if u.stage not in ("idea", "draft")]

    def dossier(self, id: str) -> Dossier:
        """All that is known of one."""
        with self.world.store.read() as reading:
            found = reading.dossier(id)
        assert found is not None
        return found

    def approvals(self) -> list[Approval]:
        """What waits for a decision."""
        with self.world.store.read() as reading:
            return list(reading.approvals_open())

    def matters(self, model: type[Any]) -> list[Any]:
        """All of one kind."""
        with self.world.store.read() as reading:
            return sorted(reading.matters(model), key=lambda m: m.id)

    def anybody(self, pick: int) -> UserId:
        """Anyone: owners, approvers, strangers, those who left, and the bot itself."""
        everyone = [p.id for p in self.world.people] + [BOT, UserId("U0NOBODY")]
        return everyone[pick % len(everyone)]

    # --- an idea ------------------------------------------------------------------------------------------

    def submits(self, pick: int, by: UserId) -> None:
        """Somebody submits a use case of some tier, with its owners named as far as the tier asks."""
        world = self.world
        self.made += 1
        answers = dict((LOW, MEDIUM, HIGH)[pick % 3])
        answers |= {"problem": PROBLEM, "name": f"Use case {self.made}", "risk_owner": "U0PRIYA"}
        answers |= {q: u for q, u in OWNERS.items() if q in answers or pick % 2}
        people = {str(p.id): p for p in world.people}
        # Nobody can name somebody who has left.
        gone = [q for q, u in answers.items() if isinstance(u, str) and u in people and not people[u].active]
        answers |= dict.fromkeys(gone, str(by))
        world.does(lambda: self._submitted(by, answers))

    def _submitted(self, by: UserId, answers: dict[str, Any]) -> None:
        world, program = self.world, self.world.program
        circ = Circumstances(now=world.now, actor=Actor(user=by, door="modal"), program=program.stamp)
        with world.store.write() as tx:
            begun = conversation.begin(
                walk_id=tx.new_id("walk"),
                use_case_id=tx.new_id("use_case"),
                questionnaire=program.intake,
                origin=Origin(entry="form", words=PROBLEM),
                place=None,
                program=program,
                directory=tx.directory(),
                circ=circ,
            )
            changed = tuple(
                a.model_copy(update={"status": "asking"}) if isinstance(a, Walk) else a for a in begun.changed
            )
            stored = tx.apply(begun.model_copy(update={"changed": changed, "effects": ()}), circ)
            walk = next(a for a in stored if isinstance(a, Walk))
            use_case = next(a for a in stored if isinstance(a, UseCase))
            values = {QuestionId(q): v for q, v in answers.items()}
            filled = conversation.fill(walk, use_case, values, program, tx.directory(), circ)
            if filled.problems:
                raise AssertionError(filled.problems)
            tx.apply(filled.model_copy(update={"effects": ()}), circ)
            now_walk, now_case = tx.lock_walk(walk.id), tx.lock_use_case(use_case.id)
            assert now_walk is not None
            assert now_case is not None
            decided = intake.submit(now_walk, now_case, program, tx.directory(), tx.new_id("approval"), circ)
            tx.apply(decided, circ)

    # --- the next right thing -----------------------------------------------------------------------------

    def next_step(self, pick: int) -> Input | None:
        """What somebody who wants a use case to go on would do now, with the right to do it."""
        use_case = among(
            pick, [u for u in self.cases() if u.stage not in ("rejected", "retired", "archived")]
        )
        if use_case is None:
            return None
        dossier = self.dossier(use_case.id)
        waiting = [a for a in dossier.approvals if a.status == "waiting"]
        if waiting:
            return self.decides(waiting[0], pick)
        gate = next_gate(dossier, self.world.program)
        if gate is None:
            return self.ships(dossier, pick)
        with self.world.store.read() as reading:
            directory = reading.directory()
        found = readiness(gate, dossier, self.world.program, directory, self.world.now)
        gaps = [g for g in found.gaps if g.kind not in ("dimension", "approval", "approval_waits")]
        if gaps:
            return self.closes(gaps[pick // 7 % len(gaps)], dossier, pick)
        if any(g.kind == "approval" for g in found.gaps):
            return self.world.click(self._worker(dossier), "gate.ask", f"{use_case.id}|{gate.id}")
        return self.moves(dossier, gate.to, pick)

    def _worker(self, dossier: Dossier) -> UserId:
        able = [dossier.use_case.submitter, *(UserId(u) for u in OWNERS.values()), UserId("U0SAM")]
        return next((u for u in able if u in self.world.active()), UserId("U0ZOE"))

    def decides(self, approval: Approval, pick: int, by: UserId | None = None) -> Input:
        """A yes, now and then something else, by one of those who may (or by ``by``)."""
        open_ = open_seats(approval)
        seat = among(pick, open_ or approval.seats)
        user = by or (among(pick // 3, to_act(seat)) if seat else None) or UserId("U0SAM")
        value = f"{approval.id}|{seat.id if seat else ''}"
        private = {"approval": approval.id, "seat": seat.id if seat else ""}
        world = self.world
        match pick // 11 % 24:
            case 0:
                return world.form(user, "approval.reject", private, {"reason": "Not like this."})
            case 1:
                values = {"text/0": "Delete after 30 days.", "owner/0": OWNERS["technical_owner"]}
                day = (world.now + timedelta(days=2)).date().isoformat()
                return world.form(user, "approval.conditions", private, {**values, "due/0": day})
            case 2:
                to = self.anybody(pick // 13)
                return world.form(user, "approval.delegate", private, {"to": to, "reason": "I am away."})
            case 3:
                return world.form(user, "approval.changes", private, {"question": "Why?"})
        return world.click(user, "approval.approve", value, f"approval|{value}")

    def closes(self, gap: Gap, dossier: Dossier, pick: int) -> Input | None:
        """Whatever closes a gap."""
        world, who = self.world, self._worker(dossier)
        match gap.kind:
            case "open" | "lacks" | "expired" | "no":
                _, sheet, item = gap.target.split("|")
                return self.answers(dossier.use_case, sheet, item, who, "yes", evidence=True)
            case "waiting":
                walk, assignment = gap.target.split("|")
                return world.form(
                    gap.who[0],
                    "assignment.answer",
                    {"walk": walk, "assignment": assignment},
                    self._item(gap.key.split(".")[1], "yes", True),
                )
            case "owner" | "owner_left" | "owners_same":
                question = gap.target.split("|")[1]
                free = [u for u in OWNERS.values() if u in world.active()]
                user = OWNERS.get(question) if OWNERS.get(question) in free else among(pick, free)
                if gap.kind == "owners_same" or user is None:
                    user = among(pick, world.active())
                private = {"use_case": dossier.use_case.id, "question": question}
                return world.form(who, "owner.name", private, {"user": user})
            case "breach":
                contract, breach = gap.target.split("|")
                private = {"contract": contract, "breach": breach}
                return world.form("U0ANYA", "breach.close", private, {"reason": "Loaded again."})
            case "incident":
                return self.ends(gap.target, pick)
            case "condition":
                approval, condition = gap.key.split(".", 1)
                return world.click(gap.who[0], "condition.done", f"{approval}|{condition}")
            case "approval_expired":
                return lambda: world.passes(hours=2)
        return None

    def answers(
        self, use_case: UseCase, sheet: str, item: str, who: str, state: str, evidence: bool
    ) -> Input | None:
        """An item of a checklist in its small form; the checklist begins with the first."""
        world = self.world
        walk = self.dossier(use_case.id).walk_of(sheet)
        if walk is None:
            return world.click(who, "check.open", f"{use_case.id}|{sheet}|{item}")
        private = {"walk": walk.id, "item": item}
        return world.form(who, "check.form", private, self._item(item, state, evidence))

    def _item(self, item: str, state: str, evidence: bool) -> dict[str, Any]:
        values: dict[str, Any] = {f"q|{item}": state}
        if state == "na":
            values[f"q|{item}|reason"] = "We have none of it." if evidence else ""
        elif evidence:
            values[f"q|{item}|text"] = "94% of 400 cases, looked at on Monday."
            values[f"q|{item}|link"] = "https://wiki.example/evidence"
        return values

    def moves(self, dossier: Dossier, to: str, pick: int, by: UserId | None = None) -> Input:
        """A move by hand, by somebody whose move it is (or by ``by``)."""
        world = self.world
        here = set(world.active())
        found: list[UserId | None] = []
        for move in world.program.life_cycle.moves:
            if (move.from_, move.to) == (dossier.use_case.stage, to):
                team = world.groups["ai-program"] if move.by == "program_team" else []
                own = dossier.use_case.submitter if move.by == "submitter" else dossier.named(move.by)
                found += team or [own]
        able = [u for u in found if u in here]
        user = by or among(pick, able) or dossier.use_case.submitter
        private = {"use_case": dossier.use_case.id, "to": to}
        return world.form(user, "stage.move", private, {"why": "It is time."})

    # --- versions -----------------------------------------------------------------------------------------

    def ships(self, dossier: Dossier, pick: int) -> Input | None:
        """A version is put forward, its checklist filled, and it goes out."""
        world, who = self.world, OWNERS["technical_owner"]
        named = dossier.named("technical_owner") or UserId(who)
        coming = [r for r in dossier.releases if r.status in ("proposed", "approved")]
        gate = world.program.gates[world.program.releases.gate]
        with world.store.read() as reading:
            directory = reading.directory()
        bare = gate.model_copy(update={"approval": False})
        gaps = readiness(bare, dossier, world.program, directory, world.now).gaps
        if gaps:
            return self.closes(gaps[pick % len(gaps)], dossier, pick)
        if coming:
            return world.click(named, "release.ship", coming[0].id)
        self.made += 1
        values = {
            "version": f"1.{self.made}.0",
            "changed": "A better prompt.",
            "why": "Fewer corrections.",
            "impact": "None.",
            "model": "m-1",
            "prompt": f"p-{self.made}",
            "data": "d-1",
            "evaluation": "e-1",
            "retrieval": "r-1",
        }
        proposer = OWNERS["risk_owner"] if pick % 2 else named
        return world.form(proposer, "release.propose", {"use_case": dossier.use_case.id}, values)

    def stops(self, pick: int, by: UserId) -> Input | None:
        """Stop, roll back, ship, withdraw or start again: whatever they have the right to."""
        release = among(pick, self.matters(Release))
        if release is None:
            return None
        actions = ("release.stop", "release.roll_back", "release.ship", "release.withdraw", "release.restart")
        action = actions[pick // 5 % len(actions)]
        if action == "release.restart":
            return self.world.form(by, action, {"release": release.id}, {"why": "It is mended."})
        return self.world.click(by, action, release.id)

    # --- what goes wrong ----------------------------------------------------------------------------------

    def contracts(self, pick: int, by: UserId) -> Input | None:
        """A feed is promised, relied upon, broken, or mended."""
        world = self.world
        known: list[Contract] = self.matters(Contract)
        if len(known) < 2:
            text = FEED.format(name=f"feed-{len(known) + 1}")
            return world.form("U0ANYA", "contract.submit", {"contract": ""}, {"text": text})
        contract = known[pick % len(known)]
        use_case = among(pick // 3, self.cases())
        match pick // 2 % 4:
            case 0 if use_case is not None:
                private = {"contract": str(contract.id)}
                return world.form("U0ANYA", "contract.rely", private, {"use_case": use_case.id})
            case 1:
                values = {"contract": contract.id, "kind": "late", "what": "Nothing since Monday."}
                return world.form(by, "breach.report", {}, {**values, "severity": "medium", "field": ""})
            case 2:
                breach = among(pick, contract.open_breaches)
                private = {"contract": str(contract.id), "breach": breach.id if breach else "B1"}
                return world.form(by, "breach.close", private, {"reason": "It is there."})
        return lambda: self._measured(world.moment, contract.id, 30.0 if pick % 3 else 1.0)

    def _measured(self, moment: Moment, contract: str, value: float) -> None:
        circ = moment.circumstances(UserId("system:freshness"), "webhook")
        with moment.store.write() as tx:
            heard = hearing(tx, moment, circ, contract)
            if heard:
                values = [breaching.Value("latency", value, "h")]
                tx.apply(heard.ask(breaching.measured, values=values), circ)

    def breaks(self, contract: Contract) -> Input:
        """A breach by hand, for races."""
        world = self.world

        def do() -> None:
            circ = world.moment.circumstances(UserId("U0ANYA"), "modal")
            with world.store.write() as tx:
                heard = hearing(tx, world.moment, circ, contract.id)
                if heard:
                    seen = Seen("behavioural", "completeness", "Half of it is missing.")
                    tx.apply(heard.ask(breaching.report, seen=seen), circ)

        return do

    def incident(self, pick: int, by: UserId) -> Input | None:
        """Something goes wrong with a use case."""
        use_case = among(pick, self.cases())
        if use_case is None:
            return None
        policy = self.world.program.incidents
        values = {
            "kind": policy.kinds[pick % len(policy.kinds)].id,
            "severity": policy.severities[pick // 3 % len(policy.severities)].id,
            "what": "Wrong totals in the summaries.",
            "use_case": use_case.id,
        }
        return self.world.form(by, "incident.report", {}, values)

    def ends(self, id: str, pick: int, by: UserId | None = None) -> Input:
        """An incident is taken, over, or none."""
        users = [UserId(u) for u in OWNERS.values()] + [UserId("U0SAM"), UserId("U0ZOE")]
        user = by or users[pick % len(users)]
        match pick // 7 % 4:
            case 0:
                return self.world.click(user, "incident.take", id)
            case 1:
                return self.world.form(user, "incident.dismiss", {"incident": id}, {"reason": "A test."})
            case 2:
                return self.world.click(user, "incident.close", id)
        return self.world.click(user, "incident.recover", id)

    # --- setting aside, changing --------------------------------------------------------------------------

    def waives(self, pick: int, by: UserId) -> Input | None:
        """A waiver is asked for, accepted, declined, ended."""
        world = self.world
        known: list[Waiver] = self.matters(Waiver)
        asked = [w for w in known if w.status == "asked" and w.acceptance is None]
        if asked and pick % 3:
            waiver = asked[pick % len(asked)]
            user = (waiver.carrier or by) if pick // 3 % 2 else by
            values = {"ticked": ["yes"], "words": "I carry what may go wrong until then."}
            return world.form(user, "waiver.accept", {"waiver": waiver.id}, values)
        if known and pick % 7 == 0:
            return world.click(by, "waiver.end", known[pick % len(known)].id)
        use_case = among(pick, self.cases())
        gate = among(pick // 2, list(world.program.gates.values()))
        if use_case is None or gate is None or not gate.demands:
            return None
        sheet = gate.demands[pick % len(gate.demands)].questionnaire
        item = list(world.program.questionnaires[sheet].questions())
        control = item[pick // 5 % len(item)].id
        values = {
            "justification": "The tool for it comes in March.",
            "compensating": "A person looks at every case.",
            "risk": "One in a hundred is wrong for a day.",
            "until": (world.now + timedelta(days=20)).date().isoformat(),
        }
        private = {"use_case": use_case.id, "checklist": sheet, "control": control}
        user = self._worker(self.dossier(use_case.id)) if pick % 2 else by
        return world.form(user, "waiver.new", private, values)

    def changes(self, pick: int, by: UserId) -> Input | None:
        """Somebody changes an answer of the record, materially or not."""
        use_case = among(pick, self.cases())
        if use_case is None:
            return None
        options: list[dict[str, Any]] = [
            {"autonomy": "act_with_approval"},
            {"autonomy": "assist"},
            {"data_sensitivity": "confidential"},
            {"technical_owner": self.anybody(pick // 3)},
            {"business_owner": "U0DANA"},
            {"users_expected": 60.0},
        ]
        values = options[pick // 2 % len(options)]
        user = use_case.submitter if pick % 3 else by
        return lambda: self._changed(user, use_case, values)

    def _changed(self, by: UserId, use_case: UseCase, values: dict[str, Any]) -> None:
        moment = self.world.moment
        circ = moment.circumstances(by, "modal")
        with moment.store.write() as tx:
            record = record_under_lock(tx, moment, circ, use_case.id)
            if record is None:
                return
            given = {QuestionId(q): v for q, v in values.items()}
            id, directory = tx.new_id("approval"), tx.directory()
            decision = change(record.dossier, given, id, record.program, directory, record.circ)
            if not decision.problems:
                tx.apply(record.followed(decision), record.circ)

    def assigns(self, pick: int, by: UserId) -> Input | None:
        """An item is handed to the person who knows."""
        walks = [w for u in self.cases() for w in self.dossier(u.id).walks if w.questionnaire != "intake"]
        walk = among(pick, walks)
        if walk is None:
            return None
        asked = list(self.world.program.questionnaires[walk.questionnaire].questions())
        private = {"walk": walk.id, "question": asked[pick // 3 % len(asked)].id}
        return self.world.form(
            by, "check.assign", private, {"to": self.anybody(pick // 5), "note": "Please."}
        )

    def moves_anything(self, pick: int, by: UserId) -> Input | None:
        """Somebody wants some use case in some stage."""
        use_case = among(pick, self.cases())
        if use_case is None:
            return None
        stages = [s.id for s in self.world.program.life_cycle.stages]
        return self.moves(self.dossier(use_case.id), stages[pick // 3 % len(stages)], pick, by)

    def asks_anything(self, pick: int, by: UserId) -> Input | None:
        """Somebody asks for some gate, ready or not."""
        use_case = among(pick, self.cases())
        gates = list(self.world.program.gates)
        if use_case is None:
            return None
        return self.world.click(by, "gate.ask", f"{use_case.id}|{gates[pick // 3 % len(gates)]}")

    def answers_anything(self, pick: int, by: UserId) -> Input | None:
        """Somebody answers some item in some way, with or without evidence."""
        use_case = among(pick, self.cases())
        sheets = sorted({d.questionnaire for g in self.world.program.gates.values() for d in g.demands})
        if use_case is None:
            return None
        sheet = sheets[pick // 3 % len(sheets)]
        asked = list(self.world.program.questionnaires[sheet].questions())
        item = asked[pick // 5 % len(asked)].id
        state = ("yes", "yes", "no", "na")[pick // 7 % 4]
        user = self._worker(self.dossier(use_case.id)) if pick % 2 else by
        return self.answers(use_case, sheet, item, user, state, bool(pick // 11 % 2))

    def resolves(self, pick: int, by: UserId) -> Input | None:
        """Somebody does something with some incident."""
        incident = among(pick, self.matters(Incident))
        return self.ends(incident.id, pick, by if pick % 2 else None) if incident else None
