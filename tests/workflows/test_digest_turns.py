"""Subscriptions through time, whatever is done to them: no period comes twice, none is lost in silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.program.office import PROGRAM
from tests.sizes import examples
from workflows.decision import Actor, Circumstances, Decision
from workflows.digests import sending, standing, turns
from workflows.digests.issue import DigestIssue
from workflows.digests.policy import Delivered, DigestPolicy, DigestSpec
from workflows.digests.schedule import due_at, is_week, moved, newest_due
from workflows.digests.sending import Composed, Whither
from workflows.digests.subscription import Schedule, Subscription
from workflows.effects import Later, Post, ToPerson, ToRoom
from workflows.ids import DigestIssueId, SubscriptionId, UserId
from workflows.people import Directory, Person

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
LONDON = Schedule(zone="Europe/London")
NOBODY = Directory()


def circ(now: datetime = NOW) -> Circumstances:
    return Circumstances(now=now, actor=Actor(user=UserId("U0BOT"), door="clock"), program=PROGRAM.stamp)


def subscription(schedule: Schedule = LONDON, now: datetime = NOW) -> Subscription:
    made = Subscription(
        id=SubscriptionId("SB-0001"),
        digest="risk",
        to=ToRoom(name="ai-leadership"),
        schedule=schedule,
        opened_at=now,
    )
    return turns.planned(made, now)[0]


def changed(decision: Decision) -> Subscription:
    (found,) = (c for c in decision.changed if isinstance(c, Subscription))
    return found


def sent(there: Subscription, due: turns.Due, now: datetime) -> Decision:
    return sending.posted(
        there,
        due,
        DigestIssueId("DG-0001"),
        Composed(page={}),
        Whither(channel="C1", name="ai-leadership"),
        PROGRAM,
        NOBODY,
        circ(now),
    )


def skipped(decision: Decision) -> list[str]:
    return [p for e in decision.entries if e.action == "digest.skipped" for p in e.detail["periods"]]


def schedules() -> st.SearchStrategy[Schedule]:
    return st.builds(
        Schedule,
        every=st.sampled_from(("week", "week", "month")),
        day=st.sampled_from(("mon", "wed", "sun")),
        date=st.sampled_from((1, 15, 31)),
        at=st.sampled_from(("01:30", "09:00", "23:59")),
        zone=st.sampled_from(("Europe/London", "America/New_York", "Pacific/Apia", "Pacific/Niue")),
    )


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 60 * 24 * 40)),
        st.tuples(st.just("back"), st.integers(1, 60 * 24 * 20)),
        st.tuples(st.just("retime"), schedules()),
        st.tuples(st.just("ask"), st.none()),
        st.tuples(st.just("break"), st.none()),
    ),
    max_size=25,
)


@settings(max_examples=examples(300), deadline=None)
@given(schedules(), STEPS)
def test_no_period_comes_twice_and_none_is_left_out_without_a_note(
    first: Schedule, steps: list[tuple[str, object]]
) -> None:
    """A clock that goes on and back, times that are changed, clicks on "now", channels that are closed.

    ``seen`` is what the stored issues know: a period whose issue is there is not posted again by the job.
    """
    now, there = NOW, subscription(first)
    posts: list[str] = []
    noted: list[str] = []
    broken = False
    for what, how in [*steps, ("wait", 60 * 24 * 45)]:
        if what == "wait":
            now += timedelta(minutes=int(str(how)))
        elif what == "back":
            now -= timedelta(minutes=int(str(how)))
        elif what == "retime":
            assert isinstance(how, Schedule)
            decision = standing.retimed(
                there.model_copy(update={"schedule": how}), "digest.retimed", circ(now)
            )
            there, noted = changed(decision), noted + skipped(decision)
        elif what == "break":
            broken = not broken
        due = turns.asked_now(there, now) if what == "ask" else turns.due_now(there, now, 30)
        if due is None:
            continue
        if due.period in posts:
            there = changed(
                sending.nothing_due(there.model_copy(update={"last_period": due.period}), circ(now))
            )
            continue
        decision = (
            sending.broken(there, "archived", "", due, PROGRAM, NOBODY, circ(now))
            if broken
            else sent(there, due, now)
        )
        there, noted = changed(decision), noted + skipped(decision)
        posts += [] if broken else [due.period]
        (later,) = (e for e in decision.effects if isinstance(e, Later))
        assert later.due == there.next_due
        assert later.due > now
    assert len(posts) == len(set(posts))
    weeks = sorted(p for p in posts if is_week(p))
    if (
        all(is_week(p) for p in posts)
        and first.every == "week"
        and not any(w in ("back", "retime") for w, _ in steps)
    ):
        between = {moved(weeks[0], n) for n in range(60)} if weeks else set()
        left = {p for p in between if p < weeks[-1]} - set(weeks) if weeks else set()
        assert left <= set(noted)


def test_after_a_rest_only_the_newest_is_due_and_it_is_late() -> None:
    there = subscription()
    now = due_at(LONDON, "2026-W50") + timedelta(hours=2)
    due = turns.due_now(there, now, 30)
    assert due is not None
    assert (due.period, due.late, due.missed) == ("2026-W50", True, ("2026-W48", "2026-W49"))
    decision = sent(there, due, now)
    assert skipped(decision) == ["2026-W48", "2026-W49"]
    assert changed(decision).next_period == "2026-W51"


def test_what_is_not_due_yet_is_not_sent_by_an_early_clock() -> None:
    there = subscription()
    assert turns.due_now(there, due_at(LONDON, "2026-W48") - timedelta(seconds=1), 30) is None


def test_a_new_subscription_does_not_begin_with_what_was_due_before() -> None:
    tuesday = due_at(LONDON, "2026-W48") + timedelta(days=1)
    assert turns.due_now(subscription(now=tuesday), tuesday + timedelta(minutes=1), 30) is None


def test_times_that_leave_a_period_out_are_noted_and_a_period_that_came_is_not_repeated() -> None:
    friday = Schedule(day="fri", zone="Europe/London")
    there = subscription(friday, due_at(LONDON, "2026-W48"))
    decision = standing.retimed(
        there.model_copy(update={"schedule": LONDON}), "digest.retimed", circ(NOW + timedelta(days=7))
    )
    assert skipped(decision) == ["2026-W48"]
    assert changed(decision).next_period == "2026-W49"
    came = sent(subscription(), turns.Due(period="2026-W48", due=NOW, late=False), NOW + timedelta(days=5))
    later = standing.retimed(
        changed(came).model_copy(update={"schedule": friday}), "digest.retimed", circ(NOW + timedelta(days=5))
    )
    assert changed(later).next_period == "2026-W49"
    assert not skipped(later)


def test_the_post_and_the_next_turn_are_in_one_decision_and_the_post_has_its_own_key() -> None:
    now = due_at(LONDON, "2026-W48")
    due = turns.due_now(subscription(), now, 30)
    assert due is not None
    decision = sent(subscription(), due, now)
    (post,) = (e for e in decision.effects if isinstance(e, Post) and e.kind == "digest")
    assert post.key == "digest/risk/C1/2026-W48"
    assert [e.key for e in decision.effects if isinstance(e, Later)] == ["digest/SB-0001"]


def test_what_slack_refused_is_told_once_and_may_be_sent_again_under_another_key() -> None:
    now = due_at(LONDON, "2026-W48")
    due = turns.due_now(subscription(), now, 30)
    assert due is not None
    first = sent(subscription(), due, now)
    (issue,) = (c for c in first.changed if isinstance(c, DigestIssue))
    issue = issue.model_copy(update={"revision": 1})
    lost = sending.refused_by_slack(changed(first), issue, "is_archived", PROGRAM, NOBODY, circ(now))
    there = changed(lost)
    assert (there.status, there.trouble) == ("broken", "archived")
    again = sending.refused_by_slack(there, issue, "is_archived", PROGRAM, NOBODY, circ(now))
    assert sum(isinstance(e, Post) for e in lost.effects) == 1
    assert not any(isinstance(e, Post) for e in again.effects)
    asked = turns.asked_now(there, now + timedelta(hours=1))
    assert asked is not None
    second = sending.posted(
        there, asked, issue, Composed(page={}), Whither(channel="C1"), PROGRAM, NOBODY, circ(now)
    )
    (post,) = (e for e in second.effects if isinstance(e, Post) and e.kind == "digest")
    assert post.key == "digest/risk/C1/2026-W48/1"
    assert changed(second).status == "running"


def test_who_comes_to_a_role_gets_its_digest_and_who_goes_gets_it_no_more() -> None:
    lee, dana = (Person(id=UserId(f"U0{n}"), name=n, tz="America/New_York") for n in ("LEE", "DANA"))
    spec = DigestSpec(
        id="risk", title="Risk", schedules=(Delivered(role="executive_sponsor", schedule=Schedule()),)
    )
    program = PROGRAM.model_copy(update={"digests": DigestPolicy(zone="UTC", digests=(spec,))})
    directory = Directory(people={lee.id: lee, dana.id: dana}, groups={"exec": (lee.id,)})
    ids = iter(SubscriptionId(f"SB-{n:04d}") for n in range(1, 9))

    def looked(existing: list[Subscription], known: Directory) -> Decision:
        wanted = standing.orders(program, known, NOW, {})
        return standing.brought_into_line(existing, wanted, lambda: next(ids), program, known, circ())

    made = changed(looked([], directory))
    assert made.to == ToPerson(user=lee.id)
    assert made.schedule.zone == "America/New_York"
    assert looked([made], directory) == Decision()
    other = Directory(people=directory.people, groups={"exec": (dana.id,)})
    second = looked([made], other)
    by_id = {str(c.id): c for c in second.changed if isinstance(c, Subscription)}
    assert by_id[str(made.id)].status == "ended"
    assert len(by_id) == 2
    own = made.model_copy(update={"origin": "slack", "status": "paused"})
    assert looked([own], directory) == Decision()


def test_what_was_lost_is_planned_again_at_its_own_time() -> None:
    there = subscription()
    decision = standing.repaired([there], (), circ(NOW + timedelta(days=30)))
    (later,) = (e for e in decision.effects if isinstance(e, Later))
    assert later.due == there.next_due == newest_due(LONDON, due_at(LONDON, "2026-W48")).due
    assert standing.repaired([there], [turns.key_of(there)], circ()) == Decision()
