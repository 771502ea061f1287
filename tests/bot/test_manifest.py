"""The manifest asks for what the code calls and listens to, and for nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.manifest import manifest, scopes
from bot.slack_events import EVENTS
from bot.slack_gateway import METHODS
from sandbox.app import EVENT_SCOPES
from sandbox.methods.registry import METHODS as SLACKS
from tests.bot.conftest import Bench

ROOT = Path(__file__).resolve().parents[2]


def called() -> set[str]:
    """The Web API methods that the gateway names where it calls."""
    found = set()
    tree = ast.parse((ROOT / "bot" / "slack_gateway.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("_call", "_pages", "api_call"):
            found |= {a.value for a in node.args[:1] if isinstance(a, ast.Constant)}
    return found | {"conversations.history", "conversations.replies"}


def test_every_method_that_is_called_is_declared_and_none_is_declared_in_vain() -> None:
    assert called() == set(METHODS)


def test_only_the_gateway_calls_slack() -> None:
    for path in (ROOT / "bot").rglob("*.py"):
        if path.name in ("slack_gateway.py", "doctor.py"):
            continue
        assert "api_call(" not in path.read_text(encoding="utf-8"), path
        for method in METHODS:
            assert f".{method.replace('.', '_')}(" not in path.read_text(encoding="utf-8"), path


def test_the_scopes_are_those_that_slack_demands_for_what_we_call() -> None:
    needed = {"commands"}
    for method in METHODS:
        needed |= set(METHODS[method])
        demanded = set(SLACKS[method].scopes)
        assert not demanded or demanded & set(METHODS[method]), method
    for event, ours in EVENTS.items():
        needed |= set(ours)
        demanded = set(EVENT_SCOPES.get(event, ()))
        assert not demanded or demanded & set(ours), event
    assert scopes() == sorted(needed)


def test_a_call_without_its_scope_is_refused_by_name(bench: Bench) -> None:
    app = manifest()
    app["oauth_config"]["scopes"]["bot"].remove("usergroups:read")
    bench.workspace.post("/sandbox/app", {**app, "bot_token": "xoxb-tests-of-the-bot"})
    with pytest.raises(Exception, match=r"missing_scope, needs usergroups:read"):
        bench.gateway.groups()


def test_over_http_every_address_is_ours_and_socket_mode_is_off() -> None:
    made = manifest(url="https://preflight.example")
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://preflight.example/slack/events"
    assert made["settings"]["interactivity"]["request_url"] == "https://preflight.example/slack/events"
    assert made["features"]["slash_commands"][0]["url"] == "https://preflight.example/slack/events"
    assert not made["settings"]["socket_mode_enabled"]


def test_for_socket_mode_there_is_no_address() -> None:
    made = manifest()
    assert made["settings"]["socket_mode_enabled"]
    assert "request_url" not in made["settings"]["event_subscriptions"]


def test_the_app_is_an_agent_and_needs_no_assistant_container() -> None:
    made = manifest()
    assert "agent_view" in made["features"]
    assert "assistant_view" not in made["features"]
    assert not [e for e in made["settings"]["event_subscriptions"]["bot_events"] if e.startswith("assistant")]


def test_descriptions_keep_slacks_limits() -> None:
    made = manifest()
    assert len(made["display_information"]["description"]) <= 140
    assert 174 <= len(made["display_information"]["long_description"]) <= 4000
    assert len(made["features"]["agent_view"]["agent_description"]) <= 300
    assert len(made["features"]["slash_commands"][0]["usage_hint"]) <= 1000
