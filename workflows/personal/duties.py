"""What somebody still holds: nobody is erased while others wait for them."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.ids import Frozen, Subject, UserId
from workflows.matter import Matter
from workflows.people import Directory
from workflows.program import Program
from workflows.use_case import UseCase
from workflows.waiting import Wait

_HANDED: dict[str, str] = {
    "seat": "delegate the decision, or decide it",
    "inquiry": "answer the question, or have the submitter answer it",
    "condition": "mark the condition done, or have the approver name somebody else",
    "assignment": "answer it, or hand it to somebody else",
    "action": "mark it done, or give it to another owner",
}


class Duty(Frozen):
    """One thing, what it is about, and the way to hand it on."""

    what: str
    subject: str
    how: str


def duties(
    user: UserId,
    waits: Iterable[tuple[Subject, Wait]],
    use_cases: Iterable[UseCase],
    matters: Iterable[Matter],
    program: Program,
    directory: Directory,
) -> tuple[Duty, ...]:
    """Everything this person still has to do or answers for, the oldest first within each kind.

    ``use_cases`` are those whose answers may name them; ``matters`` are those that are open and theirs.
    """
    found = [Duty(what=w.kind, subject=s.id, how=_HANDED.get(w.kind, "have it done")) for s, w in waits]
    running = {s.id for s in program.life_cycle.stages if s.open}
    people = [q for q in program.intake.questions() if q.type in ("person", "people")]
    for use_case in use_cases:
        if use_case.stage not in running:
            continue
        for question in people:
            answer = use_case.answers.get(question.id)
            named = answer.value if answer else None
            if user == named or (isinstance(named, list) and user in named):
                how = f"change the answer “{question.label}” to somebody else"
                found.append(Duty(what=question.label.lower(), subject=use_case.id, how=how))
    for matter in matters:
        how = "give it to another owner"
        found.append(Duty(what="owner", subject=matter.subject.id, how=how))
    return tuple(found)
