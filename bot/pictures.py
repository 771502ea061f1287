"""Pictures that Slack has not looked through yet: a message with one goes without it, and gets it later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.registry import Message, Moment
from workflows.decision import Decision
from workflows.effects import Later, Post
from workflows.ids import Subject, UserId

WAITS = (0.5, 1.0, 2.0, 4.0)
"""Seconds after which the same message is tried again, one after the other, before it goes without."""
_LATER = (timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""When it is looked whether the pictures can be put in."""
JOB = "put_pictures"


def pictures_in(item: Any) -> list[str]:
    """Slack's ids of the files that blocks show."""
    if isinstance(item, list):
        return [id for inner in item for id in pictures_in(inner)]
    if not isinstance(item, dict):
        return []
    shown = item.get("slack_file")
    own = [str(shown["id"])] if isinstance(shown, dict) and "id" in shown else []
    return own + [id for v in item.values() if isinstance(v, dict | list) for id in pictures_in(v)]


def without_pictures(message: Message) -> Message:
    """The same message, its image blocks left out."""
    kept = [b for b in message.blocks if not (b.get("type") == "image" and pictures_in(b))]
    return Message(text=message.text, blocks=kept)


def put_in_later(moment: Moment, post: Post, files: list[str]) -> None:
    """Plan to draw a message again once its pictures are ready."""
    later = look_again(post.subject, post.card, files, 0, moment.now)
    if later is not None:
        with moment.store.write() as tx:
            circ = moment.circumstances(UserId("preflight"), "delivery")
            tx.apply(Decision(effects=(later,)), circ)


def look_again(
    subject: Subject, card: str | None, files: list[str], tries: int, now: datetime
) -> Later | None:
    """The job that looks once more, after ``tries`` looks; ``None`` where nothing can be redrawn, or it was
    looked often enough."""
    if card is None or tries >= len(_LATER):
        return None
    return Later(
        key=f"pictures/{subject}/{card}",
        due=now + _LATER[tries],
        name=JOB,
        subject=subject,
        data={"files": files, "card": card, "tries": tries + 1},
    )
