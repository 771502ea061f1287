"""What the operator sets, from the environment and one optional file; checked, and secrets kept secret."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr

from bot import hook_settings, model_settings
from bot.hook_settings import HookSecret, read_hook_secrets
from bot.model_settings import ModelSettings, read_model_settings
from bot.setting_values import SettingsError, number, one_of, web_address
from bot.telemetry import settings as metrics_settings
from bot.telemetry.settings import MetricsSettings, read_metrics_settings

__all__ = ["NAMES", "Settings", "SettingsError", "for_serving", "read_settings"]

SLACK_API = "https://slack.com/api/"
FILE_NAME = "settings.env"


class Settings(BaseModel):
    """Everything that differs between installations. Secrets never show in ``repr`` or logs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path
    """The one folder of local state; absolute."""
    program_dir: Path | None = None
    """The company's program; ``None``: the one that comes with Preflight."""
    database_url: str = ""
    """Empty: SQLite in ``data_dir``."""
    chroma: str = ""
    """A Chroma server's address; empty: Chroma in ``data_dir``; ``memory``: none."""
    bot_token: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    app_token: SecretStr = SecretStr("")
    api_url: str = SLACK_API
    """Ends with a slash."""
    host: str = "127.0.0.1"
    port: int = 3000
    public_url: str = ""
    """Under which people's browsers reach our HTTP side, without a slash at its end; empty: they do not."""
    threads: int = 8
    """Requests handled at the same time."""
    workers: int = 4
    """Conversations delivered to at the same time."""
    log_format: Literal["json", "console"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    model: ModelSettings = ModelSettings()
    hooks: tuple[HookSecret, ...] = ()
    """Of the systems that may call ``/hooks``; none: hooks are off."""
    metrics: MetricsSettings = MetricsSettings()
    drain: int = 0
    """Seconds between saying that it stops and stopping, for a load balancer to notice."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret as it is written, for whoever must never show one."""
        known = (self.bot_token, self.signing_secret, self.app_token, self.model.key, self.metrics.token)
        written = [s.get_secret_value() for s in (*known, *(h.secret for h in self.hooks))]
        passwords = re.findall(r"://[^/@\s]*:([^/@\s]+)@", f"{self.database_url} {self.chroma}")
        return tuple(s for s in (*written, *passwords) if s)

    @property
    def socket_mode(self) -> bool:
        """Events come over a WebSocket that we open, rather than by signed HTTP requests to us."""
        return bool(self.app_token.get_secret_value())

    def __repr__(self) -> str:
        mode = "socket" if self.socket_mode else "http"
        return f"Settings(data_dir={str(self.data_dir)!r}, mode={mode!r}, port={self.port})"

    __str__ = __repr__


NAMES: Mapping[str, str] = {
    "PREFLIGHT_DATA_DIR": "the folder of local state (default: .preflight in the working directory)",
    "PREFLIGHT_PROGRAM_DIR": "the company's program (default: the one that comes with Preflight)",
    "DATABASE_URL": "a PostgreSQL address (default: SQLite in the data folder)",
    "PREFLIGHT_CHROMA": "a Chroma server's address, or memory (default: Chroma in the data folder)",
    "SLACK_BOT_TOKEN": "the bot token, xoxb-…",
    "SLACK_SIGNING_SECRET": "the signing secret, for HTTP",
    "SLACK_APP_TOKEN": "the app-level token, xapp-…, for Socket Mode",
    "SLACK_API_URL": f"where Slack's Web API is (default: {SLACK_API})",
    "PREFLIGHT_HOST": "the address to listen on (default: 127.0.0.1)",
    "PREFLIGHT_PORT": "the port to listen on (default: 3000)",
    "PREFLIGHT_PUBLIC_URL": "where people's browsers reach us, for links to pages (default: no such links)",
    "PREFLIGHT_THREADS": "requests handled at the same time (default: 8)",
    "PREFLIGHT_WORKERS": "conversations delivered to at the same time (default: 4)",
    "PREFLIGHT_LOG_FORMAT": "json or console (default: console)",
    "PREFLIGHT_LOG_LEVEL": "debug, info, warning or error (default: info)",
    **model_settings.NAMES,
    **hook_settings.NAMES,
    **metrics_settings.NAMES,
    "PREFLIGHT_DRAIN": "seconds to go on serving after a stop signal, while /readyz says no (default: 0)",
}
"""Every variable that is read, and what it is for."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment, then ``settings.env`` in the data folder (the environment wins).

    Raises :class:`SettingsError` for a value that cannot be used. What is not needed by every command
    (tokens, for instance) may be missing; :func:`for_serving` insists on them.
    """
    given = dict(os.environ if environment is None else environment)
    data_dir = Path(given.get("PREFLIGHT_DATA_DIR") or ".preflight").expanduser().absolute()
    if data_dir.exists() and not data_dir.is_dir():
        raise SettingsError(f"PREFLIGHT_DATA_DIR is {data_dir}, which is a file. Name a folder.")
    found = {**_file(data_dir / FILE_NAME), **{k: v for k, v in given.items() if k in NAMES and v.strip()}}
    found = {k: v.strip() for k, v in found.items()}
    return Settings(
        data_dir=data_dir,
        program_dir=_folder("PREFLIGHT_PROGRAM_DIR", found),
        database_url=_database(found.get("DATABASE_URL", "")),
        chroma=_chroma(found.get("PREFLIGHT_CHROMA", "")),
        bot_token=_token("SLACK_BOT_TOKEN", "xoxb-", "OAuth & Permissions", found),
        signing_secret=_signing_secret(found.get("SLACK_SIGNING_SECRET", "")),
        app_token=_token("SLACK_APP_TOKEN", "xapp-", "Basic Information, App-Level Tokens", found),
        api_url=_address(found.get("SLACK_API_URL", SLACK_API)),
        host=found.get("PREFLIGHT_HOST", "127.0.0.1"),
        port=number("PREFLIGHT_PORT", found, 3000, 0, 65535),
        public_url=_public(found.get("PREFLIGHT_PUBLIC_URL", "")),
        threads=number("PREFLIGHT_THREADS", found, 8, 1, 64),
        workers=number("PREFLIGHT_WORKERS", found, 4, 1, 32),
        log_format=one_of("PREFLIGHT_LOG_FORMAT", found, "console", "json"),
        log_level=one_of("PREFLIGHT_LOG_LEVEL", found, "info", "debug", "warning", "error"),
        model=read_model_settings(found),
        hooks=read_hook_secrets(found),
        metrics=read_metrics_settings(found),
        drain=number("PREFLIGHT_DRAIN", found, 0, 0, 300),
    )


def for_serving(settings: Settings) -> Settings:
    """The same settings, or a :class:`SettingsError` that says what serving still needs."""
    if not settings.bot_token.get_secret_value():
        raise SettingsError(
            "SLACK_BOT_TOKEN is not set. Install the app in your workspace, then copy the Bot User OAuth "
            "Token (xoxb-…) from its page OAuth & Permissions. Without a workspace, try `preflight demo`."
        )
    if not settings.socket_mode and not settings.signing_secret.get_secret_value():
        raise SettingsError(
            "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set. For Socket Mode set SLACK_APP_TOKEN "
            "(xapp-…, scope connections:write); for HTTP set SLACK_SIGNING_SECRET. Both are on the app's "
            "page Basic Information."
        )
    return settings


def _file(path: Path) -> dict[str, str]:
    """``NAME=value`` lines; ``#`` begins a comment line, quotes around a value are taken off."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read ({type(error).__name__}). Make it a UTF-8 file."
        ) from None
    found: dict[str, str] = {}
    for at, line in enumerate(text.splitlines(), 1):
        line = line.strip().removeprefix("export ")
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        name = name.strip()
        if not equals:
            raise SettingsError(f"{path}, line {at}: write NAME=value, one on each line.")
        if name not in NAMES or name == "PREFLIGHT_DATA_DIR":
            raise SettingsError(f"{path}, line {at}: {_unknown(name)}")
        if name in found:
            raise SettingsError(f"{path}, line {at}: {name} is set twice. Keep one of the two lines.")
        found[name] = re.sub(r"""^(["'])(.*)\1$""", r"\2", value.strip())
    return {k: v for k, v in found.items() if v.strip()}


def _unknown(name: str) -> str:
    if name == "PREFLIGHT_DATA_DIR":
        return "PREFLIGHT_DATA_DIR says where this file is, so it can only be set in the environment."
    near = difflib.get_close_matches(name.upper(), NAMES, n=1)
    return f"there is no setting {name[:60]}." + (f" Did you mean {near[0]}?" if near else "")


def _token(name: str, start: str, where: str, found: Mapping[str, str]) -> SecretStr:
    token = found.get(name, "")
    if token and not re.fullmatch(re.escape(start) + r"[A-Za-z0-9-]{3,}", token):
        raise SettingsError(
            f"{name} does not look like one: it starts with {start} and has only letters, digits and dashes. "
            f"Copy it again from the app's page {where}."
        )
    return SecretStr(token)


def _signing_secret(text: str) -> SecretStr:
    if text and not re.fullmatch(r"[A-Za-z0-9_-]{8,128}", text):
        raise SettingsError(
            "SLACK_SIGNING_SECRET does not look like one: it is a line of letters and digits. "
            "Copy it again from the app's page Basic Information."
        )
    return SecretStr(text)


def _address(text: str) -> str:
    return web_address("SLACK_API_URL", text, SLACK_API) + "/"


def _public(text: str) -> str:
    return web_address("PREFLIGHT_PUBLIC_URL", text, "https://preflight.example.com") if text else ""


def _database(text: str) -> str:
    if not text:
        return ""
    scheme = text.split(":", 1)[0].split("+", 1)[0]
    if scheme not in ("postgres", "postgresql", "sqlite"):
        raise SettingsError(
            "DATABASE_URL does not name a database that Preflight knows. Set "
            "postgresql://user:password@host/name, or leave it out to keep everything in one SQLite file "
            "in the data folder."
        )
    return text


def _chroma(text: str) -> str:
    if text.lower() in ("", "memory"):
        return text.lower()
    return web_address("PREFLIGHT_CHROMA", text, "http://127.0.0.1:8000 (or memory, or leave it out)")


def _folder(name: str, found: Mapping[str, str]) -> Path | None:
    if not found.get(name):
        return None
    folder = Path(found[name]).expanduser().absolute()
    if not folder.is_dir():
        raise SettingsError(f"{name} is {folder}, which is not a folder. Name the folder of program.yaml.")
    return folder
