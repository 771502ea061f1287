"""A digest as a post: the one thing to know, figures with arrows, charts, findings with buttons, a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.registry import Block, Message, Scene, renders
from bot.views.digest_finding import bare_finding, finding_row
from bot.views.kit import (
    TEXT_IN_MESSAGE,
    actions,
    at,
    brief,
    button,
    clip,
    context,
    escape,
    section,
    weigh,
)
from bot.views.say import Said, say
from workflows.digests.amounts import amount, difference
from workflows.digests.issue import DigestIssue
from workflows.digests.page import Number, Page, Part, Table
from workflows.digests.schedule import is_late

BLOCKS = 48
"""Of a message, with a few to spare: a digest is one message."""
_TABLE_TEXT = 3000
"""Characters that its table may take of what a message holds."""
TOP = 3
"""So many figures stand at the top."""
_ARROWS: Mapping[tuple[str, bool | None], str] = {
    ("up", True): "🟢 ▲",
    ("up", False): "🔴 ▲",
    ("up", None): "▲",
    ("down", True): "🟢 ▼",
    ("down", False): "🔴 ▼",
    ("down", None): "▼",
}


def issue_of(scene: Scene) -> DigestIssue:
    """The issue that the scene is about. ``LookupError`` when it is gone."""
    found = scene.reading.get(DigestIssue, scene.subject.id)
    if found is None:
        raise LookupError(f"digest {scene.subject.id} is gone")
    return found


@renders("digest")
def digest(scene: Scene, data: dict[str, object]) -> Message:
    """The whole digest, from what was kept when it was worked out."""
    issue = issue_of(scene)
    page = Page.model_validate(issue.page)
    head = bare_finding(scene, page.head)
    blocks: list[Block] = [section(f"*{clip(head, 2800)}*"), context(*_about(scene, page, issue))]
    blocks += [_number(scene, issue, n) for n in page.numbers[:TOP]]
    blocks += pictures(page, issue)
    foot = _foot(scene, issue, page)
    return Message(text=brief(head), blocks=_fitting(scene, str(issue.id), page, blocks, foot))


def _foot(scene: Scene, issue: DigestIssue, page: Page) -> list[Block]:
    """The first table, and the way to the others."""
    made: list[Block] = []
    if page.tables:
        made.append(table_block(_fitted(scene, page.tables[0])))
    if len(page.tables) > 1 or len(page.numbers) > TOP:
        more = button(say(scene, "issue_tables"), "digest.tables", str(issue.id))
        made.append(actions(f"digest|{issue.id}|foot", [more]))
    return made


def _fitted(scene: Scene, table: Table) -> Table:
    """As many rows as there is room for; the last says how many are left out."""
    kept, size = 0, sum(len(cell) for cell in table.head)
    for row in table.rows:
        size += sum(len(cell) for cell in row)
        if size > _TABLE_TEXT:
            break
        kept += 1
    if kept == len(table.rows):
        return table
    left = say(scene, "table_left", count=len(table.rows) - kept)
    last = (left, *("" for _ in table.head[1:]))
    return table.model_copy(update={"rows": (*table.rows[:kept], last)})


def _fitting(scene: Scene, issue: str, page: Page, top: list[Block], foot: list[Block]) -> list[Block]:
    """All of it in one message: as many lines of each section as there is room for, the same for all."""
    most = max((len(p.findings) for p in page.parts), default=0)
    for lines in range(most, -1, -1):
        middle = [
            block
            for part in page.parts
            for block in part_blocks(scene, issue, part, min(lines, len(part.findings)))
        ]
        blocks = [*top, *middle, *foot]
        if len(blocks) <= BLOCKS and weigh(blocks) <= TEXT_IN_MESSAGE:
            break
    return blocks


def _about(scene: Scene, page: Page, issue: DigestIssue) -> list[str]:
    """Which digest this is, of when and of whom; whether it is late, and whether something is left out."""
    function = scene.program.functions.get(page.function)
    whom = (
        function.label
        if function
        else say(scene, "issue_yours" if page.version == "personal" else "issue_whole")
    )
    told: list[str] = [
        say(scene, "issue_about", title=page.title, period=period_in_words(scene, page), whom=whom)
    ]
    if issue.status == "preview":
        told.append("👀 " + say(scene, "issue_preview"))
    # Slack may have been out of reach since it was worked out: then it is late as well.
    kept_waiting = issue.status == "posted" and is_late(
        issue.due_at, scene.now, scene.program.digests.late_after_minutes
    )
    if page.due_at is not None or kept_waiting:
        told.append("⏰ " + say(scene, "issue_late", due=Said(at(page.due_at or issue.due_at))))
    if issue.missing:
        told.append("⚠️ " + say(scene, "issue_missing", parts=", ".join(issue.missing)))
    return told


def period_in_words(scene: Scene, page: Page) -> str:
    """``week 48 of 2026``, ``November 2026``; of a preview, the day."""
    year, _, rest = page.period.partition("-")
    if rest.startswith("W"):
        return say(scene, "issue_week", week=rest[1:].lstrip("0"), year=year)
    if rest.isdigit() and len(page.period) == 7:
        return f"{date(int(year), int(rest), 1):%B %Y}"
    return f"{page.at.day} {page.at:%B %Y}"


def _number(scene: Scene, issue: DigestIssue, number: Number) -> Block:
    look = button(say(scene, "issue_show"), "digest.behind", f"{issue.id}|{number.metric}")
    return section(number_line(scene, number), look, f"digest|{issue.id}|n|{number.metric}")


def number_line(scene: Scene, number: Number) -> str:
    """``🟢 ▲ *Active users* 62% · 4 points since last time · target 70%``."""
    currency = scene.program.metrics.currency
    label = f"*{escape(number.label)}*"
    if number.value is None:
        why = say(scene, "issue_withheld" if number.withheld else "issue_no_figure")
        return f"▫️ {label} {why}"
    parts = [f"{_arrow(number)} {label} *{escape(amount(number.value, number.unit, currency))}*"]
    if number.moved == "same":
        parts.append(say(scene, "issue_same"))
    elif number.before is not None:
        by = difference(number.value, number.before, number.unit, currency)
        parts.append(say(scene, "issue_before", by=f"{'+' if number.moved == 'up' else '−'}{by}"))
    if number.target is not None:
        parts.append(say(scene, "issue_target", target=amount(number.target, number.unit, currency)))
    return " · ".join(parts)


def _arrow(number: Number) -> str:
    return _ARROWS.get((number.moved, number.good), "▶")


def pictures(page: Page, issue: DigestIssue) -> list[Block]:
    """The charts that Slack has, each with its words."""
    return [
        {
            "type": "image",
            "slack_file": {"id": issue.charts[chart.name]},
            "alt_text": clip(chart.alt, 1900),
            "block_id": f"digest|{issue.id}|{chart.name}"[:255],
        }
        for chart in page.charts
        if chart.name in issue.charts
    ]


def part_blocks(scene: Scene, issue: str, part: Part, lines: int) -> list[Block]:
    """One section: its title with the way to all of it, and its first lines."""
    title = f"*{escape(scene.program.messages[f'section_{part.section}'])}*"
    more = part.total > lines
    head = section(
        f"{title} ({part.total:,})" if part.total > 1 else title,
        button(say(scene, "issue_more", count=f"{part.total:,}"), "digest.more", f"{issue}|{part.section}")
        if more
        else None,
        f"digest|{issue}|{part.section}",
    )
    rows = [
        finding_row(scene, f, f"digest|{issue}|{part.section}|{n}")
        for n, f in enumerate(part.findings[:lines])
    ]
    return [head, *rows]


def table_block(table: Table, place: str = "") -> Block:
    """A table as Slack shows one, its numbers to the right."""
    rows: Sequence[Sequence[str]] = (table.head, *table.rows)
    right = {"align": "right"} if table.numbers else {"align": "left"}
    made: Block = {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in rows],
        "column_settings": [{"is_wrapped": True}, *(right for _ in table.head[1:])],
    }
    if place:
        made["block_id"] = place
    return made
