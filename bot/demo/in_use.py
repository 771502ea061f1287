"""What came after approval for a use case of the demo, by the rules: its stages, and its versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.demo.agreeing import agree
from bot.registry import Moment
from storage.store import Tx
from workflows import releasing
from workflows.answers import Answer
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Post, ToRoom
from workflows.evidence import Check, Evidence
from workflows.ids import UseCaseId, UserId
from workflows.people import Directory
from workflows.release import PARTS
from workflows.releasing import Proposal, named
from workflows.stages import moved
from workflows.systems import system_user
from workflows.walk import Origin, Walk

_PIPELINE = system_user("ci")


def seed_in_use(tx: Tx, moment: Moment, known: list[Mapping[str, Any]]) -> None:
    """For every use case of the file that has a part ``in_use``."""
    titles = {use_case.title: use_case.id for use_case in tx.use_cases()}
    for told in known:
        if "in_use" in told:
            _InUse(tx, moment, titles[told["answers"]["name"]]).write(told["in_use"])


class _InUse:
    """One use case, step by step, each at its time."""

    def __init__(self, tx: Tx, moment: Moment, use_case: UseCaseId) -> None:
        self._tx = tx
        self._moment = moment
        self._id = use_case
        self._directory: Directory = tx.directory()
        self._by = {p.handle: p.id for p in self._directory.people.values()}

    def write(self, told: Mapping[str, Any]) -> None:
        """Its stages, its checklist, its releases."""
        for step in told["stages"]:
            circ = self._circ(self._dossier.use_case.submitter, step["days_ago"])
            there, entries = moved(
                self._dossier.use_case, step["to"], self._moment.program, step["by"], circ.now
            )
            self._tx.apply(Decision(changed=(there,), entries=entries), circ)
        if "evidence" in told:
            self._evidence(told["evidence"])
        versions = told.get("releases", [])
        for version in versions:
            self._release(version, announced=version is versions[-1])

    @property
    def _dossier(self) -> Dossier:
        found = self._tx.dossier(self._id)
        assert found is not None
        return found

    def _evidence(self, told: Mapping[str, Any]) -> None:
        """The checklists of the gate of releases, met."""
        program = self._moment.program
        circ = self._circ(self._by[told["by"]], told["days_ago"])
        by = circ.actor.user
        seen = Evidence(kind="text", text=told["says"], owner=by, at=circ.now)
        yes = Check(state="yes", evidence=(seen,)).model_dump(mode="json")
        for demand in program.gates[program.releases.gate].demands:
            checklist = program.questionnaires[demand.questionnaire]
            walk = Walk(
                id=self._tx.new_id("walk"),
                questionnaire=checklist.id,
                about=self._id,
                owner=by,
                status="saved",
                answers={
                    q.id: Answer(value=yes, how="said", by=by, at=circ.now) for q in checklist.questions()
                },
                origin=Origin(entry="message"),
                program=circ.program,
                started_at=circ.now,
                touched_at=circ.now,
            )
            entry = Entry(action="walk.begun", subject=walk.subject, detail={"about": self._id})
            self._tx.apply(Decision(changed=(walk,), entries=(entry,)), circ)

    def _release(self, told: Mapping[str, Any], announced: bool) -> None:
        """Proposed by the pipeline, agreed to by those who are asked, confirmed by the pipeline."""
        program, days = self._moment.program, told["days_ago"]
        circ = self._circ(_PIPELINE, days + 1)
        proposal = Proposal(
            version=told["version"],
            changed=told["changed"],
            why=told["why"],
            impact=told["impact"],
            **{part: told[part] for part in PARTS if part in told},
        )
        ids = self._tx.new_id("release"), self._tx.new_id("approval")
        decision = releasing.propose(
            *ids, proposal, self._dossier, program, self._directory, circ, source="webhook"
        )
        if decision.problems or any(e.refused for e in decision.entries):
            raise ValueError(f"{told['version']}: {decision.problems or decision.entries}")
        self._silently(decision, circ)
        agree(
            self._tx,
            self._moment,
            self._id,
            ids[1],
            lambda user: self._circ(user, days + 0.5),
            self._silently,
        )
        release = named(told["version"], self._dossier)
        assert release is not None
        circ = self._circ(_PIPELINE, days)
        out = releasing.ship(release, self._dossier, program, self._directory, circ)
        if any(e.refused for e in out.entries):
            raise ValueError(f"{told['version']} could not be shipped: {out.effects}")
        self._silently(out, circ, announced)

    def _silently(self, decision: Decision, circ: Circumstances, announced: bool = False) -> None:
        """Nobody reads of what is long past; the channel has the card of the version in use."""
        kept = tuple(
            e
            for e in decision.effects
            if announced and isinstance(e, Post) and e.kind == "release" and isinstance(e.to, ToRoom)
        )
        self._tx.apply(decision.model_copy(update={"effects": kept}), circ)

    def _circ(self, user: UserId, days_ago: float) -> Circumstances:
        at = self._moment.now - timedelta(days=days_ago)
        door = "webhook" if user == _PIPELINE else "message"
        return Circumstances(now=at, actor=Actor(user=user, door=door), program=self._moment.program.stamp)
