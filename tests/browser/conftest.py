"""A real Chromium for the tests of the page, one window a person."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sandbox.server import Sandbox
from tests.browser.kit_app import MANIFEST, connect
from tests.browser.window import Workspace

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""How Chromium is started: without anything that would look beyond this machine."""

OpenWindow = Callable[..., Page]
NORTHWIND = Path(__file__).parents[2] / "sandbox" / "northwind.json"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("these tests need Chromium: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_window(chromium: Browser) -> Iterator[OpenWindow]:
    """Opens a window of its own at an address; errors of the page's own script fail the test."""
    contexts = []
    faults: list[str] = []

    def open_at(address: str, *, width: int = 1280, height: int = 800, **more: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.goto(address)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture(scope="module")
def running() -> Iterator[Workspace]:
    """The sandbox and the app of the kit, started once for a file of tests."""
    sandbox = Sandbox(NORTHWIND, MANIFEST)
    url = sandbox.start()
    app = connect(url)
    yield Workspace(sandbox)
    app.close()
    sandbox.stop()


@pytest.fixture
def workspace(running: Workspace) -> Workspace:
    """The same as new."""
    running.post("reset", keep_app=True)
    running.post("settings", rate_limits=False)
    return running
