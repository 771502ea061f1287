"""The forms of the kit's app: one as an intake has it, one with every other field, one to push."""

from __future__ import annotations

from tests.browser.kit_blocks import Json, button, field, option, plain, section

FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("New use case"),
    "submit": plain("Continue"),
    "close": plain("Not now"),
    "notify_on_close": True,
    "blocks": [
        section("Write the idea down in your own words. *Everything can be changed later.*"),
        field(
            "name",
            "What should it be called?",
            {"type": "plain_text_input", "placeholder": plain("Summarise claims calls")},
        ),
        field(
            "outcome",
            "What should get measurably better?",
            {"type": "plain_text_input", "multiline": True, "max_length": 200},
            hint=plain("A number helps: after-call work from 9 to 5 minutes by June"),
        ),
        field(
            "function",
            "Function",
            {
                "type": "static_select",
                "options": [
                    option(n)
                    for n in (
                        "Claims",
                        "Underwriting",
                        "Service",
                        "Legal",
                        "Risk",
                        "Data",
                        "People",
                        "Finance",
                    )
                ],
            },
        ),
        field(
            "owner",
            "Who owns it?",
            {"type": "users_select", "placeholder": plain("Choose a person")},
            optional=True,
        ),
        field("teams", "Channels that should hear of it", {"type": "multi_channels_select"}, optional=True),
        field(
            "data",
            "Which data does it read?",
            {
                "type": "checkboxes",
                "options": [
                    option("Call recordings"),
                    option("Claims system"),
                    {**option("Health data"), "description": plain("Needs the data protection officer")},
                ],
            },
        ),
        field(
            "exposure",
            "Who sees what it writes?",
            {
                "type": "radio_buttons",
                "options": [option("Nobody"), option("Our people"), option("Customers")],
            },
        ),
        field("start", "When could a pilot begin?", {"type": "datepicker"}, optional=True),
        field(
            "users",
            "How many people would use it?",
            {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
        ),
        {
            "type": "actions",
            "block_id": "more",
            "elements": [button("Add a risk", "push_risk"), button("Fill in an example", "fill_example")],
        },
    ],
}

OTHER_FIELDS: Json = {
    "type": "modal",
    "callback_id": "others",
    "title": plain("All other fields"),
    "submit": plain("Send"),
    "blocks": [
        field("mail", "Mail", {"type": "email_text_input"}),
        field("web", "Web address", {"type": "url_text_input"}),
        field("words", "Words", {"type": "rich_text_input"}),
        field("time", "Time of day", {"type": "timepicker"}),
        field("moment", "Moment", {"type": "datetimepicker"}),
        field("people", "Deciders", {"type": "multi_users_select", "max_selected_items": 2}),
        field("place", "Place", {"type": "conversations_select", "filter": {"include": ["public"]}}),
        field(
            "kind",
            "Kind",
            {
                "type": "static_select",
                "option_groups": [
                    {"label": plain("Fast"), "options": [option("Chat")]},
                    {"label": plain("Slow"), "options": [option("Letter")]},
                ],
            },
        ),
        field("papers", "Papers", {"type": "file_input", "filetypes": ["txt"], "max_files": 1}),
    ],
}

RISK: Json = {
    "type": "modal",
    "callback_id": "risk",
    "title": plain("A risk"),
    "submit": plain("Add"),
    "close": plain("Back"),
    "blocks": [field("risk", "What could go wrong?", {"type": "plain_text_input"})],
}
