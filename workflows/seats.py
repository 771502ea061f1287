"""Who holds which seat of an approval at this moment, what is decided, and whose turn it is."""

from __future__ import annotations

from workflows.approval import Approval, Delegation, Seat, Verdict
from workflows.ids import UserId

HANDED_ON_AT_MOST = 3
"""How often one mandate may be handed on."""


def chain(seat: Seat, mandate: UserId) -> tuple[UserId, ...]:
    """Everyone who holds one mandate: the person it was given to, and those it was handed on to, in order.

    Handing on again replaces what was handed on before. The chain only ever follows later delegations, so
    it ends.
    """
    return (mandate, *(d.to for d in handed_on(seat, mandate)))


def handed_on(seat: Seat, mandate: UserId) -> tuple[Delegation, ...]:
    """The delegations by which one mandate went from hand to hand, in order."""
    links: list[Delegation] = []
    holder, since = mandate, -1
    while True:
        given = [
            (i, d)
            for i, d in enumerate(seat.delegations)
            if i > since and d.by == holder and d.kind != "standing" and d.ended_at is None
        ]
        if not given:
            return tuple(links)
        since, delegation = given[-1]
        links.append(delegation)
        holder = delegation.to


def beside(seat: Seat, mandate: UserId) -> tuple[Delegation, ...]:
    """The standing delegations of those who hold one mandate: their delegates may decide under it as well."""
    held = chain(seat, mandate)
    return tuple(d for d in seat.delegations if d.kind == "standing" and d.ended_at is None and d.by in held)


def may_use(seat: Seat, mandate: UserId) -> tuple[UserId, ...]:
    """Everyone who may decide under one mandate, each once."""
    return tuple(dict.fromkeys((*chain(seat, mandate), *(d.to for d in beside(seat, mandate)))))


def holders(seat: Seat) -> dict[UserId, UserId]:
    """Everyone who may decide in the seat, and under whose mandate; one's own comes first."""
    held: dict[UserId, UserId] = {}
    for mandate in seat.people:
        for user in may_use(seat, mandate):
            held.setdefault(user, mandate)
    return {**held, **{user: user for user in seat.people}}


def spent(seat: Seat) -> dict[UserId, Verdict]:
    """The mandates under which somebody decided already."""
    return {v.for_ or v.by: v for v in seat.verdicts}


def said(seat: Seat, user: UserId) -> Verdict | None:
    """What this person already decided in the seat."""
    return next((v for v in seat.verdicts if v.by == user), None)


def usable_mandate(seat: Seat, user: UserId) -> UserId | None:
    """The mandate under which this person may still decide here, if any; their own before another's."""
    if said(seat, user):
        return None
    used = spent(seat)
    mine = [m for m in seat.people if m not in used and user in may_use(seat, m)]
    return user if user in mine else (mine[0] if mine else None)


def rejected(seat: Seat) -> bool:
    """Whether somebody said no."""
    return any(v.choice == "reject" for v in seat.verdicts)


def approved(seat: Seat) -> bool:
    """Whether as many as the quorum said yes, and nobody no."""
    return not rejected(seat) and len(seat.verdicts) >= seat.quorum


def decided(seat: Seat) -> bool:
    """Whether the seat has had its say."""
    return rejected(seat) or approved(seat)


def is_open(approval: Approval, seat: Seat) -> bool:
    """Whether the seat's turn has come and its say is still wanted."""
    return approval.status == "waiting" and seat.opened_at is not None and not decided(seat)


def open_seats(approval: Approval) -> tuple[Seat, ...]:
    """The seats whose say is wanted now."""
    return tuple(s for s in approval.seats if is_open(approval, s))


def to_act(seat: Seat) -> tuple[UserId, ...]:
    """Whom the seat waits on: the last holder of every mandate that is not used, and standing delegates."""
    used = spent(seat)
    last: list[UserId] = []
    for mandate in (m for m in seat.people if m not in used):
        last += [chain(seat, mandate)[-1], *(d.to for d in beside(seat, mandate))]
    return tuple(dict.fromkeys(u for u in last if not said(seat, u)))


def involved(approval: Approval) -> tuple[UserId, ...]:
    """Everyone who has, or had, something to do with the case, each once."""
    users: list[UserId] = [*approval.own_to]
    for seat in approval.seats:
        users += seat.people
        users += [d.to for d in seat.delegations]
    users += [i.of for i in approval.inquiries]
    users += [c.owner for c in approval.conditions]
    return tuple(dict.fromkeys(users))


def seat_meant(approval: Approval, user: UserId, id: str | None) -> Seat | None:
    """The seat of that id; without one, the first that is open to this person, or else any they hold."""
    if id is not None:
        return approval.seat(id)
    mine = [s for s in approval.seats if user in holders(s)]
    open_to = [s for s in mine if s.opened_at and usable_mandate(s, user)]
    return next(iter((*open_to, *mine)), None)


def with_seat(approval: Approval, seat: Seat) -> Approval:
    """The case with this seat in the place of the one that has its id."""
    seats = tuple(seat if s.id == seat.id else s for s in approval.seats)
    return approval.model_copy(update={"seats": seats})
