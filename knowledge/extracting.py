"""What a first sentence already says, read by a chat model: values pointed out, never made up.

A value of a choice is one of its options; every other value stands in the person's own words letter for
letter, and is read from there by the same rules as if they had typed it as the answer. Each comes with the
part of the words that says so. On any trouble there is nothing, and what else is known stands.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import structlog

from knowledge.chat_model import ChatModel, Said, Trouble
from knowledge.masking import NOTHING_MASKED, Masker
from knowledge.prompting import as_line, prompt
from knowledge.tokens import count

PROMPT = "extract-1"
SECONDS_AT_MOST = 5.0
"""A person waits for the first question: shorter than for an answer."""

WORDS_AT_MOST = 3000
"""Characters of the person's words that are sent."""

_log = structlog.get_logger(__name__)

Kind = Literal["choice", "multi", "yesno", "words"]


@dataclass(frozen=True)
class Field:
    """A field of a form; ``options`` are id and label of each choice."""

    id: str
    label: str
    kind: Kind
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Used:
    """What one call of the model took: tokens as its provider counted them, else as we do; seconds."""

    outcome: Literal["read", "trouble"]
    tokens_in: int
    tokens_out: int
    seconds: float


@dataclass(frozen=True)
class Extracted:
    """A value, and the part of the words that says so."""

    value: str | bool | list[str]
    quote: str


def extract(
    model: ChatModel,
    words: str,
    fields: Sequence[Field],
    budget: int,
    masker: Masker = NOTHING_MASKED,
    on_used: Callable[[Used], None] | None = None,
) -> dict[str, Extracted]:
    """Values by field. Never raises, and returns within the model's deadline and :data:`SECONDS_AT_MOST`.

    ``budget`` is in tokens of the prompt; the last fields are left out where it is too small for all.
    ``on_used`` is told what the call took, if there was one.
    """
    words = words[:WORDS_AT_MOST].strip()
    if not words or not fields:
        return {}
    until = time.monotonic() + min(model.choice.deadline, SECONDS_AT_MOST)
    try:
        said = _ask(model, words, fields, budget, masker, until, on_used)
    except Trouble as trouble:
        _log.info("nothing was read from the first words by the chat model", why=trouble.reason)
        return {}
    except Exception as error:
        _log.exception("reading the first words failed", error=type(error).__name__)
        return {}
    known = {field.id: field for field in fields}
    found: dict[str, Extracted] = {}
    for line in said:
        field = known.get(str(line.get("field")))
        if field is not None and field.id not in found:
            value = _value(field, line.get("value"), words, masker)
            quote = _standing(line.get("quote"), words, masker)
            if value is not None and quote:
                found[field.id] = Extracted(value, quote)
    _log.info("first words read by the chat model", told=len(said), kept=len(found))
    return found


def _ask(
    model: ChatModel,
    words: str,
    fields: Sequence[Field],
    budget: int,
    masker: Masker,
    until: float,
    on_used: Callable[[Used], None] | None,
) -> list[dict[str, Any]]:
    instructions = prompt(PROMPT)
    last = as_line(words=masker.hide(words))
    spent = count(instructions.text).tokens + count(last).tokens
    lines: list[str] = []
    for field in fields:
        options = {"options": dict(field.options)} if field.options else {}
        line = as_line(field=field.id, label=field.label, type=field.kind, **options)
        spent += count(line).tokens + 1
        if spent > budget:
            break
        lines.append(line)
    began = time.monotonic()
    reply = model.ask([Said("system", instructions.text), Said("human", "\n".join([*lines, last]))], until)
    pieces: list[str] = []
    said: list[dict[str, Any]] = []
    whole = False
    try:
        pieces.extend(reply.pieces())
        said = [line for line in map(_read, "".join(pieces).splitlines()) if line]
        whole = reply.whole and any(line.get("done") is True for line in said)
    finally:
        reply.leave()
        if on_used is not None:
            told, heard = reply.tokens_in, reply.tokens_out
            on_used(
                Used(
                    outcome="read" if whole else "trouble",
                    tokens_in=spent if told is None else told,
                    tokens_out=count("".join(pieces)).tokens if heard is None else heard,
                    seconds=time.monotonic() - began,
                )
            )
    if not whole:
        raise Trouble("not whole")
    return said


def _read(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _value(field: Field, value: object, words: str, masker: Masker) -> str | bool | list[str] | None:
    options = {id for id, _ in field.options}
    if field.kind == "choice":
        return value if isinstance(value, str) and value in options else None
    if field.kind == "multi":
        chosen = [v for v in value if isinstance(v, str) and v in options] if isinstance(value, list) else []
        return chosen or None
    if field.kind == "yesno":
        return value if isinstance(value, bool) else None
    return _standing(value, words, masker) or None


def _standing(said: object, words: str, masker: Masker) -> str:
    """The same letters in the words, however they are spaced; empty where they do not stand there."""
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        return ""
    wanted = " ".join(masker.restore(str(said)).split())
    plain = " ".join(words.split())
    at = plain.casefold().find(wanted.casefold())
    if not wanted or at < 0:
        return ""
    inside = (plain[at - 1 : at] + wanted[:1]).isalnum() and at > 0
    after = plain[at + len(wanted) : at + len(wanted) + 1]
    if inside or (after.isalnum() and wanted[-1:].isalnum()):
        return ""  # a part of a word or of a figure says something else
    return plain[at : at + len(wanted)]
