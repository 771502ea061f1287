"""What happens to an incident when its time comes, and when its review is handed in."""

from __future__ import annotations

from collections.abc import Callable

from bot.listeners.incident import Hearing, hearing
from bot.registry import Job, works
from workflows.decision import Decision
from workflows.incidents import actions, reviewing, waiting
from workflows.walk import Walk


@works("incident_untaken")
def incident_untaken(job: Job) -> None:
    """Nobody has taken it: it goes to the next ones."""
    _do(job, lambda heard: waiting.untaken(heard.handling(), int(str(job.data.get("step") or 0))))


@works("incident_update_due")
def incident_update_due(job: Job) -> None:
    """Those who wait are to hear something."""
    _do(job, lambda heard: waiting.update_due(heard.handling(), str(job.data.get("due"))))


@works("incident_action_due")
def incident_action_due(job: Job) -> None:
    """An action is due, or late."""
    when, due = str(job.data.get("when")), str(job.data.get("due"))
    action = str(job.data.get("action"))
    _do(job, lambda heard: actions.action_due(heard.handling(action=action), when, due))


@works("incident_reviewed")
def incident_reviewed(job: Job) -> None:
    """The review was handed in: its actions go out. The words are whoever's who wrote it."""
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        walk = tx.get(Walk, str(job.data.get("walk")))
        if walk is None or walk.matter is None:
            return
        circ = job.circumstances(walk.owner, "clock")
        heard = hearing(tx, job, circ, walk.matter.id)
        if heard is not None:
            tx.apply(reviewing.reviewed(heard.handling(), walk), circ)


def _do(job: Job, rule: Callable[[Hearing], Decision]) -> None:
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        heard = hearing(tx, job, circ, job.subject.id)
        if heard is not None:
            tx.apply(rule(heard), circ)
