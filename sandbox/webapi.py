"""The HTTP face of the Web API: bodies, tokens, envelopes, rate limits and the in-bound faults."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.answers import respond_at
from sandbox.faults import Rule
from sandbox.methods import METHODS, Call, SlackError
from sandbox.methods.registry import Method
from sandbox.model import Json
from sandbox.wire import DroppedConnection, LostConnection
from sandbox.world import World

_POSTING = ("chat.postMessage",)


class WebApi:
    """Answers ``/api/<method>``."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, request: Request) -> Response:
        """One call."""
        world = self._world
        name = request.path_params["method"]
        started = time.perf_counter()
        try:
            args, warnings = await _arguments(request)
        except (ValueError, RecursionError):
            return self._envelope({"ok": False, "error": "invalid_json"}, [])
        given = args.pop("token", None)
        token = str(given) if given else _bearer(request)
        channel = str(args.get("channel") or args.get("channel_id") or "")
        rule = world.faults.inbound(name, channel)
        entry = world.calls.add(
            method=name, args=args, channel=channel, ok=False, error=None, http=None, ms=None
        )
        entry["fault"] = rule.action if rule else None
        try:
            status, answer, headers = await self._run(name, token, args, warnings, rule, entry)
        except LostConnection:
            entry |= {"http": None, "ms": _ms(started)}
            return DroppedConnection()
        entry |= {
            "http": status,
            "ok": answer.get("ok", False),
            "error": answer.get("error"),
            "ms": _ms(started),
        }
        if "ts" in answer:
            entry["ts"] = answer["ts"]
        if status >= 500:
            return Response(
                "Internal Server Error" if status == 500 else "Service Unavailable", status, headers
            )
        return self._envelope(answer, warnings, status, headers)

    async def _run(
        self, name: str, token: str | None, args: Json, warnings: list[str], rule: Rule | None, entry: Json
    ) -> tuple[int, Json, dict[str, str]]:
        if rule is not None:
            if rule.action in ("500", "503"):
                return int(rule.action), {"ok": False, "error": "internal_error"}, {}
            if rule.action == "429":
                return _limited(max(1, int(rule.number("retry_after", 1))))
            if rule.action == "reset":
                raise LostConnection
            if rule.action == "error":
                return 200, {"ok": False, "error": str(rule.options.get("error", "internal_error"))}, {}
            if rule.action == "delay" and not rule.options.get("after"):
                await asyncio.sleep(rule.number("seconds", 1))
        try:
            status, answer, headers = self._call(name, token, args, warnings, entry)
        except RecursionError:
            status, answer, headers = 200, {"ok": False, "error": "invalid_arguments"}, {}
        except SlackError as problem:
            status, answer, headers = 200, {"ok": False, "error": problem.error, **problem.more}, {}
            if problem.messages:
                answer["response_metadata"] = {"messages": problem.messages}
        if rule is not None:
            if rule.action == "lost_response":
                entry["error"] = answer.get("error")
                entry["ok"] = bool(answer.get("ok"))
                raise LostConnection
            if rule.action == "delay" and rule.options.get("after"):
                await asyncio.sleep(rule.number("seconds", 1))
        return status, answer, headers

    def _call(
        self, name: str, token: str | None, args: Json, warnings: list[str], entry: Json
    ) -> tuple[int, Json, dict[str, str]]:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        app = self._world.app
        self._authorise(method, token)
        entry["token"] = method.token
        if app is None:
            raise SlackError("account_inactive")
        headers = {}
        if method.token == "bot":  # noqa: S105 - names a kind of token
            headers["X-OAuth-Scopes"] = ",".join(app.scopes)
            if method.scopes:
                headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        call = Call(self._world, app, args, warnings)
        if method.scopes:
            call.need_scope(*method.scopes)
        wait = self._wait(method, args)
        if wait is not None:
            return _limited(wait)
        return 200, {"ok": True, **method.run(call)}, headers

    def _authorise(self, method: Method, token: str | None) -> None:
        app = self._world.app
        if method.token == "none":  # noqa: S105 - names a kind of token
            return
        if not token:
            raise SlackError("not_authed")
        if token in self._world.revoked:
            raise SlackError("token_revoked")
        known = {app.bot_token: "bot", app.app_token: "app"} if app else {}
        kind = known.get(token)
        if kind is None:
            raise SlackError("invalid_auth")
        if kind != method.token:
            raise SlackError("not_allowed_token_type")

    def _wait(self, method: Method, args: Json) -> int | None:
        settings = self._world.settings
        if not settings.rate_limits:
            return None
        if method.name in _POSTING:
            channel = self._posting_key(str(args.get("channel", "")))
            return self._world.rates.wait_for(method.name, channel, settings.post_burst, 1.0)
        if method.per_minute is None:
            return None
        return self._world.rates.wait_for(method.name, "", method.per_minute, method.per_minute / 60)

    def _posting_key(self, channel: str) -> str:
        """A person's id and the conversation with that person are one place."""
        app = self._world.app
        direct = (
            self._world.direct([channel, app.bot_user], create=False) if app and channel[:1] == "U" else None
        )
        return direct.id if direct else channel

    @staticmethod
    def _envelope(
        answer: Json, warnings: list[str], status: int = 200, headers: dict[str, str] | None = None
    ) -> Response:
        if warnings:
            answer["warning"] = ",".join(warnings)
            answer.setdefault("response_metadata", {})["warnings"] = list(warnings)
        return Response(
            json.dumps(answer, separators=(",", ":")),
            status,
            headers,
            media_type="application/json",
        )


def _limited(seconds: int) -> tuple[int, Json, dict[str, str]]:
    return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)}


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def _arguments(request: Request) -> tuple[Json, list[str]]:
    args: Json = dict(request.query_params)
    warnings: list[str] = []
    if request.method != "POST":
        return args, warnings
    content = request.headers.get("content-type", "")
    if "json" in content:
        body: Any = json.loads(await request.body() or b"{}")
        if not isinstance(body, dict):
            raise ValueError("not an object")
        if "charset" not in content:
            warnings.append("missing_charset")
        return args | body, warnings
    if "form" in content:
        form = await request.form()
        for name, value in form.multi_items():
            if isinstance(value, str):
                args[name] = value
    return args, warnings


async def take_response(world: World, request: Request) -> Response:
    """Answer a post to a response_url."""
    try:
        body: Any = json.loads(await request.body())
    except ValueError:
        body = None
    status, answer = respond_at(world, request.path_params["key"], body)
    channel = getattr(world.response_urls.get(request.path_params["key"]), "channel", "")
    world.calls.add(
        method="response_url",
        args=body,
        channel=channel,
        ok=answer["ok"],
        error=answer.get("error"),
        http=status,
        ms=0,
        fault=None,
        token="none",  # noqa: S106 - names a kind of token
    )
    return JSONResponse(answer, status)
