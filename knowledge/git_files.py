"""What Git knows of a folder: which files it tracks, and when each was last committed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 60
_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.quotepath=off", "-c", "log.showSignature=false")
"""A repository's own settings must not run programs of its choosing."""


@dataclass(frozen=True)
class Tracked:
    """A folder within a Git work tree. ``dates`` maps each tracked path to the ISO date of its last commit,
    empty for one not committed yet. ``trouble`` completes *"..., so all its files are read"*."""

    dates: Mapping[str, str]
    trouble: str = ""


def tracked(folder: Path) -> Tracked | None:
    """What Git tracks in a folder, by path below it; ``None`` where Git has no part in it.

    A folder of which Git tracks nothing (one that is left out of the repository around it) counts as no part.
    Reads only; never raises.
    """
    if not any((above / ".git").exists() for above in (folder, *folder.parents)):
        return None
    try:
        listed = _git(folder, "ls-files", "-z", "--cached", "--recurse-submodules")
        paths = [path for path in listed.split("\0") if path]
        if not paths:
            return None
        return Tracked(dict.fromkeys(paths, "") | _dates(folder, set(paths)))
    except FileNotFoundError:
        return Tracked({}, "is in a Git repository, and Git is not installed here")
    except subprocess.TimeoutExpired:
        return Tracked({}, f"is in a Git repository that did not answer within {_SECONDS} seconds")
    except subprocess.CalledProcessError as error:
        why = " ".join(error.stderr.split("\n", 1)[0].removeprefix("fatal:").split())[:200]
        return Tracked({}, f"is in a Git repository that cannot be read ({why or 'Git failed'})")


def _dates(folder: Path, paths: set[str]) -> dict[str, str]:
    """The date of the newest commit that touched each path, from one walk through the history."""
    try:
        said = _git(
            folder, "log", "--format=%x01%cs", "--name-only", "-z", "--relative", "--no-renames", "--", "."
        )
    except subprocess.CalledProcessError:
        return {}  # nothing was committed yet
    found: dict[str, str] = {}
    date = ""
    for part in said.split("\0"):
        part = part.strip("\n")
        if part.startswith("\x01"):
            date, _, part = part[1:].partition("\n")
            part = part.strip("\n")
        if part in paths:
            found.setdefault(part, date)
    return found


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", *_QUIET, *arguments]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    done = subprocess.run(  # noqa: S603 - the words are ours, and no shell reads them
        command,
        cwd=folder,
        env={**environment, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_SECONDS,
        check=True,
        text=True,
        errors="surrogateescape",
    )
    return done.stdout
