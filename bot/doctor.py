"""``preflight doctor``: looks at everything a running bot needs, and says how to get what is missing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from bot.manifest import scopes
from bot.settings import Settings, SettingsError, read_settings
from bot.slack_gateway import Gateway, NoAccess, SlackTrouble, client
from storage.errors import AlreadyRunning, StorageError

_SKEW = 60
"""Seconds by which our clock may differ from Slack's; at 300 Slack's requests would be refused as too old."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``fix`` says how to get what is missing."""

    check: str
    state: Literal["ok", "missing", "note"]
    found: str
    fix: str = ""


def examine() -> list[Finding]:
    """Every check, in the order in which one would put things right."""
    try:
        settings = read_settings()
    except SettingsError as error:
        return [Finding("settings", "missing", str(error))]
    found = [Finding("settings", "ok", f"data folder {settings.data_dir}")]
    for check in (_tokens, _hooks, _slack, _data_folder, _database, _program, _model, _index, _chat_model):
        found.extend(check(settings))
    return found


def _tokens(settings: Settings) -> Iterator[Finding]:
    if settings.bot_token.get_secret_value():
        yield Finding("bot token", "ok", "SLACK_BOT_TOKEN is set")
    else:
        fix = "Create an app from `preflight manifest`, install it, copy the Bot User OAuth Token (xoxb-…)."
        yield Finding("bot token", "missing", "SLACK_BOT_TOKEN is not set", fix)
    if settings.socket_mode:
        yield Finding("connection", "ok", "Socket Mode, by SLACK_APP_TOKEN")
    elif settings.signing_secret.get_secret_value():
        yield Finding("connection", "ok", f"signed HTTP on {settings.host}:{settings.port}")
    else:
        fix = (
            "For Socket Mode make an app-level token with connections:write and set SLACK_APP_TOKEN; for "
            "HTTP set SLACK_SIGNING_SECRET. Both are on the app's page Basic Information."
        )
        yield Finding("connection", "missing", "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set", fix)


def _hooks(settings: Settings) -> Iterator[Finding]:
    systems = ", ".join(dict.fromkeys(s.system for s in settings.hooks))
    if systems:
        yield Finding("hooks", "ok", f"open at /hooks for {systems}")
    else:
        yield Finding("hooks", "note", "off: no system outside may call (PREFLIGHT_HOOK_SECRETS)")


def _slack(settings: Settings) -> Iterator[Finding]:
    token = settings.bot_token.get_secret_value()
    if not token:
        return
    try:
        found = Gateway(client(token, settings.api_url)).who_am_i()
    except NoAccess as trouble:
        fix = "Install the app again and copy its Bot User OAuth Token."
        yield Finding("Slack", "missing", f"the bot token is not accepted ({trouble.reason})", fix)
        return
    except SlackTrouble as trouble:
        fix = "Check the network, a proxy, and SLACK_API_URL."
        yield Finding("Slack", "missing", f"{settings.api_url} does not answer ({trouble.reason})", fix)
        return
    yield Finding("Slack", "ok", f"workspace {found.get('team')}, bot {found.get('user')}")
    granted = found.get("scopes")
    if granted is not None:
        lacking = sorted(set(scopes()) - set(granted))
        spare = sorted(set(granted) - set(scopes()))
        if lacking:
            fix = "Update the app from `preflight manifest` and install it again."
            yield Finding("scopes", "missing", f"not granted: {', '.join(lacking)}", fix)
        else:
            yield Finding("scopes", "ok", f"all {len(scopes())} granted")
        if spare:
            yield Finding("scopes", "note", f"granted but not used: {', '.join(spare)}")
    yield from _clock(found.get("date"))
    if settings.socket_mode:
        yield from _socket(settings)


def _clock(date: str | None) -> Iterator[Finding]:
    if not date:
        return
    try:
        skew = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    except (TypeError, ValueError):
        return
    if skew > _SKEW:
        fix = "Let the machine set its clock from the network (NTP)."
        yield Finding("clock", "missing", f"differs from Slack's by {skew:.0f} seconds", fix)
    else:
        yield Finding("clock", "ok", "agrees with Slack's")


