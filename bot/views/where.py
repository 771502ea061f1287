"""Where a use case stands: for its submitter's question, for the Home tab, and as a record to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.registry import Message, Scene, renders
from bot.views.answers import answer_rows
from bot.views.assessments import done_blocks, suggestion_blocks
from bot.views.contract import record_line as contract_lines
from bot.views.kit import (
    Block,
    at,
    bare,
    brief,
    button,
    clip,
    context,
    divider,
    escape,
    header,
    named,
    section,
)
from bot.views.release_told import release_lines
from bot.views.review import TIER_MARK, score_lines, tier_lines
from bot.views.say import say
from workflows.approval import Approval
from workflows.ids import UseCaseId, UserId
from workflows.use_case import UseCase
from workflows.where import Whereabouts, where_is

_SHOWN_AT_ONCE = 10


@renders("where")
def where(scene: Scene, data: dict[str, object]) -> Message:
    """All of a person's use cases and where each stands, the newest first."""
    user = UserId(scene.subject.id)
    found = [u for u in scene.reading.use_cases_of(user) if u.stage != "draft"]
    drafts = scene.reading.drafts_of(user)
    if not found and not drafts:
        text = say(scene, "where_nothing")
        return Message(
            text=bare(text), blocks=[section(text, button("Submit a use case", "start.new", style="primary"))]
        )
    shown = found[:_SHOWN_AT_ONCE]
    approvals = scene.reading.newest_approvals(u.id for u in shown)
    promised = scene.reading.promised_for(u.id for u in shown)
    blocks: list[Block] = []
    for use_case in shown:
        look = button("Open", "record.open", str(use_case.id))
        stands = standing(scene, use_case, approvals.get(use_case.id), promised=promised)
        blocks.append(section(stands, look, f"where|{use_case.id}"))
    if len(found) == 1:
        blocks += suggestion_blocks(scene, found[0])
    if len(found) > _SHOWN_AT_ONCE:
        blocks.append(context(f"and {len(found) - _SHOWN_AT_ONCE} older ones: they are on the Home tab"))
    if drafts:
        open_drafts = say(scene, "where_drafts", count=len(drafts))
        blocks.append(section(open_drafts, button("Show drafts", "show.drafts"), "where|drafts"))
    return Message(
        text=brief("; ".join(f"{u.title}: {u.stage}" for u in found[:3])) or "Drafts", blocks=blocks
    )


@renders("whereabouts")
def whereabouts(scene: Scene, data: dict[str, object]) -> Message:
    """Where one use case stands."""
    use_case = scene.reading.use_case(scene.subject.id)
    if use_case is None:
        raise LookupError(f"use case {scene.subject.id} is gone")
    text = standing(scene, use_case, scene.reading.approval_of(use_case.id))
    look = button("Open", "record.open", str(use_case.id))
    blocks = [section(text, look, f"where|{use_case.id}"), *suggestion_blocks(scene, use_case)]
    return Message(text=brief(text), blocks=blocks)


def standing(
    scene: Scene,
    use_case: UseCase,
    approval: Approval | None,
    named_above: bool = False,
    promised: Mapping[UseCaseId, Sequence[Approval]] | None = None,
) -> str:
    """One use case in two or three lines: stage, whom it waits on and until when, what comes next.

    ``approval`` is its newest; ``promised`` are those with open conditions, looked up for a list at once.
    """
    if promised is None:
        promised = scene.reading.promised_for([use_case.id])
    others = promised.get(use_case.id, ())
    found = where_is(use_case, approval, scene.program, scene.directory, scene.now, others)
    title = escape(clip(use_case.title or str(use_case.id), 150))
    head = f"*{escape(found.stage)}*" if named_above else f"*{title}* ({use_case.id}) · {escape(found.stage)}"
    return "\n".join([head, *_lines(scene, found)])


def _lines(scene: Scene, found: Whereabouts) -> list[str]:
    lines = [] if found.seats else [escape(found.says)]
    for seat in found.seats:
        due = f", {'was due' if seat.overdue else 'due'} {at(seat.due)}" if seat.due else ""
        lines.append(
            f"Waits for {named(seat.people, scene.directory)} ({escape(seat.label.lower())}) "
            f"since {at(seat.since, '{date_short_pretty}')}{due}."
        )
    for inquiry in found.inquiries:
        asker = named([inquiry.by], scene.directory)
        lines.append(f"{asker} asks: “{escape(clip(inquiry.question, 200))}”")
    if found.next:
        lines.append("Then: " + ", ".join(escape(n) for n in found.next) + ".")
    for condition in found.conditions:
        due = f", due {at(condition.due, '{date_short_pretty}')}" if condition.due else ""
        lines.append(f"Condition: {escape(clip(condition.text, 200))}{due}.")
    if found.reason:
        who = f"{named([found.decided_by], scene.directory)}: " if found.decided_by else ""
        lines.append(f"{who}“{escape(clip(found.reason, 300))}”")
    if found.appeal:
        lines.append(escape(found.appeal))
    return lines


def record_blocks(scene: Scene, use_case: UseCase) -> list[Block]:
    """The whole record to read: where it stands, every answer, scores and tier with their reasons."""
    questionnaire = scene.program.intake
    blocks: list[Block] = [
        header(use_case.title or str(use_case.id)),
        section(standing(scene, use_case, scene.reading.approval_of(use_case.id), named_above=True)),
        context(
            f"{use_case.id} · submitted by {named([use_case.submitter], scene.directory)}"
            f" · program {escape(use_case.program.label)}"
        ),
        divider(),
        *answer_rows(scene, questionnaire, use_case.answers, None, use_case.submitter),
    ]
    if use_case.assessment:
        blocks += [
            divider(),
            section(score_lines(scene, use_case.assessment)),
            section(tier_lines(scene, use_case.assessment)),
        ]
    blocks += release_lines(scene, use_case)
    blocks += contract_lines(scene, use_case)
    blocks += done_blocks(scene, use_case)
    return blocks


@renders("record")
def record(scene: Scene, data: dict[str, object]) -> Message:
    """The same as a message."""
    use_case = scene.reading.use_case(scene.subject.id)
    if use_case is None:
        raise LookupError(f"use case {scene.subject.id} is gone")
    return Message(text=brief(use_case.title or str(use_case.id)), blocks=record_blocks(scene, use_case))


def mark(use_case: UseCase) -> str:
    """The tier as a coloured dot, empty before there is one."""
    return TIER_MARK[use_case.assessment.tier.tier] if use_case.assessment else ""
