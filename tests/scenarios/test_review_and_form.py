"""The review card (I8) and the form (I10): the same draft, whichever way it is filled in."""

from __future__ import annotations

from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.talking import (
    answer_the_rest,
    asked,
    at_the_review,
    record,
    start,
    until,
    values,
    wait_for,
)
from workflows.use_case import UseCase


def test_the_review_shows_answers_scores_tier_levers_and_the_way_ahead(office: Office) -> None:
    dana = at_the_review(office)
    review = dana.reads("The way ahead")
    shown = texts(review)
    for part in ("Impact", "Feasibility", "Data readiness", "Governance", "Adoption risk"):
        assert part in shown
    assert "*Tier: medium*" in shown
    assert "reads personal data" in shown
    assert "Would be *low* if" in shown
    assert "Priya Shah or Tom Becker" in shown
    pencils = [e for _, e in elements(review) if e["action_id"].startswith("walk.edit/")]
    assert len(pencils) > 15


def test_a_pencil_changes_one_answer_and_the_tier_follows(office: Office) -> None:
    dana = at_the_review(office)
    review = dana.reads("The way ahead", "Tier: medium")
    dana.clicks("Change Personal data", review)
    dana.submits({"q|personal_data": "no"})
    until(lambda: "Tier: low" in texts(dana.reads("The way ahead")), "the tier is low")
    again = dana.reads("The way ahead", "Tier: low")
    assert again["ts"] == review["ts"], "the card is redrawn in place"
    assert "Approved at once" in texts(again)


def test_a_score_can_be_corrected_with_a_reason_that_stays_visible(office: Office) -> None:
    dana = at_the_review(office)
    dana.clicks("Correct a score")
    refused = dana.submits({"dimension": "impact", "value": "5", "reason": "  "})
    assert refused.get("errors") or refused.get("error") == "input_refused"
    dana.submits({"dimension": "impact", "value": "5", "reason": "the whole department waits for it"})
    shown = texts(dana.reads("the whole department waits for it"))
    assert "computed" in shown
    dana.clicks("Submit")
    until(lambda: asked(dana)["status"] == "gone", "it is submitted")
    kept = record(office, "Summarise claims calls")["overrides"]
    assert kept[0]["value"] == 5
    assert kept[0]["by"] == dana.id


def test_similar_use_cases_are_shown_and_can_be_joined(office: Office) -> None:
    first = at_the_review(office, "marcus", "AI could transcribe and summarise claims calls, 30 adjusters")
    first.clicks("Submit")
    first.reads("is submitted as")
    sofia = at_the_review(office, "sofia")
    review = sofia.reads("Similar:", "Transcribe and summarise claims calls")
    menus = [e for _, e in elements(review) if e["action_id"].startswith("walk.similar/")]
    theirs = next(u.id for u in used_by(office, "U0MARCUS"))
    menu = next(m for m in menus if m["action_id"].endswith(theirs))
    sofia.clicks(menu["action_id"], review, f"join|{theirs}")
    sofia.reads("put your draft away")
    first.reads("Sofia Rossi wants to join")


def used_by(office: Office, user: str) -> list[UseCase]:
    """The use cases of a person, the newest first."""
    with office.bot.service.store.read() as reading:
        return [u for u in reading.use_cases_of(user) if u.stage != "draft"]


def test_change_something_offers_every_question(office: Office) -> None:
    dana = at_the_review(office)
    review = dana.reads("The way ahead")
    menu = next(e for _, e in elements(review) if label(e) == "Change something")
    assert {"problem", "budget", "documents"} <= {o["value"] for o in menu["options"]}
    dana.clicks(menu["action_id"], review, "budget")
    dana.submits({"q|budget": "half a million euros"})
    until(lambda: "budget" in values(asked(dana)), "the budget is noted")
    assert values(asked(dana))["budget"] == {"amount": 500000.0, "currency": "EUR"}


def test_a_draft_saved_from_the_review_is_on_home_and_goes_on_from_there(office: Office) -> None:
    dana = at_the_review(office)
    dana.clicks("Save for later")
    dana.reads("Saved")
    dana.home("Summarise claims calls")


# ---------------------------------------------------------------- I10: the form

FORM = {
    "q|outcome_metric": "after call work",
    "q|outcome_baseline": "9",
    "q|outcome_target": "5",
    "q|outcome_unit": "minutes",
    "q|outcome_by": "2027-06-30",
    "q|audience_users": "claims agents",
    "q|data_owner": "U0LEE",
    "q|data_sensitivity": "confidential",
    "q|personal_data": "yes",
    "q|harm": "inconvenience",
    "q|affected": "employees",
    "q|autonomy": "assist",
    "q|audience": "internal",
    "q|release_by": "2027-09-30",
    "q|technical_owner": "U0LEE",
    "q|build_or_buy": "undecided",
}


def fill_in(person: Person, more: JSON | None = None) -> None:
    """Fills in the open form as it grows: what is there is filled, what appears is filled next."""
    wanted = {**FORM, **(more or {})}
    filled: set[str] = set()
    for _ in range(6):
        view = person.view()
        new = False
        for block, element in elements(view):
            value = wanted.get(block)
            if block in filled or value is None:
                continue
            filled.add(block)
            many = isinstance(value, list)
            person._act(
                "view_action",
                view_id=view["id"],
                block_id=block,
                action_id=element["action_id"],
                **({"values": value} if many else {"value": value}),
            )
            new = True
        if not new:
            return


