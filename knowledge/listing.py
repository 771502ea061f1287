"""Which files of a folder are documents: what a loader reads, inside the folder, and (in Git) tracked."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from knowledge import about, git_files
from knowledge.loading import loaders

BESIDE = frozenset({about.FILE, "demanded.yaml"})
"""Files that stand beside documents and are none."""


class CannotSync(Exception):
    """Nothing of a source can be brought in; ``str()`` says why and what to do."""


@dataclass(frozen=True)
class File:
    """A file to read; ``path`` is that below the folder, with ``/``."""

    path: str
    place: Path
    size: int
    changed_ns: int
    dated: str = ""
    """ISO date of its last commit, where Git tracks it."""


@dataclass
class Listing:
    """The files of a folder, by path, and what was not taken."""

    files: list[File] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    """How many files of types that no loader reads, by ending."""
    untracked: list[str] = field(default_factory=list)
    """Documents left out because Git does not track them."""
    note: str = ""
    """What people should know about how the folder was read."""


def listing(folder: Path, untracked: bool = False) -> Listing:
    """The documents of a folder, or the one that is named.

    Of a folder in a Git work tree those that Git tracks, unless ``untracked`` asks for all. Raises
    :class:`CannotSync` where a part cannot be looked into: half a folder would look as if the other half had
    been deleted.
    """
    found = Listing()
    single = not folder.is_dir()
    in_git = None if single else git_files.tracked(folder)
    if in_git is not None and in_git.trouble:
        found.note = f"{folder} {in_git.trouble}, so all its files are read"
        in_git = None
    dates = in_git.dates if in_git is not None else {}
    for place in [folder] if single else _walk(folder):
        path = place.name if single else place.relative_to(folder).as_posix()
        if place.name in BESIDE:
            continue
        if place.suffix.lower() not in loaders():
            found.ignored[place.suffix.lower() or place.name] += 1
        elif in_git is not None and not untracked and path not in dates:
            found.untracked.append(path)
        else:
            _add(found, folder, path, place, dates.get(path, ""))
    if single and not found.files and not found.problems:
        raise CannotSync(f"{folder.name} is of a type that is not read: {', '.join(sorted(loaders()))}.")
    found.files.sort(key=lambda f: f.path)
    found.untracked.sort()
    return found


def _add(found: Listing, folder: Path, path: str, place: Path, dated: str) -> None:
    try:
        path.encode()
        inside = place.resolve().is_relative_to(folder.resolve())
        status = place.stat()
    except (OSError, UnicodeEncodeError, RuntimeError) as error:
        shown = path.encode(errors="replace").decode()
        found.problems.append((shown, f"cannot be read ({type(error).__name__})"))
        return
    if not inside:
        found.problems.append((path, "is a link to a file outside the folder; it is not followed"))
    elif place.is_file():
        found.files.append(File(path, place, status.st_size, status.st_mtime_ns, dated))


def endings(ignored: Counter[str], at_most: int = 6) -> str:
    """The types that were not read, the most frequent first: *"12 .png, 3 .json"*."""
    told = [f"{count} {ending}" for ending, count in ignored.most_common(at_most)]
    rest: Collection[int] = [count for _, count in ignored.most_common()[at_most:]]
    return ", ".join([*told, f"{sum(rest)} others"] if rest else told)


def _walk(root: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise CannotSync(f"{error.filename} cannot be read ({error.strerror}). Check its permissions.")

    for folder, below, names in os.walk(root, onerror=refuse):
        below[:] = sorted(name for name in below if not name.startswith((".", "__")))
        for name in names:
            if not name.startswith((".", "~$")):
                yield Path(folder) / name
