"""The list of digests: those that come to the reader, those of channels they look after, and the others."""

from __future__ import annotations

from typing import Any

from bot.registry import Block, Message, Scene, renders
from bot.views.digest_words import about_words, schedule_words, state_words, where_words
from bot.views.kit import (
    Element,
    actions,
    bare,
    button,
    context,
    divider,
    escape,
    header,
    option,
    overflow,
    section,
)
from bot.views.say import say
from workflows.decision import Actor, Circumstances
from workflows.digests.managing import LIST
from workflows.digests.rights import CHANGE, PREVIEW, SUBSCRIBE, Attempt
from workflows.digests.subscription import Subscription
from workflows.effects import ToPerson
from workflows.ids import UserId

PAGE = 10
_SPECS_AT_MOST = 12


@renders(LIST)
def digests(scene: Scene, data: dict[str, Any]) -> Message:
    """One page of it, for one person."""
    # In a thread of their own conversation nobody else reads along either, and who reads is not said.
    user = scene.reader or UserId(str(data["reader"]))
    mine, kept = subscriptions_of(scene, user)
    page = max(0, min(int(data.get("page", 0)), max(len(kept) - 1, 0) // PAGE))
    text = say(scene, "digest_list")
    blocks: list[Block] = [header(bare(text))]
    if mine:
        blocks.append(section(say(scene, "digest_list_yours")))
        blocks += [_row(scene, s, user) for s in mine]
    if kept:
        blocks.append(section(say(scene, "digest_list_channels")))
        blocks += [_row(scene, s, user) for s in kept[page * PAGE : (page + 1) * PAGE]]
        blocks += _pages(page, len(kept))
    blocks += [divider(), *_specs(scene, user)]
    return Message(text=bare(text), blocks=blocks)


def subscriptions_of(scene: Scene, user: UserId) -> tuple[list[Subscription], list[Subscription]]:
    """Those that come to this person, and those in channels that they look after, by title and place."""
    there = ("running", "paused", "broken")
    mine = scene.reading.matters(Subscription, owner=user, statuses=there)
    of_channels = scene.reading.matters(Subscription, unowned=True, statuses=there)
    kept = [s for s in of_channels if may_change(scene, user, s)]
    order = lambda s: (about_words(scene.program, s), s.id)  # noqa: E731
    return sorted(mine, key=order), sorted(kept, key=order)


def may_change(scene: Scene, user: UserId, subscription: Subscription) -> bool:
    """Whether this person looks after it."""
    return CHANGE.refused(_attempt(scene, user, subscription=subscription)) is None


def _attempt(
    scene: Scene, user: UserId, digest: str = "", subscription: Subscription | None = None
) -> Attempt:
    circ = Circumstances(now=scene.now, actor=Actor(user=user, door="button"), program=scene.program.stamp)
    return Attempt(
        scene.program.digests.digest(subscription.digest if subscription else digest),
        subscription.to if subscription else ToPerson(user=user),
        scene.program,
        scene.directory,
        circ,
        subscription.function if subscription else "",
        subscription,
    )


def _row(scene: Scene, subscription: Subscription, reader: UserId) -> Block:
    text = say(
        scene,
        "digest_row",
        title=about_words(scene.program, subscription),
        where=where_words(scene.program, subscription, reader),
        when=schedule_words(scene.program, subscription.schedule),
        state=state_words(scene, subscription),
    )
    return section(text, accessory=_menu(subscription))


def _menu(subscription: Subscription) -> Element:
    paused = subscription.status == "paused"
    offered = {
        "preview": "Preview, to me",
        "time": "Change the time" if isinstance(subscription.to, ToPerson) else "Change the time or place",
        "resume" if paused else "pause": "Take it up again" if paused else "Pause",
        "now": "Send it now",
        "end": "End",
    }
    options = [option(label, f"{subscription.id}|{verb}") for verb, label in offered.items()]
    return overflow(f"digest.menu/{subscription.id}", options)


def _pages(page: int, of: int) -> list[Block]:
    if of <= PAGE:
        return []
    turn = [button("Back", "digest.page/back", str(page - 1))] if page else []
    turn += [button("Next", "digest.page/next", str(page + 1))] if (page + 1) * PAGE < of else []
    return [
        context(f"{page * PAGE + 1} to {min((page + 1) * PAGE, of)} of {of}"),
        actions("digest|pages", turn),
    ]


def _specs(scene: Scene, user: UserId) -> list[Block]:
    """What there is, for this reader."""
    allowed = [
        spec
        for spec in scene.program.digests.digests
        if PREVIEW.refused(_attempt(scene, user, spec.id)) is None
    ]
    if not allowed:
        return [section(say(scene, "digest_none"))]
    made: list[Block] = [section(say(scene, "digest_list_all"))]
    for spec in allowed[:_SPECS_AT_MOST]:
        shown = button("Show me", f"digest.preview/{spec.id}", spec.id)
        made.append(section(f"*{escape(spec.title)}*", accessory=shown))
    buttons = []
    if SUBSCRIBE.refused(_attempt(scene, user, allowed[0].id)) is None:
        buttons.append(button("Send me one regularly", "digest.new/me", "me"))
    buttons.append(button("Send one to a channel", "digest.new/channel", "channel"))
    made.append(actions("digest|new", buttons))
    return made
