"""A file of numbers as people see it: the form for it, what it would come to, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.inputs import packed
from bot.registry import Message, Scene, View, renders
from bot.views.kit import Block, actions, brief, button, clip, context, escape, plain_text, section
from bot.views.say import Said, say, words_of
from workflows.program import Program

_LINES = 10


def file_form(program: Program, titles: Sequence[str]) -> View:
    """The form for a file; ``titles`` are the use cases whose numbers the person is asked for just now."""
    blocks: list[Block] = [section(words_of(program, "numbers_form"))]
    if titles:
        blocks.append(context(words_of(program, "numbers_yours", titles=", ".join(titles))))
    blocks.append(
        {
            "type": "input",
            "block_id": "file",
            "label": plain_text("File", 2000),
            "hint": plain_text(
                "CSV. For example: use case; week; outcome; active_users; active_users_of", 2000
            ),
            "element": {"type": "file_input", "action_id": "file", "filetypes": ["csv"], "max_files": 1},
        }
    )
    return {
        "type": "modal",
        "callback_id": "figures.csv",
        "private_metadata": packed(),
        "title": plain_text("Numbers", 24),
        "submit": plain_text("Show what is in it", 24),
        "close": plain_text("Cancel", 24),
        "blocks": blocks,
    }


@renders("figures_preview")
def figures_preview(scene: Scene, data: dict[str, object]) -> Message:
    """What a file would come to, with the button that lets it count."""
    name = str(data.get("name") or "")
    text = say(
        scene,
        "csv_preview",
        name=name,
        rows=data["rows"],
        counts=data["counts"],
        doubted=data["doubted"],
        known=data["known"],
        refused=data["refused"],
    )
    blocks: list[Block] = [section(text)]
    lines = _faults(scene, data)
    if lines:
        blocks.append(section(clip("\n".join(lines), 2900)))
    unread = data.get("unread")
    if isinstance(unread, list) and unread:
        shown = Said(", ".join(escape(str(c)[:60]) for c in unread[:12]))
        blocks.append(context(say(scene, "csv_columns", columns=shown)))
    if data["counts"] or data["doubted"]:
        value = packed(file=data["file"], digest=data["digest"], name=name[:80])
        blocks.append(
            actions("figures_file", [button("Let it count", "figures.import", value, style="primary")])
        )
    else:
        blocks.append(context(say(scene, "csv_nothing")))
    return Message(text=brief(text), blocks=blocks)


@renders("figures_taken")
def figures_taken(scene: Scene, data: dict[str, object]) -> Message:
    """What came of a file."""
    text = say(
        scene, "csv_done", name=str(data.get("name") or ""), counts=data["counts"], doubted=data["doubted"]
    )
    lines = _faults(scene, data)
    more = [section(clip("\n".join(lines), 2900))] if lines else []
    return Message(text=brief(text), blocks=[section(text), *more])


def _faults(scene: Scene, data: dict[str, object]) -> list[str]:
    faults = data.get("faults")
    found = faults if isinstance(faults, list) else []
    # What went wrong is said already, with the words of the file escaped.
    lines = [str(say(scene, "csv_line", line=line, why=Said(why))) for line, why in found[:_LINES]]
    return [*lines, "…"] if len(found) > _LINES else lines
