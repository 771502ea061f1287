"""A plain Bolt app over Socket Mode that shows and uses every kind of block, to test the page with."""

from __future__ import annotations

from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.web import WebClient

Json = dict[str, Any]

SCOPES = [
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "reactions:read",
    "reactions:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
]

MANIFEST: Json = {
    "display_information": {"name": "Preflight", "description": "From an idea to a decision, step by step"},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "agent_view": {"agent_description": "Takes ideas for using AI from a sentence to a decision"},
        "bot_user": {"display_name": "Preflight", "always_online": True},
        "slash_commands": [
            {
                "command": "/preflight",
                "description": "Begin a use case, or ask where one is",
                "usage_hint": "[new | status]",
            },
            {"command": "/playbook", "description": "Look something up", "usage_hint": "[question]"},
        ],
        "shortcuts": [
            {
                "name": "New use case",
                "type": "global",
                "callback_id": "new",
                "description": "Write an idea down",
            },
            {
                "name": "Report an AI incident",
                "type": "message",
                "callback_id": "incident",
                "description": "Something went wrong",
            },
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "event_subscriptions": {
            "bot_events": ["message.im", "message.channels", "app_mention", "app_home_opened"]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
    "app_id": "A0KIT",
    "bot_token": "xoxb-kit-bot",
    "app_token": "xapp-kit-app",
    "signing_secret": "kit-signing-secret",
}


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def option(text: str, value: str | None = None) -> Json:
    """An option whose value is its text unless given."""
    return {"text": plain(text), "value": value or text.lower()}


def button(text: str, action_id: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": action_id, **more}


def section(text: str, **more: Any) -> Json:
    """A section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    """An input block; its element's action id is "value"."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "value", **element},
        **more,
    }


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


def make_app(url: str) -> App:
    """The Bolt app, talking to the sandbox at ``url``."""
    client = WebClient(token=MANIFEST["bot_token"], base_url=f"{url}/api/")
    app = App(client=client, signing_secret=MANIFEST["signing_secret"], token_verification_enabled=False)
    app.client.base_url = f"{url}/api/"

    def told(client: WebClient, body: Json, text: str) -> None:
        container = body["container"]
        client.chat_postMessage(
            channel=container["channel_id"],
            thread_ts=container.get("thread_ts") or container["message_ts"],
            text=text,
        )

    @app.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        if event["tab"] == "messages":
            prompts = [
                {"title": t, "message": t}
                for t in (
                    "I have an idea for using AI",
                    "What waits for me?",
                    "Who can stop a release?",
                    "Where is my use case?",
                )
            ]
            client.assistant_threads_setSuggestedPrompts(
                channel_id=event["channel"], title="Four things to try", prompts=prompts
            )
            return
        blocks = [
            {"type": "header", "text": plain("What waits for you")},
            section(
                "*Summarise claims calls* · risk review, due today",
                accessory=button("Decide", "decide", style="primary"),
            ),
            section(
                "*Letters in plain words* · two questions are open", accessory=button("Answer", "answer")
            ),
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "Two of nine, oldest first"}]},
            {"type": "divider"},
            {"type": "header", "text": plain("Yours")},
            section(
                "*Chat wrap-up*\nReadiness 7 of 7, <!date^1795000000^{date_short_pretty} at {time}|then>"
            ),
            {
                "type": "actions",
                "block_id": "home",
                "elements": [
                    button("New use case", "open_form", style="primary"),
                    button("Ask the playbook", "ask"),
                    {
                        "type": "static_select",
                        "action_id": "home_show",
                        "placeholder": plain("Show"),
                        "options": [option("Everything"), option("Only mine")],
                    },
                ],
            },
        ]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.event("app_mention")
    def mentioned(event: Json, client: WebClient) -> None:
        client.chat_postMessage(
            channel=event["channel"], thread_ts=event.get("thread_ts") or event["ts"], text="You called?"
        )

    @app.event("message")
    def said(event: Json, client: WebClient) -> None:
        if (
            event.get("subtype") not in (None, "file_share")
            or event.get("bot_id")
            or event.get("channel_type") != "im"
        ):
            return
        text, channel = event.get("text", ""), event["channel"]
        thread_ts = event.get("thread_ts") or event["ts"]
        if "think" in text:
            client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread_ts, status="is thinking…")
        elif "review" in text:
            client.chat_postMessage(
                channel=channel, thread_ts=thread_ts, text="Your use case", blocks=review_card()
            )
        elif "gallery" in text:
            for blocks in gallery():
                client.chat_postMessage(channel=channel, thread_ts=thread_ts, text="Blocks", blocks=blocks)
        else:
            client.chat_postMessage(
                channel=channel,
                thread_ts=thread_ts,
                text="A use case",
                blocks=[
                    section(
                        f"That sounds like a use case worth writing down: *{text[:80]}*\n\n"
                        "*What should get measurably better?* A number helps."
                    ),
                    {
                        "type": "actions",
                        "block_id": "quick",
                        "elements": [
                            button("After-call minutes", "quick_1"),
                            button("Calls per agent", "quick_2"),
                            button("Something else", "quick_3"),
                        ],
                    },
                ],
            )

    @app.command("/preflight")
    def command(ack: Any, body: Json, client: WebClient) -> None:
        if body.get("text") == "new":
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=FORM)
        elif body.get("text") == "break":
            raise RuntimeError("asked to")
        else:
            ack("Nothing waits for you. *Well done.*")

    @app.command("/playbook")
    def playbook(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=OTHER_FIELDS)

    @app.view("others")
    def others_sent(ack: Any) -> None:
        ack()

    @app.shortcut("new")
    def shortcut(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.shortcut("incident")
    def incident(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        view = {
            **RISK,
            "title": plain("AI incident"),
            "callback_id": "incident",
            "blocks": [section(f"> {body['message'].get('text', '')[:200]}"), *RISK["blocks"]],
        }
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.action("open_form")
    def open_form(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.action("push_risk")
    def push_risk(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=RISK)

    @app.action("fill_example")
    def fill_example(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        name = body["view"]["state"]["values"]["name"]["value"]["value"]
        blocks = [section(f"So far it is called *{name}*."), *FORM["blocks"][1:]]
        client.views_update(
            view_id=body["view"]["id"], hash=body["view"]["hash"], view={**FORM, "blocks": blocks}
        )

    @app.view("form")
    def submitted(ack: Any, body: Json, client: WebClient) -> None:
        values = body["view"]["state"]["values"]
        if not any(c.isdigit() for c in values["outcome"]["value"]["value"]):
            ack(
                response_action="errors",
                errors={
                    "outcome": "Helpful is good, but nobody can check it later. Which number would move?"
                },
            )
            return
        ack()
        function = values["function"]["value"]["selected_option"]
        client.chat_postMessage(
            channel=body["user"]["id"],
            text=f"Noted: {values['name']['value']['value']}, for {function['text']['text']}",
        )

    @app.view("risk")
    def risk_added(ack: Any) -> None:
        ack()

    @app.view("incident")
    def incident_reported(ack: Any) -> None:
        ack()

    @app.view_closed("form")
    def closed(ack: Any) -> None:
        ack()

    @app.options("pick_far")
    def far(ack: Any, body: Json) -> None:
        ack(options=[option(f"{body['value']} {n}") for n in (1, 2, 3)])

    @app.action("submit")
    def submit(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        blocks = [
            *review_card()[:-2],
            {
                "type": "context",
                "elements": [
                    {
                        "type": "mrkdwn",
                        "text": f":white_check_mark: Submitted by <@{body['user']['id']}>, just now",
                    }
                ],
            },
        ]
        client.chat_update(
            channel=body["container"]["channel_id"],
            ts=body["container"]["message_ts"],
            text="Submitted",
            blocks=blocks,
        )

    @app.action("pick_many")
    def many(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        told(
            client, body, "Several: " + ", ".join(o["value"] for o in body["actions"][0]["selected_options"])
        )

    @app.action("value")
    def note(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        told(client, body, f"Noted: {body['actions'][0]['value']}")

    @app.action({"type": "block_actions", "action_id": "save"})
    def save(ack: Any, respond: Any) -> None:
        ack()
        respond(text="Kept. _Only you_ see this.", response_type="ephemeral", replace_original=False)

    def any_action(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        action = body["actions"][0]
        chosen = next(
            (
                action[k]
                for k in (
                    "selected_option",
                    "selected_user",
                    "selected_date",
                    "selected_time",
                    "selected_date_time",
                    "selected_options",
                )
                if action.get(k)
            ),
            action.get("value"),
        )
        if isinstance(chosen, dict):
            chosen = chosen["value"]
        if body["container"]["type"] == "message":
            told(client, body, f"{action['action_id']}: {chosen}")

    for name in (
        "quick_1",
        "jump",
        "over",
        "withdraw",
        "change",
        "feedback",
        "pick_user",
        "pick_date",
        "pick_time",
        "pick_moment",
        "pick_far",
        "pick_radio",
        "pick_boxes",
        "reuse",
        "change_name",
        "home_show",
        "decide",
    ):
        app.action(name)(any_action)
    return app


def connect(url: str) -> SocketModeHandler:
    """Start the app over Socket Mode; ``close()`` it at the end."""
    handler = SocketModeHandler(make_app(url), MANIFEST["app_token"])
    handler.connect()
    return handler
