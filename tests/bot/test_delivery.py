"""Delivery against the sandbox workspace: once, in order, in time, and never in silence."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from bot import registry
from bot.delivery import Delivery
from bot.in_hand import Item
from bot.pacing import Pace
from bot.registry import Job, Message, Scene
from bot.views.kit import section
from storage.errors import Unavailable
from tests.bot.conftest import PROBE, Bench
from workflows.effects import Post, Refresh, ShowHome, ToPerson, ToPlace, ToRoom, Whisper, Work
from workflows.ids import Place, Subject, UserId


def test_what_is_committed_reaches_the_person(bench: Bench) -> None:
    bench.tells("dana", "hello")
    bench.settles()
    assert bench.workspace.messages("dana") == ["hello"]


def test_messages_to_one_person_arrive_in_the_order_of_their_commits(bench: Bench) -> None:
    for number in range(12):
        bench.tells("dana", f"number {number}")
    bench.settles()
    assert bench.workspace.messages("dana") == [f"number {n}" for n in range(12)]


def test_a_message_whose_answer_was_lost_is_found_and_not_posted_again(bench: Bench) -> None:
    bench.workspace.fault("lost_response", nth=1)
    bench.tells("dana", "once only")
    bench.tells("dana", "and then this")
    bench.settles()
    assert bench.workspace.messages("dana") == ["once only", "and then this"]


def test_in_a_thread_a_lost_answer_is_found_among_the_replies(bench: Bench) -> None:
    bench.tells("dana", "the thread")
    bench.settles()
    top = bench.workspace.get("/sandbox/messages", as_="dana", channel="@app")["messages"][-1]
    place = Place(channel=bench.gateway.direct(bench.workspace.id("dana")), thread=top["ts"])
    bench.workspace.fault("lost_response", nth=1)
    bench.wants(Post(to=ToPlace(place=place), kind="probe", subject=PROBE, data={"says": "a reply"}))
    bench.settles()
    assert bench.workspace.messages("dana", thread=top["ts"]).count("a reply") == 1


@pytest.mark.parametrize("action", ["500", "503", "reset"])
def test_when_slack_fails_the_message_comes_later(bench: Bench, action: str) -> None:
    bench.workspace.fault(action, count=2)
    bench.tells("dana", "in the end")
    bench.settles()
    assert bench.workspace.messages("dana") == ["in the end"]


def test_after_429_the_method_rests_as_long_as_slack_asks(bench: Bench) -> None:
    bench.workspace.fault("429", count=1, retry_after=1)
    bench.tells("dana", "patient")
    bench.tells("mo", "patient too")
    bench.settles()
    first, *rest = [c["at"] for c in bench.workspace.calls("chat.postMessage")]
    assert all(at - first >= 0.95 for at in rest[1:])
    assert bench.workspace.messages("dana") == ["patient"]
    assert bench.workspace.messages("mo") == ["patient too"]


def test_a_channel_gets_one_message_a_second_and_the_first_at_once() -> None:
    now = [100.0]
    pace = Pace(1.0, monotonic=lambda: now[0])
    assert pace.take("C1") == 0.0
    assert pace.take("C1") == pytest.approx(1.0)
    assert pace.take("C2") == 0.0
    now[0] += 1.0
    assert pace.take("C1") == 0.0


def test_a_channel_that_is_gone_holds_nobody_up_and_the_program_team_hears_of_it_once(bench: Bench) -> None:
    bench.reads_people()
    for says in ("one", "two"):
        bench.wants(Post(to=ToRoom(name="old-project"), kind="probe", subject=PROBE, data={"says": says}))
    bench.tells("dana", "still here")
    bench.settles()
    assert bench.workspace.messages("dana") == ["still here"]
    told = [m for m in bench.workspace.messages("sam", "#ai-program") if "#old-project" in m]
    assert len(told) == 1
    assert [u.error for u in bench.store.outbox.undeliverable()] == [
        "there is no open channel #old-project that the bot can see"
    ] * 2


def test_a_person_who_left_is_given_up_with_the_reason(bench: Bench) -> None:
    bench.reads_people()
    bench.tells("gerald", "are you there?")
    bench.settles()
    assert len(bench.store.outbox.undeliverable()) == 1
    assert any("Gerald Finch" in m for m in bench.workspace.messages("sam", "#ai-program"))


def test_the_bot_joins_a_public_channel_it_is_asked_to_post_in(bench: Bench) -> None:
    bench.wants(Post(to=ToRoom(name="claims"), kind="probe", subject=PROBE, data={"says": "hello claims"}))
    bench.settles()
    assert bench.workspace.messages("dana", "#claims") == ["hello claims"]


def test_blocks_that_slack_refuses_become_plain_text_and_nothing_is_lost(bench: Bench) -> None:
    broken = {"type": "section", "text": {"type": "mrkdwn", "text": "the words"}, "no_such_field": 1}
    bench.shown["bad"] = Message("short", [broken, section("and more words")])
    bench.tells("dana", "bad")
    bench.settles()
    assert bench.workspace.messages("dana") == ["the words\nand more words"]


def test_a_message_beyond_slacks_limits_goes_out_in_parts(bench: Bench) -> None:
    bench.shown["long"] = Message("long", [section(f"{n}. " + "x" * 2900) for n in range(10)])
    bench.tells("dana", "long")
    bench.settles()
    top = bench.workspace.get("/sandbox/messages", as_="dana", channel="@app")["messages"]
    thread = bench.workspace.get("/sandbox/messages", as_="dana", channel="@app", thread_ts=top[0]["ts"])
    posted = [b["text"]["text"] for m in thread["messages"] for b in m["blocks"]]
    assert [p.split(".")[0] for p in posted] == [str(n) for n in range(10)]


def test_a_card_is_redrawn_in_place_wherever_it_was_posted(bench: Bench) -> None:
    bench.tells("priya", "a case", card="case")
    bench.tells("tom", "a case", card="case")
    bench.settles()
    bench.shown["a case"] = Message("decided")
    bench.wants(Refresh(subject=PROBE))
    bench.settles()
    assert bench.workspace.messages("priya") == ["decided"]
    assert bench.workspace.messages("tom") == ["decided"]


def test_several_redraws_of_one_card_are_one_call(bench: Bench) -> None:
    bench.tells("priya", "a case", card="case")
    bench.settles()
    bench.shown["a case"] = Message("decided")
    bench.wants(*[Refresh(subject=PROBE, card="case")] * 3, Refresh(subject=PROBE))
    bench.settles()
    assert len(bench.workspace.calls("chat.update")) == 1


def test_a_card_whose_state_moves_on_while_it_is_posted_ends_up_true(bench: Bench) -> None:
    drawn = bench.probe

    def moving(scene: Any, data: dict[str, Any]) -> Message:
        message = drawn(scene, data)
        bench.shown["moving"] = Message("after")
        return message

    registry.RENDERERS["probe"] = moving
    bench.shown["moving"] = Message("before")
    bench.tells("priya", "moving", card="case")
    bench.settles()
    assert bench.workspace.messages("priya") == ["after"]


def test_a_card_that_somebody_deleted_is_forgotten(bench: Bench) -> None:
    bench.tells("priya", "a case", card="case")
    bench.settles()
    bench.workspace.fault("error", "chat.update", error="message_not_found")
    bench.shown["a case"] = Message("decided")
    bench.wants(Refresh(subject=PROBE))
    bench.settles()
    with bench.store.read() as reading:
        assert reading.cards_of(PROBE) == ()


def test_a_whisper_is_never_repeated(bench: Bench) -> None:
    channel = bench.gateway.direct(bench.workspace.id("dana"))
    bench.workspace.fault("lost_response", "chat.postEphemeral", nth=1)
    bench.wants(
        Whisper(
            place=Place(channel=channel),
            user=bench.workspace.id("dana"),
            kind="probe",
            subject=PROBE,
            data={"says": "psst"},
        )
    )
    bench.settles()
    assert len(bench.workspace.calls("chat.postEphemeral")) == 1


def test_home_is_published(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.RENDERERS, "home", lambda scene, data: Message("", [section("my home")]))
    bench.wants(ShowHome(user=bench.workspace.id("dana")))
    bench.settles()
    view = bench.workspace.get("/sandbox/home", as_="dana")["view"]
    assert view["blocks"][0]["text"]["text"] == "my home"


def test_a_home_tab_that_changes_again_and_again_is_drawn_a_few_times_and_ends_up_true(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.delivery.stop()
    seen = {"change": 0}

    def home(scene: Scene, data: dict[str, Any]) -> Message:
        return Message("", [section(f"change {seen['change']}")])

    monkeypatch.setitem(registry.RENDERERS, "home", home)
    delivery = bench.another(pace=1.5)
    delivery.start()
    try:
        for seen["change"] in range(1, 9):
            bench.wants(ShowHome(user=bench.workspace.id("dana")))
            time.sleep(0.05)  # long enough for each to be drawn by itself
        bench.settles()
    finally:
        delivery.stop()
    view = bench.workspace.get("/sandbox/home", as_="dana")["view"]
    assert view["blocks"][0]["text"]["text"] == "change 8"
    assert len(bench.workspace.calls("views.publish")) < 5


def test_work_runs_once_and_again_when_it_failed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Job] = []

    def work(job: Job) -> None:
        runs.append(job)
        if len(runs) == 1:
            raise RuntimeError("the first time it fails")

    monkeypatch.setitem(registry.WORKERS, "probe", work)
    bench.wants(Work(name="probe", subject=PROBE, data={"a": 1}))
    bench.settles()
    assert [dict(j.data) for j in runs] == [{"a": 1}] * 2
    assert len({j.key for j in runs}) == 1


def test_a_faulty_renderer_does_not_stop_the_others(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(scene: Any, data: Any) -> Message:
        raise LookupError("it is gone")

    monkeypatch.setitem(registry.RENDERERS, "faulty", faulty)
    bench.wants(Post(to=ToRoom(name="claims"), kind="faulty", subject=PROBE))
    bench.tells("dana", "unharmed")
    bench.settles()
    assert bench.workspace.messages("dana") == ["unharmed"]
    assert len(bench.store.outbox.undeliverable()) == 1


def test_while_the_token_is_refused_nothing_is_given_up(bench: Bench) -> None:
    bench.workspace.fault("error", error="token_revoked", count=1)
    bench.tells("dana", "after the reinstall")
    bench.until(bench.delivery.locked_out.is_set)
    assert bench.store.outbox.backlog().dead == 0
    assert bench.store.outbox.backlog().open == 1


def test_a_process_killed_after_posting_posts_nothing_twice(bench: Bench) -> None:
    """The row was posted but not marked, and its claim ran out: the next to claim it looks first."""
    bench.delivery.stop()
    bench.tells("dana", "posted, not marked")
    row = bench.store.outbox.claim(1, "killed", bench.moment().now)[0]
    bench.gateway.post(
        bench.gateway.direct(bench.workspace.id("dana")), Message("posted, not marked"), None, row.key
    )
    bench.store.outbox.take_back(bench.moment().now)
    bench.delivery = bench.another()
    bench.delivery.start()
    bench.settles()
    assert bench.workspace.messages("dana") == ["posted, not marked"]


def test_two_deliveries_on_one_store_post_everything_once(bench: Bench) -> None:
    other: Delivery = bench.another()
    other.start()
    threads = [
        threading.Thread(target=bench.tells, args=(who, f"{who} {n}"))
        for n in range(10)
        for who in ("dana", "mo", "priya")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bench.settles()
    other.stop()
    for who in ("dana", "mo", "priya"):
        assert sorted(bench.workspace.messages(who)) == sorted(f"{who} {n}" for n in range(10))


def test_a_job_that_a_person_waits_for_is_owned_up_to_when_it_is_given_up(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.awaited import sorry_for
    from storage.outbox import Claimed

    job = Work(name="open_walk", subject=Subject(type="walk", id="W-0001"))
    row = Claimed(1, "k", "work/walk/W-0001", job, 5, bench.moment().now)
    (post,) = sorry_for(row, ToPerson(user=UserId("U0DANA"))).effects
    assert isinstance(post, Post)
    assert post.data["message"] == "service_trouble"


def test_when_the_database_is_away_delivery_waits_and_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = bench.store.outbox.claim
    refused: list[int] = []

    def away(*arguments: Any) -> Any:
        if len(refused) < 2:
            refused.append(1)
            raise Unavailable("the database does not answer")
        return claim(*arguments)

    monkeypatch.setattr(bench.store.outbox, "claim", away)
    bench.tells("dana", "after all")
    bench.settles()
    assert len(refused) == 2
    assert bench.workspace.messages("dana") == ["after all"]


def test_when_the_mark_cannot_be_written_nothing_is_posted_twice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered = bench.store.outbox.delivered
    refused: list[int] = []

    def away(*arguments: Any, **more: Any) -> Any:
        if len(refused) < 2:
            refused.append(1)
            raise Unavailable("the database does not answer")
        return delivered(*arguments, **more)

    monkeypatch.setattr(bench.store.outbox, "delivered", away)
    bench.tells("dana", "posted once")
    bench.settles()
    assert len(refused) == 2
    assert bench.workspace.messages("dana") == ["posted once"]


def test_a_row_held_for_too_long_is_left_to_whoever_claims_it_next(bench: Bench) -> None:
    bench.delivery.stop()
    bench.tells("dana", "not from here")
    (row,) = bench.store.outbox.claim(1, "here", bench.moment().now)
    late = bench.another()
    late._do(Item(row, since=time.monotonic() - 46))
    assert bench.workspace.messages("dana") == []


def test_a_redraw_that_slack_could_not_take_just_now_comes_later(bench: Bench) -> None:
    drawn = bench.probe

    def moving(scene: Any, data: dict[str, Any]) -> Message:
        message = drawn(scene, data)
        bench.shown["moving"] = Message("after")
        return message

    registry.RENDERERS["probe"] = moving
    bench.shown["moving"] = Message("before")
    bench.workspace.fault("500", "chat.update", count=1)
    bench.tells("priya", "moving", card="case")
    bench.settles()
    assert bench.workspace.messages("priya") == ["after"]
