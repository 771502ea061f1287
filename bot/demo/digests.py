"""The demo's Monday: what the channels get once a week is there from the first minutes."""

from __future__ import annotations

import threading

from bot.registry import Moment
from bot.service import Service
from workflows.decision import Actor, Circumstances
from workflows.digests import managing
from workflows.digests.rights import Attempt
from workflows.digests.subscription import Subscription
from workflows.effects import ToRoom
from workflows.roles import resolve

_ROOMS = ("ai-leadership", "claims", "customer-service")
_EVERY = 0.5
_TRIES = 60


def want_digests(service: Service, ended: threading.Event) -> None:
    """As soon as the program's own are there, the program team wants this week's at once.

    In a demo that was running before they are there already, and none comes twice.
    """
    for _ in range(_TRIES):
        if ended.wait(_EVERY) or _wanted(service.moment()):
            return


def _wanted(moment: Moment) -> bool:
    """Whether they are on their way; the program's own subscriptions come a moment after the people."""
    with moment.store.write() as tx:
        directory, program = tx.directory(), moment.program
        theirs = [
            s
            for s in tx.matters(Subscription, statuses=("running",))
            if isinstance(s.to, ToRoom) and s.to.name in _ROOMS
        ]
        team = resolve(program.program_team, program, {}, directory, moment.now).people
        if not theirs or not team:
            return False
        actor = Actor(user=team[0], door="command")
        circ = Circumstances(now=moment.now, actor=actor, program=program.stamp)
        for subscription in theirs:
            spec = program.digests.digest(subscription.digest)
            attempt = Attempt(
                spec, subscription.to, program, directory, circ, subscription.function, subscription
            )
            if not subscription.last_period:
                tx.apply(managing.send_now(attempt), circ)
    return True
