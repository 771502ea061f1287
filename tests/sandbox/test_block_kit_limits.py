"""Limits on blocks, elements and views: just inside passes, just outside is refused by Slack's name."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.validate import message_problems, view_problems

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "A", value: str = "a", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(n), str(n)) for n in range(count)]


def section(text: Json | None = None, **more: Any) -> Json:
    return {"type": "section", "text": text or mrkdwn("x"), **more}


def button(text: str = "Go", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    view = {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": list(blocks)}
    return view | more


def select(**more: Any) -> Json:
    return {"type": "static_select", **more}


def confirm(**more: Any) -> Json:
    return {"title": plain("Sure?"), "text": plain("Really"), **more}


def sized(make: Any, most: int) -> Any:
    """A limit on length: (what makes the block from a text, the longest text that passes)."""
    return pytest.param(lambda n: make("x" * n), most, "characters")


def counted(make: Any, most: int) -> Any:
    """A limit on number: (what makes the block from a count, the largest count that passes)."""
    return pytest.param(make, most, "items")


BLOCK_LIMITS = [
    sized(lambda t: section(mrkdwn(t)), 3000),
    sized(lambda t: section(plain(t)), 3000),
    sized(lambda t: section(fields=[mrkdwn(t)]), 2000),
    counted(lambda n: section(fields=[mrkdwn("f")] * n), 10),
    sized(lambda t: {"type": "header", "text": plain(t)}, 150),
    sized(lambda t: {"type": "markdown", "text": t}, 12_000),
    sized(lambda t: {"type": "image", "image_url": "http://x.y/z.png", "alt_text": t}, 2000),
    sized(
        lambda t: {"type": "image", "image_url": "http://x.y/z.png", "alt_text": "a", "title": plain(t)}, 2000
    ),
    counted(lambda n: actions(*[button()] * n), 25),
    counted(lambda n: {"type": "context", "elements": [mrkdwn("c")] * n}, 10),
    counted(lambda n: {"type": "context_actions", "elements": [feedback()] * n}, 5),
    sized(lambda t: section(block_id=t), 255),
    sized(lambda t: actions(button(action_id=t)), 255),
    sized(lambda t: actions(button(t)), 75),
    sized(lambda t: actions(button(value=t)), 2000),
    sized(lambda t: actions(button(accessibility_label=t)), 75),
    sized(lambda t: actions(button(url="http://x.y/" + t[11:])), 3000),
    sized(lambda t: actions(button(confirm=confirm(title=plain(t)))), 100),
    sized(lambda t: actions(button(confirm=confirm(text=mrkdwn(t)))), 300),
    sized(lambda t: actions(button(confirm=confirm(confirm=plain(t)))), 30),
    sized(lambda t: actions(button(confirm=confirm(deny=plain(t)))), 30),
    counted(lambda n: actions(select(options=options(n))), 100),
    counted(lambda n: actions(select(option_groups=[group(1)] * n)), 100),
    counted(lambda n: actions(select(option_groups=[group(n)])), 100),
    sized(lambda t: actions(select(option_groups=[group(1, t)])), 75),
    sized(lambda t: actions(select(options=[option(text=t)])), 75),
    sized(lambda t: actions(select(options=[option(value=t)])), 150),
    sized(lambda t: actions(select(options=[option(description=plain(t))])), 75),
    sized(lambda t: actions(select(options=options(1), placeholder=plain(t))), 150),
    counted(lambda n: actions({"type": "overflow", "options": options(n)}), 5),
    counted(lambda n: actions({"type": "radio_buttons", "options": options(n)}), 10),
    counted(lambda n: actions({"type": "checkboxes", "options": options(n)}), 10),
    sized(lambda t: field({"type": "plain_text_input"}, label=plain(t)), 2000),
    sized(lambda t: field({"type": "plain_text_input"}, hint=plain(t)), 2000),
    sized(lambda t: field({"type": "plain_text_input", "initial_value": t}), 3000),
    counted(lambda n: {"type": "table", "rows": [[cell()]] * n}, 100),
    counted(lambda n: {"type": "table", "rows": [[cell()] * n]}, 20),
    counted(lambda n: {"type": "table", "rows": [[cell()]], "column_settings": [{}] * n}, 20),
    sized(lambda t: {"type": "card", "title": mrkdwn(t)}, 150),
    sized(lambda t: {"type": "card", "body": mrkdwn(t)}, 200),
]


def feedback() -> Json:
    good, bad = {"text": plain("Good"), "value": "+"}, {"text": plain("Bad"), "value": "-"}
    return {"type": "feedback_buttons", "positive_button": good, "negative_button": bad}


def group(count: int, label: str = "G") -> Json:
    return {"label": plain(label), "options": options(count)}


def cell() -> Json:
    return {"type": "raw_text", "text": "c"}


@pytest.mark.parametrize(("make", "most", "unit"), BLOCK_LIMITS)
def test_the_largest_block_passes_and_one_more_does_not(make: Any, most: int, unit: str) -> None:
    assert message_problems([make(most)]) == []
    problems = message_problems([make(most + 1)])
    wanted = (
        f"must be less than {most + 1} characters"
        if unit == "characters"
        else f"no more than {most} items allowed"
    )
    assert any(p.startswith(f"{wanted} [json-pointer:/blocks/0") for p in problems), problems


VIEW_LIMITS = [
    sized(lambda t: modal(title=plain(t)), 24),
    sized(lambda t: modal(submit=plain(t)), 24),
    sized(lambda t: modal(close=plain(t)), 24),
    sized(lambda t: modal(private_metadata=t), 3000),
    sized(lambda t: modal(callback_id=t), 255),
    sized(lambda t: modal(external_id=t), 255),
    counted(lambda n: modal(*[{"type": "divider"}] * n), 100),
]


@pytest.mark.parametrize(("make", "most", "unit"), VIEW_LIMITS)
def test_the_largest_view_passes_and_one_more_does_not(make: Any, most: int, unit: str) -> None:
    assert view_problems(make(most), "modal") == []
    assert any(
        p.startswith(("must be less than", "no more than")) for p in view_problems(make(most + 1), "modal")
    )


def test_a_message_takes_fifty_blocks_and_home_a_hundred() -> None:
    assert message_problems([{"type": "divider"}] * 50) == []
    assert message_problems([{"type": "divider"}] * 51) == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]
    assert view_problems({"type": "home", "blocks": [{"type": "divider"}] * 100}, "home") == []
    assert view_problems({"type": "home", "blocks": [{"type": "divider"}] * 101}, "home") != []


GOOD_ELEMENTS = [
    select(options=options(2), initial_option=option("0", "0"), focus_on_load=True),
    {"type": "external_select", "min_query_length": 0, "placeholder": plain("Find")},
    {"type": "users_select", "initial_user": "U1"},
    {"type": "conversations_select", "filter": {"include": ["im"]}, "response_url_enabled": True},
    {"type": "channels_select"},
    {"type": "multi_static_select", "options": options(3), "max_selected_items": 2},
    {"type": "multi_external_select"},
    {"type": "multi_users_select", "initial_users": ["U1"]},
    {"type": "multi_conversations_select", "default_to_current_conversation": True},
    {"type": "multi_channels_select"},
    {"type": "datepicker", "initial_date": "2026-02-28"},
    {"type": "timepicker", "initial_time": "23:59", "timezone": "Europe/London"},
    {"type": "datetimepicker", "initial_date_time": 1790000000},
    {"type": "radio_buttons", "options": [{"text": mrkdwn("*A*"), "value": "a"}]},
    {"type": "checkboxes", "options": options(2), "initial_options": [option("1", "1")]},
    {"type": "plain_text_input", "multiline": True, "min_length": 1, "max_length": 9},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"},
    {"type": "email_text_input"},
    {"type": "url_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}},
    {"type": "rich_text_input"},
    {"type": "file_input", "filetypes": ["pdf"], "max_files": 3},
]


@pytest.mark.parametrize("element", GOOD_ELEMENTS, ids=lambda e: str(e["type"]))
def test_every_input_element_may_stand_in_a_modal(element: Json) -> None:
    assert view_problems(modal(field(element)), "modal") == []


GOOD_BLOCKS = [
    {"type": "divider"},
    section(accessory={"type": "image", "image_url": "http://x.y/z.png", "alt_text": "z"}),
    section(fields=[plain("a"), mrkdwn("b")], expand=True),
    {
        "type": "context",
        "elements": [mrkdwn("a"), {"type": "image", "image_url": "http://x.y", "alt_text": "z"}],
    },
    {
        "type": "context_actions",
        "elements": [feedback(), {"type": "icon_button", "icon": "trash", "text": plain("x")}],
    },
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "a", "style": {"bold": True}},
                    {"type": "link", "url": "http://x.y", "text": "l"},
                    {"type": "user", "user_id": "U1"},
                    {"type": "usergroup", "usergroup_id": "S1"},
                    {"type": "channel", "channel_id": "C1"},
                    {"type": "emoji", "name": "wave"},
                    {"type": "broadcast", "range": "here"},
                    {"type": "date", "timestamp": 1790000000, "format": "{date}"},
                    {"type": "color", "value": "#fff000"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 1,
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "b"}]}],
            },
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}], "border": 0},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}]},
        ],
    },
    {"type": "table", "rows": [[cell(), cell()]], "column_settings": [{"align": "right"}, None]},
    {"type": "task_card", "task_id": "t", "title": "Reading", "status": "in_progress"},
    {"type": "plan", "title": "Plan", "tasks": [{"type": "task_card", "task_id": "t", "title": "One"}]},
    {"type": "card", "title": mrkdwn("Card"), "actions": [button()]},
    {"type": "carousel", "elements": [{"type": "card", "title": mrkdwn("Card")}]},
    {"type": "container", "title": plain("Box"), "child_blocks": [section()]},
    {
        "type": "video",
        "alt_text": "v",
        "title": plain("V"),
        "thumbnail_url": "http://x.y",
        "video_url": "http://x.y",
    },
    {"type": "file", "external_id": "e", "source": "remote"},
    {"type": "data_table", "caption": "c", "rows": [[cell()], [cell()]]},
    {"type": "data_visualization", "title": "t", "chart": {"type": "pie"}},
]


@pytest.mark.parametrize("block", GOOD_BLOCKS, ids=lambda b: str(b["type"]))
def test_every_kind_of_block_may_stand_in_a_message(block: Json) -> None:
    assert message_problems([block]) == []


REFUSED = [
    ({"type": "poem"}, "unsupported type: poem [json-pointer:/blocks/0/type]"),
    ({}, "missing required field: type [json-pointer:/blocks/0]"),
    ({"type": "divider", "text": plain("x")}, "invalid additional property: text [json-pointer:/blocks/0]"),
    ({"type": "section"}, "must provide at least one of: text, fields [json-pointer:/blocks/0]"),
    (section(mrkdwn("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (section({"type": "mrkdwn", "text": 5}), "must be a string [json-pointer:/blocks/0/text/text]"),
    ({"type": "header", "text": mrkdwn("h")}, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
    (actions(), "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    (
        actions({"type": "button", "text": mrkdwn("b")}),
        "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]",
    ),
    (
        actions(button(style="loud")),
        "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        actions(button(colour="red")),
        "invalid additional property: colour [json-pointer:/blocks/0/elements/0]",
    ),
    (
        actions(button(action_id="a"), button(action_id="a")),
        '`action_id` "a" already exists for another element [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    (
        actions({"type": "plain_text_input"}),
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        actions(select()),
        "must provide exactly one of: options, option_groups [json-pointer:/blocks/0/elements/0]",
    ),
    (
        actions(select(options=options(1), initial_option=option("Z", "z"))),
        "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        actions({"type": "datepicker", "initial_date": "28.02.2026"}),
        "must match the expected format [json-pointer:/blocks/0/elements/0/initial_date]",
    ),
    (
        field({"type": "file_input"}),
        "unsupported type: file_input [json-pointer:/blocks/0/element/type]",
    ),
    ({"type": "alert", "text": plain("!")}, "unsupported type: alert [json-pointer:/blocks/0/type]"),
    (
        {"type": "image", "alt_text": "a"},
        "must provide exactly one of: image_url, slack_file [json-pointer:/blocks/0]",
    ),
    ("text", "must be an object [json-pointer:/blocks/0]"),
]


@pytest.mark.parametrize(("block", "said"), REFUSED)
def test_what_slack_refuses_is_refused_with_the_place(block: Any, said: str) -> None:
    assert said in message_problems([block])


def test_two_blocks_cannot_share_an_id() -> None:
    problems = message_problems([section(block_id="b"), section(block_id="b")])
    assert problems == ['`block_id` "b" already exists for another block [json-pointer:/blocks/1/block_id]']


def test_the_same_action_id_may_stand_in_two_blocks() -> None:
    assert (
        message_problems([section(accessory=button(action_id="a")), section(accessory=button(action_id="a"))])
        == []
    )


def test_headings_and_rules_of_a_markdown_block_count_as_blocks() -> None:
    fifty = "\n".join(["# Heading", "text", "more text"] * 25)
    assert message_problems([{"type": "markdown", "text": fifty}]) == []
    said = ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert message_problems([{"type": "markdown", "text": fifty + "\n---"}]) == said
    code = "```\n" + "# not a heading\n" * 60 + "```"
    assert message_problems([{"type": "markdown", "text": code}]) == []


def test_a_message_takes_one_table() -> None:
    table = {"type": "table", "rows": [[cell()]]}
    assert message_problems([table, table]) == ["only_one_table_allowed [json-pointer:/blocks]"]


@pytest.mark.parametrize(
    "block", [b for b in GOOD_BLOCKS if b["type"] in ("table", "context_actions", "task_card")]
)
def test_some_blocks_are_for_messages_only(block: Json) -> None:
    assert view_problems({"type": "home", "blocks": [block]}, "home") != []


def test_a_modal_with_a_field_needs_a_submit_button() -> None:
    view = modal(field({"type": "plain_text_input"}))
    del view["submit"]
    assert view_problems(view, "modal") == ["missing required field: submit [json-pointer:/view]"]


def test_a_modal_needs_a_title_and_knows_its_fields() -> None:
    assert "missing required field: title [json-pointer:/view]" in view_problems(
        {"type": "modal", "blocks": []}, "modal"
    )
    assert "invalid additional property: size [json-pointer:/view]" in view_problems(
        modal(size="big"), "modal"
    )


def error_of(problem: pytest.ExceptionInfo[SlackApiError]) -> Json:
    data = problem.value.response.data
    assert isinstance(data, dict)
    return data


def test_the_web_api_answers_with_slacks_names_and_pointers(bot: WebClient) -> None:
    with pytest.raises(SlackApiError) as problem:
        bot.chat_postMessage(
            channel="C0OPEN", text="t", blocks=[{"type": "header", "text": plain("x" * 151)}]
        )
    answer = error_of(problem)
    said = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [said]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {said}"]


@pytest.mark.parametrize("blocks", ["not json", '{"type": "divider"}'])
def test_blocks_that_are_no_list_are_invalid_blocks_format(bot: WebClient, blocks: str) -> None:
    with pytest.raises(SlackApiError) as problem:
        bot.chat_postMessage(channel="C0OPEN", text="t", blocks=blocks)
    assert error_of(problem)["error"] == "invalid_blocks_format"


def test_all_text_of_a_messages_blocks_together_is_limited(bot: WebClient) -> None:
    bot.chat_postMessage(channel="C0OPEN", text="t", blocks=[section(mrkdwn("x" * 3000))] * 4)
    with pytest.raises(SlackApiError) as problem:
        bot.chat_postMessage(channel="C0OPEN", text="t", blocks=[section(mrkdwn("x" * 3000))] * 5)
    assert error_of(problem)["error"] == "msg_blocks_too_long"
