"""A digest that was on its way, and that Slack would not take."""

from __future__ import annotations

from bot.registry import Moment
from storage.outbox import Claimed
from storage.store import Tx
from workflows.decision import Decision
from workflows.digests.issue import DigestIssue
from workflows.digests.sending import DIGEST, refused_by_slack
from workflows.digests.subscription import Subscription
from workflows.effects import Post, ToPerson
from workflows.ids import UserId


def lost(tx: Tx, row: Claimed, reason: str, moment: Moment) -> Decision | None:
    """What follows when the post of a subscription's digest is given up; ``None`` where it is none.

    The subscription is broken then, and the program team is told in its own words, once.
    """
    effect = row.effect
    if not (isinstance(effect, Post) and effect.kind == DIGEST and not isinstance(effect.to, ToPerson)):
        return None
    seen = tx.get(DigestIssue, effect.subject.id)
    subscription = tx.lock(Subscription, seen.subscription) if seen and seen.subscription else None
    issue = tx.lock(DigestIssue, effect.subject.id)
    if subscription is None or issue is None:
        return None
    circ = moment.circumstances(UserId("preflight"), "delivery")
    return refused_by_slack(subscription, issue, reason, moment.program, tx.directory(), circ)
