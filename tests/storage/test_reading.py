from __future__ import annotations

import contextlib
from typing import Any

from storage import titles
from storage.outbox import Claimed
from storage.store import Store
from tests.storage.records import (
    CIRC,
    DANA,
    HOUR,
    LEE,
    NOW,
    PRIYA,
    PROGRAM,
    TOM,
    approval,
    condition,
    decision,
    inquiry,
    post,
    seat,
    stored,
    use_case,
    walk,
)
from workflows.approval import Delegation, Verdict
from workflows.effects import ToPlace
from workflows.ids import Place, UseCaseId
from workflows.people import Person
from workflows.program import Program
from workflows.use_case import Assessment, TierFinding

HERE = Place(channel="D1", thread="1.0")


def finding(tier: str) -> Assessment:
    return Assessment(scorecards={}, tier=TierFinding.model_validate({"tier": tier}))


def test_a_thread_leads_to_its_walk(store: Store) -> None:
    stored(store, walk("W-0001", place=HERE), walk("W-0002", place=Place(channel="D1", thread="2.0")))
    with store.read() as reading:
        found = reading.walk_at("D1", "2.0")
        assert found is not None
        assert found.id == "W-0002"
        assert reading.walk_at("D1", "3.0") is None
        assert reading.walk_at("D2", "2.0") is None


def test_in_a_thread_with_two_walks_the_one_that_can_go_on_is_found(store: Store) -> None:
    stored(
        store,
        walk("W-0001", place=HERE),
        walk("W-0002", place=HERE, status="cancelled", touched_at=NOW + HOUR),
    )
    with store.read() as reading:
        found = reading.walk_at("D1", "1.0")
    assert found is not None
    assert found.id == "W-0001"


def test_drafts_are_the_owners_that_can_go_on_with_the_last_touched_first(store: Store) -> None:
    stored(
        store,
        walk("W-0001", status="saved"),
        walk("W-0002", status="asking", touched_at=NOW + HOUR),
        walk("W-0003", status="submitted"),
        walk("W-0004", owner=PRIYA),
    )
    with store.read() as reading:
        assert [w.id for w in reading.drafts_of(DANA)] == ["W-0002", "W-0001"]


def test_use_cases_are_found_by_person_stage_tier_and_source(store: Store) -> None:
    stored(
        store,
        use_case("UC-0001", assessment=finding("low")),
        use_case("UC-0002", stage="in_review", assessment=finding("high"), created_at=NOW + HOUR),
        use_case(
            "UC-0003", submitter=PRIYA, source="import", source_key="agency/7", created_at=NOW + 2 * HOUR
        ),
    )
    with store.read() as reading:
        assert [u.id for u in reading.use_cases_of(DANA)] == ["UC-0002", "UC-0001"]
        assert [u.id for u in reading.use_cases(stages=["in_review"])] == ["UC-0002"]
        assert [u.id for u in reading.use_cases(tiers=["low", "high"])] == ["UC-0001", "UC-0002"]
        assert [u.id for u in reading.use_cases(source="import")] == ["UC-0003"]
        assert [u.id for u in reading.use_cases(at_most=1, skip=1)] == ["UC-0002"]
        assert reading.imported() == {"agency/7": "UC-0003"}


def test_an_approver_finds_the_open_seats_that_wait_for_them_the_most_urgent_first(store: Store) -> None:
    stored(
        store,
        approval("A-0001", seats=(seat("risk", due=NOW + 3 * HOUR), seat("legal", (LEE,), opened_at=None))),
        approval("A-0002", seats=(seat("legal", (PRIYA,)), seat("risk", due=NOW + HOUR))),
    )
    with store.read() as reading:
        assert [a.id for a in reading.approvals_waiting_for(PRIYA)] == ["A-0002", "A-0001"]
        assert [a.id for a in reading.approvals_waiting_for(LEE)] == []
        assert [a.id for a in reading.approvals_waiting_for(DANA)] == []


def test_what_was_decided_or_handed_on_waits_for_its_approver_no_longer(store: Store) -> None:
    stored(store, approval("A-0001"), approval("A-0002", seats=(seat(people=(PRIYA,)),)))
    with store.write() as tx:
        first, second = tx.lock_approval("A-0001"), tx.lock_approval("A-0002")
        assert first is not None
        assert second is not None
        verdict = Verdict(by=PRIYA, choice="approve", at=NOW, program=PROGRAM)
        done = first.model_copy(update={"seats": (seat(verdicts=(verdict,)),)})
        handed_on = second.model_copy(
            update={"seats": (seat(people=(PRIYA,), delegations=(Delegation(by=PRIYA, to=LEE, at=NOW),)),)}
        )
        tx.apply(decision(done, handed_on), CIRC)
    with store.read() as reading:
        assert reading.approvals_waiting_for(PRIYA) == ()
        assert reading.approvals_waiting_for(TOM) == ()
        assert [a.id for a in reading.approvals_waiting_for(LEE)] == ["A-0002"]


