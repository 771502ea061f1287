"""Answers to a check-in in plain words: in its thread, or out of the blue in one's own conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.figures import Hearing, check_ins_for, hearing, looked_at, open_check_ins
from bot.hearing import is_refusal
from bot.inputs import MessageIn
from bot.registry import Moment
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import Post, ToPlace
from workflows.figures import alerting, answering
from workflows.figures.check_in import Amount, CheckIn, Told
from workflows.ids import Place, Subject
from workflows.words.figures import Reading, read_figure, read_figures
from workflows.words.known_titles import Known
from workflows.words.people import people_in
from workflows.words.reading import Correction
from workflows.words.several import by_use_case

_YES = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|right|correct|confirmed|indeed|that'?s (?:right|correct)"
    r"|it is(?: right| correct)?)\b.{0,30}$",
    re.IGNORECASE,
)
_DID = re.compile(
    r"^\W*(?:done|we did(?: it)?|did it|it is done|it's done|that is done|i did(?: it)?)\b.{0,60}$",
    re.IGNORECASE,
)
_WHY_NOT = re.compile(
    r"^\W*(?:not done|we (?:do|did|will|are) ?n[o']t|we (?:don't|didn't|won't)|because|no[,:]? because)\b",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:evaluat\w+|eval|test results?|version \d|incident|idea)\b", re.IGNORECASE
)
"""Numbers beside such a word are those of a test, a release or a bad day."""
_LONGEST = 600
"""Words out of the blue that are longer tell a story, and not the numbers of a week."""


def answered_a_check_in(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether a message in a thread answers a check-in; if so, it has been dealt with."""
    place = message.place
    card = tx.card_at(place.channel, place.thread) if place.thread else None
    if card is None:
        return False
    if card.subject.type == "person" and card.kind in ("check_in", "check_in_nudge"):
        if card.subject.id != message.user:
            return False
        week = date.fromisoformat(str(card.data["week"]))
        ids = [str(i) for i in card.data.get("ids") or ()]
        found = [c for c in check_ins_for(tx, message.user, week, ids) if c.owner == message.user]
    elif card.kind == "guardrail" and message.direct:
        return _about_a_guardrail(tx, moment, message, circ, card.subject.id)
    elif card.kind == "figure_doubts" and card.subject.type == "check_in":
        one = tx.get(CheckIn, card.subject.id)
        found = [one] if one is not None else []
    else:
        return False
    _hear(tx, moment, message, circ, found)
    return True


def _about_a_guardrail(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances, id: str) -> bool:
    """ "Done" and "we do not, because ...", in one's own conversation under the card."""
    did, why = bool(_DID.match(message.text)), _WHY_NOT.match(message.text)
    heard = hearing(tx, moment, circ, id)
    if heard is None or not (did or why):
        return False
    for alert in heard.check_in.alerts:
        now = hearing(tx, moment, circ, id) or heard
        if alert.answer:
            continue
        t = now.telling(at=message.place, detail={"figure": alert.figure})
        decision = alerting.answer(t, did, "" if did else message.text)
        if not decision.problems:
            tx.apply(decision, circ)
    return True


def told_numbers(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances) -> bool:
    """Whether words out of the blue tell the numbers that somebody is asked for just now."""
    text = message.text.strip()
    if not message.direct or not text or len(text) > _LONGEST or text.endswith("?") or message.files:
        return False
    if _OF_SOMETHING_ELSE.search(text):
        return False
    waiting = open_check_ins(tx, message.user)
    newest = max((c.week for c in waiting), default=None)
    found = [c for c in waiting if c.week == newest]
    if not found or not any(_answers(tx, moment, circ, c, text) for c in found):
        return False
    _hear(tx, moment, message, circ, found)
    return True


