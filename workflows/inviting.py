"""Helpers of a walk: others who may answer and change in it, though only its owner submits or ends it."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.asking import OVER, decided, entry, old_button, say, stands_open, touched
from workflows.decision import Circumstances, Decision
from workflows.effects import Effect, Post, Refresh, ToPerson
from workflows.ids import Place, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.taking_part import OWN, TAKE_PART, Part
from workflows.talks import seen, whose
from workflows.use_case import UseCase
from workflows.walk import Talk, Walk

HELPERS_AT_MOST = 20


def set_helpers(
    walk: Walk,
    use_case: UseCase | None,
    helpers: Sequence[UserId],
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
    aloud: bool = False,
) -> Decision:
    """These people help from now on, and no others. Problem ``helpers``.

    Whoever is new gets a card with the draft in their own direct message; whoever is not wanted any more is
    told by theirs. ``aloud``: it is said in the actor's conversation as well.
    """
    right = TAKE_PART if stands_open(walk, program) else OWN
    refused = right.refused(Part(walk, use_case, program, directory, circ, at))
    if refused is not None:
        return refused
    if walk.status in OVER:
        return old_button(walk, circ)
    wanted = tuple(dict.fromkeys(u for u in helpers if u != walk.owner))[:HELPERS_AT_MOST]
    gone = [u for u in wanted if u not in walk.helpers and not directory.person(u).active]
    if gone:
        who = {"who": directory.person(gone[0]).name}
        return Decision(problems={"helpers": program.messages["owner_is_away"].format_map(who)})
    new = [u for u in wanted if u not in walk.helpers]
    left = [u for u in walk.helpers if u not in wanted]
    if not new and not left:
        return Decision()
    talks = [t for t in walk.talks if t.user not in left]
    talks += [Talk(user=u) for u in new if all(t.user != u for t in talks)]
    there = touched(walk, circ, helpers=wanted, talks=tuple(talks))
    effects: list[Effect] = [_invitation(there, u) for u in new]
    effects += [Refresh(subject=walk.subject, card=_card(u)) for u in left]
    effects.append(Refresh(subject=walk.subject, card="review"))
    if aloud:
        here = seen(there, whose(there, circ.actor.user, at), circ.actor.user)
        for key, people in (("invited", new), ("uninvited", left)):
            if people:
                names = " and ".join(directory.person(u).name for u in people)
                effects.append(say(here, key, who=names))
    line = entry(there, "helpers_set", added=list(new), removed=list(left))
    return decided(there, effects, [line], program, circ)


def _invitation(walk: Walk, user: UserId) -> Post:
    """The card whose thread is the helper's own conversation about the walk."""
    return Post(
        to=ToPerson(user=user),
        kind="invitation",
        subject=walk.subject,
        data={"who": user},
        card=_card(user),
        anchor=True,
    )


def _card(user: UserId) -> str:
    return f"invited:{user}"
