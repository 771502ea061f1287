"""The 90-day plan in Slack: the whole with its phases, one task, reminders, and what came of it."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.case import inline, on_day
from bot.views.kit import Block, actions, brief, button, context, divider, escape, name, prose, section
from bot.views.say import Said, say
from workflows.ids import UserId
from workflows.plan.plan import Plan, PlanTask
from workflows.plan.progress import PhaseProgress, day_of_plan, late, progress, tasks_of
from workflows.plan.running import team

_BAR = 10


def plan_of(scene: Scene) -> Plan:
    """The plan that a message is about. Raises ``LookupError`` where it is gone."""
    found = scene.reading.get(Plan, scene.subject.id)
    if found is None:
        raise LookupError(f"plan {scene.subject.id} is gone")
    return found


@renders("plan")
def whole(scene: Scene, data: dict[str, object]) -> Message:
    """What is late first, then each phase with a bar and its tasks."""
    plan = plan_of(scene)
    phases = progress(plan, scene.program.plan, scene.now)
    owner = name(plan.owner, scene.directory) if plan.owner else ""
    head = say(
        scene,
        "plan_head" if plan.status == "running" else "plan_head_closed",
        label=scene.program.plan.label,
        day=max(day_of_plan(plan, scene.now), 0),
        of=max((p.phase.ends for p in phases), default=0),
        who=Said(owner),
        done=sum(p.done for p in phases),
        tasks=sum(p.of for p in phases),
    )
    blocks: list[Block] = [*prose(head), *_behind(scene, plan)]
    for phase in phases:
        blocks += _phase(scene, plan, phase)
    return Message(text=brief(head), blocks=[*blocks, *_team_row(scene, plan, phases)])


def _behind(scene: Scene, plan: Plan) -> list[Block]:
    behind = late(plan, scene.now) if plan.status == "running" else ()
    if not behind:
        return []
    lines = [f"• {_line(scene, t)}" for t in behind[:8]]
    more = len(behind) - len(lines)
    if more:
        lines.append(say(scene, "plan_more", more=more))
    return prose(say(scene, "plan_behind", count=len(behind)) + "\n" + "\n".join(lines))


def _phase(scene: Scene, plan: Plan, found: PhaseProgress) -> list[Block]:
    full = round(_BAR * found.done / found.of) if found.of else 0
    bar = "▰" * full + "▱" * (_BAR - full)
    text = f"*{escape(found.phase.label)}*  {bar}  {found.done} of {found.of}"
    if found.times_extended:
        text += f"  {say(scene, 'plan_was_extended', days=scene.program.plan.extend.working_days)}"
    if found.phase.result:
        text += f"\n{say(scene, 'plan_result', result=found.phase.result)}"
    blocks: list[Block] = [divider(), section(text)]
    for task in tasks_of(plan, found.phase.id):
        line = _line(scene, task)
        if not task.action.open:
            blocks.append(context(line))
            continue
        look = button("Open", "plan.open", f"{plan.id}|{task.task}")
        blocks.append(section(line, look, f"plan|{plan.id}|{task.task}"))
    return blocks


def _line(scene: Scene, task: PlanTask) -> str:
    action = task.action
    who = name(action.owner, scene.directory)
    text = inline(action.text, scene.directory, 300)
    if action.done_at:
        return f"✅ {text} · {who}"
    due = on_day(scene, action.due) if action.due else ""
    mark = "🔴 " if action.due and action.due <= scene.now else ""
    return f"{mark}{text} · {who} · {due}"


def _team_row(scene: Scene, plan: Plan, phases: tuple[PhaseProgress, ...]) -> list[Block]:
    """The program team's buttons, which the others do not see; the server asks again."""
    if plan.status != "running":
        return []
    only = team(scene.program, scene.directory, scene.now)
    row = [button("Add a task", "plan.add", str(plan.id), only=only)]
    longer = next((p for p in phases if not p.finished), None)
    rule = scene.program.plan.extend
    if longer and longer.times_extended < rule.times:
        label = longer.phase.label
        sure = ("More time?", f"“{label}” and what comes after it move by {rule.working_days} working days.")
        row.append(
            button(
                f"More time for {label}",
                "plan.extend",
                f"{plan.id}|{longer.phase.id}",
                confirm=(*sure, "Yes"),
                only=only,
            )
        )
    end = (
        "Close the plan?",
        "What is still open is no longer waited for, and the sponsor hears how it went.",
    )
    row.append(button("Close the plan", "plan.close", str(plan.id), confirm=(*end, "Close it"), only=only))
    return [divider(), actions(f"plan|{plan.id}", row)]


def _task_of(scene: Scene, plan: Plan, data: dict[str, object]) -> PlanTask:
    task = plan.task(str(data.get("task")))
    if task is None:
        raise LookupError(f"{plan.id} has no task {data.get('task')}")
    return task


