"""The Web API as Slack's own Python client sees it."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.people import Control


def error_of(problem: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(problem.value.response["error"])


def test_a_token_says_who_it_belongs_to(bot: WebClient) -> None:
    answer = bot.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0TESTBOT", "B0TEST", "T0TEST")
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "error"),
    [(None, "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-test", "not_allowed_token_type")],
)
def test_a_wrong_token_is_refused(people: Control, token: str | None, error: str) -> None:
    with pytest.raises(SlackApiError) as problem:
        WebClient(token=token, base_url=f"{people.url}/api/").auth_test()
    assert error_of(problem) == error


def test_a_revoked_token_is_dead(bot: WebClient) -> None:
    assert bot.auth_revoke()["revoked"] is True
    with pytest.raises(SlackApiError) as problem:
        bot.auth_test()
    assert error_of(problem) == "token_revoked"


def test_a_missing_scope_is_named(people: Control, bot: WebClient) -> None:
    people.post("/app", {"oauth_config": {"scopes": {"bot": ["chat:write"]}}})
    with pytest.raises(SlackApiError) as problem:
        bot.users_list()
    answer = problem.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "users:read",
        "chat:write",
    )


def test_an_unknown_method_is_unknown(bot: WebClient) -> None:
    with pytest.raises(SlackApiError) as problem:
        bot.api_call("chat.shout")
    assert error_of(problem) == "unknown_method"


@pytest.mark.parametrize("as_json", [True, False])
def test_json_and_form_bodies_mean_the_same(people: Control, bot: WebClient, as_json: bool) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*hi*"}}]
    args = {"channel": "C0OPEN", "text": "hi", "blocks": blocks}
    if as_json:
        bot.api_call("chat.postMessage", json=args)
    else:
        bot.api_call("chat.postMessage", data={**args, "blocks": json.dumps(blocks)})
    assert people.messages("ann", "#open")[-1]["blocks"][0]["text"]["text"] == "*hi*"


def test_json_without_a_charset_is_warned_about(people: Control) -> None:
    request = urllib.request.Request(
        f"{people.url}/api/auth.test",
        data=b"{}",
        headers={"Content-Type": "application/json", "Authorization": "Bearer xoxb-test"},
    )
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["warning"] == "missing_charset"


def test_a_posted_message_comes_back_with_its_author_and_ids(bot: WebClient) -> None:
    answer = bot.chat_postMessage(
        channel="C0OPEN", text="fallback", blocks=[{"type": "actions", "elements": [button("Go")]}]
    )
    message = answer["message"]
    assert (message["bot_id"], message["user"], message["app_id"]) == ("B0TEST", "U0TESTBOT", "A0TEST")
    assert message["blocks"][0]["block_id"]
    assert message["blocks"][0]["elements"][0]["action_id"]


def button(text: str, **more: str) -> dict[str, object]:
    return {"type": "button", "text": {"type": "plain_text", "text": text}, **more}


def test_timestamps_are_unique_and_rise(bot: WebClient) -> None:
    stamps = [bot.chat_postMessage(channel="C0OPEN", text=str(n))["ts"] for n in range(20)]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("C0SECRET", "channel_not_found"),
        ("C0APART", "not_in_channel"),
        ("C0GONE", "is_archived"),
        ("U0TESTBOT", "cannot_dm_bot"),
    ],
)
def test_where_the_app_may_not_post_it_is_told_why(bot: WebClient, channel: str, error: str) -> None:
    with pytest.raises(SlackApiError) as problem:
        bot.chat_postMessage(channel=channel, text="hello")
    assert error_of(problem) == error


def test_posting_to_a_person_reaches_the_conversation_with_them(people: Control, bot: WebClient) -> None:
    channel = bot.chat_postMessage(channel="U0ANN", text="for you")["channel"]
    assert channel == bot.conversations_open(users="U0ANN")["channel"]["id"]
    assert people.messages("ann", "@app")[-1]["text"] == "for you"


def test_a_message_to_somebody_deactivated_is_taken_and_nobody_reads_it(bot: WebClient) -> None:
    channel = bot.chat_postMessage(channel="U0OLD", text="anyone?")["channel"]
    assert bot.conversations_info(channel=channel)["channel"]["is_user_deleted"] is True


def test_a_message_needs_text_or_blocks(bot: WebClient) -> None:
    with pytest.raises(SlackApiError) as problem:
        bot.api_call("chat.postMessage", params={"channel": "C0OPEN", "text": ""})
    assert error_of(problem) == "no_text"


def test_text_is_cut_at_forty_thousand_characters_with_a_warning(bot: WebClient) -> None:
    answer = bot.chat_postMessage(channel="C0OPEN", text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000
    assert "message_truncated" in answer["response_metadata"]["warnings"]


def test_an_update_longer_than_four_thousand_characters_is_refused(bot: WebClient) -> None:
    ts = bot.chat_postMessage(channel="C0OPEN", text="short")["ts"]
    bot.chat_update(channel="C0OPEN", ts=ts, text="x" * 4000)
    with pytest.raises(SlackApiError) as problem:
        bot.chat_update(channel="C0OPEN", ts=ts, text="x" * 4001)
    assert error_of(problem) == "msg_too_long"


def test_an_update_keeps_the_blocks_unless_it_sends_others(bot: WebClient) -> None:
    ts = bot.chat_postMessage(channel="C0OPEN", text="a", blocks=[{"type": "divider"}])["ts"]
    assert bot.chat_update(channel="C0OPEN", ts=ts, text="b")["message"]["blocks"][0]["type"] == "divider"
    assert "blocks" not in bot.chat_update(channel="C0OPEN", ts=ts, text="c", blocks=[])["message"]


def test_only_ones_own_messages_can_be_changed_or_deleted(people: Control, bot: WebClient) -> None:
    ts = people.act("ann", "message", channel="#open", text="mine")["ts"]
    with pytest.raises(SlackApiError) as problem:
        bot.chat_update(channel="C0OPEN", ts=ts, text="yours")
    assert error_of(problem) == "cant_update_message"
    with pytest.raises(SlackApiError) as problem:
        bot.chat_delete(channel="C0OPEN", ts=ts)
    assert error_of(problem) == "cant_delete_message"
    with pytest.raises(SlackApiError) as problem:
        bot.chat_update(channel="C0OPEN", ts="1.000001", text="nothing")
    assert error_of(problem) == "message_not_found"


def test_metadata_comes_back_only_when_asked_for(bot: WebClient) -> None:
    metadata = {"event_type": "sent", "event_payload": {"key": "k1"}}
    ts = bot.chat_postMessage(channel="C0OPEN", text="m", metadata=metadata)["ts"]
    assert "metadata" not in bot.conversations_history(channel="C0OPEN")["messages"][0]
    found = bot.conversations_history(channel="C0OPEN", include_all_metadata=True)["messages"][0]
    assert found["metadata"] == metadata
    bot.chat_postMessage(channel="C0OPEN", text="r", thread_ts=ts, metadata=metadata)
    replies = bot.conversations_replies(channel="C0OPEN", ts=ts, include_all_metadata=True)["messages"]
    assert [m.get("metadata") for m in replies] == [metadata, metadata]


def test_metadata_of_the_wrong_shape_is_refused(bot: WebClient) -> None:
    with pytest.raises(SlackApiError) as problem:
        bot.chat_postMessage(channel="C0OPEN", text="m", metadata={"event_type": "sent"})
    assert error_of(problem) == "invalid_metadata_format"


def test_history_is_newest_first_without_replies_and_in_pages(bot: WebClient) -> None:
    stamps = [bot.chat_postMessage(channel="C0OPEN", text=str(n))["ts"] for n in range(5)]
    bot.chat_postMessage(channel="C0OPEN", text="reply", thread_ts=stamps[0])
    bot.chat_postMessage(channel="C0OPEN", text="loud", thread_ts=stamps[0], reply_broadcast=True)
    seen: list[str] = []
    for page in bot.conversations_history(channel="C0OPEN", limit=2):
        assert len(page["messages"]) <= 2
        seen += [m["text"] for m in page["messages"]]
    assert seen == ["loud", "4", "3", "2", "1", "0"]


def test_history_between_two_moments_leaves_them_out_unless_inclusive(bot: WebClient) -> None:
    a, b, c = (bot.chat_postMessage(channel="C0OPEN", text=t)["ts"] for t in "abc")
    inner = bot.conversations_history(channel="C0OPEN", oldest=a, latest=c)
    assert [m["ts"] for m in inner["messages"]] == [b]
    outer = bot.conversations_history(channel="C0OPEN", oldest=a, latest=c, inclusive=True)
    assert [m["ts"] for m in outer["messages"]] == [c, b, a]


def test_a_thread_reads_from_any_of_its_messages_parent_first(people: Control, bot: WebClient) -> None:
    parent = people.act("ann", "message", channel="#open", text="question")["ts"]
    reply = bot.chat_postMessage(channel="C0OPEN", text="answer", thread_ts=parent)["ts"]
    messages = bot.conversations_replies(channel="C0OPEN", ts=reply)["messages"]
    assert [m["text"] for m in messages] == ["question", "answer"]
    assert messages[0]["reply_count"] == 1
    assert messages[0]["reply_users"] == ["U0TESTBOT"]
    assert messages[1]["parent_user_id"] == "U0ANN"


def test_a_reply_to_a_reply_joins_the_same_thread(bot: WebClient) -> None:
    parent = bot.chat_postMessage(channel="C0OPEN", text="p")["ts"]
    reply = bot.chat_postMessage(channel="C0OPEN", text="r", thread_ts=parent)["ts"]
    deeper = bot.chat_postMessage(channel="C0OPEN", text="rr", thread_ts=reply)
    assert deeper["message"]["thread_ts"] == parent


def test_a_thread_that_is_not_there_cannot_be_answered(bot: WebClient) -> None:
    with pytest.raises(SlackApiError) as problem:
        bot.chat_postMessage(channel="C0OPEN", text="r", thread_ts="1.000001")
    assert error_of(problem) == "thread_not_found"


def test_a_deleted_parent_leaves_a_tombstone_and_its_replies(bot: WebClient) -> None:
    parent = bot.chat_postMessage(channel="C0OPEN", text="p")["ts"]
    bot.chat_postMessage(channel="C0OPEN", text="r", thread_ts=parent)
    bot.chat_delete(channel="C0OPEN", ts=parent)
    messages = bot.conversations_replies(channel="C0OPEN", ts=parent)["messages"]
    assert [m.get("subtype", m["text"]) for m in messages] == ["tombstone", "r"]


def test_an_ephemeral_message_reaches_one_member_only(people: Control, bot: WebClient) -> None:
    bot.chat_postEphemeral(channel="C0OPEN", user="U0ANN", text="psst")
    assert people.messages("ann", "#open")[-1]["ephemeral"] is True
    assert people.messages("bob", "#open") == []
    assert bot.conversations_history(channel="C0OPEN")["messages"] == []
    with pytest.raises(SlackApiError) as problem:
        bot.chat_postEphemeral(channel="C0OPEN", user="U0CAT", text="psst")
    assert error_of(problem) == "user_not_in_channel"


def test_conversations_are_listed_by_kind_and_page(bot: WebClient) -> None:
    names = [c["name"] for page in bot.conversations_list(limit=1) for c in page["channels"]]
    assert names == ["open", "apart", "gone"]
    kept = bot.conversations_list(exclude_archived=True, types="public_channel,private_channel")["channels"]
    assert [c["name"] for c in kept] == ["open", "apart", "inner"]


def test_a_bad_cursor_and_a_bad_limit_are_refused(bot: WebClient) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"cursor": "xyz"}, "invalid_cursor"),
        ({"limit": 5000}, "invalid_limit"),
    ]
    for args, error in cases:
        with pytest.raises(SlackApiError) as problem:
            bot.conversations_list(**args)
        assert error_of(problem) == error


def test_opening_a_conversation_twice_gives_the_same_one(bot: WebClient) -> None:
    first = bot.conversations_open(users="U0BOB")["channel"]["id"]
    again = bot.conversations_open(users=["U0BOB"])
    assert (again["channel"]["id"], again["already_open"]) == (first, True)
    assert bot.conversations_open(users="U0BOB,U0ANN")["channel"]["id"].startswith("G")


@pytest.mark.parametrize(
    ("users", "error"),
    [("U0OLD", "user_disabled"), ("U0TESTBOT", "cannot_dm_bot"), ("U0NOONE", "user_not_found")],
)
def test_some_people_cannot_be_written_to(bot: WebClient, users: str, error: str) -> None:
    with pytest.raises(SlackApiError) as problem:
        bot.conversations_open(users=users)
    assert error_of(problem) == error


def test_joining_makes_the_app_a_member(bot: WebClient) -> None:
    bot.conversations_join(channel="C0APART")
    assert "U0TESTBOT" in bot.conversations_members(channel="C0APART")["members"]
    bot.chat_postMessage(channel="C0APART", text="I am in")


def test_people_and_groups_can_be_looked_up(bot: WebClient) -> None:
    assert bot.users_info(user="U0BOB")["user"]["tz_offset"] == 8 * 3600
    assert bot.users_lookupByEmail(email="ANN@test.example")["user"]["id"] == "U0ANN"
    assert [u["id"] for u in bot.users_list()["members"] if u["deleted"]] == ["U0OLD"]
    assert bot.usergroups_list(include_users=True)["usergroups"][0]["users"] == ["U0ANN", "U0BOB"]
    assert bot.usergroups_users_list(usergroup="S0TEAM")["users"] == ["U0ANN", "U0BOB"]
    with pytest.raises(SlackApiError) as problem:
        bot.users_lookupByEmail(email="old@test.example")
    assert error_of(problem) == "users_not_found"


def test_addresses_are_told_only_with_their_scope(people: Control, bot: WebClient) -> None:
    assert bot.users_info(user="U0ANN")["user"]["profile"]["email"] == "ann@test.example"
    people.post("/app", {"oauth_config": {"scopes": {"bot": ["users:read"]}}})
    assert "email" not in bot.users_info(user="U0ANN")["user"]["profile"]


def test_reactions_are_added_once_and_taken_back(people: Control, bot: WebClient) -> None:
    ts = people.act("ann", "message", channel="#open", text="hello")["ts"]
    bot.reactions_add(channel="C0OPEN", timestamp=ts, name="eyes")
    with pytest.raises(SlackApiError) as problem:
        bot.reactions_add(channel="C0OPEN", timestamp=ts, name="eyes")
    assert error_of(problem) == "already_reacted"
    assert people.messages("bob", "#open")[-1]["reactions"][0]["users"] == ["U0TESTBOT"]
    bot.reactions_remove(channel="C0OPEN", timestamp=ts, name="eyes")
    assert "reactions" not in people.messages("bob", "#open")[-1]


def test_a_file_uploaded_with_the_official_client_is_shared_and_readable(
    people: Control, bot: WebClient
) -> None:
    bot.files_upload_v2(
        channel="C0OPEN", content="a,b\n1,2\n", filename="t.csv", title="Table", initial_comment="see"
    )
    message = people.messages("ann", "#open")[-1]
    assert (message["text"], message["files"][0]["title"]) == ("see", "Table")
    address = message["files"][0]["url_private"]
    with urllib.request.urlopen(f"{address}?as=U0ANN") as answer:
        assert answer.read() == b"a,b\n1,2\n"
    with urllib.request.urlopen(
        urllib.request.Request(address, headers={"Authorization": "Bearer xoxb-test"})
    ) as answer:
        assert answer.read() == b"a,b\n1,2\n"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address)
    assert refused.value.code == 403
    assert bot.files_info(file=message["files"][0]["id"])["file"]["size"] == 8


def test_a_stream_grows_for_its_recipient_alone_until_it_stops(people: Control, bot: WebClient) -> None:
    parent = people.act("ann", "message", channel="#open", text="question")["ts"]
    stream = bot.chat_stream(
        channel="C0OPEN",
        thread_ts=parent,
        recipient_user_id="U0ANN",
        recipient_team_id="T0TEST",
        buffer_size=1,
    )
    stream.append(markdown_text="One ")
    assert people.messages("ann", "#open", thread_ts=parent)[-1]["streaming"] is True
    assert len(people.messages("bob", "#open", thread_ts=parent)) == 1
    stream.append(markdown_text="two")
    stream.stop(blocks=[{"type": "divider"}])
    final = people.messages("bob", "#open", thread_ts=parent)[-1]
    assert final["text"] == "One two"
    assert [b["type"] for b in final["blocks"]] == ["markdown", "divider"]


def test_an_expired_stream_takes_no_more(people: Control, bot: WebClient) -> None:
    people.post("/settings", {"stream_seconds": 0})
    channel = bot.conversations_open(users="U0ANN")["channel"]["id"]
    parent = bot.chat_postMessage(channel=channel, text="p")["ts"]
    ts = bot.chat_startStream(channel=channel, thread_ts=parent, markdown_text="so far")["ts"]
    with pytest.raises(SlackApiError) as problem:
        bot.chat_appendStream(channel=channel, ts=ts, markdown_text="more")
    assert error_of(problem) == "message_not_in_streaming_state"


def test_the_status_line_shows_until_the_app_answers(people: Control, bot: WebClient) -> None:
    parent = people.act("ann", "message", channel="@app", text="question")
    where = {"channel_id": parent["channel"], "thread_ts": parent["ts"]}
    bot.assistant_threads_setStatus(**where, status="is thinking", loading_messages=["Reading"])
    shown = people.get("/messages", as_="ann", channel="@app", thread_ts=parent["ts"])["status"]
    assert (shown["text"], shown["loading_messages"]) == ("is thinking", ["Reading"])
    bot.chat_postMessage(channel=parent["channel"], thread_ts=parent["ts"], text="answer")
    assert people.get("/messages", as_="ann", channel="@app", thread_ts=parent["ts"])["status"] is None


@pytest.mark.parametrize("loading", [["x"] * 11, ["y" * 51]])
def test_too_many_or_too_long_loading_messages_are_refused(
    people: Control, bot: WebClient, loading: list[str]
) -> None:
    parent = people.act("ann", "message", channel="@app", text="question")
    with pytest.raises(SlackApiError) as problem:
        bot.assistant_threads_setStatus(
            channel_id=parent["channel"], thread_ts=parent["ts"], status="s", loading_messages=loading
        )
    assert error_of(problem) == "invalid_arguments"


def test_prompts_of_an_agent_app_show_only_without_a_thread(people: Control, bot: WebClient) -> None:
    parent = people.act("ann", "message", channel="@app", text="hello")
    prompts = [{"title": "Try", "message": "Do it"}]
    bot.assistant_threads_setSuggestedPrompts(
        channel_id=parent["channel"], thread_ts=parent["ts"], prompts=prompts
    )
    assert people.get("/messages", as_="ann", channel="@app")["prompts"] is None
    bot.api_call(
        "assistant.threads.setSuggestedPrompts", json={"channel_id": parent["channel"], "prompts": prompts}
    )
    assert people.get("/messages", as_="ann", channel="@app")["prompts"]["prompts"] == prompts
    with pytest.raises(SlackApiError) as problem:
        bot.api_call(
            "assistant.threads.setSuggestedPrompts",
            json={"channel_id": parent["channel"], "prompts": prompts * 5},
        )
    assert error_of(problem) == "invalid_arguments"


def test_a_permalink_leads_to_this_server(people: Control, bot: WebClient) -> None:
    ts = bot.chat_postMessage(channel="C0OPEN", text="here")["ts"]
    link = bot.chat_getPermalink(channel="C0OPEN", message_ts=ts)["permalink"]
    assert link == f"{people.url}/?channel=C0OPEN&message={ts}"


def test_broken_or_bottomless_json_is_an_error_not_a_crash(people: Control) -> None:
    for body in (b"{", b"[" * 100_000, b"[]", b"\xff\xfe"):
        request = urllib.request.Request(
            f"{people.url}/api/chat.postMessage",
            data=body,
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["error"] == "invalid_json"
