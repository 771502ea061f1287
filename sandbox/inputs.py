"""What a person can put into an element: Slack's state and action shapes, and what Slack's client refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandbox.model import Json
from sandbox.validate import elements_of


class BadValue(ValueError):
    """A value that this element cannot take; the message says why."""


STATE_FIELD = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
"""Element type -> the field in which its value stands."""
_INITIAL = {
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "value": "initial_value",
    "rich_text_value": "initial_value",
}
_LISTS = frozenset(f for f in STATE_FIELD.values() if f.endswith("s"))
_STATELESS = frozenset({"overflow"})
_URL = re.compile(r"https?://\S+\.\S+|https?://localhost\S*")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def stateful(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every block and element that holds a value."""
    for block in blocks:
        for _, element in elements_of(block):
            kind = element.get("type")
            if kind in STATE_FIELD and kind not in _STATELESS and "action_id" in element:
                yield block, element


def initial_values(blocks: list[Json]) -> Json:
    """Slack's ``state.values`` of freshly shown blocks."""
    values: Json = {}
    for block, element in stateful(blocks):
        kind = str(element["type"])
        field = STATE_FIELD[kind]
        value = element.get(_INITIAL.get(field, ""), [] if field in _LISTS else None)
        values.setdefault(block["block_id"], {})[element["action_id"]] = {"type": kind, field: value}
    return values


def find_element(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json] | None:
    """The element with an action id; the block id decides where several share it."""
    for block in blocks:
        if block_id and block.get("block_id") != block_id:
            continue
        for _, element in elements_of(block):
            if element.get("action_id") == action_id:
                return block, element
    return None


def options_of(element: Json) -> list[Json]:
    """The options written into an element, groups flattened."""
    groups = element.get("option_groups")
    found: list[Json] = list(element.get("options") or [])
    for group in groups or []:
        found.extend(group.get("options") or [])
    return found


def state_of(element: Json, given: Any, offered: list[Json], files: dict[str, Json]) -> Json:
    """Slack's state object for a value given in Slack's own fields or in the short form.

    ``offered`` are options last suggested for an external menu, ``files`` the uploaded files by id.
    Raises BadValue for what the element cannot hold.
    """
    kind = str(element["type"])
    field = STATE_FIELD[kind]
    raw = _raw(field, given)
    if field == "selected_option":
        value: Any = None if raw is None else _option(element, raw, offered)
    elif field == "selected_options":
        value = [_option(element, entry, offered) for entry in raw or []]
    elif field == "files":
        value = []
        for entry in raw or []:
            file_id = entry.get("id") if isinstance(entry, dict) else entry
            if file_id not in files:
                raise BadValue(f"no file {file_id}")
            value.append(files[file_id])
    elif field in _LISTS:
        value = list(raw or [])
    elif field == "rich_text_value" and isinstance(raw, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": raw}]}
        value = {"type": "rich_text", "elements": [section]} if raw else None
    elif field == "selected_date_time" and raw is not None:
        value = int(raw)
    else:
        value = raw if raw is None or not isinstance(raw, (int, float)) else str(raw)
        value = value if value != "" else None
    most = element.get("max_selected_items") or element.get("max_files")
    if isinstance(value, list) and most and len(value) > int(most):
        raise BadValue(f"at most {most} may be chosen")
    return {"type": kind, field: value}


def _raw(field: str, given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    for name in (field, "value", "values"):
        if name in given:
            return given[name]
    return None


def _option(element: Json, raw: Any, offered: list[Json]) -> Json:
    value = raw.get("value") if isinstance(raw, dict) else raw
    external = "external" in str(element["type"])
    initial = element.get("initial_options") or (
        [element["initial_option"]] if "initial_option" in element else []
    )
    known = [*offered, *initial] if external else options_of(element)
    for option in known:
        if option.get("value") == value:
            return option
    if external and isinstance(raw, dict) and isinstance(raw.get("text"), dict):
        return raw
    raise BadValue(f"there is no option with the value {value!r}")


def is_empty(state: Json) -> bool:
    """Whether nothing was chosen or typed."""
    value = state.get(STATE_FIELD[str(state["type"])])
    return value is None or value in ([], "")


def refusals(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's client says about a form before it sends it: block id -> sentence."""
    errors: dict[str, str] = {}
    for block in blocks:
        element = block.get("element")
        if block.get("type") != "input" or not isinstance(element, dict):
            continue
        state = values.get(block["block_id"], {}).get(element.get("action_id"))
        if state is None or is_empty(state):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
            continue
        said = _refusal(element, state.get("value"))
        if said:
            errors[block["block_id"]] = said
    return errors


def _refusal(element: Json, value: Any) -> str | None:
    kind = element["type"]
    if not isinstance(value, str):
        return None
    if kind == "plain_text_input":
        least, most = int(element.get("min_length", 0)), int(element.get("max_length", 3000))
        if len(value) < least:
            return f"Please enter at least {least} characters."
        if len(value) > most:
            return f"Please enter no more than {most} characters."
    elif kind == "email_text_input" and not _MAIL.fullmatch(value):
        return "Please enter a valid email address."
    elif kind == "url_text_input" and not _URL.fullmatch(value):
        return "Please enter a valid URL."
    elif kind == "number_input":
        return _number_refusal(element, value)
    return None


def _number_refusal(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and "." in value:
        return "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None
