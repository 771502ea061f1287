"""Digests when their time has come: looked at, worked out, and posted, once for each channel and period."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels import Channel
from bot.digest_composing import Asked, composed
from bot.registry import Job, Moment, at_start, works
from storage.errors import StaleState
from storage.owners import owners_of
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.digests import sending, standing, turns
from workflows.digests.issue import DigestIssue
from workflows.digests.rights import is_for
from workflows.digests.sending import Composed, Whither
from workflows.digests.subscription import Subscription
from workflows.digests.turns import Due
from workflows.effects import Later, ToPerson, ToRoom
from workflows.ids import Subject

ORDERS = "digest_orders"
_ORDERS_KEY = "digests/orders"
_DAY = timedelta(days=1)
_SOON = timedelta(seconds=20)
"""When it is looked again while nobody of the workspace is known yet."""


@works(turns.JOB)
def digest(job: Job) -> None:
    """The newest period that is due is posted, and the next one planned; after a rest it is one, not several.

    A period is taken once, whatever the clock, a replica or a click does meanwhile: the subscription is read
    again under its lock, and where it has changed since the page was worked out, all begins anew.
    """
    with job.store.read() as reading:
        subscription = reading.get(Subscription, job.subject.id)
    if subscription is None or not subscription.wanted:
        return
    due = turns.due_now(subscription, job.now, job.program.digests.late_after_minutes)
    if due is None:
        with job.store.write() as tx:
            there = _unchanged(tx, subscription)
            tx.apply(sending.nothing_due(there, _circ(job)), _circ(job))
        return
    send(job, subscription, due, _circ(job))


def send(job: Job, subscription: Subscription, due: Due, circ: Circumstances) -> str:
    """One period of one subscription is posted, or its trouble told; the key of a sentence that says so."""
    spec = job.program.digests.digest(subscription.digest)
    channel = _looked_at(job, subscription)
    trouble = channel.trouble if channel else ""
    page: Composed | None = None
    if spec is not None and not trouble:
        reader = subscription.to.user if isinstance(subscription.to, ToPerson) else None
        page = composed(job, Asked(spec, due, subscription.function, reader))
    with job.store.write() as tx:
        there, directory = _unchanged(tx, subscription), tx.directory()
        if spec is None:
            decision, told = sending.ended_by_itself(there, "the program has it no more", circ), "digest_gone"
        elif isinstance(there.to, ToPerson) and standing.has_left(there.to.user, directory):
            decision, told = sending.ended_by_itself(there, "whoever got it has left", circ), "digest_gone"
        elif isinstance(there.to, ToPerson) and not is_for(spec, there.to.user, job.program, directory, circ):
            decision = sending.ended_by_itself(there, "it is not for whoever got it", circ)
            told = "digest_gone"
        elif channel and _gets_it_already(tx, there, channel):
            decision = sending.ended_by_itself(there, "the channel gets it by another subscription", circ)
            told = "digest_twice"
        elif channel and channel.trouble:
            decision = sending.broken(there, channel.trouble, "", due, job.program, directory, circ)
            told = "digest_not_sent"
        else:
            assert page is not None
            before = next(iter(tx.matters(DigestIssue, name=f"{there.id}|{due.period}")), None)
            if before is not None and before.status != "refused":
                there = there.model_copy(update={"last_period": due.period})
                decision, told = sending.nothing_due(there, circ), "digest_sent_already"
            else:
                id = before or tx.new_id("digest_issue")
                whither = (
                    Whither(channel=channel.id, name=channel.name, private=channel.private)
                    if channel
                    else None
                )
                decision = sending.posted(there, due, id, page, whither, job.program, directory, circ)
                told = "digest_sent"
        tx.apply(decision, circ)
    return told


def _unchanged(tx: Tx, seen: Subscription) -> Subscription:
    """The subscription under its lock. Raises :class:`StaleState` where it is not as it was seen: then all is
    done once more."""
    there = tx.lock(Subscription, seen.id)
    if there is None or there.revision != seen.revision:
        raise StaleState(f"{seen.subject} was changed while its digest was worked out.")
    return there


def _looked_at(job: Job, subscription: Subscription) -> Channel | None:
    """The channel it goes to, as it is now; ``None`` for a person, and where there is no workspace to ask."""
    to = subscription.to
    if isinstance(to, ToPerson) or job.look is None:
        return None
    if isinstance(to, ToRoom):
        return job.look(subscription.channel, to.name, bool(subscription.last_period))
    return job.look(to.place.channel, "", bool(subscription.last_period))


def _gets_it_already(tx: Tx, mine: Subscription, channel: Channel) -> bool:
    """Whether an older subscription brings the same digest to the same channel."""
    return any(
        other.channel == channel.id
        and other.id < mine.id
        and (other.digest, other.function) == (mine.digest, mine.function)
        for other in tx.matters(Subscription, unowned=True, statuses=("running", "broken"))
    )


def _circ(moment: Moment) -> Circumstances:
    return moment.circumstances(moment.bot_user, "clock")


@works(ORDERS)
def digest_orders(job: Job) -> None:
    """Subscriptions follow the program and the people of today: looked at every day, and at each start."""
    circ = _circ(job)
    with job.store.write() as tx:
        directory = tx.directory()
        if not directory.people:
            tx.apply(Decision(effects=(_look_at_orders(job, job.now + _SOON),)), circ)
            return
        wanted = standing.orders(job.program, directory, job.now, owners_of(tx.connection))
        existing = tx.matters(Subscription)
        decision = standing.brought_into_line(
            existing, wanted, lambda: tx.new_id("subscription"), job.program, directory, circ
        )
        tx.apply(decision, circ)
        on_their_way = {*tx.falling_due(), *(later.key for later in tx.planned(turns.JOB))}
        still = tx.matters(Subscription)
        tx.apply(standing.repaired(still, on_their_way, circ), circ)
        tx.apply(Decision(effects=(_look_at_orders(job, job.now + _DAY),)), circ)


@at_start
def look_at_the_orders(moment: Moment) -> None:
    """What the program orders is looked at as soon as the bot has started: it may be another program now."""
    with moment.store.write() as tx:
        tx.apply(Decision(effects=(_look_at_orders(moment, moment.now),)), _circ(moment))


def _look_at_orders(moment: Moment, due: datetime) -> Later:
    about = Subject(type="program", id=moment.program.stamp.label)
    return Later(key=_ORDERS_KEY, due=due, name=ORDERS, subject=about)
