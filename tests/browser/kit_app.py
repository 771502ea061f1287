"""A plain Bolt app over Socket Mode that shows and uses every kind of block, to test the page with."""

from __future__ import annotations

from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.web import WebClient

from tests.browser.kit_blocks import Json, button, option, plain, section
from tests.browser.kit_forms import FORM, OTHER_FIELDS, RISK
from tests.browser.kit_messages import gallery, review_card

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
