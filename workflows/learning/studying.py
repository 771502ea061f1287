"""Going through learning paths: which are whose, how far somebody is, and what an answer does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from workflows.calendars import away_at, work_times
from workflows.champions import functions_of
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Forget, Later, Post, Refresh, ShowHome, ToPerson, ToPlace
from workflows.events import Event, week_of
from workflows.ids import UserId
from workflows.learning.learner import Learner, ModuleDone
from workflows.learning.policy import LearningPath, Module
from workflows.people import Directory
from workflows.program import Program

LEARNING, MODULE = "learning", "learning_module"
"""The card with one's paths, and the card of one module."""


@dataclass(frozen=True)
class Study:
    """One person at their own paths: nobody else ever acts on them."""

    learner: Learner
    program: Program
    directory: Directory
    circ: Circumstances

    @property
    def user(self) -> UserId:
        """Whose paths they are."""
        return self.learner.id


@dataclass(frozen=True)
class Progress:
    """How far somebody is on a path."""

    done: int
    of: int
    minutes_left: int

    @property
    def finished(self) -> bool:
        """Whether nothing is left."""
        return self.done == self.of


def beginner(user: UserId, now: datetime) -> Learner:
    """Somebody of whom nothing is kept yet."""
    return Learner(id=user, opened_at=now, owner=user)


def meant_for(user: UserId, program: Program, directory: Directory) -> tuple[str, ...]:
    """The ids of the paths that belong to what a person does, those nearest to it first.

    A group says more of somebody than a role that many share, and a role more than the part of the company:
    the finance chief is an executive before she is a user. Else in the program's order.
    """
    groups = {handle for handle, members in directory.groups.items() if user in members}
    functions = set(functions_of(user, program, directory))
    roles = {
        role.id
        for role in program.roles.values()
        if any(way.group in groups or way.function in functions for way in role.resolve)
    }
    near: dict[str, int] = {}
    for path in program.learning.paths:
        ways = (
            groups & set(path.groups),
            roles & set(path.roles),
            functions & set(path.functions),
            path.everybody,
        )
        if any(ways):
            near[path.id] = next(n for n, way in enumerate(ways) if way)
    return tuple(sorted(near, key=near.__getitem__))


def audience(path: LearningPath, program: Program, directory: Directory) -> frozenset[UserId]:
    """The active people a path is meant for: as ``meant_for`` says of one person, for all of them at once."""
    handles = set(path.groups)
    functions = set(path.functions)
    for role in (program.roles[r] for r in path.roles if r in program.roles):
        handles |= {way.group for way in role.resolve if way.group}
        functions |= {way.function for way in role.resolve if way.function}
    handles |= {program.functions[f].group for f in functions if f in program.functions}
    if path.everybody:
        return frozenset(u for u, p in directory.people.items() if p.active)
    return frozenset(directory.active(tuple(u for h in handles for u in directory.groups.get(h, ()))))


def paths_of(learner: Learner, program: Program, directory: Directory) -> tuple[LearningPath, ...]:
    """Their paths: those of what they do, the nearest first, then those they chose."""
    wanted = dict.fromkeys((*meant_for(learner.id, program, directory), *learner.paths))
    return tuple(p for p in map(program.learning.path, wanted) if p is not None)


def is_done(learner: Learner, path: LearningPath, module: Module, now: datetime) -> bool:
    """Whether a module was gone through, recently enough where it is to be done again."""
    since = timedelta(days=module.again_after_days) if module.again_after_days else None
    return any(
        d.path == path.id and d.module == module.id and (since is None or d.at + since > now)
        for d in learner.done
    )


def progress(learner: Learner, path: LearningPath, now: datetime) -> Progress:
    """How far they are."""
    left = [m for m in path.modules if not is_done(learner, path, m, now)]
    return Progress(len(path.modules) - len(left), len(path.modules), sum(m.minutes for m in left))


def next_module(learner: Learner, path: LearningPath, now: datetime) -> Module | None:
    """What comes next on a path; ``None`` where it is finished."""
    return next((m for m in path.modules if not is_done(learner, path, m, now)), None)


def opened(study: Study, path: str, module: str, to: ToPerson | ToPlace) -> Decision:
    """Shows the card of a module."""
    return Decision(effects=(_card(study.learner, path, module, to),))


