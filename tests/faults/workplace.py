"""A workplace to break: the sandbox workspace, a database, and the real bot as processes of its own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from sandbox.deliver import RETRY_AFTER
from sandbox.server import Sandbox
from storage.store import Store
from tests.faults.balancer import Balancer
from tests.faults.postgres import Durable, durable, free_port, wait_until
from tests.faults.replica import Plan

JSON = dict[str, Any]
ROOT = Path(__file__).parents[2]
SECRET = "a-signing-secret-for-fault-runs"
TOKEN = "xoxb-fault-runs"
EVENTS = "/slack/events"
HOOK_SECRET = "a-secret-of-a-pipeline-for-fault-runs"
"""Of the system ``ci``."""


def workspace(more_people: int = 0, more_channels: Sequence[str] = ()) -> JSON:
    """The seeded company, with as many more clerks (``clerk0``, ``clerk1`` ...) and channels as wanted."""
    found: JSON = json.loads((ROOT / "sandbox" / "northwind.json").read_text(encoding="utf-8"))
    for number in range(more_people):
        found["users"].append(
            {
                "id": f"U0CLERK{number}",
                "name": f"clerk{number}",
                "real_name": f"Clerk {number}",
                "title": "Clerk",
                "email": f"clerk{number}@northwind.example",
            }
        )
    for number, name in enumerate(more_channels):
        found["channels"].append(
            {"id": f"C0MORE{number}", "name": name, "members": ["sam"], "with_app": True, "messages": []}
        )
    return found


def app_file(address: str) -> JSON:
    """The app as installed: the manifest that the bot prints, with credentials and its address."""
    from bot.manifest import manifest

    return manifest(address) | {
        "app_id": "A0PREFLIGHT",
        "bot_id": "B0PREFLIGHT",
        "bot_user_id": "U0PREFLIGHT",
        "bot_token": TOKEN,
        "app_token": "xapp-fault-runs",
        "signing_secret": SECRET,
        "request_url": f"{address}{EVENTS}",
    }


@dataclass
class Replica:
    """One serving process (where it has a plan: with the one that starts it again)."""

    name: str
    plan: Plan | None
    port: int
    process: subprocess.Popen[bytes]

    def status(self, path: str = "/readyz") -> int:
        """The HTTP status of a page; 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        except http.client.HTTPException:
            return 0
        finally:
            connection.close()

    def pid(self) -> int:
        """The serving process itself; with a plan, the only child of the one that starts it again."""
        if self.plan is None:
            return self.process.pid
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(listed[0])