def _answers(tx: Tx, moment: Moment, circ: Circumstances, check_in: CheckIn, text: str) -> bool:
    t = looked_at(tx, moment, circ, check_in.use_case, check_in.week)
    if t is None:
        return False
    said = read_figures(text, answering.asked_for(t))
    named = any(g.sure for g in said.given)
    short = len(text.split()) <= 12
    return named or ((said.same or said.off or (said.unknown and bool(said.ask))) and short)


def _hear(tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances, found: Sequence[CheckIn]) -> None:
    titles = tx.titles([c.use_case for c in found])
    by_case = {c.use_case: c for c in found}
    parts = by_use_case(message.text, [Known(str(id), titles.get(id, str(id))) for id in by_case])
    general = parts.pop("", "")
    for use_case, words in parts.items():
        check_in = next(c for id, c in by_case.items() if id == use_case)
        _one(tx, moment, message, circ, check_in, words)
    if not general:
        return
    waiting = [c for c in found if c.waits and c.use_case not in parts]
    if len(waiting) == 1:
        _one(tx, moment, message, circ, waiting[0], general)
    elif waiting and _is_for_all(general):
        for check_in in waiting:
            _one(tx, moment, message, circ, check_in, general)
    else:
        names = ", ".join(titles.get(c.use_case, c.use_case) for c in (waiting or found)[:8])
        _say(tx, circ, message.place, found[0], "figures_which", {"titles": names})


def _is_for_all(text: str) -> bool:
    said = read_figures(text, ())
    return (said.same or said.off or bool(said.ask)) and not re.search(r"\d", text)


def _one(
    tx: Tx, moment: Moment, message: MessageIn, circ: Circumstances, check_in: CheckIn, text: str
) -> None:
    """What somebody says of one use case."""
    heard = hearing(tx, moment, circ, check_in.id)
    if heard is None or _settles(heard, message, text):
        return
    t = heard.telling(at=message.place)
    said = read_figures(text, answering.asked_for(t))
    if said.given:
        _numbers(heard, message, said)
    elif said.off:
        values = {"title": heard.use_case.title}
        _apply(heard, answering.switched_off(t), "figures_off", values, message.place)
    elif said.ask:
        _pass_on(heard, message, said)
    elif said.same:
        _apply_same(heard, message.place)
    elif said.unknown:
        _say(tx, circ, message.place, check_in, "figures_who_knows", {})
    else:
        _say(tx, circ, message.place, check_in, "figures_unread", {})


def _numbers(heard: Hearing, message: MessageIn, said: Reading) -> None:
    tx, circ, place = heard.tx, heard.circ, message.place
    t = heard.telling(at=place)
    clear, doubts = answering.as_told(t, said.given)
    decision = answering.give(t, clear)
    if is_refusal(decision):
        tx.apply(decision, circ)
        return
    tx.apply(decision, circ)
    again = hearing(tx, heard.moment, circ, heard.check_in.id) or heard
    doubted = {d.told.figure for d in again.check_in.doubts}
    noted = [f.figure for f in clear if f.figure not in doubted]
    if doubts:
        tx.apply(answering.question(again.telling(at=place), doubts), circ)
        again = hearing(tx, heard.moment, circ, heard.check_in.id) or again
    if said.same:
        rest = answering.nothing_changed(again.telling(at=place))
        if not rest.problems:
            tx.apply(rest, circ)
            noted = []
    if noted or said.same:
        _noted(tx, circ, place, heard.check_in, noted, same=False)
    if said.unread:
        _say(tx, circ, place, heard.check_in, "figures_unplaced", {"words": said.unread[0][:200]})


def _apply_same(heard: Hearing, place: Place) -> None:
    decision = answering.nothing_changed(heard.telling(at=place))
    if decision.problems:
        _say_text(heard.tx, heard.circ, place, heard.check_in, next(iter(decision.problems.values())))
        return
    heard.tx.apply(decision, heard.circ)
    if not is_refusal(decision):
        _noted(heard.tx, heard.circ, place, heard.check_in, [], same=True)


