"""Conditions of an approval, tracked until they are done: marking them done, and reminding of them."""

from __future__ import annotations

from workflows.approval import Approval, Condition
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Forget, Post, ToPerson
from workflows.ids import Place, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.rights import Attempt, Right, condition_is_open, is_active, may_close_condition
from workflows.telling import progress, redraw
from workflows.use_case import UseCase

CONDITION_DONE = Right("condition_done", (is_active, may_close_condition, condition_is_open))


def condition_done(
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    condition: str,
    at: Place | None = None,
) -> Decision:
    """Mark a condition done, by its owner or by whoever set it; both, and the submitter, are told."""
    met = approval.condition(condition)
    refused = CONDITION_DONE.refused(Attempt(approval, directory, circ, condition=met, at=at))
    if refused or met is None:
        return refused or Decision()
    user = circ.actor.user
    done = met.model_copy(update={"done_at": circ.now, "done_by": user})
    conditions = tuple(done if c.id == met.id else c for c in approval.conditions)
    approval = approval.model_copy(update={"conditions": conditions})
    effects: list[Effect] = [
        Forget(key=f"condition/{approval.id}/{met.id}/"),
        progress(approval, use_case, "condition_done", user, condition=met.id),
    ]
    if met.by not in (user, approval.submitter):
        effects.append(_post(approval, met, met.by, "condition_met"))
    return Decision(
        changed=(approval,),
        entries=(Entry(action="condition.done", subject=approval.subject, detail={"condition": met.id}),),
        effects=(*effects, *redraw(approval)),
    )


def condition_due(
    approval: Approval, condition: str, when: str, directory: Directory, circ: Circumstances
) -> Decision:
    """The clock: remind the owner; when it is overdue, tell the person who set it as well."""
    kept = approval.condition(condition)
    if kept is None or kept.done_at or approval.status != "approved":
        return Decision()
    users = (kept.owner,) if when == "due" else tuple(dict.fromkeys((kept.owner, kept.by)))
    posts = tuple(_post(approval, kept, u, f"condition_{when}") for u in directory.active(users))
    detail = {
        "condition": kept.id,
        "when": when,
        "to": [p.to.user for p in posts if isinstance(p.to, ToPerson)],
    }
    entry = Entry(action="condition.reminded", subject=approval.subject, detail=detail)
    return Decision(entries=(entry,), effects=posts)


def _post(approval: Approval, condition: Condition, user: UserId, what: str) -> Post:
    return Post(
        to=ToPerson(user=user),
        kind="reminder",
        subject=approval.subject,
        data={"condition": condition.id, "what": what},
        key=f"{what}/{approval.id}/{condition.id}/{user}",
    )
