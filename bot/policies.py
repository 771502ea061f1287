"""The program version a use case goes by: that of its submission, until its owner adopts a newer one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workflows.ids import ProgramStamp, Subject
from workflows.program import Program
from workflows.program_errors import ProgramErrors
from workflows.program_files import parse_program
from workflows.seeing import UNFINISHED

if TYPE_CHECKING:
    from bot.registry import Moment
    from storage.reading import Reading

_AT_MOST = 16
"""Versions held in memory; a company has a handful in use."""

_lock = threading.Lock()
_known: dict[tuple[str, str], Program | None] = {}


@dataclass(frozen=True)
class Policy:
    """The rules that count for something, and whether they are the ones it was begun under."""

    program: Program
    frozen: bool
    """They differ from those in force now."""
    lost: bool = False
    """Those it was begun under can no longer be read, so the ones in force count."""


def policy_of(reading: Reading, current: Program, stamp: ProgramStamp) -> Policy:
    """The rules under which something with this stamp was begun.

    How things are said and how the bot itself is run (messages, working hours, the desk) is always as it is
    now; questions, tiers, matrix, roles, gates and life cycle are as they were.
    """
    if stamp.hash == current.stamp.hash:
        return Policy(current, frozen=False)
    key = (stamp.hash, current.stamp.hash)
    with _lock:
        known = key in _known
        program = _known.get(key)
    if not known:
        program = _read(reading, current, stamp)
        with _lock:
            while len(_known) >= _AT_MOST:
                _known.pop(next(iter(_known)))
            _known[key] = program
    if program is None:
        return Policy(current, frozen=False, lost=True)
    return Policy(program, frozen=True)


def rules_for(reading: Reading, current: Program, subject: Subject) -> Program:
    """The rules that count for a use case or an approval; those in force for anything else."""
    stamp: ProgramStamp | None = None
    if subject.type == "use_case":
        use_case = reading.use_case(subject.id)
        stamp = use_case.program if use_case and use_case.stage not in UNFINISHED else None
    elif subject.type == "approval":
        approval = reading.approval(subject.id)
        stamp = approval.program if approval else None
    return policy_of(reading, current, stamp).program if stamp else current


def under_its_rules(reading: Reading, moment: Moment, stamp: ProgramStamp) -> Moment:
    """The same moment under the rules that something with this stamp goes by."""
    program = policy_of(reading, moment.program, stamp).program
    return moment if program is moment.program else replace(moment, program=program)


def _read(reading: Reading, current: Program, stamp: ProgramStamp) -> Program | None:
    kept = reading.program(stamp.hash)
    if kept is None:
        return None
    try:
        then = parse_program(kept.files)
    except ProgramErrors:
        return None  # it was sound by the checks of its time, and is not by those of now
    as_now = ("messages", "working_time", "desk", "consulting", "contracts", "imports", "company", "name")
    return then.model_copy(update={name: getattr(current, name) for name in as_now})
