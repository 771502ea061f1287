"""Standing orders: what the program wants delivered, and how subscriptions are brought into line with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from workflows.decision import Circumstances, Decision, Entry
from workflows.digests.policy import Delivered, DigestSpec
from workflows.digests.schedule import is_week
from workflows.digests.subscription import Schedule, Subscription, subscription_key
from workflows.digests.turns import forgotten, key_of, planned
from workflows.effects import Address, Effect, ToPerson, ToRoom
from workflows.ids import Frozen, SubscriptionId, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import resolve

Owners = Mapping[str, Sequence[UserId]]
"""The people that use cases name in answer to a question, by the question."""


class Order(Frozen):
    """One digest for one channel or person, as the program orders it."""

    digest: str
    to: Address
    function: str = ""
    schedule: Schedule
    """With the zone that counts."""

    @property
    def key(self) -> str:
        """What it is unique by."""
        return subscription_key(self.digest, self.to, self.function)


def orders(program: Program, directory: Directory, now: datetime, owners: Owners) -> tuple[Order, ...]:
    """Everything that the program orders at this moment, each address once for each digest."""
    found: dict[str, Order] = {}
    for spec in program.digests.digests:
        for delivered in spec.schedules:
            for order in _of(spec, delivered, program, directory, now, owners):
                found.setdefault(order.key, order)
    return tuple(found.values())


def _of(
    spec: DigestSpec,
    delivered: Delivered,
    program: Program,
    directory: Directory,
    now: datetime,
    owners: Owners,
) -> Iterable[Order]:
    at = in_zone(delivered.schedule, program.digests.zone)
    if delivered.room:
        yield Order(digest=spec.id, to=ToRoom(name=delivered.room), schedule=at)
    if delivered.functions:
        for function in program.functions.values():
            if function.room:
                yield Order(digest=spec.id, to=ToRoom(name=function.room), function=function.id, schedule=at)
    for user in people_of(delivered.role, program, directory, now, owners) if delivered.role else ():
        own = in_zone(delivered.schedule, directory.person(user).tz)
        yield Order(digest=spec.id, to=ToPerson(user=user), schedule=own)


def in_zone(schedule: Schedule, zone: str) -> Schedule:
    """The schedule by that zone, unless it names one itself."""
    return schedule if schedule.zone else schedule.model_copy(update={"zone": zone})


def people_of(
    role: str, program: Program, directory: Directory, now: datetime, owners: Owners
) -> tuple[UserId, ...]:
    """The people of a role: its own where it has any, never the program team in their place.

    Of a role that use cases name somebody for, all whom they name.
    """
    wanted = program.roles.get(role)
    if wanted is None:
        return ()
    named = tuple(u for way in wanted.resolve for u in owners.get(way.field, ()) if way.field)
    if any(way.field for way in wanted.resolve):
        return directory.active(named)
    found = resolve(role, program, {}, directory, now)
    return () if found.unresolved else found.people


def brought_into_line(
    existing: Sequence[Subscription],
    wanted: Sequence[Order],
    new_id: Callable[[], SubscriptionId],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """New orders begin, changed ones move, and those that nobody orders any more end.

    What somebody changed in Slack stays as they left it, as long as the program still has the digest.
    """
    whole = Decision()
    by_key = {s.key: s for s in existing}
    by_order = {s.order: s for s in existing if s.order}
    for order in wanted:
        there = by_order.get(order.key) or by_key.get(order.key)
        if there is None:
            fresh = Subscription(
                id=new_id(),
                digest=order.digest,
                to=order.to,
                owner=order.to.user if isinstance(order.to, ToPerson) else None,
                function=order.function,
                schedule=order.schedule,
                order=order.key,
                opened_at=circ.now,
            )
            whole = whole.and_then(_changed(fresh, "digest.ordered", circ))
        elif there.origin == "program" and (there.schedule != order.schedule or there.status == "ended"):
            update = {"schedule": order.schedule, "status": "running", "order": order.key, "closed_at": None}
            whole = whole.and_then(retimed(there.model_copy(update=update), "digest.reordered", circ))
    known = {order.key for order in wanted}
    for there in existing:
        gone = (
            program.digests.digest(there.digest) is None
            or (there.origin == "program" and there.order not in known)
            or (isinstance(there.to, ToPerson) and has_left(there.to.user, directory))
        )
        if gone and there.status != "ended":
            ended = there.model_copy(update={"status": "ended", "closed_at": circ.now})
            entry = Entry(action="digest.no_longer_ordered", subject=there.subject)
            whole = whole.and_then(Decision(changed=(ended,), entries=(entry,), effects=(forgotten(there),)))
    return whole


def has_left(user: UserId, directory: Directory) -> bool:
    """Whether somebody is known, and not there any more."""
    return user in directory.people and not directory.person(user).active


def retimed(subscription: Subscription, action: str, circ: Circumstances) -> Decision:
    """From now on at the times of its schedule: never a second time in a period, and a period that its new
    times leave out is noted."""
    was = subscription.next_period
    decision = _changed(subscription, action, circ)
    (changed,) = (c for c in decision.changed if isinstance(c, Subscription))
    left_out = was and is_week(was) == is_week(changed.next_period) and was < changed.next_period
    if not left_out or not subscription.wanted:
        return decision
    detail = {"periods": [was], "why": "its times were changed"}
    note = Entry(action="digest.skipped", subject=subscription.subject, detail=detail)
    return decision.and_then(Decision(entries=(note,)))


def _changed(subscription: Subscription, action: str, circ: Circumstances) -> Decision:
    changed, later = planned(subscription, circ.now)
    effects: tuple[Effect, ...] = (later,) if changed.wanted else (forgotten(subscription),)
    detail = {
        "digest": changed.digest,
        "schedule": changed.schedule.model_dump(mode="json"),
        "next": changed.next_period,
    }
    entry = Entry(action=action, subject=subscription.subject, detail=detail)
    return Decision(changed=(changed,), entries=(entry,), effects=effects)


def repaired(
    existing: Iterable[Subscription], on_their_way: Collection[str], circ: Circumstances
) -> Decision:
    """What is neither planned nor being done, though it should be, is planned again."""
    whole = Decision()
    for there in existing:
        if there.wanted and key_of(there) not in on_their_way:
            due = there.next_due or circ.now
            _, later = planned(there, circ.now)
            # One that fell due meanwhile is done now, and says itself how late it is.
            again = later.model_copy(update={"due": min(due, later.due)})
            entry = Entry(action="digest.planned_again", subject=there.subject)
            whole = whole.and_then(Decision(entries=(entry,), effects=(again,)))
    return whole
