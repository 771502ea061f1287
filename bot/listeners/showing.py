"""Looking things up: where my use cases are, what waits for me, my drafts, help, and a record."""

from __future__ import annotations

from bot.inputs import Click, CommandIn
from bot.registry import (
    NOTHING,
    RENDERERS,
    Answer,
    Message,
    Moment,
    Scene,
    command,
    on_action,
    on_other_command,
)
from bot.views.kit import plain_text
from bot.views.say import words_of
from bot.views.where import record_blocks
from storage.store import Reading
from workflows.decision import Decision
from workflows.effects import Post, ToPerson, ToPlace
from workflows.ids import Place, Subject, UserId


def scene_for(moment: Moment, reading: Reading, subject: Subject, reader: UserId | None) -> Scene:
    """A scene drawn at once, for the answer to a click or command."""
    return Scene(
        reading=reading,
        program=moment.program,
        directory=reading.directory(),
        subject=subject,
        now=moment.now,
        settings=moment.settings,
        reader=reader,
    )


def _drawn(moment: Moment, kind: str, user: UserId) -> Message:
    with moment.store.read() as reading:
        scene = scene_for(moment, reading, Subject(type="person", id=user), user)
        return RENDERERS[kind](scene, {})


@command("where", help="where your use cases stand")
def where(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight where``."""
    return Answer(note=_drawn(moment, "where", said.user))


@command("waiting", help="what waits for your decision or answer")
def waiting(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight waiting``."""
    return Answer(note=_drawn(moment, "desk", said.user))


@command("drafts", help="your drafts, to go on with one")
def drafts(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight drafts``."""
    return Answer(note=_drawn(moment, "drafts", said.user))


@command("help", help="what I do, what I do not, and the commands")
def help_(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight help``."""
    return Answer(note=_drawn(moment, "help", said.user))


@on_other_command
def other(moment: Moment, said: CommandIn) -> Answer:
    """A bare ``/preflight`` shows help; an unknown word says so first."""
    shown = _drawn(moment, "help", said.user)
    if not said.word:
        return Answer(note=shown)
    text = words_of(moment.program, "unknown_command", word=said.word[:60])
    unknown = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return Answer(note=Message(text=text, blocks=[unknown, *shown.blocks]))


def _show(moment: Moment, click: Click, kind: str) -> Answer:
    """Posts what was asked for: in the thread of the click in one's own conversation, else by DM."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if tx.first_time(click.key):
            direct = click.channel.startswith("D") and click.thread
            place = Place(channel=click.channel, thread=click.thread)
            to = ToPlace(place=place) if direct else ToPerson(user=click.user)
            post = Post(to=to, kind=kind, subject=Subject(type="person", id=click.user))
            tx.apply(Decision(effects=(post,)), circ)
    return NOTHING


@on_action("show.where")
def show_where(moment: Moment, click: Click) -> Answer:
    """The button "Where is my use case?"."""
    return _show(moment, click, "where")


@on_action("show.desk")
def show_desk(moment: Moment, click: Click) -> Answer:
    """The button "What waits for me?"."""
    return _show(moment, click, "desk")


@on_action("show.drafts")
def show_drafts(moment: Moment, click: Click) -> Answer:
    """The button "My drafts"."""
    return _show(moment, click, "drafts")


@on_action("show.help")
def show_help(moment: Moment, click: Click) -> Answer:
    """The button "What can you do?"."""
    return _show(moment, click, "help")


@on_action("record.open")
def open_record(moment: Moment, click: Click) -> Answer:
    """The whole record of a use case in a modal, for its submitter and those who decide or are told."""
    with moment.store.read() as reading:
        use_case = reading.use_case(str(click.value))
        if use_case is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        approval = reading.approval_of(use_case.id)
        involved = {use_case.submitter}
        if approval:
            involved |= {u for seat in approval.seats for u in seat.people} | set(approval.notify)
            involved |= {d.to for seat in approval.seats for d in seat.delegations}
            involved |= {i.of for i in approval.inquiries}
        if click.user not in involved:
            return Answer(note=Message(text=words_of(moment.program, "record_not_yours")))
        scene = scene_for(moment, reading, use_case.subject, click.user)
        blocks = record_blocks(scene, use_case)
    return Answer(
        view={
            "type": "modal",
            "callback_id": "record",
            "title": plain_text(str(use_case.id), 24),
            "close": plain_text("Close", 24),
            "blocks": blocks[:100],
        }
    )
