"""Digests come once, where and when they should, whatever becomes of the clock and of the channels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from sandbox.methods import conversations
from tests.faults.postgres import wait_until
from tests.scenarios.conftest import open_office, patient_program
from tests.scenarios.office import JSON, Office, texts
from tests.scenarios.talking import refusals, until
from workflows.decision import Decision, Entry
from workflows.digests.issue import DigestIssue
from workflows.digests.schedule import next_after
from workflows.digests.subscription import Schedule, Subscription
from workflows.digests.turns import planned
from workflows.effects import ToPerson
from workflows.ids import UserId

POLICY = """
zone: Europe/London
late_after_minutes: 30
digests:
  - id: risk
    title: AI risk
    metrics: [overdue_approvals]
    sections: [overdue, expires]
    schedules: [{room: ai-leadership, schedule: {day: mon, at: "09:00", zone: Europe/London}}]
  - id: functions
    title: AI this week
    metrics: [overdue_approvals]
    schedules: [{functions: true, schedule: {day: mon, at: "09:05", zone: Europe/London}}]
  - id: executive
    title: For executives
    readers: [executive_sponsor]
    schedules: [{role: executive_sponsor, schedule: {every: month, date: 1, at: "08:30"}}]
"""
MONDAY = Schedule(zone="Europe/London")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("digests")
    program = patient_program(folder)
    (program / "digests.yaml").write_text(POLICY, encoding="utf-8")
    with open_office(folder, PREFLIGHT_PROGRAM_DIR=str(program)) as here:
        assert wait_until(lambda: _ordered(here), 60), "nothing was ordered"
        yield here


def _ordered(office: Office) -> bool:
    office.bot.pass_time(seconds=5)
    return len(subscriptions(office)) > 4


def subscriptions(office: Office) -> list[Subscription]:
    with office.bot.service.store.read() as reading:
        return list(reading.matters(Subscription))


def one(office: Office, digest: str, where: str = "") -> Subscription:
    (found,) = (s for s in subscriptions(office) if s.digest == digest and where in s.key)
    return found


def settled(office: Office) -> None:
    outbox = office.bot.service.store.outbox
    assert wait_until(lambda: outbox.backlog().open == 0, 60), "something was not delivered"


def until_monday(office: Office, minutes: int = 15, weeks: int = 0) -> None:
    """Lets the time go by until so long after the next Monday morning in London, or weeks later."""
    due = next_after(MONDAY, office.bot.now()).due + timedelta(weeks=weeks, minutes=minutes)
    office.bot.pass_time(seconds=(due - office.bot.now()).total_seconds())
    settled(office)


def come(office: Office, channel: str, title: str) -> list[str]:
    """The digests of that title in a channel, oldest first, as they are read."""
    seen = (texts(m) for m in office.person("sam").at(channel).messages())
    return [text for text in seen if f"{title} ·" in text]


def told(office: Office, words: str) -> list[JSON]:
    """What the program team was told in its channel."""
    return [m for m in office.person("sam").at("ai-program").messages() if words in texts(m)]


def logged(office: Office, action: str) -> list[dict[str, Any]]:
    with office.bot.service.store.read() as reading:
        return [row for row in reading.audit() if row["action"] == action]


def admin(office: Office, what: str, channel: str, **more: str) -> None:
    office.post(f"/sandbox/admin/{what}", {"channel": channel, **more})


def test_it_comes_on_monday_and_no_tick_brings_it_again(office: Office) -> None:
    until_monday(office)
    assert len(come(office, "ai-leadership", "AI risk")) == 1
    assert len(come(office, "claims", "AI this week")) == 1
    for _ in range(3):
        office.bot.pass_time(minutes=10)
    settled(office)
    (text,) = come(office, "ai-leadership", "AI risk")
    assert "comes late" not in text
    assert one(office, "risk").channel == "C0AILEADERSHIP"


def test_after_three_weeks_of_rest_there_is_one_and_it_says_that_it_is_late(office: Office) -> None:
    before = len(come(office, "ai-leadership", "AI risk"))
    until_monday(office, minutes=180, weeks=2)
    after = come(office, "ai-leadership", "AI risk")
    assert len(after) == before + 1
    assert "comes late" in after[-1]
    risk = one(office, "risk")
    notes = [n for n in logged(office, "digest.skipped") if n["subject_id"] == risk.id]
    assert [len(n["detail"]["periods"]) for n in notes] == [2]


def test_each_executive_gets_it_by_the_clock_of_their_own_zone(office: Office) -> None:
    directory = office.bot.service.moment().directory
    mine = [s for s in subscriptions(office) if s.digest == "executive"]
    assert mine
    for subscription in mine:
        user = subscription.owner
        assert user is not None
        assert subscription.schedule.zone == directory.person(user).tz


def test_the_list_shows_the_team_everything_and_others_what_is_theirs(office: Office) -> None:
    sam = office.person("sam").says("digests")
    listed = texts(sam.reads("come to channels that you look after"))
    for title in ("AI risk", "AI this week, Claims", "For executives"):
        assert title in listed
    grace = office.person("grace").says("which digests are there?")
    listed = texts(grace.reads("There are these"))
    assert "C0AILEADERSHIP" not in listed
    assert "For executives" not in listed
    assert "AI risk" in listed


def test_a_preview_is_for_one_alone_and_is_no_periods(office: Office) -> None:
    before = one(office, "risk").last_period
    grace = office.person("grace").says("send me the risk digest")
    assert "A preview" in texts(grace.reads("AI risk ·"))
    assert one(office, "risk").last_period == before
    until_monday(office)
    assert one(office, "risk").last_period > before


def test_an_executives_digest_is_refused_to_others_kindly_and_on_record(office: Office) -> None:
    before = len(refusals(office))
    grace = office.person("grace")
    grace.says("show me the digest for executives")
    grace.reads("This digest is for: Executive sponsor")
    assert len(refusals(office)) == before + 1


def test_whoever_is_no_longer_among_its_readers_gets_no_more_of_them(office: Office) -> None:
    grace = office.person("grace")
    with office.bot.service.store.write() as tx:
        circ = office.bot.service.moment().circumstances(UserId(grace.id), "button")
        kept = Subscription(
            id=tx.new_id("subscription"),
            digest="executive",
            to=ToPerson(user=UserId(grace.id)),
            owner=UserId(grace.id),
            schedule=MONDAY,
            origin="slack",
            opened_at=circ.now,
        )
        changed, later = planned(kept, circ.now)
        entry = Entry(action="digest.subscribed", subject=kept.subject)
        tx.apply(Decision(changed=(changed,), entries=(entry,), effects=(later,)), circ)
    until_monday(office)
    assert wait_until(lambda: one(office, "executive", grace.id).status == "ended", 60)
    with office.bot.service.store.read() as reading:
        assert not [i for i in reading.matters(DigestIssue) if i.subscription == kept.id]


def test_it_can_be_paused_in_plain_words_and_taken_up_again(office: Office) -> None:
    sam = office.person("sam")
    sam.says("pause the risk digest")
    sam.at("@app").reads("I have paused")
    before = len(come(office, "ai-leadership", "AI risk"))
    until_monday(office)
    assert len(come(office, "ai-leadership", "AI risk")) == before
    sam = office.person("sam").says("resume the risk digest")
    until(lambda: one(office, "risk").status == "running", "it goes on")
    until_monday(office)
    assert len(come(office, "ai-leadership", "AI risk")) == before + 1


def test_only_who_looks_after_a_channels_digest_may_pause_it(office: Office) -> None:
    risk = one(office, "risk")
    grace = office.person("grace").says("pause the risk digest")
    grace.reads("no such digest that is yours")
    assert one(office, "risk").status == risk.status == "running"


def test_it_can_be_sent_now_but_not_twice_in_a_week(office: Office) -> None:
    sam = office.person("sam").says("digests")
    card = sam.reads("look after")
    before = len(come(office, "ai-leadership", "AI risk"))
    sam.clicks(f"digest.menu/{one(office, 'risk').id}", card, f"{one(office, 'risk').id}|now")
    sam.at("@app").reads("posted for this period already")
    assert len(come(office, "ai-leadership", "AI risk")) == before


def test_a_channel_is_subscribed_by_a_form(office: Office) -> None:
    sam = office.person("sam").says("digests")
    sam.clicks("Send one to a channel", sam.reads("look after"))
    sam.submits(
        {"digest": "risk", "channel": "C0UNDERWRITING", "day": "mon", "at": "09:10", "zone": "london"}
    )
    sam.at("@app").reads("comes from now on", "C0UNDERWRITING")
    assert one(office, "risk", "UNDERWRITING").schedule.zone == "Europe/London"
    until_monday(office)
    assert len(come(office, "underwriting", "AI risk")) == 1


def test_a_form_says_what_is_wrong_with_it(office: Office) -> None:
    sam = office.person("sam").says("digests")
    sam.clicks("Send me one regularly", sam.reads("There are these"))
    answer = sam.submits({"digest": "risk", "day": "mon", "at": "09:00", "zone": "Mars/Olympus"})
    assert "Mars/Olympus" in str(answer)


def test_no_second_digest_comes_of_other_times_in_the_same_week(office: Office) -> None:
    """It came on Monday; from now on it is to come on Wednesdays: this Wednesday it does not."""
    sam = office.person("sam").says("digests")
    risk = one(office, "risk", "ai-leadership")
    sam.clicks(f"digest.menu/{risk.id}", sam.reads("look after"), f"{risk.id}|time")
    sam.submits({"day": "wed", "at": "10:00", "zone": "Europe/London", "channel": "C0AILEADERSHIP"})
    until(lambda: one(office, "risk", "ai-leadership").schedule.day == "wed", "it is changed")
    before = len(come(office, "ai-leadership", "AI risk"))
    office.bot.pass_time(days=4)
    settled(office)
    assert len(come(office, "ai-leadership", "AI risk")) == before
    until_monday(office)
    office.bot.pass_time(days=3)
    settled(office)
    assert len(come(office, "ai-leadership", "AI risk")) == before + 1


def test_an_archived_channel_is_told_once_and_stops_no_other(office: Office) -> None:
    admin(office, "archive", "C0CLAIMS")
    claims, service = (
        len(come(office, "claims", "AI this week")),
        len(come(office, "customer-service", "AI this")),
    )
    until_monday(office)
    until_monday(office)
    assert len(told(office, "the channel is archived")) == 1
    assert len(come(office, "claims", "AI this week")) == claims
    assert len(come(office, "customer-service", "AI this week")) >= service + 2
    assert one(office, "functions", "room/claims").status == "broken"
    admin(office, "unarchive", "C0CLAIMS")
    until_monday(office)
    assert len(come(office, "claims", "AI this week")) == claims + 1
    assert one(office, "functions", "room/claims").status == "running"
    until(lambda: bool(told(office, "comes again")), "the card says that it is mended")
    assert not told(office, "the channel is archived")


def test_a_renamed_channel_still_gets_it_and_the_team_is_told_once(office: Office) -> None:
    admin(office, "rename", "C0DATAPLATFORM", name="data-and-ai")
    before = len(come(office, "data-and-ai", "AI this week"))
    until_monday(office)
    until_monday(office)
    assert len(come(office, "data-and-ai", "AI this week")) == before + 2
    assert len(told(office, "calls #data-platform is")) == 1


def test_whoever_removed_the_bot_is_not_overruled_and_a_click_brings_it_back(office: Office) -> None:
    bot = office.bot.service.bot_user
    admin(office, "kick", "C0CUSTOMERSERVICE", user=bot)
    before = len(come(office, "customer-service", "AI this week"))
    until_monday(office)
    assert len(come(office, "customer-service", "AI this week")) == before
    (card,) = told(office, "not a member")
    admin(office, "invite", "C0CUSTOMERSERVICE", user=bot)
    office.person("sam").at("ai-program").clicks("Try again", card)
    until(lambda: len(come(office, "customer-service", "AI this week")) == before + 1, "it comes at once")
    settled(office)
    until_monday(office)
    assert len(come(office, "customer-service", "AI this week")) == before + 2


def test_nothing_goes_where_people_from_outside_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    described = conversations.slack_channel

    def shared(world: Any, channel: Any, bot: str) -> JSON:
        found = described(world, channel, bot)
        return found | {"is_ext_shared": channel.id == "C0UNDERWRITING"}

    monkeypatch.setattr(conversations, "slack_channel", shared)
    before = len(come(office, "underwriting", "AI this week"))
    until_monday(office)
    assert len(come(office, "underwriting", "AI this week")) == before
    assert told(office, "people from outside the company")


def test_what_cannot_be_worked_out_is_left_out_by_name(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    import bot.digests as composing

    sound = composing.parts_of

    def failing(ask: Any, sections: Any) -> Any:
        if "overdue" in sections:
            raise RuntimeError("a section that fails")
        return sound(ask, sections)

    monkeypatch.setattr(composing, "parts_of", failing)
    until_monday(office)
    before = len(come(office, "ai-leadership", "AI risk"))
    office.bot.pass_time(days=3)
    settled(office)
    found = come(office, "ai-leadership", "AI risk")
    assert len(found) == before + 1
    assert "Left out this time" in found[-1]
    assert "Decisions overdue" in found[-1]
    assert "Nothing to report" not in found[-1]


def test_every_issue_is_kept_and_the_log_replays_to_what_is_stored(office: Office) -> None:
    with office.bot.service.store.read() as reading:
        issues = reading.matters(DigestIssue)
    periods = [(i.subscription, i.period) for i in issues if i.status == "posted"]
    assert len(periods) == len(set(periods)) > 10
    assert all(isinstance(i.due_at, datetime) for i in issues)
    assert office.bot.service.store.verify().sound