def test_questions_and_conditions_wait_for_whom_they_name(store: Store) -> None:
    stored(
        store,
        approval("A-0001", inquiries=(inquiry("i1"), inquiry("i2", of=LEE, answered_at=NOW))),
        approval(
            "A-0002", status="approved", conditions=(condition("c1"), condition("c2", LEE, done_at=NOW))
        ),
        approval("A-0003", status="rejected", inquiries=(inquiry(),), conditions=(condition(),)),
    )
    with store.read() as reading:
        waits = [(subject.id, wait.kind) for subject, wait in reading.waits_for(DANA)]
        assert sorted(waits) == [("A-0001", "inquiry"), ("A-0002", "condition")]
        assert reading.waits_for(LEE) == ()


def test_a_use_case_leads_to_its_newest_approval(store: Store) -> None:
    stored(
        store,
        approval("A-0001", status="withdrawn"),
        approval("A-0002", opened_at=NOW + HOUR),
        approval("A-0003", use_case=UseCaseId("UC-0002")),
    )
    with store.read() as reading:
        newest = reading.approval_of("UC-0001")
        assert newest is not None
        assert newest.id == "A-0002"
        assert [a.id for a in reading.approvals_of("UC-0001")] == ["A-0002", "A-0001"]
        assert [a.id for a in reading.approvals_open()] == ["A-0003", "A-0002"]
        assert reading.approval_of("UC-9999") is None
        found = reading.newest_approvals([UseCaseId(f"UC-000{n}") for n in (1, 2, 3)])
        assert {use_case: a.id for use_case, a in found.items()} == {"UC-0001": "A-0002", "UC-0002": "A-0003"}
        assert reading.newest_approvals([]) == {}


def test_use_cases_are_called_by_their_names_or_their_ids(store: Store) -> None:
    stored(store, use_case("UC-0001", title="Call notes"), use_case("UC-0002", title=""))
    with store.read() as reading:
        wanted = [UseCaseId("UC-0001"), UseCaseId("UC-0002"), UseCaseId("UC-0003")]
        assert reading.titles(wanted) == {"UC-0001": "Call notes", "UC-0002": "UC-0002"}


def test_a_thread_leads_to_its_approval_from_home_or_under_a_card(store: Store) -> None:
    card = post(PRIYA, "inquiry", subject=approval().subject, card="inquiry:i1")
    stored(store, approval(), effects=(card,))
    (row,) = store.outbox.claim(1, "w", NOW)
    store.outbox.delivered(row, "D9", "9.1", now=NOW)
    with store.read() as reading:
        assert reading.approval_at("D1", "1.0") == reading.approval("A-0001")
        assert reading.approval_at("D9", "9.1") == reading.approval("A-0001")
        assert reading.approval_at("D9", "9.2") is None
        assert reading.approval_at("D9", None) is None


def test_a_delivered_card_is_remembered_with_what_draws_it(store: Store) -> None:
    there = ToPlace(place=Place(channel="C1", thread="5.0"))
    subject = approval().subject
    cards = [
        post(PRIYA, "approval", subject=subject, card="approval", data={"seat": "risk"}),
        post(kind="approval", subject=subject, card="approval", data={"seat": "risk"}).model_copy(
            update={"to": there}
        ),
        post(kind="progress", subject=subject),
    ]
    stored(store, approval(), effects=tuple(cards))
    for number, row in enumerate(_all_claimed(store)):
        store.outbox.delivered(row, f"D{number}", f"{number}.5", now=NOW)
    with store.read() as reading:
        direct, in_room = reading.cards_of(subject, "approval")
        assert (direct.reader, direct.channel, direct.ts, direct.thread) == (PRIYA, "D0", "0.5", None)
        assert (in_room.reader, in_room.thread, in_room.data) == (None, "5.0", {"seat": "risk"})
        assert len(reading.cards_of(subject)) == 2
        assert reading.cards_of(subject, "other") == ()


def _all_claimed(store: Store) -> list[Claimed]:
    return store.outbox.claim(10, "w", NOW)


