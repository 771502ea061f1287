"""Random changes and decisions, in any order: no verdict ever counts that rested on another answer."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.sizes import examples
from tests.workflows.governed import DANA, INES, PRIYA, Story
from tests.workflows.office import ADA, LEE, MO, TOM
from workflows.approval import Approval
from workflows.approving import approve, reject, withdraw
from workflows.changes import asked_anew, decided_before, proposal_of
from workflows.changing import change, open_change
from workflows.ids import QuestionId, UserId
from workflows.routing import plan
from workflows.scoring import assess
from workflows.standing import reopened

SEATS: dict[str, tuple[UserId, ...]] = {
    "risk": (PRIYA, TOM),
    "privacy": (LEE,),
    "legal": (INES,),
    "sponsor": (ADA,),
}
VALUES: dict[str, Any] = {
    "audience": st.sampled_from(["internal", "customer", "children"]),
    "personal": st.booleans(),
    "volume": st.sampled_from(["few", "many"]),
    "risk_owner": st.sampled_from([MO, PRIYA]),
}


class ChangesUnderDecisions(RuleBasedStateMachine):
    """The model remembers under which answers each yes was given."""

    story: Story
    said_under: dict[tuple[str, str, str], dict[str, Any]]

    @initialize(audience=VALUES["audience"].filter(lambda a: a != "children"), personal=VALUES["personal"])
    def begin(self, audience: str, personal: bool) -> None:
        self.story = Story(audience=audience, personal=personal)
        self.said_under = {}
        self.story.opens()

    def values(self, case: Approval) -> dict[str, Any]:
        """The answers that a case is about: those of the record, with what it would change."""
        now = {str(q): a.value for q, a in self.story.use_case.answers.items()}
        return now | {str(c.question): c.after.value if c.after else None for c in case.changes}

    @rule(question=st.sampled_from(sorted(VALUES)), data=st.data(), user=st.sampled_from([DANA, MO]))
    def changes(self, question: str, data: Any, user: UserId) -> None:
        value = data.draw(VALUES[question])
        before = self.story.use_case
        open_before = open_change(self.story.dossier)
        decision = self.story.on(change, user, {QuestionId(question): value}, self.story.next_id())
        if any(e.refused for e in decision.entries):
            assert not decision.changed
        if open_before is not None:
            assert self.story.use_case == before

    @rule(pick=st.integers(0, 9), seat=st.sampled_from(sorted(SEATS)), who=st.integers(0, 1))
    def somebody_approves(self, pick: int, seat: str, who: int) -> None:
        waiting = [a for a in self.story.approvals.values() if a.status == "waiting"]
        if not waiting:
            return
        case = waiting[pick % len(waiting)]
        users = SEATS[seat]
        user = users[who % len(users)]
        about = self.values(case)
        decision = self.story.do(approve, user, case.id, seat=seat)
        if any(e.action == "seat.approved" for e in decision.entries):
            self.said_under[(case.id, seat, user)] = about

    @rule(pick=st.integers(0, 9), seat=st.sampled_from(sorted(SEATS)), no=st.booleans())
    def a_change_is_refused_or_taken_back(self, pick: int, seat: str, no: bool) -> None:
        waiting = open_change(self.story.dossier)
        if waiting is None:
            return
        before = self.story.use_case
        if no:
            self.story.do(reject, SEATS[seat][0], waiting.id, seat=seat, reason="No.")
        else:
            self.story.do(withdraw, DANA, waiting.id)
        if open_change(self.story.dossier) is None:
            assert self.story.use_case == before

    @rule()
    def a_gate_is_asked_for(self) -> None:
        there = [a for a in self.story.approvals.values() if a.kind == "gate" and a.status == "waiting"]
        if not there and self.story.use_case.stage == "approved_for_pilot":
            self.story.opens("gate", "production")

    @invariant()
    def no_stale_verdict_counts(self) -> None:
        """Whatever is approved and not re-opened has, for each seat that the matrix wants now, a yes that was
        given under answers from which nothing has changed that the seat rests on."""
        if not hasattr(self, "story"):
            return
        story = self.story
        off = reopened(story.dossier)
        for case in story.approvals.values():
            newest = [a for a in story.approvals.values() if a.gate == case.gate and a.status == "approved"]
            if case.kind not in ("intake", "gate") or case.id in off:
                continue
            if case.expires_at and case.expires_at <= story.now:
                continue
            if case.status == "approved" and case != [a for a in newest if a.kind != "change"][-1]:
                continue
            counted = {(s.id, v.by): case.id for s in case.seats for v in s.verdicts if v.choice == "approve"}
            if case.status == "approved":
                counted = {
                    (seat, done.by): done.approval
                    for seat, done in decided_before(case, story.dossier).items()
                }
                assert self.wanted(case) <= {seat for seat, _ in counted}
            elif case.status != "waiting":
                continue
            for (seat, user), id in counted.items():
                if seat in self.wanted(case):
                    self.nothing_changed_under(case, seat, self.said_under[(id, seat, user)])

    def wanted(self, case: Approval) -> set[str]:
        """The seats that the matrix wants at this gate with the answers of now."""
        use_case = self.story.use_case
        assert use_case.assessment is not None
        way = plan(
            self.story.program,
            self.story.program.intake,
            use_case.answers,
            use_case.assessment,
            self.story.directory,
            DANA,
            self.story.now,
            case.gate,
        )
        return {s.id for s in way.seats}

    def nothing_changed_under(self, case: Approval, seat: str, then: dict[str, Any]) -> None:
        """From the answers of then to those of now no row that asks this seat reads anything different."""
        story = self.story
        answers = {
            q: a.model_copy(update={"value": then.get(str(q))}) if str(q) in then else a
            for q, a in story.use_case.answers.items()
        }
        earlier = story.use_case.model_copy(
            update={"answers": answers, "assessment": assess(story.program, story.program.intake, answers)}
        )
        dossier = story.dossier.model_copy(update={"use_case": earlier, "approvals": ()})
        made = proposal_of(dossier, story.use_case.answers, story.program, story.directory, story.now)
        if made.changes:
            assert seat not in asked_anew(made, case.gate, earlier, story.program), (seat, made.changes)


TestChangesUnderDecisions = ChangesUnderDecisions.TestCase
TestChangesUnderDecisions.settings = settings(
    max_examples=examples(50), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