def test_the_form_holds_what_is_known_and_writes_the_same_draft(office: Office) -> None:
    dana = start(office)
    dana.clicks("walk.more", value="form")
    shown = dict(elements(dana.view()))
    assert shown["q|users_expected"]["initial_value"].startswith("40")
    fill_in(dana, {"q|prohibited_uses": ["none"], "q|jurisdictions": ["uk"]})
    assert dana.submits({})["ok"]
    until(lambda: asked(dana)["status"] == "reviewing", "the form answered everything")
    dana.reads("The way ahead")
    assert values(asked(dana))["outcome_target"] == 5


def test_a_wrong_answer_in_the_form_is_marked_under_its_field_and_nothing_is_lost(office: Office) -> None:
    dana = start(office)
    dana.clicks("walk.more", value="form")
    fill_in(dana, {"q|prohibited_uses": ["none"], "q|jurisdictions": ["uk"], "q|outcome_baseline": "purple"})
    answer = dana.submits({})
    errors = answer.get("errors") or dana.view().get("errors")
    assert set(errors) == {"q|outcome_baseline"}
    assert "outcome_metric" not in values(asked(dana))
    assert dana.submits({"q|outcome_baseline": "nine"})["ok"]
    until(lambda: values(asked(dana)).get("outcome_baseline") == 9, "the corrected form is in the draft")


def test_the_form_grows_with_the_answers(office: Office) -> None:
    dana = start(office)
    dana.clicks("walk.more", value="form")
    before = {b for b, _ in elements(dana.view())}
    assert "q|data_sensitivity" in before
    dana._act(
        "view_action",
        view_id=dana.view()["id"],
        block_id="q|data_sensitivity",
        action_id="walk.field",
        value="public",
    )
    until(lambda: "q|personal_data" not in {b for b, _ in elements(dana.view())}, "the question is gone")
    dana._act(
        "view_action",
        view_id=dana.view()["id"],
        block_id="q|data_sensitivity",
        action_id="walk.field",
        value="confidential",
    )
    until(lambda: "q|personal_data" in {b for b, _ in elements(dana.view())}, "the question is back")


def test_words_clicks_and_form_store_the_same_use_case(office: Office) -> None:
    """One types everything, with typos and changes of mind; one clicks; one fills in the form."""
    typing = in_words(office)
    clicking = by_clicks(office)
    filling = by_form(office)
    assert typing == clicking
    assert typing == filling


def _comparable(stored: JSON) -> JSON:
    """Without what differs by person or by how the story was told."""
    found = values(stored)
    return {q: v for q, v in found.items() if q not in ("problem", "name", "business_owner", "pilot_status")}


def in_words(office: Office) -> JSON:
    person = start(office, "dana")
    person.says("more helpfull for the agents")
    person.reads("Which number would move")
    person.says("after call work: 9 min now, 4 woud be great, by end of june 2027")
    person.reads("Noted")
    person.says("no wait, the target is 5")
    person.reads("Changed")
    answer_the_rest(
        person,
        {
            "data_owner": "thats Lee Chan",
            "data_sensitivity": "confidental i think",
            "personal_data": "yes of course",
            "audience_users": "claims agents",
            "harm": "the second one",
            "prohibited_uses": "no, none of them",
            "audience": "internl",
            "jurisdictions": "the uk",
            "build_or_buy": "not sure yet",
            "release_by": "end of sept 2027",
            "technical_owner": "@lee",
        },
    )
    stored = asked(person)
    person.clicks("Submit")
    person.reads("is submitted as")
    return _comparable(stored)


CLICKED = {
    "data_owner": ("walk.answer/person", "U0LEE"),
    "data_sensitivity": ("Confidential", None),
    "personal_data": ("Yes", None),
    "harm": ("A nuisance", None),
    "audience": ("Internal", None),
    "build_or_buy": ("Not decided yet", None),
    "release_by": ("walk.answer/date", "2027-09-30"),
    "technical_owner": ("walk.answer/person", "U0LEE"),
}


def by_clicks(office: Office) -> JSON:
    person = start(office, "marcus")
    person.says("after call work, 9 to 5 minutes, by 30 June 2027")
    person.reads("Noted")
    for _ in range(25):
        walk = asked(person)
        if walk["status"] == "reviewing":
            break
        question = walk["asking"]
        if question in CLICKED:
            what, value = CLICKED[question]
            person.clicks(what, value=value)
        elif question in ("prohibited_uses", "jurisdictions"):
            message = person.reads("Done")
            choice = "none" if question == "prohibited_uses" else "uk"
            tick = next(e for _, e in elements(message) if e["action_id"].startswith("walk.tick"))
            person.clicks(tick["action_id"], message, [choice])
            person.clicks("Done", message)
        else:
            person.says("claims agents")
        wait_for(person, walk["ask"])
    stored = asked(person)
    person.clicks("Submit")
    person.reads("is submitted as")
    return _comparable(stored)


def by_form(office: Office) -> JSON:
    person = start(office, "yuki")
    person.clicks("walk.more", value="form")
    fill_in(person, {"q|prohibited_uses": ["none"], "q|jurisdictions": ["uk"]})
    answer = person.submits({})
    assert answer["ok"], answer
    until(lambda: asked(person)["status"] == "reviewing", "the form answered everything")
    stored = asked(person)
    person.clicks("Submit")
    person.reads("is submitted as")
    return _comparable(stored)
