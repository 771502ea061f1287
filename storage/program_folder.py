"""Reads a program from its folder on disk."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from storage.metrics.registry import METRICS, load
from workflows.program import Program
from workflows.program_errors import ProgramError, ProgramErrors
from workflows.program_files import MESSAGES, parse_messages, parse_program

_BYTES_AT_MOST = 1_000_000
_IGNORED = ("README.md",)
_CORPUS = "playbook"
"""The folder of documents that the program's answers are taken from: prose, not policy."""
_MARKDOWN = (".md", ".markdown")


def default_program_folder() -> Path:
    """The folder of the program that ships: beside the packages, in a checkout as in an installation."""
    return Path(__file__).resolve().parent.parent / "program"


def read_files(folder: Path) -> dict[str, str]:
    """The texts of a program's files by their path in the folder, with ``/``.

    Hidden files, ``README.md`` and the documents in ``playbook/`` are left out. Raises
    :class:`ProgramErrors` where the folder is missing or
    a file cannot be read as text.
    """
    if not folder.is_dir():
        raise ProgramErrors(
            [_error(str(folder), "there is no such folder", "name the folder that holds program.yaml")]
        )
    texts: dict[str, str] = {}
    errors: list[ProgramError] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or any(p.startswith((".", "__")) for p in path.relative_to(folder).parts):
            continue
        if path.name in _IGNORED or name.startswith(f"{_CORPUS}/"):
            continue
        if path.suffix != ".yaml":
            errors.append(_error(name, "a program is made of .yaml files", "rename it or move it out"))
            continue
        try:
            raw = path.read_bytes()
        except OSError as error:
            errors.append(_error(name, f"cannot be read: {error.strerror}", "check the file's permissions"))
            continue
        if len(raw) > _BYTES_AT_MOST:
            errors.append(
                _error(name, "is larger than one megabyte", "split it or take out what is not policy")
            )
            continue
        try:
            texts[name] = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            errors.append(_error(name, "is not UTF-8 text", "save the file as UTF-8", line))
    if errors:
        raise ProgramErrors(errors)
    return texts


def read_program(folder: Path) -> Program:
    """The checked program in a folder. Raises :class:`ProgramErrors` with everything that is wrong."""
    book = read_playbook(folder)
    return _parsed(tuple(read_files(folder).items()), None if book is None else tuple(book.items()))


# Reading and checking a program takes a fair part of a second; it is asked for again with nothing changed.
@lru_cache(maxsize=4)
def _parsed(files: tuple[tuple[str, str], ...], book: tuple[tuple[str, str | None], ...] | None) -> Program:
    load()
    return parse_program(dict(files), _shipped_sentences(), None if book is None else dict(book), METRICS)


def read_playbook(folder: Path) -> dict[str, str | None] | None:
    """The documents of a program's playbook by their path in it: the text of each that is Markdown.

    ``None`` for a document that is none or cannot be read, and in place of all where there is no playbook:
    a program may do with one that is kept elsewhere.
    """
    book = folder / _CORPUS
    if not book.is_dir():
        return None
    found: dict[str, str | None] = {}
    for path in sorted(book.rglob("*")):
        inside = path.relative_to(book)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts):
            found[inside.as_posix()] = _text(path) if path.suffix in _MARKDOWN else None
    return found


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


@lru_cache(maxsize=1)
def _shipped_sentences() -> Mapping[str, str]:
    """The messages of the program that ships: what the code says must be there in every program."""
    return parse_messages((default_program_folder() / MESSAGES).read_text(encoding="utf-8-sig"))


def _error(file: str, problem: str, fix: str, line: int = 1) -> ProgramError:
    return ProgramError(file=file, line=line, field="", problem=problem, fix=fix)