def chosen(study: Study, path: str) -> Decision:
    """One more path, by their own choice; one that is theirs already changes nothing."""
    mine = {p.id for p in paths_of(study.learner, study.program, study.directory)}
    if study.program.learning.path(path) is None or path in mine:
        return Decision()
    learner = study.learner.model_copy(update={"paths": (*study.learner.paths, path)})
    entry = Entry(action="learner.chose", subject=learner.subject, detail={"path": path})
    return Decision(
        changed=(learner,),
        entries=(entry,),
        effects=(Refresh(subject=learner.subject, card=LEARNING), ShowHome(user=study.user)),
    )


def answered(study: Study, path: str, module: str, choice: int) -> Decision:
    """An answer to a module's question: the right one finishes the module. A wrong one is kept nowhere.

    ``problems["choice"]`` is what to say to a wrong answer, ``problems["gone"]`` that the question is gone.
    """
    now = study.circ.now
    on = study.program.learning.path(path)
    at = on.module(module) if on else None
    if on is None or at is None or not 0 <= choice < len(at.check.choices):
        return Decision(problems={"gone": study.program.messages["card_gone"]})
    said = at.check.choices[choice]
    if is_done(study.learner, on, at, now):
        return Decision()
    if not said.right:
        return Decision(problems={"choice": said.why})
    done = ModuleDone(path=on.id, module=at.id, at=now)
    learner = study.learner.model_copy(update={"done": (*study.learner.done, done), "nudges": 0})
    finished = progress(learner, on, now).finished
    function = next(iter(functions_of(study.user, study.program, study.directory)), "")
    event = Event(
        key=f"learned/{study.user}/{on.id}/{at.id}/{now.date().isoformat()}",
        kind="learned",
        at=now,
        week=week_of(now.date()),
        function=function,
        person=study.user,
        source="slack",
        received_at=now,
        detail={"path": on.id, "module": at.id, "finished": finished},
    )
    entry = Entry(action="learner.learned", subject=learner.subject, detail={"path": on.id, "module": at.id})
    effects: list[Effect] = [Refresh(subject=learner.subject), ShowHome(user=study.user)]
    effects.append(_watched(study, on) if not finished else Forget(key=_nudge_key(study.user, on.id)))
    return Decision(changed=(learner,), events=(event,), entries=(entry,), effects=tuple(effects))


def nudge_due(study: Study, path: str) -> Decision:
    """The clock: a path was begun and left. Whose it is hears so as often as the program says, no more."""
    on = study.program.learning.path(path)
    rule = study.program.learning.nudge
    now, user = study.circ.now, study.user
    if on is None or not study.directory.person(user).active or progress(study.learner, on, now).finished:
        return Decision()
    if study.learner.nudges >= rule.at_most:
        return Decision()
    if away_at(user, study.directory, now):
        return Decision(effects=(_watched(study, on),))
    count = study.learner.nudges + 1
    learner = study.learner.model_copy(update={"nudges": count})
    post = Post(
        to=ToPerson(user=user),
        kind="learning_nudge",
        subject=learner.subject,
        data={"path": on.id},
        key=f"{_nudge_key(user, on.id)}/{now.date().isoformat()}",
    )
    entry = Entry(action="learner.nudged", subject=learner.subject, detail={"path": on.id})
    more = (_watched(study, on),) if count < rule.at_most else ()
    return Decision(changed=(learner,), entries=(entry,), effects=(post, *more))


def shown(learner: Learner, to: ToPerson | ToPlace) -> Post:
    """The card with their paths."""
    return Post(to=to, kind=LEARNING, subject=learner.subject, card=LEARNING)


def _card(learner: Learner, path: str, module: str, to: ToPerson | ToPlace) -> Post:
    return Post(
        to=to,
        kind=MODULE,
        subject=learner.subject,
        data={"path": path, "module": module},
        card=f"{MODULE}:{path}:{module}",
    )


def _nudge_key(user: UserId, path: str) -> str:
    return f"learning/{user}/{path}/nudge"


def _watched(study: Study, path: LearningPath) -> Later:
    """Looks again in a while, on a working morning of theirs."""
    times = work_times(study.user, study.directory, study.program.working_time)
    due = times.next_morning(study.circ.now + timedelta(days=study.program.learning.nudge.after_days))
    return Later(
        key=_nudge_key(study.user, path.id),
        due=due,
        name="learning_nudge",
        subject=study.learner.subject,
        data={"path": path.id},
    )
