"""Numbers of a week are read as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sizes import examples
from workflows.words.figures import Asked, read_figure, read_figures
from workflows.words.known_titles import Known
from workflows.words.several import by_use_case

ASKED = (
    Asked("outcome", "number", ("After-call work", "result", "metric"), "minutes", last=5.8),
    Asked("guardrail_1", "number", ("Wrong summaries", "first guardrail"), "%", last=2.0),
    Asked("guardrail_2", "number", ("Complaints", "second guardrail"), "%", last=1.0),
    Asked("active_users", "share", ("Active users", "people used it"), last=30, last_of=40),
    Asked("tasks_completed", "share", ("Tasks completed", "completed", "finished"), last=100, last_of=120),
    Asked("results_overridden", "share", ("Results overridden", "overrides", "thrown away", "corrected")),
    Asked("satisfaction", "average", ("Satisfaction", "rating", "stars")),
    Asked("cost", "money", ("Cost", "spend", "spent"), last=120),
)

NUMBERS = {
    "minutes are down to 6.2, 3% wrong, 34 of 40 used it": "outcome=6.2 guardrail_1=3 active_users=34/40",
    "6,2 Minuten, 3 % wrong, 34 of 40": "outcome=6.2 guardrail_1=3 active_users=34/40",
    "6.2 / 3% wrong / 34/40": "outcome=6.2 guardrail_1=3 active_users=34/40",
    "minutes 6.2 wrong 3% users 34/40": "outcome=6.2 guardrail_1=3 active_users=34/40",
    "6.2 min 3% wrong 34/40 used": "outcome=6.2 guardrail_1=3 active_users=34/40",
    "6.2": "outcome=6.2",
    "about 6 I think": "outcome=6",
    "around 6 minutes maybe a bit less": "outcome=6",
    "6.1 (was 5.8)": "outcome=6.1",
    "minutes: 6.1 vs 5.8 last week": "outcome=6.1",
    "after-call work went from 6.5 to 6.1 min; wrong summaries 2,5%": "outcome=6.1 guardrail_1=2.5",
    "372 seconds after-call": "outcome=6.2",
    "week 47: 6.3 min": "outcome=6.3",
    "on 16 Nov we had 6.0 minutes": "outcome=6",
    "wrong summaries are 6 of 200": "guardrail_1=3",
    "three percent wrong and thirty-four of forty used it": "guardrail_1=3 active_users=34/40",
    "no complaints": "guardrail_2=0",
    "no complaints, 6.1 minutes": "guardrail_2=0 outcome=6.1",
    "complaints went to 2%": "guardrail_2=2",
    "complaints 2 %, minutes 6": "guardrail_2=2 outcome=6",
    "we got 2 complaints out of 100": "guardrail_2=2",
    "85% of people used it": "active_users=34/40",
    "36 of our 40 agents used it": "active_users=36/40",
    "36 out of 40 used it": "active_users=36/40",
    "34 people used it": "active_users=34/40",
    "we had 34 people and 6 minutes": "active_users=34/40 outcome=6",
    "all 40 of 40 used it": "active_users=40/40",
    "110 of 130 tasks finished": "tasks_completed=110/130",
    "12 of 80 were thrown away": "results_overridden=12/80",
    "overrides: 12/80": "results_overridden=12/80",
    "4.2 out of 5 stars": "satisfaction=4.2",
    "rating 4.3 from 28 answers": "satisfaction=4.3/28",
    "satisfaction is at 4,1": "satisfaction=4.1",
    "cost 140 EUR": "cost=140",
    "spent €135": "cost=135",
    "spend was 1.2k this week": "cost=1200",
    "40 of 34 used it": "active_users=40/34",
    "-3% wrong": "guardrail_1=-3",
    "0.03 wrong": "guardrail_1=0.03",
    "Hi! Quick update: minutes per call are at 6.4 (they were 7 at the start), roughly 3% of the summaries "
    "were wrong, 36 of our 40 agents used it": "outcome=6.4 guardrail_1=3 active_users=36/40",
    "it went well this week, the team is happy": "",
    "what is the target?": "",
}
GUESSED = {
    "58": "outcome=58",
    "3%": "guardrail_1=3",
    "minutes up 10%": "outcome=6.38",
    "half of them used it": "active_users=20/40",
}


def shown(text: str) -> str:
    """What was read, as a short line."""
    return " ".join(
        f"{g.figure}={g.value:g}{'' if g.of is None else f'/{g.of:g}'}"
        for g in read_figures(text, ASKED).given
    )


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_are_read_as_they_are_said(text: str) -> None:
    assert shown(text) == NUMBERS[text]
    assert all(g.sure for g in read_figures(text, ASKED).given)


@pytest.mark.parametrize("text", GUESSED)
def test_a_number_that_may_be_another_is_marked_as_a_guess(text: str) -> None:
    assert shown(text) == GUESSED[text]
    assert not any(g.sure for g in read_figures(text, ASKED).given)


@pytest.mark.parametrize(
    "text",
    [
        *("same", "Same as last week", "nothing changed", "no change", "ditto", "unchanged", "as before"),
        *("still the same", "same numbers as last time please", "nothing new"),
    ],
)
def test_nothing_changed_has_many_words(text: str) -> None:
    said = read_figures(text, ASKED)
    assert said.same
    assert not said.given


def test_what_is_named_beside_the_same_is_not_the_same() -> None:
    said = read_figures("same as last week but complaints went to 2%", ASKED)
    assert said.same
    assert [(g.figure, g.value) for g in said.given] == [("guardrail_2", 2.0)]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("no idea, ask @anya", "@anya"),
        ("ask <@U0ANYA>", "<@U0ANYA>"),
        ("I don't know, Anya has the numbers", "Anya"),
        ("not my thing any more, check with @lee", "@lee"),
    ],
)
def test_somebody_else_is_named(text: str, who: str) -> None:
    assert read_figures(text, ASKED).ask == who


@pytest.mark.parametrize(
    "text",
    [
        "we switched it off on Tuesday",
        "it's off",
        "paused since Monday",
        "nobody uses it any more",
        "turned it off",
    ],
)
def test_it_is_off(text: str) -> None:
    said = read_figures(text, ASKED)
    assert said.off
    assert not said.given


def test_a_share_per_cent_needs_the_whole_once() -> None:
    (one,) = read_figures("15% overrides", ASKED).given
    assert one.needs_whole


@pytest.mark.parametrize(
    ("text", "value", "of"),
    [("34 of 40", 34, 40), ("34/40", 34, 40), ("34", 34, 40), ("85%", 34, 40), ("none", 0, 40)],
)
def test_a_field_takes_its_number_in_any_form(text: str, value: float, of: float) -> None:
    read = read_figure(text, ASKED[3])
    assert read is not None
    assert (read.value, read.of) == (value, of)


def test_a_field_without_a_number_is_said() -> None:
    assert read_figure("quite a lot", ASKED[0]) is None


def test_a_message_about_several_is_taken_apart() -> None:
    known = [
        Known("UC-0007", "Summarise claims calls"),
        Known("UC-0009", "Chat wrap-up"),
        Known("UC-0011", "Answer broker questions"),
    ]
    assert by_use_case("claims calls: 6.2 minutes, 3% wrong\nwrap-up: same", known) == {
        "UC-0007": "6.2 minutes, 3% wrong",
        "UC-0009": "same",
    }
    assert by_use_case("UC-7 same; UC-0009 6 min", known) == {"UC-0007": "same", "UC-0009": "6 min"}
    assert by_use_case("same for all", known) == {"": "same for all"}
    assert by_use_case("whatever it says", known[:1]) == {"UC-0007": "whatever it says"}


@given(text=st.text(max_size=300))
@settings(max_examples=examples(200))
def test_whatever_is_written_nothing_breaks(text: str) -> None:
    read_figures(text, ASKED)
    for asked in ASKED:
        read_figure(text, asked)
    by_use_case(text, [Known("UC-1", "Letters"), Known("UC-2", text[:50])])
