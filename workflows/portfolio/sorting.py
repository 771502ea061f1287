"""What the program team puts right in the portfolio: a lane by hand, and which use cases are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Post, ToPerson
from workflows.ids import Frozen, Place, Subject, UseCaseId, UserId
from workflows.people import Directory
from workflows.portfolio.lanes import facets_now
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.roles import resolve
from workflows.seeing import UNFINISHED, people_in
from workflows.use_case import LaneByHand, UseCase

REASON_AT_MOST = 500


@dataclass(frozen=True)
class Sorting:
    """Somebody puts a use case right; ``other`` is the one it is compared with."""

    use_case: UseCase
    program: Program
    directory: Directory
    circ: Circumstances
    other: UseCase | None = None
    at: Place | None = None
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def user(self) -> UserId:
        """Who does."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The use case."""
        return self.use_case.subject


@dataclass(frozen=True)
class Looking:
    """Somebody wants to see what the program team sees of the portfolio."""

    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def user(self) -> UserId:
        """Who does."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The program."""
        return Subject(type="program", id=self.program.stamp.label)


def is_of_the_team(attempt: Sorting | Looking) -> Refusal | None:
    """The portfolio is kept by the program team."""
    program = attempt.program
    team = resolve(program.program_team, program, {}, attempt.directory, attempt.circ.now).people
    active = attempt.directory.person(attempt.user).active
    return None if active and attempt.user in team else Refusal("sorting_not_yours")


def is_submitted(attempt: Sorting) -> Refusal | None:
    """A draft is its writer's own business, and in no lane yet."""
    return Refusal("card_gone") if attempt.use_case.stage in UNFINISHED else None


def are_two(attempt: Sorting) -> Refusal | None:
    """There are two, and nobody has said yet what they are to one another."""
    one, other = attempt.use_case, attempt.other
    if other is None or other.id == one.id or other.stage in UNFINISHED:
        return Refusal("card_gone")
    if settled(one, other):
        return Refusal("pair_settled")
    return None


LANE = Right[Sorting]("use_case.lane", (is_of_the_team, is_submitted))
"""To choose a lane by hand."""
PAIR = Right[Sorting]("use_case.pair", (is_of_the_team, is_submitted, are_two))
"""To say whether two use cases are the same."""
LIST = Right[Looking]("portfolio.pairs", (is_of_the_team,))
"""To see which use cases are likely the same."""


class Compared(Frozen):
    """What somebody has said of a use case beside others."""

    id: UseCaseId
    same_as: UseCaseId | None = None
    unlike: tuple[UseCaseId, ...] = ()


def settled(one: UseCase | Compared, other: UseCase | Compared) -> bool:
    """Whether somebody has said what two use cases are to one another."""
    apart = other.id in one.unlike or one.id in other.unlike
    return apart or one.same_as == other.id or other.same_as == one.id


def set_lane(attempt: Sorting, lane: str, reason: str) -> Decision:
    """Put it into a lane by hand, with a reason; an empty ``lane`` leaves it to the rules again.

    The lane that the rules choose stays beside it. Problems are those of the fields ``lane`` and ``reason``.
    """
    refused = LANE.refused(attempt)
    if refused:
        return refused
    program, use_case, why = attempt.program, attempt.use_case, reason.strip()
    messages = program.messages
    chosen = program.inventory.lane(lane)
    if lane and chosen is None:
        return Decision(problems={"lane": messages["choose_one"]})
    if lane and not why:
        return Decision(problems={"reason": messages["reason_needed"]})
    if len(why) > REASON_AT_MOST:
        return Decision(problems={"reason": messages["text_too_long"].format(most=REASON_AT_MOST)})
    found = facets_now(use_case, program)
    by_hand = LaneByHand(lane=lane, reason=why, by=attempt.user, at=attempt.circ.now) if lane else None
    assessed = use_case.assessment and use_case.assessment.model_copy(update={"facets": found})
    there = use_case.model_copy(update={"lane": by_hand, "assessment": assessed})
    detail = {"lane": lane, "by_the_rules": found.get("lane", ""), "reason": why}
    entry = Entry(action="use_case.lane", subject=there.subject, detail=detail)
    shown = chosen or program.inventory.lane(found.get("lane", ""))
    label = shown.label if shown else "-"
    told = _told(attempt, there, "lane_told" if lane else "lane_told_rules", lane=label, why=why or "-")
    return Decision(changed=(there,), entries=(entry,), effects=told)


def joined(attempt: Sorting) -> Decision:
    """It is the same as the other one, which stays; all who are named in either are told; nothing moves."""
    refused = PAIR.refused(attempt)
    if refused or attempt.other is None:
        return refused or Decision()
    one, other = attempt.use_case, attempt.other
    there = one.model_copy(update={"same_as": other.id})
    entry = Entry(action="use_case.pair", subject=there.subject, detail={"same_as": other.id})
    values = {"other": other.title or str(other.id), "other_id": str(other.id)}
    told = _told(attempt, there, "pair_joined", also=other, **values)
    return Decision(changed=(there,), entries=(entry,), effects=told)


def parted(attempt: Sorting) -> Decision:
    """The two are not the same; they are not proposed again."""
    refused = PAIR.refused(attempt)
    if refused or attempt.other is None:
        return refused or Decision()
    one, other = attempt.use_case, attempt.other
    there = one.model_copy(update={"unlike": (*one.unlike, other.id)})
    entry = Entry(action="use_case.pair", subject=there.subject, detail={"unlike": other.id})
    return Decision(changed=(there,), entries=(entry,))


def stays(one: UseCase, other: UseCase, program: Program) -> tuple[UseCase, UseCase]:
    """Of two that are the same the one that repeats, and the one that stays: the further, else the older."""
    order = [s.id for s in program.life_cycle.stages]

    def rank(u: UseCase) -> tuple[int, float]:
        return (order.index(u.stage) if u.stage in order else -1, -u.created_at.timestamp())

    return (one, other) if rank(one) < rank(other) else (other, one)


def _told(
    attempt: Sorting, use_case: UseCase, message: str, also: UseCase | None = None, **values: str
) -> tuple[Post, ...]:
    """Whoever brought it in and is named in it hears of it, but for the one who did it."""
    who = attempt.directory.person(attempt.user).name
    said = {"who": who, "title": use_case.title or str(use_case.id), "id": str(use_case.id), **values}
    people = [use_case.submitter, *people_in(use_case, attempt.program)]
    people += [also.submitter, *people_in(also, attempt.program)] if also else []
    return tuple(
        Post(
            to=ToPerson(user=user),
            kind="said",
            subject=use_case.subject,
            data={"message": message, "values": said},
        )
        for user in dict.fromkeys(people)
        if user != attempt.user and attempt.directory.person(user).active
    )
