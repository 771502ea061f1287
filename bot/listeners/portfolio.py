"""The portfolio review in Slack: starting it, deciding, going on, closing, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.hearing import field, place_of, submitted
from bot.inputs import Click, CommandIn, Submission
from bot.registry import NOTHING, Answer, Message, Moment, command, on_action, on_view
from bot.views.portfolio_form import reason_form
from bot.views.say import words_of
from storage.reading import Reading
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPerson, ToPlace, ToRoom
from workflows.ids import Place, UseCaseId, UserId
from workflows.people import Directory
from workflows.portfolio import session, tasks
from workflows.portfolio.cadence import period_of
from workflows.portfolio.figures import figures, rank
from workflows.portfolio.session import Sitting
from workflows.portfolio_review import PortfolioReview

_PAST = 8


@command(
    "review",
    help="the portfolio review: start it, or go on with it",
    usage="[here | me]",
)
def review(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight review``: in the program's channel, with ``here`` in this one, with ``me`` in the DM."""
    circ = moment.circumstances(said.user, "command")
    queue = queued(moment) if _may_begin(said.user, moment, moment.directory) else []
    with moment.store.write() as tx:
        if not tx.first_time(said.key):
            return NOTHING
        whither = _whither(moment, said)
        key = open_session(tx, moment, circ, whither, queue)
    away = key == "review_begins" and isinstance(whither, ToRoom)
    room = {"room": whither.name} if isinstance(whither, ToRoom) else {}
    return Answer(note=Message(text=words_of(moment.program, "review_begins_there" if away else key, **room)))


def _whither(moment: Moment, said: CommandIn) -> ToRoom | ToPlace | ToPerson:
    where = said.rest.casefold()
    if where == "here" and said.channel.startswith("C"):
        return ToPlace(place=Place(channel=said.channel))
    room = moment.program.portfolio.room
    return ToPerson(user=said.user) if where == "me" or not room else ToRoom(name=room)


def open_session(
    tx: Tx,
    moment: Moment,
    circ: Circumstances,
    to: ToRoom | ToPlace | ToPerson,
    queue: Sequence[UseCaseId],
    by_the_clock: bool = False,
) -> str:
    """Opens a session, or goes on with the one that is open; the sentence that says which.

    ``queue`` comes from :func:`queued`.
    """
    program, directory = moment.program, tx.directory()
    if not by_the_clock and not _may_begin(circ.actor.user, moment, directory):
        return "review_start_not_yours"
    open_ = next(iter(tx.matters(PortfolioReview, statuses=("open",), at_most=1)), None)
    if open_ is not None:
        if not by_the_clock:
            tx.apply(session.shown_again(Sitting(open_, program, directory, circ)), circ)
        return "review_goes_on"
    if not queue:
        return "review_nothing"
    period = period_of(moment.now, program.portfolio.cadence.zone)
    decision = session.opened(tx.new_id("portfolio_review"), period, queue, program, directory, circ, to)
    tx.apply(decision, circ)
    return "review_begins"


def _may_begin(user: UserId, moment: Moment, directory: Directory) -> bool:
    """Whoever decides in it, or prepares it."""
    program, now = moment.program, moment.now
    return user in (*session.deciders(program, directory, now), *session.preparers(program, directory, now))


def queued(moment: Moment) -> list[UseCaseId]:
    """The use cases that a new session goes through, in the program's order; none while one is open.

    Everything about each of them is read, which takes its time: so this is done before anything is locked.
    """
    ranked = []
    with moment.store.read() as reading:
        if reading.matters(PortfolioReview, statuses=("open",), at_most=1):
            return []
        past, directory = past_reviews(reading), reading.directory()
        for use_case in reading.use_cases(stages=moment.program.portfolio.stages):
            dossier = reading.dossier(use_case.id)
            if dossier is not None:
                found = figures(dossier, past, moment.program, directory, moment.now)
                ranked.append((rank(found, dossier, moment.program), use_case.id))
    return [id for _, id in sorted(ranked)]


def past_reviews(reading: Reading, but: str = "") -> tuple[PortfolioReview, ...]:
    """The reviews that were held, the newest first."""
    found = reading.matters(PortfolioReview, statuses=("closed",), at_most=_PAST)
    return tuple(r for r in found if r.id != but)


