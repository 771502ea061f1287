"""Everybody who is asked agrees, seat by seat, by the rules: how what is long decided was decided."""

from __future__ import annotations

from collections.abc import Callable

from bot.registry import Moment
from storage.store import Tx
from workflows import approving
from workflows.decision import Circumstances, Decision
from workflows.ids import ApprovalId, UseCaseId, UserId
from workflows.outcomes import followed
from workflows.seats import open_seats, to_act


def agree(
    tx: Tx,
    moment: Moment,
    use_case: UseCaseId,
    approval: ApprovalId,
    circ: Callable[[UserId], Circumstances],
    keep: Callable[[Decision, Circumstances], None],
) -> None:
    """Until no seat is open. ``circ`` says when and as whom each acts; ``keep`` stores what they decided."""
    program, directory = moment.program, tx.directory()
    while True:
        dossier = tx.dossier(use_case)
        assert dossier is not None
        waiting = next(a for a in dossier.approvals if a.id == approval)
        seats = open_seats(waiting)
        if not seats:
            return
        at = circ(to_act(seats[0])[0])
        yes = approving.approve(waiting, dossier.use_case, program, directory, at, seat=seats[0].id)
        keep(followed(yes, dossier, program, directory, at), at)
