"""The world of the lifecycle run: a real store, the bot's own listeners, people, and a clock that jumps."""

from __future__ import annotations

import itertools
import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot import registry
from bot.inputs import Click, Submission, ViewIn, packed
from bot.registry import Answer, Job, Moment
from bot.settings import Settings, read_settings
from storage.errors import StaleState
from storage.program_folder import default_program_folder, read_files, read_program
from storage.store import Store
from workflows.effects import Work
from workflows.ids import UserId
from workflows.people import Person
from workflows.program import Program

BOT = UserId("U0PREFLIGHT")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NORTHWIND = Path(__file__).resolve().parents[3] / "sandbox" / "northwind.json"
_TRIES = 3
_NEED_MODELS = {"weigh_intent", "open_walk", "answer_question", "find_similar", "suggest", "add_to_corpus"}
"""Jobs that look at the playbook or at models, which this run does without."""


@cache
def the_program() -> tuple[Program, Mapping[str, str]]:
    """The default program and its files."""
    folder = default_program_folder()
    registry.load()
    return read_program(folder), read_files(folder)


def _people() -> tuple[list[Person], dict[str, list[UserId]]]:
    known = json.loads(NORTHWIND.read_text(encoding="utf-8"))
    people = [
        Person(
            id=UserId(u["id"]),
            name=u["real_name"],
            handle=u["name"],
            title=u.get("title", ""),
            email=u.get("email", ""),
            tz=u.get("tz", "UTC"),
            active=not u.get("deleted", False),
        )
        for u in known["users"]
    ]
    by = {p.handle: p.id for p in people}
    return people, {g["handle"]: [by[u] for u in g["users"]] for g in known["groups"]}


class World:
    """One company from its first day. Every input goes through the bot's listener for it, by ``press`` and
    ``send``; ``watch`` is called after each with the rows that the audit log gained."""

    def __init__(self, store: Store, folder: Path, watch: Callable[[World], None]) -> None:
        self.store = store
        self.program, files = the_program()
        self.settings: Settings = read_settings({"PREFLIGHT_DATA_DIR": str(folder)})
        self.now = MONDAY
        self.people, self.groups = _people()
        self.gone: list[UserId] = []
        self.inputs = 0
        self.repeated = 0
        self.raced = 0
        self.jobs = 0
        self.told: deque[str] = deque(maxlen=8)
        """The last inputs, for whoever reads of a problem."""
        self.seen = 0
        """The last row of the audit log that was looked at."""
        self._watch = watch
        self._serial = itertools.count(1)
        self._quiet = threading.Lock()
        with store.write() as tx:
            tx.save_people(self.people, self.groups)
            tx.keep_program(self.program, files, self.now)

    @property
    def moment(self) -> Moment:
        """What a listener is given now."""
        return Moment(
            store=self.store, program=self.program, settings=self.settings, now=self.now, bot_user=BOT
        )

    def active(self) -> list[UserId]:
        """Everybody who is here, strangers to every case among them."""
        return [p.id for p in self.people if p.active]

    # --- inputs -----------------------------------------------------------------------------------------

    def click(self, user: str, action: str, value: str, block: str = "") -> Callable[[], Answer]:
        """A button, ready to be pressed (again and again: it is the same click)."""
        n = next(self._serial)
        self.told.append(f"{user} {action} {value}")
        made = Click(
            key=f"click/{user}/{n}/{action}",
            user=UserId(user),
            action=action.split("/", 1)[0],
            block=block,
            value=value,
            trigger=f"t{n}",
            channel="",
            message="",
            thread=None,
            response_url="",
            view=None,
            values={},
        )
        return lambda: registry.ACTIONS[made.action](self.moment, made)

    def form(
        self, user: str, callback: str, private: Mapping[str, Any], values: Mapping[str, Any]
    ) -> Callable[[], Answer]:
        """A form, ready to be sent; ``values`` by block."""
        n = next(self._serial)
        self.told.append(f"{user} {callback} {dict(private)}")
        filled = {block: {block.split("/")[0]: value} for block, value in values.items()}
        view = ViewIn(id=f"V{n}", callback=callback, private=packed(**private), hash=f"h{n}", values=filled)
        made = Submission(key=f"view/V{n}", user=UserId(user), view=view, trigger=f"t{n}", closed=False)
        return lambda: registry.VIEWS[callback](self.moment, made)

    def does(self, what: Callable[[], Any], again: bool = False) -> Any:
        """Carry out one input as the bot does, and look at what came of it; ``again``: twice, as Slack may
        send it. The second time must change nothing."""
        answer = self._tried(what)
        self.inputs += 1
        self._watch(self)
        if again:
            before = self._newest()
            self._tried(what)
            self.repeated += 1
            assert self._newest() == before or not self._changed_since(before), (
                "a repeated input counted twice"
            )
            self._watch(self)
        return answer

    def at_once(self, *inputs: Callable[[], Any]) -> None:
        """Several inputs at the same moment, each in a thread of its own."""
        wrong: list[BaseException] = []

        def carry_out(what: Callable[[], Any]) -> None:
            try:
                self._tried(what)
            except BaseException as error:
                wrong.append(error)

        threads = [threading.Thread(target=carry_out, args=(what,)) for what in inputs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.inputs += len(inputs)
        self.raced += 1
        if wrong:
            raise wrong[0]
        self._watch(self)

    def _tried(self, what: Callable[[], Any]) -> Any:
        """As ``bot/slack_app.py`` does: a lost race is tried again."""
        for attempt in itertools.count(1):
            try:
                return what()
            except StaleState:
                if attempt == _TRIES:
                    return None
        raise AssertionError("unreachable")

    def _newest(self) -> int:
        with self.store.read() as reading:
            return max((row["seq"] for row in reading.audit(self.seen)), default=self.seen)

    def _changed_since(self, seq: int) -> bool:
        with self.store.read() as reading:
            return any(row["patch"] for row in reading.audit(seq))

    # --- time and people --------------------------------------------------------------------------------

    def passes(self, **by: float) -> None:
        """The clock jumps, and whatever fell due is done."""
        self.now += timedelta(**by)
        self.work()

    def work(self) -> None:
        """Carry out what waits in the outbox: jobs by their workers, messages to nobody."""
        for _ in range(30):
            self.store.outbox.due(self.now)
            rows = self.store.outbox.claim(200, "lifecycle", self.now)
            if not rows:
                return
            for row in rows:
                if isinstance(row.effect, Work) and row.effect.name not in _NEED_MODELS:
                    self._job(row.effect, row.key)
                self.store.outbox.delivered(row, now=self.now)

    def _job(self, work: Work, key: str) -> None:
        job = Job(
            store=self.store,
            program=self.program,
            settings=self.settings,
            now=self.now,
            bot_user=BOT,
            key=f"work/{key}",
            subject=work.subject,
            data=work.data,
            embedder=None,
        )
        self._tried(lambda: registry.WORKERS[work.name](job))
        self.jobs += 1
        self._watch(self)

    def leaves(self, user: UserId, back: bool = False) -> None:
        """Somebody leaves the company, or is there again."""
        self.people = [p.model_copy(update={"active": back}) if p.id == user else p for p in self.people]
        self.gone = [p.id for p in self.people if not p.active]
        with self.store.write() as tx:
            tx.save_people(self.people, self.groups)
