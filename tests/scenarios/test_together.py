"""Several people at one draft: helpers, one answer from the one who knows, and whose answer is whose (I9)."""

from __future__ import annotations

from tests.scenarios.deciding import sends, settle
from tests.scenarios.office import Office, Person, elements, label, texts
from tests.scenarios.talking import asked, at_the_review, goes_to, past_the_outcome, refusals, wait_for


def invited(office: Office, name: str, by: str) -> Person:
    """Somebody in the thread under the card that invites them."""
    settle(office)
    person = office.person(name)
    card = [m for m in person.threads() if f"{by} asks you to help" in texts(m)][-1]
    return person.at("@app", card["ts"])


def test_a_helper_sees_the_draft_answers_in_their_own_thread_and_only_the_owner_submits(
    office: Office,
) -> None:
    dana = at_the_review(office, data_owner="@anya")
    dana.says("invite @lee")
    dana.reads("I have invited Lee Chen")
    lee = invited(office, "lee", "Dana Ortiz")
    lee.clicks("Show what is there")
    lee.reads("Summarise claims calls", "The way ahead")
    lee.says("make users 55")
    lee.reads("Changed", "55")
    settle(office)
    review = dana.reads("Number of users", "55", "Lee Chen")
    assert "Lee Chen" in texts(review)
    lee.says("submit")
    lee.reads("Only whoever began this can submit it")
    dana.clicks("Submit")
    dana.reads("UC-")


def test_a_helper_taken_out_again_no_longer_changes_anything(office: Office) -> None:
    dana = past_the_outcome(office)
    dana.says("invite @lee")
    dana.reads("I have invited Lee Chen")
    lee = invited(office, "lee", "Dana Ortiz")
    dana.says("remove @lee")
    dana.reads("Lee Chen no longer helps")
    settle(office)
    before = asked(dana)["answers"]
    lee.says("make users 99")
    settle(office)
    assert asked(dana)["answers"] == before
    card = next(m for m in lee.at("@app").threads() if m["ts"] == lee.thread)
    assert "You no longer help with this" in texts(card)
    assert not elements(card)


def test_one_answer_of_a_draft_comes_from_the_one_who_knows(office: Office) -> None:
    dana = goes_to(past_the_outcome(office), "audience_users")
    number = asked(dana)["ask"]
    question = asked(dana)["asking"]
    dana.says("ask @lee")
    dana.reads("I have asked Lee Chen about")
    wait_for(dana, number)
    assert asked(dana)["asking"] != question
    settle(office)
    lee = office.person("lee")
    card = [m for m in lee.threads() if "asks you one thing about" in texts(m)][-1]
    lee.at("@app", card["ts"]).says("claims agents in the two call centres")
    dana.reads("Lee Chen answered", "claims agents in the two call centres")
    kept = asked(dana)["answers"][question]
    assert kept["by"] == lee.id


def test_whoever_is_not_the_right_person_gives_it_back_with_the_reason(office: Office) -> None:
    dana = past_the_outcome(office)
    question = asked(dana)["asking"]
    dana.says("@lee knows")
    dana.reads("I have asked Lee Chen")
    settle(office)
    lee = office.person("lee")
    card = [m for m in lee.threads() if "asks you one thing about" in texts(m)][-1]
    lee.at("@app", card["ts"]).says("not me: Anya runs that system")
    dana.reads("Lee Chen cannot answer", "Anya runs that system")
    settle(office)
    assert question not in asked(dana)["skipped"]
    card = next(m for m in lee.threads() if m["ts"] == card["ts"])
    assert "You gave this back to Dana Ortiz" in texts(card)


def test_a_stranger_in_a_draft_is_refused_kindly_and_it_is_on_record(office: Office) -> None:
    dana = at_the_review(office)
    review = dana.reads("The way ahead")
    block, element = next((b, e) for b, e in elements(review) if label(e) == "Invite")
    before = len(refusals(office))

    sends(office, office.person("mo"), {**element, "value": element.get("value", "")}, block)
    settle(office)
    made = refusals(office)[before:]
    assert [r["action"] for r in made] == ["walk.acted_on_by_another"]


def test_what_a_helper_asks_on_the_way_is_answered_in_their_own_thread(office: Office) -> None:
    dana = past_the_outcome(office)
    dana.says("invite @lee")
    dana.reads("I have invited Lee Chen")
    lee = invited(office, "lee", "Dana Ortiz")
    lee.clicks("Ask me the rest")
    lee.reads("Who owns that data")
    lee.says("what counts as personal data?")
    lee.reads("Back to us")
    dana.does_not_read("Back to us")


def test_whoever_is_asked_may_answer_by_one_click_or_in_a_form(office: Office) -> None:
    dana = goes_to(past_the_outcome(office), "data_sensitivity")
    dana.says("ask @lee")
    dana.reads("I have asked Lee Chen")
    settle(office)
    lee = office.person("lee")
    card = [m for m in lee.threads() if "asks you one thing about" in texts(m)][-1]
    lee.clicks("Internal", card)
    dana.reads("Lee Chen answered", "Data sensitivity", "Internal")
    number = asked(dana)["ask"]
    question = asked(dana)["asking"]
    dana.says("ask @lee")
    wait_for(dana, number)
    settle(office)
    card = [m for m in lee.threads() if "asks you one thing about" in texts(m)][-1]
    lee.clicks("Answer in a form", card)
    view = lee.view()
    assert [b for b, _ in elements(view)] == [f"q|{question}"]
    lee.submits({f"q|{question}": "yes"})
    dana.reads("Lee Chen answered", "Yes")
    kept = asked(dana)["answers"]
    assert (kept["data_sensitivity"]["by"], kept[question]["by"]) == (lee.id, lee.id)
    # A screen that was never redrawn still has the buttons.
    block, no = next((b, e) for b, e in elements(card) if label(e) == "No")
    before = len(refusals(office))
    sends(office, lee, no, block, card["ts"])
    assert [r["action"] for r in refusals(office)[before:]] == ["assignment.answered"]
    assert asked(dana)["answers"][question]["value"] is True
