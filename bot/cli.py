"""The command line. Only click is loaded here; each command brings its own room when it is run."""

from __future__ import annotations

import importlib
import sys
from types import TracebackType

import click

COMMANDS = {
    "serve": ("bot.commands_line.serving:serve", "Run the bot against a Slack workspace."),
    "demo": ("bot.commands_line.serving:demo", "Run the bot in a sandbox workspace on this machine."),
    "manifest": ("bot.commands_line.setting_up:manifest", "Print the app manifest to give to Slack."),
    "doctor": ("bot.commands_line.setting_up:doctor", "Say what is missing, and how to get it."),
    "status": ("bot.commands_line.status:status", "Say what waits, what is overdue, and what it costs."),
    "program": ("bot.commands_line.setting_up:program", "Check a program's files."),
    "usecases": ("bot.commands_line.usecases:usecases", "List, show, export and import use cases."),
    "approvals": ("bot.commands_line.approvals:approvals", "Find decisions that the clock forgot."),
    "evaluation": ("bot.commands_line.evaluations:evaluation", "Bring what a test found; see how it stands."),
    "release": ("bot.commands_line.releases:release", "Propose a version, ask whether it may ship, stop it."),
    "corpus": ("bot.commands_line.corpus:corpus", "Bring documents in, search them, measure answers."),
    "incidents": ("bot.commands_line.incidents:incidents", "Report, list and show incidents."),
    "portfolio": ("bot.commands_line.portfolio:portfolio", "Reviews of the portfolio and their minutes."),
    "metrics": ("bot.commands_line.metrics:metrics", "List the figures, what they mean, and what they say."),
    "figures": ("bot.commands_line.figures:figures", "Bring numbers of use cases in, and show them."),
    "ask": ("bot.commands_line.asking:ask", "Ask the playbook a question, or a file of them."),
    "trace": ("bot.commands_line.tracing:trace", "Say how answers came about."),
    "contracts": ("bot.commands_line.contracts:contracts", "Check, submit, compare and list data contracts."),
    "record": ("bot.commands_line.record:record", "The governance record of a use case, Markdown or PDF."),
    "people": ("bot.commands_line.people:people", "What is kept about somebody; erasing them."),
    "audit": ("bot.commands_line.records:audit", "Verify or export the audit log."),
    "db": ("bot.commands_line.records:db", "Bring the database's tables to another version."),
    "version": ("bot.commands_line.setting_up:version", "Print the version."),
}
"""Name -> where the command is, and its line in the help."""


class Commands(click.Group):
    """The commands by name, loaded when used; what goes wrong is said in a sentence, never as a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which one needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; our own errors become one sentence and exit status 1."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt):
            raise
        except Exception as error:
            if type(error).__name__ in _SAID and type(error).__module__.startswith(
                ("bot.", "storage.", "workflows.")
            ):
                raise click.ClickException(str(error)) from None
            for kind in type(error).__mro__:
                if kind.__name__ == "StorageError":
                    raise click.ClickException(str(error)) from None
            raise


_SAID = {"SettingsError", "CannotStart", "ProgramErrors"}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Preflight: the Slack bot through which a company runs its AI operating model."""


def _told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A failure of ours: types and places in the code, and none of the values it was given."""
    from bot.logs import failure

    found = failure(error.with_traceback(trace))
    places = "\n  ".join(found["frames"])
    print(f"Preflight failed ({found['failure']}):\n  {places}\nPlease report this.", file=sys.stderr)  # noqa: T201


def main() -> None:
    """The entry point of ``preflight``."""
    sys.excepthook = _told
    sys.exit(cli(prog_name="preflight"))


if __name__ == "__main__":
    main()
