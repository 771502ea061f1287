"""The portfolio review: its head with the progress, the card of each use case, tasks, summary and minutes."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.case import inline, on_day
from bot.views.kit import (
    Block,
    actions,
    bar,
    brief,
    button,
    context,
    day,
    escape,
    fields,
    name,
    named,
    prose,
    section,
)
from bot.views.review import TIER_MARK
from bot.views.say import Said, say
from workflows.dossier import Dossier
from workflows.ids import UseCaseId
from workflows.portfolio.figures import Figures, Proposed, figures, possible, proposed
from workflows.portfolio.minutes import minutes_of
from workflows.portfolio.policy import CourseOf
from workflows.portfolio.session import needs_reason
from workflows.portfolio_review import PortfolioReview, Task, Verdict

_FORGET_AFTER = 8
"""So many earlier reviews are looked at, two years of quarters."""


def session_of(scene: Scene) -> PortfolioReview:
    """The session that the scene is about. ``LookupError`` when it is gone."""
    found = scene.reading.get(PortfolioReview, scene.subject.id)
    if found is None:
        raise LookupError(f"review {scene.subject.id} is gone")
    return found


def past_of(scene: Scene, review: PortfolioReview) -> tuple[PortfolioReview, ...]:
    """The reviews before this one, the newest first."""
    found = scene.reading.matters(PortfolioReview, statuses=("closed",), at_most=_FORGET_AFTER)
    return tuple(r for r in found if r.id != review.id)


def _title(scene: Scene, id: str) -> Said:
    titles = scene.reading.titles([UseCaseId(id)])
    return inline(titles.get(UseCaseId(id), id), scene.directory, 120)


def _label(scene: Scene, course: str) -> str:
    found = scene.program.portfolio.course(course)
    return escape(found.label if found else course)


@renders("portfolio")
def head(scene: Scene, data: dict[str, object]) -> Message:
    """How far it is, who decides, and the way on; once it is over, what came of it in a line."""
    review = session_of(scene)
    done, all_ = len(review.verdicts), len(review.queue)
    text = say(scene, "review_head", period=review.period, done=done, all=all_)
    blocks: list[Block] = [section(f"{text}\n{bar(round(10 * done / max(all_, 1)), 10)}")]
    blocks.append(
        context(say(scene, "review_members", who=Said(named(review.members, scene.directory, "and"))))
    )
    if review.status == "open":
        left = [_title(scene, u) for u in review.queue[review.at : review.at + 3]]
        if left:
            blocks.append(context(say(scene, "review_next", next=Said(" · ".join(left)))))
        sure = ("Close it?", str(say(scene, "review_sure_close")), "Close")
        row = [
            button("Go on", "portfolio.go_on", str(review.id), style="primary"),
            button("Close", "portfolio.close", str(review.id), confirm=sure),
        ]
        blocks.append(actions(f"portfolio|{review.id}", row))
    else:
        blocks.append(context(_counts(scene, review)))
    return Message(text=brief(text), blocks=blocks)


def _counts(scene: Scene, review: PortfolioReview) -> str:
    counts: dict[str, int] = {}
    for verdict in review.verdicts:
        counts[verdict.course] = counts.get(verdict.course, 0) + 1
    told = [f"{_label(scene, c)}: {n}" for c, n in counts.items()]
    left = len(review.queue) - len(review.verdicts)
    if left:
        told.append(say(scene, "review_left", count=left))
    return " · ".join(told) or say(scene, "review_nothing_decided")


@renders("portfolio_item")
def item(scene: Scene, data: dict[str, object]) -> Message:
    """One use case with its numbers, the proposal and its reason, and what can be decided."""
    review = session_of(scene)
    id = str(data.get("use_case"))
    dossier = scene.reading.dossier(id)
    if dossier is None:
        raise LookupError(f"use case {id} is gone")
    found = figures(dossier, past_of(scene, review), scene.program, scene.directory, scene.now)
    place = review.queue.index(UseCaseId(id)) + 1 if id in review.queue else 0
    mark = TIER_MARK[found.tier] if found.tier else ""
    text = say(
        scene,
        "review_item",
        mark=mark,
        title=_title(scene, id),
        id=id,
        place=place,
        all=len(review.queue),
        stage=_stage(scene, found.stage),
        days=found.days_in_stage,
    )
    said = review.verdict(id)
    blocks: list[Block] = [section(text), fields(_numbers(scene, found)), context(*_scores(scene, found))]
    blocks += _decided(scene, review, said) if said else _choices(scene, review, dossier, found)
    return Message(text=brief(text), blocks=blocks)


def _stage(scene: Scene, stage: str) -> str:
    return next((s.label for s in scene.program.life_cycle.stages if s.id == stage), stage)


def _numbers(scene: Scene, found: Figures) -> list[tuple[str, str]]:
    """The short facts, each only where there is something to say."""
    told = [("Outcome", _outcome(scene, found))]
    if found.gate:
        told.append((f"Ready for {escape(found.gate)}", f"{found.ready[0]} of {found.ready[1]}"))
    if found.users is not None:
        told.append(("Users expected", f"{found.users:,.0f}"))
    told.append(("Incidents, 90 days", _incidents(scene, found)))
    told.append(("Waivers in force", str(found.waivers)))
    owners = ", ".join(escape(o) for o in found.owners_missing) or say(scene, "review_owners_all")
    told.append(("Owners missing", owners))
    return told


def _outcome(scene: Scene, found: Figures) -> str:
    if not found.measurable:
        return say(scene, "review_not_measurable")
    unit = f" {escape(found.unit)}" if found.unit else ""
    start = f"{found.baseline:,g} → " if found.baseline is not None else ""
    text = f"{inline(found.metric, scene.directory, 100)}: {start}{found.target:,g}{unit}"
    if found.by:
        text += "\n" + say(scene, "review_was_due" if found.outcome_over else "review_due", day=day(found.by))
    return text


def _incidents(scene: Scene, found: Figures) -> str:
    more = [say(scene, "review_incidents_open", count=found.incidents_open)] if found.incidents_open else []
    more += [say(scene, "review_actions_open", count=found.actions_open)] if found.actions_open else []
    return ", ".join([str(found.incidents), *more])


def _scores(scene: Scene, found: Figures) -> list[str]:
    """Scores under the program as it is now, and what is otherwise than it was."""
    line = " · ".join(f"{escape(label)} {bar(value)}" for label, value in found.scores)
    changes = [f"{escape(c.label)} {c.before} → {c.now}" for c in found.changes]
    if found.tier != found.tier_before and found.tier_before:
        changes.insert(0, say(scene, "review_tier_change", before=found.tier_before, now=found.tier or ""))
    told = [line or say(scene, "review_not_scored")]
    if changes:
        told.append(say(scene, "review_changes", changes=Said(", ".join(changes))))
    return told


def _choices(scene: Scene, review: PortfolioReview, dossier: Dossier, found: Figures) -> list[Block]:
    if review.status != "open":
        return [context(say(scene, "review_over"))]
    rule = proposed(found, dossier, scene.program)
    why = Said(escape(rule.because)) if rule.because else say(scene, "review_no_rule")
    head = say(scene, "review_proposal", what=Said(_label(scene, rule.course)), why=why)
    row = [
        button(
            f"{c.label}…" if needs_reason(c, rule) else c.label,
            f"portfolio.decide/{c.id}",
            f"{review.id}|{dossier.use_case.id}|{c.id}",
            style="primary" if c.id == rule.course else "",
        )
        for c in _proposed_first(scene, dossier, rule)
    ]
    row.append(button("Open", "record.open", str(dossier.use_case.id)))
    return [section(head), actions(f"portfolio_item|{dossier.use_case.id}", row)]


def _proposed_first(scene: Scene, dossier: Dossier, rule: Proposed) -> list[CourseOf]:
    found = possible(dossier, scene.program)
    return sorted(found, key=lambda c: c.id != rule.course)


def _decided(scene: Scene, review: PortfolioReview, said: Verdict) -> list[Block]:
    return [section(verdict_line(scene, said)), *_task_line(scene, review, said)]


def verdict_line(scene: Scene, said: Verdict) -> str:
    """``Pause, decided by Ruth Adler: "..."``, and whether it was proposed otherwise."""
    text = say(
        scene,
        "review_decided",
        what=Said(_label(scene, said.course)),
        who=Said(name(said.by, scene.directory)),
    )
    why = f": “{inline(said.reason, scene.directory, 400)}”" if said.reason else ""
    other = ""
    if said.proposed != said.course:
        other = " " + say(scene, "review_otherwise", what=Said(_label(scene, said.proposed)))
    return f"{text}{why}{other}"


def _task_line(scene: Scene, review: PortfolioReview, said: Verdict) -> list[Block]:
    task = next((t for t in review.tasks if t.use_case == said.use_case), None)
    return [context(task_line(scene, task))] if task else []


def task_line(scene: Scene, task: Task) -> str:
    """Who sees to what, and by when."""
    key = "review_task_is_done" if task.done_at else "review_task_open"
    due = Said(on_day(scene, task.due) if task.due else "")
    who = Said(name(task.done_by or task.owner, scene.directory))
    return say(scene, key, what=inline(task.text, scene.directory, 200), who=who, due=due)


@renders("portfolio_task")
def task_card(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever sees to it: what was decided, and the button that does it."""
    review = session_of(scene)
    task = _task(review, data)
    text = say(
        scene,
        "review_task",
        title=_title(scene, task.use_case),
        what=inline(task.text, scene.directory, 400),
        who=Said(name(task.by, scene.directory)),
    )
    blocks = prose(text)
    if task.note:
        blocks += prose(f"> {inline(task.note, scene.directory, 400)}")
    blocks.append(context(task_line(scene, task)))
    if task.open:
        course = next((c for c in scene.program.portfolio.courses if c.moves_to == task.to and task.to), None)
        label = f"{course.label} it" if course else "Done"
        value = f"{review.id}|{task.use_case}|{task.id}"
        blocks.append(actions(f"task|{task.id}", [button(label, "portfolio.task", value, style="primary")]))
    return Message(text=brief(text), blocks=blocks)


