"""What the load consists of: answers in conversations, clicks, commands and events, from fifty people."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Any

from storage.store import Store
from tests.faults.cases import MEDIUM, circumstances, draft, submitted, the_program
from tests.faults.hand import click, command, home_opened, message_event
from workflows import conversation
from workflows.approval import Approval
from workflows.ids import Place

PEOPLE = 50
SHARES = {"answer": 40, "click": 20, "command": 20, "event": 20}
"""Per cent of the requests."""
ANSWERS = (
    "claims agents",
    "about 40",
    "300 calls a day",
    "recordings and the claims system",
    "@lee",
    "confidential",
    "no",
    "it drafts and a person decides",
    "our own people",
    "a nuisance",
    "none of these",
    "internal",
    "we are not sure yet",
    "end of September 2031",
    "me",
    "actually the name is Call notes",
    "back",
    "after-call work from 9 to 5 minutes by June 2031",
)
"""What people reply. Under load they do not arrive in order, so some are answers and some are corrected."""

JSON = dict[str, Any]


def _asking(store: Store, user: str, title: str, place: Place) -> None:
    """A conversation at its third question."""
    program = the_program()
    story = {"problem": "Adjusters write a summary after every call, and it takes nine minutes."}
    walk = draft(store, program, user, title, story)
    with store.write() as tx:
        there = tx.lock_walk(walk.id)
        assert there is not None
        tx.apply(conversation.anchor(there, place), circumstances(user, program))


class Mix:
    """A company with conversations under way and ``cases`` that wait, and what it sends next."""

    def __init__(
        self, store: Store, threads: list[tuple[str, str, str]], cases: int, channels: dict[str, str]
    ) -> None:
        """``threads``: (person, channel, ts) of messages that conversations hang under.

        ``channels``: person -> their conversation with the bot."""
        program = the_program()
        self._channels = channels
        self._walks = threads
        for number, (user, channel, ts) in enumerate(threads):
            _asking(store, user, f"Idea {number}", Place(channel=channel, thread=ts))
        # Each clerk owns the data of their own cases, so that no single person is told of all of them.
        self._cases: list[Approval] = [
            submitted(store, program, user, f"Case {i}", {**MEDIUM, "data_owner": user}, told=False)
            for i, user in zip(
                range(cases), itertools.cycle(f"U0CLERK{i}" for i in range(PEOPLE)), strict=False
            )
        ]
        self._ts = itertools.count(1_800_000_000)

    def write(self, path: Path, count: int, seed: int) -> None:
        """``count`` requests, one JSON object a line."""
        chance = random.Random(seed)
        kinds = chance.choices(list(SHARES), weights=list(SHARES.values()), k=count)
        with path.open("w", encoding="utf-8") as out:
            for kind in kinds:
                out.write(json.dumps(getattr(self, f"_{kind}")(chance)) + "\n")

    def _answer(self, chance: random.Random) -> JSON:
        user, channel, thread = chance.choice(self._walks)
        ts = f"{next(self._ts)}.000200"
        payload = message_event(user, channel, chance.choice(ANSWERS), ts, thread)
        return {"name": "answer", "kind": "event", "payload": payload}

    def _click(self, chance: random.Random) -> JSON:
        case = chance.choice(self._cases)
        user = chance.choice(("U0PRIYA", "U0TOM"))
        value = f"{case.id}|{case.seats[0].id}"
        payload = click(user, "approval.approve", f"approval|{value}", value, channel=self._channels[user])
        return {"name": "click", "kind": "interaction", "payload": payload}

    def _command(self, chance: random.Random) -> JSON:
        words = chance.choice(("where", "drafts", "help"))
        return {"name": "command", "kind": "command", "payload": command(self._anyone(chance), words)}

    def _event(self, chance: random.Random) -> JSON:
        return {"name": "event", "kind": "event", "payload": home_opened(self._anyone(chance))}

    @staticmethod
    def _anyone(chance: random.Random) -> str:
        return f"U0CLERK{chance.randrange(PEOPLE)}"
