"""From an effect to a message, by the renderer of its kind and the state of now; and a plain way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.policies import rules_for
from bot.registry import RENDERERS, Block, Message, Moment, Scene
from bot.views.kit import BLOCKS_IN_MESSAGE, TEXT_IN_MESSAGE, bare, parts, weigh
from workflows.ids import Subject, UserId

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from storage.reading import Reading

_PLAIN = 3500


class NotDrawable(Exception):
    """There is no renderer of that kind, or what it is about is gone."""


def scene_for(
    moment: Moment,
    reading: Reading,
    subject: Subject,
    reader: UserId | None,
    embedder: Embedder | None = None,
) -> Scene:
    """What a renderer may look at: this moment, as ``reading`` has it."""
    return Scene(
        reading=reading,
        program=rules_for(reading, moment.program, subject),
        directory=reading.directory(),
        subject=subject,
        now=moment.now,
        settings=moment.settings,
        reader=reader,
        embedder=embedder,
    )


def draw(
    moment: Moment,
    reading: Reading,
    kind: str,
    subject: Subject,
    data: Mapping[str, Any],
    reader: UserId | None,
    embedder: Embedder | None,
) -> Message:
    """The message as it stands now. Raises :class:`NotDrawable`, or whatever a faulty renderer raises."""
    renderer = RENDERERS.get(kind)
    if renderer is None:
        raise NotDrawable(f"nothing draws {kind!r}")
    scene = scene_for(moment, reading, subject, reader, embedder)
    try:
        return renderer(scene, dict(data))
    except LookupError as error:
        raise NotDrawable(f"{kind}: {error}") from error


def in_messages(message: Message) -> list[Message]:
    """The message in as many as Slack's limits demand: blocks stay whole and in order, nothing is lost."""
    if len(message.blocks) <= BLOCKS_IN_MESSAGE and weigh(message.blocks) <= TEXT_IN_MESSAGE:
        return [message]
    made: list[list[Block]] = [[]]
    weight = 0
    for block in message.blocks:
        more = weigh([block])
        if made[-1] and (len(made[-1]) >= BLOCKS_IN_MESSAGE or weight + more > TEXT_IN_MESSAGE):
            made.append([])
            weight = 0
        made[-1].append(block)
        weight += more
    return [Message(text=message.text, blocks=blocks) for blocks in made]


def as_plain(message: Message) -> list[Message]:
    """The words of a message that Slack will not take as blocks, in messages of plain text."""
    words = "\n".join(t for t in _texts(message.blocks) if t.strip()) or message.text
    return [Message(text=part) for part in parts(words, _PLAIN)]


def _texts(item: Any) -> list[str]:
    if isinstance(item, list):
        return [text for inner in item for text in _texts(inner)]
    if not isinstance(item, dict):
        return []
    text = item.get("text")
    found = [bare(text) if item.get("type") == "plain_text" else text] if isinstance(text, str) else []
    return found + [t for v in item.values() if isinstance(v, dict | list) for t in _texts(v)]
