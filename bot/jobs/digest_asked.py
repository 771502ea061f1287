"""Digests that somebody asked for: one seen beforehand, one sent now, one for another channel."""

from __future__ import annotations

from bot.channels import Channel
from bot.digest_composing import Asked, composed
from bot.jobs.digest import send
from bot.registry import Job, works
from storage.reading import Reading
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.digests import managing, sending, turns
from workflows.digests.rights import PREVIEW, Attempt
from workflows.digests.schedule import period_of
from workflows.digests.sending import Whither
from workflows.digests.standing import in_zone
from workflows.digests.subscription import Schedule, Subscription
from workflows.digests.turns import Due
from workflows.effects import Post, ToPerson, ToPlace, ToRoom
from workflows.ids import Place, Subject, UserId

SHOW = "digest_preview"
CHANNEL = "digest_channel"


@works(SHOW)
def digest_preview(job: Job) -> None:
    """One person sees a digest as it would be now, in their own conversation; it counts as no period's."""
    user, circ = UserId(job.subject.id), _circ(job)
    spec = job.program.digests.digest(str(job.data.get("digest")))
    if spec is None:
        return
    function = str(job.data.get("function") or "")
    period = period_of(in_zone(Schedule(), job.program.digests.zone), job.now)
    due = Due(period=period, due=job.now, late=False)
    page = composed(job, Asked(spec, due, function, user))
    to = ToPlace(place=Place(**job.data["at"])) if job.data.get("at") else ToPerson(user=user)
    with job.store.write() as tx:
        if not tx.first_time(job.key, job.now):
            return
        attempt = Attempt(spec, to, job.program, tx.directory(), circ, function)
        refused = PREVIEW.refused(attempt)
        if refused is None:
            refused = sending.previewed(tx.new_id("digest_issue"), spec.id, user, page, to, circ)
        tx.apply(refused, circ)


@works(managing.NOW)
def digest_now(job: Job) -> None:
    """This period's is sent at once, because somebody wants it; they are told what came of it."""
    user = UserId(str(job.data.get("by")))
    circ = job.circumstances(user, "button")
    with job.store.read() as reading:
        subscription = reading.get(Subscription, job.subject.id)
        done = f"{job.key}/told"
    if subscription is None:
        return
    due = turns.asked_now(subscription, job.now)
    told = send(job, subscription, due, circ) if due else "digest_sent_already"
    with job.store.write() as tx:
        if tx.first_time(done, job.now):
            tx.apply(Decision(effects=(*managing.listed_again(user), said(subscription, user, told))), circ)


@works(CHANNEL)
def digest_channel(job: Job) -> None:
    """A digest is to come to a channel that somebody chose: the channel is looked at first."""
    user, circ = UserId(job.subject.id), _circ(job)
    id = str(job.data.get("channel"))
    channel = job.look(id, "", False) if job.look else Channel(id)
    with job.store.write() as tx:
        if not tx.first_time(job.key, job.now):
            return
        if channel.trouble:
            data = {"channel": channel.id, "trouble": channel.trouble}
            person = Subject(type="person", id=user)
            post = Post(to=ToPerson(user=user), kind="digest_channel_said", subject=person, data=data)
            tx.apply(Decision(effects=(post,)), circ)
            return
        whither = Whither(channel=channel.id, name=channel.name, private=channel.private)
        moved = str(job.data.get("subscription") or "")
        _moved(tx, job, circ, moved, whither) if moved else _subscribed(tx, job, circ, whither)


def _subscribed(tx: Tx, job: Job, circ: Circumstances, whither: Whither) -> None:
    user, spec = circ.actor.user, job.program.digests.digest(str(job.data.get("digest")))
    function = str(job.data.get("function") or "")
    schedule = Schedule.model_validate(job.data["schedule"])
    to = ToPlace(place=Place(channel=whither.channel))
    attempt = Attempt(spec, to, job.program, tx.directory(), circ, function)
    before = brings(tx, spec.id if spec else "", function, whither.channel, whither.name)
    decision = managing.subscribe(attempt, before, lambda: tx.new_id("subscription"), schedule, whither)
    _told(tx, job, user, decision, circ)


def _moved(tx: Tx, job: Job, circ: Circumstances, id: str, whither: Whither) -> None:
    there = tx.lock(Subscription, id)
    if there is None:
        return
    spec = job.program.digests.digest(there.digest)
    to = ToPlace(place=Place(channel=whither.channel))
    attempt = Attempt(spec, to, job.program, tx.directory(), circ, there.function, there)
    taken = brings(tx, there.digest, there.function, whither.channel, whither.name)
    _told(tx, job, circ.actor.user, managing.move(attempt, whither, taken), circ)


def brings(reading: Reading, digest: str, function: str, channel: str, name: str = "") -> Subscription | None:
    """What brings that digest to a channel, or did: by the channel's id or, before one is known, its name."""
    same = [
        s for s in reading.matters(Subscription, unowned=True) if (s.digest, s.function) == (digest, function)
    ]
    by_id = (s for s in same if s.channel == channel or s.key.endswith(f"|place/{channel}"))
    by_name = (s for s in same if not s.channel and isinstance(s.to, ToRoom) and s.to.name == name)
    return next(by_id, None) or next(by_name, None)


def _told(tx: Tx, job: Job, user: UserId, decision: Decision, circ: Circumstances) -> None:
    """It is kept, and whoever wanted it reads what it means."""
    problem = next(iter(decision.problems.values()), "")
    tx.apply(decision.model_copy(update={"problems": {}}), circ)
    if problem:
        person = Subject(type="person", id=user)
        data = {"message": "plain", "values": {"text": problem}}
        post = Post(to=ToPerson(user=user), kind="said", subject=person, data=data)
        tx.apply(Decision(effects=(post,)), circ)
    for changed in decision.changed:
        if isinstance(changed, Subscription):
            tx.apply(
                Decision(effects=(*managing.listed_again(user), said(changed, user, "digest_comes"))), circ
            )


def said(subscription: Subscription, user: UserId, message: str) -> Post:
    """One sentence about a subscription, in the person's own conversation."""
    to = ToPerson(user=user)
    return Post(to=to, kind="digest_said", subject=subscription.subject, data={"message": message})


def _circ(job: Job) -> Circumstances:
    """Somebody asked for it: it is done in their name."""
    return job.circumstances(UserId(job.subject.id), "button")
