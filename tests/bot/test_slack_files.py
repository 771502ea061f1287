"""A shared file is read from Slack alone, up to a size, and never by way of a redirect."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest

from bot.slack_files import NoFile, ours, read_shared
from bot.slack_gateway import Gateway


class Files(BaseHTTPRequestHandler):
    """A host that keeps who asked for what."""

    asked: list[tuple[str, str]] = []  # noqa: RUF012 - shared by all requests on purpose

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Authorization", "")))
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/good")
            self.end_headers()
            return
        body = b"x" * (5000 if self.path == "/long" else 10)
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Files.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Stub:
    """What of the gateway is used."""

    token = "xoxb-secret"

    def __init__(self, host: str, address: str, size: int = 10) -> None:
        self.address = f"{host}/api/"
        self.about = {"url_private_download": address, "size": size}

    def file(self, id: str) -> dict[str, Any]:
        return self.about


def read(stub: Stub, at_most: int = 1000) -> bytes:
    return read_shared(cast(Gateway, stub), "F1", at_most)


def test_a_file_on_slacks_own_host_is_read_with_the_token(host: str) -> None:
    assert read(Stub(host, f"{host}/good")) == b"x" * 10
    assert Files.asked == [("/good", "Bearer xoxb-secret")]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/good",
        "https://files.slack.com.evil.example/f",
        "file:///etc/passwd",
        "",
        "ftp://x/y",
    ],
)
def test_the_token_is_sent_nowhere_else(host: str, address: str) -> None:
    with pytest.raises(NoFile, match="elsewhere"):
        read(Stub(host, address))
    assert not Files.asked


def test_a_redirect_is_not_followed(host: str) -> None:
    with pytest.raises(NoFile, match="http 302"):
        read(Stub(host, f"{host}/moved"))
    assert [path for path, _ in Files.asked] == ["/moved"]


def test_a_file_that_is_too_large_is_not_read_even_if_slack_says_it_is_small(host: str) -> None:
    with pytest.raises(NoFile, match="too large"):
        read(Stub(host, f"{host}/good", size=2000))
    assert not Files.asked
    with pytest.raises(NoFile, match="too large"):
        read(Stub(host, f"{host}/long", size=10))


def test_a_file_that_is_gone_is_told(host: str) -> None:
    with pytest.raises(NoFile, match="http 404"):
        read(Stub(host, f"{host}/gone"))


@pytest.mark.parametrize(
    ("address", "is_so"),
    [
        ("https://files.slack.com/files-pri/T1-F1/x.csv", True),
        ("https://slack.com/x", True),
        ("http://files.slack.com/x", False),
        ("https://evilslack.com/x", False),
        ("https://files.slack.com@evil.example/x", False),
    ],
)
def test_which_hosts_are_slacks(address: str, is_so: bool) -> None:
    assert ours(address, "https://slack.com/api/") is is_so
