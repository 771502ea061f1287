"""Keeping the workspace between runs: conversations, files and Home tabs in one JSON file."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from dataclasses import asdict
from pathlib import Path

from sandbox.model import Channel, Group, Json, Message, Person, StoredFile, View
from sandbox.world import World

_EVERY_SECONDS = 2.0


def save_snapshot(world: World, path: Path) -> None:
    """Write what is there; the file is whole or the old one."""
    data: Json = {
        "people": [asdict(p) for p in world.people.values()],
        "groups": [asdict(g) for g in world.groups.values()],
        "channels": [_channel(c) for c in world.channels.values()],
        "files": [
            asdict(f) | {"content": base64.b64encode(f.content).decode()} for f in world.files.values()
        ],
        "homes": {person: asdict(v) for person, v in world.homes.items()},
        "counter": world.counter,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, path)
    world.dirty = False


def _channel(channel: Channel) -> Json:
    kept = asdict(channel)
    kept["messages"] = [asdict(m) for m in channel.messages.values()]
    kept["ephemerals"] = []
    kept["status"] = {}
    return kept


def restore_snapshot(world: World, path: Path) -> None:
    """Load what an earlier run left, if it left anything."""
    if not path.is_file():
        return
    data = json.loads(path.read_text(encoding="utf-8"))
    world.people |= {p["id"]: Person(**p) for p in data["people"]}
    world.groups |= {g["id"]: Group(**g) for g in data["groups"]}
    for entry in data["channels"]:
        messages = {m["body"]["ts"]: Message(**m | {"streaming_for": None}) for m in entry["messages"]}
        channel = Channel(**entry | {"messages": messages, "ephemerals": {}})
        world.channels[channel.id] = channel
    for entry in data["files"]:
        stored = StoredFile(**entry | {"content": base64.b64decode(entry["content"])})
        world.files[stored.id] = stored
    world.homes |= {person: View(**v) for person, v in data["homes"].items()}
    world.counter = max(world.counter, int(data["counter"]))
    if world.app is not None:
        world.install(world.app_seed or {})


async def keep_snapshot(world: World, path: Path) -> None:
    """Write the snapshot every few seconds while things change."""
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        if world.dirty:
            save_snapshot(world, path)
