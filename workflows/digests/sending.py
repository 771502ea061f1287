"""Sending: what is stored when a digest is posted, when it cannot be, and when it can be again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from workflows.decision import Circumstances, Decision, Entry
from workflows.digests.issue import DigestIssue
from workflows.digests.schedule import moved
from workflows.digests.subscription import Subscription, Trouble
from workflows.digests.turns import Due, forgotten, planned
from workflows.effects import Address, Effect, Post, Refresh, ToPerson, ToPlace, ToRoom
from workflows.ids import DigestIssueId, Frozen, Place, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import resolve, team_room

DIGEST, TROUBLE = "digest", "digest_trouble"
"""Kinds of posts."""
_BY_SLACK: Mapping[str, Trouble] = {
    "is_archived": "archived",
    "channel_not_found": "gone",
    "not_in_channel": "removed",
    "is_inactive": "archived",
    "method_not_supported_for_channel_type": "removed",
}
"""What Slack calls a trouble."""


class Composed(Frozen):
    """What a digest says this time, ready to be stored."""

    page: dict[str, Any]
    charts: dict[str, str] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """The parts that could not be worked out."""


class Whither(Frozen):
    """A channel as Slack describes it now."""

    channel: str
    name: str = ""
    private: bool = False


def address_of(subscription: Subscription) -> Address:
    """Where it is posted: by the channel's id as soon as that is known, whatever the channel is called."""
    if isinstance(subscription.to, ToRoom) and subscription.channel:
        return ToPlace(place=Place(channel=subscription.channel))
    return subscription.to


def where_key(subscription: Subscription) -> str:
    """What stands for digest and address in the key of a post: no two posts of a period have the same."""
    to = address_of(subscription)
    where = to.user if isinstance(to, ToPerson) else to.place.channel if isinstance(to, ToPlace) else to.name
    return f"{subscription.digest}{':' if subscription.function else ''}{subscription.function}/{where}"


