"""Looking things up: where my use cases are, what waits for me, my drafts, help, and a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.drawing import scene_for
from bot.hearing import not_for_them
from bot.inputs import Click, CommandIn
from bot.registry import (
    NOTHING,
    RENDERERS,
    Answer,
    Message,
    Moment,
    command,
    on_action,
    on_other_command,
)
from bot.views.kit import plain_text
from bot.views.record_foot import record_foot
from bot.views.say import words_of
from bot.views.where import record_blocks
from workflows.decision import Decision
from workflows.effects import Post, ToPerson, ToPlace
from workflows.ids import Place, Subject, UserId
from workflows.seeing import reads_record

_BLOCKS = 100
"""Of a modal."""

LISTS: Mapping[str, tuple[str, str]] = {
    "where": ("where", "where your use cases stand"),
    "waiting": ("desk", "what waits for your decision or answer"),
    "drafts": ("drafts", "your drafts, to go on with one"),
    "help": ("help", "what I do, what I do not, and the commands"),
}
"""``/preflight WORD``: what it shows, which the button ``show.KIND`` posts too, and what it is for."""


def _drawn(moment: Moment, kind: str, user: UserId) -> Message:
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=user), user)
        return RENDERERS[kind](scene, {})


def _on_command(kind: str) -> Callable[[Moment, CommandIn], Answer]:
    return lambda moment, said: Answer(note=_drawn(moment, kind, said.user))


@on_other_command
def other(moment: Moment, said: CommandIn) -> Answer:
    """A bare ``/preflight`` shows help; an unknown word says so first."""
    shown = _drawn(moment, "help", said.user)
    if not said.word:
        return Answer(note=shown)
    text = words_of(moment.program, "unknown_command", command=said.word[:60])
    unknown = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return Answer(note=Message(text=text, blocks=[unknown, *shown.blocks]))


def _on_button(kind: str) -> Callable[[Moment, Click], Answer]:
    """Posts what was asked for: in the thread of the click in one's own conversation, else by DM."""

    def show(moment: Moment, click: Click) -> Answer:
        circ = moment.circumstances(click.user, "button")
        with moment.store.write() as tx:
            if tx.first_time(click.key):
                direct = click.channel.startswith("D") and click.thread
                place = Place(channel=click.channel, thread=click.thread)
                to = ToPlace(place=place) if direct else ToPerson(user=click.user)
                post = Post(to=to, kind=kind, subject=Subject(type="person", id=click.user))
                tx.apply(Decision(effects=(post,)), circ)
        return NOTHING

    return show


for _word, (_kind, _what) in LISTS.items():
    command(_word, help=_what)(_on_command(_kind))
    on_action(f"show.{_kind}")(_on_button(_kind))


@on_action("record.open")
def open_record(moment: Moment, click: Click) -> Answer:
    """The whole record of a use case in a modal, for whoever may read it."""
    with moment.store.read() as reading:
        use_case = reading.use_case(str(click.value))
        if use_case is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        approval = reading.approval_of(use_case.id)
        directory = reading.directory()
        if not reads_record(click.user, use_case, approval, moment.program, directory, moment.now):
            return not_for_them(moment, use_case.subject)
        scene = scene_for(moment, reading, use_case.subject, click.user)
        foot = record_foot(scene, moment.program, use_case)
        blocks = [*record_blocks(scene, use_case)[: _BLOCKS - len(foot)], *foot]
    return Answer(
        view={
            "type": "modal",
            "callback_id": "record",
            "title": plain_text(str(use_case.id), 24),
            "close": plain_text("Close", 24),
            "blocks": blocks,
        }
    )
