"""Block elements: buttons, menus, pickers, inputs; and which of them may stand where."""

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
from sandbox.validate.objects import (
    confirm,
    conversation_filter,
    dispatch_action_config,
    identifier,
    max_selected,
    option,
    option_group,
    overflow_option,
    plain,
    rich_option,
    slack_file,
    url,
    user_id,
    workflow,
)

_DATE = string(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = string(50, pattern=r"-?\d+(\.\d+)?")


def _one_image_source(value: dict[str, Any], at: str, findings: Findings) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        findings.add(at, "must provide exactly one of: image_url, slack_file")


def _options_or_groups(value: dict[str, Any], at: str, findings: Findings) -> None:
    if ("options" in value) == ("option_groups" in value):
        findings.add(at, "must provide exactly one of: options, option_groups")
        return
    offered: list[Any] = []
    groups = value.get("option_groups")
    for group in groups if isinstance(groups, list) else [{"options": value.get("options")}]:
        if isinstance(group, dict) and isinstance(group.get("options"), list):
            offered.extend(group["options"])
    _initial_is_offered(value, offered, at, findings)


def _initial_among_options(value: dict[str, Any], at: str, findings: Findings) -> None:
    offered = value.get("options")
    _initial_is_offered(value, offered if isinstance(offered, list) else [], at, findings)


def _initial_is_offered(value: dict[str, Any], offered: list[Any], at: str, findings: Findings) -> None:
    known = [o.get("value") for o in offered if isinstance(o, dict)]
    first = value.get("initial_option")
    if isinstance(first, dict) and first.get("value") not in known:
        findings.add(f"{at}/initial_option", "must be one of the provided options")
    several = value.get("initial_options")
    for index, entry in enumerate(several if isinstance(several, list) else []):
        if isinstance(entry, dict) and entry.get("value") not in known:
            findings.add(f"{at}/initial_options/{index}", "must be one of the provided options")


def _length_bounds_agree(value: dict[str, Any], at: str, findings: Findings) -> None:
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        findings.add(f"{at}/min_length", "must not be greater than max_length")


def _element(required: dict[str, Check], optional: dict[str, Check], *also: Any) -> Check:
    return obj({"type": anything, **required}, {"action_id": identifier, **optional}, also=also)


_menu: dict[str, Check] = {"placeholder": plain(150), "focus_on_load": boolean, "confirm": confirm}
_several: dict[str, Check] = {**_menu, "max_selected_items": max_selected}
_typed: dict[str, Check] = {
    "placeholder": plain(150),
    "focus_on_load": boolean,
    "dispatch_action_config": dispatch_action_config,
}
_options: dict[str, Check] = {"options": list_of(option, 100), "option_groups": list_of(option_group, 100)}
_conversations: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": conversation_filter}

image = obj(
    {"type": anything, "alt_text": string(2000)},
    {"image_url": url, "slack_file": slack_file},
    also=[_one_image_source],
)
button = _element(
    {"text": plain(75)},
    {
        "url": url,
        "value": string(2000, least=0),
        "style": one_of("primary", "danger"),
        "confirm": confirm,
        "accessibility_label": string(75),
        "visible_to_user_ids": list_of(user_id, 500, least=0),
        "agent_prompt": string(4000),
        "agent_prompt_display": anything,
    },
)
workflow_button = _element(
    {"text": plain(75), "workflow": workflow},
    {"style": one_of("primary", "danger"), "accessibility_label": string(75)},
)
_feedback_button = obj({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
feedback_buttons = _element({"positive_button": _feedback_button, "negative_button": _feedback_button}, {})
icon_button = _element(
    {"icon": one_of("trash"), "text": plain(75)},
    {
        "value": string(2000, least=0),
        "confirm": confirm,
        "accessibility_label": string(75),
        "visible_to_user_ids": list_of(user_id, 500, least=0),
    },
)
overflow = _element({"options": list_of(overflow_option, 5)}, {"confirm": confirm})
static_select = _element({}, {**_menu, **_options, "initial_option": option}, _options_or_groups)
multi_static_select = _element(
    {}, {**_several, **_options, "initial_options": list_of(option, 100)}, _options_or_groups
)
external_select = _element({}, {**_menu, "initial_option": option, "min_query_length": integer(0, 1000)})
multi_external_select = _element(
    {}, {**_several, "initial_options": list_of(option, 100), "min_query_length": integer(0, 1000)}
)
users_select = _element({}, {**_menu, "initial_user": user_id})
multi_users_select = _element({}, {**_several, "initial_users": list_of(user_id, 100)})
conversations_select = _element(
    {}, {**_menu, **_conversations, "initial_conversation": user_id, "response_url_enabled": boolean}
)
multi_conversations_select = _element(
    {}, {**_several, **_conversations, "initial_conversations": list_of(user_id, 100)}
)
channels_select = _element({}, {**_menu, "initial_channel": user_id, "response_url_enabled": boolean})
multi_channels_select = _element({}, {**_several, "initial_channels": list_of(user_id, 100)})
datepicker = _element({}, {**_menu, "initial_date": _DATE})
timepicker = _element({}, {**_menu, "initial_time": _TIME, "timezone": string(100)})
datetimepicker = _element(
    {},
    {
        "focus_on_load": boolean,
        "confirm": confirm,
        "initial_date_time": integer(1_000_000_000, 9_999_999_999),
    },
)
radio_buttons = _element(
    {"options": list_of(rich_option, 10)},
    {"initial_option": rich_option, "focus_on_load": boolean, "confirm": confirm},
    _initial_among_options,
)
checkboxes = _element(
    {"options": list_of(rich_option, 10)},
    {"initial_options": list_of(rich_option, 10), "focus_on_load": boolean, "confirm": confirm},
    _initial_among_options,
)
plain_text_input = _element(
    {},
    {
        **_typed,
        "initial_value": string(3000, least=0),
        "multiline": boolean,
        "min_length": integer(0, 3000),
        "max_length": integer(1, 3000),
    },
    _length_bounds_agree,
)
email_text_input = _element({}, {**_typed, "initial_value": string(3000, least=0)})
url_text_input = _element({}, {**_typed, "initial_value": string(3000, least=0)})
number_input = _element(
    {"is_decimal_allowed": boolean},
    {**_typed, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
)
rich_text_input = _element(
    {},
    {
        **_typed,
        "initial_value": obj({"type": one_of("rich_text"), "elements": list_of(anything, 100)}),
        "min_lines": integer(1, 100),
        "max_lines": integer(1, 100),
    },
)
file_input = _element({}, {"filetypes": list_of(string(50), 100), "max_files": integer(1, 10)})

_menus_and_pickers: dict[str, Check] = {
    "static_select": static_select,
    "external_select": external_select,
    "users_select": users_select,
    "conversations_select": conversations_select,
    "channels_select": channels_select,
    "datepicker": datepicker,
    "timepicker": timepicker,
    "radio_buttons": radio_buttons,
    "checkboxes": checkboxes,
}
_multi_menus: dict[str, Check] = {
    "multi_static_select": multi_static_select,
    "multi_external_select": multi_external_select,
    "multi_users_select": multi_users_select,
    "multi_conversations_select": multi_conversations_select,
    "multi_channels_select": multi_channels_select,
}
_buttons: dict[str, Check] = {"button": button, "overflow": overflow, "workflow_button": workflow_button}

in_section = by_type({**_menus_and_pickers, **_multi_menus, **_buttons, "image": image})
in_actions = by_type({**_menus_and_pickers, **_buttons, "datetimepicker": datetimepicker})
_INPUTS: dict[str, Check] = {
    **_menus_and_pickers,
    **_multi_menus,
    "datetimepicker": datetimepicker,
    "plain_text_input": plain_text_input,
    "email_text_input": email_text_input,
    "url_text_input": url_text_input,
    "number_input": number_input,
    "rich_text_input": rich_text_input,
}
_in_input = by_type(_INPUTS)
_in_modal_input = by_type({**_INPUTS, "file_input": file_input})
in_context_actions = by_type({"feedback_buttons": feedback_buttons, "icon_button": icon_button})


def in_input(value: Any, at: str, findings: Findings) -> None:
    """What an input block may hold; files only in a modal."""
    (_in_modal_input if findings.surface == "modal" else _in_input)(value, at, findings)
