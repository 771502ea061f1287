"""Takes personal data out of what is sent to a model, and puts it back into what comes of it.

Placeholders such as ``[PERSON_1]`` are the same for the same words throughout one question. Found are
addresses for mail, telephone and payment card numbers, IBANs, national identity numbers, mentions, and the
names of the people in the directory. A name of somebody who is not in the directory is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

NAME_LEAST = 3
"""Letters of a first or last name that is masked where it stands alone, with its capital."""


def _luhn(text: str) -> bool:
    digits = [int(d) for d in re.sub(r"\D", "", text)][::-1]
    return sum(d if n % 2 == 0 else sum(divmod(2 * d, 10)) for n, d in enumerate(digits)) % 10 == 0


def _iban(text: str) -> bool:
    plain = re.sub(r"\s", "", text).upper()
    turned = plain[4:] + plain[:4]
    return turned.isalnum() and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _ean(text: str) -> bool:
    digits = [int(d) for d in re.sub(r"\D", "", text)]
    return sum(d * (3 if n % 2 else 1) for n, d in enumerate(digits)) % 10 == 0


def _always(_text: str) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """A kind of personal data: how it is written, and the check digits that tell it from other numbers."""

    name: str
    pattern: re.Pattern[str]
    is_one: Callable[[str], bool] = _always


KINDS = (
    Kind("EMAIL", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    Kind("PERSON", re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>|(?<![\w@])@[a-z][\w.-]*\w")),
    Kind("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), _iban),
    Kind("CARD", re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])"), _luhn),
    Kind("ID", re.compile(r"(?<![\d.])756\.\d{4}\.\d{4}\.\d{2}(?!\d)"), _ean),
    Kind("ID", re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])")),
    Kind(
        "ID",
        re.compile(r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(?:\d\d ?){3}[A-D]\b"),
    ),
    Kind("ID", re.compile(r"(?<![\d-])[1-9]\d{2}[ -]\d{3}[ -]\d{3}(?![\d-])"), _luhn),
    Kind("ID", re.compile(r"\b[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d[\dAB] ?\d{3} ?\d{3}(?: ?\d{2})?\b")),
    Kind("ID", re.compile(r"\b[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]\b")),
    Kind("PHONE", re.compile(r"(?<![\w+])\+\d(?:[ .()/-]{0,2}\d){7,13}(?!\w)")),
    Kind("PHONE", re.compile(r"(?<![\w-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])")),
    Kind("PHONE", re.compile(r"(?<![\w.,-])0\d(?:[ /-]?\d){7,10}(?![\w-])")),
)
"""In the order in which they are looked for; what one has taken the next does not see. The identity numbers
are of Switzerland, the United States, the United Kingdom, Canada, France and Italy."""

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\s'’.-]{1,3}")
_PLACEHOLDER = re.compile(r"\[[A-Z]+_\d+\]")


@dataclass
class Masker:
    """Hides and restores within one question. Not shared between threads."""

    people: Iterable[str] = ()
    """Full names."""
    on: bool = True
    hidden: dict[str, str] = field(default_factory=dict)
    """What was hidden -> its placeholder."""

    def hide(self, text: str) -> str:
        """The text with placeholders."""
        if not self.on:
            return text
        # What looks like a placeholder already is hidden as well, or it would come back as somebody's name.
        text = _PLACEHOLDER.sub(lambda m: self._placeholder("TEXT", m.group()), text)
        for kind in KINDS:
            text = self._hide(kind, text)
        pieces, at = [], 0
        for start, end in _names(frozenset(self.people)).spans(text):
            pieces += [text[at:start], self._placeholder("PERSON", text[start:end])]
            at = end
        return "".join([*pieces, text[at:]])

    def restore(self, text: str) -> str:
        """The text with what was hidden back in its place."""
        originals = {placeholder: original for original, placeholder in self.hidden.items()}
        return _PLACEHOLDER.sub(lambda m: originals.get(m.group(), m.group()), text)

    def _hide(self, kind: Kind, text: str) -> str:
        def hidden(match: re.Match[str]) -> str:
            found = match.group()
            return self._placeholder(kind.name, found) if kind.is_one(found) else found

        return kind.pattern.sub(hidden, text)

    def _placeholder(self, kind: str, original: str) -> str:
        if original not in self.hidden:
            number = 1 + sum(p.startswith(f"[{kind}_") for p in self.hidden.values())
            self.hidden[original] = f"[{kind}_{number}]"
        return self.hidden[original]


NOTHING_MASKED = Masker(on=False)
"""Leaves everything as it is."""


class Names:
    """Finds people's names in a text: full ones however they are written, single parts with their capital.

    Words are looked up one by one, so that a directory of thousands costs no more than one of ten.
    """

    def __init__(self, people: Iterable[str]) -> None:
        self._full: dict[str, list[tuple[str, ...]]] = {}
        self._single: set[str] = set()
        for name in people:
            parts = _WORD.findall(name)
            self._single.update(p for p in parts if len(p) >= NAME_LEAST and p[0].isupper())
            if len(parts) > 1:
                folded = tuple(p.casefold() for p in parts)
                self._full.setdefault(folded[0], []).append(folded)
        for names in self._full.values():
            names.sort(key=len, reverse=True)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where names stand, as characters, in order and apart from one another."""
        found = list(_WORD.finditer(text))
        spans: list[tuple[int, int]] = []
        at = 0
        while at < len(found):
            count = self._words(text, found, at)
            if count:
                spans.append((found[at].start(), found[at + count - 1].end()))
            at += count or 1
        return spans

    def _words(self, text: str, found: Sequence[re.Match[str]], at: int) -> int:
        """How many words from there on are one name; 0: none."""
        for name in self._full.get(found[at].group().casefold(), ()):
            these = found[at : at + len(name)]
            if tuple(m.group().casefold() for m in these) == name and all(
                _BETWEEN.fullmatch(text, a.end(), b.start()) for a, b in pairwise(these)
            ):
                return len(name)
        return int(found[at].group() in self._single)


@lru_cache(maxsize=2)
def _names(people: frozenset[str]) -> Names:
    return Names(people)
