"""``python -m sandbox``: the workspace from the command line."""

from __future__ import annotations

import argparse

from sandbox.server import Sandbox


def main() -> None:
    """Read the options and serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A Slack-compatible workspace on loopback."
    )
    parser.add_argument("--port", type=int, default=8100, help="0 picks a free one (default: 8100)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--workspace", required=True, metavar="FILE", help="people and channels, JSON")
    parser.add_argument("--app", metavar="FILE", help="manifest and credentials of the app, JSON")
    parser.add_argument("--snapshot", metavar="FILE", help="load and keep the conversations here")
    options = parser.parse_args()
    Sandbox(options.workspace, options.app, snapshot=options.snapshot).run(options.port, options.host)


if __name__ == "__main__":
    main()
