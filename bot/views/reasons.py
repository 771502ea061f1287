"""What stands behind a question of the intake: the passage of the playbook that its reason refers to."""

from __future__ import annotations

from bot.audiences import audiences_of
from bot.registry import Scene
from bot.views.answer import quoted
from bot.views.consultation import dated, where
from bot.views.kit import Block, button, context, prose
from bot.views.say import say
from storage.corpus_sections import Section, section_named
from workflows.consultation import Quote
from workflows.ids import UserId
from workflows.playbook import paragraph
from workflows.questions import Question, Source
from workflows.walk import Walk


def behind(scene: Scene, walk: Walk, question: Question) -> list[Block]:
    """The passage, quoted with place and date; nothing where it is gone, or not for all who read along."""
    source = question.why.source if question.why else None
    found = passage(scene, source, _reader(walk)) if source else None
    if found is None:
        return []
    quote, _ = found
    blocks = prose(f"{say(scene, 'why_behind')}\n{quoted(quote.text)}")
    blocks[-1]["accessory"] = button("Read on", "why.open", f"{walk.id}|{question.id}")
    return [*blocks, context(f"{where(scene, quote)}, {dated(scene, quote)}")]


def passage(scene: Scene, source: Source, reader: UserId | None) -> tuple[Quote, str] | None:
    """What a reason refers to, and its whole section, as that person may read it (``None``: everybody)."""
    audiences = audiences_of(reader, scene.directory, scene.program) if reader else frozenset[str]()
    found = section_named(scene.reading.connection, source.document, source.section, audiences)
    text = paragraph(found.text, source.begins) if found else ""
    return (_quote(scene, found, text), found.text) if found and text else None


def _reader(walk: Walk) -> UserId | None:
    """Who reads along in a walk's thread: its owner alone, or anybody."""
    return walk.owner if walk.place and walk.place.channel.startswith("D") else None


def _quote(scene: Scene, found: Section, text: str) -> Quote:
    start = found.begins + found.text.index(text)
    return Quote(
        text=text,
        document=found.title,
        section=found.section,
        path=found.path,
        source=found.root,
        passage=found.passage,
        start=start,
        end=start + len(text),
        score=1.0,
        date=found.review_date or found.read_at.date().isoformat(),
        reviewed=bool(found.review_date),
        stale=bool(found.review_date and found.review_date < scene.now.date().isoformat()),
        link=found.link,
        owner=found.owner,
        function=found.function,
        audiences=found.audiences,
    )