@renders("portfolio_task_late")
def task_late(scene: Scene, data: dict[str, object]) -> Message:
    """Its day is over."""
    review = session_of(scene)
    task = _task(review, data)
    text = say(
        scene,
        "review_task_late" if task.open else "action_settled",
        title=_title(scene, task.use_case),
        action=inline(task.text, scene.directory, 300),
        who=Said(name(task.owner, scene.directory)),
    )
    return Message(text=brief(text), blocks=prose(text))


def _task(review: PortfolioReview, data: dict[str, object]) -> Task:
    found = review.task(str(data.get("task")))
    if found is None:
        raise LookupError(f"{review.id} has no task {data.get('task')}")
    return found


@renders("portfolio_verdict")
def told(scene: Scene, data: dict[str, object]) -> Message:
    """To the people of a use case, on the same day: what was decided about it, and why."""
    review = session_of(scene)
    said = review.verdict(str(data.get("use_case")))
    if said is None:
        raise LookupError(f"{review.id} decided nothing about {data.get('use_case')}")
    text = say(scene, "review_told", title=_title(scene, said.use_case), period=review.period)
    look = button("Open", "record.open", str(said.use_case))
    lines = f"{text}\n{verdict_line(scene, said)}"
    return Message(
        text=brief(lines), blocks=[*prose(lines), actions(f"told|{review.id}|{said.use_case}", [look])]
    )