def _pass_on(heard: Hearing, message: MessageIn, said: Reading) -> None:
    tx, circ, place = heard.tx, heard.circ, message.place
    directory = tx.directory()
    who = people_in(said.ask, directory, message.user)
    if isinstance(who, Correction):
        _say_text(tx, circ, place, heard.check_in, who.text)
        return
    decision = answering.pass_on(heard.telling(at=place), who[0])
    if decision.problems:
        _say_text(tx, circ, place, heard.check_in, next(iter(decision.problems.values())))
        return
    _apply(heard, decision, "figures_passed", {"who": directory.person(who[0]).name}, place)


def _settles(heard: Hearing, message: MessageIn, text: str) -> bool:
    """Whether the words answer the one doubt there is: "yes", or a number and nothing else."""
    open_ = heard.check_in.doubts
    place = message.place
    if not open_:
        return False
    if _YES.match(text) and not re.search(r"\d", text):
        for doubt in open_:
            now = hearing(heard.tx, heard.moment, heard.circ, heard.check_in.id) or heard
            decision = answering.settle(now.telling(at=place), doubt.told.which, None)
            if decision.problems:
                why = next(iter(decision.problems.values()))
                _say_text(heard.tx, heard.circ, place, heard.check_in, why)
                return True
            heard.tx.apply(decision, heard.circ)
            if is_refusal(decision):
                return True
        _noted(heard.tx, heard.circ, place, heard.check_in, [d.told.figure for d in open_], same=False)
        return True
    t = heard.telling(at=place)
    asked = {a.figure: a for a in answering.asked_for(t)}
    doubt = open_[0]
    said = read_figures(text, tuple(asked.values()))
    lone = len(open_) == 1 and len(re.findall(r"\d[\d.,]*", text)) == 1 and len(text.split()) <= 8
    if not lone or doubt.told.figure not in asked:
        return False
    if any(g.sure and g.figure != doubt.told.figure for g in said.given) and doubt.because != "of_what":
        return False
    number = read_figure(text, asked[doubt.told.figure])
    if number is None:
        return False
    amount = _meant(doubt.told, doubt.because, number.value, number.of)
    decision = answering.settle(t, doubt.told.which, amount)
    heard.tx.apply(decision, heard.circ)
    if not is_refusal(decision):
        _noted(heard.tx, heard.circ, place, heard.check_in, [doubt.told.figure], same=False)
    return True


def _meant(told: Told, because: str, value: float, of: float | None) -> Amount:
    if because == "of_what":
        return Amount(value=round(told.value * value / 100), of=value)
    return Amount(value=value, of=of if of is not None else told.of)


# --- what is said back --------------------------------------------------------------------------------------


def _apply(heard: Hearing, decision: Decision, message: str, values: dict[str, str], place: Place) -> None:
    heard.tx.apply(decision, heard.circ)
    if not is_refusal(decision):
        _say(heard.tx, heard.circ, place, heard.check_in, message, values)


def _say(
    tx: Tx,
    circ: Circumstances,
    place: Place,
    check_in: CheckIn,
    message: str,
    values: dict[str, str],
) -> None:
    data = {"message": message, "values": values}
    post = Post(to=ToPlace(place=place), kind="said", subject=check_in.subject, data=data)
    tx.apply(Decision(effects=(post,)), circ)


def _say_text(tx: Tx, circ: Circumstances, place: Place, check_in: CheckIn, text: str) -> None:
    _say(tx, circ, place, check_in, "plain", {"text": text})


def _noted(
    tx: Tx, circ: Circumstances, place: Place, check_in: CheckIn, figures: Sequence[str], same: bool
) -> None:
    post = Post(
        to=ToPlace(place=place),
        kind="figures_noted",
        subject=Subject(type="check_in", id=check_in.id),
        data={"figures": list(figures), "same": same},
    )
    tx.apply(Decision(effects=(post,)), circ)
