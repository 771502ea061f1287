"""Taking a champion's answer into the playbook: offered to its owners, who change it as they see fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from workflows.champions import corpus_owners
from workflows.consultation import EVERYONE, Consultation, Promotion, Referral
from workflows.consulting import Asking, is_active
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Post, Refresh, ToPerson, Work
from workflows.ids import Frozen, Place, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right

HEADING_AT_MOST = 150
PAGE_AT_MOST = 3_000


class Page(Frozen):
    """A page as the owner of the playbook wants it."""

    title: str
    section: str
    text: str
    audience: str = EVERYONE
    review_date: str
    """ISO date."""


@dataclass(frozen=True)
class Deciding(Asking):
    """Somebody decides about an offered answer. ``owners`` are those who look after the playbook now."""

    owners: tuple[UserId, ...] = ()


def looks_after_the_playbook(attempt: Deciding) -> Refusal | None:
    """They own the playbook, or did when it was offered to them."""
    offered = attempt.consultation.promotion
    if attempt.user in (*attempt.owners, *(offered.people if offered else ())):
        return None
    return Refusal("not_your_playbook")


def is_undecided(attempt: Deciding) -> Refusal | None:
    """Nobody has decided yet."""
    offered = attempt.consultation.promotion
    if offered is None:
        return Refusal("promotion_gone")
    if offered.status == "offered" or offered.by is None:
        return None
    values = {"who": attempt.name(offered.by), "when": attempt.clock(offered.at)}
    if offered.status == "added":
        return Refusal("promotion_added_already", values)
    return Refusal("promotion_declined_already", values)


ADD = Right[Deciding]("add_to_playbook", (is_active, looks_after_the_playbook, is_undecided))
DECLINE = Right[Deciding]("keep_out_of_playbook", (is_active, looks_after_the_playbook, is_undecided))


def deciding(
    consultation: Consultation,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Deciding:
    """The attempt, with those who own the playbook now."""
    owners = corpus_owners(program, directory, circ.now)
    return Deciding(consultation, directory, circ, at, owners=owners)


def offer(
    consultation: Consultation,
    referral: Referral,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> tuple[Consultation, tuple[Effect, ...]]:
    """Offer an answer to the owners of the playbook."""
    owners = corpus_owners(program, directory, circ.now)
    if not owners:
        return consultation, ()
    promotion = Promotion(referral=referral.id, people=owners, offered_at=circ.now)
    there = consultation.model_copy(update={"promotion": promotion})
    posts = (
        Post(
            to=ToPerson(user=user),
            kind="promotion",
            subject=there.subject,
            card="promotion",
            key=f"promotion/{there.id}/{user}",
        )
        for user in owners
    )
    return there, tuple(posts)


def add(
    consultation: Consultation,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    page: Page,
    today: date,
    at: Place | None = None,
) -> Decision:
    """Take the answer in as ``page`` says. Problems ``title``, ``section``, ``text``, ``review_date``.

    The page's text goes with the work and not into the state, because its audience may be narrow.
    """
    refused = ADD.refused(deciding(consultation, program, directory, circ, at))
    if refused or consultation.promotion is None:
        return refused or Decision()
    problems = _problems(page, program, today)
    if problems:
        return Decision(problems=problems)
    path = f"{consultation.id.lower()}.md"
    there = _decided(consultation, "added", circ, path)
    work = Work(
        name="add_to_corpus",
        subject=there.subject,
        data=page.model_dump(mode="json"),
        key=f"corpus/{there.id}",
    )
    entry = Entry(action="answer.added", subject=there.subject, detail={"path": path})
    return Decision(changed=(there,), entries=(entry,), effects=(work, Refresh(subject=there.subject)))


def decline(
    consultation: Consultation,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Leave the answer where it is."""
    refused = DECLINE.refused(deciding(consultation, program, directory, circ, at))
    if refused or consultation.promotion is None:
        return refused or Decision()
    there = _decided(consultation, "declined", circ)
    entry = Entry(action="answer.declined", subject=there.subject)
    return Decision(changed=(there,), entries=(entry,), effects=(Refresh(subject=there.subject),))


def proposed(consultation: Consultation, program: Program, today: date) -> Page:
    """The page that the form begins with."""
    done = consultation.answered_by
    heading = " ".join(consultation.question.split())
    heading = heading[: HEADING_AT_MOST - 1] + "…" if len(heading) > HEADING_AT_MOST else heading
    review = today + timedelta(days=program.consulting.review_after_days)
    function = program.functions.get(done.function) if done else None
    return Page(
        title=f"Answers from champions: {function.label}" if function else "Answers from the program team",
        section=heading,
        text=done.answer if done else "",
        review_date=review.isoformat(),
    )


def _decided(consultation: Consultation, status: str, circ: Circumstances, path: str = "") -> Consultation:
    assert consultation.promotion is not None
    update = {"status": status, "by": circ.actor.user, "at": circ.now, "path": path}
    promotion = consultation.promotion.model_copy(update=update)
    return consultation.model_copy(update={"promotion": promotion, "touched_at": circ.now})


def _problems(page: Page, program: Program, today: date) -> dict[str, str]:
    problems: dict[str, str] = {}
    for name in ("title", "section", "text"):
        said, most = getattr(page, name).strip(), PAGE_AT_MOST if name == "text" else HEADING_AT_MOST
        if not any(c.isalnum() for c in said):
            problems[name] = program.messages["page_needs"]
        elif len(said) > most:
            problems[name] = program.messages["text_too_long"].format_map({"most": most})
    try:
        late = date.fromisoformat(page.review_date) <= today
    except ValueError:
        late = True
    if late:
        problems["review_date"] = program.messages["due_is_past"]
    return problems
