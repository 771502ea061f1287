"""A change of the record re-opens what rested on the old answer, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.governed import DANA, INES, PRIYA, Story, governed
from tests.workflows.office import EVE, LEE, MO, NOW, TOM, kinds, posts, refusal
from workflows.approval_terms import Material
from workflows.approving import approve, reject, withdraw
from workflows.changes import propose
from workflows.changing import CHANGE, Touch, change
from workflows.decision import Decision
from workflows.ids import QuestionId, UserId
from workflows.standing import current_gate_approval, gaps_of_the_whole


def changes(story: Story, user: UserId = DANA, **values: object) -> Decision:
    return story.on(change, user, {QuestionId(k): v for k, v in values.items()}, story.next_id())


def approved(**given: object) -> Story:
    """A use case whose intake was approved by everybody who was asked."""
    story = Story(**given)
    case = story.opens()
    for seat, user in (("risk", PRIYA), ("privacy", LEE), ("legal", INES), ("sponsor", UserId("U0ADA"))):
        if story.approvals[case.id].seat(seat):
            story.do(approve, user, case.id, seat=seat)
    assert story.approvals[case.id].status == "approved"
    return story


def test_an_answer_on_which_nothing_rests_is_corrected_at_once() -> None:
    story = approved(personal=True)
    decision = changes(story, volume="300 calls a day")
    assert story.use_case.answers[QuestionId("volume")].value == "300 calls a day"
    assert list(story.approvals) == ["A-0001"]
    assert [e.action for e in decision.entries] == ["use_case.changed"]


def test_an_owner_on_whom_nothing_rested_changes_at_once_and_those_who_decided_are_told() -> None:
    story = approved(personal=True)
    decision = changes(story, risk_owner=MO)
    assert story.use_case.answers[QuestionId("risk_owner")].value == MO
    told = {p.to.user for p in posts(decision, "said")}
    assert told == {PRIYA, LEE}


def test_where_the_program_says_so_everybody_who_decided_decides_anew() -> None:
    everybody = Material(id="model", label="the model", questions=(QuestionId("volume"),), everybody=True)
    story = approved(personal=True)
    story.program = governed(material=(everybody,))
    changes(story, volume="300 calls a day")
    case = story.approvals["A-0002"]
    assert (case.kind, case.status) == ("change", "waiting")
    assert {s.id for s in case.seats} == {"risk", "privacy"}
    assert case.reopens == ("A-0001",)


def test_a_change_on_which_decisions_rest_waits_for_exactly_those_who_made_them() -> None:
    story = approved(personal=True)  # medium: a risk partner and privacy
    changes(story, audience="customer")  # high: the risk partner anew, the sponsor and Legal are new
    case = story.approvals["A-0002"]
    assert (case.kind, case.status, case.tier_before, case.tier) == ("change", "waiting", "medium", "high")
    assert {s.id for s in case.seats} == {"risk", "legal", "sponsor"}
    assert [(c.seat, c.by, c.approval) for c in case.carried] == [("privacy", LEE, "A-0001")]
    assert case.reopens == ("A-0001",)


def test_until_it_is_approved_the_record_is_as_it_was_and_no_gate_counts_the_old_approval() -> None:
    story = approved(personal=True)
    changes(story, audience="customer")
    assert story.use_case.answers[QuestionId("audience")].value == "internal"
    assert story.use_case.assessment is not None
    assert story.use_case.assessment.tier.tier == "medium"
    gaps = gaps_of_the_whole(story.dossier, story.program, story.directory, story.now)
    assert [g.kind for g in gaps] == ["change_waits"]


def test_once_everybody_has_agreed_the_record_is_changed_and_counts_again() -> None:
    story = approved(personal=True)
    changes(story, audience="customer")
    story.do(approve, TOM, "A-0002", seat="risk")
    story.do(approve, INES, "A-0002", seat="legal")
    story.do(approve, UserId("U0ADA"), "A-0002", seat="sponsor")
    assert story.approvals["A-0002"].status == "approved"
    assert story.use_case.answers[QuestionId("audience")].value == "customer"
    assert story.use_case.assessment is not None
    assert story.use_case.assessment.tier.tier == "high"
    assert gaps_of_the_whole(story.dossier, story.program, story.directory, story.now) == ()


def test_a_change_that_is_rejected_or_taken_back_leaves_everything_as_it_was() -> None:
    story = approved(personal=True)
    before = story.use_case
    changes(story, audience="customer")
    story.do(reject, PRIYA, "A-0002", seat="risk", reason="Not yet.")
    assert story.use_case == before
    assert gaps_of_the_whole(story.dossier, story.program, story.directory, story.now) == ()
    changes(story, audience="customer")
    story.do(withdraw, DANA, "A-0003")
    assert (story.approvals["A-0003"].status, story.use_case) == ("withdrawn", before)


def test_a_change_into_what_is_not_allowed_changes_nothing_and_is_kept_in_the_log() -> None:
    story = approved(personal=True)
    before = story.use_case
    decision = changes(story, audience="children")
    assert story.use_case == before
    assert [(e.action, e.refused) for e in decision.entries] == [("use_case.change_stopped", True)]
    assert kinds(decision) == ["said"]


def test_nobody_talks_themselves_into_a_lower_tier() -> None:
    story = approved(personal=True)
    changes(story, personal=False)  # low would be automatic
    case = story.approvals["A-0002"]
    assert case.status == "waiting"
    assert {s.id for s in case.seats} == {"risk", "privacy"}


def test_whoever_asks_for_a_change_does_not_decide_on_it() -> None:
    story = approved(personal=True, risk_owner=PRIYA)
    changes(story, PRIYA, audience="customer")
    case = story.approvals["A-0002"]
    assert case.asked_by == PRIYA
    seat = case.seat("risk")
    assert seat is not None
    assert seat.people == (TOM,)
    assert refusal(story.do(approve, DANA, "A-0002", seat="risk")) == "own_use_case"
    assert refusal(story.do(approve, PRIYA, "A-0002", seat="risk")) == "own_request"


def test_one_change_is_decided_at_a_time() -> None:
    story = approved(personal=True)
    changes(story, audience="customer")
    assert refusal(changes(story, volume="more")) == "change_waits"


def test_strangers_drafts_and_what_is_over_are_refused_kindly() -> None:
    story = approved(personal=True)
    assert refusal(changes(story, EVE, volume="more")) == "change_not_yours"
    story.use_case = story.use_case.model_copy(update={"stage": "draft"})
    assert refusal(changes(story, volume="more")) == "change_draft"
    touch = Touch(story.dossier, story.program, story.directory, story.circ(DANA))
    assert CHANGE.refused(touch) is not None


def test_a_wrong_value_is_a_correction_and_nothing_is_asked_of_anybody() -> None:
    story = approved(personal=True)
    decision = changes(story, risk_owner="nobody at all")
    assert list(decision.problems) == ["risk_owner"]
    assert list(story.approvals) == ["A-0001"]


def test_the_approval_of_a_later_gate_is_reopened_too_where_it_rested_on_the_answer() -> None:
    story = approved(personal=True)
    story.opens("gate", "production")
    story.do(approve, PRIYA, "A-0002", seat="risk")
    story.do(approve, LEE, "A-0002", seat="privacy")
    gate = story.program.gates["production"]
    assert current_gate_approval(gate, story.dossier, story.now) is not None
    changes(story, audience="customer")
    assert set(story.approvals["A-0003"].reopens) == {"A-0001", "A-0002"}
    assert current_gate_approval(gate, story.dossier, story.now) is None
    for seat, user in (("risk", PRIYA), ("legal", INES), ("sponsor", UserId("U0ADA"))):
        story.do(approve, user, "A-0003", seat=seat)
    assert current_gate_approval(gate, story.dossier, story.now) is not None


def test_a_second_change_carries_over_what_was_decided_in_the_first() -> None:
    story = approved(personal=True)
    changes(story, audience="customer")
    for seat, user in (("risk", TOM), ("legal", INES), ("sponsor", UserId("U0ADA"))):
        story.do(approve, user, "A-0002", seat=seat)
    changes(story, personal=False)
    case = story.approvals["A-0003"]
    assert {(c.seat, c.approval) for c in case.carried} == {("legal", "A-0002")}


def test_in_an_open_case_only_what_was_said_on_the_old_answer_is_asked_anew() -> None:
    story = Story(personal=True)
    story.opens()
    story.do(approve, LEE, "A-0001", seat="privacy")
    decision = changes(story, audience="customer")
    case = story.approvals["A-0001"]
    assert case.tier == "high"
    privacy, risk = case.seat("privacy"), case.seat("risk")
    assert privacy is not None
    assert risk is not None
    assert [v.by for v in privacy.verdicts] == [LEE]
    assert risk.verdicts == ()
    assert {s.id for s in case.seats} == {"privacy", "risk", "legal", "sponsor"}
    assert story.use_case.answers[QuestionId("audience")].value == "customer"
    assert "approval.replanned" in [e.action for e in decision.entries]
    assert story.use_case.stage == "in_review"


def test_a_verdict_that_rested_on_the_old_answer_is_put_aside_and_its_author_told() -> None:
    story = Story(personal=True)
    story.opens()
    story.do(approve, PRIYA, "A-0001", seat="risk")
    decision = changes(story, audience="customer")
    case = story.approvals["A-0001"]
    assert [(s.id, s.verdicts[0].by) for s in case.aside] == [("risk", PRIYA)]
    assert [p.to.user for p in posts(decision, "asked_again")] == [PRIYA]
    assert case.seat("risk") is not None
    assert not case.seat("risk").verdicts  # type: ignore[union-attr]


def test_what_is_no_longer_demanded_falls_away_and_the_last_of_it_approves_the_case() -> None:
    story = Story(audience="customer", personal=True)
    story.opens()
    story.do(approve, PRIYA, "A-0001", seat="risk")
    story.do(approve, LEE, "A-0001", seat="privacy")
    changes(story, personal=False)
    case = story.approvals["A-0001"]
    assert {s.id for s in case.seats} == {"risk", "legal"}
    assert case.status == "waiting"


def test_what_a_change_would_do_is_known_before_anybody_confirms_it() -> None:
    story = approved(personal=True)
    proposal, problems = propose(
        story.dossier,
        {QuestionId("audience"): "customer"},
        story.program,
        story.directory,
        story.circ(DANA),
    )
    assert not problems
    assert (proposal.tier_before, proposal.tier) == ("medium", "high")
    assert proposal.groups == ("whom it reaches",)
    assert {s.id for s in proposal.seats} == {"risk", "legal", "sponsor"}
    assert [c.seat for c in proposal.carried] == ["privacy"]
    assert list(story.approvals) == ["A-0001"]


def test_a_change_makes_nothing_last_longer() -> None:
    story = approved(personal=True)
    ends = story.approvals["A-0001"].expires_at
    assert ends == NOW + timedelta(days=365)
    story.passes(days=200)
    changes(story, audience="customer")
    assert story.approvals["A-0002"].expires_at == ends


def test_what_is_approved_on_the_old_answers_while_a_change_is_decided_does_not_outlive_it() -> None:
    story = approved(personal=True)
    story.opens("gate", "production")
    changes(story, audience="customer")
    story.do(approve, PRIYA, "A-0002", seat="risk")
    story.do(approve, LEE, "A-0002", seat="privacy")
    gate = story.program.gates["production"]
    assert story.approvals["A-0002"].status == "approved"
    for seat, user in (("risk", PRIYA), ("legal", INES), ("sponsor", UserId("U0ADA"))):
        story.do(approve, user, "A-0003", seat=seat)
    assert story.use_case.answers[QuestionId("audience")].value == "customer"
    assert current_gate_approval(gate, story.dossier, story.now) is None