@renders("plan_task")
def task_card(scene: Scene, data: dict[str, object]) -> Message:
    """One task, with three ways to deal with it."""
    plan = plan_of(scene)
    task = _task_of(scene, plan, data)
    phase = scene.program.plan.phase(task.phase)
    head = say(
        scene,
        "plan_task",
        label=scene.program.plan.label,
        phase=phase.label if phase else "",
        task=inline(task.action.text, scene.directory, 400),
        who=Said(name(task.action.owner, scene.directory)),
    )
    return Message(text=brief(head), blocks=[*prose(head), *_state(scene, task), *_buttons(plan, task)])


def _state(scene: Scene, task: PlanTask) -> list[Block]:
    action = task.action
    if action.done_at and action.done_by:
        who = Said(name(action.done_by, scene.directory))
        return [context(say(scene, "plan_task_is_done", who=who))]
    if action.dropped_at:
        return [context(say(scene, "plan_task_left"))]
    lines = [say(scene, "plan_task_due", due=Said(on_day(scene, action.due)))] if action.due else []
    if action.moved and action.note:
        note = inline(action.note, scene.directory, 300)
        lines.append(say(scene, "plan_task_was_moved", why=note))
    return [context(*lines)] if lines else []


def _buttons(plan: Plan, task: PlanTask) -> list[Block]:
    if not task.action.open or plan.status != "running":
        return []
    value = f"{plan.id}|{task.task}"
    row = [
        button("Done", "plan.done", value, style="primary"),
        button("Move", "plan.move", value),
        button("Hand on", "plan.hand", value),
    ]
    return [actions(f"plan_task|{value}", row)]


@renders("plan_reminder")
def reminder(scene: Scene, data: dict[str, object]) -> Message:
    """A word about a task that is due or late; quiet once it is done."""
    plan = plan_of(scene)
    task = _task_of(scene, plan, data)
    late_ = data.get("when") == "overdue"
    key = "plan_task_settled" if not task.action.open else "plan_task_late" if late_ else "plan_task_soon"
    text = say(
        scene,
        key,
        task=inline(task.action.text, scene.directory, 300),
        who=Said(name(task.action.owner, scene.directory)),
        due=Said(on_day(scene, task.action.due) if task.action.due else ""),
    )
    return Message(text=brief(text), blocks=[*prose(text), *_buttons(plan, task)])


@renders("plan_yours")
def yours(scene: Scene, data: dict[str, object]) -> Message:
    """To each owner when the plan begins: their tasks, with the days."""
    plan = plan_of(scene)
    who = UserId(str(data.get("who")))
    mine = [t for phase in scene.program.plan.phases for t in tasks_of(plan, phase.id)]
    mine = [t for t in mine if t.action.owner == who]
    text = say(
        scene,
        "plan_yours",
        label=scene.program.plan.label,
        begins=Said(f"{plan.begins.day} {plan.begins:%B %Y}"),
        count=len(mine),
    )
    blocks: list[Block] = [*prose(text)]
    for task in mine[:20]:
        look = button("Open", "plan.open", f"{plan.id}|{task.task}")
        blocks.append(section(_line(scene, task), look, f"yours|{plan.id}|{task.task}"))
    return Message(text=brief(text), blocks=blocks)


@renders("plan_summary")
def summary(scene: Scene, data: dict[str, object]) -> Message:
    """What came of it, once it is closed."""
    plan = plan_of(scene)
    phases = progress(plan, scene.program.plan, scene.now)
    left = sum(t.action.dropped_at is not None for t in plan.tasks)
    done = sum(p.done for p in phases)
    moved = sum(t.action.moved > 0 for t in plan.tasks)
    text = say(
        scene, "plan_summary", label=scene.program.plan.label, done=done, of=len(plan.tasks), moved=moved
    )
    lines = [f"• *{escape(p.phase.label)}*: {p.done} done" for p in phases]
    open_ = [f"• {inline(t.action.text, scene.directory, 200)}" for t in plan.tasks if t.action.dropped_at]
    blocks = [*prose(text), *prose("\n".join(lines) or "•")]
    if left:
        blocks += prose(say(scene, "plan_summary_left", count=left) + "\n" + "\n".join(open_[:15]))
    return Message(text=brief(text), blocks=blocks)


@renders("plan_none")
def none(scene: Scene, data: dict[str, object]) -> Message:
    """There is no plan; whoever may start one gets the button."""
    label = scene.program.plan.label
    if not label:
        text = say(scene, "plan_unknown")
        return Message(text=brief(text), blocks=prose(text))
    mine = scene.reader in team(scene.program, scene.directory, scene.now)
    text = say(scene, "plan_none_team" if mine else "plan_none", label=label)
    row = [actions("plan_none", [button("Start it", "plan.start", style="primary")])] if mine else []
    return Message(text=brief(text), blocks=[*prose(text), *row])
