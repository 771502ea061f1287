"""Approvals hold for a time; their renewal comes in time, once, and what has run out no longer counts."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.governed import DANA, PRIYA, Story, governed
from tests.workflows.office import LEE, NOW, keys, posts
from workflows.approval_terms import Tenure
from workflows.approving import approve, reject
from workflows.decision import Decision
from workflows.effects import Later
from workflows.gate import Gate
from workflows.ids import UserId
from workflows.renewing import ended, ends_soon, renew
from workflows.standing import current_gate_approval, gaps_of_the_whole

BOT = UserId("UBOT")
YEAR = NOW + timedelta(days=365)


def approved() -> Story:
    story = Story(personal=True)
    story.opens()
    story.do(approve, PRIYA, "A-0001", seat="risk")
    story.do(approve, LEE, "A-0001", seat="privacy")
    return story


def renews(story: Story, id: str = "A-0001") -> Decision:
    rule = renew(
        story.approvals[id],
        story.dossier,
        story.next_id(),
        story.program,
        story.directory,
        story.circ(BOT),
    )
    return story.take(rule, BOT)


def test_an_approval_ends_as_the_tier_says_and_its_renewal_is_planned_before() -> None:
    story = approved()
    assert story.approvals["A-0001"].expires_at == YEAR
    planned = {e.key: e.due for e in story.log[-1].effects if isinstance(e, Later) and "tenure" in e.key}
    assert planned == {
        "tenure/A-0001/renew": YEAR - timedelta(days=28),
        "tenure/A-0001/remind/7": YEAR - timedelta(days=7),
        "tenure/A-0001/expired": YEAR,
    }


def test_a_gate_may_say_for_itself_how_long_it_holds() -> None:
    prog = governed()
    gate = prog.gates["production"].model_copy(update={"lasts_days": 30})
    story = Story(prog.model_copy(update={"gates": {"production": gate}}), personal=True)
    story.opens("gate", "production")
    story.do(approve, PRIYA, "A-0001", seat="risk")
    story.do(approve, LEE, "A-0001", seat="privacy")
    assert story.approvals["A-0001"].expires_at == NOW + timedelta(days=30)


def test_what_the_program_gives_no_end_to_holds_for_ever() -> None:
    story = Story(governed(tenure=Tenure(days={"high": 180})), personal=True)
    story.opens()
    story.do(approve, PRIYA, "A-0001", seat="risk")
    story.do(approve, LEE, "A-0001", seat="privacy")
    assert story.approvals["A-0001"].expires_at is None
    assert not [k for k in keys(story.log[-1], "later") if k.startswith("tenure")]


def test_the_renewal_goes_to_those_who_decide_now_and_comes_in_the_place_of_the_old_one() -> None:
    story = approved()
    story.now = YEAR - timedelta(days=28)
    renews(story)
    case = story.approvals["A-0002"]
    assert (case.kind, case.gate, case.renews) == ("renewal", "pilot", "A-0001")
    assert {s.id for s in case.seats} == {"risk", "privacy"}
    story.do(approve, PRIYA, "A-0002", seat="risk")
    over = story.do(approve, LEE, "A-0002", seat="privacy")
    assert "tenure/A-0001/" in keys(over, "forget")
    assert story.approvals["A-0002"].expires_at == story.now + timedelta(days=365)
    story.now = YEAR
    assert gaps_of_the_whole(story.dossier, story.program, story.directory, story.now) == ()
    late = ended(story.approvals["A-0001"], story.dossier, story.program, story.directory, story.circ(BOT))
    assert late == Decision()


def test_a_renewal_is_asked_for_once_and_not_for_what_is_over() -> None:
    story = approved()
    renews(story)
    assert renews(story) == Decision()
    other = approved()
    other.use_case = other.use_case.model_copy(update={"stage": "put_away"})
    assert renews(other) == Decision()


def test_what_has_run_out_no_longer_counts_and_the_owners_and_the_team_are_told() -> None:
    story = approved()
    story.now = YEAR
    assert [g.kind for g in gaps_of_the_whole(story.dossier, story.program, story.directory, story.now)] == [
        "approval_expired"
    ]
    told = story.take(
        ended(story.approvals["A-0001"], story.dossier, story.program, story.directory, story.circ(BOT))
    )
    assert [getattr(p.to, "user", None) or p.to.name for p in posts(told, "tenure")] == [DANA, "ai-program"]


def test_a_word_comes_before_the_end_and_a_rejected_renewal_lets_it_run_out() -> None:
    story = approved()
    story.now = YEAR - timedelta(days=28)
    renews(story)
    story.do(reject, PRIYA, "A-0002", seat="risk", reason="It has drifted.")
    gate = Gate(id="pilot", label="Pilot", asks="?")
    assert current_gate_approval(gate, story.dossier, story.now) is None
    assert gaps_of_the_whole(story.dossier, story.program, story.directory, story.now) == ()
    story.now = YEAR - timedelta(days=7)
    soon = story.take(
        ends_soon(story.approvals["A-0001"], story.dossier, story.program, story.directory, story.circ(BOT))
    )
    assert [p.data["what"] for p in posts(soon, "tenure")] == ["ends_soon"]
