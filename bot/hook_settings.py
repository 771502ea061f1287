"""The secrets with which systems outside sign what they send, as the operator sets them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.setting_values import SettingsError, secret

NAME = "PREFLIGHT_HOOK_SECRETS"
NAMES: Mapping[str, str] = {
    NAME: "secrets of systems that may call /hooks, each NAME:SECRET (default: none, hooks are off)",
    f"{NAME}_FILE": "a file that holds them, one a line, instead",
}
"""Every variable that is read, and what it is for."""

_ENTRY = re.compile(r"([a-z][a-z0-9_]{0,31}):([A-Za-z0-9_+/=.-]{16,200})")


class HookSecret(BaseModel):
    """One system's secret. A system may have several, so that they can be changed one after the other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: str
    secret: SecretStr


def read_hook_secrets(found: Mapping[str, str]) -> tuple[HookSecret, ...]:
    """Every secret, in order; raises :class:`SettingsError` for what is not one."""
    text = secret(NAME, found).get_secret_value()
    made: list[HookSecret] = []
    for number, entry in enumerate((e for e in re.split(r"[\s,]+", text) if e), 1):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            raise SettingsError(
                f"{NAME}: entry {number} cannot be used. Write NAME:SECRET, such as ci:… with at least 16 "
                "letters and digits; the name has small letters, digits and _. Separate several by commas or "
                "lines."
            )
        if any(match[2] == known.secret.get_secret_value() for known in made):
            raise SettingsError(f"{NAME}: entry {number} repeats a secret. Give each system its own.")
        made.append(HookSecret(system=match[1], secret=SecretStr(match[2])))
    return tuple(made)
