"""One bad day of the demo, by the rules: reported, looked after, reviewed; one action is still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.registry import Moment
from storage.store import Tx
from workflows.answers import Answer
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.effects import Later, Post
from workflows.ids import QuestionId, UseCaseId, UserId
from workflows.incident import Incident
from workflows.incidents import actions, handling, reviewing
from workflows.incidents.reporting import Report, report
from workflows.incidents.rights import Handling
from workflows.people import Directory
from workflows.walk import Origin, Walk

_STILL_WAITS = ("action",)


def seed_bad_day(tx: Tx, moment: Moment, known: list[Mapping[str, Any]]) -> None:
    """For every use case of the file that has a part ``bad_day``."""
    titles = {use_case.title: use_case.id for use_case in tx.use_cases()}
    for told in known:
        if "bad_day" in told:
            _BadDay(tx, moment, titles[told["answers"]["name"]]).write(told["bad_day"])


class _BadDay:
    """One incident, step by step, each at its time."""

    def __init__(self, tx: Tx, moment: Moment, use_case: UseCaseId) -> None:
        self._tx = tx
        self._moment = moment
        self._use_case = tx.use_case(use_case)
        self._directory: Directory = tx.directory()
        self._by = {p.handle: p.id for p in self._directory.people.values()}
        self._incident: Incident | None = None

    def write(self, told: Mapping[str, Any]) -> None:
        """From the report to where it stands."""
        circ = self._circ(self._by[told["by"]], told["days_ago"])
        said = Report(
            kind=told["kind"],
            severity=told["severity"],
            what=told["what"],
            began_at=circ.now - timedelta(minutes=told["unnoticed_minutes"]),
        )
        id, program = self._tx.new_id("incident"), self._moment.program
        self._keep(report(said, id, self._use_case, program, self._directory, circ), circ)
        leads = self._by[told["leads"]]
        self._do(handling.take, leads, told["days_ago"], minutes=told["taken_minutes"])
        self._do(handling.recover, leads, told["days_ago"], minutes=told["recovered_minutes"])
        review = told["review"]
        writer = self._by[review["by"]]
        circ = self._circ(writer, review["days_ago"])
        walk = self._review(review, circ)
        self._keep(reviewing.reviewed(self._handling(circ), walk), circ)
        for done in told["done"]:
            self._do(actions.done, self._by[done["by"]], done["days_ago"], action=done["action"])

    def _review(self, told: Mapping[str, Any], circ: Circumstances) -> Walk:
        assert self._incident is not None
        people = {str(a.owner) for a in self._moment.program.questionnaires[told["questionnaire"]].actions}
        answers = {
            QuestionId(q): Answer(
                value=self._value(q, v, people), how="said", by=circ.actor.user, at=circ.now
            )
            for q, v in told["answers"].items()
        }
        walk = Walk(
            id=self._tx.new_id("walk"),
            questionnaire=told["questionnaire"],
            about=self._incident.use_case or UseCaseId(""),
            matter=self._incident.subject,
            owner=circ.actor.user,
            status="submitted",
            answers=answers,
            origin=Origin(entry="message"),
            program=circ.program,
            started_at=circ.now - timedelta(minutes=12),
            touched_at=circ.now,
        )
        entry = Entry(action="walk.begun", subject=walk.subject, detail={"about": walk.about})
        self._tx.apply(Decision(changed=(walk,), entries=(entry,)), circ)
        return walk

    def _value(self, question: str, value: Any, people: set[str]) -> Any:
        if isinstance(value, Mapping):
            return (self._moment.now + timedelta(days=value["in_days"])).date().isoformat()
        return self._by[value] if question in people else value

    def _do(
        self,
        rule: Callable[[Handling], Decision],
        user: UserId,
        days_ago: float,
        minutes: float = 0,
        action: str = "",
    ) -> None:
        circ = self._circ(user, days_ago, minutes)
        self._keep(rule(self._handling(circ, action)), circ)

    def _handling(self, circ: Circumstances, action: str = "") -> Handling:
        assert self._incident is not None
        found = self._incident.action(action)
        return Handling(
            self._incident, self._use_case, self._moment.program, self._directory, circ, action=found
        )

    def _keep(self, decision: Decision, circ: Circumstances) -> None:
        """Nobody reads of what is long past; what is still to be done has its card."""
        if decision.problems or any(e.refused for e in decision.entries):
            raise ValueError(f"the bad day of {self._use_case}: {decision.problems or decision.entries}")
        kept = tuple(
            e
            for e in decision.effects
            if (isinstance(e, Post) and e.kind in _STILL_WAITS)
            or (isinstance(e, Later) and e.name == "incident_action_due" and e.due > self._moment.now)
        )
        for stored in self._tx.apply(decision.model_copy(update={"effects": kept}), circ):
            if isinstance(stored, Incident):
                self._incident = stored

    def _circ(self, user: UserId, days_ago: float, minutes: float = 0) -> Circumstances:
        at = self._moment.now - timedelta(days=days_ago) + timedelta(minutes=minutes)
        return Circumstances(
            now=at, actor=Actor(user=user, door="message"), program=self._moment.program.stamp
        )