class Workplace:
    """Everything started on entry and stopped on exit.

    ``plans``: one for each replica; ``None`` for one that runs as in production, with nothing around it.

    Attributes: ``sandbox`` (in this process), ``url`` (its address), ``replicas``, ``database_url``
    (empty on SQLite), ``folder``, ``postgres``.
    """

    def __init__(
        self,
        database: str = "sqlite",
        plans: Sequence[Plan | None] = (Plan(),),
        *,
        people: int = 0,
        folder: Path | None = None,
        data_dir: Path | None = None,
        chroma: str | None = None,
        settings: Mapping[str, str] | None = None,
        channels: Sequence[str] = (),
    ) -> None:
        self._channels = channels
        self._database = database
        # Several replicas share a folder here, and the index in it can have only one owner.
        self._chroma = chroma if chroma is not None else "" if len(plans) == 1 else "memory"
        self._settings = dict(settings or {})
        self._plans = list(plans)
        self._people = people
        self._stack = contextlib.ExitStack()
        self.folder = folder or Path()
        self._given = folder
        self._data_dir = data_dir
        self.replicas: list[Replica] = []
        self.postgres: Durable | None = None
        self.database_url = ""

    @property
    def data_dir(self) -> Path:
        """The bot's folder of local state."""
        return self._data_dir or self.folder / "data"

    @property
    def deaths(self) -> Path:
        """Where the replicas note their deaths."""
        return self.folder / "deaths"

    def __enter__(self) -> Workplace:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def _start(self) -> None:
        if self._given is None:
            made = tempfile.TemporaryDirectory(prefix="preflight-faults-", ignore_cleanup_errors=True)
            self.folder = Path(self._stack.enter_context(made))
        if self._database == "postgres":
            self.postgres = durable()
            self._stack.callback(self.postgres.remove)
            self.database_url = self.postgres.new_database(empty=True)
        ports = [free_port() for _ in self._plans]
        front = ports[0]
        if len(ports) > 1:
            balancer = Balancer(ports)
            self._stack.callback(balancer.stop)
            front = balancer.port
        self.sandbox = Sandbox(workspace(self._people, self._channels), app_file(f"http://127.0.0.1:{front}"))
        self.url = self.sandbox.start()
        self._stack.callback(self.sandbox.stop)
        # Tables are made before replicas race to start.
        self.store().close()
        for plan, port in zip(self._plans, ports, strict=True):
            self.replicas.append(self.start_replica(plan, port))
        for replica in self.replicas:
            assert wait_until(partial(_ready, replica), 180), f"not ready: {self.said(replica)}"

    def start_replica(self, plan: Plan | None, port: int) -> Replica:
        """One more serving process."""
        name = plan.name if plan else f"plain{len(self.replicas)}"
        command = ["-m", "bot.cli", "serve"]
        if plan:
            plan = replace(plan, log=str(self.deaths))
            command = ["-m", "tests.faults.replica", *plan.arguments()]
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PREFLIGHT_", "SLACK_"))},
            "PREFLIGHT_DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database_url,
            "PREFLIGHT_CHROMA": self._chroma,
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{self.url}/api/",
            "PREFLIGHT_PORT": str(port),
            "PREFLIGHT_HOOK_SECRETS": f"ci:{HOOK_SECRET}",
            "PREFLIGHT_LOG_LEVEL": "warning" if plan else "info",
            "PYTHONPATH": str(ROOT),
            **self._settings,
        }
        with (self.folder / f"log-{name}").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        replica = Replica(name, plan, port, process)
        self._stack.callback(self.stop_replica, replica)
        return replica

    def stop_replica(self, replica: Replica) -> None:
        """End one serving process cleanly."""
        if replica.process.poll() is None:
            replica.process.terminate()
            try:
                replica.process.wait(30)
            except subprocess.TimeoutExpired:
                replica.process.kill()
                replica.process.wait(5)

    def said(self, replica: Replica) -> str:
        """The end of what a replica logged."""
        log = self.folder / f"log-{replica.name}"
        return log.read_text(errors="replace")[-8000:] if log.exists() else ""

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    # What happens in it

    def store(self) -> Store:
        """The bot's memory, opened beside it."""
        return Store(self.database_url, self.data_dir)

    @contextlib.contextmanager
    def memory(self) -> Iterator[Store]:
        """The bot's memory for the length of a block."""
        store = self.store()
        try:
            yield store
        finally:
            store.close()

    def control(self, method: str, path: str, body: object = None) -> JSON:
        """One request to the sandbox's control interface."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        try:
            data = json.dumps(body).encode() if body is not None else None
            connection.request(method, path, data, {"Content-Type": "application/json"})
            return dict(json.loads(connection.getresponse().read()))
        finally:
            connection.close()

    def act(self, action: str, person: str, **body: object) -> JSON:
        """Somebody does something in Slack."""
        return self.control("POST", f"/sandbox/act/{action}", {"as": person, **body})

    def settle(self, seconds: float = 120.0) -> bool:
        """Wait until nothing is left to deliver, in Slack or in the bot; whether that came about in time."""
        with self.memory() as store:

            def quiet() -> bool:
                return not self._on_the_way() and store.outbox.backlog().open == 0

            return wait_until(lambda: quiet() and not _busy_again(quiet), seconds, every=0.25)

    def deliveries(self, kind: str | None = None, name: str | None = None) -> list[JSON]:
        """What was sent to the bot; read again when the workspace wrote to its log in the meantime."""
        while True:
            with contextlib.suppress(RuntimeError):
                return self.sandbox.world.deliveries.read(kind=kind, name=name)

    def _on_the_way(self) -> bool:
        """Whether something was sent to the bot and not answered, or will be sent again."""
        told = [d for d in self.deliveries() if not d["fault"] and d["name"] != "url_verification"]
        newest = {(d["kind"], d["id"]): d for d in told}
        for delivery in newest.values():
            if delivery["status"] is None and not delivery["error"]:
                return True
            refused = delivery["status"] is None or delivery["status"] >= 300
            if refused and delivery["kind"] == "event" and delivery["attempt"] < len(RETRY_AFTER):
                return True
        return False


def _ready(replica: Replica) -> bool:
    return replica.status() == 200


def _busy_again(quiet: Any) -> bool:
    """A tiny later look: something may have been between two steps."""
    return not wait_until(quiet, 0.3, every=0.1)
