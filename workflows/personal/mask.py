"""Finding somebody in whatever is kept, and putting a pseudonym in their place."""

from __future__ import annotations

import re
from typing import Any

from workflows.ids import Frozen

ERASED = "[erased]"
"""Stands where words of somebody stood who was erased."""


class Named(Frozen):
    """What somebody is known by."""

    id: str
    """Slack's id."""
    name: str = ""
    handle: str = ""
    email: str = ""


def _is_a_name(text: str) -> bool:
    """One word of letters, not all of them small or large: no id and no code of ours is written like that."""
    return text.isalpha() and not text.islower() and not text.isupper()


class Mask:
    """Puts ``pseudonym`` in the place of a person's id, full name, handle (as ``@handle``) and e-mail.

    A name of one word is left in running text, where it may be any word; so is a first name alone. Where it
    stands by itself it is replaced if it is written as names are, and a handle if it is in their address:
    whoever calls themselves ``production`` or ``UC-0042`` takes no stage and no id with them.
    """

    def __init__(self, named: Named, pseudonym: str) -> None:
        self.named = named
        self.pseudonym = pseudonym
        local = named.email.casefold().partition("@")[0]
        theirs = named.handle if named.handle.casefold() in local else ""
        self._whole = {v.casefold() for v in (named.id, named.email, theirs) if v}
        self._alone = named.name if _is_a_name(named.name) else ""
        parts = [rf"(?<![A-Za-z0-9]){re.escape(named.id)}(?![A-Za-z0-9])"]
        if named.email:
            parts.append(rf"(?<![\w.+-]){re.escape(named.email)}(?![\w-])")
        if named.handle:
            parts.append(rf"@{re.escape(named.handle)}(?![\w.-])")
        words = named.name.split()
        if len(words) > 1:
            spaced = r"\s+".join(map(re.escape, words))
            parts.append(rf"(?<!\w){spaced}(?!\w)")
        self._pattern = re.compile("|".join(parts), re.IGNORECASE)

    @property
    def needles(self) -> tuple[str, ...]:
        """Texts, one of which is wherever the person is: for looking through a database first."""
        words = self.named.name.split()
        # A name is looked for by its longest part, because the space between may be any.
        longest = (max(words, key=len),) if words else ()
        return tuple(v for v in (self.named.id, self.named.email, self.named.handle, *longest) if v)

    def names(self, text: str) -> bool:
        """Whether the person is named there."""
        return self._is_them(text) or self._pattern.search(text) is not None

    def _is_them(self, text: str) -> bool:
        return text.casefold() in self._whole or (bool(self._alone) and text.strip() == self._alone)

    def text(self, text: str) -> str:
        """The text with the pseudonym in their place."""
        if self._is_them(text):
            return self.pseudonym
        return self._pattern.sub(self.pseudonym, text)

    def value(self, value: Any) -> Any:
        """Any JSON value with the pseudonym in their place, in the keys of objects too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(v) for v in value]
        if isinstance(value, dict):
            return {self.text(k): self.value(v) for k, v in value.items()}
        return value

    def named_in(self, value: Any) -> bool:
        """Whether the person is named anywhere in a JSON value."""
        if isinstance(value, str):
            return self.names(value)
        if isinstance(value, list):
            return any(map(self.named_in, value))
        if isinstance(value, dict):
            return any(self.names(k) or self.named_in(v) for k, v in value.items())
        return False
