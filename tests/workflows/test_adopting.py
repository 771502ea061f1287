"""Newer rules taken over: what they newly demand is asked for first, and nothing that was decided is lost."""

from __future__ import annotations

from typing import Any

from tests.workflows.governed import ALL, CHECKLIST, DANA, GOVERNED, INES, LEE, PRIYA, Story, governed
from tests.workflows.office import circ, refusal, row
from workflows.adopting import adopt
from workflows.approving import approve, reject
from workflows.decision import Decision
from workflows.gate import Gate
from workflows.ids import ProgramStamp, QuestionId, UserId
from workflows.program import Program, TierRule
from workflows.questions import Question, Step
from workflows.standing import current_gate_approval, gaps_of_the_whole

NEWER = ProgramStamp(label="2", hash="2" * 8)
ADA = UserId("U0ADA")


def newer(rows: tuple[Any, ...] = (), **more: Any) -> Program:
    """The program with more rows in its matrix, and whatever else is new in it."""
    made = governed()
    governance = made.governance.model_copy(update={"rows": (*made.governance.rows, *rows)})
    return made.model_copy(update={"governance": governance, "stamp": NEWER, **more})


def with_legal() -> Program:
    """Legal looks at personal data too."""
    return newer((row("legal_too", "personal == true", ("legal", 1, 1), gates=ALL),))


def approved() -> Story:
    """Medium risk, approved by a risk partner and by privacy."""
    story = Story(personal=True)
    story.opens()
    story.do(approve, PRIYA, "A-0001", seat="risk")
    story.do(approve, LEE, "A-0001", seat="privacy")
    assert story.approvals["A-0001"].status == "approved"
    story.passes(minutes=5)
    return story


def adopts(story: Story, rules: Program, user: UserId = DANA) -> Decision:
    """Somebody takes the newer rules over; what is decided after that is decided in cases of their own."""
    at = circ(user, story.now).model_copy(update={"program": rules.stamp})
    id = story.next_id()
    decision = adopt(story.dossier, story.program, rules, id, story.directory, at)
    story.take(decision, user)
    story.program = rules
    story.passes(minutes=5)
    return decision


def gaps(story: Story) -> list[str]:
    found = gaps_of_the_whole(story.dossier, story.program, story.directory, story.now)
    return [g.kind for g in found]


def test_whoever_is_newly_demanded_is_asked_and_until_then_the_older_rules_count_and_no_gate_passes() -> None:
    story = approved()
    before = story.use_case
    adopts(story, with_legal())
    case = story.approvals["A-0002"]
    assert (case.kind, case.status, case.adopts, case.program) == ("change", "waiting", NEWER, NEWER)
    assert [s.id for s in case.seats] == ["legal"]
    assert {(c.seat, c.by) for c in case.carried} == {("risk", PRIYA), ("privacy", LEE)}
    assert case.reopens == ("A-0001",)
    assert story.use_case == before
    assert gaps(story) == ["change_waits"]
    story.do(approve, INES, "A-0002", seat="legal")
    assert story.use_case.program == NEWER
    assert gaps(story) == []


def test_a_no_leaves_it_with_the_rules_it_was_submitted_under() -> None:
    story = approved()
    before = story.use_case
    adopts(story, with_legal())
    story.do(reject, INES, "A-0002", seat="legal", reason="Not on these answers.")
    assert story.use_case == before
    assert gaps(story) == []


def test_a_higher_tier_is_decided_by_those_whom_it_asks_and_those_whose_word_rested_on_the_lower() -> None:
    rule = TierRule(tier="high", when="personal == true", because="of personal data")
    tiers = GOVERNED.tiers.model_copy(update={"rules": (rule, *GOVERNED.tiers.rules)})
    story = approved()
    adopts(story, newer(tiers=tiers))
    case = story.approvals["A-0002"]
    assert (case.tier_before, case.tier) == ("medium", "high")
    assert {s.id for s in case.seats} == {"risk", "sponsor"}
    story.do(approve, PRIYA, "A-0002", seat="risk")
    story.do(approve, ADA, "A-0002", seat="sponsor")
    assert story.use_case.assessment is not None
    assert story.use_case.assessment.tier.tier == "high"
    assert gaps(story) == []


def test_milder_rules_count_at_once_and_take_nobodys_word_away() -> None:
    tiers = GOVERNED.tiers.model_copy(update={"rules": ()})
    story = approved()
    adopts(story, newer(tiers=tiers))
    assert list(story.approvals) == ["A-0001"]
    assert story.use_case.program == NEWER
    assert story.use_case.assessment is not None
    assert story.use_case.assessment.tier.tier == "low"
    assert gaps(story) == []


def test_more_evidence_at_a_gate_that_was_decided_re_opens_that_gate_and_no_other() -> None:
    question = Question(id=QuestionId("bias"), type="check", label="Bias", ask="?")
    more = CHECKLIST.model_copy(
        update={"steps": (*CHECKLIST.steps, Step(id="new", title="New", questions=(question,)))}
    )
    story = approved()
    case = story.opens("gate", "production")
    story.do(approve, PRIYA, case.id, seat="risk")
    story.do(approve, LEE, case.id, seat="privacy")
    story.passes(minutes=5)
    production: Gate = story.program.gates["production"]
    assert current_gate_approval(production, story.dossier, story.now) is not None
    adopts(story, newer(questionnaires={**GOVERNED.questionnaires, "ready": more}))
    change = story.approvals["A-0003"]
    assert change.reopens == (case.id,)
    assert {s.id for s in change.seats} == {"risk", "privacy"}
    assert current_gate_approval(production, story.dossier, story.now) is None
    story.do(approve, PRIYA, change.id, seat="risk")
    story.do(approve, LEE, change.id, seat="privacy")
    assert story.use_case.program == NEWER
    assert current_gate_approval(production, story.dossier, story.now) is not None


def test_a_case_that_is_open_goes_by_the_newer_rules_with_the_record() -> None:
    story = Story(personal=True)
    story.opens()
    story.do(approve, PRIYA, "A-0001", seat="risk")
    adopts(story, with_legal())
    case = story.approvals["A-0001"]
    assert (case.status, case.program, story.use_case.program) == ("waiting", NEWER, NEWER)
    assert {s.id: len(s.verdicts) for s in case.seats} == {"risk": 1, "privacy": 0, "legal": 0}


def test_rules_under_which_it_would_not_be_allowed_are_not_taken_over() -> None:
    story = approved()
    before = story.use_case
    never = row("not_any_more", "personal == true", stop=True, appeal="Ask the team.")
    decision = adopts(story, newer((never,)))
    assert [e.refused for e in decision.entries] == [True]
    assert story.use_case == before


def test_one_change_is_decided_at_a_time() -> None:
    story = approved()
    then, rules = story.program, with_legal()
    adopts(story, rules)
    story.program = then
    assert refusal(adopts(story, rules)) == "change_waits"
