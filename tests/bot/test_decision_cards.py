"""Whatever people write, cards and forms of a decision keep Slack's limits, and nothing in them is live."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import registry
from bot.drawing import in_messages
from bot.registry import Message, Scene
from bot.views import approval_forms
from bot.views.case import Case
from bot.views.desk_list import Chosen, desk_list
from sandbox.validate import message_problems, text_length, too_large, view_problems
from storage.program_folder import default_program_folder, read_program
from tests.bot.shelves import listed
from tests.sizes import examples
from workflows.answers import Answer
from workflows.approval import Approval, Condition, Delegation, Inquiry, Seat, Verdict
from workflows.desk import Counts, Row
from workflows.expressions import environment
from workflows.ids import ApprovalId, Place, ProgramStamp, QuestionId, Subject, Tier, UseCaseId, UserId
from workflows.people import Directory, Person
from workflows.portfolio.listing import Page
from workflows.scoring import assess
from workflows.use_case import UseCase

registry.load()
PROGRAM = read_program(default_program_folder())
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
STAMP = ProgramStamp(label="t", hash="0")
USERS = tuple(UserId(f"U{n:04}") for n in range(14))
EVENTS = (
    "submitted",
    "seat_approved",
    "approved",
    "approved_with_conditions",
    "rejected",
    "stopped",
    "automatic",
    "withdrawn",
    "delegated",
    "reminded",
    "inquiry_answered",
    "condition_done",
)

nasty = st.sampled_from(
    [
        "<!channel> <!here> <@U0001> <!subteam^S1> <#C1>",
        "&" * 900,
        "<" * 2999,
        "\u202eright to left\u202c \u200b\u200d",
        "*bold* _it_ ~no~ `code` ```block``` > quote",
        "<https://evil.example|click here>",
        "x" * 3000,
        "word " * 599,
        "line\n" * 599,
        "😀" * 1500,
        "&amp;&lt;!channel&gt;",
        "{title} {0} %s",
        "\x00\x07\x1b[31m",
        " ",
    ]
)
texts = nasty | st.text(max_size=300)
long_texts = texts | st.sampled_from(["y" * 40_000, "&<>" * 13_000])
users = st.sampled_from(USERS)
moments = st.integers(0, 400).map(lambda h: NOW + timedelta(hours=h - 200))
tiers: st.SearchStrategy[Tier] = st.sampled_from(["low", "medium", "high", "prohibited"])


class Shelf:
    """The stored state a renderer reads, in memory."""

    def __init__(self, use_case: UseCase, approval: Approval) -> None:
        self.kept = (use_case, approval)

    def use_case(self, id: str) -> UseCase | None:
        return self.kept[0]

    def approval(self, id: str) -> Approval | None:
        return self.kept[1]

    def approval_of(self, use_case: str) -> Approval | None:
        return self.kept[1]

    def use_cases(self, **_: Any) -> tuple[UseCase, ...]:
        other = self.kept[0].model_copy(update={"id": UseCaseId("UC-0002"), "decided_at": NOW})
        return (other, other)

    def use_cases_of(self, user: str) -> tuple[UseCase, ...]:
        return tuple(self.kept[0].model_copy(update={"id": UseCaseId(f"UC-{n}")}) for n in range(60))

    def portfolio(self, *_: Any, **__: Any) -> Page:
        return listed(self.use_cases_of(""))

    connection = None

    def consultations_put_to(self, user: str) -> tuple[()]:
        return ()

    def matters(self, *_: Any, **__: Any) -> tuple[()]:
        return ()

    def dossier(self, use_case: str) -> None:
        return None

    def walks_about(self, use_case: str) -> tuple[()]:
        return ()

    def contracts_of(self, *_: Any, **__: Any) -> tuple[()]:
        return ()

    def get(self, model: type[Any], id: str) -> Any:
        return next((one for one in self.kept if isinstance(one, model)), None)

    def desk_day(self, user: str) -> str:
        return ""

    def desk_counts(self, user: str, *_: Any) -> Counts:
        return Counts(kinds={"seat": 50, "inquiry": 3, "condition": 1}, overdue=2, due_today=1)

    def desk_page(
        self, user: str, wanted: Any, now: datetime, at_most: int, skip: int = 0
    ) -> tuple[Row, ...]:
        use_case, approval = self.kept
        of = [("seat", s.id) for s in approval.seats] + [("inquiry", "Q1"), ("condition", "C1")]
        return tuple(
            Row(
                subject=approval.subject,
                kind=kind,
                item=item,
                due=NOW,
                use_case=use_case.id,
                title=use_case.title,
                tier=approval.tier,
                submitter=use_case.submitter,
            )
            for kind, item in of[:at_most]
        )

    def newest_approvals(self, use_cases: Iterable[UseCaseId]) -> dict[UseCaseId, Approval]:
        return dict.fromkeys(use_cases, self.kept[1])

    def promised_for(self, use_cases: Iterable[UseCaseId]) -> dict[UseCaseId, tuple[Approval, ...]]:
        return dict.fromkeys(use_cases, (self.kept[1],))

    def titles(self, ids: Iterable[UseCaseId]) -> dict[UseCaseId, str]:
        return dict.fromkeys(ids, self.kept[0].title)

    def drafts_of(self, user: str) -> Sequence[Any]:
        return ()


def answers(draw: st.DrawFn) -> dict[QuestionId, Answer]:
    """An answer of its kind to every question, with the worst words that fit."""
    found: dict[QuestionId, Answer] = {}
    for question in PROGRAM.intake.questions():
        kind = question.type
        value: Any
        if kind in ("short_text", "long_text"):
            value = draw(long_texts)
        elif kind == "choice":
            value = question.choices[-1].id
        elif kind == "multi":
            value = [c.id for c in question.choices]
        elif kind == "yesno":
            value = True
        elif kind in ("number", "percent"):
            value = 1e15
        elif kind == "money":
            value = {"amount": 1e12, "currency": "EUR"}
        elif kind == "date":
            value = "2030-01-01"
        elif kind == "person":
            value = draw(users)
        elif kind == "people":
            value = list(USERS)
        elif kind == "link":
            value = "https://example.org/" + "a" * draw(st.sampled_from([1, 300, 2900])) + "?a=1&b=2"
        else:
            name = draw(texts)
            value = [{"id": f"F{n}", "name": name, "link": "https://files.example/x"} for n in range(12)]
        found[QuestionId(question.id)] = Answer(value=value, how="said", by=USERS[0], at=NOW)
    return found


@st.composite
def cases(draw: st.DrawFn) -> tuple[UseCase, Approval, Directory]:
    people = {u: Person(id=u, name=draw(texts)[:80] or "?", tz="Asia/Kolkata") for u in USERS}
    given = answers(draw)
    visible = environment(PROGRAM.intake, given)
    tier = draw(tiers)
    assessment = assess(PROGRAM, PROGRAM.intake, given)
    use_case = UseCase(
        id=UseCaseId("UC-0001"),
        title=draw(long_texts),
        stage=draw(st.sampled_from(["in_review", "approved_for_pilot", "rejected", "draft"])),
        submitter=USERS[0],
        program=STAMP,
        answers={q: a for q, a in given.items() if visible[q] not in (None, [])},
        assessment=assessment,
        approval=ApprovalId("A-0001"),
        home=Place(channel="D1", thread="1.1"),
        created_at=NOW,
        submitted_at=NOW,
        decided_at=draw(st.none() | moments),
    )
    seats = tuple(draw(seat(role)) for role in list(PROGRAM.roles)[: draw(st.integers(0, 12))])
    ids = [s.id for s in seats] or ["gone"]
    asked = tuple(
        Inquiry(
            id=f"Q{n + 1}",
            seat=draw(st.sampled_from(ids)),
            by=draw(users),
            question=draw(texts),
            of=draw(users),
            at=NOW,
            **draw(st.sampled_from([{}, {"dropped_at": NOW}])),
        )
        for n in range(draw(st.integers(1, 9)))
    )
    if draw(st.booleans()):
        done = {"answer": draw(texts), "answered_by": USERS[0], "answered_at": NOW}
        asked = tuple(i.model_copy(update=done) for i in asked)
    promised = tuple(
        Condition(
            id=f"C{n + 1}",
            seat=draw(st.sampled_from(ids)),
            by=USERS[1],
            text=draw(texts),
            owner=draw(users),
            due=draw(st.none() | moments),
            **draw(st.sampled_from([{}, {"done_at": NOW, "done_by": USERS[3]}])),
        )
        for n in range(draw(st.integers(1, 6)))
    )
    status = draw(st.sampled_from(["waiting", "waiting", "approved", "rejected", "withdrawn", "stopped"]))
    approval = Approval(
        id=ApprovalId("A-0001"),
        use_case=use_case.id,
        submitter=USERS[0],
        home=use_case.home,
        program=STAMP,
        gate="pilot",
        tier=tier,
        rows=(),
        because=tuple(draw(st.lists(texts.map(lambda t: t[:500]), max_size=6))),
        appeal=draw(texts)[:500],
        documents=tuple(draw(st.lists(texts, max_size=12))),
        seats=seats,
        notify=USERS[5:9],
        status=status,
        inquiries=asked,
        conditions=promised,
        opened_at=NOW,
        closed_at=None if status == "waiting" else NOW,
    )
    return use_case, approval, Directory(people=people)


@st.composite
def seat(draw: st.DrawFn, role: str) -> Seat:
    people = tuple(draw(st.lists(users.filter(lambda u: u != USERS[0]), max_size=5, unique=True)))
    verdicts = [
        Verdict(
            by=u,
            choice=draw(st.sampled_from(["approve", "approve", "reject"])),
            at=draw(moments),
            reason=draw(texts),
            program=STAMP,
        )
        for u in people[: draw(st.integers(0, 2))]
    ]
    handed = [Delegation(by=u, to=draw(users), at=NOW, reason=draw(texts)) for u in people[:1]]
    return Seat(
        id=role,
        role=role,
        label=PROGRAM.roles[role].label,
        why=PROGRAM.roles[role].why,
        people=people,
        unresolved=draw(st.booleans()),
        quorum=draw(st.integers(1, 3)),
        due=draw(st.none() | moments),
        opened_at=draw(st.none() | st.just(NOW)),
        verdicts=tuple(verdicts),
        delegations=tuple(handed) if draw(st.booleans()) else (),
    )


def scene_of(
    made: tuple[UseCase, Approval, Directory], reader: UserId | None, type: str = "approval"
) -> Scene:
    use_case, approval, directory = made
    ids = {"approval": approval.id, "use_case": use_case.id, "person": reader or USERS[1]}
    return Scene(
        reading=cast(Any, Shelf(use_case, approval)),
        program=PROGRAM,
        directory=directory,
        subject=Subject(type=cast(Any, type), id=ids[type]),
        now=NOW,
        settings=cast(Any, None),
        reader=reader,
    )


LIVE = re.compile(r"<!(?:channel|here|everyone|subteam)|<[@#]|<https?://evil|[\u202a-\u202e\u2066-\u2069]")


def written(item: Any) -> list[str]:
    """Every text in a message or view that Slack reads mentions in, and every plain one."""
    if isinstance(item, dict):
        own = [item["text"]] if item.get("type") == "mrkdwn" else []
        return own + [t for v in item.values() for t in written(v)]
    return [t for v in item for t in written(v)] if isinstance(item, list) else []


def assert_slack_takes(message: Message) -> None:
    assert 0 < len(message.text) <= 3001
    assert message.blocks
    for part in in_messages(message):
        assert message_problems(part.blocks) == []
        assert text_length(part.blocks) <= 13_200
        assert not [t for t in written(part.blocks) if LIVE.search(t)]


def assert_slack_shows(view: dict[str, Any], kind: str = "modal") -> None:
    assert view_problems(view, kind) == []
    assert not too_large(view)
    assert not [t for t in written(view) if LIVE.search(t)]


often = settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@often
@given(cases(), st.none() | users)
def test_every_card_keeps_slacks_limits_and_holds_nothing_live(
    made: tuple[UseCase, Approval, Directory], reader: UserId | None
) -> None:
    approval = made[1]
    scene = scene_of(made, reader)
    for sitting in approval.seats:
        for kind in ("approval", "unresolved"):
            assert_slack_takes(registry.RENDERERS[kind](scene, {"seat": sitting.id}))
        for what in ("remind", "due", "overdue"):
            assert_slack_takes(registry.RENDERERS["reminder"](scene, {"seat": sitting.id, "what": what}))
    for asked in approval.inquiries:
        for kind in ("inquiry", "answered"):
            assert_slack_takes(registry.RENDERERS[kind](scene, {"inquiry": asked.id}))
    for kept in approval.conditions:
        assert_slack_takes(registry.RENDERERS["condition"](scene, {"condition": kept.id}))
        for what in ("condition_due", "condition_overdue", "condition_met"):
            data = {"condition": kept.id, "what": what}
            assert_slack_takes(registry.RENDERERS["reminder"](scene, data))


@often
@given(cases(), st.none() | users)
def test_every_step_and_notice_keeps_slacks_limits(
    made: tuple[UseCase, Approval, Directory], reader: UserId | None
) -> None:
    approval = made[1]
    scene = scene_of(made, reader, "use_case")
    at = approval.seats[0].id if approval.seats else ""
    data = {
        "approval": approval.id,
        "by": USERS[1],
        "to": USERS[2],
        "seat": at,
        "inquiry": "Q1",
        "condition": "C1",
    }
    for event in EVENTS:
        assert_slack_takes(registry.RENDERERS["progress"](scene, {**data, "event": event}))
    assert_slack_takes(registry.RENDERERS["notice"](scene, data))


@often
@given(cases(), users)
def test_the_desk_and_the_home_tab_keep_slacks_limits(
    made: tuple[UseCase, Approval, Directory], reader: UserId
) -> None:
    scene = scene_of(made, reader, "person")
    assert_slack_takes(registry.RENDERERS["desk"](scene, {}))
    for chosen in (Chosen(), Chosen(page=3, kind="seat", tier="high", due="week", words=made[0].title[:100])):
        assert_slack_shows(desk_list(scene, reader, chosen))
    shelf = Shelf(made[0], made[1])
    there = {one.id: one for one in shelf.use_cases_of("")}
    with patch("bot.views.home.records", lambda _connection, _ids: there):
        home = registry.RENDERERS["home"](scene, {})
    assert_slack_shows({"type": "home", "blocks": home.blocks}, "home")


@often
@given(cases(), users)
def test_every_form_keeps_slacks_limits(made: tuple[UseCase, Approval, Directory], reader: UserId) -> None:
    use_case, approval, _ = made
    case = Case(approval, use_case)
    scene = scene_of(made, reader)
    sitting = approval.seats[0] if approval.seats else None
    for form in (
        approval_forms.reject_form(case, "risk_partner"),
        approval_forms.changes_form(case, "risk_partner"),
        approval_forms.delegate_form(case, "risk_partner"),
        *(approval_forms.conditions_form(case, "risk_partner", n) for n in (1, 5)),
        *(approval_forms.answer_form(case, i.id) for i in approval.inquiries),
        approval_forms.whole_case(scene, case, sitting, reader),
        approval_forms.told("Closed", "Somebody else was first."),
    ):
        assert_slack_shows(form)
        assert len(json.dumps(form)) < 250_000


@pytest.mark.parametrize("event", EVENTS)
def test_every_step_has_its_sentence_in_the_program(event: str) -> None:
    assert event in PROGRAM.messages
