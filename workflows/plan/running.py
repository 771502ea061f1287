"""Running a plan: started, tasks done, moved, handed on and added, a phase given more time, and the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from workflows.calendars import work_times
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Forget, Later, Post, Refresh, ShowHome, ToPerson, ToRoom
from workflows.ids import Place, PlanId, Subject, UserId
from workflows.matter import Action
from workflows.people import Directory
from workflows.plan.checks import TASK_AT_MOST
from workflows.plan.plan import Plan, PlanTask
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.roles import resolve, team_room
from workflows.working_time import company_week

CARD, TASK = "plan", "plan_task"
_DAY_BEFORE = timedelta(hours=24)


@dataclass(frozen=True)
class Run:
    """Somebody does something about a plan, or about one task of it. Without a plan: they start one."""

    program: Program
    directory: Directory
    circ: Circumstances
    plan: Plan | None = None
    task: PlanTask | None = None
    at: Place | None = None
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def user(self) -> UserId:
        """Who does it."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The plan; before there is one the program."""
        return self.plan.subject if self.plan else Subject(type="program", id="plan")


def team(program: Program, directory: Directory, now: datetime) -> tuple[UserId, ...]:
    """The program team, which runs it."""
    return resolve(program.program_team, program, {}, directory, now).people


def _of_the_team(r: Run) -> Refusal | None:
    able = team(r.program, r.directory, r.circ.now)
    if r.user in able and r.directory.person(r.user).active:
        return None
    return Refusal("plan_not_yours", {"who": ", ".join(r.directory.person(u).name for u in able[:3])})


def _runs(r: Run) -> Refusal | None:
    return None if r.plan and r.plan.status == "running" else Refusal("plan_over")


def _there(r: Run) -> Refusal | None:
    """It is still to be done."""
    if r.task is None:
        return Refusal("action_gone")
    action = r.task.action
    if action.done_at and action.done_by:
        return Refusal("plan_task_done_already", {"who": r.directory.person(action.done_by).name})
    return Refusal("action_dropped_already") if action.dropped_at else None


def _theirs(r: Run) -> Refusal | None:
    """Its owner's, or the program team's."""
    if r.task is None or not r.directory.person(r.user).active:
        return Refusal("action_not_yours", {"who": "others"})
    if r.user in (r.task.action.owner, *team(r.program, r.directory, r.circ.now)):
        return None
    return Refusal("action_not_yours", {"who": r.directory.person(r.task.action.owner).name})


def _may_be_longer(r: Run) -> Refusal | None:
    """The phase was not given more time as often as it may."""
    phase = r.detail.get("phase", "")
    known = r.program.plan.phase(phase)
    if r.plan is None or known is None:
        return Refusal("action_gone")
    if r.plan.extended.count(phase) < r.program.plan.extend.times:
        return None
    return Refusal("plan_extended_already", {"phase": known.label})


START = Right[Run]("plan.started", (_of_the_team,))
ADD = Right[Run]("plan.task_added", (_runs, _of_the_team))
EXTEND = Right[Run]("plan.extended", (_runs, _of_the_team, _may_be_longer))
CLOSE = Right[Run]("plan.closed", (_runs, _of_the_team))
DONE = Right[Run]("plan.task_done", (_runs, _there, _theirs))
MOVE = Right[Run]("plan.task_moved", (_runs, _there, _theirs))
HAND = Right[Run]("plan.task_handed_on", (_runs, _there, _theirs))


def started(r: Run, id: PlanId, begins: date) -> Decision:
    """A plan from that day on: its tasks with the first person of each role, and the card in its channel."""
    refused = START.refused(r)
    if refused:
        return refused
    policy, now = r.program.plan, r.circ.now
    if begins < now.date() - timedelta(days=30) or begins > now.date() + timedelta(days=365):
        return Decision(problems={"begins": r.program.messages["plan_begins_wrong"]})
    tasks = tuple(
        PlanTask(
            task=t.id,
            phase=phase.id,
            action=Action(
                id=t.id,
                text=t.text,
                owner=(owner := _first(t.role, r)),
                due=_end_of(begins + timedelta(days=t.day - 1), owner, r),
                by=r.user,
                at=now,
            ),
        )
        for phase in policy.phases
        for t in phase.tasks
    )
    sponsor = resolve(policy.sponsor, r.program, {}, r.directory, now).people if policy.sponsor else ()
    plan = Plan(
        id=id,
        opened_at=now,
        owner=r.user,
        begins=begins,
        tasks=tasks,
        sponsor=next(iter(sponsor), None),
    )
    room = policy.room or team_room(r.program)
    card = _card(plan, ToRoom(name=room) if room else ToPerson(user=r.user), "room")
    owners = dict.fromkeys(t.action.owner for t in tasks)
    told = [
        Post(
            to=ToPerson(user=u),
            kind="plan_yours",
            subject=plan.subject,
            data={"who": u},
            key=f"plan/{id}/yours/{u}",
        )
        for u in owners
    ]
    homes = [ShowHome(user=u) for u in owners]
    watched = [e for t in tasks for e in _watched(plan, t, now)]
    entry = _entry("started", plan, begins=begins.isoformat(), tasks=len(tasks))
    return Decision(changed=(plan,), entries=(entry,), effects=(card, *told, *homes, *watched))


