"""What a rule wants done in the world, in neutral terms: no Slack, no rendering."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from workflows.ids import Frozen, Place, Subject, UserId


class ToPerson(Frozen):
    """The person's direct message with the bot."""

    to: Literal["person"] = "person"
    user: UserId


class ToPlace(Frozen):
    """A known conversation, by channel id and thread."""

    to: Literal["place"] = "place"
    place: Place


class ToRoom(Frozen):
    """A channel by the name the program gives it, without ``#``."""

    to: Literal["room"] = "room"
    name: str


Address = Annotated[ToPerson | ToPlace | ToRoom, Field(discriminator="to")]


class Post(Frozen):
    """Post one message; the renderer named ``kind`` draws it at delivery from the state of that moment.

    ``card`` names the message within its subject when it is to be updated in place by later
    :class:`Refresh` effects. ``anchor`` means: the message's own ts becomes the thread of the walk
    that is its subject. ``key`` defaults to one made from the decision, unique by construction; give one
    where the same thing must never be posted twice across decisions (a nudge, a reminder). ``begun``: a
    message with this key may be there already, half told; then it is that one that is told to its end.
    """

    effect: Literal["post"] = "post"
    to: Address
    kind: str
    subject: Subject
    data: dict[str, Any] = Field(default_factory=dict)
    card: str | None = None
    anchor: bool = False
    key: str | None = None
    begun: bool = False


class Whisper(Frozen):
    """Tell one person something in a place without keeping it there (ephemeral; at most once).

    Never used for anything that must be acted on.
    """

    effect: Literal["whisper"] = "whisper"
    place: Place
    user: UserId
    kind: str
    subject: Subject
    data: dict[str, Any] = Field(default_factory=dict)


class Refresh(Frozen):
    """Redraw, in place, the cards posted for a subject: the one named, or all of them."""

    effect: Literal["refresh"] = "refresh"
    subject: Subject
    card: str | None = None


class ShowHome(Frozen):
    """Publish a person's Home tab again."""

    effect: Literal["home"] = "home"
    user: UserId


class Work(Frozen):
    """A job for after the commit (it may run a model, or call out); it ends in a transaction of its own."""

    effect: Literal["work"] = "work"
    name: str
    subject: Subject
    data: dict[str, Any] = Field(default_factory=dict)
    key: str | None = None


class Later(Frozen):
    """A job that falls due at a time. The key is unique: planning it again moves it."""

    effect: Literal["later"] = "later"
    key: str
    due: datetime
    name: str
    subject: Subject
    data: dict[str, Any] = Field(default_factory=dict)


class Forget(Frozen):
    """Take back a planned :class:`Later` (all whose key starts with this prefix)."""

    effect: Literal["forget"] = "forget"
    key: str


Effect = Annotated[Post | Whisper | Refresh | ShowHome | Work | Later | Forget, Field(discriminator="effect")]

FEW_AT_A_TIME: Mapping[str, int] = {"digest": 2, "retention": 1}
"""Work that takes long and comes in crowds, as on a Monday at nine: how much of it is done at a time, by all
replicas together."""
