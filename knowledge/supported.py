"""Whether what a model wrote stands in the passages it cites: quotes word for word, sentences by quotes.

What can be checked without a second reader is checked, and strictly: a sentence that fails is not shown. A
quote must stand in its passage letter for letter and is widened to the whole sentences it lies in, so that
no *not* or *unless* can be left out of it. A sentence must have at least three in five of its telling words
in its quotes or the headings above them; its numbers and names must all be there, and so must a telling word
that it begins with; it must deny where its quotes deny, and only there; and it holds no link and no mention
(an address for mail or a channel's name only as its quote has it).

What this cannot see: who does what to whom (words in another order, one role for another), a changed
strength (*may* for *must*), an exception that stands in another sentence, and a paraphrase that is wrong
although its words agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.words import as_written, stem, words

QUOTE_WORDS = 4
"""A quote of fewer words proves nothing, unless it is all there is in the passage."""

WORDS_SHARED = 0.6
"""The share of a sentence's telling words that must stand in its quotes or in the headings above them."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
_NAME = re.compile(r"[A-Z][^\W\d_]+")
_LIVE = re.compile(r"https?:|www\.|[@#]\w|\w@|<[!@#]|[\w-]+\.[a-z]{2,}\b|\]\(")
_SPELT = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b|(?<!\w)#[a-z][\w-]+")
"""An address for mail or a channel's name, as text."""
_DENYING = """
    no not never none nobody nothing neither nor without cannot unless except nowhere hardly forbidden
    prohibited banned refused
"""
_DENIES = frozenset(_DENYING.split())
_COUNTED = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty
"""
_TENS = {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "hundred": "100"}
_IN_WORDS = {word: str(number) for number, word in enumerate(_COUNTED.split())} | _TENS
_SELDOM_COUNTED = {"one", "zero"}
"""*One* is a pronoun as often as a number."""


@dataclass(frozen=True)
class Stretch:
    """Characters ``start`` to ``end`` of a passage's text."""

    start: int
    end: int


def verbatim(quote: str, text: str, sentences: Sequence[int]) -> Stretch | None:
    """Where a quote stands in a passage, widened to whole sentences; ``None`` where it does not.

    One that is too short does not either. White space counts as one blank. ``sentences`` are begin and end
    of each in turn, in ``text``.
    """
    said = quote.split()
    least = min(QUOTE_WORDS, len(_WORD.findall(text)))
    if len(_WORD.findall(quote)) < max(1, least):
        return None
    pattern = r"\s+".join(re.escape(word) for word in said)
    found = re.search(rf"(?<!\w){pattern}(?!\w)" if said[0][:1].isalnum() else pattern, text)
    if found is None:
        return None
    start, end = found.span()
    for begins, ends in zip(sentences[::2], sentences[1::2], strict=True):
        if begins < found.end() and ends > found.start():
            start, end = min(start, begins), max(end, ends)
    return Stretch(start, end)


def objection(sentence: str, quotes: Sequence[str], headings: Sequence[str]) -> str | None:
    """Why a sentence is not borne out by its quotes; ``None`` if nothing speaks against it."""
    said = " ".join(quotes)
    around = f"{said} {' '.join(headings)}"
    if _LIVE.search(_SPELT.sub(lambda m: "" if m.group() in said else m.group(), sentence)):
        return "a link or a mention"
    if not _numbers(sentence) <= _numbers(around):
        return "a number that is not in the quote"
    if not _names(sentence) <= {word.casefold() for word in _WORD.findall(around)}:
        return "a name that is not in the quote"
    if _denies(sentence) != _denies(said):
        return "a denial on one side only"
    telling, there = list(as_written(sentence)), words(around)
    if not telling or sum(word in there for word in telling) / len(telling) < WORDS_SHARED:
        return "other words than the quote"
    first = _WORD.search(sentence)
    if first and stem(first.group().casefold()) == telling[0] and telling[0] not in there:
        return "a subject that is not in the quote"  # a capital says nothing there: it may be a name
    return None


def _numbers(text: str) -> set[str]:
    """As plainly as they can be written: *1,000* is *1000*, *2.50* is *2.5*, *three* is *3*."""
    found = set()
    for match in _NUMBER.findall(text):
        plain = re.sub(r",(?=\d{3}(?!\d))", "", match)
        found.add(f"{float(plain):.6g}" if re.fullmatch(r"\d{1,6}(\.\d+)?", plain) else plain)
    spelt = {word.casefold() for word in _WORD.findall(text)} - _SELDOM_COUNTED
    return found | {_IN_WORDS[word] for word in spelt if word in _IN_WORDS}


def _names(sentence: str) -> set[str]:
    """Words with a capital that no sentence's beginning explains."""
    found = list(_WORD.finditer(sentence))
    return {
        match.group().casefold()
        for match in found[1:]
        if _NAME.match(match.group()) and sentence[: match.start()].rstrip()[-1:] not in (".", ":", "?", "!")
    }


def _denies(text: str) -> bool:
    said = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    return any(word in _DENIES or word.endswith("n't") for word in said)
