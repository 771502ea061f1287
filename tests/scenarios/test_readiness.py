"""Readiness and gates through the protocol: what is missing, who is asked, and what happens next."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.answers import HIGH, LOW, MEDIUM
from tests.gates import answered, evidence
from tests.scenarios.deciding import case_of, fills, presses, settle, submits
from tests.scenarios.gates import approved, put
from tests.scenarios.office import JSON, Office, elements, label, texts
from workflows.contract import Contract, ContractVersion
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.evidence import Check
from workflows.ids import QuestionId, UserId
from workflows.walk import Walk

OWNERS: JSON = {"metric_owner": "U0MO", "stop_authority": "U0LEE"}
READY_BUT_TWO = {
    "id": "production_readiness",
    "without": ("fallbacks", "monitoring"),
    "handed_to": {"monitoring": "U0LEE"},
}


def buttons(message: JSON) -> list[str]:
    return [label(e) for _, e in elements(message)]


# ---------------------------------------------------------------- scene 4


def test_are_we_ready_for_production_is_answered_with_what_is_missing_and_a_button_for_each(
    office: Office,
) -> None:
    title = "Summarise claims calls"
    approved(office, title, {**MEDIUM, **OWNERS})
    put(office, title, "platform_candidate", READY_BUT_TWO)
    dana = office.person("dana").says("are we ready for production?")
    card = dana.reads("Not yet", "5 of 7")
    text = texts(card)
    assert "*Fallbacks* needs evidence (Is it settled what people do when it is down" in text
    assert "*Monitoring* waits for *Lee" in text
    assert "And there is no risk owner" in text
    assert buttons(card)[:3] == ["Add evidence: Fallbacks", "Nudge Lee", "Name a risk owner"]

    presses(dana, card, "Name a risk owner")
    fills(dana, {"user": "U0INES"})
    card = dana.reads("Not yet", "5 of 7")
    assert "risk owner" not in texts(card)
    assert case_of(office, title)[0].answers[QuestionId("risk_owner")].value == "U0INES"
    office.person("ines").reads("named you as the risk owner", title)


def test_the_card_is_drawn_again_when_somebody_else_answers(office: Office) -> None:
    title = "Route claims letters"
    approved(office, title, {**MEDIUM, **OWNERS, "risk_owner": "U0INES"})
    put(office, title, "platform_candidate", READY_BUT_TWO)
    dana = office.person("dana").says(f"is {title} ready for production?")
    dana.reads("5 of 7", title)
    service = office.bot.service
    with service.store.read() as reading:
        sheet = reading.dossier(case_of(office, title)[0].id).walk_of("production_readiness")
    put_met(office, sheet, "fallbacks")
    dana.reads("6 of 7", title)


def put_met(office: Office, sheet: Walk, item: str) -> None:
    """Somebody answers an item, as the checklist keeps it."""
    service = office.bot.service
    now = datetime.now(UTC)
    check = Check(state="yes", evidence=(evidence("tried on Monday", at=now),))
    circ = Circumstances(
        now=now, actor=Actor(user=UserId("U0LEE"), door="message"), program=service.program.stamp
    )
    with service.store.write() as tx:
        walk = tx.lock_walk(sheet.id)
        assert walk is not None
        answers = {**walk.answers, QuestionId(item): answered(check, "U0LEE", now)}
        there = walk.model_copy(update={"answers": answers})
        tx.apply(Decision(changed=(there,), entries=(Entry(action="put", subject=walk.subject),)), circ)
    settle(office)


# ---------------------------------------------------------------- R1, R3: by tier, and decided on evidence


def test_low_risk_answers_seven_short_questions_and_high_risk_shows_four_things_more(office: Office) -> None:
    low, high = "Name meeting rooms", "Price flood cover"
    approved(office, low, {**LOW, **OWNERS, "risk_owner": "U0INES"})
    put(office, low, "platform_candidate", {"id": "production_basics", "without": ("fallbacks",)})
    dana = office.person("dana").says(f"is {low} ready for production?")
    card = dana.reads("6 of 7", "*Fallbacks* is not answered (Can the work go on without it?)")
    assert "Answer: Fallbacks" in buttons(card)

    submits(office, high, {**HIGH, **OWNERS})
    put(office, high, "platform_candidate", {"id": "production_readiness"})
    dana = office.person("dana").says(f"what is missing for production of {high}?")
    dana.reads("7 of 11", "*Impact assessed* needs evidence", "it is not approved yet")


def test_all_items_are_behind_one_button_page_by_page(office: Office) -> None:
    title = "Sort broker mail"
    approved(office, title, {**MEDIUM, **OWNERS})
    put(office, title, "platform_candidate", READY_BUT_TWO)
    dana = office.person("dana").says(f"what is missing for production of {title}?")
    card = dana.reads("5 of 7", title)
    presses(dana, card, "All items")
    view = dana.view("Is the data permitted")
    text = texts(view)
    assert "Is the data permitted for this use?" in text
    pairs = [f["text"] for f in next(b["fields"] for b in view["blocks"] if b.get("fields"))]
    assert [p.splitlines()[1] for p in pairs if "logged and traceable" in p] == ["▫️ no evidence yet"]
    assert len([p for p in pairs if "✅ on evidence" in p]) == 4
    assert "NIST AI RMF MEASURE 2.4" in text
    assert "ISO/IEC 42001 A.6.2.8" in text
    assert "Waits for *Lee" in text
    assert "Who knows?" in [label(e) for _, e in elements(view)]


# ---------------------------------------------------------------- R4: promotion in three dimensions


def test_promotion_shows_three_dimensions_side_by_side_and_refuses_when_one_is_empty(office: Office) -> None:
    title = "Draft cover notes"
    approved(office, title, {**MEDIUM, **OWNERS, "risk_owner": "U0INES"})
    met = ("outcome_moved", "cost_known", "evaluation_passed", "ran_without_stop", "rollback_rehearsed")
    put(office, title, "pilot", {"id": "promotion", "met": met}, {"id": "gate_questions"})
    dana = office.person("dana").says(f"promote {title}")
    card = dana.reads("Not yet", title)
    sides = next(b["fields"] for b in card["blocks"] if b.get("fields"))
    assert [f["text"].splitlines()[0] for f in sides] == [
        "*Business value*",
        "*Technical reliability*",
        "*Organisational readiness*",
    ]
    assert "nothing yet" in sides[2]["text"]
    assert "*Organisational readiness* has no evidence, and the other dimensions" in texts(card)
    assert "Ask for the decision" not in buttons(card)


def test_a_gate_is_asked_for_decided_and_passed_and_everyone_named_is_told(office: Office) -> None:
    title = "Find duplicate claims"
    approved(office, title, {**MEDIUM, **OWNERS, "risk_owner": "U0INES"})
    put(office, title, "pilot", {"id": "promotion"}, {"id": "gate_questions"})
    dana = office.person("dana").says(f"promote {title}")
    card = dana.reads("What is left is the decision", title)
    presses(dana, card, "Ask for the decision")
    dana.reads("decides", title)
    priya = office.person("priya")
    presses(priya, priya.reads(title, "Promotion"), "Approve")
    assert case_of(office, title)[0].stage == "platform_candidate"
    for named in ("lee", "ines", "mo"):
        office.person(named).reads(title, "moved from “Pilot” to “Platform candidate”")


def test_what_lapsed_while_it_was_decided_is_said_and_the_approval_holds(office: Office) -> None:
    title = "Draft renewal letters"
    home = approved(office, title, {**MEDIUM, **OWNERS, "risk_owner": "U0INES"})
    put(office, title, "pilot", {"id": "promotion"}, {"id": "gate_questions"})
    dana = office.person("dana").says(f"promote {title}")
    presses(dana, dana.reads("What is left is the decision", title), "Ask for the decision")
    use_case, _ = case_of(office, title)
    service = office.bot.service
    circ = Circumstances(
        now=datetime.now(UTC), actor=Actor(user=use_case.submitter, door="cli"), program=service.program.stamp
    )
    with service.store.write() as tx:
        there = tx.lock_use_case(use_case.id)
        answers = {q: a for q, a in there.answers.items() if q != "risk_owner"}
        line = Entry(action="put", subject=there.subject)
        tx.apply(Decision(changed=(there.model_copy(update={"answers": answers}),), entries=(line,)), circ)
    priya = office.person("priya")
    presses(priya, priya.reads(title, "Promotion"), "Approve")
    assert case_of(office, title)[0].stage == "pilot"
    home.reads("is approved, but something has lapsed meanwhile")
    card = home.reads("There is no risk owner", title)
    presses(home, card, "Name a risk owner")
    fills(home, {"user": "U0INES"})
    card = home.reads("it may go on", title)
    presses(home, card, "Go on to: Platform candidate")
    assert case_of(office, title)[0].stage == "platform_candidate"


def test_low_risk_starts_its_pilot_at_once(office: Office) -> None:
    title = "Tidy meeting notes"
    approved(office, title, LOW)
    dana = office.person("dana").says(f"start the pilot of {title}")
    presses(dana, dana.reads("Move", title, "Pilot"), "Move it")
    fills(dana, {})
    assert case_of(office, title)[0].stage == "pilot"


# ---------------------------------------------------------------- S4: moves


def test_pausing_asks_why_tells_everyone_and_resuming_goes_back_to_where_it_was(office: Office) -> None:
    title = "Answer rental questions"
    approved(office, title, {**MEDIUM, **OWNERS, "risk_owner": "U0INES"})
    put(office, title, "pilot", {"id": "pilot_readiness"}, {"id": "gate_questions"})
    dana = office.person("dana").says(f"pause {title} because the vendor changed")
    presses(dana, dana.reads("Move", title, "Paused"), "Move it")
    assert "the vendor changed" in str(dana.view("Everyone named")["blocks"])
    assert "give a reason" in str(dana.submits({"why": " "}))
    fills(dana, {"why": "the vendor changed the model"})
    use_case, _ = case_of(office, title)
    assert (use_case.stage, use_case.stage_before) == ("paused", "pilot")
    office.person("lee").reads(title, "to “Paused”", "the vendor changed the model")

    dana = office.person("dana").says(f"resume {title}")
    dana.reads("That move is for the AI program team to make")
    assert case_of(office, title)[0].stage == "paused"

    sam = office.person("sam").says(f"resume {title}")
    presses(sam, sam.reads("Move", title, "to “Pilot”"), "Move it")
    fills(sam, {})
    assert case_of(office, title)[0].stage == "pilot"


def test_a_move_that_is_not_listed_is_refused_kindly_and_audited(office: Office) -> None:
    title = "Price spare parts"
    approved(office, title, MEDIUM)
    dana = office.person("dana").says(f"retire {title}")
    dana.reads("There is no move from “Approved for pilot” to “Retired”", "can go to")
    use_case, _ = case_of(office, title)
    with office.bot.service.store.read() as reading:
        refused = [line for line in reading.audit(subject=use_case.subject) if line["refused"]]
    assert [line["action"] for line in refused] == ["use_case.moved"]


def test_strangers_are_told_nothing_about_what_is_missing(office: Office) -> None:
    title = "Detect fraud rings"
    approved(office, title, {**MEDIUM, **OWNERS})
    put(office, title, "pilot")
    omar = office.person("omar").says(f"is {title} ready for production?")
    omar.reads("record")
    omar.does_not_read("needs evidence")


# ---------------------------------------------------------------- R5: the proof of a platform


def test_a_second_use_case_on_the_same_ground_is_told_of_once_as_the_proof_of_a_platform(
    office: Office,
) -> None:
    sheets = ({"id": "promotion"}, {"id": "gate_questions"})
    priya = office.person("priya")
    for title in ("Wrap up phone calls", "Wrap up broker chats"):
        approved(office, title, {**MEDIUM, **OWNERS, "risk_owner": "U0INES"})
        put(office, title, "pilot", *sheets)
    dana = office.person("dana").says("promote Wrap up phone calls")
    presses(dana, dana.reads("What is left is the decision", "Wrap up phone calls"), "Ask for the decision")
    presses(priya, priya.reads("Wrap up phone calls", "Promotion"), "Approve")
    first, second = (case_of(office, t)[0] for t in ("Wrap up phone calls", "Wrap up broker chats"))
    service = office.bot.service
    now = datetime.now(UTC)
    circ = Circumstances(
        now=now, actor=Actor(user=second.submitter, door="cli"), program=service.program.stamp
    )
    with service.store.write() as tx:
        contract = Contract(
            id=tx.new_id("contract"),
            name="calls",
            title="Calls",
            versions=(ContractVersion(version="1.0.0", document={}, by=second.submitter, at=now),),
            consumers=(first.id, second.id),
            opened_at=now,
        )
        there = tx.lock_use_case(second.id)
        assert there is not None
        builds = there.model_copy(update={"builds_on": (first.id,)})
        line = Entry(action="put", subject=second.subject)
        tx.apply(Decision(changed=(builds, contract), entries=(line,)), circ)
    dana = office.person("dana").says(f"promote {second.title}")
    card = dana.reads("What is left is the decision", "the proof that there is a platform")
    assert "data contract, gates, monitoring, release path" in texts(card)
    presses(dana, card, "Ask for the decision")
    presses(priya, priya.reads(second.title, "Promotion"), "Approve")
    settle(office)
    team = office.person("sam").at("#ai-program")
    team.reads(second.title, "builds on", "the proof that there is a platform")
    told = [m for m in team.messages() if "the proof that there is a platform" in texts(m)]
    assert len(told) == 1


def test_evidence_that_runs_out_is_seen_on_the_card_at_that_moment(office: Office) -> None:
    title = "Match repair invoices"
    approved(office, title, {**MEDIUM, **OWNERS, "risk_owner": "U0INES"})
    put(office, title, "platform_candidate", {"id": "production_readiness", "days": 30})
    dana = office.person("dana").says(f"is {title} ready for production?")
    dana.reads("What is left is the decision", title)
    office.bot.pass_time(days=25)
    try:
        settle(office)
        dana.reads("Not yet", "0 of 7", "the evidence for *Data quality* ran out")
    finally:
        office.bot.ahead *= 0
