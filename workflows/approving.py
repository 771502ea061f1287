"""Deciding: approve (with conditions), reject, hand on, withdraw. Each checks its right first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflows.approval import Approval, Choice, Condition, Delegation, Seat, Verdict
from workflows.calendars import work_times
from workflows.closing import close
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect
from workflows.ids import Frozen, Place, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.rights import (
    Attempt,
    Right,
    holds_the_seat,
    is_active,
    is_the_submitter,
    mandate_is_unused,
    may_be_handed_on,
    not_the_submitter,
    still_waiting,
    turn_has_come,
)
from workflows.seats import (
    HANDED_ON_AT_MOST,
    approved,
    chain,
    holders,
    said,
    seat_meant,
    usable_mandate,
    with_seat,
)
from workflows.telling import desk_morning, forget_reminders, progress, redraw, seat_cards
from workflows.turns import open_next_seats
from workflows.use_case import UseCase

TEXT_AT_MOST = 3000
"""Characters of a reason, a question, an answer or a condition."""

_DECIDES = (
    is_active,
    not_the_submitter,
    holds_the_seat,
    still_waiting,
    turn_has_come,
    mandate_is_unused,
)


class Promise(Frozen):
    """A condition as an approver sets it: what, who sees to it, and by which day."""

    text: str
    owner: UserId
    due: date | None = None


APPROVE = Right("approve", _DECIDES)


def approve(
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    seat: str | None = None,
    conditions: Sequence[Promise] = (),
    at: Place | None = None,
) -> Decision:
    """Say yes in a seat, perhaps with conditions that come into force when the whole case is approved.

    ``seat`` ``None`` takes the one the person may decide in. When it was the last say the seat needs, the
    next seats open; when it was the last of all, the case is approved.
    Problems: ``text/N``, ``owner/N``, ``due/N`` for condition ``N`` (from 0).
    """
    sitting = seat_meant(approval, circ.actor.user, seat)
    refused = APPROVE.refused(Attempt(approval, directory, circ, seat=sitting, at=at))
    if refused or sitting is None:
        return refused or Decision()
    made, problems = _conditions(approval, sitting, conditions, program, directory, circ)
    if problems:
        return Decision(problems=problems)
    user = circ.actor.user
    sitting = _with_verdict(sitting, user, "approve", circ)
    # What they still wanted to know no longer stands in the way: they have decided without it.
    inquiries = tuple(
        i.model_copy(update={"dropped_at": circ.now})
        if i.open and i.by == user and i.seat == sitting.id
        else i
        for i in approval.inquiries
    )
    approval = with_seat(approval, sitting).model_copy(
        update={"inquiries": inquiries, "conditions": (*approval.conditions, *made)}
    )
    detail = {
        "seat": sitting.id,
        "for": sitting.verdicts[-1].for_,
        "conditions": [c.model_dump(mode="json", include={"id", "text", "owner", "due"}) for c in made],
    }
    decision = Decision(
        changed=(approval,), entries=(Entry(action="seat.approved", subject=approval.subject, detail=detail),)
    )
    if all(approved(s) for s in approval.seats):
        closed = close(approval, use_case, "approved", program, directory, circ, by=user, seat=sitting.id)
        return decision.and_then(closed)
    effects: list[Effect] = [
        progress(approval, use_case, "seat_approved", user, seat=sitting.id),
        *redraw(approval),
    ]
    if approved(sitting):
        effects = [*forget_reminders(approval, sitting.id), *effects]
    decision = decision.and_then(Decision(effects=tuple(effects)))
    return decision.and_then(open_next_seats(approval, use_case, program, directory, circ))


REJECT = Right("reject", _DECIDES)


def reject(
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    reason: str,
    seat: str | None = None,
    at: Place | None = None,
) -> Decision:
    """Say no in a seat, with a reason; one no closes the case. Problem ``reason`` when there is none."""
    sitting = seat_meant(approval, circ.actor.user, seat)
    refused = REJECT.refused(Attempt(approval, directory, circ, seat=sitting, at=at))
    if refused or sitting is None:
        return refused or Decision()
    reason = reason.strip()
    problem = wanting(reason, "reason_needed", program)
    if problem:
        return Decision(problems={"reason": problem})
    user = circ.actor.user
    sitting = _with_verdict(sitting, user, "reject", circ, reason)
    approval = with_seat(approval, sitting)
    detail = {"seat": sitting.id, "for": sitting.verdicts[-1].for_, "reason": reason}
    said_no = Entry(action="seat.rejected", subject=approval.subject, detail=detail)
    closed = close(approval, use_case, "rejected", program, directory, circ, by=user, seat=sitting.id)
    return Decision(entries=(said_no,)).and_then(closed)


DELEGATE = Right("delegate", (*_DECIDES, may_be_handed_on))


def delegate(
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    to: UserId,
    reason: str = "",
    seat: str | None = None,
    at: Place | None = None,
) -> Decision:
    """Hand one's say in a seat on to somebody. They may then decide in it, and nothing else.

    Whoever handed it on still sees the case, and may still decide as long as the other has not: it
    counts once. Problems ``to`` (with the reason in words) and ``reason`` (too long).
    """
    sitting = seat_meant(approval, circ.actor.user, seat)
    refused = DELEGATE.refused(Attempt(approval, directory, circ, seat=sitting, at=at))
    if refused or sitting is None:
        return refused or Decision()
    user, reason = circ.actor.user, reason.strip()
    problems = {}
    unfit = _unfit_for(approval, sitting, user, to, directory)
    if unfit:
        name = directory.person(to).name
        problems["to"] = program.messages[unfit].format_map({"who": name, "label": sitting.label})
    if len(reason) > TEXT_AT_MOST:
        problems["reason"] = wanting(reason, "reason_needed", program)
    if problems:
        return Decision(problems=problems)
    before = set(holders(sitting))
    given = Delegation(by=user, to=to, at=circ.now, reason=reason)
    sitting = sitting.model_copy(update={"delegations": (*sitting.delegations, given)})
    approval = with_seat(approval, sitting)
    detail = {"seat": sitting.id, "to": to, "reason": reason}
    effects: list[Effect] = [
        *seat_cards(approval, sitting, (to,), room=False),
        progress(approval, use_case, "delegated", user, seat=sitting.id, to=to),
        *redraw(approval, *before),
        desk_morning(to, directory, program, circ.now),
    ]
    return Decision(
        changed=(approval,),
        entries=(Entry(action="seat.delegated", subject=approval.subject, detail=detail),),
        effects=tuple(effects),
    )


WITHDRAW = Right("withdraw", (is_the_submitter, still_waiting))


def withdraw(
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    to: str = "draft",
    at: Place | None = None,
) -> Decision:
    """The submitter takes it back while it waits; the use case returns to stage ``to``."""
    refused = WITHDRAW.refused(Attempt(approval, directory, circ, at=at))
    if refused:
        return refused
    user = circ.actor.user
    return close(approval, use_case, "withdrawn", program, directory, circ, by=user, to=to)


def no_longer_wanted(
    approval: Approval, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """What it was about was taken back elsewhere, by whoever may: nobody has to decide about it any more."""
    if approval.status != "waiting":
        return Decision()
    return close(approval, use_case, "withdrawn", program, directory, circ, by=circ.actor.user)


def wanting(text: str, missing: str, program: Program) -> str:
    """What is wrong with a text somebody must give, in words: it is missing, or far too long."""
    if not text:
        return program.messages[missing]
    if len(text) > TEXT_AT_MOST:
        return program.messages["text_too_long"].format_map({"most": f"{TEXT_AT_MOST:,}"})
    return ""


def _with_verdict(seat: Seat, user: UserId, choice: Choice, circ: Circumstances, reason: str = "") -> Seat:
    mandate = usable_mandate(seat, user)
    verdict = Verdict(
        by=user,
        choice=choice,
        at=circ.now,
        reason=reason,
        for_=mandate if mandate != user else None,
        program=circ.program,
    )
    return seat.model_copy(update={"verdicts": (*seat.verdicts, verdict)})


def _unfit_for(approval: Approval, seat: Seat, user: UserId, to: UserId, directory: Directory) -> str:
    """The message that says why a seat cannot be handed to this person; empty when it can."""
    if to == user:
        return "delegate_is_you"
    if to in (*approval.own_to, *approval.apart):
        return "delegate_is_submitter"
    if not directory.person(to).active:
        return "delegate_is_away"
    if said(seat, to):
        return "delegate_decided"
    if to in holders(seat):
        return "delegate_is_in"
    mandate = usable_mandate(seat, user)
    held = chain(seat, mandate) if mandate else ()
    if mandate and user not in held:
        return "delegate_not_theirs"
    if mandate and held.index(user) >= HANDED_ON_AT_MOST:
        return "delegate_too_far"
    return ""


def _conditions(
    approval: Approval,
    seat: Seat,
    promises: Sequence[Promise],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> tuple[tuple[Condition, ...], dict[str, str]]:
    """The conditions as they are kept, and what is wrong with them by field."""
    made: list[Condition] = []
    problems: dict[str, str] = {}
    for number, promise in enumerate(promises):
        text = promise.text.strip()
        owner = directory.person(promise.owner)
        times = work_times(owner.id, directory, program.working_time)
        due = times.end_of(promise.due) if promise.due else None
        problem = wanting(text, "condition_needed", program)
        if problem:
            problems[f"text/{number}"] = problem
        if not owner.active:
            problems[f"owner/{number}"] = program.messages["owner_is_away"].format_map({"who": owner.name})
        if due and due <= circ.now:
            problems[f"due/{number}"] = program.messages["due_is_past"]
        id = f"C{len(approval.conditions) + len(made) + 1}"
        by = circ.actor.user
        made.append(Condition(id=id, seat=seat.id, by=by, text=text, owner=owner.id, due=due))
    return tuple(made), problems
