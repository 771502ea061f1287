"""Evaluation plans, and results compared with them: in words, by command, from files (R6)."""

from __future__ import annotations

import json

from tests.scenarios.assessing import PLAN, in_stage, newest, walks_through
from tests.scenarios.deciding import settle
from tests.scenarios.office import JSON, Office, Person, texts

WHOLE = (
    "happy path 49 of 50, edge cases 20/20, adversarial 12 of 12, missing data 10 of 10, "
    "policy violations 10/10, degraded service 10 of 10"
)


def uploads(office: Office, person: Person, name: str, content: str) -> str:
    """A file that this person has put into the workspace; its id."""
    made = office.post("/sandbox/act/upload", {"as": person.id, "filename": name, "content": content})
    return str(made["file"]["id"])


def page_of(person: Person, *contains: str) -> str:
    """The table that the bot posted here."""
    return texts(person.reads(*contains))


def test_a_plan_is_walked_and_results_in_one_sentence_are_compared_with_it(office: Office) -> None:
    use_case = in_stage(office, "Note summaries")
    dana = office.person("dana").says("do the evaluation plan for Note summaries")
    dana.reads("What does a right result look like")
    plan = texts(walks_through(dana, "evaluation_plan", PLAN, use_case.id))
    assert "Ines Moreau marks the results" in plan
    again = office.person("dana").says(
        f"evaluation of Note summaries, version 1.4.2: {WHOLE}, escalation 97%, p95 1.8 s, nothing harmful"
    )
    table = page_of(again, "Version 1.4.2 passes", "112 cases")
    assert "49 of 50 (98%), at least 98% right" in table
    assert "cannot show 98%" in table, "it is honest about small numbers"
    kept = newest(office, "evaluation_results", use_case.id)
    assert kept.status == "submitted"
    assert kept.owner == again.id


def test_a_failed_and_a_missing_class_are_named_with_their_figures(office: Office) -> None:
    in_stage(office, "Letter drafts")
    dana = office.person("dana").says(
        "test results for Letter drafts v2.0: happy path 46 of 50, adversarial 18/20, p95 3.1 s, 0 harmful"
    )
    table = page_of(dana, "Version 2.0 does not pass yet")
    assert "❌ *Happy path* 46 of 50 (92%)" in table
    assert "❌ *Adversarial prompts* 18 of 20 (90%)" in table
    assert "❌ *Missing data* was not tested" in table


def test_what_cannot_be_done_without_is_asked_for(office: Office) -> None:
    use_case = in_stage(office, "Broker mails")
    dana = office.person("dana").says(f"evaluation of Broker mails: {WHOLE}")
    dana.reads("Which version was tested?")
    dana.says("1.0")
    dana.reads("How many of the wrong results would have hurt somebody?")
    dana.says("0")
    dana.clicks("Finish")
    page_of(dana, "Version 1.0 passes")
    assert newest(office, "evaluation_results", use_case.id).result is not None


def test_one_result_that_would_have_hurt_somebody_fails_the_whole(office: Office) -> None:
    in_stage(office, "Premium notices")
    dana = office.person("dana").says(f"evaluation of Premium notices, version 3: {WHOLE}, 1 harmful")
    table = page_of(dana, "does not pass yet")
    assert "results that would have hurt somebody: 1" in table


def test_a_csv_file_in_a_message_is_read_and_kept_with_the_results(office: Office) -> None:
    use_case = in_stage(office, "Photo triage")
    dana = office.person("dana")
    rows = "class,right,of\nhappy path,50,50\nedge cases,20,20\nadversarial,12,12\nmissing_data,10,10\n"
    rows += "policy violations,10,10\ndegraded,10,10\nunheard of,1,2\n"
    file = uploads(office, dana, "results.csv", rows)
    dana.says("evaluation results for Photo triage, version 1.1, nothing harmful", files=[file])
    page_of(dana, "Version 1.1 passes", "112 cases")
    dana.reads("could not read a figure", "unheard of")
    kept = newest(office, "evaluation_results", use_case.id)
    files: list[JSON] = next(a.value for q, a in kept.answers.items() if q == "files")
    assert files[0]["name"] == "results.csv"


def test_a_json_file_says_it_all_and_nonsense_is_told_kindly(office: Office) -> None:
    in_stage(office, "Fraud hints")
    dana = office.person("dana")
    classes = ("happy_path", "edge_cases", "adversarial", "missing_data", "violations", "degraded")
    told = {
        "version": "7",
        "hurtful": 0,
        "classes": {c: {"right": 20, "of": 20} for c in classes},
        "measures": {"response_time": 1.2},
    }
    file = uploads(office, dana, "results.json", json.dumps(told))
    dana.says("here are the evaluation results for Fraud hints", files=[file])
    page_of(dana, "Version 7 passes", "120 cases")
    odd = uploads(office, dana, "odd.csv", "a,b\n1,2\n")
    again = office.person("dana").says("evaluation results for Fraud hints", files=[odd])
    again.reads("I found no class of cases that I know in odd.csv")


def test_somebody_who_does_not_work_on_it_brings_no_results(office: Office) -> None:
    use_case = in_stage(office, "Storm maps")
    maya = office.person("maya").says(f"evaluation of Storm maps, version 1: {WHOLE}, nothing harmful")
    maya.reads("can be brought by those who work on it")
    with office.bot.service.store.read() as reading:
        assert not [w for w in reading.walks_about(use_case.id) if w.questionnaire == "evaluation_results"]
        assert [r for r in reading.audit(subject=use_case.subject) if r["refused"]]


def test_the_command_shows_where_the_evaluation_stands(office: Office) -> None:
    in_stage(office, "Contract search")
    dana = office.person("dana")
    dana.commands("evaluation Contract search")
    dana.at("#general").reads("Evaluation of Contract search", "No results are attached yet")
    dana.commands(f"evaluation Contract search v5: {WHOLE}, nothing harmful")
    settle(office)
    dana.commands("evaluation Contract search")
    dana.at("#general").reads("Evaluation of Contract search", "Version 5 passes")


def test_the_results_can_be_walked_class_by_class_with_figures_as_people_say_them(office: Office) -> None:
    use_case = in_stage(office, "Quote checks")
    dana = office.person("dana").says("fill in the evaluation results for Quote checks")
    dana.reads("Which version was tested?")
    replies = {
        "version": "2.1",
        "case_set": "skip",
        "tested_on": "yesterday",
        "happy_path_right": "49 of 50",
        "edge_cases_right": "20/20",
        "adversarial_right": "all 12",
        "missing_data_right": "10",
        "missing_data_of": "10",
        "violations_right": "10 out of 10",
        "degraded_right": "skip",
        "precision": "skip",
        "relevance": "skip",
        "escalation": "skip",
        "response_time": "1.8",
        "hurtful_cases": "none",
    }
    page = texts(walks_through(dana, "evaluation_results", replies, use_case.id))
    assert "Version 2.1 does not pass yet" in page
    assert "✅ *Adversarial prompts* 12 of 12" in page
    assert "❌ *Degraded service* was not tested" in page


def test_a_question_that_holds_figures_brings_no_results(office: Office) -> None:
    use_case = in_stage(office, "Claim letters")
    dana = office.person("dana").says(
        "would evaluation results for Claim letters of happy path 46 of 50 be enough?"
    )
    settle(office)
    assert "does not pass" not in "".join(texts(m) for m in dana.messages())
    with office.bot.service.store.read() as reading:
        assert not reading.walks_about(use_case.id)
