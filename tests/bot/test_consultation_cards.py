"""Whatever people ask, quote and answer, the cards keep Slack's limits, and nothing in them is live."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot.drawing import in_messages
from bot.registry import RENDERERS, Scene
from bot.views import champion_forms
from bot.views.answer import section_view
from bot.views.gaps import weekly_gaps
from tests.bot.test_decision_cards import (
    NOW,
    PROGRAM,
    USERS,
    assert_slack_shows,
    assert_slack_takes,
    often,
    texts,
)
from workflows.consultation import Consultation, Promotion, Quote, Rating, Referral, Told
from workflows.ids import ConsultationId, Place, Subject, UserId
from workflows.people import Directory, Person
from workflows.promoting import proposed

FUNCTIONS = st.sampled_from(["", "legal", "claims"])
STATUS = st.sampled_from(["open", "passed", "unknown", "left", "expired", "settled", "answered"])


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    return Quote(
        text=draw(texts)[:1500],
        document=draw(texts)[:300],
        section=draw(texts)[:300],
        path="a.md",
        source="playbook",
        passage=1,
        start=0,
        end=1,
        score=draw(st.floats(0.1, 20)),
        date=draw(st.sampled_from(["2027-03-15", "", "soon"])),
        reviewed=draw(st.booleans()),
        stale=draw(st.booleans()),
        link="",
        owner=draw(texts)[:200],
        function=draw(FUNCTIONS),
        audiences=draw(st.sampled_from([("all",), ("exec",)])),
    )


@st.composite
def referrals(draw: st.DrawFn, id: str) -> Referral:
    status = draw(STATUS)
    return Referral(
        id=id,
        to=draw(st.sampled_from(USERS)),
        function=draw(FUNCTIONS),
        asked_at=NOW,
        by=draw(st.none() | st.sampled_from(USERS)),
        status=cast(Any, status),
        closed_at=None if status == "open" else NOW,
        answer=draw(texts)[:3000] if status == "answered" else "",
    )


@st.composite
def consultations(draw: st.DrawFn) -> tuple[Consultation, Told, Directory]:
    handed = tuple(draw(referrals(f"R{n}")) for n in range(1, draw(st.integers(1, 4)) + 1))
    promotion = Promotion(
        referral="R1",
        people=USERS[:2],
        status=draw(st.sampled_from(["offered", "added", "declined"])),
        offered_at=NOW,
        by=draw(st.none() | st.sampled_from(USERS)),
        at=NOW,
    )
    asked = Consultation(
        id=ConsultationId("Q-0001"),
        asker=USERS[0],
        question=draw(texts)[:3000],
        place=Place(channel="D1", thread="1.1"),
        private=draw(st.booleans()),
        asked_at=NOW,
        touched_at=NOW,
        state=draw(st.sampled_from(["answer", "closest", "abstain"])),
        how=draw(st.sampled_from(["quotes", "nothing"])),
        ratings=(Rating(by=USERS[0], of="playbook", helpful=False, at=NOW, why=draw(texts)[:1000]),),
        referrals=handed,
        promotion=promotion,
        narrow=draw(st.booleans()),
    )
    people = {u: Person(id=u, name=draw(texts)[:80] or "x", active=draw(st.booleans())) for u in USERS}
    groups = {"ai-program": USERS[2:4], "ai-champions": USERS[4:6], "fn-legal": USERS[4:5]}
    return (
        asked,
        Told(quotes=tuple(draw(st.lists(quotes(), max_size=3)))),
        Directory(people=people, groups=groups),
    )


class Shelf:
    """Answers what the renderers ask of the store."""

    def __init__(self, asked: Consultation, told: Told, people: Directory) -> None:
        self.asked, self.found, self.people = asked, told, people

    def consultation(self, id: str) -> Consultation:
        return self.asked

    def told(self, id: str) -> Told:
        return self.found

    def walk(self, id: str) -> None:
        return None

    def directory(self) -> Directory:
        return self.people

    def consultations_since(self, since: datetime, until: datetime) -> tuple[Consultation, ...]:
        return (self.asked,)


def scene_of(made: tuple[Consultation, Told, Directory], reader: UserId | None) -> Scene:
    return Scene(
        reading=cast(Any, Shelf(*made)),
        program=PROGRAM,
        directory=made[2],
        subject=Subject(type="consultation", id="Q-0001"),
        now=NOW + timedelta(hours=1),
        settings=cast(Any, None),
        reader=reader,
    )


@often
@given(consultations(), texts)
def test_every_card_of_a_question_keeps_slacks_limits_and_holds_nothing_live(
    made: tuple[Consultation, Told, Directory], words: str
) -> None:
    asked, told, directory = made
    scene = scene_of(made, None)
    passages = [{"title": words, "text": words}]
    assert_slack_takes(RENDERERS["answer"](scene, {}))
    assert_slack_takes(RENDERERS["answer"](scene, {"passages": passages}))
    for helpful in (True, False):
        assert_slack_takes(RENDERERS["rated"](scene, {"helpful": helpful, "of": "playbook"}))
    for referral in asked.referrals:
        data = {"referral": referral.id}
        for kind in ("referral", "referral_reminder", "referral_news"):
            assert_slack_takes(RENDERERS[kind](scene_of(made, referral.to), data))
        assert_slack_shows(champion_forms.answer_form(asked, referral, directory))
        assert_slack_shows(champion_forms.pass_on_form(asked, referral, directory))
    if asked.answered_by:
        assert_slack_takes(RENDERERS["champion_answer"](scene, {}))
        assert_slack_takes(RENDERERS["promotion"](scene, {}))
        page = proposed(asked, PROGRAM, NOW.date())
        assert_slack_shows(champion_forms.page_form(asked, page, PROGRAM, directory))
    assert_slack_shows(champion_forms.why_form(asked, "playbook", words[:75] or "x"))
    for quote in told.quotes:
        assert_slack_shows(section_view(scene, quote, words))


@often
@given(consultations())
def test_the_list_of_gaps_keeps_slacks_limits(made: tuple[Consultation, Told, Directory]) -> None:
    week: dict[str, object] = {
        "since": (NOW - timedelta(days=6)).isoformat(),
        "until": (NOW + timedelta(days=1)).isoformat(),
    }
    message = weekly_gaps(scene_of(made, USERS[2]), week)
    assert in_messages(message)
    assert_slack_takes(message)


@often
@given(consultations())
def test_nothing_for_a_few_is_drawn_where_others_read_or_for_who_may_not_read_it(
    made: tuple[Consultation, Told, Directory],
) -> None:
    asked, told, directory = made
    secret = "zebra-target"
    hidden = tuple(
        q.model_copy(update={"text": secret, "document": secret, "section": secret, "audiences": ("exec",)})
        for q in told.quotes
    )
    aloud = asked.model_copy(update={"private": False})
    drawn = str(RENDERERS["answer"](scene_of((aloud, Told(quotes=hidden), directory), None), {}))
    for referral in asked.referrals:
        data = {"referral": referral.id}
        card = RENDERERS["referral"](scene_of((asked, Told(quotes=hidden), directory), referral.to), data)
        drawn += str(card)
    assert secret not in drawn