def _socket(settings: Settings) -> Iterator[Finding]:
    opening = client(settings.app_token.get_secret_value(), settings.api_url)
    try:
        opening.api_call("apps.connections.open")
    except Exception as error:
        response = getattr(error, "response", None)
        reason = response.get("error") if response is not None else type(error).__name__
        fix = "Switch Socket Mode on in the app, and give the app-level token the scope connections:write."
        yield Finding("Socket Mode", "missing", f"no connection ({reason})", fix)
    else:
        yield Finding("Socket Mode", "ok", "Slack gives out a connection")


def _data_folder(settings: Settings) -> Iterator[Finding]:
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=settings.data_dir)
        os.close(handle)
        os.unlink(name)
    except OSError as error:
        fix = "Give the user that runs Preflight write access, or set PREFLIGHT_DATA_DIR to another folder."
        yield Finding("data folder", "missing", f"cannot be written to ({error.strerror})", fix)
    else:
        yield Finding("data folder", "ok", "can be written to")


def _database(settings: Settings) -> Iterator[Finding]:
    from storage.store import open_store

    try:
        store = open_store(settings)
    except AlreadyRunning as error:
        yield Finding("database", "note", str(error))
        return
    except StorageError as error:
        yield Finding("database", "missing", str(error))
        return
    try:
        store.check()
        backlog = store.outbox.backlog()
        yield Finding("database", "ok", "SQLite" if store.local else "PostgreSQL")
        if backlog.open:
            yield Finding("outbox", "note", f"{backlog.open} effects wait, the oldest since {backlog.oldest}")
        if backlog.dead:
            yield Finding("outbox", "note", f"{backlog.dead} effects were given up; the audit log says why")
    except StorageError as error:
        yield Finding("database", "missing", str(error))
    finally:
        store.close()


def _program(settings: Settings) -> Iterator[Finding]:
    from storage.program_folder import default_program_folder, read_program
    from workflows.program_errors import ProgramErrors

    try:
        program = read_program(settings.program_dir or default_program_folder())
    except ProgramErrors as wrong:
        fix = "Run `preflight program check` to see each with its line and fix."
        yield Finding("program", "missing", f"{len(wrong.errors)} faults; the first: {wrong.errors[0]}", fix)
    else:
        yield Finding("program", "ok", f"{program.name}, version {program.stamp.label}")


def _model(_settings: Settings) -> Iterator[Finding]:
    from knowledge.weights import problem

    wrong = problem()
    if wrong:
        yield Finding("embedded model", "note", wrong)
    else:
        yield Finding("embedded model", "ok", "present and verified")


def _chat_model(settings: Settings) -> Iterator[Finding]:
    from bot.model import writer_of

    writer = writer_of(settings)
    if writer is None:
        yield Finding("chat model", "note", "none is set: answers are quotes (PREFLIGHT_MODEL)")
        return
    named = settings.model.name
    wrong = writer.model.problem()
    if wrong:
        yield Finding("chat model", "missing", wrong)
        return
    trouble = writer.model.try_out()
    if trouble:
        fix = "Check PREFLIGHT_MODEL, its URL and its key. Until it answers, answers are quotes."
        yield Finding("chat model", "missing", f"{named} does not answer ({trouble})", fix)
    else:
        masked = "personal data is masked" if settings.model.mask else "personal data is not masked"
        yield Finding("chat model", "ok", f"{named} answers; {masked}")


def _index(settings: Settings) -> Iterator[Finding]:
    """A server only: the embedded index is made, and mended, by the bot itself."""
    from knowledge.chroma_server import ChromaServer
    from knowledge.shelves import IndexDown

    if not settings.chroma.startswith("http"):
        return
    try:
        ChromaServer(settings.chroma).names()
    except IndexDown as error:
        fix = "Start it, or correct PREFLIGHT_CHROMA. Questions are answered without it, more slowly."
        yield Finding("index of vectors", "missing", str(error), fix)
    else:
        yield Finding("index of vectors", "ok", f"Chroma at {settings.chroma}")
