"""Reads one setting's text as a value, or says in a sentence what is wrong and what to set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr

T = TypeVar("T", bound=str)


class SettingsError(Exception):
    """A setting that cannot be used; the message names it, says what is wrong and what to do."""


def number(name: str, found: Mapping[str, str], default: int, least: int, most: int) -> int:
    """A whole number within bounds."""
    text = found.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise SettingsError(f"{name} is {text[:40]!r}. Set a whole number from {least} to {most}.")
    return int(text)


def decimal(name: str, found: Mapping[str, str], default: float, least: float, most: float) -> float:
    """A number within bounds, with decimals if need be."""
    text = found.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) or not least <= float(text) <= most:
        raise SettingsError(f"{name} is {text[:40]!r}. Set a number from {least:g} to {most:g}.")
    return float(text)


def one_of(name: str, found: Mapping[str, str], default: T, *others: T) -> T:
    """One of a few words."""
    text = found.get(name, default).lower()
    for known in (default, *others):
        if text == known:
            return known
    raise SettingsError(f"{name} is {text[:40]!r}. Set one of {', '.join((default, *others))}.")


def web_address(name: str, text: str, such_as: str) -> str:
    """An http or https address, without a slash at its end."""
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fine = False
    if not fine:
        raise SettingsError(f"{name} is {text[:80]!r}. Set an address such as {such_as}.")
    return text.rstrip("/")


def secret(name: str, found: Mapping[str, str]) -> SecretStr:
    """A secret, from the variable or from the file that ``NAME_FILE`` names. Empty where neither is set."""
    file = found.get(f"{name}_FILE", "")
    if not file:
        return SecretStr(found.get(name, ""))
    if found.get(name):
        raise SettingsError(f"{name} and {name}_FILE are both set. Keep one of them.")
    try:
        return SecretStr(Path(file).expanduser().read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{name}_FILE is {file[:200]!r}, which cannot be read ({type(error).__name__}). Name a text file "
            "that holds the key alone."
        ) from None
