"""What somebody sees to after the portfolio review: done, or the move made that was decided."""

from __future__ import annotations

from workflows.decision import Decision, Entry
from workflows.effects import Forget, Post, Refresh, ShowHome, ToPerson, ToRoom
from workflows.ids import UserId
from workflows.portfolio.session import Sitting
from workflows.refusals import Refusal, Right
from workflows.roles import resolve, team_room
from workflows.stage_moves import Moving, move_by_hand


def _there(s: Sitting) -> Refusal | None:
    """It is still to be done."""
    if s.task is None:
        return Refusal("action_gone")
    if s.task.done_at and s.task.done_by:
        who = s.directory.person(s.task.done_by).name
        return Refusal("review_task_done", {"who": who})
    return None


def _theirs(s: Sitting) -> Refusal | None:
    """Whoever was given it, or the program team."""
    team = resolve(s.program.program_team, s.program, {}, s.directory, s.circ.now).people
    if s.task and s.user in (s.task.owner, *team):
        return None
    who = s.directory.person(s.task.owner).name if s.task else ""
    return Refusal("action_not_yours", {"who": who})


DONE = Right("portfolio.task", (_there, _theirs))


def done(s: Sitting) -> Decision:
    """It is done. Where the use case is to move, the move is made now, by whoever says so and may."""
    refused = DONE.refused(s)
    if refused or s.task is None:
        return refused or Decision()
    moves = Decision()
    if s.task.to and s.dossier is not None and s.dossier.use_case.stage != s.task.to:
        why = s.task.note or s.task.text
        moves = move_by_hand(Moving(s.dossier, s.task.to, s.program, s.directory, s.circ, at=s.at, why=why))
        if not moves.changed:
            return moves
    kept = s.task.model_copy(update={"done_at": s.circ.now, "done_by": s.user})
    tasks = tuple(kept if t.id == kept.id else t for t in s.review.tasks)
    review = s.review.model_copy(update={"tasks": tasks})
    detail = {"task": kept.id, "use_case": kept.use_case}
    decision = Decision(
        changed=(review,),
        entries=(Entry(action="portfolio.task_done", subject=review.subject, detail=detail),),
        effects=(
            Forget(key=f"portfolio/{review.id}/task/{kept.id}/due"),
            Refresh(subject=review.subject),
            ShowHome(user=kept.owner),
        ),
    )
    return decision.and_then(moves)


def task_due(s: Sitting) -> Decision:
    """The clock: its day is over; its owner and the program team hear of it, once."""
    task = s.task
    if task is None or not task.open:
        return Decision()
    room = team_room(s.program)
    to: list[ToPerson | ToRoom] = [ToPerson(user=UserId(u)) for u in s.directory.active((task.owner,))]
    to += [ToRoom(name=room)] if room else []
    posts = tuple(
        Post(
            to=place,
            kind="portfolio_task_late",
            subject=s.review.subject,
            data={"task": task.id},
            key=f"portfolio/{s.review.id}/task/{task.id}/late/{n}",
        )
        for n, place in enumerate(to)
    )
    entry = Entry(action="portfolio.task_late", subject=s.review.subject, detail={"task": task.id})
    return Decision(entries=(entry,), effects=posts)
