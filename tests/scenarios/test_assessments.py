"""Assessments (P4): started by name or by a proposal, walked in words or as a form, ended in one page."""

from __future__ import annotations

import pytest

from storage.program_folder import default_program_folder, read_program
from tests.answers import HIGH, MEDIUM
from tests.scenarios.assessing import in_stage, newest, walks_through
from tests.scenarios.deciding import settle, submits
from tests.scenarios.office import Office, elements, label, texts
from tests.scenarios.talking import until
from workflows.results import assessments

DANAS_PILOT = {
    "data_supply": "somebody exports copies by hand every Monday",
    "owners_stay": "the project team until it ends",
    "outcome_reported": "no",
    "stops": "nobody counts",
    "evaluated": "people look at it",
    "rolled_back": "not yet, no",
    "access": "a key that several people share",
    "logged": "yes",
    "used_by": "about half",
    "work_changed": "no",
    "pilot_signs": "the first and the fourth",
}
SAMS_COMPANY = {
    "initiatives": "about 25",
    "listed": "several lists",
    "measured": "30%",
    "shadow": "nobody knows",
    "data_state": "scattered",
    "platforms": "six",
    "shared_controls": "no",
    "constraints": "skills and old systems",
    "bottleneck": "getting the data",
    "bottleneck_days": "30",
    "non_negotiable": "no customer hears a decision about a claim from a machine alone",
    "sponsor": "yes",
}
ELENAS_VENDOR = {
    "vendor_name": "Contoso Speech",
    "checked_before": "no",
    "training": "they say no, but it's not in the contract",
    "kept_days": "90",
    "places_named": "yes",
    "limit_fits": "enough for the peak",
    "fallback": "people wait",
    "change_notice": "0",
    "incident_hours": "72",
    "contact_named": "yes",
    "data_back": "nobody asked",
    "replace_days": "120",
    "price_ceiling": "no",
}


def test_dana_asks_for_the_pilot_diagnosis_in_her_own_words_and_gets_one_page(office: Office) -> None:
    use_case = in_stage(office, "Claims notes")
    dana = office.person("dana").says("let's do the pilot diagnosis for Claims notes")
    dana.reads("How does the data get into the system today?")
    page = walks_through(dana, "pilot_diagnosis", DANAS_PILOT, use_case.id)
    shown = texts(page)
    assert "It works as a pilot" in shown or "still an experiment" in shown
    for part in ("Data", "Ownership", "Reliability", "Security", "Adoption"):
        assert part in shown
    assert "What to do next" in shown
    assert "50%" in shown
    kept = newest(office, "pilot_diagnosis", use_case.id)
    assert kept.status == "submitted"
    assert kept.result is not None
    assert kept.result.expires_at is not None


def test_sam_takes_stock_of_the_company_by_command(office: Office) -> None:
    sam = office.person("sam")
    sam.commands("assess")
    sam.at("#general").reads("Baseline audit", "What scale means here", "Operating-model self-check")
    sam.commands("assess baseline audit")
    settle(office)
    walk = newest(office, "baseline_audit")
    assert walk.place is not None
    sam = sam.at(walk.place.channel, walk.place.thread)
    page = texts(walks_through(sam, "baseline_audit", SAMS_COMPANY))
    assert "25 initiatives" in page
    assert "no customer hears a decision" in page.lower()
    assert newest(office, "baseline_audit").about == ""
    sam.commands("assess")
    sam.at("#general").reads("Done so far", "Baseline audit · Northwind Mutual".replace(" · ", "* · "))


def test_elenas_vendor_may_not_learn_from_our_data(office: Office) -> None:
    use_case = in_stage(office, "Quote letters", "in_review", owner="U0ELENA", build_or_buy="buy")
    elena = office.person("elena").says("start the vendor questions for Quote letters")
    elena.reads("Which vendor or partner is it")
    page = texts(walks_through(elena, "vendor_questions", ELENAS_VENDOR, use_case.id))
    assert "Contoso Speech" in page
    assert "90 days" in page
    kept = newest(office, "vendor_questions", use_case.id)
    assert kept.result is not None
    assert kept.result.mark == "stop"


def test_what_fits_is_proposed_with_the_submission_and_only_once(office: Office) -> None:
    dana = submits(office, "Screen the invoices", {**MEDIUM, "build_or_buy": "buy", "vendor": "Contoso"})
    offer = dana.reads("this would help now", "Vendor and partner questions")
    dana.clicks("Vendor and partner questions", offer)
    dana.reads("Which vendor or partner is it")
    until(
        lambda: "taken up" in texts(next(m for m in dana.messages() if m["ts"] == offer["ts"])), "it is gone"
    )
    assert len([m for m in dana.messages() if "would help now" in texts(m)]) == 0


def test_what_the_people_who_decide_ask_for_is_proposed_first(office: Office) -> None:
    dana = submits(office, "Judge injury claims", {**HIGH, "jurisdictions": ["eu"]})
    offer = dana.reads("this would help now")
    assert next(label(e) for _, e in elements(offer)) == "Impact assessment"
    assert "The people who decide ask for it." in texts(offer)