def posted(
    subscription: Subscription,
    due: Due,
    issue: DigestIssueId | DigestIssue,
    composed: Composed,
    whither: Whither | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """This period's is posted, and the next one planned: all in one decision.

    ``issue``: a new id, or the issue of this period that Slack refused before.
    """
    again = isinstance(issue, DigestIssue)
    here = _found(subscription, whither)
    changed, later = planned(here, circ.now, due.period)
    id = issue.id if isinstance(issue, DigestIssue) else issue
    stored = DigestIssue(
        id=id,
        revision=issue.revision if isinstance(issue, DigestIssue) else 0,
        digest=subscription.digest,
        subscription=subscription.id,
        owner=subscription.owner,
        period=due.period,
        due_at=due.due,
        late=due.late,
        missing=composed.missing,
        page=composed.page,
        charts=composed.charts,
        opened_at=circ.now,
    )
    key = f"{DIGEST}/{where_key(here)}/{due.period}"
    post = Post(
        to=address_of(here),
        kind=DIGEST,
        subject=stored.subject,
        key=f"{key}/{stored.revision}" if again else key,
    )
    detail = {"digest": stored.digest, "period": due.period, "late": due.late}
    if composed.missing:
        detail["missing"] = list(composed.missing)
    entries = [Entry(action="digest.posted", subject=stored.subject, detail=detail)]
    entries += _missed(subscription, due.missed)
    effects: tuple[Effect, ...] = (post, later) if changed.wanted else (post, forgotten(subscription))
    whole = Decision(changed=(changed, stored), entries=tuple(entries), effects=effects)
    whole = whole.and_then(_renamed(subscription, changed, program, directory, circ.now))
    if subscription.status == "broken":
        whole = whole.and_then(Decision(effects=(Refresh(subject=subscription.subject, card=TROUBLE),)))
    return whole


def nothing_due(subscription: Subscription, circ: Circumstances) -> Decision:
    """It was sent already, or its time has not come: only the next one is planned."""
    changed, later = planned(subscription, circ.now)
    if changed == subscription:
        return Decision(effects=(later,))
    entry = Entry(action="digest.planned", subject=subscription.subject, detail={"next": changed.next_period})
    return Decision(changed=(changed,), entries=(entry,), effects=(later,))


def broken(
    subscription: Subscription,
    trouble: Trouble,
    because: str,
    due: Due | None,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """It cannot be posted: the program team is told, once; the next period is tried all the same."""
    told = subscription.status == "broken" and subscription.trouble == trouble
    missed = (*due.missed, due.period) if due else ()
    changed, later = planned(subscription, circ.now)
    changed = changed.model_copy(update={"status": "broken", "trouble": trouble, "because": because})
    detail = {"trouble": trouble, "because": because}
    entries = [Entry(action="digest.cannot_be_posted", subject=subscription.subject, detail=detail)]
    entries += _missed(subscription, missed)
    posts = () if told else _to_the_team(changed, {}, program, directory, circ.now)
    return Decision(changed=(changed,), entries=tuple(entries), effects=(later, *posts))


def refused_by_slack(
    subscription: Subscription,
    issue: DigestIssue,
    reason: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """It was on its way, and Slack would not take it: as if it had not been sent."""
    lost = issue.model_copy(update={"status": "refused", "closed_at": circ.now})
    entry = Entry(action="digest.refused", subject=issue.subject, detail={"because": reason})
    gone = Decision(changed=(lost,), entries=(entry,))
    if subscription.last_period == issue.period:
        subscription = subscription.model_copy(update={"last_period": moved(issue.period, -1)})
    if not subscription.wanted or isinstance(subscription.to, ToPerson):
        return gone
    return gone.and_then(broken(subscription, trouble_of(reason), reason, None, program, directory, circ))


def trouble_of(reason: str) -> Trouble:
    """Our word for what Slack says."""
    return _BY_SLACK.get(reason, "no_room" if "no open channel" in reason else "refused")


def ended_by_itself(subscription: Subscription, why: str, circ: Circumstances) -> Decision:
    """Nobody is there to read it, or the channel gets it already."""
    ended = subscription.model_copy(update={"status": "ended", "closed_at": circ.now})
    entry = Entry(action="digest.ended", subject=subscription.subject, detail={"why": why})
    return Decision(changed=(ended,), entries=(entry,), effects=(forgotten(subscription),))


def previewed(
    id: DigestIssueId,
    digest: str,
    user: UserId,
    composed: Composed,
    to: Address,
    circ: Circumstances,
) -> Decision:
    """One person sees it as it would be now: no period's, and not counted."""
    issue = DigestIssue(
        id=id,
        status="preview",
        digest=digest,
        owner=user,
        period=f"{circ.now.isoformat()}|{id}",
        due_at=circ.now,
        missing=composed.missing,
        page=composed.page,
        charts=composed.charts,
        opened_at=circ.now,
    )
    entry = Entry(action="digest.previewed", subject=issue.subject, detail={"digest": digest})
    return Decision(
        changed=(issue,), entries=(entry,), effects=(Post(to=to, kind=DIGEST, subject=issue.subject),)
    )


def _found(subscription: Subscription, whither: Whither | None) -> Subscription:
    """The subscription as it is once its channel answers."""
    mended = {"status": "running"} if subscription.status == "broken" else {}
    there = (
        {"channel": whither.channel, "called": whither.name, "private": whither.private} if whither else {}
    )
    return subscription.model_copy(update={**mended, **there, "trouble": "", "because": ""})


def _missed(subscription: Subscription, periods: Sequence[str]) -> list[Entry]:
    if not periods:
        return []
    detail = {"periods": list(periods), "why": "it could not be sent in time"}
    return [Entry(action="digest.skipped", subject=subscription.subject, detail=detail)]


def _renamed(
    before: Subscription, now: Subscription, program: Program, directory: Directory, at: datetime
) -> Decision:
    """The program names a channel that has another name today: its team is told, once for each name."""
    ours = before.to.name if isinstance(before.to, ToRoom) else ""
    if not ours or not now.called or now.called in (ours, before.called):
        return Decision()
    return Decision(effects=_to_the_team(now, {"renamed": now.called}, program, directory, at))


def _to_the_team(
    subscription: Subscription, data: dict[str, Any], program: Program, directory: Directory, now: datetime
) -> tuple[Post, ...]:
    room = team_room(program)
    team = resolve(program.program_team, program, {}, directory, now).people
    told: list[Address] = [ToRoom(name=room)] if room else [ToPerson(user=u) for u in team]
    kind = "digest_renamed" if data else TROUBLE
    return tuple(
        Post(to=to, kind=kind, subject=subscription.subject, data=data, card=None if data else TROUBLE)
        for to in told
    )
