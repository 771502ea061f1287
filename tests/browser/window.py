"""The sandbox's page with a plain Bolt app behind it, and people who use it in a real browser."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from playwright.sync_api import Page, expect

from sandbox.server import Sandbox
from tests.browser.kit_app import MANIFEST

Json = dict[str, Any]


class Workspace:
    """The sandbox with the app connected, and acts of people who have no window."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.url = sandbox.url

    def at(self, person: str, channel: str = "@app", **more: str) -> str:
        rest = "".join(f"&{name}={value}" for name, value in more.items())
        return f"{self.url}/?as={person}&channel={channel.replace('#', '%23')}{rest}"

    def post(self, path: str, **body: Any) -> Json:
        request = urllib.request.Request(f"{self.url}/sandbox/{path}", json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=20) as answer:
            done: Json = json.load(answer)
        return done

    def get(self, path: str) -> Json:
        with urllib.request.urlopen(f"{self.url}/sandbox/{path}", timeout=20) as answer:
            found: Json = json.load(answer)
        return found

    def act(self, name: str, who: str, **body: Any) -> Json:
        return self.post(f"act/{name}", **{"as": who, **body})

    def api(self, method: str, **body: Any) -> Json:
        headers = {"Authorization": f"Bearer {MANIFEST['bot_token']}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/api/{method}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            done: Json = json.load(answer)
        assert done["ok"], done
        return done


def say(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("textbox", name=label, exact=True)
    box.fill(text)
    box.press("Enter")


def thread(page: Page) -> Any:
    return page.get_by_role("complementary", name="Thread")


def replied(workspace: Workspace, page: Page, person: str, text: str) -> Any:
    """Tell the app something and wait for its answer in the thread that opens."""
    say(page, "Message Preflight", text)
    expect(thread(page).get_by_role("article", name="Preflight").first).to_be_visible()
    return thread(page)


def form(page: Page) -> Any:
    return page.get_by_role("dialog", name="New use case")


def filled(page: Page, outcome: str) -> None:
    form(page).get_by_label("What should it be called?").fill("Summaries")
    form(page).get_by_label("What should get measurably better?").fill(outcome)
    form(page).get_by_role("combobox", name="Function").click()
    page.get_by_role("option", name="Claims").click()
    form(page).get_by_label("Call recordings").check()
    form(page).get_by_label("Our people").check()
    form(page).get_by_label("How many people would use it?").fill("40")
