"""The questions that a document says its sections answer, in the words people use for it.

Front matter or ``corpus.yaml`` may hold them under ``asked``, by heading::

    asked:
      Who may stop a release:
        - can I pull the plug on a model that misbehaves

They help to find the passages of that section. They are never quoted: an answer is always the passage's own
words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from storage.corpus import Passage

AT_MOST = 20
"""Questions of one section."""

LONGEST = 300
"""Characters of a question."""

_BETWEEN = " › "


def cleaned(questions: Iterable[object]) -> tuple[str, ...]:
    """Each in one line, none twice; what is no line of text, empty or too long is left out."""
    said = (" ".join(q.split()) for q in questions if isinstance(q, str))
    return tuple(dict.fromkeys(q for q in said if 0 < len(q) <= LONGEST))


def read(said: object) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The questions by heading, and what is wrong with the rest; each completes *"it ..."*."""
    if said is None:
        return {}, []
    if not isinstance(said, Mapping):
        return {}, ["has an `asked` that is not made of headings with a list of questions each"]
    found: dict[str, tuple[str, ...]] = {}
    wrong: list[str] = []
    for heading, listed in said.items():
        name = " ".join(str(heading).split())
        if not isinstance(listed, list):
            wrong.append(f"has no list of questions under `asked`, “{name}”")
            continue
        kept = cleaned(listed)
        if len(kept) < len(listed):
            wrong.append(
                f"has questions under `asked`, “{name}”, that are left out: each is a line of up to "
                f"{LONGEST} characters, and none comes twice"
            )
        if len(kept) > AT_MOST:
            wrong.append(f"asks more than {AT_MOST} questions under “{name}”; the first {AT_MOST} are kept")
        found[name] = kept[:AT_MOST]
    return found, wrong


def attached(
    passages: Sequence[Passage], asked: Mapping[str, tuple[str, ...]], title: str
) -> tuple[tuple[Passage, ...], list[str]]:
    """The passages with the questions of their sections, and the headings that no section has.

    A heading is a section's own words, or its whole way (*"Releases › Who may stop one"*); empty, or the
    document's title, for what stands before the first. One whose own section has no text stands for all
    below it.
    """
    mine: list[list[str]] = [[] for _ in passages]
    unknown: list[str] = []
    for heading, questions in asked.items():
        chosen = _of(passages, heading, title)
        if not chosen:
            unknown.append(heading)
        for number in chosen:
            mine[number].extend(questions)
    found = tuple(
        replace(passage, asked=tuple(dict.fromkeys(questions))[:AT_MOST])
        for passage, questions in zip(passages, mine, strict=True)
    )
    return found, unknown


def answering(passages: Sequence[Passage], questions: Iterable[object]) -> tuple[Passage, ...]:
    """The passages of a document that as a whole answers these questions, such as one written in reply."""
    kept = cleaned(questions)[:AT_MOST]
    return tuple(replace(passage, asked=kept) for passage in passages)


def _of(passages: Sequence[Passage], heading: str, title: str) -> list[int]:
    wanted = heading.casefold()
    ways = [passage.section.casefold().split(_BETWEEN) for passage in passages]
    exact = [n for n, way in enumerate(ways) if wanted in (way[-1], _BETWEEN.join(way))]
    if exact:
        return exact
    below = [n for n, way in enumerate(ways) if wanted in way]
    if below:
        return below
    return [n for n, way in enumerate(ways) if wanted == title.casefold() and way == [""]]
