"""Submitted use cases in bulk: the bot's own rules and store, without the conversation that leads to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from storage.program_folder import default_program_folder, read_program
from storage.store import Store
from tests import answers as tiers
from workflows import conversation, intake
from workflows.approval import Approval
from workflows.decision import Actor, Circumstances, Decision
from workflows.ids import ApprovalId, QuestionId, UserId
from workflows.program import Program
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk

_PROBLEM = "Adjusters write a summary after every call, and it takes nine minutes."
MEDIUM: Mapping[str, Any] = {"problem": _PROBLEM, **tiers.MEDIUM}
"""Asks for one of the two risk partners (Priya, Tom)."""
HIGH: Mapping[str, Any] = {"problem": _PROBLEM, **tiers.HIGH}
"""Asks data protection and a risk partner first, then Legal, then an executive."""


def the_program() -> Program:
    """The default program."""
    return read_program(default_program_folder())


def circumstances(user: str, program: Program, now: datetime | None = None) -> Circumstances:
    """That moment, or this one, as somebody who uses a form."""
    actor = Actor(user=UserId(user), door="modal")
    return Circumstances(now=now or datetime.now(UTC), actor=actor, program=program.stamp)


def draft(
    store: Store,
    program: Program,
    by: str,
    title: str,
    answers: Mapping[str, Any],
    now: datetime | None = None,
) -> Walk:
    """A filled-in draft that nobody was told of, ready to be submitted."""
    circ = circumstances(by, program, now)
    with store.write() as tx:
        begun = conversation.begin(
            walk_id=tx.new_id("walk"),
            use_case_id=tx.new_id("use_case"),
            questionnaire=program.intake,
            origin=Origin(entry="form", words=str(answers["problem"])),
            place=None,
            program=program,
            directory=tx.directory(),
            circ=circ,
        )
        changed = [
            a.model_copy(update={"status": "asking"}) if isinstance(a, Walk) else a for a in begun.changed
        ]
        stored = tx.apply(_silent(begun).model_copy(update={"changed": tuple(changed)}), circ)
        walk = next(a for a in stored if isinstance(a, Walk))
        use_case = next(a for a in stored if isinstance(a, UseCase))
        values = {QuestionId(q): v for q, v in {"name": title, **answers}.items()}
        filled = conversation.fill(walk, use_case, values, program, tx.directory(), circ)
        assert not filled.problems, filled.problems
        return next(a for a in tx.apply(_silent(filled), circ) if isinstance(a, Walk))


def submitted(
    store: Store,
    program: Program,
    by: str,
    title: str,
    answers: Mapping[str, Any],
    *,
    told: bool = True,
    now: datetime | None = None,
) -> Approval:
    """A submitted use case; its approvers are told as ever, or (``told=False``) not at all."""
    walk = draft(store, program, by, title, answers, now)
    circ = circumstances(by, program, now)
    with store.write() as tx:
        locked, use_case = tx.lock_walk(walk.id), tx.lock_use_case(walk.about)
        assert locked is not None
        assert use_case is not None
        new: ApprovalId = tx.new_id("approval")
        decision = intake.submit(locked, use_case, program, tx.directory(), new, circ)
        stored = tx.apply(decision if told else _silent(decision), circ)
    approval = next((a for a in stored if isinstance(a, Approval)), None)
    assert approval is not None, decision.entries
    return approval


def in_one_go(store: Store, program: Program, by: str, of: Mapping[str, Mapping[str, Any]]) -> None:
    """Many use cases, by name, submitted in one transaction; their approvers are told as ever."""
    walks = [draft(store, program, by, title, answers) for title, answers in of.items()]
    circ = circumstances(by, program)
    with store.write() as tx:
        for walk in walks:
            locked, use_case = tx.lock_walk(walk.id), tx.lock_use_case(walk.about)
            assert locked is not None
            assert use_case is not None
            new: ApprovalId = tx.new_id("approval")
            tx.apply(intake.submit(locked, use_case, program, tx.directory(), new, circ), circ)


def _silent(decision: Decision) -> Decision:
    return decision.model_copy(update={"effects": ()})