@dataclass(frozen=True)
class Hearing:
    """A session under its lock, after the use case that it is about."""

    tx: Tx
    sitting: Sitting

    @property
    def title(self) -> str:
        """What it is called where a form cannot go on."""
        return str(self.sitting.review.id)


def hearing(
    tx: Tx, moment: Moment, circ: Circumstances, named: str, at: Place | None = None
) -> Hearing | None:
    """A session, locked, with what is named after bars: a use case, which is locked first, and a task."""
    id, use_case, task = three(named)
    dossier = None
    if use_case and tx.lock_use_case(use_case) is not None:
        dossier = tx.dossier(use_case)
    found = tx.lock(PortfolioReview, id)
    if found is None:
        return None
    past = past_reviews(tx, id)
    return Hearing(
        tx, Sitting(found, moment.program, tx.directory(), circ, dossier, past, at, found.task(task))
    )


def three(value: object) -> tuple[str, str, str]:
    """Session, use case, and what else a button's value says; empty for what it leaves out."""
    parts = [*str(value or "").split("|", 2), "", ""]
    return parts[0], parts[1], parts[2]


def _clicked(moment: Moment, click: Click, do: Callable[[Hearing], Answer | None]) -> Answer:
    """Lock what the whole value of the button names, and let ``do`` decide. Redelivered, it does nothing."""
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        if not tx.first_time(click.key):
            return NOTHING
        heard = hearing(tx, moment, circ, str(click.value or ""), place_of(click) if click.channel else None)
        if heard is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        return do(heard) or NOTHING


def _apply(heard: Hearing, decision: Decision) -> Answer | None:
    """Keep it; what is wrong with it is said beside the button."""
    problem = next(iter(decision.problems.values()), "")
    heard.tx.apply(decision.model_copy(update={"problems": {}}), heard.sitting.circ)
    return Answer(note=Message(text=problem)) if problem else None


@on_action("portfolio.decide")
def decide(moment: Moment, click: Click) -> Answer:
    """One course for the use case on the card; where a reason is needed, a form asks for it."""
    _, _, course = three(click.value)

    def do(heard: Hearing) -> Answer | None:
        sitting = heard.sitting
        refused = session.DECIDE.refused(sitting)
        chosen = moment.program.portfolio.course(course)
        if refused or chosen is None or sitting.dossier is None:
            return _apply(heard, refused or Decision())
        rule = session.proposal_of(sitting)
        if session.needs_reason(chosen, rule):
            return Answer(view=reason_form(sitting, sitting.dossier.use_case, chosen, rule))
        return _apply(heard, session.decide(sitting, course))

    return _clicked(moment, click, do)


@on_view("portfolio.decide")
def decided(moment: Moment, submission: Submission) -> Answer:
    """The same with its reason."""
    reason = field(submission, "reason")
    return submitted(
        moment,
        submission,
        "review",
        hearing,
        lambda heard, private: session.decide(heard.sitting, str(private.get("course")), reason),
    )


@on_action("portfolio.go_on")
def go_on(moment: Moment, click: Click) -> Answer:
    """The card on the table once more, at the end of the thread."""
    return _clicked(moment, click, lambda heard: _apply(heard, session.shown_again(heard.sitting)))


@on_action("portfolio.close")
def close(moment: Moment, click: Click) -> Answer:
    """Ends it; Slack has asked whether that is meant."""
    return _clicked(moment, click, lambda heard: _apply(heard, session.closed(heard.sitting)))


@on_action("portfolio.task_open")
def open_task(moment: Moment, click: Click) -> Answer:
    """The card of a task once more, in one's own conversation: from the desk, where its row stands."""
    review, _, task = three(click.value)
    circ = moment.circumstances(click.user, "button")
    with moment.store.write() as tx:
        found = tx.get(PortfolioReview, review)
        there = found.task(task) if found else None
        if found is None or there is None or there.owner != click.user:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        if not tx.first_time(click.key):
            return NOTHING
        card = Post(
            to=ToPerson(user=click.user),
            kind=session.TASK,
            subject=found.subject,
            data={"task": task},
            card=f"{session.TASK}:{task}",
        )
        tx.apply(Decision(effects=(card,)), circ)
    return NOTHING


@on_action("portfolio.task")
def do_task(moment: Moment, click: Click) -> Answer:
    """Done, or the move that was decided."""
    return _clicked(moment, click, lambda heard: _apply(heard, tasks.done(heard.sitting)))
