"""Random people click random things, in any order and at any seat: what must never happen does not."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from storage.program_folder import default_program_folder, read_program
from tests.sizes import examples
from tests.workflows.office import DANA, DIRECTORY, PEOPLE, Case, program, row
from workflows.approval import Approval
from workflows.approving import Promise, approve, delegate, reject, withdraw
from workflows.conditions import condition_done
from workflows.decision import Decision
from workflows.ids import UserId
from workflows.inquiring import answer_inquiry, request_changes
from workflows.people import Directory
from workflows.reminding import remind
from workflows.seats import approved, holders, open_seats, rejected
from workflows.waiting import waits_of
from workflows.where import where_is

SENTENCES = read_program(default_program_folder()).messages
POLICIES = (
    program(row("one", "true", ("risk", 1, 1))),
    program(row("two", "true", ("risk", 1, 2), ("legal", 1, 1))),
    program(row("line", "true", ("risk", 1, 1), ("legal", 2, 1), ("sponsor", 3, 1))),
    program(row("mixed", "true", ("privacy", 1, 2), ("oncall", 1, 1), ("risk", 2, 2), ("team", 3, 1))),
    program(row("own", "true", ("owner", 1, 1), ("lost", 1, 1), ("risk", 2, 1))),
)
people = st.sampled_from([*PEOPLE, UserId("U0NOBODY")])
# Mostly the seat that is open to whoever acts, so that much goes through; often enough any other.
seats = st.none() | st.sampled_from(
    ["risk", "legal", "sponsor", "privacy", "oncall", "team", "owner", "lost", "x"]
)
texts = st.sampled_from(["", "fine by me", "x" * 4000])
numbers = st.integers(1, 4)


class AnyoneDoesAnything(RuleBasedStateMachine):
    """The rules are the clicks; the invariants are what a company relies on."""

    case: Case

    @initialize(policy=st.sampled_from(POLICIES), owner=people)
    def submit(self, policy: Any, owner: UserId) -> None:
        self.case = Case(policy, "medium", audience="customer", business_owner=owner, function="claims")

    def attempt(self, action: Any, user: UserId, **more: Any) -> Decision:
        before = self.case.approval
        self.case.now += timedelta(minutes=7)
        decision = self.case.do(action, user, **more)
        after = self.case.approval
        if any(e.refused for e in decision.entries) or decision.problems:
            assert not decision.changed
            assert after is before
        if any(e.refused for e in decision.entries):
            told = [e.data for e in decision.effects if e.effect == "post"]
            assert len(told) == len(decision.effects) == 1  # one kind sentence, to the person who tried
            assert SENTENCES[told[0]["message"]].format_map(told[0]["values"])
        if decision.changed:
            assert decision.entries
        assert len(new_verdicts(before, after)) <= 1
        for seat_id, verdict in new_verdicts(before, after):
            seat = before.seat(seat_id)
            assert seat is not None
            assert verdict.by == user
            assert user in holders(seat)
            assert seat in open_seats(before)
            assert self.case.directory.person(user).active
        return decision

    @precondition(lambda self: self.case.status == "waiting")
    @rule(
        pick=st.integers(0, 7),
        action=st.sampled_from([approve, approve, delegate, request_changes]),
        to=people,
    )
    def someone_who_holds_a_seat_acts(self, pick: int, action: Any, to: UserId) -> None:
        """Most strangers are turned away; so that stories go on, now and then the right person acts."""
        waiting = [(s.id, u) for s in open_seats(self.case.approval) for u in holders(s)]
        if waiting:
            seat, user = waiting[pick % len(waiting)]
            more: dict[Any, dict[str, Any]] = {
                delegate: {"to": to},
                request_changes: {"question": "why?", "of": to},
            }
            self.attempt(action, user, seat=seat, **more.get(action, {}))

    @rule(user=people, seat=seats)
    def approves(self, user: UserId, seat: str | None) -> None:
        self.attempt(approve, user, seat=seat)

    @rule(user=people, seat=seats, text=texts, owner=people, day=st.integers(-3, 9))
    def approves_with_a_condition(
        self, user: UserId, seat: str | None, text: str, owner: UserId, day: int
    ) -> None:
        promise = Promise(text=text, owner=owner, due=date(2026, 11, 24) + timedelta(days=day))
        self.attempt(approve, user, seat=seat, conditions=(promise,))

    @precondition(lambda self: len(self.case.log) > 6)
    @rule(user=people, seat=seats, reason=texts)
    def rejects(self, user: UserId, seat: str | None, reason: str) -> None:
        self.attempt(reject, user, seat=seat, reason=reason)

    @rule(user=people, seat=seats, to=people)
    def hands_on(self, user: UserId, seat: str | None, to: UserId) -> None:
        self.attempt(delegate, user, seat=seat, to=to)

    @rule(user=people, seat=seats, question=texts, of=st.none() | people)
    def asks(self, user: UserId, seat: str | None, question: str, of: UserId | None) -> None:
        self.attempt(request_changes, user, seat=seat, question=question, of=of)

    @rule(user=people, number=numbers, answer=texts)
    def answers(self, user: UserId, number: int, answer: str) -> None:
        self.attempt(answer_inquiry, user, inquiry=f"Q{number}", answer=answer)

    @rule(user=people, number=numbers)
    def reports_a_condition_done(self, user: UserId, number: int) -> None:
        self.attempt(condition_done, user, condition=f"C{number}")

    @precondition(lambda self: len(self.case.log) > 9)
    @rule(user=people)
    def withdraws(self, user: UserId) -> None:
        self.attempt(withdraw, user)

    @rule(seat=seats, occasion=st.sampled_from(["remind", "due"]))
    def the_clock_strikes(self, seat: str | None, occasion: Any) -> None:
        self.attempt(remind, DANA, seat=seat or "risk", occasion=occasion)

    @precondition(lambda self: len(self.case.log) > 4)
    @rule(user=people)
    def someone_leaves_the_company(self, user: UserId) -> None:
        left = {u: p.model_copy(update={"active": p.active and u != user}) for u, p in PEOPLE.items()}
        self.case.directory = Directory(people=left, groups=DIRECTORY.groups)

    @invariant()
    def nobody_decides_on_their_own_use_case(self) -> None:
        for seat in self.case.approval.seats:
            assert DANA not in seat.people
            assert all(DANA not in (v.by, v.for_) for v in seat.verdicts)
            assert all(d.to != DANA for d in seat.delegations)

    @invariant()
    def a_person_and_a_mandate_count_once_in_a_seat(self) -> None:
        for seat in self.case.approval.seats:
            assert max(Counter(v.by for v in seat.verdicts).values(), default=0) <= 1
            mandates = [v.for_ or v.by for v in seat.verdicts]
            assert len(set(mandates)) == len(mandates)
            assert set(mandates) <= set(seat.people)
            assert len(seat.verdicts) <= seat.quorum

    @invariant()
    def the_state_follows_from_the_verdicts(self) -> None:
        approval, use_case = self.case.approval, self.case.use_case
        no = any(rejected(s) for s in approval.seats)
        yes = all(approved(s) for s in approval.seats)
        expected = "rejected" if no else "approved" if yes else approval.status
        assert approval.status == expected
        assert (approval.status == "approved") == yes
        assert (approval.status == "rejected") == no
        stage = {"approved": "approved_for_pilot", "rejected": "rejected", "withdrawn": "draft"}
        assert use_case.stage == stage.get(approval.status, "in_review")
        assert (approval.closed_at is None) == (approval.status == "waiting")

    @invariant()
    def a_later_seat_decides_only_after_the_earlier_ones(self) -> None:
        seats = self.case.approval.seats
        for seat in seats:
            if seat.opened_at:
                earlier = [s for s in seats if s.order < seat.order]
                assert all(approved(s) for s in earlier)

    @invariant()
    def what_waits_is_open_somewhere_and_what_is_closed_waits_nowhere(self) -> None:
        approval = self.case.approval
        assert bool(open_seats(approval)) == (approval.status == "waiting")
        if approval.status != "waiting":
            assert not [i for i in approval.inquiries if i.open]
            assert {w.kind for w in waits_of(approval)} <= {"condition"}

    @invariant()
    def everyone_on_whose_desk_it_lies_may_decide(self) -> None:
        approval = self.case.approval
        for waiting in waits_of(approval):
            seat = approval.seat(waiting.item) if waiting.kind == "seat" else None
            if seat:
                assert waiting.person in holders(seat)
                assert waiting.person != DANA

    @invariant()
    def where_it_is_can_always_be_said(self) -> None:
        case = self.case
        there = where_is(case.use_case, case.approval, case.program, case.directory, case.now)
        assert there.says
        assert bool(there.seats) == (case.approval.status == "waiting")


def new_verdicts(before: Approval, after: Approval) -> list[tuple[str, Any]]:
    """(seat, verdict) of what was decided between the two."""
    return [
        (s.id, v)
        for b, s in zip(before.seats, after.seats, strict=True)
        for v in s.verdicts[len(b.verdicts) :]
    ]


TestAnyoneDoesAnything = AnyoneDoesAnything.TestCase
TestAnyoneDoesAnything.settings = settings(
    max_examples=examples(100),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
