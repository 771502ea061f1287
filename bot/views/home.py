"""The Home tab: what this is, what waits on me, my drafts, my use cases and where they are, what I can do."""

from __future__ import annotations

import json

from bot.policies import rules_for
from bot.registry import Message, Scene, renders
from bot.views.desk import all_of_it, desk_line, desk_of, desk_rows
from bot.views.kit import Block, actions, button, context, divider, escape, header, section
from bot.views.learning import learner_of, learning_row
from bot.views.portfolio_list import home_line
from bot.views.question import to_go
from bot.views.say import say
from bot.views.where import standing
from storage.portfolio import records
from workflows.asking import titled
from workflows.ids import UserId
from workflows.portfolio.listing import Wanted, orders

_DRAFTS = 10
_USE_CASES = 40
_BYTES = 120_000
"""Of the 250 kB that Slack takes for the whole tab; the use cases are the last part and the longest."""


@renders("home")
def home(scene: Scene, data: dict[str, object]) -> Message:
    """A person's Home tab."""
    user = UserId(scene.subject.id)
    blocks: list[Block] = [
        section(say(scene, "home_about", company=scene.program.company)),
        actions(
            "home|actions",
            [
                button("Submit a use case", "start.new", style="primary"),
                button("What can you do?", "show.help"),
            ],
        ),
        *_first_look(scene, user),
        header("Waits for you"),
    ]
    found = desk_of(scene, user)
    blocks += [section(desk_line(scene, found)), *desk_rows(scene, found, "home|desk")]
    blocks += all_of_it(scene, found, "home|desk")
    blocks += learning_row(scene, user)
    blocks += _drafts(scene, user)
    blocks += home_line(scene, user)
    blocks += _use_cases(scene, user)
    return Message(text="Home", blocks=blocks[:100])


def _first_look(scene: Scene, user: UserId) -> list[Block]:
    """To somebody who was never told what this is: the way to be told."""
    if learner_of(scene, user).welcomed_at is not None:
        return []
    return [section(say(scene, "home_first"), button("Show me around", "welcome.show"), "home|first")]


def _drafts(scene: Scene, user: UserId) -> list[Block]:
    drafts = scene.reading.drafts_of(user)
    if not drafts:
        return []
    rows: list[Block] = [divider(), header("My drafts")]
    shown = drafts[:_DRAFTS]
    titles = scene.reading.titles(walk.about for walk in shown)
    for walk in shown:
        program = rules_for(scene.reading, scene.program, walk.subject)
        questionnaire = program.questionnaires[walk.questionnaire]
        title = escape(titled(walk, titles.get(walk.about, ""), program))
        rows.append(
            section(
                f"*{title}*{f' ({walk.about})' if walk.about else ''}, {to_go(scene, walk, questionnaire)}",
                button("Continue", "walk.resume", str(walk.id)),
                f"walk|{walk.id}|{walk.ask}|home|{walk.id}",
            )
        )
    if len(drafts) > _DRAFTS:
        rows.append(context(f"and {len(drafts) - _DRAFTS} older drafts: `/preflight drafts` shows them"))
    return rows


def _use_cases(scene: Scene, user: UserId) -> list[Block]:
    newest = orders(scene.program)["newest"]
    wanted = Wanted(submitter=user, closed=True)
    found = scene.reading.portfolio(wanted, newest, scene.program, _USE_CASES, 0, user)
    there = records(scene.reading.connection, [row.id for row in found.rows])
    mine = [there[row.id] for row in found.rows if row.id in there]
    rows: list[Block] = [divider(), header("My use cases")]
    if not mine:
        return [*rows, section(say(scene, "home_no_use_cases"))]
    shown, size = 0, 0
    approvals = scene.reading.newest_approvals(u.id for u in mine)
    promised = scene.reading.promised_for(u.id for u in mine)
    for use_case in mine:
        look = button("Open", "record.open", str(use_case.id))
        text = standing(scene, use_case, approvals.get(use_case.id), promised=promised)
        row = section(text, look, f"home|record|{use_case.id}")
        size += len(json.dumps(row))
        if size > _BYTES:
            break
        rows.append(row)
        shown += 1
    if found.of > shown:
        rows.append(context(f"and {found.of - shown:,} older ones; each has its thread in our conversation"))
    return rows
