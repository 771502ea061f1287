"""Requesting changes: a question by an approver, whom it goes to, and the answer that returns to the card."""

from __future__ import annotations

from workflows.approval import Approval, Inquiry
from workflows.approving import wanting
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Post, ToPerson
from workflows.ids import Place, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.rights import (
    Attempt,
    Right,
    answer_is_wanted,
    holds_the_seat,
    is_active,
    mandate_is_unused,
    may_answer,
    not_the_submitter,
    still_waiting,
    turn_has_come,
)
from workflows.seats import seat_meant
from workflows.telling import inquiry_cards, progress, redraw
from workflows.use_case import UseCase

REQUEST_CHANGES = Right(
    "request_changes",
    (is_active, not_the_submitter, holds_the_seat, still_waiting, turn_has_come, mandate_is_unused),
)


def request_changes(
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    question: str,
    of: UserId | None = None,
    seat: str | None = None,
    at: Place | None = None,
) -> Decision:
    """Ask something before deciding, of the submitter or of somebody else. It holds no other seat up.

    Problems ``question`` and ``of``.
    """
    user = circ.actor.user
    sitting = seat_meant(approval, user, seat)
    refused = REQUEST_CHANGES.refused(Attempt(approval, directory, circ, seat=sitting, at=at))
    if refused or sitting is None:
        return refused or Decision()
    question, of = question.strip(), of or approval.asked_by or approval.submitter
    problems = {}
    problem = wanting(question, "question_needed", program)
    if problem:
        problems["question"] = problem
    if of == user:
        problems["of"] = program.messages["ask_someone_else"]
    elif not directory.person(of).active:
        problems["of"] = program.messages["owner_is_away"].format_map({"who": directory.person(of).name})
    if problems:
        return Decision(problems=problems)
    id = f"Q{len(approval.inquiries) + 1}"
    asked = Inquiry(id=id, seat=sitting.id, by=user, question=question, of=of, at=circ.now)
    approval = approval.model_copy(update={"inquiries": (*approval.inquiries, asked)})
    detail = {"inquiry": id, "seat": sitting.id, "of": of, "question": question}
    return Decision(
        changed=(approval,),
        entries=(Entry(action="inquiry.asked", subject=approval.subject, detail=detail),),
        effects=(*inquiry_cards(approval, use_case, asked), *redraw(approval)),
    )


ANSWER_INQUIRY = Right("answer_inquiry", (is_active, may_answer, answer_is_wanted, still_waiting))


def answer_inquiry(
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    inquiry: str,
    answer: str,
    at: Place | None = None,
) -> Decision:
    """Answer what an approver asked: it goes onto their card, and they are told. Problem ``answer``."""
    asked = approval.inquiry(inquiry)
    refused = ANSWER_INQUIRY.refused(Attempt(approval, directory, circ, inquiry=asked, at=at))
    if refused or asked is None:
        return refused or Decision()
    answer = answer.strip()
    problem = wanting(answer, "answer_needed", program)
    if problem:
        return Decision(problems={"answer": problem})
    user = circ.actor.user
    done = asked.model_copy(update={"answer": answer, "answered_by": user, "answered_at": circ.now})
    inquiries = tuple(done if i.id == asked.id else i for i in approval.inquiries)
    approval = approval.model_copy(update={"inquiries": inquiries})
    detail = {"inquiry": asked.id, "seat": asked.seat, "answer": answer}
    tell: list[Effect] = [
        Post(
            to=ToPerson(user=asked.by),
            kind="answered",
            subject=approval.subject,
            data={"inquiry": asked.id},
            card=f"answered:{asked.id}",
        )
    ]
    if user != approval.submitter:
        # The submitter reads it in the thread; where they answered themselves, the card there says so.
        tell.append(progress(approval, use_case, "inquiry_answered", user, inquiry=asked.id))
    return Decision(
        changed=(approval,),
        entries=(Entry(action="inquiry.answered", subject=approval.subject, detail=detail),),
        effects=(*tell, *redraw(approval)),
    )


def open_inquiries_for(approval: Approval, user: UserId) -> tuple[Inquiry, ...]:
    """The questions that wait for this person's answer, oldest first."""
    if approval.status != "waiting":
        return ()
    return tuple(i for i in approval.inquiries if i.open and i.of == user)
