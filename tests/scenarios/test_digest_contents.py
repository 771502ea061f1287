"""What digests say and what their buttons open: D1 to D4, in the way of Slack's own requests."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.program.office import SUMMARIES
from tests.scenarios.office import JSON, Office, elements, label, texts
from workflows.answers import Answer
from workflows.approval import Approval, Seat
from workflows.decision import Decision, Entry
from workflows.events import Event, week_of
from workflows.figures.catalogue import FIGURES
from workflows.ids import ProgramStamp, QuestionId, Subject, UseCaseId, UserId
from workflows.incident import Incident
from workflows.matter import Note
from workflows.scoring import assess
from workflows.use_case import UseCase
from workflows.waiver import Waiver

DANA, LEE, PRIYA = UserId("U0DANA"), UserId("U0LEE"), UserId("U0PRIYA")
DAY = timedelta(days=1)
_PATIENCE = 60.0
MANY = 14
"""Decisions that are overdue: more than a post shows, and more than one page of a list."""
USES: dict[str, tuple[float, float]] = {
    "active_users": (40, 60),
    "returning_users": (24, 40),
    "tasks_completed": (900, 1000),
    "results_overridden": (80, 900),
    "satisfaction": (4.2, 30),
    "cost": (450, 900),
    "benefit": (2000, 0),
}
"""What is told each week, and of how many."""


class Maker:
    """Puts a company's last weeks into the bot's memory, as its rules would have left them."""

    def __init__(self, office: Office) -> None:
        service = office.bot.service
        self.store, self.program = service.store, service.program
        self.now: datetime = office.bot.now()
        self.stamp: ProgramStamp = self.program.stamp
        self.week = week_of(self.now.date())

    def keep(self, *changed: Any, events: tuple[Event, ...] = ()) -> None:
        with self.store.write() as tx:
            entry = Entry(action="put", subject=Subject(type="program", id="test"))
            circ = _circumstances(self)
            tx.apply(Decision(changed=changed, events=events, entries=(entry,)), circ)

    def use_case(self, id: str, title: str, stage: str = "production", **said: Any) -> UseCase:
        given = {**SUMMARIES, "name": title, "business_owner": DANA, "metric_owner": LEE, **said}
        answers = {QuestionId(q): Answer(value=v, how="form", by=DANA, at=self.now) for q, v in given.items()}
        return UseCase(
            id=UseCaseId(id),
            title=title,
            stage=stage,
            submitter=DANA,
            program=self.stamp,
            answers=answers,
            assessment=assess(self.program, self.program.intake, answers),
            created_at=self.now - 200 * DAY,
            submitted_at=self.now - 199 * DAY,
        )

    def figure(self, kind: str, weeks_ago: int, value: float, of: float | None, **more: Any) -> Event:
        week = self.week - timedelta(weeks=weeks_ago)
        return Event(
            key=f"{kind}/{week}",
            kind=kind,
            at=self.now - timedelta(weeks=weeks_ago),
            week=week,
            use_case=UseCaseId("UC-9001"),
            value=value,
            of=of,
            source="check_in",
            received_at=self.now,
            **more,
        )


def _circumstances(maker: Maker) -> Any:
    from workflows.decision import Actor, Circumstances

    return Circumstances(now=maker.now, actor=Actor(user=DANA, door="import"), program=maker.stamp)


@pytest.fixture(scope="module", autouse=True)
def company(office: Office) -> None:
    make = Maker(office)
    make.keep(make.use_case("UC-9001", "Match <!channel> invoices", outcome_baseline=9.0, outcome_target=5.0))
    weeks = []
    for n in range(1, 9):
        for kind, (value, of) in USES.items():
            weeks.append(make.figure(kind, n, value - n, of or None))
        weeks.append(make.figure("outcome", n, 5.5 + n * 0.2, None))
    make.keep(events=tuple(weeks))
    crossed = {
        "figure": "guardrail_1",
        "label": "Wrong matches",
        "number": 9.0,
        "limit": "above 5%",
        "action": "switch it off",
    }
    make.keep(events=(make.figure("crossed", 0, 1.0, None, detail=crossed),))
    for n in range(MANY):
        seat = Seat(
            id="risk_partner",
            role="risk_partner",
            label="Risk partner",
            why="w",
            people=(PRIYA,),
            opened_at=make.now - 9 * DAY,
            due=make.now - (n + 1) * DAY,
        )
        case = make.use_case(f"UC-91{n:02}", f"Idea {n:02}", "in_review")
        asked = Approval(
            id=f"A-91{n:02}",
            use_case=case.id,
            submitter=DANA,
            home=None,
            program=make.stamp,
            gate="pilot",
            tier="medium",
            rows=(),
            because=(),
            seats=(seat,),
            opened_at=make.now - 9 * DAY,
        )
        make.keep(case, asked)
    ends = Waiver(
        id="WV-9001",
        use_case=UseCaseId("UC-9001"),
        status="in_force",
        checklist="production_readiness",
        control="fallbacks",
        role="risk_partner",
        justification="j",
        compensating="c",
        risk="r",
        owner=LEE,
        program=make.stamp,
        opened_at=make.now - 30 * DAY,
        expires_at=make.now + 3 * DAY,
        timeline=(Note(at=make.now - 30 * DAY, what="in_force"),),
    )
    bad = Incident(
        id="INC-9001",
        use_case=UseCaseId("UC-9001"),
        type=make.program.incidents.kinds[0].id,
        severity=make.program.incidents.severities[1].id,
        what="It matched the wrong year.",
        reporter=DANA,
        owner=LEE,
        began_at=make.now - DAY,
        opened_at=make.now - DAY,
    )
    make.keep(ends, bad)


def shown(office: Office, digest: str, name: str = "sam") -> tuple[Any, JSON]:
    """The person, and the digest as it came to them when they asked to see it."""
    title = office.bot.service.program.digests.digest(digest).title
    person = office.person(name)
    before = {m["ts"] for m in person.messages()}
    person.commands(f"digest show {title}")
    found: list[JSON] = []

    def there() -> bool:
        new = [m for m in person.messages() if m["ts"] not in before and m.get("bot_id")]
        found[:] = [m for m in new if title in texts(m) and any(b["type"] == "context" for b in m["blocks"])]
        return bool(found)

    # The first picture of a process takes seconds on a busy machine: its library is loaded for it.
    end = time.monotonic() + _PATIENCE
    while not there():
        assert time.monotonic() < end, f"{digest} never came"
        time.sleep(0.05)
    return person, found[0]


def first_line(message: JSON) -> str:
    return str(message["blocks"][0]["text"]["text"])


def kinds(message: JSON) -> list[str]:
    return [b["type"] for b in message["blocks"]]


def press(person: Any, message: JSON, action: str, number: int = 0) -> JSON:
    """Presses the button with that action; the modal that opens."""
    there = [(b, e) for b, e in elements(message) if e["action_id"].partition("/")[0] == action]
    block, element = there[number]
    person._click(message, block, element, None)
    return dict(person.view())


def test_d1_adoption_says_who_uses_it_with_trend_target_and_what_is_behind_each_figure(
    office: Office,
) -> None:
    sam, message = shown(office, "adoption")
    text = texts(message)
    assert "*Active users* *39*" in text
    assert "target 70%" in text
    assert "since last time" in text
    assert kinds(message).count("image") == 2
    modal = press(sam, message, "digest.behind")
    assert "Match" in texts(modal)
    assert "39" in texts(modal)
    assert "<!channel>" not in texts(modal)


def test_d2_risk_begins_with_the_guardrail_and_names_with_whom_it_is_stuck(office: Office) -> None:
    _, message = shown(office, "risk")
    assert "Wrong matches at 9, limit above 5%" in first_line(message)
    assert "as agreed: switch it off" in first_line(message)
    text = texts(message)
    for there in (
        "Decisions overdue",
        f"({MANY})",
        "Fallbacks",
        "It matched the wrong year",
        "Owners missing",
    ):
        assert there in text, there
    assert "<!channel>" not in str(message["blocks"])
    assert len(message["blocks"]) <= 50


def test_all_of_a_section_is_behind_its_button_in_pages_and_each_line_opens_its_item(office: Office) -> None:
    sam, message = shown(office, "risk")
    more = next(
        n
        for n, (b, e) in enumerate(
            (b, e) for b, e in elements(message) if e["action_id"].startswith("digest.more")
        )
        if label(e) == f"All {MANY}"
    )
    first = press(sam, message, "digest.more", more)
    assert f"1 to 10 of {MANY}" in texts(first)
    assert "Idea 13" in texts(first), "the oldest comes first"
    block, element = next((b, e) for b, e in elements(first) if label(e) == "Next")
    sam._act("click", view_id=first["id"], block_id=block, action_id=element["action_id"])
    second = sam.view(f"11 to {MANY}")
    assert "Idea 00" in texts(second)
    assert "Idea 13" not in texts(second)


def test_a_step_is_authorised_on_click_whoever_presses_it(office: Office) -> None:
    grace = office.person("grace")
    with office.bot.service.store.read() as reading:
        record = reading.use_case("UC-9001")
    assert record is not None
    grace_sees, message = shown(office, "adoption", "grace")
    modal = press(grace_sees, message, "digest.behind")
    block, element = next((b, e) for b, e in elements(modal) if e["action_id"] == "record.open")
    grace_sees._act("click", view_id=modal["id"], block_id=block, action_id=element["action_id"])
    with office.bot.service.store.read() as reading:
        refused = [e for e in reading.audit() if e["refused"] and e["actor"] == grace.id]
    assert refused, "somebody without the right read the record by way of a digest"


def test_d3_value_tells_outcomes_against_baseline_and_target_and_adoption_apart_from_impact(
    office: Office,
) -> None:
    sam, message = shown(office, "value")
    table = next(b for b in message["blocks"] if b["type"] == "table")
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[0] == ["Use case", "Began at", "Now", "Target", "Of the way"]
    assert rows[1][1:] == ["9", "5.7", "5", "82%"]
    others = press(sam, message, "digest.tables")
    assert "impact" in texts(others)
    assert "Claims settled within five days" in texts(others)


@pytest.mark.parametrize(
    ("digest", "name"),
    [("executive", "ruth"), ("manager", "dana"), ("champion", "dana"), ("personal", "priya")],
)
def test_d3_each_reader_gets_a_version_of_their_own(office: Office, digest: str, name: str) -> None:
    _, message = shown(office, digest, name)
    text = texts(message)
    if digest == "executive":
        assert "Benefit" in text
        assert text.count("Idea") <= 3, "an executive reads ten lines, not forty"
    if digest in ("manager", "champion"):
        assert "Claims" in text
    if digest == "personal":
        assert "Waits for you" in text
        assert "your decision" in text


def test_d4_charts_are_pictures_with_their_finding_in_words(office: Office) -> None:
    _, message = shown(office, "risk")
    pictures = [b for b in message["blocks"] if b["type"] == "image"]
    assert {p["alt_text"].split(",")[0] for p in pictures} >= {f"{MANY} open decisions"}
    files = {f["id"]: f for f in office.get("/sandbox/files")["files"]}
    for picture in pictures:
        assert files[picture["slack_file"]["id"]]["mimetype"] == "image/png"


def test_every_figure_told_in_this_office_is_one_of_the_catalogue() -> None:
    assert set(USES) <= {f.id for f in FIGURES}
