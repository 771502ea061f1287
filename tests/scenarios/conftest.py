"""The office, opened once for a file of scenarios: sandbox and bot in this process, over real HTTP."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from bot import logs
from bot.manifest import manifest
from bot.service import EVENTS_PATH, Service
from bot.settings import read_settings
from bot.slack_gateway import METHODS
from sandbox.server import Sandbox
from storage.program_folder import default_program_folder
from tests.models import graph_built_once
from tests.scenarios.office import Office

ROOT = Path(__file__).resolve().parents[2]
NORTHWIND = ROOT / "sandbox" / "northwind.json"
BOT_TOKEN, SECRET = "xoxb-scenario", "a-signing-secret-for-tests"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Running:
    """The bot behind a real HTTP server in a thread; without a pause between messages."""

    def __init__(
        self, sandbox_url: str, folder: Path, port: int, database: str = "", pace: float = 0.0, **more: str
    ) -> None:
        environment = {
            "PREFLIGHT_DATA_DIR": str(folder),
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": sandbox_url + "/api/",
            "PREFLIGHT_PORT": str(port),
            "PREFLIGHT_LOG_LEVEL": "warning",
            **({"DATABASE_URL": database} if database else {}),
            **more,
        }
        logs.set_up(level="error")
        self.ahead = timedelta(0)
        self.service = Service(read_settings(environment), pace=pace, now=self.now)
        config = uvicorn.Config(self.service.asgi, host="127.0.0.1", port=port, log_level="warning")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def now(self) -> datetime:
        """The bot's clock, which :meth:`pass_time` moves ahead."""
        return datetime.now(UTC) + self.ahead

    def pass_time(self, **by: float) -> None:
        """Lets that much time go by (as for ``timedelta``), and whatever fell due happen."""
        self.ahead += timedelta(**by)
        self.service.store.outbox.due(self.now())

    def start(self) -> None:
        self.service.start()
        self.thread.start()
        until = time.monotonic() + 15
        while not self.server.started:
            assert time.monotonic() < until, "the bot did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.service.stop()


def app_file(port: int, **more: Any) -> dict[str, Any]:
    """Our own manifest with the credentials that Slack would hold beside it."""
    url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
    return {
        **manifest(f"http://127.0.0.1:{port}"),
        "app_id": "A0PREFLIGHT",
        "bot_token": BOT_TOKEN,
        "app_token": "xapp-scenario",
        "signing_secret": SECRET,
        "request_url": url,
        **more,
    }


MEANT = {"message_not_found", "not_in_channel", "channel_not_found", "thread_not_found", "user_disabled"}
"""Refusals that the bot counts on and deals with."""


def nothing_refused(office: Office) -> None:
    """Slack refused nothing that the bot sent, and every call was one whose scope it declares."""
    made = office.get("/sandbox/calls", limit=20_000)["calls"]
    assert {c["method"] for c in made} - {"response_url"} <= set(METHODS)
    assert not [c for c in made if c["error"] and c["error"] not in MEANT and not c["fault"]]


def patient_program(folder: Path) -> Path:
    """The program that ships, but for two things: every decision comes with a card, and no digest by itself.

    In an office that a whole file of scenarios shares, more waits for some people than it would in a day, and
    weeks pass in a moment; the list that people would get then, and digests, have scenarios of their own.
    """
    program = folder / "program"
    shutil.copytree(default_program_folder(), program)
    settings = program / "program.yaml"
    said = settings.read_text(encoding="utf-8")
    settings.write_text(said.replace("cards_at_most: 3", "cards_at_most: 999"), encoding="utf-8")
    digests = program / "digests.yaml"
    quiet = re.sub(r"^    schedules:\n(?:      .*\n)+", "", digests.read_text(encoding="utf-8"), flags=re.M)
    digests.write_text(quiet, encoding="utf-8")
    return program


@contextmanager
def open_office(folder: Path, **settings: str) -> Iterator[Office]:
    """Northwind Mutual with Preflight installed, its state in ``folder``, with more settings if need be."""
    port = free_port()
    settings = {"PREFLIGHT_PROGRAM_DIR": "", **settings}
    settings["PREFLIGHT_PROGRAM_DIR"] = settings["PREFLIGHT_PROGRAM_DIR"] or str(patient_program(folder))
    sandbox = Sandbox(workspace=str(NORTHWIND), app=None)
    url = sandbox.start(port=0)
    here = Office(url, None)
    here.post("/sandbox/app", app_file(port))
    here.post("/sandbox/settings", {"rate_limits": False, "retry_speed": 100.0})
    bot = Running(url, folder, port, **settings)
    here.bot = bot
    try:
        bot.start()
        # The app was installed before anyone listened; install it again so that Slack verifies the address.
        here.post("/sandbox/app", app_file(port))
        yield here
        nothing_refused(here)
    finally:
        bot.stop()
        sandbox.stop()


@pytest.fixture(scope="module", autouse=True)
def model_built_once() -> Iterator[None]:
    with graph_built_once():
        yield


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office on SQLite, as it is set without saying anything."""
    with open_office(tmp_path_factory.mktemp("office")) as here:
        yield here
