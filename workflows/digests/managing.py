"""What people do with subscriptions in Slack: begin, pause, move, end them, and choose their times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflows.decision import Circumstances, Decision, Entry
from workflows.digests.rights import CHANGE, KEEP, SUBSCRIBE, Attempt
from workflows.digests.sending import TROUBLE, Whither
from workflows.digests.standing import retimed
from workflows.digests.subscription import Schedule, Subscription
from workflows.digests.turns import forgotten, planned
from workflows.effects import Effect, Refresh, ToPerson, ToPlace, Work
from workflows.ids import Place, Subject, SubscriptionId, UserId

LIST = "digests"
"""The card that lists them."""
PAGES = 5
"""How many pages of it are kept up to date."""
NOW = "digest_now"
"""The job that sends one because somebody wants it now."""


def list_card(page: int) -> str:
    """The name of one page of the list."""
    return f"{LIST}:{page}"


def listed_again(user: UserId) -> tuple[Effect, ...]:
    """The list that this person has, drawn anew."""
    person = Subject(type="person", id=user)
    return tuple(Refresh(subject=person, card=list_card(page)) for page in range(PAGES))


def subscribe(
    attempt: Attempt,
    before: Subscription | None,
    new_id: Callable[[], SubscriptionId],
    schedule: Schedule,
    whither: Whither | None = None,
) -> Decision:
    """It comes from now on. ``before``: what there was for the same digest and address, which may have ended.

    Problems: ``digest`` where it comes there already.
    """
    refused = SUBSCRIBE.refused(attempt)
    spec, circ = attempt.spec, attempt.circ
    if refused or spec is None:
        return refused or Decision()
    if before is not None and before.status != "ended":
        return Decision(problems={"digest": attempt.program.messages["digest_there_already"]})
    fresh: dict[str, Any] = {
        "schedule": schedule,
        "status": "running",
        "origin": "slack",
        "trouble": "",
        "because": "",
        "closed_at": None,
        **(_there(whither) if whither else {}),
    }
    made = before or Subscription(
        id=new_id(),
        digest=spec.id,
        to=attempt.to,
        owner=attempt.to.user if isinstance(attempt.to, ToPerson) else None,
        function=attempt.function,
        schedule=schedule,
        opened_at=circ.now,
    )
    return _begun(made.model_copy(update=fresh), "digest.subscribed", circ)


def retime(attempt: Attempt, schedule: Schedule) -> Decision:
    """From now on at these times: no period is sent twice for it, and one that it leaves out is noted."""
    refused, there = KEEP.refused(attempt), attempt.subscription
    if refused or there is None:
        return refused or Decision()
    changed = there.model_copy(update={"schedule": schedule, "origin": "slack"})
    return _with_list(retimed(changed, "digest.retimed", attempt.circ), attempt)


def pause(attempt: Attempt) -> Decision:
    """Nothing comes until it is taken up again."""
    refused, there = KEEP.refused(attempt), attempt.subscription
    if refused or there is None or not there.wanted:
        return refused or Decision()
    circ = attempt.circ
    paused = there.model_copy(update={"status": "paused", "origin": "slack", "paused_at": circ.now})
    entry = Entry(action="digest.paused", subject=there.subject)
    return _with_list(Decision(changed=(paused,), entries=(entry,), effects=(forgotten(there),)), attempt)


def resume(attempt: Attempt) -> Decision:
    """It comes again, from the next of its times on; what lay in between is not sent."""
    refused, there = CHANGE.refused(attempt), attempt.subscription
    if refused or there is None or there.status not in ("paused", "ended") or attempt.spec is None:
        return refused or Decision()
    again = {"status": "running", "origin": "slack", "paused_at": None, "closed_at": None}
    return _with_list(_begun(there.model_copy(update=again), "digest.resumed", attempt.circ), attempt)


def end(attempt: Attempt) -> Decision:
    """It comes no more; where the program orders it, that is so until somebody takes it up again."""
    refused, there = KEEP.refused(attempt), attempt.subscription
    if refused or there is None:
        return refused or Decision()
    circ = attempt.circ
    ended = there.model_copy(update={"status": "ended", "origin": "slack", "closed_at": circ.now})
    entry = Entry(action="digest.ended", subject=there.subject, detail={"why": "somebody ended it"})
    return _with_list(Decision(changed=(ended,), entries=(entry,), effects=(forgotten(there),)), attempt)


def move(attempt: Attempt, whither: Whither, taken: Subscription | None) -> Decision:
    """To another channel. ``taken``: what brings the same digest there already, if anything does.

    Problems: ``digest`` where it comes there already.
    """
    refused, there = CHANGE.refused(attempt), attempt.subscription
    if refused or there is None:
        return refused or Decision()
    if taken is not None and taken.id != there.id:
        return Decision(problems={"digest": attempt.program.messages["digest_there_already"]})
    update = {
        "to": ToPlace(place=Place(channel=whither.channel)),
        "owner": None,
        **_there(whither),
        "status": "paused" if there.status == "paused" else "running",
        "origin": "slack",
        "trouble": "",
        "because": "",
        "closed_at": None,
    }
    return _with_list(_begun(there.model_copy(update=update), "digest.moved", attempt.circ), attempt)


def send_now(attempt: Attempt) -> Decision:
    """This period's at once, unless it was sent; then the next comes at its time in the next period."""
    refused, there = KEEP.refused(attempt), attempt.subscription
    if refused or there is None:
        return refused or Decision()
    work = Work(name=NOW, subject=there.subject, data={"by": attempt.user})
    entry = Entry(action="digest.wanted_now", subject=there.subject)
    return Decision(entries=(entry,), effects=(work,))


def _there(whither: Whither) -> dict[str, Any]:
    return {"channel": whither.channel, "called": whither.name, "private": whither.private}


def _begun(subscription: Subscription, action: str, circ: Circumstances) -> Decision:
    changed, later = planned(subscription, circ.now)
    detail = {"digest": changed.digest, "next": changed.next_period}
    entry = Entry(action=action, subject=changed.subject, detail=detail)
    effects: tuple[Effect, ...] = (later,) if changed.wanted else (forgotten(changed),)
    return Decision(changed=(changed,), entries=(entry,), effects=effects)


def _with_list(decision: Decision, attempt: Attempt) -> Decision:
    there = attempt.subscription
    card = (Refresh(subject=there.subject, card=TROUBLE),) if there and there.status == "broken" else ()
    return decision.and_then(Decision(effects=(*listed_again(attempt.user), *card)))
