"""The chat model that may write answers, as the operator sets it. Without one nothing is sent anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.setting_values import SettingsError, decimal, number, one_of, secret, web_address

PROMPTS = Path(__file__).resolve().parents[1] / "knowledge" / "prompts"


class ModelSettings(BaseModel):
    """Which chat model, how it is spoken to, and what is kept of it. An empty ``name``: none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    """``provider:model``, as LangChain's ``init_chat_model`` names it."""
    url: str = ""
    """Where it is served; empty: where its provider serves it."""
    key: SecretStr = SecretStr("")
    temperature: float = 0.0
    deadline: float = 12.0
    """Seconds from asking to the last word; after them the answer is quotes."""
    tokens: int = 3000
    """Of a prompt, at most."""
    price_in: float | None = None
    price_out: float | None = None
    """For a million tokens; ``None``: costs are not reckoned."""
    prompt: str = "answer-1"
    """The version of the prompt: the name of its file."""
    mask: bool = False
    """Whether personal data is replaced by placeholders before anything is sent."""
    trace_days: int = 90
    """How long the record of each answer is kept."""


NAMES: Mapping[str, str] = {
    "PREFLIGHT_MODEL": "a chat model that writes answers, provider:model (default: none, answers are quotes)",
    "PREFLIGHT_MODEL_URL": "where the model is served (default: by its provider)",
    "PREFLIGHT_MODEL_KEY": "the key for the model",
    "PREFLIGHT_MODEL_KEY_FILE": "a file that holds the key, instead",
    "PREFLIGHT_MODEL_TEMPERATURE": "0 to 2 (default: 0)",
    "PREFLIGHT_MODEL_DEADLINE": "seconds after which an answer is quotes instead (default: 12)",
    "PREFLIGHT_MODEL_TOKENS": "tokens of a prompt at most (default: 3000)",
    "PREFLIGHT_MODEL_PRICE_IN": "the price of a million tokens sent (default: costs are not reckoned)",
    "PREFLIGHT_MODEL_PRICE_OUT": "the price of a million tokens written",
    "PREFLIGHT_MODEL_PROMPT": "the version of the prompt (default: answer-1)",
    "PREFLIGHT_MASK": "on: personal data is masked before anything is sent to the model (default: off)",
    "PREFLIGHT_TRACE_DAYS": "days for which the record of each answer is kept (default: 90)",
}
"""Every variable that is read, and what it is for."""


def read_model_settings(found: Mapping[str, str]) -> ModelSettings:
    """The model's settings; raises :class:`SettingsError` for one that cannot be used."""
    name = found.get("PREFLIGHT_MODEL", "")
    if name and not re.fullmatch(r"[a-z0-9_]+:\S{1,200}", name):
        raise SettingsError(
            f"PREFLIGHT_MODEL is {name[:80]!r}. Name it provider:model, such as openai:gpt-4.1-mini."
        )
    url = found.get("PREFLIGHT_MODEL_URL", "")
    priced = [n for n in ("PREFLIGHT_MODEL_PRICE_IN", "PREFLIGHT_MODEL_PRICE_OUT") if found.get(n)]
    if len(priced) == 1:
        raise SettingsError(
            f"Only {priced[0]} is set. Set both PREFLIGHT_MODEL_PRICE_IN and PREFLIGHT_MODEL_PRICE_OUT, or "
            "neither of them."
        )
    return ModelSettings(
        name=name,
        url=web_address("PREFLIGHT_MODEL_URL", url, "http://127.0.0.1:8000/v1") if url else "",
        key=secret("PREFLIGHT_MODEL_KEY", found),
        temperature=decimal("PREFLIGHT_MODEL_TEMPERATURE", found, 0, 0, 2),
        deadline=decimal("PREFLIGHT_MODEL_DEADLINE", found, 12, 0.1, 45),
        tokens=number("PREFLIGHT_MODEL_TOKENS", found, 3000, 800, 200_000),
        price_in=decimal(priced[0], found, 0, 0, 100_000) if priced else None,
        price_out=decimal(priced[1], found, 0, 0, 100_000) if priced else None,
        prompt=_prompt(found.get("PREFLIGHT_MODEL_PROMPT", "answer-1")),
        mask=one_of("PREFLIGHT_MASK", found, "off", "on") == "on",
        trace_days=number("PREFLIGHT_TRACE_DAYS", found, 90, 1, 3650),
    )


def _prompt(version: str) -> str:
    known = sorted(path.stem for path in PROMPTS.glob("answer-*.md"))
    if version not in known:
        raise SettingsError(f"PREFLIGHT_MODEL_PROMPT is {version[:40]!r}. Set one of {', '.join(known)}.")
    return version
