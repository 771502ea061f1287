"""Who holds a right now, who may read a record, and what follows from an estimate of what is meant."""

from __future__ import annotations

from typing import Any

from tests.program.office import DANA, NOW, PROGRAM, answers, assessed, summaries
from workflows.ids import UseCaseId, UserId
from workflows.intent import read_intent, weigh
from workflows.live import holders, owners, right_of
from workflows.live_questions import vocabulary
from workflows.people import Directory, Person
from workflows.seeing import knows_of, reads_record
from workflows.use_case import UseCase

NAMES = ("DANA", "LEE", "INES", "GRACE", "KIM", "PRIYA")
GONE = UserId("U0GERALD")
GROUPS = {
    "platform-oncall": (UserId("U0LEE"),),
    "risk-partners": (UserId("U0PRIYA"),),
    "privacy": (UserId("U0KIM"),),
}
PEOPLE = Directory(
    people={
        **{UserId(f"U0{n}"): Person(id=UserId(f"U0{n}"), name=n.title()) for n in NAMES},
        GONE: Person(id=GONE, name="Gerald", active=False),
    },
    groups=GROUPS,
)


def a_use_case(stage: str = "in_review", **changed: Any) -> UseCase:
    return UseCase(
        id=UseCaseId("UC-0001"),
        title="Summarise claims calls",
        stage=stage,
        submitter=DANA,
        program=PROGRAM.stamp,
        answers=summaries(**changed),
        assessment=assessed(**changed),
        created_at=NOW,
    )


def held(id: str, use_case: UseCase) -> list[tuple[str, tuple[UserId, ...], tuple[UserId, ...]]]:
    right = right_of(id, PROGRAM)
    assert right is not None
    found = holders(right, use_case, use_case.answers, PROGRAM, PEOPLE, NOW)
    return [(h.label, h.people, h.left) for h in found]


STAKES: dict[str, Any] = {"autonomy": "act_with_approval"}


def test_the_on_call_may_stop_at_high_risk_only() -> None:
    medium = a_use_case(risk_owner="U0INES", **STAKES)
    assert [label for label, _, _ in held("stop", medium)] == ["Risk owner", "Technical owner"]
    high = a_use_case(risk_owner="U0INES", **{**STAKES, "harm": "severe"})
    assert held("stop", high)[-1] == ("Platform on-call", (UserId("U0LEE"),), ())


def test_who_left_is_said_to_have_left_and_who_is_not_named_is_nobody() -> None:
    found = held("stop", a_use_case(technical_owner=GONE, risk_owner=None))
    assert found == [("Risk owner", (), ()), ("Technical owner", (), (GONE,))]


def test_a_model_change_is_for_those_whom_the_matrix_asks() -> None:
    found = held("change_model", a_use_case())
    assert ("Risk partner", (UserId("U0PRIYA"),), ()) in found
    assert ("Data protection", (UserId("U0KIM"),), ()) in found
    assert DANA not in {u for _, people, _ in found for u in people}


def test_owners_are_those_who_are_named() -> None:
    use_case = a_use_case()
    labels = {h.label for h in owners(use_case, use_case.answers, PROGRAM, PEOPLE)}
    assert {"Technical owner", "Data owner"} <= labels
    one = owners(use_case, use_case.answers, PROGRAM, PEOPLE, "technical_owner")
    assert [(h.label, h.people) for h in one] == [("Technical owner", (UserId("U0LEE"),))]


def test_a_draft_is_known_to_its_writer_and_to_no_channel() -> None:
    assert knows_of(DANA, "draft", DANA)
    assert not knows_of(UserId("U0LEE"), "draft", DANA)
    assert not knows_of(None, "draft", DANA)
    assert knows_of(None, "in_review", DANA)


def test_a_record_is_for_those_named_in_it_and_the_roles_that_read_all() -> None:
    use_case = a_use_case()

    def reads(user: str | None) -> bool:
        who = UserId(user) if user else None
        return reads_record(who, use_case, None, PROGRAM, PEOPLE, NOW)

    assert reads(DANA)
    assert reads("U0LEE")
    assert reads("U0KIM"), "data protection reads every record"
    assert not reads("U0GRACE")
    assert not reads(None), "a channel reads none"
    left = use_case.model_copy(update={"answers": answers(technical_owner=GONE)})
    assert not reads_record(GONE, left, None, PROGRAM, PEOPLE, NOW)


def test_an_intake_is_started_only_where_that_is_nearly_certain() -> None:
    assert weigh({"start": 0.9, "question": 0.1}) == "start"
    assert weigh({"start": 0.75, "question": 0.25}) != "start"
    assert weigh({"question": 0.5, "start": 0.5}) == "look_up"
    assert weigh({"start": 0.6, "small_talk": 0.4}) == "ask_back"
    assert weigh({"question": 0.3, "live": 0.3, "small_talk": 0.4}) == "look_up"


def test_rules_say_when_they_are_not_sure() -> None:
    words = vocabulary(PROGRAM)
    assert read_intent("who can stop a release?", words)[:3] == ("question", "question", True)
    assert read_intent("could AI write the summaries?", words).sure
    doubted = read_intent("Extraction of dates from court letters, by hand today", words)
    assert (doubted.intent, doubted.sure) == ("start", False)
    assert read_intent("list everything in production", words).intent == "live"
    assert read_intent("haha", words).intent == "nothing"