def test_without_a_use_case_named_it_is_asked_which_is_meant(office: Office) -> None:
    first = in_stage(office, "Translate letters", owner="U0OMAR")
    in_stage(office, "Sort referrals", owner="U0OMAR")
    omar = office.person("omar").says("can we do the pilot diagnosis?")
    which = omar.reads("For which use case is the")
    assert {"Translate letters", "Sort referrals"} <= {label(e) for _, e in elements(which)}
    omar.clicks("Translate letters", which)
    omar.reads("How does the data get into the system today?")
    assert newest(office, "pilot_diagnosis", first.id).owner == omar.id


def test_whoever_does_not_work_on_a_use_case_cannot_assess_it_nor_read_its_results(office: Office) -> None:
    use_case = in_stage(office, "Forecast storms")
    dana = office.person("dana").says("do the pilot diagnosis for Forecast storms")
    dana.reads("How does the data get into the system today?")
    page = walks_through(dana, "pilot_diagnosis", DANAS_PILOT, use_case.id)
    maya = office.person("maya").says("do the pilot diagnosis for Forecast storms")
    settle(office)
    refused = maya.reads("This is for those who work on")
    assert not refused["ephemeral"], "Slack shows no whisper in a thread without replies"
    assert newest(office, "pilot_diagnosis", use_case.id).owner == dana.id
    assert "How does the data get" not in "".join(texts(m) for m in maya.messages())
    maya.commands("assess")
    settle(office)
    assert "Forecast storms" not in "".join(texts(m) for m in maya.at("#general").messages())
    dana.clicks("All answers", page)
    assert "How the data arrives" in texts(dana.view())


def test_a_question_about_an_assessment_starts_none(office: Office) -> None:
    grace = office.person("grace").says("what is a baseline audit?")
    settle(office)
    with pytest.raises(AssertionError):
        grace.reads("How many AI initiatives", timeout=0.5)


def test_a_finding_leads_on_to_the_next_questionnaire(office: Office) -> None:
    use_case = in_stage(office, "Answer brokers")
    dana = office.person("dana").says("do the pilot diagnosis for Answer brokers")
    dana.reads("How does the data get into the system today?")
    page = walks_through(dana, "pilot_diagnosis", DANAS_PILOT, use_case.id)
    dana.clicks("Write the evaluation plan", page)
    dana.reads("What does a right result look like")
    assert newest(office, "evaluation_plan", use_case.id).status == "asking"


def test_where_a_use_case_stands_offers_what_fits_now_until_somebody_begins_it(office: Office) -> None:
    use_case = in_stage(office, "Plan the visits", owner="U0YUKI")
    yuki = office.person("yuki").says("where is my use case?")
    stands = yuki.reads("Plan the visits", "Evaluation plan")
    yuki.clicks("Start", stands)
    yuki.reads("What does a right result look like")
    again = office.person("yuki").says("where is my use case?")
    shown = texts(again.reads("Plan the visits", "Job redesign"))
    assert "Evaluation plan" not in shown
    assert newest(office, "evaluation_plan", use_case.id).owner == yuki.id


VALUES = {
    "short_text": "words",
    "long_text": "some more words",
    "percent": "60",
    "number": "20",
    "money": "3 EUR",
}


@pytest.mark.parametrize("id", sorted(assessments(read_program(default_program_folder()))))
def test_every_assessment_can_be_filled_in_as_a_form(office: Office, id: str) -> None:
    program = office.bot.service.program
    form = program.questionnaires[id]
    use_case = in_stage(office, f"Form for {form.title}") if form.about == "use_case" else None
    dana = office.person("dana").says(f"do the {form.title} {f'for {use_case.id}' if use_case else ''}")
    dana.reads("?")
    dana.clicks("walk.more", value="form")
    filled: set[str] = set()
    for _ in range(12):
        view, new = dana.view(), False
        for block, element in elements(view):
            if block in filled or not block.startswith("q|") or block.endswith("|own"):
                continue
            filled.add(block)
            new = True
            kind = element["type"]
            question = form.question(block.removeprefix("q|"))
            value: object = VALUES.get(question.type, "https://example.com/report")
            if kind in ("radio_buttons", "static_select"):
                value = element["options"][0]["value"]
            elif kind in ("checkboxes", "multi_static_select"):
                value = [element["options"][0]["value"]]
            elif kind == "datepicker":
                value = "2026-11-02"
            elif kind == "users_select":
                value = "U0LEE"
            elif kind == "file_input":
                continue
            dana._act(
                "view_action",
                view_id=view["id"],
                block_id=block,
                action_id=element["action_id"],
                **({"values": value} if isinstance(value, list) else {"value": value}),
            )
        if not new:
            break
    answer = dana.submits({})
    assert answer["ok"], answer
    about = use_case.id if use_case else ""
    for _ in range(12):  # what a number brings up is asked in the thread
        settle(office)
        walk = newest(office, id, about)
        if walk.status == "reviewing" or walk.asking is None:
            break
        question = form.question(str(walk.asking))
        dana.says(VALUES.get(question.type, "yes"))
        until(lambda walk=walk: newest(office, id, about).ask != walk.ask, "it goes on")  # type: ignore[misc]
    assert newest(office, id, about).status == "reviewing"
    dana.clicks("Finish")
    page = dana.reads("All answers")
    assert form.name in texts(page)
    assert newest(office, id, about).result is not None
