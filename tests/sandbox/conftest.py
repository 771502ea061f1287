"""A sandbox for the tests: one server for all, back to its workspace file before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from sandbox.server import Sandbox
from tests.sandbox.people import Control
from tests.sandbox.receiver import Receiver

SCOPES = [
    "app_mentions:read", "assistant:write", "channels:history", "channels:join", "channels:manage",
    "channels:read", "chat:write", "commands", "dnd:read", "emoji:read", "files:read",
    "files:write", "groups:history", "groups:read", "groups:write", "im:history", "im:read",
    "im:write", "mpim:history", "mpim:read", "mpim:write", "reactions:read", "reactions:write",
    "team:read", "usergroups:read", "users.profile:read", "users:read", "users:read.email",
]  # fmt: skip
EVENTS = [
    "app_context_changed", "app_home_opened", "app_mention", "app_uninstalled", "channel_archive",
    "channel_created", "channel_rename", "channel_unarchive", "file_shared",
    "member_joined_channel", "member_left_channel", "message.channels", "message.groups",
    "message.im", "message.mpim", "reaction_added", "reaction_removed", "subteam_members_changed",
    "subteam_updated", "team_join", "tokens_revoked", "user_change",
]  # fmt: skip
APP = {
    "display_information": {"name": "Testbot", "description": "A bot under test"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "agent_view": {"agent_description": "Answers"},
        "bot_user": {"display_name": "Testbot"},
        "slash_commands": [{"command": "/test", "description": "Try", "usage_hint": "[words]"}],
        "shortcuts": [
            {"name": "New", "type": "global", "callback_id": "new", "description": "Begin"},
            {"name": "Ask", "type": "message", "callback_id": "ask", "description": "Ask about it"},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {"event_subscriptions": {"bot_events": EVENTS}, "interactivity": {"is_enabled": True}},
    "app_id": "A0TEST",
    "bot_id": "B0TEST",
    "bot_user_id": "U0TESTBOT",
    "bot_token": "xoxb-test",
    "app_token": "xapp-test",
    "signing_secret": "very-secret",
}
WORKSPACE = {
    "team": {"id": "T0TEST", "name": "Test Ltd", "domain": "test"},
    "users": [
        {"id": "U0ANN", "name": "ann", "real_name": "Ann Lee", "email": "ann@test.example", "title": "Lead"},
        {
            "id": "U0BOB",
            "name": "bob",
            "real_name": "Bob Roy",
            "email": "bob@test.example",
            "tz": "Asia/Singapore",
        },
        {"id": "U0CAT", "name": "cat", "real_name": "Cat Sim", "email": "cat@test.example"},
        {"id": "U0OLD", "name": "old", "real_name": "Old Hand", "email": "old@test.example", "deleted": True},
    ],
    "groups": [{"id": "S0TEAM", "handle": "team", "name": "The team", "users": ["ann", "bob"]}],
    "channels": [
        {"id": "C0OPEN", "name": "open", "topic": "All", "members": ["ann", "bob"], "with_app": True},
        {"id": "C0APART", "name": "apart", "members": ["ann"]},
        {"id": "C0GONE", "name": "gone", "members": ["ann"], "is_archived": True, "with_app": True},
        {"id": "C0SECRET", "name": "secret", "members": ["ann"], "is_private": True},
        {"id": "C0INNER", "name": "inner", "members": ["ann"], "is_private": True, "with_app": True},
    ],
}


@pytest.fixture(scope="session")
def server() -> Iterator[Sandbox]:
    sandbox = Sandbox(workspace=WORKSPACE, app=APP)
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def people(server: Sandbox) -> Control:
    """Acts as anyone and reads everything back; the workspace is fresh."""
    control = Control(server.url)
    control.post("/reset", {"keep_app": False})
    control.post("/settings", {"rate_limits": False})
    return control


@pytest.fixture
def bot(people: Control) -> WebClient:
    """Slack's own client with the app's token."""
    return WebClient(token="xoxb-test", base_url=f"{people.url}/api/")


@pytest.fixture
def receiver(people: Control) -> Iterator[Receiver]:
    """A web server that stands for the app: it records what arrives and answers as it is told."""
    with Receiver() as running:
        answer = people.post("/app", {"request_url": running.url})
        assert answer["verified"], "the sandbox did not verify the receiver"
        running.clear()
        yield running