def done(r: Run, note: str = "") -> Decision:
    """A task is done."""
    refused = DONE.refused(r)
    if refused or r.plan is None or r.task is None:
        return refused or Decision()
    update = {"done_at": r.circ.now, "done_by": r.user, "note": note.strip()}
    kept = r.task.model_copy(update={"action": r.task.action.model_copy(update=update)})
    return _changed(r, kept, "task_done", (Forget(key=_key(r.plan, kept)),))


def moved(r: Run, day: date | None, reason: str) -> Decision:
    """Another day for a task, with the reason."""
    refused = MOVE.refused(r)
    if refused or r.plan is None or r.task is None:
        return refused or Decision()
    wrong = _no_reason(reason, r)
    due = _end_of(day, r.task.action.owner, r) if day else None
    if due is None or due <= r.circ.now:
        wrong["due"] = r.program.messages["plan_day_over"]
    if wrong:
        return Decision(problems=wrong)
    update = {"due": due, "moved": r.task.action.moved + 1, "note": reason.strip()}
    kept = r.task.model_copy(update={"action": r.task.action.model_copy(update=update)})
    return _changed(r, kept, "task_moved", _watched(r.plan, kept, r.circ.now))


def handed_on(r: Run, to: UserId) -> Decision:
    """Another owner for a task, who hears of it."""
    refused = HAND.refused(r)
    if refused or r.plan is None or r.task is None:
        return refused or Decision()
    if not r.directory.person(to).active:
        return Decision(problems={"to": r.program.messages["owner_not_here"]})
    before = r.task.action.owner
    kept = r.task.model_copy(update={"action": r.task.action.model_copy(update={"owner": to})})
    told = _task_card(r.plan, kept, ToPerson(user=to))
    return _changed(r, kept, "task_handed_on", (told, ShowHome(user=before)))


def added(r: Run, phase: str, text: str, owner: UserId, day: date | None) -> Decision:
    """One more task."""
    refused = ADD.refused(r)
    if refused or r.plan is None:
        return refused or Decision()
    texts = r.program.messages
    wrong = {}
    if r.program.plan.phase(phase) is None:
        wrong["phase"] = texts["card_gone"]
    if not text.strip() or len(text) > TASK_AT_MOST:
        wrong["text"] = texts["plan_task_words"].format(limit=TASK_AT_MOST)
    if not r.directory.person(owner).active:
        wrong["owner"] = texts["owner_not_here"]
    due = _end_of(day, owner, r) if day else None
    if due is None or due <= r.circ.now:
        wrong["due"] = texts["plan_day_over"]
    if wrong:
        return Decision(problems=wrong)
    id = f"t{len(r.plan.tasks) + 1}"
    action = Action(id=id, text=text.strip(), owner=owner, due=due, by=r.user, at=r.circ.now)
    task = PlanTask(task=id, phase=phase, action=action)
    plan = r.plan.model_copy(update={"tasks": (*r.plan.tasks, task)})
    told = (_task_card(plan, task, ToPerson(user=owner)),) if owner != r.user else ()
    return Decision(
        changed=(plan,),
        entries=(_entry("task_added", plan, task=id, owner=owner),),
        effects=(*told, *_watched(plan, task, r.circ.now), *_redrawn(plan, owner)),
    )


def extended(r: Run) -> Decision:
    """A phase gets more time, and the ones after it move with it; ``detail["phase"]`` says which."""
    refused = EXTEND.refused(r)
    if refused or r.plan is None:
        return refused or Decision()
    phase = r.detail["phase"]
    order = [p.id for p in r.program.plan.phases]
    later = set(order[order.index(phase) :])
    tasks = tuple(_shifted(t, r) if t.phase in later else t for t in r.plan.tasks)
    plan = r.plan.model_copy(update={"tasks": tasks, "extended": (*r.plan.extended, phase)})
    watched = [e for t in tasks if t.phase in later and t.action.open for e in _watched(plan, t, r.circ.now)]
    entry = _entry("extended", plan, phase=phase)
    return Decision(changed=(plan,), entries=(entry,), effects=(*watched, *_redrawn(plan)))


def closed(r: Run) -> Decision:
    """The end: the sponsor and its channel hear what came of it; what is open is no longer waited for."""
    refused = CLOSE.refused(r)
    if refused or r.plan is None:
        return refused or Decision()
    now = r.circ.now
    tasks = tuple(
        t.model_copy(update={"action": t.action.model_copy(update={"dropped_at": now})})
        if t.action.open
        else t
        for t in r.plan.tasks
    )
    plan = r.plan.model_copy(update={"status": "closed", "closed_at": now, "tasks": tasks})
    room = r.program.plan.room or team_room(r.program)
    to: list[ToPerson | ToRoom] = [ToRoom(name=room)] if room else []
    to += [ToPerson(user=u) for u in r.directory.active((plan.sponsor,) if plan.sponsor else ())]
    posts = [
        Post(to=t, kind="plan_summary", subject=plan.subject, key=f"plan/{plan.id}/summary/{n}")
        for n, t in enumerate(to)
    ]
    owners = dict.fromkeys(t.action.owner for t in plan.tasks)
    return Decision(
        changed=(plan,),
        entries=(_entry("closed", plan),),
        effects=(*posts, Forget(key=f"plan/{plan.id}/task/"), *_redrawn(plan, *owners)),
    )


