"""Digests as they are drawn: whatever people wrote, one message that Slack takes, and tables that fit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.registry import Scene
from bot.views.digest import digest
from bot.views.digest_pages import typewritten
from bot.views.kit import weigh
from sandbox.mentions import live_mentions
from sandbox.validate import message_problems
from tests.program.office import PROGRAM
from tests.sizes import examples
from workflows.digests import section
from workflows.digests.facts import Fact
from workflows.digests.issue import DigestIssue
from workflows.digests.page import Number, Page, Part, Table
from workflows.digests.section import SECTIONS, Seen
from workflows.ids import DigestIssueId, Subject, UseCaseId, UserId
from workflows.people import Directory, Person

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PRIYA = UserId("U0PRIYA")
PEOPLE = Directory(people={PRIYA: Person(id=PRIYA, name="Priya <!here> Shah")})
section.load()
EVIL = st.one_of(
    st.text(max_size=400),
    st.sampled_from(
        ["<!channel> *x*", "<@U0PRIYA>", "\u202etxt", "&amp;&lt;", "a\n" * 200, "<https://x|y>", "`"]
    ),
)


def page(words: list[str], lines: int) -> Page:
    """Every section at once, with these words wherever people's words stand."""
    parts = []
    for n, one in enumerate(SECTIONS.values()):
        said = words[n % len(words)]
        fact = Fact(
            kind=one.kinds[0],
            subject=Subject(type="use_case", id="UC-0001"),
            use_case=UseCaseId("UC-0001"),
            title=said,
            tier="high",
            stage="production",
            people=(PRIYA,),
            since=NOW,
            due=NOW - timedelta(days=1),
            text="seat" if one.kinds[0] == "waits" else said,
            number=3.0,
            detail={"action": said, "limit": said, "open": "1"},
        )
        found = one.says(fact, Seen(PROGRAM, PEOPLE))
        parts.append(Part(section=one.id, findings=(found,) * lines, total=lines + 7))
    figure = {"metric": "m", "label": words[0] or "x", "unit": "money", "kind": "impact", "value": 1e9}
    table = Table(title="t", head=("a", "b"), rows=((words[0], "1"),) * 99)
    return Page(
        digest="risk",
        title="AI risk",
        version="channel",
        period="2026-W48",
        at=NOW,
        due_at=NOW,
        head=parts[0].findings[0],
        numbers=(Number.model_validate(figure),) * 6,
        parts=tuple(parts),
        tables=(table, table),
    )


def drawn(page: Page, **more: Any) -> list[dict[str, Any]]:
    issue = DigestIssue(
        id=DigestIssueId("DG-0001"),
        opened_at=NOW,
        digest="risk",
        period="2026-W48",
        due_at=NOW,
        page=page.model_dump(mode="json"),
        **more,
    )
    reading = SimpleNamespace(get=lambda model, id: issue)
    scene = Scene(reading, PROGRAM, PEOPLE, issue.subject, NOW, None)  # type: ignore[arg-type]
    return digest(scene, {}).blocks


@given(words=st.lists(EVIL, min_size=1, max_size=4), lines=st.integers(1, 5))
@settings(max_examples=examples(60), deadline=None)
def test_whatever_people_wrote_it_is_one_message_and_only_who_is_to_act_is_mentioned(
    words: list[str], lines: int
) -> None:
    blocks = drawn(page(words, lines))
    # Six figures of the same name share a block id in this made-up page, which real ones never do.
    assert not [p for p in message_problems(blocks, "/blocks") if "already exists" not in str(p)]
    assert len(blocks) <= 50
    assert weigh(blocks) <= 13_000
    assert {m.id for m in live_mentions("", blocks)} <= {PRIYA}


def test_a_late_digest_says_so_and_what_is_missing_is_named() -> None:
    blocks = drawn(page(["x"], 1), missing=("the charts",))
    assert "it comes late" in str(blocks[1])
    assert "the charts" in str(blocks[1])


def test_a_wide_table_goes_on_below_itself_with_its_first_column() -> None:
    names = tuple(f"Column number {n}" for n in range(6))
    table = Table(title="t", head=("Function", *names), rows=(("Claims", *"123456"), ("A" * 60, *"654321")))
    text = typewritten(table)
    assert max(len(line) for line in text.splitlines()) <= 60
    assert text.count("Claims") == len(text.split("\n\n")) > 1
    for name in names:
        assert name in text
