"""What is so at this moment: who holds a right over a use case, who owns it, which ones meet a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from workflows.answers import Answers
from workflows.approval import Approval
from workflows.deciders import all_rights
from workflows.decision_rights import DecisionRight, Holder
from workflows.expressions import environment, holds
from workflows.ids import Frozen, QuestionId, Tier, UseCaseId, UserId
from workflows.live_questions import LiveQuestion
from workflows.people import Directory
from workflows.portfolio.listing import NONE, Wanted
from workflows.program import Program
from workflows.roles import resolve
from workflows.routing import plan
from workflows.seats import open_seats, to_act
from workflows.use_case import UseCase


class Held(Frozen):
    """One who holds a right or a role: as what, and who that is."""

    label: str
    people: tuple[UserId, ...] = ()
    """Those who can act now."""
    left: tuple[UserId, ...] = ()
    """Named, but no longer here."""
    quorum: int = 0
    """How many of the people it takes; 0 where that is not the point."""


def right_of(id: str, program: Program) -> DecisionRight | None:
    """The decision right of that id."""
    return next((r for r in all_rights(program) if r.id == id), None)


def tier_of(use_case: UseCase) -> Tier | None:
    """Its risk tier, once it has been assessed."""
    return use_case.assessment.tier.tier if use_case.assessment else None


def holders(
    right: DecisionRight,
    use_case: UseCase,
    answers: Answers,
    program: Program,
    directory: Directory,
    now: datetime,
) -> tuple[Held, ...]:
    """Who may do this with the use case now, in the program's order; each line once.

    ``answers`` are those that count: of the record, or of the walk while it is a draft. A line without people
    is a holder whom nobody is named for.
    """
    env = {**environment(program.intake, answers), "tier": tier_of(use_case)}
    found: list[Held] = []
    for holder in right.holders:
        if holds(holder.when, env):
            found += _held(holder, use_case, answers, program, directory, now)
    return tuple(dict.fromkeys(found))


def _held(
    holder: Holder,
    use_case: UseCase,
    answers: Answers,
    program: Program,
    directory: Directory,
    now: datetime,
) -> Iterable[Held]:
    if holder.field:
        return [_named(holder.field, answers, program, directory)]
    if holder.role:
        # A role that nobody fills goes to the program team, as everywhere.
        people = resolve(holder.role, program, answers, directory, now).people
        return [Held(label=program.roles[holder.role].label, people=people)]
    if holder.submitter:
        return [Held(label="Submitter", people=directory.active((use_case.submitter,)))]
    if holder.system or use_case.assessment is None:
        return []
    way = plan(
        program,
        program.intake,
        answers,
        use_case.assessment,
        directory,
        use_case.submitter,
        now,
        holder.gate,
    )
    return [Held(label=s.label, people=s.people, quorum=s.quorum) for s in way.seats]


def owners(
    use_case: UseCase, answers: Answers, program: Program, directory: Directory, field: str = ""
) -> tuple[Held, ...]:
    """Who answers for the use case: everybody named in it, or the one role that was asked for."""
    wanted = [str(q.id) for q in program.intake.questions() if q.type == "person"]
    if field in wanted:
        return (_named(field, answers, program, directory),)
    named = (_named(q, answers, program, directory) for q in wanted)
    return tuple(held for held in named if held.people or held.left)


def _named(field: str, answers: Answers, program: Program, directory: Directory) -> Held:
    answer = answers.get(QuestionId(field))
    value = answer.value if answer else None
    named = tuple(UserId(str(v)) for v in (value if isinstance(value, list | tuple) else [value]) if v)
    able = directory.active(named)
    label = program.intake.question(QuestionId(field)).label
    return Held(label=label, people=able, left=tuple(u for u in named if u not in able))


def listing_of(
    asked: LiveQuestion,
    reader: UserId | None,
    open_approvals: Callable[[], Sequence[Approval]],
    directory: Directory,
    now: datetime,
) -> Wanted:
    """What is wanted of the portfolio: by stage, tier, lane, kind, function, lateness, and whose."""
    late = late_ones(open_approvals(), directory, now) if asked.late else None
    return Wanted(
        stages=asked.stages,
        closed=not asked.lanes,
        tiers=asked.tiers,
        lanes=asked.lanes,
        buckets=asked.buckets,
        functions=(asked.function,) if asked.function else (),
        submitter=(reader or NONE) if asked.mine else "",
        ids=tuple(sorted(late)) if late is not None else None,
    )


def late_ones(approvals: Sequence[Approval], directory: Directory, now: datetime) -> frozenset[UseCaseId]:
    """Use cases whose decision is past its time, or that wait for nobody who could decide."""
    return frozenset(
        a.use_case
        for a in approvals
        if any((s.due and s.due < now) or not directory.active(to_act(s)) for s in open_seats(a))
    )
