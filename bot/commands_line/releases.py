"""``preflight release``: for a delivery pipeline, or a person at a terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.registry import Moment
    from bot.release_asks import ReleaseAsk

YES, NO, ERROR = 0, 1, 2
"""Exit statuses: it is so, or was done; it may not be; it could not be asked."""

_HELP = """Propose a version, ask "may I ship?", say what was done.

    Exit status 0: yes, or done. 1: no, with what is missing. 2: it could not be asked.

    Without --url it works on the database of this installation, in the name of --as. With --url it asks a
    serving bot by its hook, signed with PREFLIGHT_HOOK_SECRET, in the name of the system the secret belongs
    to.
    """


class _Where:
    """How the question gets there."""

    def __init__(self, url: str, as_: str, once: str, as_json: bool) -> None:
        self.url = url
        self.as_ = as_
        self.once = once
        self.as_json = as_json


@click.group(help=_HELP)
@click.option(
    "--url", envvar="PREFLIGHT_URL", default="", help="Of a serving bot, such as http://127.0.0.1:3000."
)
@click.option("--as", "as_", default="", metavar="HANDLE", help="Who does it, without --url.")
@click.option(
    "--once", default="", metavar="KEY", help="With --url: what is sent again under it is done once."
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.pass_context
def release(ctx: click.Context, url: str, as_: str, once: str, as_json: bool) -> None:
    """The group; its help is above."""
    ctx.obj = _Where(url.rstrip("/"), as_.lstrip("@"), once, as_json)


@release.command()
@click.argument("use_case")
@click.option("--version", default="", help="Three numbers; by default the next one.")
@click.option("--changed", required=True, help="What is different.")
@click.option("--why", required=True)
@click.option("--impact", required=True, help="What users will notice.")
@click.option("--model", default=None)
@click.option("--prompt", default=None)
@click.option("--retrieval", default=None, help="Configuration of the retrieval.")
@click.option("--data", default=None, help="Snapshot of the data.")
@click.option("--evaluation", default=None, help="Version of the evaluation set.")
@click.option("--another-model", is_flag=True, help="Not a newer version of the same model.")
@click.option("--link", default="")
@click.pass_obj
def propose(where: _Where, /, use_case: str, version: str, another_model: bool, **told: Any) -> None:
    """Put a version forward. Parts that are not named stay as they are in the version in use."""
    parts = {p: told.pop(p) for p in ("model", "prompt", "retrieval", "data", "evaluation")}
    given = {k: v for k, v in parts.items() if v is not None}
    _ask(where, "propose", use_case, version=version, another_model=another_model, parts=given, **told)


@release.command("may-ship")
@click.argument("use_case")
@click.argument("version", default="")
@click.pass_obj
def may_ship(where: _Where, use_case: str, version: str) -> None:
    """Whether a version may go out at this moment; if not, what is missing."""
    _ask(where, "may_ship", use_case, version=version)


@release.command()
@click.argument("use_case")
@click.argument("version", default="")
@click.pass_obj
def shipped(where: _Where, use_case: str, version: str) -> None:
    """Say that a version is in use from now on."""
    _ask(where, "shipped", use_case, version=version)


@release.command()
@click.argument("use_case")
@click.argument("version", default="")
@click.pass_obj
def withdraw(where: _Where, use_case: str, version: str) -> None:
    """Take a proposal back."""
    _ask(where, "withdraw", use_case, version=version)


@release.command()
@click.argument("use_case")
@click.argument("version", default="")
@click.option("--why", default="")
@click.pass_obj
def stop(where: _Where, use_case: str, version: str, why: str) -> None:
    """Stop the version in use, or one on its way out. Everybody concerned is told."""
    _ask(where, "stop", use_case, version=version, why=why)


@release.command("roll-back")
@click.argument("use_case")
@click.option(
    "--to", default="", metavar="VERSION", help="By default the last that was in use and ended well."
)
@click.option("--why", default="")
@click.option("--anyway", is_flag=True, help="Also to one that was itself stopped or rolled back.")
@click.pass_obj
def roll_back(where: _Where, use_case: str, to: str, why: str, anyway: bool) -> None:
    """Go back to an earlier version. Everybody concerned is told."""
    _ask(where, "roll_back", use_case, to=to, why=why, anyway=anyway)


@release.command("list")
@click.argument("use_case")
@click.pass_obj
def list_(where: _Where, use_case: str) -> None:
    """The versions of a use case, the newest first."""
    _ask(where, "list", use_case)


def _ask(where: _Where, action: str, use_case: str, **more: Any) -> None:
    from pydantic import ValidationError

    from bot.release_asks import ReleaseAsk

    told = {k: v for k, v in more.items() if v}
    try:
        ask = ReleaseAsk.model_validate({"action": action, "use_case": use_case.upper(), **told})
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        _end(where, {"ok": False, "says": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"}, ERROR)
    code, body = _by_hook(where, ask) if where.url else _here(where, ask)
    _end(where, body, code)


def _end(where: _Where, body: dict[str, Any], code: int) -> None:
    if where.as_json:
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        click.echo(body.get("says", ""), err=code == ERROR)
        for lack in body.get("missing", []):
            others = [who for who in lack.get("who", []) if who not in lack["says"]]
            click.echo(f"- {lack['says']}" + (f" ({', '.join(others)})" if others else ""))
        for one in body.get("releases", []):
            click.echo(f"{one['version']:<12} {one['status']:<12} {one['id']}  {one['changed']}")
    sys.exit(code)


def _here(where: _Where, ask: ReleaseAsk) -> tuple[int, dict[str, Any]]:
    """On this installation's own database."""
    from bot.release_asks import READS, act, read
    from bot.settings import read_settings
    from storage.store import open_store

    settings = read_settings()
    store = open_store(settings)
    try:
        moment = _moment(store, settings)
        if ask.action in READS:
            with store.read() as reading:
                answer = read(reading, moment, ask)
        else:
            circ = moment.circumstances(_person(moment, where.as_), "cli")
            with store.write() as tx:
                tx.keep_program(moment.program, _files(settings), moment.now)
                answer = act(tx, moment, circ, ask)
    finally:
        store.close()
    code = {"done": YES, "fields": ERROR, "unknown": ERROR}.get(answer.status, NO)
    return code, dict(answer.body)


