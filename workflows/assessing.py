"""Assessments by name, those that fit a use case, and who may read what came of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from workflows.announcing import OFFER_CARD
from workflows.approval import Approval
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPerson, ToPlace
from workflows.expressions import environment, holds
from workflows.ids import UserId
from workflows.memo import by_identity
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Questionnaire
from workflows.results import assessments
from workflows.roles import resolve
from workflows.seeing import reads_record
from workflows.use_case import UseCase
from workflows.walk import Walk

OFFERED_AT_ONCE = 3
"""How many are proposed at a time; the others when there is less to do."""


@by_identity
def ways_to_say(program: Program) -> Mapping[str, tuple[str, ...]]:
    """By what names each assessment is known."""
    return {
        q.id: tuple(dict.fromkeys((q.title, q.name, q.id.replace("_", " "), *q.words)))
        for q in assessments(program).values()
    }


def fitting(
    use_case: UseCase, walks: Sequence[Walk], program: Program, demanded: Sequence[str] = ()
) -> tuple[tuple[Questionnaire, str], ...]:
    """What is worth proposing for a use case now, each with why: what its approval demands comes first.

    Whatever was begun for it once is not proposed again.
    """
    begun = {w.questionnaire for w in walks if w.about == use_case.id}
    tier = use_case.assessment.tier.tier if use_case.assessment else "low"
    env = {**environment(program.intake, use_case.answers), "tier": tier, "stage": use_case.stage}
    known = assessments(program)
    found: dict[str, str] = {id: program.messages["assess_demanded"] for id in demanded if id in known}
    for q in known.values():
        if q.suggest and q.about == "use_case" and holds(q.suggest.when, env):
            found.setdefault(q.id, q.suggest.because)
    return tuple((known[id], why) for id, why in found.items() if id not in begun)


def propose(
    use_case: UseCase,
    walks: Sequence[Walk],
    program: Program,
    circ: Circumstances,
    demanded: Sequence[str] = (),
) -> Decision:
    """Propose what fits, in its submitter's thread, each of them once and never again."""
    offered = fitting(use_case, walks, program, demanded)[:OFFERED_AT_ONCE]
    if not offered:
        return Decision()
    names = [q.id for q, _ in offered]
    post = Post(
        to=ToPlace(place=use_case.home) if use_case.home else ToPerson(user=use_case.submitter),
        kind="assess_offer",
        subject=use_case.subject,
        data={"questionnaires": names},
        card=OFFER_CARD,
        key=f"assess_offer/{use_case.id}/{'+'.join(names)}",
    )
    return Decision(effects=(post,))


def reads_result(
    user: UserId | None,
    walk: Walk,
    use_case: UseCase | None,
    approval: Approval | None,
    program: Program,
    directory: Directory,
    now: datetime,
) -> bool:
    """Whether a result is for this reader: who took part in it, who may read the record of its use case, and
    of one about the company the program team and those who read every record."""
    if user is None or not directory.person(user).active:
        return False
    if user == walk.owner or user in walk.helpers:
        return True
    if use_case is not None:
        return reads_record(user, use_case, approval, program, directory, now)
    return any(
        user in found.people
        for role in (program.program_team, *program.decision_rights.records)
        if not (found := resolve(role, program, {}, directory, now)).unresolved
    )
