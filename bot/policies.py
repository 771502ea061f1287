"""The program version a use case goes by: that of its submission, until its owner adopts a newer one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import yaml

from workflows.ids import ProgramStamp, Subject
from workflows.program import Program
from workflows.program_errors import ProgramErrors
from workflows.program_files import parse_program
from workflows.release import Release
from workflows.seeing import UNFINISHED
from workflows.waiver import Waiver

if TYPE_CHECKING:
    from bot.registry import Moment
    from storage.reading import Reading
    from workflows.decision import Circumstances
    from workflows.use_case import UseCase

M = TypeVar("M", bound="Moment")

_MESSAGES = "messages.yaml"
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
    """The rules that count for a use case and what belongs to it; those in force for anything else.

    An approval and a waiver go by those they were asked for under; a release and a walk by those of their use
    case. Incidents, contracts, the portfolio and the company are about the present.
    """
    if subject.type == "use_case":
        use_case = reading.use_case(subject.id)
        return rules_of(reading, current, use_case) if use_case else current
    if subject.type == "approval":
        approval = reading.approval(subject.id)
        return policy_of(reading, current, approval.program).program if approval else current
    if subject.type == "waiver":
        waiver = reading.get(Waiver, subject.id)
        return policy_of(reading, current, waiver.program).program if waiver else current
    if subject.type == "release":
        release = reading.get(Release, subject.id)
        return rules_for(reading, current, _use_case(release.use_case)) if release else current
    if subject.type == "walk":
        walk = reading.walk(subject.id)
        about = reading.use_case(walk.about) if walk and walk.about else None
        return rules_of_walk(reading, current, walk.questionnaire, about, walk.matter) if walk else current
    return current


def rules_of(reading: Reading, current: Program, use_case: UseCase) -> Program:
    """The rules that a use case goes by; a draft, and one that is a draft again, by those in force."""
    if use_case.stage in UNFINISHED:
        return current
    return policy_of(reading, current, use_case.program).program


def rules_of_walk(
    reading: Reading,
    current: Program,
    questionnaire: str,
    use_case: UseCase | None,
    matter: Subject | None = None,
) -> Program:
    """The rules by which a questionnaire is walked: those of the use case it is about.

    Those in force count where it is about the company or an incident (``matter``), and where the version of
    the use case does not have the questionnaire yet.
    """
    if use_case is None or matter is not None:
        return current
    its = rules_of(reading, current, use_case)
    return its if questionnaire in its.questionnaires else current


def under(program: Program, moment: M, circ: Circumstances) -> tuple[M, Circumstances]:
    """The same moment under these rules, and circumstances that name their version."""
    if program is not moment.program:
        moment = replace(moment, program=program)
    return moment, circ.model_copy(update={"program": program.stamp})


def under_its_rules(
    reading: Reading, moment: M, circ: Circumstances, subject: Subject
) -> tuple[M, Circumstances]:
    """The moment and the circumstances under the rules that something stored goes by (:func:`rules_for`)."""
    return under(rules_for(reading, moment.program, subject), moment, circ)


def _use_case(id: str) -> Subject:
    return Subject(type="use_case", id=id)


def _read(reading: Reading, current: Program, stamp: ProgramStamp) -> Program | None:
    kept = reading.program(stamp.hash)
    if kept is None:
        return None
    # Sentences are those of now in any case, and an older version does not know the newer ones.
    files = {**kept.files, _MESSAGES: yaml.safe_dump(dict(current.messages), allow_unicode=True)}
    try:
        then = parse_program(files)
    except ProgramErrors:
        return None  # it was sound by the checks of its time, and is not by those of now
    as_now = ["messages", "working_time", "desk", "consulting", "contracts", "imports", "company", "name"]
    # Lanes compare use cases with one another, so all are put into them by one version.
    as_now.append("inventory")
    return then.model_copy(update={"stamp": stamp, **{name: getattr(current, name) for name in as_now}})
