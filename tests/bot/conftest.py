"""A workspace, a memory and a delivery between them: the bot without its server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import logs, registry
from bot.delivery import Delivery
from bot.manifest import manifest
from bot.pacing import Pace
from bot.people_sync import PeopleSync
from bot.registry import Message, Moment, Scene
from bot.settings import Settings, read_settings
from bot.slack_gateway import Gateway, client
from sandbox.server import Sandbox
from storage.store import Store
from tests.databases import copy_ready
from tests.models import graph_built_once
from tests.program.office import PROGRAM
from tests.scenarios.office import JSON, call
from workflows.decision import Decision
from workflows.effects import Effect, Post, ToPerson
from workflows.ids import Subject, UserId

ROOT = Path(__file__).resolve().parents[2]
BOT_TOKEN, SECRET = "xoxb-tests-of-the-bot", "a-secret-of-the-tests"
PROBE = Subject(type="person", id="probe")


def settings_for(url: str, folder: Path, **more: str) -> Settings:
    return read_settings(
        {
            "PREFLIGHT_DATA_DIR": str(folder),
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{url}/api/",
            "PREFLIGHT_PORT": "0",
            **more,
        }
    )


@dataclass
class Workspace:
    """The sandbox with our app installed; nobody listens for its events."""

    url: str
    ids: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, body: Any = None) -> JSON:
        return call(self.url, "POST", path, body if body is not None else {})

    def get(self, path: str, **query: object) -> JSON:
        return call(self.url, "GET", path, None, **query)

    def id(self, name: str) -> UserId:
        return UserId(self.ids[name])

    def fault(self, action: str, method: str = "chat.postMessage", **more: Any) -> None:
        self.post("/sandbox/faults", {"match": {"method": method}, "action": action, **more})

    def messages(self, person: str, channel: str = "@app", thread: str | None = None) -> list[str]:
        """The texts the bot posted there."""
        seen = self.get("/sandbox/messages", as_=person, channel=channel, thread_ts=thread)["messages"]
        return [m["text"] for m in seen if m.get("bot_id")]

    def calls(self, method: str) -> list[JSON]:
        return list(self.get("/sandbox/calls", method_=method)["calls"])


@pytest.fixture(scope="module", autouse=True)
def model_built_once() -> Iterator[None]:
    with graph_built_once():
        yield


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    workspace = Sandbox(workspace=ROOT / "sandbox" / "northwind.json", app=None)
    workspace.start(port=0)
    yield workspace
    workspace.stop()


@pytest.fixture
def workspace(sandbox: Sandbox) -> Workspace:
    here = Workspace(sandbox.url)
    here.post("/sandbox/reset", {"keep_app": False})
    app = {**manifest(), "app_id": "A0PREFLIGHT", "bot_token": BOT_TOKEN, "signing_secret": SECRET}
    here.post("/sandbox/app", app)
    here.post("/sandbox/settings", {"rate_limits": False})
    here.ids = {p["name"]: p["id"] for p in here.get("/sandbox/workspace")["people"]}
    return here


class Bench:
    """Delivery on a fresh SQLite memory, with a probe message ("probe") that says what the test set."""

    def __init__(self, workspace: Workspace, store: Store, settings: Settings, pace: float) -> None:
        self.workspace = workspace
        self.store = store
        self.settings = settings
        self.gateway = Gateway(client(BOT_TOKEN, settings.api_url, timeout=3))
        self.shown: dict[str, Message] = {}
        self.drawn: list[str] = []
        self.delivery = self.another(pace)
        self._lock = threading.Lock()

    def another(self, pace: float = 0.0) -> Delivery:
        return Delivery(self.store, self.gateway, self.moment, lambda: None, Pace(pace), workers=4)

    def moment(self) -> Moment:
        now = datetime.now(UTC)
        return Moment(self.store, PROGRAM, self.settings, now, UserId("U0PREFLIGHT"))

    def probe(self, scene: Scene, data: dict[str, Any]) -> Message:
        self.drawn.append(str(data["says"]))
        return self.shown.get(str(data["says"]), Message(str(data["says"])))

    def wants(self, *effects: Effect) -> None:
        """Commit these effects, as a rule would."""
        with self.store.write() as tx:
            tx.apply(Decision(effects=effects), self.moment().circumstances(UserId("U0DANA"), "message"))

    def tells(self, person: str, says: str, **more: Any) -> None:
        self.wants(
            Post(
                to=ToPerson(user=self.workspace.id(person)),
                kind="probe",
                subject=PROBE,
                data={"says": says},
                **more,
            )
        )

    def settles(self, timeout: float = 10.0) -> None:
        """Wait until nothing is left to deliver."""
        self.until(lambda: self.store.outbox.backlog().open == 0 and self.delivery.idle, timeout)

    def until(self, true: Callable[[], bool], timeout: float = 10.0) -> None:
        end = time.monotonic() + timeout
        while not true():
            assert time.monotonic() < end, f"still open: {self.store.outbox.backlog()}"
            time.sleep(0.01)

    def reads_people(self) -> None:
        PeopleSync(self.gateway, self.store, lambda: datetime.now(UTC)).read_now()


@pytest.fixture
def bench(
    workspace: Workspace, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    copy_ready(sqlite_template, tmp_path / "data")
    settings = settings_for(workspace.url, tmp_path / "data")
    store = Store("", settings.data_dir)
    registry.load()
    made = Bench(workspace, store, settings, 0.0)
    monkeypatch.setitem(registry.RENDERERS, "probe", made.probe)
    made.delivery.start()
    yield made
    made.delivery.stop()
    store.close()


def later(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def quiet_logs() -> None:
    """Logs as when serving: no local variables in tracebacks."""
    logs.set_up("console", "error")
