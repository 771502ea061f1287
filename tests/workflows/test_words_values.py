"""Numbers, money, dates, yes and no, options, people, links and texts in plain words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.ids import QuestionId, UserId
from workflows.people import Directory, Person
from workflows.questionnaire import shown
from workflows.questions import Bounds, Choice, Question
from workflows.words.answers import read_answer
from workflows.words.calendar_words import in_words
from workflows.words.measures import is_vague, read_measure, read_metric_action
from workflows.words.reading import Correction, Read
from workflows.words.titles import title_from

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DANA, LEE, LEA, TOM, TIM, GONE = (UserId(u) for u in ("U0DANA", "U0LEE", "U0LEA", "U0TOM", "U0TIM", "U0GONE"))
PEOPLE = Directory(
    people={
        DANA: Person(id=DANA, name="Dana Ortiz", handle="dana"),
        LEE: Person(id=LEE, name="Lee Park", handle="lee"),
        LEA: Person(id=LEA, name="Lea Novak", handle="lea"),
        TOM: Person(id=TOM, name="Tom Becker", handle="tom"),
        TIM: Person(id=TIM, name="Tom Weiss", handle="tweiss"),
        GONE: Person(id=GONE, name="Olga Past", handle="olga", active=False),
    },
    groups={"risk-partners": (TOM, GONE)},
)
DATA = (
    Choice(id="recordings", label="Call recordings", synonyms=("recordings", "calls")),
    Choice(id="claims", label="Claims system", synonyms=("core system",)),
    Choice(id="mail", label="E-mail and chat", synonyms=("emails", "mail", "chat")),
    Choice(id="none", label="None of these"),
)
SECRECY = (
    Choice(id="public", label="Public"),
    Choice(id="internal", label="Internal", synonyms=("internal only",)),
    Choice(id="confidential", label="Confidential", synonyms=("secret",)),
    Choice(id="restricted", label="Restricted", synonyms=("strictly confidential",)),
)


def ask(type: str, **more: Any) -> Question:
    return Question(id=QuestionId("q"), type=type, label=more.pop("label", "Answer"), ask="?", **more)


def read(question: Question, text: str, **more: Any) -> Any:
    found = read_answer(question, text, NOW, "Europe/Berlin", PEOPLE, DANA, **more)
    assert isinstance(found, Read), found
    return found.value


def corrected(question: Question, text: str) -> str:
    found = read_answer(question, text, NOW, "Europe/Berlin", PEOPLE, DANA)
    assert isinstance(found, Correction), found
    return found.text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("about 20", 20), ("a couple of hundred", 200), ("1.2k", 1200), ("1,200", 1200), ("1.200,50", 1200.5),
        ("30-50", 40), ("between 30 and 50", 40), ("2-3k", 2500), ("forty five", 45), ("a dozen", 12),
        ("half a dozen", 6), ("two and a half thousand", 2500), ("a million and a half", 1.5e6),
        ("a hundred and "
         "twenty", 120), ("none", 0), ("3 500", 3500), ("1'200", 1200), ("twenty-five thousand", 25000),
        ("1.5 million", 1.5e6), ("a few hundred", 300), ("~40", 40), ("40ish", 40), (".5", 0.5),
        ("10.000", 10000),
        ("1.25", 1.25), ("well, I'd say sixty", 60), ("-5", -5), ("fourty", 40), ("300 calls", 300),
    ],
)  # fmt: skip
def test_a_number_is_understood(text: str, value: float) -> None:
    assert read(ask("number"), text) == value


def test_of_two_numbers_the_one_beside_the_questions_own_word_is_meant() -> None:
    question = ask("number", label="Number of users", names=("users",), unit="people")
    assert read(question, "40 users, 300 calls a day") == 40


def test_two_numbers_that_cannot_be_told_apart_are_both_named() -> None:
    assert "40 and 300" in corrected(ask("number"), "40 or 300")


@pytest.mark.parametrize("text", ["lots", "a few", "the second one", "<@U0LEE>"])
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    assert "number" in corrected(ask("number"), text)


def test_a_number_out_of_bounds_is_told_the_bound() -> None:
    question = ask("number", bounds=Bounds(min=1, max=100))
    assert "less than 1" in corrected(question, "0")
    assert "more than 100" in corrected(question, "a thousand")


@pytest.mark.parametrize(
    ("text", "value"),
    [("20%", 20), ("about a fifth", 20), ("twenty percent", 20), ("20", 20), ("half", 50), ("10-20%", 15),
     ("three quarters", 75), ("at least 95% accuracy of 300", 95), ("one in fifty", 2), ("2 out of 10", 20)],
)  # fmt: skip
def test_a_percentage_is_understood(text: str, value: float) -> None:
    assert read(ask("percent"), text) == value


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("half a million euros", 500_000, "EUR"), ("20k USD", 20_000, "USD"), ("€20,000", 20_000, "EUR"),
        ("20k€", 20_000, "EUR"), ("$1.5m", 1_500_000, "USD"), ("about 300 thousand pounds", 300_000, "GBP"),
        ("CHF 15'000", 15_000, "CHF"), ("between 10 and 20k eur", 15_000, "EUR"), ("k€ 20", 20_000, "EUR"),
        ("nothing", 0, "EUR"),
    ],
)  # fmt: skip
def test_money_is_understood(text: str, amount: float, currency: str) -> None:
    assert read(ask("money"), text) == {"amount": amount, "currency": currency}


def test_money_without_a_currency_takes_the_questions_own_or_asks() -> None:
    assert read(ask("money", unit="GBP"), "20000") == {"amount": 20000, "currency": "GBP"}
    assert "currency" in corrected(ask("money"), "20000")
    assert "two currencies" in corrected(ask("money"), "20 euros or 20 dollars")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("next March", "2027-03-31"), ("end of June", "2027-06-30"), ("by june", "2027-06-30"),
        ("Q3", "2027-09-30"), ("in six weeks", "2027-01-02"), ("mid november", "2026-11-15"),
        ("summer", "2027-08-31"), ("30/6/2027", "2027-06-30"), ("june 2027", "2027-06-30"),
        ("may", "2027-05-31"),
        ("eoy", "2026-12-31"), ("in a couple of months", "2027-01-21"), ("next friday", "2026-11-27"),
        ("the second quarter of 2027", "2027-06-30"), ("2027", "2027-12-31"), ("tomorrow", "2026-11-22"),
        ("6 months from now", "2027-05-21"), ("six weeks", "2027-01-02"), ("15th of march", "2027-03-15"),
        ("2027-06-30", "2027-06-30"), ("June '27", "2027-06-30"), ("before christmas", "2026-12-25"),
        ("end of jully", "2027-07-31"), ("Septmber", "2027-09-30"), ("next quarter", "2027-03-31"),
        ("1.6.2027", "2027-06-01"), ("29 february", "2028-02-29"), ("beginning of april", "2027-04-01"),
        ("end of next month", "2026-12-31"), ("h1 2027", "2027-06-30"), ("half a year", "2027-05-21"),
    ],
)  # fmt: skip
def test_a_date_is_understood(text: str, value: str) -> None:
    assert read(ask("date"), text) == value


@pytest.mark.parametrize("text", ["9 min", "5", "soon", "as soon as possible", "it may help", "costs fall"])
def test_what_is_no_date_is_not_taken_for_one(text: str) -> None:
    assert "did not find" in corrected(ask("date"), text)


def test_a_date_that_does_not_exist_is_named_with_the_last_that_does() -> None:
    found = read_answer(ask("date"), "31 February", NOW, "UTC", PEOPLE, DANA)
    assert isinstance(found, Correction)
    assert "31 February, which does not exist" in found.text
    assert found.example == "28 February 2027"


def test_a_date_that_may_be_two_is_asked_about() -> None:
    told = corrected(ask("date"), "3/6/2027")
    assert "3 June 2027" in told
    assert "6 March 2027" in told


def test_a_past_date_is_told_that_it_has_passed() -> None:
    question = ask("date", bounds=Bounds(when="future"))
    assert "has passed" in corrected(question, "1 March 2020")
    assert read(ask("date", bounds=Bounds(when="past")), "march") == "2026-03-31"


def test_tomorrow_is_meant_where_the_person_is() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    found = read_answer(ask("date"), "tomorrow", late, "Asia/Tokyo", PEOPLE, DANA)
    assert found == Read("2026-11-23")


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_date_in_words_reads_back_as_itself(day: date) -> None:
    assert read(ask("date"), in_words(day)) == day.isoformat()


@given(st.floats(0, 1e12, allow_nan=False).map(lambda f: round(f, 6)) | st.integers(0, 10**12).map(float))
def test_a_number_in_words_reads_back_as_itself(value: float) -> None:
    for kind in (ask("number"), ask("number", unit="people"), ask("percent")):
        assert read(kind, shown(kind, value, PEOPLE)) == value
    money = {"amount": value, "currency": "CHF"}
    assert read(ask("money"), shown(ask("money"), money, PEOPLE)) == money


@pytest.mark.parametrize("text", ["yes", "Yep!", "sure", "I think so", "of course", "👍", "it does", "y"])
def test_yes_is_understood(text: str) -> None:
    assert read(ask("yesno"), text) is True


@pytest.mark.parametrize(
    "text", ["no", "nope", "n/a", "not really", "I don't think so", "not yet", "hm, no", "👎"]
)
def test_no_is_understood(text: str) -> None:
    assert read(ask("yesno"), text) is False


def test_neither_yes_nor_no_is_asked_about() -> None:
    assert "yes or no" in corrected(ask("yesno"), "purple")


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("internal", "internal"), ("the second one", "internal"), ("2", "internal"), ("b", "internal"),
        ("option 3", "confidential"), ("confidental", "confidential"), ("it's secret", "confidential"),
        ("the last "
         "one", "restricted"), ("strictly confidential", "restricted"), ("not public, internal", "internal"),
        ("I think it would be publick", "public"), ("Internal only!", "internal"),
        ("confidental i think", "confidential"), ("the first", "public"),
    ],
)  # fmt: skip
def test_an_option_is_understood(text: str, id: str) -> None:
    assert read(ask("choice", choices=SECRECY), text) == id


def test_words_that_may_be_two_options_name_both() -> None:
    told = corrected(ask("choice", choices=SECRECY), "public or internal")
    assert "“Public” or “Internal”" in told


def test_words_that_are_no_option_list_the_options() -> None:
    assert "“Restricted”" in corrected(ask("choice", choices=SECRECY), "bananas")
    assert read(ask("choice", choices=SECRECY, other=True), "bananas") == "bananas"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("recordings and the claims system", ["recordings", "claims"]), ("1 and 3", ["recordings", "mail"]),
        ("all of "
         "them", ["recordings", "claims", "mail"]), ("everything except the mail", ["recordings", "claims"]),
        ("none", ["none"]), ("claims, recordigns", ["recordings", "claims"]), ("e-mail and chat", ["mail"]),
        ("a, b", ["recordings", "claims"]),
        ("recordings and none of these", ["recordings"]), ("calls + core system", ["recordings", "claims"]),
    ],
)  # fmt: skip
def test_several_options_are_understood(text: str, ids: list[str]) -> None:
    assert read(ask("multi", choices=DATA), text) == ids


def test_what_cannot_be_placed_among_several_is_named_and_the_rest_is_not_lost_sight_of() -> None:
    told = corrected(ask("multi", choices=DATA), "recordings and the moon")
    assert "I have Call recordings" in told
    assert "moon" in told
    assert read(ask("multi", choices=DATA, other=True), "recordings and the moon") == ["recordings", "moon"]


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("<@U0LEE>", LEE), ("@lee", LEE), ("Lee", LEE), ("lee park", LEE), ("me", DANA), ("I do", DANA),
        ("myself", DANA), ("Lee owns the "
                           "system", LEE), ("it's Lee, I think", LEE), ("Lee Prak", LEE), ("Novak", LEA),
        ("that would be dana", DANA), ("Dana's", DANA), ("@tweiss", TIM),
    ],
)  # fmt: skip
def test_a_person_is_understood(text: str, user: UserId) -> None:
    assert read(ask("person"), text) == user


def test_two_people_of_one_name_are_both_named() -> None:
    told = corrected(ask("person"), "Tom")
    assert "Tom Becker" in told
    assert "Tom Weiss" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [("<@U0GONE>", "no longer active"), ("Olga", "no longer active"), ("my manager", "do not know who"),
     ("Zebulon", "do not find"), ("<@U0NOBODY>", "do not know the person"), ("Lee and Dana", "one person")],
)  # fmt: skip
def test_a_person_who_cannot_be_named_gets_a_kind_word(text: str, words: str) -> None:
    assert words in corrected(ask("person"), text)


def test_several_people_are_understood() -> None:
    assert read(ask("people"), "@dana and me, and Lee") == [DANA, LEE]
    assert read(ask("people"), "<@U0LEE> <@U0LEA>") == [LEE, LEA]
    assert read(ask("people"), "@risk-partners") == [TOM]


def test_a_link_is_found_in_a_sentence() -> None:
    assert (
        read(ask("link"), "see https://wiki.northwind.example/page.") == "https://wiki.northwind.example/page"
    )
    assert read(ask("link"), "wiki.northwind.example/page") == "https://wiki.northwind.example/page"
    assert "link" in corrected(ask("link"), "on the intranet")


def test_a_file_is_what_is_attached_or_linked() -> None:
    attached = {"id": "F1", "name": "plan.pdf", "link": "https://files.example/F1"}
    assert read(ask("file"), "", files=[attached]) == [attached]
    assert read(ask("file"), "https://drive.example/x")[0]["link"] == "https://drive.example/x"
    assert "Attach" in corrected(ask("file"), "later maybe")


def test_emoji_alone_are_too_little_and_a_novel_is_too_much() -> None:
    assert "few words" in corrected(ask("short_text"), ":tada: 🎉")
    told = corrected(ask("long_text"), "word " * 8000)
    assert "nothing is lost" in told
    assert read(ask("short_text"), "  “Claims\u200b calls” ") == "Claims calls"


KINDS = ["short_text", "long_text", "choice", "multi", "yesno", "number", "money", "percent", "date",
         "person", "people", "link", "file"]  # fmt: skip


@given(st.sampled_from(KINDS), st.text(max_size=120))
def test_whatever_is_written_is_read_or_corrected_and_never_fails(kind: str, text: str) -> None:
    choices = DATA if kind == "multi" else SECRECY if kind == "choice" else ()
    found = read_answer(ask(kind, choices=choices), text, NOW, "Europe/Berlin", PEOPLE, DANA)
    assert isinstance(found, Read) or found.text


@pytest.mark.parametrize("kind", KINDS)
def test_forty_thousand_characters_are_survived_by_every_kind(kind: str) -> None:
    choices = DATA if kind == "multi" else SECRECY if kind == "choice" else ()
    assert corrected(ask(kind, choices=choices), "1a, " * 10_000)


TODAY = NOW.date()


@pytest.mark.parametrize(
    ("text", "metric", "baseline", "target", "unit", "by"),
    [
        ("after call work, 9 min now, 5 would be great, by end of "
         "june", "after call work", 9, 5, "minutes", "2027-06-30"),
        ("After-call work from 9 to 5 minutes by June", "After-call work", 9, 5, "minutes", "2027-06-30"),
        ("from 9 to 5 minutes", "", 9, 5, "minutes", None),
        ("at least 95% accuracy", "accuracy", None, 95, "%", None),
        ("handling time 9 -> 5 min", "handling time", 9, 5, "minutes", None),
        ("we want to reduce after-call work to 5 minutes, it takes 9 today, by Q3",
         "after-call work", 9, 5, "minutes", "2027-09-30"),
        ("customer satisfaction up to 4.5 stars", "customer satisfaction", None, 4.5, "points", None),
        ("reply within 2 hours instead of 2 days", "reply", 48, 2, "hours", None),
        ("average handle time currently 12 min; target 8 min; by 31/8/2027",
         "average handle time", 12, 8, "minutes", "2027-08-31"),
        ("first-contact resolution 60% now, 75% by end of year",
         "first-contact resolution", 60, 75, "%", "2026-12-31"),
        ("save €200k a year by end of 2027", "savings", None, 200_000, "EUR", "2027-12-31"),
        ("calls per agent from 30 to 40 a day by summer 2027", "calls per agent", 30, 40, "", "2027-08-31"),
    ],
)  # fmt: skip
def test_an_outcome_in_one_sentence_is_taken_apart(
    text: str, metric: str, baseline: float | None, target: float | None, unit: str, by: str | None
) -> None:
    found = read_measure(text, TODAY)
    assert (found.metric, found.baseline, found.target, found.unit) == (metric, baseline, target, unit)
    assert (found.by.isoformat() if found.by else None) == by


@pytest.mark.parametrize(
    ("text", "change"),
    [("cut handling time by 20%", -20), ("20% fewer escalations by march", -20), ("halve the backlog", -50),
     ("increase sales by 10 percent", 10), ("double the throughput", 100)],
)  # fmt: skip
def test_a_relative_aim_is_a_share_to_move_by(text: str, change: float) -> None:
    assert read_measure(text, TODAY).change == change


def test_an_outcome_by_a_day_that_does_not_exist_is_noticed() -> None:
    assert read_measure("from 9 to 5 minutes by 31 February", TODAY).trouble is not None


VAGUE = ("helpful", "better", "faster", "save time", "quality", "improve")


@pytest.mark.parametrize(
    "text", ["it should be more helpful for the agents", "faster", "better quality", "save time"]
)
def test_an_outcome_that_nobody_could_check_is_vague(text: str) -> None:
    assert is_vague(text, VAGUE)


@pytest.mark.parametrize(
    "text",
    [
        "faster response time",
        "after-call minutes",
        "5 minutes faster",
        "improve NPS score",
        "fewer complaints",
    ],
)
def test_an_outcome_that_can_be_counted_is_not_vague(text: str) -> None:
    assert not is_vague(text, VAGUE)


@pytest.mark.parametrize(
    ("text", "metric", "action"),
    [
        ("if satisfaction drops below 4.2, pause it", "satisfaction drops below 4.2", "pause it"),
        ("escalations -> retrain", "escalations", "retrain"),
        ("error rate above 2%: switch back to manual", "error rate above 2%", "switch back to manual"),
        ("we roll back if complaints go up", "complaints go up", "roll back"),
        ("complaint rate, then we stop", "complaint rate", "stop"),
        ("CSAT", "CSAT", ""),
    ],
)  # fmt: skip
def test_a_guardrail_and_its_action_are_told_apart(text: str, metric: str, action: str) -> None:
    assert read_metric_action(text) == (metric, action)


@pytest.mark.parametrize(
    ("story", "title"),
    [
        ("we spend ages writing summaries of claims calls, could AI do that? maybe 40 "
         "agents", "Summarise claims calls"),
        ("Could a model sort incoming post?", "Sort incoming post"),
        ("my idea: flag duplicate invoices before they are paid", "Flag duplicate invoices"),
        ("Draft replies to simple customer letters", "Draft replies to simple customer letters"),
        ("hi, we copy invoices by hand every day", "Copy invoices"),
        ("Can we use ChatGPT for customer emails?", "Use ChatGPT for customer emails"),
        ("It would be great if something drafted the renewal letters", "Draft renewal letters"),
        ("We want to use AI to screen job applicants", "Screen job applicants"),
        (":wave:", ""),
    ],
)  # fmt: skip
def test_a_story_gives_an_imperative_title(story: str, title: str) -> None:
    assert title_from(story) == title
