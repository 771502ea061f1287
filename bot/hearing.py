"""Clicks and forms about something stored: it is locked, a rule decides, and each is answered in one way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from bot.inputs import Click, Submission, unpacked
from bot.registry import NOTHING, Answer, Message, Moment
from bot.views.approval_forms import told
from bot.views.say import words_of
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.ids import Place, Subject


class Heard(Protocol):
    """Something under its lock, with everything its rules need."""

    @property
    def title(self) -> str:
        """What a form about it is called that can no longer do what it was for."""


H = TypeVar("H", bound=Heard)
Load = Callable[[Tx, Moment, Circumstances, str], H | None]
"""Locks the thing of that id; ``None`` where it is gone."""


def clicked(moment: Moment, click: Click, load: Load[H], do: Callable[[H, str], Answer | None]) -> Answer:
    """Lock what the button belongs to and let ``do`` decide. A redelivered click does nothing.

    The button's value is the id, and after a bar whatever else ``do`` is told.
    """
    id, _, what = str(click.value or "").partition("|")
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        heard = load(tx, moment, circ, id)
        if heard is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        return do(heard, what) or NOTHING


def submitted(
    moment: Moment,
    submission: Submission,
    about: str,
    load: Load[H],
    do: Callable[[H, Mapping[str, Any]], Decision],
) -> Answer:
    """A form: corrections go to its fields, a refusal takes its place, success closes all.

    ``about`` is the name under which the form holds the id.
    """
    private = unpacked(submission.view.private)
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        heard = load(tx, moment, circ, str(private.get(about)))
        if heard is None:
            return Answer(update=told("Gone", words_of(moment.program, "card_gone")))
        # Under the rules that it goes by, where those are not the ones in force.
        circ = getattr(heard, "circ", circ)
        decision = do(heard, private)
        if decision.problems:
            return Answer(errors=dict(decision.problems))
        if not tx.first_time(submission.key):
            return Answer(clear=True)
        if is_refusal(decision):
            tx.apply(decision.model_copy(update={"effects": ()}), circ)
            return Answer(update=told(heard.title, refusal_text(moment, decision)))
        tx.apply(decision, circ)
    return Answer(clear=True)


def not_for_them(moment: Moment, subject: Subject) -> Answer:
    """Somebody asked for what is not theirs to read: they are told so, and it is kept in the audit log."""
    return Answer(note=Message(text=words_of(moment.program, "record_not_yours")), unread=subject)


def is_refusal(decision: Decision) -> bool:
    """Whether a rule said no."""
    return any(e.refused for e in decision.entries)


def refusal_text(moment: Moment, refused: Decision) -> str:
    """The sentence of a refusal; empty where it has none."""
    for effect in refused.effects:
        if effect.effect in ("whisper", "post"):
            data = getattr(effect, "data", {})
            return words_of(moment.program, str(data["message"]), **data["values"])
    return ""


def field(submission: Submission, block: str) -> str:
    """What is filled in there, as text."""
    return str(next(iter(submission.view.values.get(block, {}).values()), None) or "")


def place_of(click: Click) -> Place:
    """Where the click happened."""
    return Place(channel=click.channel, thread=click.thread)
