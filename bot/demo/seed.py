"""Fills the demo's memory through the rules themselves: walked, submitted and decided, each in its time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

import yaml

from bot.demo.a_year import seed_a_year
from bot.demo.agreeing import agree
from bot.demo.bad_day import seed_bad_day
from bot.demo.contracts import seed_contracts
from bot.demo.in_pilot import seed_in_pilot
from bot.demo.in_use import seed_in_use
from bot.demo.people import seed_people
from bot.registry import Moment
from storage.store import Tx
from workflows import approving
from workflows.approval import Approval
from workflows.conversation import begin, open_walk
from workflows.decision import Actor, Circumstances, Decision
from workflows.effects import Later, Post
from workflows.filling import fill
from workflows.ids import QuestionId, UserId
from workflows.intake import submit
from workflows.people import Directory
from workflows.questionnaire import missing
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk

_TYPED = ("data_owner", "business_owner", "technical_owner", "metric_owner", "risk_owner", "stop_authority")


def seed(moment: Moment) -> int:
    """Write the demo's use cases, once: where there are any already, nothing is done. Returns how many.

    Of what the rules want posted, only what still waits for someone is kept: nobody reads of old decisions.
    """
    year = _told("a_year.yaml")
    known = [*_told("use_cases.yaml"), *year["use_cases"]]
    with moment.store.write() as tx:
        if tx.use_cases(at_most=1):
            return 0
        for told in known:
            _Story(tx, moment, told).write()
        seed_in_pilot(tx, moment, known)
        seed_in_use(tx, moment, known)
        seed_bad_day(tx, moment, known)
        seed_contracts(tx, moment)
        seed_a_year(tx, moment, year)
        seed_people(tx, moment, _told("people.yaml"))
    return len(known)


def _told(name: str) -> Any:
    return yaml.safe_load(resources.files("bot.demo").joinpath(name).read_text(encoding="utf-8"))


class _Story:
    """One use case of the demo, written step by step, each at its time."""

    def __init__(self, tx: Tx, moment: Moment, told: Mapping[str, Any]) -> None:
        self._tx = tx
        self._moment = moment
        self._told = told
        self._directory: Directory = tx.directory()
        self._by = {p.handle: p.id for p in self._directory.people.values()}

    def write(self) -> None:
        """The whole story, up to where it stands."""
        owner = self._by[self._told["by"]]
        circ = self._circ(owner, self._told["days_ago"], minutes=-12)
        program = self._moment.program
        begun = begin(
            walk_id=self._tx.new_id("walk"),
            use_case_id=self._tx.new_id("use_case"),
            questionnaire=program.intake,
            origin=Origin(entry="message", words=self._told["words"]),
            place=None,
            program=program,
            directory=self._directory,
            circ=circ,
        )
        walk, case = self._stored(begun, circ, keep=())
        draft = bool(self._told.get("draft"))
        opened = open_walk(walk, case, {}, program, self._directory, circ)
        walk, case = self._stored(opened, circ, keep=("opening",) if draft else (), at=(walk, case))
        if draft:
            return
        answers = {QuestionId(q): self._value(q, v) for q, v in self._told["answers"].items()}
        filled = fill(walk, case, answers, program, self._directory, circ)
        if filled.problems:
            raise ValueError(f"{self._told['answers']['name']}: {filled.problems}")
        walk, case = self._stored(filled, circ, keep=(), at=(walk, case))
        circ = self._circ(owner, self._told["days_ago"])
        decision = submit(walk, case, program, self._directory, self._tx.new_id("approval"), circ)
        later = self._told.get("then", [])
        decided = later or "decided_days_ago" in self._told
        walk, case = self._stored(decision, circ, keep=() if decided else ("approval",), at=(walk, case))
        if case.submitted_at is None:
            gaps = [q.id for q in missing(program.intake, walk)]
            raise ValueError(f"{self._told['answers']['name']} was not submitted: {gaps} have no answer")
        for step in later:
            self._decide(step, case, last=step is later[-1])
        if "decided_days_ago" in self._told:
            self._agreed(case, self._told["decided_days_ago"])

    def _agreed(self, case: UseCase, days_ago: float) -> None:
        """Everybody who was asked has agreed, long ago."""
        approval = self._tx.approval_of(case.id)
        if approval is not None:
            agree(
                self._tx,
                self._moment,
                case.id,
                approval.id,
                lambda user: self._circ(user, days_ago),
                lambda decision, circ: self._keep_nothing(decision, circ),
            )

    def _keep_nothing(self, decision: Decision, circ: Circumstances) -> None:
        self._stored(decision, circ, keep=())

    def _decide(self, step: Mapping[str, Any], case: UseCase, last: bool) -> None:
        approval = self._tx.approval_of(case.id)
        now_case = self._tx.use_case(case.id)
        assert approval is not None, f"{case.id} was not routed to anyone"
        assert now_case is not None
        circ = self._circ(self._by[step["by"]], step["days_ago"])
        promises = tuple(
            approving.Promise(
                text=c["text"],
                owner=self._by[c["owner"]],
                due=datetime.fromisoformat(self._date(c["due"])).date(),
            )
            for c in step.get("conditions", ())
        )
        program = self._moment.program
        decision = approving.approve(approval, now_case, program, self._directory, circ, conditions=promises)
        self._stored(decision, circ, keep=())
        if last:
            self._cards_of_open_seats(case, circ)

    def _cards_of_open_seats(self, case: UseCase, circ: Circumstances) -> None:
        """Who still has to decide gets the card, as if it had been there all along."""
        from workflows.telling import seat_cards

        approval: Approval | None = self._tx.approval_of(case.id)
        if approval is None or approval.status != "waiting":
            return
        cards = [
            post
            for seat in approval.seats
            if seat.opened_at is not None and len(seat.verdicts) < seat.quorum
            for post in seat_cards(approval, seat, seat.people, room=True)
        ]
        self._tx.apply(Decision(effects=tuple(cards)), circ)

    def _stored(
        self,
        decision: Decision,
        circ: Circumstances,
        keep: tuple[str, ...],
        at: tuple[Walk, UseCase] | None = None,
    ) -> tuple[Walk, UseCase]:
        """Store a decision, with those of its posts that are kept; the walk and use case as they are now."""
        kept = tuple(
            e for e in decision.effects if isinstance(e, Later) or (isinstance(e, Post) and e.kind in keep)
        )
        stored = self._tx.apply(decision.model_copy(update={"effects": kept}), circ)
        walk, case = at or (None, None)
        for aggregate in stored:
            if isinstance(aggregate, Walk):
                walk = aggregate
            elif isinstance(aggregate, UseCase):
                case = aggregate
        if walk is None or case is None:
            return at  # type: ignore[return-value]
        return walk, case

    def _circ(self, user: UserId, days_ago: float, minutes: float = 0) -> Circumstances:
        at = self._moment.now - timedelta(days=days_ago) + timedelta(minutes=minutes)
        return Circumstances(
            now=at, actor=Actor(user=user, door="message"), program=self._moment.program.stamp
        )

    def _date(self, value: Mapping[str, int]) -> str:
        return (self._moment.now + timedelta(days=value["in_days"])).date().isoformat()

    def _value(self, question: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self._date(value)
        return self._by[value] if question in _TYPED else value