@renders("portfolio_go_on")
def go_on(scene: Scene, data: dict[str, object]) -> Message:
    """Another morning: what is left, and the way on."""
    review = session_of(scene)
    left = len(review.queue) - len(review.verdicts)
    text = say(scene, "review_go_on", count=left)
    row = [button("Go on", "portfolio.go_on", str(review.id), style="primary")]
    blocks = prose(text) + ([actions(f"go_on|{review.id}", row)] if review.status == "open" else [])
    return Message(text=brief(text), blocks=blocks)


@renders("portfolio_summary")
def summary(scene: Scene, data: dict[str, object]) -> Message:
    """What was decided, by whom, in a line each."""
    review = session_of(scene)
    text = say(scene, "review_summary", period=review.period, done=len(review.verdicts))
    lines = [f"• *{_title(scene, v.use_case)}*: {verdict_line(scene, v)}" for v in review.verdicts]
    if any(t.open for t in review.tasks):
        lines.append(say(scene, "review_to_do"))
        lines += [f"• {task_line(scene, t)}" for t in review.tasks if t.open]
    left = [u for u in review.queue if review.verdict(u) is None]
    blocks = [section(f"{text}\n{_counts(scene, review)}"), *(prose("\n".join(lines)) if lines else [])]
    if left:
        names = Said(", ".join(_title(scene, u) for u in left[:20]))
        blocks.append(context(say(scene, "review_not_reached", names=names)))
    return Message(text=brief(text), blocks=blocks)


@renders("portfolio_minutes")
def minutes(scene: Scene, data: dict[str, object]) -> Message:
    """The minutes as Markdown, to be copied into a document."""
    review = session_of(scene)
    titles = scene.reading.titles(review.queue)
    text = escape(minutes_of(review, titles, scene.program, scene.directory))
    intro = say(scene, "review_minutes", id=review.id)
    parts: list[str] = [""]
    for row in text.split("\n"):
        if len(parts[-1]) + len(row) > 2800:
            parts.append("")
        parts[-1] += row[:2800] + "\n"
    return Message(text=brief(intro), blocks=[section(intro), *(section(f"```{p}```") for p in parts)])
