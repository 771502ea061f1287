"""``preflight serve`` and ``preflight demo``."""

from __future__ import annotations

import click


@click.command()
def serve() -> None:
    """Run the bot against a Slack workspace, over Socket Mode or signed HTTP.

    With SLACK_APP_TOKEN it opens a socket to Slack; without, it listens on PREFLIGHT_HOST and
    PREFLIGHT_PORT for requests signed with SLACK_SIGNING_SECRET, at /slack/events. In both modes /healthz
    and /readyz answer.
    """
    from bot import logs
    from bot.settings import for_serving, read_settings

    settings = for_serving(read_settings())
    logs.set_up(settings.log_format, settings.log_level, settings.secrets)
    logs.guard_the_process()
    from bot.server import serve as run

    run(settings)


@click.command()
@click.option("--port", default=8100, show_default=True, help="Where the workspace's web page is shown.")
@click.option("--fresh", is_flag=True, help="Forget what earlier demos left and begin again.")
def demo(port: int, fresh: bool) -> None:
    """Run the bot in a sandbox workspace on this machine and print its address.

    Nothing leaves the machine. Ctrl-C ends everything; the next demo goes on where this one ended.
    """
    from bot.demo.launch import run

    run(port, fresh)
