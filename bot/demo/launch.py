"""Starts the demo: sandbox and bot in this process, one address, everything gone at Ctrl-C."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import threading
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import logs
from bot.clock import utc_now
from bot.demo.digests import want_digests
from bot.demo.seed import seed
from bot.manifest import manifest
from bot.server import Running
from bot.service import EVENTS_PATH, CannotStart, Service
from bot.settings import read_settings
from sandbox.server import Sandbox
from storage.errors import StorageError
from storage.program_folder import default_program_folder

if TYPE_CHECKING:
    from knowledge.syncing import Progress

_BOT_TOKEN = "xoxb-demo"  # noqa: S105 - opens nothing but the sandbox on this machine
_SECRET = "signing-secret-of-the-demo"  # noqa: S105 - the same
_NORTHWIND = Path(__file__).resolve().parents[2] / "sandbox" / "northwind.json"


def run(port: int, fresh: bool) -> None:
    """Run until Ctrl-C or SIGTERM. State is kept under ``demo`` in the data folder, apart from real state."""
    folder = (
        read_settings({k: v for k, v in os.environ.items() if k == "PREFLIGHT_DATA_DIR"}).data_dir / "demo"
    )
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    logs.set_up("console", "error")
    over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: over.set())
    with Demo(folder, port) as demo:
        sys.stdout.write(f"{demo.url}\n")
        sys.stdout.flush()
        over.wait()


class _Ended(Exception):
    """The demo ends while the playbook is still being read."""


def _read_playbook(service: Service, go_on: Progress | None = None) -> None:
    """Makes the shipped playbook answerable: by words at once, by meaning where the model is there."""
    from knowledge.listing import CannotSync
    from knowledge.syncing import Source, sync

    folder = (service.settings.program_dir or default_program_folder()) / "playbook"
    # A company's own program may come without a playbook.
    with contextlib.suppress(CannotSync, StorageError):
        sync(service.store, Source("playbook", folder), service.embedder if go_on else None, utc_now, go_on)


def _embed_playbook(service: Service, ended: threading.Event) -> None:
    """Goes on while people begin; a later demo finds it done."""

    def go_on(_number: int, _of: int, _path: str) -> None:
        if ended.is_set():
            raise _Ended

    while not ended.is_set() and not service.wait_for_model(0.2):
        pass
    with contextlib.suppress(_Ended):
        _read_playbook(service, go_on)


class Demo:
    """The sandbox and the bot, ready between ``with`` and its end; ``url`` is the page to open.

    ``monday``: the channels get this week's digests at once.
    """

    def __init__(self, folder: Path, port: int = 0, monday: bool = True) -> None:
        self._folder = folder
        self._monday = monday
        self._port = port
        self.url = ""
        self._ended = threading.Event()
        self._aside: list[threading.Thread] = []

    def __enter__(self) -> Demo:
        self._sandbox = Sandbox(workspace=_NORTHWIND, app=None, snapshot=self._folder / "workspace.json")
        self.url = self._started(self._port)
        try:
            self._bot = Running(Service(self._settings()))
        except BaseException:
            self._sandbox.stop()
            raise
        try:
            self._bot.listen()
            self._install(self._bot.port)
            service = self._bot.service
            # Only now is the port known under which the browser reaches the pages that are linked to.
            reached = {"public_url": f"http://127.0.0.1:{self._bot.port}"}
            service.settings = service.settings.model_copy(update=reached)
            service.start()
            if service.people.done_once.wait(20):
                seed(service.moment())
            # In words first: whoever asks in the first minute is not told that nothing is known.
            _read_playbook(service)
            self._aside = [
                threading.Thread(target=later, args=(service, self._ended), name=later.__name__, daemon=True)
                for later in (*([want_digests] if self._monday else []), _embed_playbook)
            ]
            for thread in self._aside:
                thread.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._aside:
            thread.join(20)
        self._bot.stop()
        self._sandbox.stop()

    def _started(self, port: int) -> str:
        try:
            return self._sandbox.start(port=port)
        except OSError:
            return self._sandbox.start(port=0)

    def _settings(self) -> Any:
        return read_settings(
            {
                **{k: v for k, v in os.environ.items() if k == "PREFLIGHT_PROGRAM_DIR"},
                "PREFLIGHT_DATA_DIR": str(self._folder),
                "SLACK_BOT_TOKEN": _BOT_TOKEN,
                "SLACK_SIGNING_SECRET": _SECRET,
                "SLACK_API_URL": f"{self.url}/api/",
                "PREFLIGHT_PORT": "0",
            }
        )

    def _install(self, port: int) -> None:
        address = f"http://127.0.0.1:{port}{EVENTS_PATH}"
        app = {
            **manifest(url=address),
            "app_id": "A0PREFLIGHT",
            "bot_token": _BOT_TOKEN,
            "signing_secret": _SECRET,
            "request_url": address,
        }
        request = urllib.request.Request(  # noqa: S310 - our own sandbox on loopback
            f"{self.url}/sandbox/app",
            data=json.dumps(app).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - the same
            if not json.load(answer).get("ok"):
                raise CannotStart("The sandbox workspace did not take the app. Please report this.")
