"""What the program team reads when a digest cannot be posted, or its channel was renamed."""

from __future__ import annotations

from typing import Any

from bot.registry import Message, Scene, renders
from bot.views.digest_words import values_of
from bot.views.kit import actions, bare, button, section
from bot.views.say import say
from workflows.digests.sending import TROUBLE
from workflows.digests.subscription import Subscription


@renders(TROUBLE)
def digest_trouble(scene: Scene, _data: dict[str, Any]) -> Message:
    """Which digest, why, and what to do; once it is mended, that it is."""
    subscription = _of(scene)
    values = values_of(scene, subscription)
    if subscription.status != "broken":
        key = {"running": "digest_mended", "paused": "digest_is_paused"}.get(
            subscription.status, "digest_is_ended"
        )
        text = say(scene, key, **values)
        return Message(text=bare(text), blocks=[section(text)])
    text = say(
        scene, "digest_broken", fix=say(scene, f"digest_fix_{subscription.trouble or 'refused'}"), **values
    )
    buttons = [
        button("Try again", "digest.menu/now", f"{subscription.id}|now", style="primary"),
        button("Choose another channel", "digest.menu/move", f"{subscription.id}|move"),
        button("End it", "digest.menu/end", f"{subscription.id}|end"),
    ]
    return Message(text=bare(text), blocks=[section(text), actions(f"digest|{subscription.id}", buttons)])


@renders("digest_renamed")
def digest_renamed(scene: Scene, data: dict[str, Any]) -> Message:
    """The program still has the channel's old name; the digest goes on."""
    subscription = _of(scene)
    named = getattr(subscription.to, "name", "")
    text = say(scene, "digest_renamed", old=named, **values_of(scene, subscription))
    return Message(text=bare(text), blocks=[section(text)])


def _of(scene: Scene) -> Subscription:
    found = scene.reading.get(Subscription, scene.subject.id)
    if found is None:
        raise LookupError(str(scene.subject))
    return found
