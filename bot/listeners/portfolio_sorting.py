"""What the program team puts right in the portfolio: a lane by hand, and use cases that are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.drawing import scene_for
from bot.hearing import field, is_refusal, place_of, refusal_text, submitted
from bot.inputs import Click, Submission, number_in
from bot.registry import NOTHING, Answer, Message, Moment, View, on_action, on_view
from bot.views.portfolio_forms import LANE, PAIRS, PAIRS_SHOWN, RULES, lane_form, pairs_view
from bot.views.say import words_of
from storage import likenesses, portfolio
from storage.reading import Reading
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.ids import Place, Subject, UserId
from workflows.portfolio import sorting
from workflows.portfolio.listing import open_stages
from workflows.portfolio.sorting import Looking, Sorting
from workflows.use_case import UseCase

SURE = 0.9
"""From this probability on two use cases are proposed as the same."""
_LOOKED_AT = 400


@dataclass(frozen=True)
class Sorted:
    """A use case under its lock."""

    tx: Tx
    attempt: Sorting
    title: str


def _lane_of(tx: Tx, moment: Moment, circ: Circumstances, id: str, at: Place | None = None) -> Sorted | None:
    use_case = tx.lock_use_case(id)
    if use_case is None:
        return None
    return Sorted(tx, Sorting(use_case, moment.program, tx.directory(), circ, at=at), str(use_case.id))


def _said(moment: Moment, tx: Tx, circ: Circumstances, decision: Decision) -> Answer:
    """A refusal is kept, and said beside the button."""
    tx.apply(decision.model_copy(update={"effects": ()}), circ)
    return Answer(note=Message(text=refusal_text(moment, decision)))


def open_lane(moment: Moment, user: UserId, key: str, circ: Circumstances, id: str) -> Answer:
    """The form for a lane by hand, for those who may choose it."""
    with moment.store.write() as tx:
        if not tx.first_time(key):
            return NOTHING
        heard = _lane_of(tx, moment, circ, id)
        if heard is None:
            return Answer(note=Message(text=words_of(moment.program, "card_gone")))
        refused = sorting.LANE.refused(heard.attempt)
        if refused:
            return _said(moment, tx, circ, refused)
        use_case = heard.attempt.use_case
        return Answer(view=lane_form(scene_for(moment, tx, use_case.subject, user), use_case))


@on_action("lane.open")
def ask_lane(moment: Moment, click: Click) -> Answer:
    """The button under a record."""
    circ = moment.circumstances(click.user, "button")
    return open_lane(moment, click.user, click.key, circ, str(click.value or ""))


@on_view(LANE)
def lane_said(moment: Moment, submission: Submission) -> Answer:
    """Keeps the lane, with its reason."""
    chosen, reason = field(submission, "lane"), field(submission, "reason")

    def do(heard: Sorted, private: Mapping[str, Any]) -> Decision:
        return sorting.set_lane(heard.attempt, "" if chosen == RULES else chosen, reason)

    return submitted(moment, submission, "use_case", _lane_of, do)


def pairs_of(moment: Moment, user: UserId, circ: Circumstances, skip: int = 0) -> View | Decision:
    """The list of pairs from that one on; the refusal where it is not for them to see."""
    with moment.store.read() as reading:
        refused = sorting.LIST.refused(Looking(moment.program, reading.directory(), circ))
        if refused:
            return refused
        found = _open_pairs(reading, moment)
        some = found[skip : skip + PAIRS_SHOWN]
        ids = [id for pair in some for id in (pair.one, pair.other)]
        rows = {r.id: r for r in portfolio.listed(reading.connection, ids, moment.program.scorecard)}
        scene = scene_for(moment, reading, Subject(type="person", id=user), user)
        known = [(p, rows[p.one], rows[p.other]) for p in some if p.one in rows and p.other in rows]
        return pairs_view(scene, known, skip, len(found) > skip + PAIRS_SHOWN)


def _open_pairs(reading: Reading, moment: Moment) -> list[likenesses.Alike]:
    """Those that nobody has said anything about, the surest first."""
    stages = open_stages(moment.program)
    found = likenesses.likeliest(reading.connection, stages, SURE, _LOOKED_AT)
    said = likenesses.said_of(reading.connection, {id for pair in found for id in (pair.one, pair.other)})
    return [pair for pair in found if not sorting.settled(said[pair.one], said[pair.other])]


def shown_pairs(moment: Moment, user: UserId, key: str, circ: Circumstances) -> Answer:
    """The list as an answer: the modal, or why not, which is kept."""
    view = pairs_of(moment, user, circ)
    if not isinstance(view, Decision):
        return Answer(view=view)
    with moment.store.write() as tx:
        return _said(moment, tx, circ, view) if tx.first_time(key) else NOTHING


@on_action("pairs.open")
def see_pairs(moment: Moment, click: Click) -> Answer:
    """The button under the portfolio."""
    return shown_pairs(moment, click.user, click.key, moment.circumstances(click.user, "button"))


@on_action("pairs.page")
def turn(moment: Moment, click: Click) -> Answer:
    """The next pairs, or those before."""
    circ = moment.circumstances(click.user, "button")
    view = pairs_of(moment, click.user, circ, number_in(click.value) or 0)
    if isinstance(view, Decision):
        with moment.store.write() as tx:
            return _said(moment, tx, circ, view) if tx.first_time(click.key) else NOTHING
    return Answer(update=view)


def _settles(rule: Callable[[Sorting], Decision]) -> Callable[[Moment, Click], Answer]:
    """A button beside a pair: said of both, and the list without it."""

    def settle(moment: Moment, click: Click) -> Answer:
        first, second, skip = [*str(click.value or "").split("|", 2), "", ""][:3]
        circ = moment.circumstances(click.user, "button")
        with moment.store.write() as tx:
            if not tx.first_time(click.key):
                return NOTHING
            # In one order, so that two who settle pairs of the same use cases do not wait for one another.
            locked = [tx.lock_use_case(id) for id in sorted({first, second})]
            both: list[UseCase] = [u for u in locked if u is not None]
            if len(both) != 2:
                return Answer(note=Message(text=words_of(moment.program, "card_gone")))
            one, other = sorting.stays(both[0], both[1], moment.program)
            at = place_of(click) if click.channel else None
            decision = rule(Sorting(one, moment.program, tx.directory(), circ, other=other, at=at))
            if is_refusal(decision):
                return _said(moment, tx, circ, decision)
            tx.apply(decision, circ)
        if click.view is None or click.view.callback != PAIRS:
            return NOTHING
        view = pairs_of(moment, click.user, circ, number_in(skip) or 0)
        return NOTHING if isinstance(view, Decision) else Answer(update=view)

    return settle


on_action("pair.join")(_settles(sorting.joined))
on_action("pair.part")(_settles(sorting.parted))
