"""Composition objects: text, options, confirmation dialogs, filters."""

from __future__ import annotations

from typing import Any

from sandbox.validate.check import (
    Check,
    Findings,
    anything,
    boolean,
    by_type,
    integer,
    list_of,
    obj,
    one_of,
    string,
)

url = string(3000, pattern=r"(?s)[a-zA-Z][a-zA-Z0-9+.-]*:.+")
identifier = string(255)
user_id = string(50)


def plain(most: int) -> Check:
    """A ``plain_text`` object."""
    return by_type({"plain_text": obj({"type": anything, "text": string(most)}, {"emoji": boolean})})


def text(most: int) -> Check:
    """A ``plain_text`` or ``mrkdwn`` object."""
    return by_type(
        {
            "plain_text": obj({"type": anything, "text": string(most)}, {"emoji": boolean}),
            "mrkdwn": obj({"type": anything, "text": string(most)}, {"verbatim": boolean}),
        }
    )


confirm = obj(
    {"title": plain(100), "text": text(300)},
    {"confirm": plain(30), "deny": plain(30), "style": one_of("primary", "danger")},
)

option = obj({"text": plain(75), "value": string(150)}, {"description": plain(75)})
rich_option = obj({"text": text(75), "value": string(150)}, {"description": text(75)})
overflow_option = obj({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": url})
option_group = obj({"label": plain(75), "options": list_of(option, 100)})

dispatch_action_config = obj(
    {}, {"trigger_actions_on": list_of(one_of("on_enter_pressed", "on_character_entered"), 2)}
)


def _filter_says_something(value: dict[str, Any], at: str, findings: Findings) -> None:
    if not value:
        findings.add(at, "must provide at least one filter")


conversation_filter = obj(
    {},
    {
        "include": list_of(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    also=[_filter_says_something],
)

slack_file = obj({}, {"id": string(50), "url": url})
workflow = obj(
    {"trigger": obj({"url": url}, {"customizable_input_parameters": list_of(anything, 100, least=0)})}
)
max_selected = integer(1, 100)
