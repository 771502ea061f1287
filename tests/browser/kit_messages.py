"""The messages of the kit's app: the long card at the end of an intake, and every other block."""

from __future__ import annotations

from tests.browser.kit_blocks import Json, button, field, option, plain, section


def review_card() -> list[Json]:
    """A long card: fields, table, many buttons, as the end of an intake has it."""
    answers = [
        ("Name", "Summarise claims calls"),
        ("Outcome", "After-call work, 9 → 5 minutes by 30 June 2027"),
        ("Users", "about 40"),
        ("Data", "Recordings, claims system"),
        ("Owner", "<@U0DANA>"),
        ("Exposure", "Drafts, shown to agents"),
    ]
    pencils = [
        section(f"*{name}*\n{said}", accessory=button("✎ Change", f"change_{name.lower()}"))
        for name, said in answers
    ]
    return [
        {"type": "header", "text": plain("Summarise claims calls")},
        section(
            "Here is what I wrote down. *Tier: medium*, because of _personal data_ and "
            "_drafts shown to agents, who decide_."
        ),
        {"type": "divider"},
        *pencils,
        {"type": "divider"},
        section(
            "*Scorecard*",
            fields=[
                {"type": "mrkdwn", "text": f"{name}\n{'█' * n}{'░' * (5 - n)} {n} of 5"}
                for name, n in (
                    ("Value", 4),
                    ("Feasibility", 3),
                    ("Data", 2),
                    ("Risk", 3),
                    ("Reach", 4),
                    ("Effort", 2),
                )
            ],
        ),
        {
            "type": "table",
            "rows": [
                [{"type": "raw_text", "text": t} for t in ("Step", "Who", "By")],
                [
                    {"type": "raw_text", "text": t}
                    for t in ("Risk review", "Priya Shah or Tom Becker", "Tue 24 Nov")
                ],
                [{"type": "raw_text", "text": t} for t in ("Data protection", "Kim Novak", "Wed 25 Nov")],
            ],
            "column_settings": [{"is_wrapped": True}, None, {"align": "right"}],
        },
        {
            "type": "context",
            "elements": [
                {
                    "type": "mrkdwn",
                    "text": "Two similar use cases: *Chat wrap-up* (in production), *Call notes* (pilot)",
                }
            ],
        },
        {
            "type": "actions",
            "block_id": "review",
            "elements": [
                button(
                    "Submit",
                    "submit",
                    style="primary",
                    confirm={
                        "title": plain("Submit it?"),
                        "text": {"type": "mrkdwn", "text": "Priya and Kim will be asked."},
                        "confirm": plain("Submit"),
                        "deny": plain("Not yet"),
                    },
                ),
                button("Change something", "change"),
                button("Save for later", "save"),
                button("Withdraw", "withdraw", style="danger"),
                {
                    "type": "static_select",
                    "action_id": "jump",
                    "placeholder": plain("Go to a question"),
                    "options": [option(name) for name, _ in answers],
                },
                {
                    "type": "overflow",
                    "action_id": "over",
                    "options": [option("Export"), option("Copy to a friend")],
                },
            ],
        },
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "feedback",
                    "positive_button": {"text": plain("Good answer"), "value": "good"},
                    "negative_button": {"text": plain("Bad answer"), "value": "bad"},
                }
            ],
        },
    ]


def gallery() -> list[list[Json]]:
    """Messages that hold every other block."""
    rich: Json = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "Bold", "style": {"bold": True}},
                    {"type": "text", "text": ", "},
                    {"type": "text", "text": "code", "style": {"code": True}},
                    {"type": "text", "text": ", "},
                    {"type": "user", "user_id": "U0PRIYA"},
                    {"type": "text", "text": " "},
                    {"type": "emoji", "name": "tada"},
                    {"type": "link", "url": "https://example.com", "text": " a link"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]},
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "second"}]},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 1,
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "inner"}]}],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quotation"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "let it = be;"}]},
        ],
    }
    markdown = "\n".join(
        [
            "## Who can stop a release?",
            "The **risk owner** and the *technical owner*; for high tier also `platform-oncall`.",
            "",
            "1. Say so in the thread",
            "2. Press **Stop**",
            "   - it asks once",
            "",
            "| Tier | Who |",
            "| --- | ---: |",
            "| high | three |",
            "| low | one |",
            "",
            "> The playbook, section 3",
            "",
            "[Read it](https://example.com/playbook)",
        ]
    )
    bars = [
        {"label": m, "value": v} for m, v in (("Jun", 3), ("Jul", 5), ("Aug", 4), ("Sep", 9), ("Oct", 12))
    ]
    return [
        [rich, {"type": "markdown", "text": markdown}],
        [
            {
                "type": "data_visualization",
                "title": "Approved a month",
                "chart": {
                    "type": "bar",
                    "series": [
                        {"name": "Approved", "data": bars},
                        {"name": "Rejected", "data": [{**b, "value": b["value"] // 3} for b in bars]},
                    ],
                    "axis_config": {"categories": [b["label"] for b in bars]},
                },
            },
            {
                "type": "plan",
                "title": "Looking it up",
                "tasks": [
                    {
                        "type": "task_card",
                        "task_id": "1",
                        "title": "Search the playbook",
                        "status": "complete",
                    },
                    {
                        "type": "task_card",
                        "task_id": "2",
                        "title": "Check the sources",
                        "status": "in_progress",
                        "details": {
                            "type": "rich_text",
                            "elements": [
                                {
                                    "type": "rich_text_section",
                                    "elements": [{"type": "text", "text": "Decision rights, section 2"}],
                                }
                            ],
                        },
                    },
                    {"type": "task_card", "task_id": "3", "title": "Write the answer", "status": "pending"},
                ],
            },
            {
                "type": "card",
                "title": {"type": "mrkdwn", "text": "Chat wrap-up"},
                "subtitle": {"type": "mrkdwn", "text": "In production since May"},
                "body": {"type": "mrkdwn", "text": "Reuse its data contract?"},
                "actions": [button("Reuse", "reuse", style="primary"), button("No", "no_reuse")],
            },
        ],
        [
            section(
                "Pick things",
                accessory={
                    "type": "users_select",
                    "action_id": "pick_user",
                    "placeholder": plain("Pick a person"),
                },
            ),
            {
                "type": "actions",
                "block_id": "pickers",
                "elements": [
                    {"type": "datepicker", "action_id": "pick_date"},
                    {"type": "timepicker", "action_id": "pick_time", "initial_time": "09:30"},
                    {
                        "type": "datetimepicker",
                        "action_id": "pick_moment",
                        "initial_date_time": 1_795_000_000,
                    },
                ],
            },
            section(
                "Several",
                accessory={
                    "type": "multi_static_select",
                    "action_id": "pick_many",
                    "placeholder": plain("Pick some"),
                    "options": [option("Red"), option("Green"), option("Blue")],
                },
            ),
            section(
                "From afar",
                accessory={
                    "type": "external_select",
                    "action_id": "pick_far",
                    "min_query_length": 1,
                    "placeholder": plain("Search a system"),
                },
            ),
            {
                "type": "actions",
                "block_id": "choices",
                "elements": [
                    {
                        "type": "radio_buttons",
                        "action_id": "pick_radio",
                        "options": [option("One"), option("Two")],
                    },
                    {
                        "type": "checkboxes",
                        "action_id": "pick_boxes",
                        "options": [option("This"), option("That")],
                    },
                ],
            },
            field("note", "A note", {"type": "plain_text_input"}, dispatch_action=True),
        ],
    ]
