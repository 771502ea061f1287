"""The rules of an incident: who hears of it, who leads, what is counted, and what closes it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.bad_days import ADA, DANA, INES, LEE, MO, NOW, POLICY, PRIYA, PROGRAM, TOM, Day
from tests.workflows.office import keys, kinds, posts, refusal
from workflows.answers import Answer
from workflows.ids import ProgramStamp, QuestionId, UseCaseId, UserId, WalkId
from workflows.incident import Quoted
from workflows.incidents import actions, handling, reviewing, updating, waiting
from workflows.incidents.reporting import Report, join, problems, suggested_kind
from workflows.questions import ActionOf, Question, Questionnaire, Step
from workflows.walk import Origin, Walk
from workflows.words.incidents import read_about_action, read_order, read_wish


def told(day: Day) -> set[str]:
    """Everybody who got the card so far, and the channels."""
    found = set()
    for decision in day.log:
        for post in posts(decision, "incident"):
            found.add(getattr(post.to, "user", "") or getattr(post.to, "name", "") or "a thread")
    return found


def test_whoever_must_know_gets_the_card_in_the_decision_that_reports_it() -> None:
    day = Day()
    assert told(day) == {INES, ADA, "ai-program", DANA}
    assert day.log[0].entries[0].action == "incident.reported"


def test_a_mild_one_does_not_wake_the_sponsor_until_it_gets_worse() -> None:
    day = Day("mild")
    assert ADA not in told(day)
    day.do(
        handling.change, MO, severity="bad", kind="output", owner=None, began_at=None, use_case=day.use_case
    )
    assert ADA in told(day)
    assert [n.what for n in day.incident.timeline] == ["opened", "changed_severity"]
    assert day.incident.review_wanted


def test_nobody_gets_the_card_twice() -> None:
    day = Day()
    day.do(
        handling.change, MO, severity="mild", kind="output", owner=None, began_at=None, use_case=day.use_case
    )
    day.do(
        handling.change, MO, severity="bad", kind="output", owner=None, began_at=None, use_case=day.use_case
    )
    cards = [
        key for decision in day.log for key in keys(decision, "post") if "/person/" in key or "/room/" in key
    ]
    assert len(cards) == len(set(cards))


def test_times_are_counted_from_the_beginning_and_from_the_report() -> None:
    day = Day(began_at=NOW - timedelta(minutes=35))
    day.do(handling.take, MO)
    day.later(hours=1, minutes=20)
    day.do(handling.recover, MO)
    assert day.incident.to_detect == timedelta(minutes=35)
    assert day.incident.to_recover == timedelta(hours=1, minutes=20)
    day.later(minutes=10)
    day.do(handling.reopen, MO)
    assert day.incident.to_recover is None
    day.later(hours=1)
    day.do(handling.recover, MO)
    assert day.incident.to_recover == timedelta(hours=2, minutes=30)


def test_of_two_takers_one_leads_and_the_other_hears_who() -> None:
    day = Day()
    day.do(handling.take, MO)
    second = day.do(handling.take, PRIYA)
    assert refusal(second) == "incident_taken_already"
    assert day.incident.owner == MO


def test_whoever_has_no_right_changes_nothing_and_is_audited() -> None:
    day = Day()
    for rule, more in ((handling.take, ()), (handling.recover, ()), (handling.dismiss, ("a reason",))):
        decision = day.do(rule, LEE, *more)
        assert refusal(decision) == "incident_not_yours"
        assert not decision.changed
    assert day.incident.status == "open"


def test_anybody_may_add_a_line() -> None:
    day = Day()
    day.do(handling.note, LEE, "the  load was\nempty")
    assert day.incident.timeline[-1].text == "the load was empty"
    assert day.incident.timeline[-1].by == LEE


def test_a_critical_one_is_escalated_at_any_hour_and_a_mild_one_in_working_time() -> None:
    now = {later.key[-1]: later.due - NOW for later in laters(Day(), "incident_untaken")}
    assert now == {"1": timedelta(minutes=15), "2": timedelta(minutes=30)}
    slow = [later.due - NOW for later in laters(Day("mild"), "incident_untaken")]
    assert slow[0] == timedelta(hours=8), "a working day of whoever would take it first, from Monday at nine"


def laters(day: Day, name: str) -> list[Any]:
    """What is planned after all that happened: later plans replace earlier ones of their key."""
    planned: dict[str, Any] = {}
    for decision in day.log:
        for effect in decision.effects:
            if effect.effect == "forget":
                planned = {
                    k: v for k, v in planned.items() if not f"{k}/".startswith(effect.key.rstrip("/") + "/")
                }
            elif effect.effect == "later" and effect.name == name:
                planned[effect.key] = effect
    return [planned[k] for k in sorted(planned)]


def test_an_escalation_tells_the_next_ones_once_and_none_once_somebody_has_it() -> None:
    day = Day()
    day.later(minutes=15)
    first = day.do(waiting.untaken, MO, 1)
    assert {p.to.user for p in posts(first, "incident_untaken") if p.to.to == "person"} == {PRIYA, TOM}
    day.do(handling.take, PRIYA)
    assert not laters(day, "incident_untaken")
    assert not day.do(waiting.untaken, MO, 2).effects


def test_whoever_leads_is_reminded_that_those_who_wait_have_heard_nothing() -> None:
    day = Day()
    day.do(handling.take, MO)
    (planned,) = laters(day, "incident_update_due")
    day.later(minutes=60)
    reminded = day.do(waiting.update_due, MO, planned.data["due"])
    assert [p.to.user for p in posts(reminded, "incident_update_due")] == [MO]
    day.do(updating.post_update, MO, "users", "Still broken; next word at noon")
    assert not day.do(waiting.update_due, MO, planned.data["due"]).effects, "that one is answered"


def test_a_message_goes_to_whom_the_template_names_and_to_those_chosen_besides() -> None:
    day = Day()
    sent = day.do(updating.post_update, MO, "users", "Work by hand", [LEE])
    to = {getattr(p.to, "user", "") or getattr(p.to, "name", "") for p in posts(sent, "incident_update")}
    assert to == {ADA, LEE, "ai-program"}
    assert day.do(updating.post_update, MO, "users", "   ").problems
    assert day.do(updating.post_update, MO, "nothing", "text").problems


def test_dismissing_needs_a_reason_and_ends_all_that_was_planned() -> None:
    day = Day()
    assert day.do(handling.dismiss, MO, " ").problems
    day.do(handling.dismiss, MO, "the customer did say so")
    assert day.incident.over
    assert not laters(day, "incident_untaken")
    assert not laters(day, "incident_update_due")
    assert refusal(day.do(handling.take, PRIYA)) == "incident_already_dismissed"


def test_the_same_message_again_joins_and_the_reporter_is_only_thanked() -> None:
    quoted = Quoted(text="it is wrong", channel="C1", ts="1.1")
    day = Day(quoted=quoted)
    said = Report(kind="output", severity="mild", what="I saw it too", quoted=quoted)
    day.do(join, LEE, said)
    assert day.incident.joined == (LEE,)
    assert day.incident.severity == "bad"
    again = day.do(join, LEE, said)
    assert not again.changed
    assert kinds(again) == ["said"]


REVIEW = Questionnaire(
    id="review",
    title="Review",
    about="incident",
    kind="review",
    steps=(
        Step(
            id="do",
            title="Do",
            questions=(
                Question(id=QuestionId("todo"), type="long_text", label="What", ask="?"),
                Question(id=QuestionId("who"), type="person", label="Who", ask="?"),
                Question(id=QuestionId("when"), type="date", label="When", ask="?"),
            ),
        ),
    ),
    actions=(ActionOf(text=QuestionId("todo"), owner=QuestionId("who"), due=QuestionId("when")),),
)


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> Day:
    """Recovered, reviewed by Mo, with one action for Lee."""
    day = Day()
    monkeypatch.setitem(PROGRAM.questionnaires, "review", REVIEW)
    day.do(handling.take, MO)
    day.do(handling.recover, MO)
    walk = Walk(
        id=WalkId("W-0001"),
        questionnaire="review",
        about=UseCaseId("UC-0001"),
        matter=day.incident.subject,
        owner=MO,
        status="submitted",
        answers={
            QuestionId(q): Answer(value=v, how="said", by=MO, at=NOW)
            for q, v in (("todo", "Add an alert"), ("who", LEE), ("when", "2026-12-01"))
        },
        origin=Origin(entry="message"),
        program=ProgramStamp(label="test", hash="0"),
        started_at=NOW,
        touched_at=NOW,
    )
    day.do(reviewing.reviewed, MO, walk)
    return day


def test_the_review_hands_its_actions_to_their_owners(reviewed: Day) -> None:
    (action,) = reviewed.incident.actions
    assert (action.owner, action.text, action.by) == (LEE, "Add an alert", MO)
    assert action.due is not None
    assert action.due.date() == date(2026, 12, 1)
    assert reviewed.incident.status == "reviewed"
    assert {later.data["when"] for later in laters(reviewed, "incident_action_due")} == {"due", "overdue"}


def test_the_last_action_closes_it(reviewed: Day) -> None:
    assert refusal(reviewed.do(reviewing.close, MO)) == "incident_needs_actions"
    reviewed.do(actions.done, LEE, action="T1")
    assert reviewed.incident.status == "closed"
    assert not laters(reviewed, "incident_action_due")
    assert refusal(reviewed.do(actions.done, LEE, action="T1")) == "action_done_already"


def test_nobody_agrees_that_their_own_action_is_not_needed(reviewed: Day) -> None:
    assert refusal(reviewed.do(actions.agree, MO, action="T1")) == "action_not_proposed"
    assert reviewed.do(actions.not_needed, LEE, " ", action="T1").problems
    asked = reviewed.do(actions.not_needed, LEE, "It is there already", action="T1")
    assert {p.to.user for p in posts(asked, "action_drop")} == {MO, PRIYA, TOM}
    assert refusal(reviewed.do(actions.agree, LEE, action="T1")) == "action_own"
    reviewed.do(actions.keep, PRIYA, action="T1")
    assert reviewed.incident.actions[0].open
    reviewed.do(actions.not_needed, LEE, "Really", action="T1")
    reviewed.do(actions.agree, TOM, action="T1")
    assert reviewed.incident.status == "closed"


def test_more_time_is_later_and_has_a_reason(reviewed: Day) -> None:
    earlier = reviewed.do(actions.more_time, LEE, date(2026, 11, 25), "soon", action="T1")
    assert set(earlier.problems) == {"due"}
    assert set(reviewed.do(actions.more_time, LEE, date(2026, 12, 9), "", action="T1").problems) == {"reason"}
    assert (
        refusal(reviewed.do(actions.more_time, DANA, date(2026, 12, 9), "x", action="T1"))
        == "action_not_yours"
    )
    reviewed.do(actions.more_time, LEE, date(2026, 12, 9), "the supplier is late", action="T1")
    assert reviewed.incident.actions[0].moved == 1


def test_a_late_action_is_told_and_one_that_was_moved_is_not(reviewed: Day) -> None:
    due = reviewed.incident.actions[0].due
    assert due is not None
    reviewed.now = due + timedelta(hours=1)
    late = reviewed.do(actions.action_due, MO, "overdue", due.isoformat(), action="T1")
    assert {
        getattr(p.to, "user", "") or getattr(p.to, "name", "") for p in posts(late, "action_reminder")
    } == {
        LEE,
        MO,
        "ai-program",
    }
    assert not reviewed.do(actions.action_due, MO, "due", due.isoformat(), action="T1").effects
    reviewed.do(actions.more_time, LEE, date(2026, 12, 20), "later", action="T1")
    assert not reviewed.do(actions.action_due, MO, "overdue", due.isoformat(), action="T1").effects


def test_what_is_wrong_with_a_report_is_said_by_field() -> None:
    said = Report(kind="none", severity="none", what=" ", began_at=NOW + timedelta(hours=1))
    assert set(problems(said, PROGRAM, NOW)) == {"kind", "severity", "what", "began"}
    assert suggested_kind("names leaked to others", PROGRAM) == "breach"
    assert suggested_kind("hm", PROGRAM) == ""


@pytest.mark.parametrize(
    ("text", "what", "rest"),
    [
        ("I have it", "take", ""),
        ("on it!", "take", ""),
        ("note: the load was empty", "note", "the load was empty"),
        ("it's fixed now", "recover", ""),
        ("all clear", "recover", ""),
        ("contained", "mitigate", ""),
        ("it is back", "reopen", ""),
        ("not an incident: it was a test", "dismiss", "it was a test"),
        ("severity bad", "severity", "bad"),
        ("make it mild", "severity", "mild"),
        ("start the review", "review", ""),
        ("close it", "close", ""),
    ],
)
def test_orders_in_plain_words(text: str, what: str, rest: str) -> None:
    order = read_order(text, POLICY)
    assert order is not None
    assert (order.what, order.text) == (what, rest)


@pytest.mark.parametrize(
    "text", ["my calls look odd", "I have it on my list to look", "who has it?", "fixed rate?"]
)
def test_words_that_only_tell_something_are_no_orders(text: str) -> None:
    assert read_order(text, POLICY) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("report an incident", "report"),
        ("there was an incident with the claims bot, it made up a policy", "report"),
        ("open incidents", "list"),
        ("which incidents are open?", "list"),
        ("what counts as an incident?", None),
        ("how do I report an incident", None),
        ("incident management could use AI, agents spend hours on it", None),
        ("we should summarise incident reports with AI", None),
    ],
)
def test_wishes_out_of_the_blue(text: str, what: str | None) -> None:
    wish = read_wish(text)
    assert (wish.what if wish else None) == what


def test_words_about_an_action() -> None:
    assert read_about_action("done: it is live") == ("done", "it is live")
    assert read_about_action("not needed because it is there") == ("not_needed", "it is there")
    assert read_about_action("working on it") is None


ORDERS = st.sampled_from(
    ("take", "recover", "mitigate", "reopen", "dismiss", "note", "worse", "update", "jump")
)
WHO = st.sampled_from((DANA, MO, PRIYA, TOM, LEE, INES))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(ORDERS, WHO, st.integers(-120, 600)), max_size=25))
def test_whatever_happens_times_are_never_negative_and_the_timeline_is_in_order(
    steps: list[tuple[str, UserId, int]],
) -> None:
    day = Day()
    rules: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "take": (handling.take, ()),
        "recover": (handling.recover, ()),
        "mitigate": (handling.mitigate, ()),
        "reopen": (handling.reopen, ()),
        "dismiss": (handling.dismiss, ("reason",)),
        "note": (handling.note, ("seen",)),
        "worse": (handling.change, ("bad", "output", None, None, None)),
        "update": (updating.post_update, ("users", "text")),
    }
    keys_seen: list[str] = []
    for what, who, minutes in steps:
        day.later(minutes=minutes)
        if what == "jump":
            continue
        rule, more = rules[what]
        before = day.incident
        decision = day.do(rule, who, *more)
        if refusal(decision):
            assert day.incident == before
        keys_seen += [e.key for e in decision.effects if e.effect == "post" and e.key]
    incident = day.incident
    times = [n.at for n in incident.timeline]
    assert times == sorted(times)
    assert incident.to_detect >= timedelta(0)
    assert incident.to_recover is None or incident.to_recover >= timedelta(0)
    assert len([n for n in incident.timeline if n.what == "took"]) <= 1, "only one ever took it"
    cards = [k for k in keys_seen if "/person/" in k or "/room/" in k]
    assert len(cards) == len(set(cards))
