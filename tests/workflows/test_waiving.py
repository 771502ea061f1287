"""A control is set aside only by whoever owns it, at somebody's explicit risk, and until a day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.workflows.governed import DANA, GOVERNED, INES, PRIYA, Story, governed, walk
from tests.workflows.office import EVE, MO, NOW, TOM, answers, keys, kinds, posts, refusal
from workflows.approving import approve, delegate, reject, withdraw
from workflows.checklist_state import items_of
from workflows.decision import Decision
from workflows.ids import QuestionId, UserId, WaiverId
from workflows.program import Program
from workflows.waiver import Waiver
from workflows.waiving import Wish, accept, ask, decline, end, falls_due

UNTIL = NOW + timedelta(days=60)


def story(prog: Program = GOVERNED, **given: object) -> Story:
    return Story(prog, **{"personal": True, "risk_owner": MO, **given})


def asks(
    about: Story, user: UserId = DANA, control: str = "monitoring", until: datetime = UNTIL, **texts: str
) -> Decision:
    said = {
        "justification": "The tool comes in March.",
        "compensating": "Two people read every tenth answer.",
        "risk": "A drift goes unnoticed for a day.",
        **texts,
    }
    wish = Wish(checklist="ready", control=QuestionId(control), expires_at=until, **said)
    return about.on(ask, user, wish, WaiverId(f"WV-{len(about.waivers) + 1:04d}"))


def accepts(about: Story, user: UserId = MO, ticked: bool = True, words: str = "I carry it.") -> Decision:
    waiver = list(about.waivers.values())[-1]
    return about.take(
        accept(
            waiver,
            about.dossier,
            ticked,
            words,
            about.next_id(),
            about.program,
            about.directory,
            about.circ(user),
        ),
        user,
    )


def in_force(**given: object) -> Story:
    about = story(**given)
    asks(about)
    accepts(about)
    about.do(approve, PRIYA, "A-0001", seat="risk")
    assert about.waivers["WV-0001"].status == "in_force"
    return about


def stand(about: Story, control: str = "monitoring") -> str:
    sheet = about.program.questionnaires["ready"]
    states = items_of(sheet, about.dossier.walk_of("ready"), about.dossier.waivers, about.now)
    return next(s.stand for s in states if s.item == control)


def ends(about: Story, waiver: Waiver, what: str) -> Decision:
    return about.take(
        falls_due(waiver, about.dossier, what, about.program, about.directory, about.circ(UserId("UBOT")))
    )


def test_it_goes_to_whoever_carries_the_risk_first_and_then_to_the_owner_of_the_control() -> None:
    about = story()
    first = asks(about)
    assert {p.to.user for p in posts(first, "waiver")} == {DANA, MO}
    assert not about.approvals
    accepts(about)
    case = about.approvals["A-0001"]
    assert (case.kind, case.asked_by, case.apart) == ("waiver", None, (MO,))
    assert [(s.id, s.people) for s in case.seats] == [("risk", (PRIYA, TOM))]
    assert about.waivers["WV-0001"].acceptance is not None
    assert stand(about) == "open"


def test_in_force_it_stands_for_the_control_until_its_day() -> None:
    about = in_force()
    assert stand(about) == "waived"
    about.now = UNTIL
    assert stand(about) == "open"


def test_on_its_day_the_control_counts_again_and_everyone_concerned_is_told_once() -> None:
    about = in_force()
    planned = keys(about.log[-1], "later")
    assert planned == ["waiver/WV-0001/remind/14", "waiver/WV-0001/remind/3", "waiver/WV-0001/expired"]
    about.now = UNTIL
    over = ends(about, about.waivers["WV-0001"], "expired")
    assert about.waivers["WV-0001"].status == "expired"
    told = [getattr(p.to, "user", None) or p.to.name for p in posts(over, "waiver_news")]
    assert sorted(told) == sorted([DANA, MO, PRIYA, TOM, "ai-program"])
    assert not ends(about, about.waivers["WV-0001"], "expired").effects


def test_before_its_day_there_is_a_word() -> None:
    about = in_force()
    soon = ends(about, about.waivers["WV-0001"], "remind")
    assert {p.data["what"] for p in posts(soon, "waiver_news")} == {"ends_soon"}
    assert about.waivers["WV-0001"].status == "in_force"


def test_nobody_accepts_the_risk_for_whoever_carries_it() -> None:
    about = story()
    asks(about)
    for user in (DANA, PRIYA, EVE):
        assert refusal(accepts(about, user)) == "waiver_not_your_risk"
    assert about.waivers["WV-0001"].acceptance is None


def test_the_risk_is_accepted_by_a_tick_and_in_ones_own_words() -> None:
    about = story()
    asks(about)
    assert list(accepts(about, ticked=False, words=" ").problems) == ["ticked", "words"]
    assert not about.approvals


def test_a_risk_that_is_declined_ends_it_and_the_asker_reads_why() -> None:
    about = story()
    asks(about)
    waiver = about.waivers["WV-0001"]
    circ = about.circ(MO)
    assert list(decline(waiver, about.dossier, "", about.program, about.directory, circ).problems) == [
        "reason"
    ]
    over = about.take(decline(waiver, about.dossier, "Too much.", about.program, about.directory, circ))
    assert about.waivers["WV-0001"].status == "refused"
    assert DANA in {p.to.user for p in posts(over, "waiver_news")}


def test_neither_the_asker_nor_whoever_carries_the_risk_decides_on_it() -> None:
    about = story(risk_owner=PRIYA)
    asks(about)
    accepts(about, PRIYA)
    case = about.approvals["A-0001"]
    assert case.seats[0].people == (TOM,)
    assert refusal(about.do(approve, PRIYA, "A-0001", seat="risk")) == "own_risk"
    assert refusal(about.do(approve, DANA, "A-0001", seat="risk")) == "own_use_case"
    about = story(risk_owner=PRIYA)
    asks(about, PRIYA)
    accepts(about, PRIYA)
    assert refusal(about.do(approve, PRIYA, "A-0001", seat="risk")) == "own_risk"


def test_it_is_not_decided_in_anothers_place() -> None:
    about = story()
    asks(about)
    accepts(about)
    assert refusal(about.do(delegate, PRIYA, "A-0001", to=INES, seat="risk")) == "not_delegable"
    assert refusal(about.do(approve, INES, "A-0001", seat="risk")) == "not_your_seat"


def test_a_refusal_by_the_owner_of_the_control_ends_it() -> None:
    about = story()
    asks(about)
    accepts(about)
    about.do(reject, PRIYA, "A-0001", seat="risk", reason="Build it first.")
    assert about.waivers["WV-0001"].status == "refused"
    assert stand(about) == "open"


def test_it_can_be_taken_back_and_ended_early() -> None:
    about = story()
    asks(about)
    accepts(about)
    about.do(withdraw, DANA, "A-0001")
    assert about.waivers["WV-0001"].status == "withdrawn"
    about = in_force()
    waiver = about.waivers["WV-0001"]
    who = about.circ(EVE)
    assert refusal(end(waiver, about.dossier, about.program, about.directory, who)) == "change_not_yours"
    over = about.take(end(waiver, about.dossier, about.program, about.directory, about.circ(DANA)))
    assert about.waivers["WV-0001"].status == "ended"
    assert keys(over, "forget") == ["waiver/WV-0001/"]
    again = end(about.waivers["WV-0001"], about.dossier, about.program, about.directory, about.circ(DANA))
    assert refusal(again) == "waiver_over"


@pytest.mark.parametrize(
    ("control", "because"),
    [("training", "waiver_no_owner"), ("unheard_of", "waiver_no_control")],
)
def test_only_a_control_with_an_owner_can_be_waived(control: str, because: str) -> None:
    assert refusal(asks(story(), control=control)) == because


def test_some_controls_are_never_waived() -> None:
    terms = GOVERNED.governance.waivers.model_copy(update={"never": ("ready.monitoring",)})
    assert refusal(asks(story(governed(waivers=terms)))) == "waiver_never"


def test_what_is_met_needs_no_waiver() -> None:
    about = story()
    met = {"state": "yes", "evidence": [], "reason": ""}
    about.walks["W-0009"] = walk(answers(fallbacks=met))
    assert refusal(asks(about, control="fallbacks")) == "waiver_not_needed"


def test_a_stranger_cannot_ask_and_without_somebody_to_carry_the_risk_nobody_can() -> None:
    assert refusal(asks(story(), EVE)) == "change_not_yours"
    assert refusal(asks(story(risk_owner=None))) == "waiver_no_carrier"


def test_it_lasts_no_longer_than_the_tier_allows() -> None:
    about = story()
    assert asks(about, until=NOW + timedelta(days=120)).problems == {"until": "at most 90"}
    assert asks(about, until=NOW).problems == {"until": "due_is_past"}
    assert list(asks(about, risk=" ", justification="").problems) == ["justification", "risk"]
    low = story(personal=False)
    assert refusal(asks(low)) == "waiver_not_at_tier"


def test_one_control_has_one_waiver_and_a_use_case_only_so_many() -> None:
    about = story()
    asks(about)
    assert refusal(asks(about)) == "waiver_there"
    asks(about, control="fallbacks")
    terms = GOVERNED.governance.waivers.model_copy(update={"at_most": 1})
    one = story(governed(waivers=terms))
    asks(one)
    assert refusal(asks(one, control="fallbacks")) == "waiver_too_many"


def test_the_same_control_is_waived_again_only_as_often_as_is_allowed() -> None:
    about = in_force()
    for again in range(2):
        waiver = list(about.waivers.values())[-1]
        about.now = waiver.expires_at
        ends(about, waiver, "expired")
        decision = asks(about, until=about.now + timedelta(days=30))
        if again == 0:
            assert not refusal(decision)
            accepts(about)
            about.do(approve, PRIYA, list(about.approvals)[-1], seat="risk")
    assert refusal(decision) == "waiver_renewed_often"


def test_an_approval_that_comes_after_its_day_puts_nothing_in_force() -> None:
    about = story()
    asks(about)
    accepts(about)
    about.now = UNTIL + timedelta(days=1)
    about.do(approve, PRIYA, "A-0001", seat="risk")
    assert about.waivers["WV-0001"].status == "refused"
    assert kinds(about.log[-1])
