"""The portfolio as a page to read in a browser: a table without scripts, for whom the link was made."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.drawing import scene_for
from bot.inputs import number_in
from bot.portfolio_link import Linked, linked
from bot.registry import Moment, Scene
from bot.views.kit import zone
from bot.views.portfolio_list import choices_of, lanes_said
from storage.errors import StorageError
from workflows.ids import Subject, UserId
from workflows.portfolio.listing import Listed, Order, Page
from workflows.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 200
_AT_ONCE = 2
"""How many are drawn at the same time: whoever asks for many pages at once waits, and nobody else does."""
STYLE = """
:root{color-scheme:light dark;--ink:#1d1c1d;--soft:#616061;--line:#dddddd;--paper:#ffffff;--head:#f6f6f6}
@media(prefers-color-scheme:dark){
:root{--ink:#e8e8e8;--soft:#ababad;--line:#3b3d42;--paper:#1a1d21;--head:#222529}
}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink)}
body{font:16px/1.45 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1560px;margin:0 auto;padding:24px 20px 48px}
h1{font-size:1.5rem;margin:0 0 4px}
p{margin:0 0 14px;color:var(--soft)}
.sheet{overflow-x:auto;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.8125rem}
th,td{text-align:left;padding:6px 7px;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
th{background:var(--head);font-weight:600;vertical-align:bottom}
th a,nav a{color:inherit}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.t{min-width:11rem}
td.l{white-space:nowrap}
th.n{text-align:right}
td small{color:var(--soft);display:block}
nav{display:flex;gap:16px;padding:16px 0}
@media(max-width:720px){
main{padding:16px 12px 32px}
.sheet{border:0;overflow:visible}
thead{display:none}
table,tbody,tr,td{display:block;width:100%}
tr{border:1px solid var(--line);border-radius:8px;margin:0 0 12px;padding:8px 0}
td,td.n,td.l{border:0;padding:3px 14px;text-align:left;display:flex;gap:10px;white-space:normal}
td::before{content:attr(data-label);color:var(--soft);flex:0 0 38%}
td.t{font-size:1.05rem;font-weight:600;display:block}
td.t::before{content:none}
td.t small{font-weight:400}
td:empty{display:none}
}
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS: Mapping[str, str] = {
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}


@dataclass(frozen=True)
class Column:
    """One column: its name, what it sorts by, and what stands in a cell (escaped)."""

    label: str
    order: Order
    cell: Callable[[Listed], str]
    kind: str = ""


class PortfolioPage:
    """What answers a GET of such a link; it reads, and nothing else."""

    def __init__(self, moment: Callable[[], Moment]) -> None:
        self._moment = moment
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def show(self, request: Request) -> HTMLResponse:
        """The table, or a kind page where the link does not open it."""
        moment = self._moment()
        if not moment.settings.public_url:
            return _page(moment, "page_link_over", 404)
        said = linked(moment.settings, str(request.path_params.get("token") or ""), moment.now)
        if said is None:
            return _page(moment, "page_link_over", 410)
        async with self._turns:
            try:
                html = await run_in_threadpool(drawn, moment, said, dict(request.query_params))
            except StorageError:
                return _page(moment, "service_trouble", 503)
        return HTMLResponse(html, headers=dict(HEADERS)) if html else _page(moment, "page_link_over", 410)


def drawn(moment: Moment, said: Linked, query: Mapping[str, str]) -> str:
    """The page as its reader may see it at this moment; empty where they are no longer here."""
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=said.user), said.user)
        person = scene.directory.person(said.user)
        if not person.active:
            return ""
        columns = _columns(scene)
        by, down = query.get("by", ""), query.get("down") == "1"
        chosen = next((c for c in columns if c.order.id == by), None)
        order = chosen.order.model_copy(update={"down": down}) if chosen else said.chosen.order(scene.program)
        page = number_in(query.get("page", "")) or 0
        wanted = said.chosen.wanted(scene.program, said.user)
        found = reading.portfolio(wanted, order, scene.program, SIZE, page * SIZE, said.user)
    texts = scene.program.messages
    until = datetime.fromtimestamp(said.until, ZoneInfo("UTC")).astimezone(zone(person.tz))
    lanes = lanes_said(scene.program, found.lanes) or "-"
    told = texts["page_for"].format_map(
        {
            "who": escape(person.name),
            "now": f"{moment.now.astimezone(zone(person.tz)):%-d %B %Y, %H:%M}",
            "until": f"{until:%-d %B, %H:%M}",
        }
    )
    counted = texts["page_counts"].format_map({"count": f"{found.of:,}", "lanes": lanes})
    parts = [f"<h1>{escape(texts['page_title'])}</h1>", f"<p>{counted}<br>{told}</p>"]
    parts.append(_table(columns, found, chosen.order.id if chosen else "", down))
    parts.append(_turns(found, by if chosen else "", down))
    return _html(texts["page_title"], "".join(parts))


