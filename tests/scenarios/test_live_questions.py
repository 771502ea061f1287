"""Questions about what is so at this moment, answered from the records for whoever may know it."""

from __future__ import annotations

import pytest

from tests.answers import HIGH, LOW, MEDIUM
from tests.scenarios.books import asked as consultation
from tests.scenarios.books import bring_in, everything, mentioning
from tests.scenarios.deciding import case_of, fills, presses, settle, submits
from tests.scenarios.office import Office, Person, elements, label, texts
from tests.scenarios.talking import asked, past_the_outcome, until

SUMMARISE = "Summarise claims calls"
CALLS = {**HIGH, "harm": "inconvenience", "autonomy": "act_with_approval"}
"""So much is at stake that a risk owner is asked for; the risk is medium all the same."""
OWNERS = {"risk_owner": "U0INES", "technical_owner": "U0LEE", "business_owner": "U0DANA"}


@pytest.fixture(scope="module", autouse=True)
def records(office: Office, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A playbook, and use cases of three tiers."""
    bring_in(office, tmp_path_factory.mktemp("playbook"))
    submits(office, SUMMARISE, {**CALLS, **OWNERS}, by="mo")
    submits(office, "Rank applicants by letters", {**HIGH, **OWNERS}, by="dana")
    submits(office, "Sort supplier invoices", {**LOW, **OWNERS}, by="paul")
    submits(office, "Sort supplier letters", {**MEDIUM, **OWNERS}, by="paul")


def answered(person: Person, words: str, *contains: str) -> str:
    """What they read when they ask this out of the blue."""
    fresh = person.office.person(next(n for n, p in person.office.people.items() if p.id == person.id))
    fresh.channel = person.channel
    fresh.says(words if person.channel == "@app" else mentioning(person.office, words))
    return texts(fresh.reads(*contains))


def test_a_champion_asks_who_can_stop_a_release_and_reads_the_rule_and_the_names(office: Office) -> None:
    told = answered(office.person("mo"), "who can stop a release?", f"For *{SUMMARISE}* that is")
    assert "The playbook says" in told
    assert "risk owner and by the technical owner" in told
    assert "Decision rights, Who can stop a release" in told
    assert "*Ines Moreau* (risk owner) and *Lee Chen* (technical owner)" in told


def test_asked_of_a_use_case_by_name_anybody_is_told_who_can_stop_it(office: Office) -> None:
    told = answered(office.person("grace"), f"who can stop *{SUMMARISE}*?", "Ines Moreau")
    assert "risk owner and by the technical owner" in told
    assert "platform" not in told.split("For *")[1].lower()


def test_part_of_the_name_with_a_slip_in_it_is_enough(office: Office) -> None:
    assert "Ines Moreau" in answered(
        office.person("grace"), "who can halt the claim call sumaries", SUMMARISE
    )


def test_for_high_risk_the_on_call_is_named_as_well(office: Office) -> None:
    told = answered(
        office.person("grace"), "who can stop Rank applicants by letters?", "For *Rank applicants"
    )
    assert "(platform on-call)" in told
    assert "Ines Moreau" in told


def test_who_approves_a_model_change_is_whom_the_matrix_asks(office: Office) -> None:
    told = answered(office.person("grace"), f"who approves a model change for {SUMMARISE}?", "have to agree")
    assert "Kim Novak* (data protection)" in told
    assert "Priya Shah or Tom Becker* (risk partner)" in told


def test_a_follow_up_in_the_thread_is_about_the_same_use_case(office: Office) -> None:
    grace = office.person("grace").says(f"who can stop {SUMMARISE}?")
    grace.reads("Ines Moreau")
    grace.says("and who owns it?")
    assert "Technical owner: *Lee Chen*" in texts(grace.reads("was brought in by *Mo Haddad*"))


def test_the_same_can_be_asked_of_another_one(office: Office) -> None:
    grace = office.person("grace").says(f"who is the business owner of {SUMMARISE}?")
    grace.reads("Business owner: *Dana Ortiz*")
    grace.says("and of Rank applicants by letters?")
    grace.reads("Rank applicants by letters", "Business owner: *Dana Ortiz*")


def test_who_decides_and_until_when_is_for_those_who_work_on_it(office: Office) -> None:
    words = f"who decides on {SUMMARISE} and until when?"
    told = answered(office.person("priya"), words, "is not decided yet")
    assert "Risk partner" in told
    assert "waits for Priya Shah or Tom Becker" in told
    assert "Due" in told
    grace = answered(office.person("grace"), words, "In review")
    assert "Priya" not in grace
    assert "Due" not in grace
    assert "*Dana Ortiz* can tell you" in grace


def test_why_it_has_its_tier_is_told_to_its_submitter_and_the_tier_alone_to_others(office: Office) -> None:
    words = f"what tier is {SUMMARISE} and why?"
    assert "It rests on" in answered(office.person("mo"), words, "*medium risk*")
    grace = answered(office.person("grace"), words, "*medium risk*")
    assert "rests on" not in grace
    assert "personal data" not in grace.lower()


def test_in_a_channel_nobody_reads_more_than_everybody_may(office: Office) -> None:
    priya = office.person("priya").at("#general")
    told = answered(priya, f"who decides on {SUMMARISE} and until when?", "In review")
    assert "Tom Becker" not in told
    assert not [e for e in told.splitlines() if e.startswith("Due")]
    assert "Ines Moreau" in answered(priya, f"who can stop {SUMMARISE}?", "For *")


def test_what_waits_for_somebody_is_never_said_in_a_channel(office: Office) -> None:
    aloud = office.person("priya").at("#general")
    aloud.says(
        mentioning(office, "tell me where Summarise claims calls is and what is waiting for me please")
    )
    settle(office)
    assert "Decide" not in everything(aloud)
    aloud = office.person("priya").at("#general")
    aloud.says(mentioning(office, "where does my use case stand?"))
    settle(office)
    assert SUMMARISE not in everything(aloud)


def test_a_draft_is_known_to_its_writer_alone(office: Office) -> None:
    yuki = office.person("yuki").says("could AI help us to spot zebra fraud rings? it takes hours every week")
    yuki.reads("question")
    with office.bot.service.store.read() as reading:
        draft = reading.use_case(reading.drafts_of(yuki.id)[0].about)
    assert draft is not None
    answered(office.person("yuki"), f"where is {draft.id}?", str(draft.id), "Draft")
    told = answered(office.person("grace"), f"where is {draft.id}?", "I know of no use case")
    assert "zebra" not in told.lower()
    assert "Zebra" not in answered(office.person("grace"), 'who owns "zebra fraud rings"?', "know of no")


def test_where_two_names_fit_it_asks_which_and_a_click_answers(office: Office) -> None:
    grace = office.person("grace").says("what is the status of sort supplier?")
    card = grace.reads("Which one do you mean?")
    offered = {label(e) for _, e in elements(card)}
    letters, _ = case_of(office, "Sort supplier letters")
    assert f"Sort supplier letters ({letters.id})" in offered
    assert any("Sort supplier invoices" in o for o in offered)
    grace.clicks(f"Sort supplier letters ({letters.id})", card)
    grace.reads(f"*Sort supplier letters* ({letters.id})")


def test_a_name_that_nobody_knows_is_said_kindly_with_the_nearest(office: Office) -> None:
    grace = office.person("grace").says('where is "Sort customer invoices from abroad"?')
    card = grace.reads("I know of no use case called", "These come nearest")
    assert any("Sort supplier invoices" in label(e) for _, e in elements(card))


def test_nobody_named_is_said_and_not_made_up(office: Office) -> None:
    submits(office, "Tag press photos", {**LOW, "technical_owner": "U0LEE"}, by="maya")
    told = answered(office.person("grace"), "who can stop Tag press photos?", "*Lee Chen* (technical owner)")
    assert "Risk owner: nobody is named yet" in told


def test_after_a_decision_the_answer_is_another_one(office: Office) -> None:
    submits(office, "Draft broker summaries", {**MEDIUM, **OWNERS}, by="mo")
    words = "was Draft broker summaries approved, and by whom?"
    mo = office.person("mo")
    assert "is not decided yet" in answered(mo, words, "Draft broker summaries")
    priya = office.person("priya")
    presses(priya, priya.reads("Draft broker summaries"), "Approve")
    until(lambda: case_of(office, "Draft broker summaries")[1].seats[0].verdicts, "Priya decided")
    again = answered(mo, words, "Approved by Priya Shah")
    assert "is not decided yet" not in again


def test_use_cases_are_listed_and_counted_without_drafts(office: Office) -> None:
    told = answered(office.person("grace"), "which use cases are high risk?", "Use cases (high risk): *1*")
    assert "Rank applicants by letters" in told
    assert SUMMARISE not in told
    assert (
        "zebra"
        not in answered(office.person("grace"), "how many use cases are there so far?", "drafts left").lower()
    )


def test_in_the_middle_of_an_intake_it_is_answered_and_the_intake_goes_on(office: Office) -> None:
    dana = past_the_outcome(office)
    before = asked(dana)
    dana.says(f"wait, who owns {SUMMARISE}?")
    told = texts(dana.reads("was brought in by *Mo Haddad*", "Back to us:"))
    assert "Business owner: *Dana Ortiz*" in told
    assert asked(dana)["asking"] == before["asking"]


def test_a_question_by_command_is_answered_in_the_direct_message(office: Office) -> None:
    omar = office.person("omar")
    omar.commands(f"ask who can stop {SUMMARISE}?")
    top = omar.reads(f"You asked: “who can stop {SUMMARISE}?”")
    omar.thread = top["ts"]
    omar.reads("Ines Moreau")
    kept = consultation(office, omar, f"who can stop {SUMMARISE}?")
    assert kept["how"] == "live"


def test_the_record_opens_for_those_who_may_read_it_and_for_nobody_else(office: Office) -> None:
    kim = office.person("kim").says(f"where is {SUMMARISE}?")
    card = kim.reads(SUMMARISE)
    assert "Open" in [label(e) for _, e in elements(card)]
    grace = office.person("grace").says(f"where is {SUMMARISE}?")
    assert "Open" not in [label(e) for _, e in elements(grace.reads(SUMMARISE))]


def test_in_the_thread_of_a_submission_it_means_that_one(office: Office) -> None:
    dana = submits(office, "Name the files of claims", {**MEDIUM, **OWNERS}, by="dana")
    dana.says("who decides on it and until when?")
    told = texts(dana.reads("*Name the files of claims* is not decided yet"))
    assert "waits for Priya Shah or Tom Becker" in told
    dana.says("who can stop a release?")
    dana.reads(
        "risk owner and by the technical owner",
        "For *Name the files of claims* that is *Ines Moreau* (risk owner) and *Lee Chen* (technical owner)",
    )


def test_a_question_about_it_does_not_answer_the_one_that_is_open(office: Office) -> None:
    title = "Index the letters of brokers"
    dana = submits(office, title, {**MEDIUM, **OWNERS}, by="dana")
    priya = office.person("priya")
    presses(priya, priya.reads(title), "Request changes")
    fills(priya, {"question": "retention of letters?", "of": "U0DANA"})
    dana.reads("Priya Shah has a question", "retention of letters?")
    dana.says("who decides on it and until when?")
    dana.reads(f"*{title}* is not decided yet")
    assert case_of(office, title)[1].inquiries[0].open
    dana.says("They are deleted after 30 days.")
    until(lambda: not case_of(office, title)[1].inquiries[0].open, "the question is answered")
    assert case_of(office, title)[1].inquiries[0].answer == "They are deleted after 30 days."


def test_words_of_which_nobody_is_sure_are_asked_back_and_a_click_looks_them_up(office: Office) -> None:
    before = len(cases(office))
    carlos = office.person("carlos").says("the thing with the letters")
    card = carlos.reads("Is it an idea for a use case, or a question?")
    assert len(cases(office)) == before
    carlos.clicks("Look it up", card)
    carlos.reads("playbook")


def cases(office: Office) -> tuple[str, ...]:
    """The ids of all use cases, drafts included."""
    with office.bot.service.store.read() as reading:
        return tuple(u.id for u in reading.use_cases())