def task_due(r: Run, when: str, due: str) -> Decision:
    """The clock: the owner is reminded the day before; once it is late the plan's channel hears too."""
    task, plan = r.task, r.plan
    if plan is None or plan.status != "running" or task is None or not task.action.open:
        return Decision()
    if task.action.due is None or task.action.due.isoformat() != due:
        return Decision()
    late = when == "overdue"
    if not late and task.action.due <= r.circ.now:
        return Decision()
    room = r.program.plan.room or team_room(r.program)
    to: list[ToPerson | ToRoom] = [ToPerson(user=u) for u in r.directory.active((task.action.owner,))]
    to += [ToRoom(name=room)] if late and room else []
    posts = tuple(
        Post(
            to=place,
            kind="plan_reminder",
            subject=plan.subject,
            data={"task": task.task, "when": when},
            key=f"{_key(plan, task)}{when}/{due}/{n}",
        )
        for n, place in enumerate(to)
    )
    return Decision(
        entries=(_entry("task_reminded", plan, task=task.task, when=when),),
        effects=(*posts, *_redrawn(plan)),
    )


def shown(plan: Plan, to: ToPerson | ToRoom) -> Post:
    """The card of the plan once more."""
    return Post(to=to, kind=CARD, subject=plan.subject, card=CARD)


def task_shown(plan: Plan, task: PlanTask, user: UserId) -> Post:
    """The card of one task, for one person."""
    return _task_card(plan, task, ToPerson(user=user))


def _first(role: str, r: Run) -> UserId:
    found = resolve(role, r.program, {}, r.directory, r.circ.now).people
    return next(iter(found), r.user)


def _end_of(day: date, owner: UserId, r: Run) -> datetime:
    return work_times(owner, r.directory, r.program.working_time).end_of(day)


def _no_reason(reason: str, r: Run) -> dict[str, str]:
    if reason.strip() and len(reason) <= TASK_AT_MOST:
        return {}
    return {"reason": r.program.messages["plan_task_words"].format(limit=TASK_AT_MOST)}


def _shifted(task: PlanTask, r: Run) -> PlanTask:
    due = task.action.due
    if not task.action.open or due is None:
        return task
    zone = r.directory.person(task.action.owner).tz
    week = company_week(zone, r.program.working_time)
    day = week.day_of(due)
    left = r.program.plan.extend.working_days
    while left:
        day += timedelta(days=1)
        left -= bool(week.works_at(week.begins(day) + timedelta(hours=12)))
    return task.model_copy(
        update={
            "action": task.action.model_copy(
                update={"due": _end_of(day, task.action.owner, r), "moved": task.action.moved + 1}
            )
        }
    )


def _changed(r: Run, task: PlanTask, what: str, effects: tuple[Effect, ...]) -> Decision:
    assert r.plan is not None, "a task belongs to a plan"
    tasks = tuple(task if t.task == task.task else t for t in r.plan.tasks)
    plan = r.plan.model_copy(update={"tasks": tasks})
    return Decision(
        changed=(plan,),
        entries=(_entry(what, plan, task=task.task),),
        effects=(*effects, *_redrawn(plan, task.action.owner)),
    )


def _redrawn(plan: Plan, *owners: UserId) -> tuple[Effect, ...]:
    return (Refresh(subject=plan.subject), *(ShowHome(user=u) for u in owners))


def _card(plan: Plan, to: ToPerson | ToRoom, where: str) -> Post:
    return Post(to=to, kind=CARD, subject=plan.subject, card=CARD, key=f"plan/{plan.id}/card/{where}")


def _task_card(plan: Plan, task: PlanTask, to: ToPerson) -> Post:
    return Post(
        to=to,
        kind=TASK,
        subject=plan.subject,
        data={"task": task.task},
        card=f"{TASK}:{task.task}",
    )


def _key(plan: Plan, task: PlanTask) -> str:
    return f"plan/{plan.id}/task/{task.task}/"


def _watched(plan: Plan, task: PlanTask, now: datetime) -> tuple[Effect, ...]:
    """The reminder a day before, and the word that it is late."""
    forget = Forget(key=_key(plan, task))
    due = task.action.due
    if due is None or not task.action.open:
        return (forget,)
    data = {"task": task.task, "due": due.isoformat()}
    planned = {"due": max(now, due - _DAY_BEFORE), "overdue": due}
    return (
        forget,
        *(
            Later(
                key=f"{_key(plan, task)}{when}",
                due=at,
                name="plan_task_due",
                subject=plan.subject,
                data={**data, "when": when},
            )
            for when, at in planned.items()
        ),
    )


def _entry(what: str, plan: Plan, **detail: object) -> Entry:
    return Entry(action=f"plan.{what}", subject=plan.subject, detail=detail)
