"""A subscription and its time: which period comes now, how late, what was missed, and what comes next."""

from __future__ import annotations

from datetime import datetime

from workflows.digests.schedule import (
    after,
    between,
    is_late,
    is_week,
    newest_due,
    next_after,
    period_of,
)
from workflows.digests.subscription import Subscription
from workflows.effects import Forget, Later
from workflows.ids import Frozen

JOB = "digest"
"""The job that sends one."""


class Due(Frozen):
    """A period whose time has come."""

    period: str
    due: datetime
    late: bool
    missed: tuple[str, ...] = ()
    """The periods before it that never came: they are not sent any more."""


def key_of(subscription: Subscription) -> str:
    """Under which its next turn is planned."""
    return f"{JOB}/{subscription.id}"


def planned(subscription: Subscription, now: datetime, last: str = "") -> tuple[Subscription, Later]:
    """The subscription with its next turn, and that turn as a job. ``last`` was sent just now."""
    posted = last or subscription.last_period
    turn = next_after(subscription.schedule, now, posted)
    changed = subscription.model_copy(
        update={"last_period": posted, "next_period": turn.period, "next_due": turn.due}
    )
    later = Later(
        key=key_of(subscription),
        due=turn.due,
        name=JOB,
        subject=subscription.subject,
        data={"period": turn.period},
    )
    return changed, later


def forgotten(subscription: Subscription) -> Forget:
    """Takes back what is planned for it."""
    return Forget(key=key_of(subscription))


def due_now(subscription: Subscription, now: datetime, late_after_minutes: int) -> Due | None:
    """The period that is to be sent now; ``None`` where there is none: too early, or sent already.

    After a time of rest it is the newest alone. Nothing that was due before the subscription began is sent.
    """
    newest = newest_due(subscription.schedule, now)
    expected = subscription.next_period
    if not expected or not after(newest.period, subscription.last_period):
        return None
    if is_week(expected) == is_week(newest.period) and newest.period < expected:
        return None
    return Due(
        period=newest.period,
        due=newest.due,
        late=is_late(newest.due, now, late_after_minutes),
        missed=between(expected, newest.period),
    )


def asked_now(subscription: Subscription, now: datetime) -> Due | None:
    """This period's, because somebody wants it now; ``None`` where it was sent already."""
    period = period_of(subscription.schedule, now)
    if not after(period, subscription.last_period):
        return None
    missed = between(subscription.next_period, period)
    return Due(period=period, due=now, late=False, missed=missed)