def _moment(store: Any, settings: Any) -> Moment:
    from datetime import UTC, datetime

    from bot.registry import Moment
    from storage.program_folder import default_program_folder, read_program
    from workflows.ids import UserId

    program = read_program(settings.program_dir or default_program_folder())
    return Moment(store, program, settings, datetime.now(UTC), UserId(""))


def _files(settings: Any) -> Any:
    from storage.program_folder import default_program_folder, read_files

    return read_files(settings.program_dir or default_program_folder())


def _person(moment: Moment, handle: str) -> Any:
    if not handle:
        raise click.UsageError(
            "Say who does it: preflight release --as HANDLE ..., or ask a serving bot by --url."
        )
    found = [
        p.id for p in moment.directory.people.values() if p.active and handle in (p.handle, p.id, p.email)
    ]
    if len(found) != 1:
        raise click.UsageError(f"There is nobody called {handle!r} among the people Preflight knows.")
    return found[0]


def _by_hook(where: _Where, ask: ReleaseAsk) -> tuple[int, dict[str, Any]]:
    """By the hook of a serving bot."""
    import os
    import time
    import urllib.error
    import urllib.request

    from bot.hooks import ONCE, signed_headers

    secret = os.environ.get("PREFLIGHT_HOOK_SECRET", "")
    if not secret:
        raise click.UsageError("Set PREFLIGHT_HOOK_SECRET to the secret of your system.")
    if not where.url.startswith(("https://", "http://")):
        raise click.UsageError("--url is an address such as http://127.0.0.1:3000.")
    body = json.dumps(ask.model_dump(exclude_defaults=True) | {"action": ask.action}).encode()
    headers = signed_headers(secret, body, time.time())
    if where.once:
        headers[ONCE] = where.once
    request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
        f"{where.url}/hooks/release", data=body, headers=headers
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
            told = dict(json.load(answer))
            return (YES if told.get("ok") else NO), told
    except urllib.error.HTTPError as refusal:
        try:
            told = dict(json.load(refusal))
        except ValueError:
            told = {"ok": False, "says": f"The answer was {refusal.code}."}
        return (NO if refusal.code in (403, 409) else ERROR), told
    except (OSError, ValueError) as error:
        return ERROR, {"ok": False, "says": f"{where.url} does not answer ({type(error).__name__})."}
