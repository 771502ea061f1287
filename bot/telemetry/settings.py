"""Whether ``/metrics`` is open, and to whom, as the operator sets it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.setting_values import SettingsError, one_of, secret

_NAME = "PREFLIGHT_METRICS"
_TOKEN = "PREFLIGHT_METRICS_TOKEN"  # noqa: S105 - the name of a variable
NAMES: Mapping[str, str] = {
    _NAME: "on: /metrics is open to whoever reaches the port (default: off, unless a token is set)",
    _TOKEN: "whoever scrapes /metrics shows this as a bearer token",
    f"{_TOKEN}_FILE": "a file that holds it, instead",
}
"""Every variable that is read, and what it is for."""


class MetricsSettings(BaseModel):
    """``open``: there is a ``/metrics``. With a token it is for those who show it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    open: bool = False
    token: SecretStr = SecretStr("")


def read_metrics_settings(found: Mapping[str, str]) -> MetricsSettings:
    """The settings; raises :class:`SettingsError` for a token that could be guessed or not be sent."""
    token = secret(_TOKEN, found)
    shown = token.get_secret_value()
    if shown and not re.fullmatch(r"[!-~]{16,200}", shown):
        raise SettingsError(
            f"{_TOKEN} cannot be used. Set 16 to 200 letters, digits and signs, without spaces."
        )
    on = one_of(_NAME, found, "on" if shown else "off", "off", "on") == "on"
    return MetricsSettings(open=on, token=token)