def test_a_message_that_is_gone_is_forgotten_as_a_card(store: Store) -> None:
    stored(store, walk(), effects=(post(card="ask:1"),))
    (row,) = store.outbox.claim(1, "w", NOW)
    store.outbox.delivered(row, "D1", "1.1", now=NOW)
    with store.write() as tx:
        tx.forget_card("D1", "1.1")
    with store.read() as reading:
        assert reading.cards_of(walk().subject) == ()


def test_people_and_groups_are_known_from_the_commit_on_and_never_deleted(store: Store) -> None:
    dana, lee = Person(id=DANA, name="Dana Ortiz", tz="Europe/Berlin"), Person(id=LEE, name="Lee")
    with store.write() as tx:
        assert tx.save_people([dana, lee], {"legal": [LEE], "risk": []})
        assert tx.directory().person(DANA).name == "Dana Ortiz"
    with store.read() as reading:
        first = reading.directory()
        assert first.groups == {"legal": (LEE,), "risk": ()}
        assert reading.directory() is first
    with store.write() as tx:
        assert not tx.save_people([dana], {"legal": [LEE], "risk": []})
        assert tx.save_people([lee.model_copy(update={"active": False})])
    with store.read() as reading:
        assert not reading.directory().person(LEE).active
        assert reading.directory().groups == first.groups


def test_a_directory_that_was_rolled_back_is_not_remembered(store: Store) -> None:
    def undone() -> None:
        with store.write() as tx:
            tx.save_people([Person(id=DANA, name="Wrong")])
            tx.directory()
            raise RuntimeError

    with contextlib.suppress(RuntimeError):
        undone()
    with store.write() as tx:
        tx.save_people([Person(id=DANA, name="Right")])
    with store.read() as reading:
        assert reading.directory().person(DANA).name == "Right"


def _program() -> Program:
    fields: dict[str, Any] = {"stamp": PROGRAM}
    return Program.model_construct(**fields)


def test_program_texts_are_kept_by_their_hash(store: Store) -> None:
    with store.write() as tx:
        tx.keep_program(_program(), {"program.yaml": "name: ours\n"}, NOW)
        tx.keep_program(_program(), {"program.yaml": "name: ours\n"}, NOW + HOUR)
    with store.read() as reading:
        kept = reading.program("abc")
        assert kept is not None
        assert (kept.stamp, kept.files, kept.kept_at) == (PROGRAM, {"program.yaml": "name: ours\n"}, NOW)
        assert reading.program("other") is None


def test_use_cases_are_compared_by_their_text_or_title_and_by_vectors_of_the_same_model(store: Store) -> None:
    stored(
        store,
        use_case("UC-0001", stage="pilot"),
        use_case("UC-0002", stage="in_review", title="Sort mail"),
        use_case("UC-0003"),
    )
    with store.write() as tx:
        tx.save_text(UseCaseId("UC-0001"), "Summarise calls for agents", "model-1", b"\x00\x01")
    with store.read() as reading:
        assert [(c.id, c.text, c.vector) for c in reading.texts("model-1")] == [
            ("UC-0001", "Summarise calls for agents", b"\x00\x01"),
            ("UC-0002", "Sort mail", None),
        ]
        assert [c.vector for c in reading.texts("model-2")] == [None, None]
        assert reading.texts_missing("model-1") == ("UC-0002",)
        assert reading.texts_missing("model-2") == ("UC-0001", "UC-0002")


def test_a_reader_sees_one_moment_whatever_others_commit_meanwhile(store: Store) -> None:
    stored(store, walk())
    with store.read() as reading:
        before = reading.walk("W-0001")
        assert before is not None
        stored(store, before.model_copy(update={"status": "asking"}))
        assert reading.walk("W-0001") == before


def test_use_cases_are_known_by_name_and_room_without_reading_their_records(store: Store) -> None:
    claims = Assessment(scorecards={}, tier=TierFinding(tier="low"), facets={"room": "claims"})
    stored(
        store,
        use_case("UC-0001", title="Calls", stage="pilot", assessment=claims),
        use_case("UC-0002", title="Letters", stage="production", created_at=NOW + HOUR),
        use_case("UC-0003", title="Put away", stage="archived", assessment=claims),
    )
    with store.read() as reading:
        assert titles.placed(reading.connection, ("pilot", "production")) == (
            ("UC-0002", "Letters", "production", ""),
            ("UC-0001", "Calls", "pilot", "claims"),
        )
