"""How each item of a checklist stands: met, open, with somebody, waived; and on which evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from workflows.answers import Answer
from workflows.evidence import Check, Evidence
from workflows.ids import Frozen, UserId
from workflows.questionnaire import visible_questions
from workflows.questions import EvidenceDemand, Question, Questionnaire
from workflows.waiver import Waiver
from workflows.walk import Assignment, Walk

Stand = Literal["met", "na", "waived", "open", "lacks", "expired", "no", "waiting"]
DONE: tuple[Stand, ...] = ("met", "na", "waived")
"""How an item stands that is in nobody's way."""


class ItemState(Frozen):
    """One item as it stands at this moment."""

    checklist: str
    item: str
    label: str
    asks: str
    stand: Stand
    demands: bool = False
    """Whether a yes has to rest on evidence."""
    evidence: tuple[Evidence, ...] = ()
    """What holds now; for ``expired`` what no longer does."""
    who: UserId | None = None
    """Whom it waits for; otherwise who answered."""
    since: datetime | None = None
    until: datetime | None = None
    """When the first of its evidence, or its waiver, runs out."""
    reason: str = ""
    """Why it does not apply, or what is lacking."""
    walk: str = ""
    assignment: str = ""

    @property
    def key(self) -> str:
        """``CHECKLIST.ITEM``."""
        return f"{self.checklist}.{self.item}"

    @property
    def done(self) -> bool:
        """Whether nothing more has to be done about it now."""
        return self.stand in DONE

    @property
    def evidenced(self) -> bool:
        """Whether it is met, on evidence where it demands any."""
        return self.stand == "met" and (bool(self.evidence) or not self.demands)


def items_of(
    checklist: Questionnaire, walk: Walk | None, waivers: Iterable[Waiver], now: datetime
) -> tuple[ItemState, ...]:
    """Every item that is asked, in order. ``waivers`` may be of any control of the use case."""
    answers = walk.answers if walk else {}
    standing = {w.control: w for w in waivers if w.checklist == checklist.id and w.holds(now)}
    return tuple(
        _item(checklist, question, walk, answers.get(question.id), standing.get(question.id), now)
        for question in visible_questions(checklist, answers)
        if question.type == "check"
    )


class Tally(Frozen):
    """How far a checklist is."""

    done: int
    of: int
    waiting: Mapping[UserId, int] = Field(default_factory=dict)
    """How many items wait for each person."""


def tally(items: Iterable[ItemState]) -> Tally:
    """How far these items are together."""
    found = tuple(items)
    waiting = Counter(i.who for i in found if i.stand == "waiting" and i.who)
    return Tally(done=sum(i.done for i in found), of=len(found), waiting=dict(waiting))


def expires(evidence: Evidence, demand: EvidenceDemand | None) -> datetime | None:
    """When a piece of evidence runs out: as it was kept, else as the item says."""
    if evidence.expires_at is not None or demand is None or demand.lasts_days is None:
        return evidence.expires_at
    return evidence.at + timedelta(days=demand.lasts_days)


def _item(
    checklist: Questionnaire,
    question: Question,
    walk: Walk | None,
    answer: Answer | None,
    waiver: Waiver | None,
    now: datetime,
) -> ItemState:
    state = ItemState(
        checklist=checklist.id,
        item=question.id,
        label=question.label,
        asks=question.ask,
        stand="open",
        demands=question.evidence is not None,
        walk=walk.id if walk else "",
    )
    if waiver:
        said = {"stand": "waived", "until": waiver.expires_at, "who": waiver.owner, "reason": waiver.risk}
        return state.model_copy(update=said)
    if answer is not None:
        state = state.model_copy(update=_answered(question, answer, now))
    asked = _asked(walk, question)
    if asked and not state.done:
        waits = {"stand": "waiting", "who": asked.to, "since": asked.at, "until": asked.due}
        return state.model_copy(update={**waits, "assignment": asked.id})
    return state


def _answered(question: Question, answer: Answer, now: datetime) -> dict[str, object]:
    check = Check.model_validate(answer.value)
    found: dict[str, object] = {"who": answer.by, "since": answer.at, "reason": check.reason}
    if check.state != "yes":
        return {**found, "stand": check.state}
    ends = {e: expires(e, question.evidence) for e in check.evidence}
    current = tuple(e for e, end in ends.items() if end is None or now < end)
    if question.evidence is None or current:
        dated = [end for e in current if (end := ends[e])]
        return {**found, "stand": "met", "evidence": current, "until": min(dated, default=None)}
    if check.evidence:
        past = max(end for end in ends.values() if end)
        return {**found, "stand": "expired", "evidence": check.evidence, "until": past}
    return {**found, "stand": "lacks"}


def _asked(walk: Walk | None, question: Question) -> Assignment | None:
    """The assignment that is open for it, the oldest of several."""
    return next((a for a in (walk.assignments if walk else ()) if a.open and a.question == question.id), None)