def _columns(scene: Scene) -> list[Column]:
    program = scene.program
    stages = {s.id: s.label for s in program.life_cycle.stages}
    lanes = {lane.id: f"{lane.mark} {lane.label}".strip() for lane in program.inventory.lanes}
    kinds = choices_of(program, program.inventory.bucket)
    functions = choices_of(program, program.inventory.function)

    def owner(row: Listed) -> str:
        return escape(scene.directory.person(UserId(row.business_owner)).name) if row.business_owner else ""

    return [
        _column(
            "Use case", "title", lambda r: f"{escape(r.title or r.id)}<small>{escape(r.id)}</small>", "t"
        ),
        _column("Lane", "lane", lambda r: escape(lanes.get(r.lane, r.lane)), "l"),
        _column("Tier", "tier", lambda r: escape((r.tier or "").capitalize())),
        _column("Stage", "stage", lambda r: escape(stages.get(r.stage, r.stage))),
        _column("Kind", "bucket", lambda r: escape(kinds.get(r.bucket, r.bucket))),
        _column("Function", "function", lambda r: escape(functions.get(r.function, r.function))),
        _column("Business owner", "business_owner", owner),
        *_scores(program),
        _column("Users", "users", lambda r: "" if r.users is None else f"{r.users:,.0f}", "n"),
        _column("Since", "created_at", lambda r: f"{r.created_at:%-d %b %Y}", "n"),
    ]


def _column(label: str, column: str, cell: Callable[[Listed], str], kind: str = "") -> Column:
    return Column(label, Order(id=column, label=label, column=column), cell, kind)


def _scores(program: Program) -> Iterator[Column]:
    card = program.scorecards[program.scorecard]
    for dimension in card.dimensions:
        id = f"by_{dimension.id}"
        order = Order(id=id, label=dimension.label, scorecard=card.id, by=((dimension.id, True),))

        def cell(row: Listed, of: str = dimension.id) -> str:
            value = row.scores.get(of)
            return "" if value is None else str(value)

        yield Column(dimension.label, order, cell, "n")


def _table(columns: list[Column], found: Page, by: str, down: bool) -> str:
    head = "".join(f'<th scope="col" class="{c.kind}">{_sorted_by(c, by, down)}</th>' for c in columns)
    rows = "".join(
        "<tr>"
        + "".join(f'<td class="{c.kind}" data-label="{escape(c.label)}">{c.cell(row)}</td>' for c in columns)
        + "</tr>"
        for row in found.rows
    )
    sheet = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="sheet" tabindex="0">{sheet}</div>'


def _sorted_by(column: Column, by: str, down: bool) -> str:
    chosen = column.order.id == by
    mark = (" ▾" if down else " ▴") if chosen else ""
    turned = "0" if chosen and down else "1"
    return f'<a href="?by={column.order.id}&amp;down={turned}">{escape(column.label)}{mark}</a>'


def _turns(found: Page, by: str, down: bool) -> str:
    page = found.first // SIZE
    kept = f"&amp;by={by}&amp;down={int(down)}" if by else ""
    made = []
    if page:
        made.append(f'<a href="?page={page - 1}{kept}">Back</a>')
    if found.of:
        made.append(f"<span>{found.first + 1:,} to {found.first + len(found.rows):,} of {found.of:,}</span>")
    if found.first + len(found.rows) < found.of:
        made.append(f'<a href="?page={page + 1}{kept}">Next</a>')
    return f"<nav>{''.join(made)}</nav>"


def _page(moment: Moment, message: str, status: int) -> HTMLResponse:
    texts = moment.program.messages
    title = texts["page_title"]
    body = f"<h1>{escape(title)}</h1><p>{escape(texts[message])}</p>"
    return HTMLResponse(_html(title, body), status_code=status, headers=dict(HEADERS))


def _html(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )
