"""A session of the portfolio review: opened, decided use case by use case, closed with what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflows.calendars import work_times
from workflows.decision import Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Effect, Forget, Later, Post, Refresh, ShowHome, ToPerson, ToPlace, ToRoom
from workflows.ids import Place, ReviewId, Subject, UseCaseId, UserId
from workflows.matter import Note
from workflows.people import Directory
from workflows.portfolio.figures import Proposed, figures, possible, proposed
from workflows.portfolio.policy import CourseOf
from workflows.portfolio_review import PortfolioReview, Task, Verdict
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.roles import resolve
from workflows.seeing import people_in
from workflows.stage_moves import Moving, by_hand, move_by_hand, moves_for

REASON_AT_MOST = 1000
HEAD, ITEM, TASK = "portfolio", "portfolio_item", "portfolio_task"


@dataclass(frozen=True)
class Sitting:
    """Somebody does something in a session, about one use case or about none."""

    review: PortfolioReview
    program: Program
    directory: Directory
    circ: Circumstances
    dossier: Dossier | None = None
    past: Sequence[PortfolioReview] = ()
    """Earlier reviews, the newest first."""
    at: Place | None = None
    task: Task | None = None

    @property
    def user(self) -> UserId:
        """Who does it."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The session."""
        return self.review.subject

    @property
    def detail(self) -> Mapping[str, str]:
        """Which use case, for the audit log."""
        return {"use_case": str(self.dossier.use_case.id)} if self.dossier else {}


def deciders(program: Program, directory: Directory, now: datetime) -> tuple[UserId, ...]:
    """Who decides in a session that is opened now."""
    return resolve(program.portfolio.decides, program, {}, directory, now).people


def preparers(program: Program, directory: Directory, now: datetime) -> tuple[UserId, ...]:
    """Who may start and close it, besides those who decide."""
    role = program.portfolio.prepares
    return resolve(role, program, {}, directory, now).people if role else ()


def _active(s: Sitting) -> Refusal | None:
    return None if s.directory.person(s.user).active else Refusal("review_not_yours", {"who": "others"})


def _runs(s: Sitting) -> Refusal | None:
    """The session is open."""
    return None if s.review.status == "open" else Refusal("review_over")


def _is_member(s: Sitting) -> Refusal | None:
    """They sit in it."""
    if s.user in s.review.members:
        return None
    names = ", ".join(s.directory.person(u).name for u in s.review.members[:4])
    return Refusal("review_not_yours", {"who": names})


def _not_their_own(s: Sitting) -> Refusal | None:
    """Nobody decides on a use case that they brought in, or in which they are named."""
    if s.dossier is None:
        return Refusal("card_gone")
    use_case = s.dossier.use_case
    if s.user == use_case.submitter or s.user in people_in(use_case, s.program):
        return Refusal("review_own")
    return None


def _not_decided(s: Sitting) -> Refusal | None:
    """It is still to be decided; if not, say what was, and by whom."""
    said = s.review.verdict(s.dossier.use_case.id) if s.dossier else None
    if said is None:
        return None if s.dossier and s.dossier.use_case.id in s.review.queue else Refusal("card_gone")
    who = s.directory.person(said.by).name
    course = s.program.portfolio.course(said.course)
    return Refusal("review_decided_already", {"who": who, "what": course.label if course else said.course})


def _may_run(s: Sitting) -> Refusal | None:
    """They decide in it, or prepare it."""
    able = (*s.review.members, *preparers(s.program, s.directory, s.circ.now))
    if s.user in able:
        return None
    return Refusal("review_not_yours", {"who": ", ".join(s.directory.person(u).name for u in able[:4])})


DECIDE = Right("portfolio.decide", (_active, _runs, _is_member, _not_their_own, _not_decided))
CLOSE = Right("portfolio.close", (_active, _runs, _may_run))
GO_ON = Right("portfolio.go_on", (_active, _runs, _may_run))


def opened(
    id: ReviewId,
    period: str,
    queue: Sequence[UseCaseId],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    to: ToRoom | ToPlace | ToPerson,
) -> Decision:
    """A new session: its head goes where it takes place, and its thread is where it is held."""
    review = PortfolioReview(
        id=id,
        period=period,
        status="open",
        queue=tuple(queue),
        members=deciders(program, directory, circ.now),
        program=circ.program,
        opened_at=circ.now,
        owner=circ.actor.user,
        timeline=(Note(at=circ.now, by=circ.actor.user, what="opened"),),
    )
    head = Post(to=to, kind=HEAD, subject=review.subject, card=HEAD, anchor=True)
    return Decision(
        changed=(review,),
        entries=(Entry(action="portfolio.opened", subject=review.subject, detail={"count": len(queue)}),),
        effects=(head,),
    )


def placed(review: PortfolioReview, place: Place) -> Decision:
    """Its head is posted: the session has a thread now, and the first use case comes to the table."""
    if review.home is not None:
        return Decision()
    there = review.model_copy(update={"home": place})
    entry = Entry(action="portfolio.placed", subject=review.subject, detail={"channel": place.channel})
    return Decision(changed=(there,), entries=(entry,), effects=_next_card(there))


def _next_card(review: PortfolioReview, again: str = "") -> tuple[Effect, ...]:
    """The card of the use case that is on the table, in the session's thread."""
    use_case = review.on_the_table
    if use_case is None or review.home is None:
        return ()
    key = f"portfolio/{review.id}/{use_case}{again}"
    return (
        Post(
            to=ToPlace(place=review.home),
            kind=ITEM,
            subject=review.subject,
            data={"use_case": use_case},
            card=f"{ITEM}:{use_case}",
            key=key,
        ),
    )


def shown_again(s: Sitting) -> Decision:
    """Somebody comes back to it: the card on the table once more, at the end of the thread."""
    again = f"/{int(s.circ.now.timestamp())}"
    return GO_ON.refused(s) or Decision(effects=_next_card(s.review, again))


def decide(s: Sitting, course: str, reason: str = "") -> Decision:
    """One use case is decided; what follows from it is done at once, or given to whoever may do it."""
    refused = DECIDE.refused(s)
    if refused or s.dossier is None:
        return refused or Decision()
    chosen = next((c for c in possible(s.dossier, s.program) if c.id == course), None)
    if chosen is None:
        return Decision(problems={"reason": s.program.messages["review_course_gone"]})
    rule = proposal_of(s)
    wrong = _reason_wrong(s.program, chosen, rule, reason)
    if wrong:
        return Decision(problems=wrong)
    use_case = s.dossier.use_case
    moves = _moves(s, chosen, reason)
    verdict = Verdict(
        use_case=use_case.id,
        course=chosen.id,
        proposed=rule.course,
        reason=reason.strip(),
        by=s.user,
        at=s.circ.now,
        moved=bool(moves.changed),
    )
    review = s.review.model_copy(update={"verdicts": (*s.review.verdicts, verdict)})
    review = review.model_copy(update={"at": _next_at(review)})
    task = None if verdict.moved else _task(s, chosen, reason)
    effects: list[Effect] = []
    if task is not None:
        review = review.model_copy(update={"tasks": (*review.tasks, task)})
        effects += [*task_card(review, task), ShowHome(user=task.owner)]
    detail = {"use_case": use_case.id, "course": chosen.id, "proposed": rule.course}
    decision = Decision(
        changed=(review,),
        entries=(Entry(action="portfolio.decided", subject=review.subject, detail=detail),),
        effects=(*effects, Refresh(subject=review.subject), *_told(s, review, verdict)),
    )
    decision = decision.and_then(moves)
    if review.at >= len(review.queue):
        return decision.and_then(_ended(review, s.circ))
    reminder = _tomorrow(review, s)
    return decision.and_then(Decision(effects=(*_next_card(review), *reminder)))


def proposal_of(s: Sitting) -> Proposed:
    """What the rules propose for it now."""
    if s.dossier is None:
        return Proposed(course=s.program.portfolio.otherwise)
    found = figures(s.dossier, s.past, s.program, s.directory, s.circ.now)
    return proposed(found, s.dossier, s.program)


def needs_reason(course: CourseOf, rule: Proposed) -> bool:
    """Whether a reason has to be given: for what always needs one, and for going against the proposal."""
    return course.reason or course.id != rule.course


def _reason_wrong(program: Program, course: CourseOf, rule: Proposed, reason: str) -> dict[str, str]:
    if needs_reason(course, rule) and not reason.strip():
        return {"reason": program.messages["review_reason_needed"]}
    if len(reason) > REASON_AT_MOST:
        return {"reason": program.messages["text_too_long"].format(most=f"{REASON_AT_MOST:,}")}
    return {}


def _moves(s: Sitting, course: CourseOf, reason: str) -> Decision:
    """The move, where whoever decided may make it."""
    if not course.moves_to or s.dossier is None:
        return Decision()
    able = moves_for(s.user, s.dossier, s.program, s.directory, s.circ.now)
    if not any(m.to == course.moves_to for m in able):
        return Decision()
    made = move_by_hand(
        Moving(s.dossier, course.moves_to, s.program, s.directory, s.circ, why=reason.strip() or course.label)
    )
    return made if made.changed else Decision()


def _task(s: Sitting, course: CourseOf, reason: str) -> Task | None:
    """What somebody has to do now, if anything."""
    if s.dossier is None or not (course.task or course.moves_to):
        return None
    owner = _sees_to_it(s, course)
    day = (s.circ.now + timedelta(days=course.within_days)).date()
    due = work_times(owner, s.directory, s.program.working_time).end_of(day)
    return Task(
        id=f"T{len(s.review.tasks) + 1}",
        text=course.task or course.label,
        owner=owner,
        due=due,
        by=s.user,
        at=s.circ.now,
        note=reason.strip(),
        use_case=s.dossier.use_case.id,
        to=course.moves_to,
    )


def _sees_to_it(s: Sitting, course: CourseOf) -> UserId:
    """The owner the program names; of a move somebody who may make it; else the program team."""
    assert s.dossier is not None, "a task is about a use case"
    named = s.dossier.named(course.owner)
    team = resolve(s.program.program_team, s.program, {}, s.directory, s.circ.now).people
    able = [u for u in (named, *team) if u and s.directory.person(u).active]
    if course.moves_to:
        movers = {m.by for m in by_hand(s.dossier, s.program) if m.to == course.moves_to}
        able = [u for u in able if (u in team and "program_team" in movers) or course.owner in movers]
    return next(iter(able), s.user)


def _told(s: Sitting, review: PortfolioReview, verdict: Verdict) -> tuple[Effect, ...]:
    """The people of the use case hear of it on the same day."""
    if s.dossier is None or verdict.course == "later":
        return ()
    use_case = s.dossier.use_case
    named = s.directory.active((use_case.submitter, *people_in(use_case, s.program)))
    return tuple(
        Post(
            to=ToPerson(user=user),
            kind="portfolio_verdict",
            subject=review.subject,
            data={"use_case": use_case.id},
            key=f"portfolio/{review.id}/{use_case.id}/told/{user}",
        )
        for user in named
        if user != s.user
    )


def _next_at(review: PortfolioReview) -> int:
    """The first of the queue without a verdict; its length where none is left."""
    done = {v.use_case for v in review.verdicts}
    return next((n for n, u in enumerate(review.queue) if u not in done), len(review.queue))


def task_card(review: PortfolioReview, task: Task) -> tuple[Effect, ...]:
    """What somebody has to do, to them."""
    return (
        Post(
            to=ToPerson(user=task.owner),
            kind=TASK,
            subject=review.subject,
            data={"task": task.id},
            card=f"{TASK}:{task.id}",
            key=f"portfolio/{review.id}/task/{task.id}",
        ),
        Later(
            key=f"portfolio/{review.id}/task/{task.id}/due",
            due=task.due or task.at,
            name="portfolio_task_due",
            subject=review.subject,
            data={"task": task.id},
        ),
    )


def _tomorrow(review: PortfolioReview, s: Sitting) -> tuple[Effect, ...]:
    """It is gone on with another day: a word in the morning, if nobody has gone on by then."""
    lead = review.members[0] if review.members else s.user
    due = work_times(lead, s.directory, s.program.working_time).next_morning(s.circ.now)
    return (
        Later(
            key=_tomorrow_key(review),
            due=due,
            name="portfolio_go_on",
            subject=review.subject,
            data={"at": review.at},
        ),
    )


def _tomorrow_key(review: PortfolioReview) -> str:
    return f"portfolio/{review.id}/go_on"


def go_on(s: Sitting, at: int) -> Decision:
    """The clock: it stands where it stood yesterday, so the thread says what is left."""
    review = s.review
    if review.status != "open" or review.at != at or review.home is None:
        return Decision()
    word = Post(
        to=ToPlace(place=review.home),
        kind="portfolio_go_on",
        subject=review.subject,
        key=f"portfolio/{review.id}/go_on/{at}",
    )
    entry = Entry(action="portfolio.reminded", subject=review.subject, detail={"at": at})
    return Decision(entries=(entry,), effects=(word,))


def closed(s: Sitting) -> Decision:
    """Ended before everything was decided; what is left comes next time."""
    return CLOSE.refused(s) or _ended(s.review, s.circ)


def _ended(review: PortfolioReview, circ: Circumstances) -> Decision:
    """Closed, with the summary where it took place and the minutes in its thread."""
    note = Note(at=circ.now, by=circ.actor.user, what="closed")
    done = review.model_copy(
        update={"status": "closed", "closed_at": circ.now, "timeline": (*review.timeline, note)}
    )
    effects: list[Effect] = [Forget(key=_tomorrow_key(review)), Refresh(subject=review.subject)]
    if review.home:
        channel = Place(channel=review.home.channel)
        where: tuple[tuple[Place, str], ...] = (
            (channel, "portfolio_summary"),
            (review.home, "portfolio_minutes"),
        )
        effects += [
            Post(
                to=ToPlace(place=place),
                kind=kind,
                subject=review.subject,
                key=f"portfolio/{review.id}/{kind}",
            )
            for place, kind in where
        ]
    entry = Entry(action="portfolio.closed", subject=review.subject, detail={"decided": len(review.verdicts)})
    return Decision(changed=(done,), entries=(entry,), effects=tuple(effects))
