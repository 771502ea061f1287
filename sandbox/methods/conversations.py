"""conversations.*: finding conversations, reading them, joining them."""

from __future__ import annotations

from sandbox.events import emit
from sandbox.methods.registry import KIND_SCOPE, Call, SlackError, method, page
from sandbox.model import Channel, Json, Message
from sandbox.posting import post, slack_message
from sandbox.world import World

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


def slack_channel(world: World, channel: Channel, bot: str) -> Json:
    """Slack's conversation object."""
    shared: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.is_private,
        "context_team_id": world.team["id"],
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        other = next((m for m in channel.members if m != bot), bot)
        return shared | {
            "is_org_shared": False,
            "user": other,
            "is_user_deleted": world.people[other].deleted,
        }
    return shared | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_general": channel.name == "general",
        "is_member": bot in channel.members,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "creator": channel.creator,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": channel.created},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": list(channel.previous_names),
        "num_members": len(channel.members),
    }


def readable(call: Call, part: str) -> Channel:
    """A conversation with the scope that its kind needs for ``part`` (``read`` or ``history``)."""
    channel = call.channel()
    call.need_scope(f"{KIND_SCOPE[channel.kind]}:{part}")
    return channel


@method("conversations.open", "im:write", "mpim:write", per_minute=50)
def conversations_open(call: Call) -> Json:
    """Open the direct conversation with one person or several."""
    world, bot = call.world, call.app.bot_user
    if call.text("channel"):
        channel = call.channel()
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    users = [u.strip() for u in call.text("users").split(",") if u.strip()]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 8:
        raise SlackError("too_many_users")
    for user in users:
        person = world.people.get(user)
        if person is None:
            raise SlackError("user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
        if person.is_bot:
            raise SlackError("cannot_dm_bot")
    call.need_scope("im:write" if len(users) == 1 else "mpim:write")
    known = world.direct([*users, bot], create=False)
    opened = known or world.direct([*users, bot])
    assert opened is not None
    shown = slack_channel(world, opened, bot) if call.flag("return_im") else {"id": opened.id}
    return {"no_op": True, "already_open": True, "channel": shown} if known else {"channel": shown}


@method("conversations.info", *_READ, per_minute=50)
def conversations_info(call: Call) -> Json:
    """Describe one conversation."""
    channel = readable(call, "read")
    shown = slack_channel(call.world, channel, call.app.bot_user)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


@method("conversations.list", *_READ, per_minute=20)
def conversations_list(call: Call) -> Json:
    """List conversations, a page at a time."""
    wanted = [t.strip() for t in (call.text("types") or "public_channel").split(",")]
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    for kind in wanted:
        if kind not in kinds:
            raise SlackError("invalid_types")
        call.need_scope(f"{KIND_SCOPE[kinds[kind]]}:read")
    bot = call.app.bot_user
    listed = [
        c
        for c in call.world.channels.values()
        if c.kind in {kinds[k] for k in wanted}
        and (c.kind == "channel" or bot in c.members)
        and not (c.is_archived and call.flag("exclude_archived"))
    ]
    some, metadata = page(call, listed)
    return {"channels": [slack_channel(call.world, c, bot) for c in some], "response_metadata": metadata}


@method("conversations.members", *_READ, per_minute=100)
def conversations_members(call: Call) -> Json:
    """List the members of a conversation, a page at a time."""
    everyone = readable(call, "read").members
    members, metadata = page(call, [m for m in everyone if not call.world.people[m].deleted])
    return {"members": members, "response_metadata": metadata}


def _member_history(call: Call) -> Channel:
    channel = readable(call, "history")
    if call.app.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest, inclusive = call.text("oldest", "0"), call.text("latest"), call.flag("inclusive")
    try:
        low, high = float(oldest or 0), float(latest) if latest and latest != "now" else float("inf")
    except ValueError:
        raise SlackError("invalid_ts_oldest" if not _is_number(oldest) else "invalid_ts_latest") from None
    return [m for m in messages if low < float(m.ts) < high or (inclusive and float(m.ts) in (low, high))]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


@method("conversations.history", *_HISTORY, per_minute=50)
def conversations_history(call: Call) -> Json:
    """Messages of a conversation, newest first, without thread replies unless they were broadcast."""
    channel = _member_history(call)
    shown = [
        m for m in channel.messages.values() if not m.is_reply or m.body.get("subtype") == "thread_broadcast"
    ]
    some, metadata = page(call, _between(call, shown)[::-1], most=999)
    metadata_too = call.flag("include_all_metadata")
    answer: Json = {
        "messages": [slack_message(call.world, channel, m, metadata=metadata_too) for m in some],
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": 0,
    }
    return answer | ({"response_metadata": metadata} if metadata["next_cursor"] else {})


@method("conversations.replies", *_HISTORY, per_minute=50)
def conversations_replies(call: Call) -> Json:
    """A thread: its parent, then the replies, oldest first."""
    channel = _member_history(call)
    message = channel.messages.get(call.need("ts"))
    if message is None:
        raise SlackError("thread_not_found")
    root = channel.messages[message.thread_ts or message.ts]
    replies = [channel.messages[ts] for ts in channel.threads.get(root.ts, [])]
    some, metadata = page(call, [root, *_between(call, replies)])
    metadata_too = call.flag("include_all_metadata")
    answer: Json = {
        "messages": [slack_message(call.world, channel, m, metadata=metadata_too) for m in some],
        "has_more": bool(metadata["next_cursor"]),
    }
    return answer | ({"response_metadata": metadata} if metadata["next_cursor"] else {})


@method("conversations.join", "channels:join", per_minute=50)
def conversations_join(call: Call) -> Json:
    """Join a public channel."""
    channel = call.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    join(call.world, channel, call.app.bot_user)
    return {"channel": slack_channel(call.world, channel, call.app.bot_user)}


def join(world: World, channel: Channel, user: str, inviter: str | None = None) -> None:
    """Make someone a member, with the line and the event that Slack makes of it."""
    if user in channel.members:
        return
    channel.members.append(user)
    text = f"<@{user}> has joined the channel"
    if not channel.is_direct:
        post(world, channel, {"user": user}, text, subtype="channel_join", inviter=inviter)
    event = {"type": "member_joined_channel", "user": user, "channel": channel.id, "team": world.team["id"]}
    event |= {"channel_type": "C" if channel.kind == "channel" else "G", "event_ts": world.new_ts()}
    if inviter:
        event["inviter"] = inviter
    emit(world, "member_joined_channel", event, channel)
    world.changed("channel", world.onlookers(channel), channel=channel.id)


@method("conversations.mark", "channels:manage", "groups:write", "im:write", "mpim:write", per_minute=50)
def conversations_mark(call: Call) -> Json:
    """Move the app's read marker."""
    channel = call.channel()
    if call.app.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    channel.last_read[call.app.bot_user] = call.need("ts")
    return {}
