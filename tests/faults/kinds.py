"""A case of each kind of approval, put before the two risk partners."""

from __future__ import annotations

from datetime import timedelta

from storage.store import Store
from tests.faults.cases import MEDIUM, circumstances
from workflows.answers import Answer
from workflows.approval import Approval, ApprovalKind, Changed
from workflows.decision import Aggregate, Decision, Entry
from workflows.ids import QuestionId, Subject
from workflows.program import Program
from workflows.release import Parts, Release
from workflows.routing import open_approval, plan
from workflows.scoring import assess
from workflows.use_case import UseCase
from workflows.waiver import Acceptance, Waiver

KINDS: tuple[ApprovalKind, ...] = ("intake", "gate", "release", "waiver", "change", "renewal")


def of_kind(store: Store, program: Program, kind: ApprovalKind, title: str) -> Approval:
    """A use case that went as far as it must have, and the case of that kind about it, as its rules open it.

    Those who decide are told as ever. An ``intake`` is for :func:`tests.faults.cases.submitted`.
    """
    circ = circumstances("U0DANA", program)
    now, dana = circ.now, circ.actor.user
    answers = {
        QuestionId(q): Answer(value=v, how="form", by=dana, at=now)
        for q, v in {"name": title, **MEDIUM}.items()
    }
    assessment = assess(program, program.intake, answers)
    with store.write() as tx:
        use_case = UseCase(
            id=tx.new_id("use_case"),
            title=title,
            stage="platform_candidate" if kind == "gate" else "pilot",
            submitter=dana,
            program=program.stamp,
            answers=answers,
            assessment=assessment,
            created_at=now,
            submitted_at=now,
        )
        id = tx.new_id("approval")
        matter: Subject | None = None
        put: list[Aggregate] = [use_case]
        if kind == "release":
            release = Release(
                id=tx.new_id("release"),
                use_case=use_case.id,
                version="1.5.0",
                proposed_by=dana,
                parts=Parts(prompt="p-15"),
                changed="A shorter prompt.",
                why="It was slow.",
                impact="None.",
                program=program.stamp,
                approval=id,
                opened_at=now,
            )
            matter = release.subject
            put.append(release)
        elif kind == "waiver":
            waiver = Waiver(
                id=tx.new_id("waiver"),
                use_case=use_case.id,
                owner=dana,
                opened_at=now,
                checklist="production_readiness",
                control=QuestionId("monitoring"),
                role="risk_partner",
                justification="Later.",
                compensating="Two people look.",
                risk="A drift goes unnoticed.",
                carrier=dana,
                acceptance=Acceptance(by=dana, at=now, words="I carry it."),
                expires_at=now + timedelta(days=30),
                program=program.stamp,
                approval=id,
            )
            matter = waiver.subject
            put.append(waiver)
        tx.apply(Decision(changed=tuple(put), entries=(Entry(action="put", subject=use_case.subject),)), circ)
        stored = tx.use_case(use_case.id)
        assert stored is not None
        way = plan(program, program.intake, answers, assessment, tx.directory(), dana, now)
        carrying = {}
        if kind == "change":
            after = Answer(value="500 calls a day", how="form", by=dana, at=now)
            carrying["changes"] = (Changed(question=QuestionId("volume"), after=after),)
        opened = open_approval(
            way,
            id,
            stored,
            program,
            tx.directory(),
            circ,
            kind=kind,
            gate="production" if kind == "gate" else "",
            matter=matter,
            carrying=carrying,
        )
        made = tx.apply(opened, circ)
    return next(a for a in made if isinstance(a, Approval))
