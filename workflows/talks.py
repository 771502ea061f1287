"""One walk, several people: each sees it from where they are in it, and what they do is folded back.

Whoever began a walk has their conversation in the walk itself; the others have theirs in ``Walk.talks``. A
rule that moves a conversation is given the walk as the person who acts sees it: so it works for everybody.
"""

from __future__ import annotations

from typing import Any

from workflows.asking import OVER
from workflows.decision import Decision
from workflows.effects import Effect, Post, Whisper, Work
from workflows.ids import Place, UserId
from workflows.walk import Talk, Walk

_OF_TALK = tuple(f for f in Talk.model_fields if f != "user")


def whose(walk: Walk, user: UserId, at: Place | None = None) -> UserId | None:
    """Whose conversation is meant: that of the place where it happens, else the person's own.

    ``None`` is the conversation of the walk's owner.
    """
    if at is not None and walk.place == at:
        return None
    there = next((t.user for t in walk.talks if at is not None and t.place == at), None)
    return there or (None if user == walk.owner else user)


def talk_of(walk: Walk, who: UserId | None) -> Talk:
    """The conversation of that person, a new one if they have none; ``None`` is the owner."""
    if who is None:
        status = walk.status if walk.status not in OVER else "saved"
        return Talk(user=walk.owner, **{**_state(walk), "status": status})
    return next((t for t in walk.talks if t.user == who), Talk(user=who))


def seen(walk: Walk, who: UserId | None, user: UserId) -> Walk:
    """The walk as it stands in that person's conversation, with ``user`` in the owner's place."""
    if who is None:
        return walk if user == walk.owner else walk.model_copy(update={"owner": user})
    state: dict[str, Any] = _state(talk_of(walk, who))
    if walk.status in OVER:
        state["status"] = walk.status
    return walk.model_copy(update={**state, "owner": user})


def folded(walk: Walk, changed: Walk, who: UserId | None) -> Walk:
    """The walk after a rule changed it as :func:`seen` by that person: answers are everybody's, the place in
    the conversation is theirs."""
    if who is None:
        return changed.model_copy(update={"owner": walk.owner})
    theirs, mine = _state(changed), _state(walk)
    if changed.status in OVER:
        theirs["status"], mine["status"] = "saved", changed.status
    talk = Talk(user=who, **theirs)
    others = tuple(t for t in walk.talks if t.user != who)
    return changed.model_copy(update={**mine, "owner": walk.owner, "talks": (*others, talk)})


def folded_decision(walk: Walk, decision: Decision, who: UserId | None) -> Decision:
    """The same for all that a rule decided: what is drawn for them is drawn as they see it."""
    changed = tuple(
        folded(walk, a, who) if isinstance(a, Walk) and a.id == walk.id else a for a in decision.changed
    )
    effects = tuple(_theirs(walk, e, who) for e in decision.effects)
    return decision.model_copy(update={"changed": changed, "effects": effects})


def _theirs(walk: Walk, effect: Effect, who: UserId | None) -> Effect:
    if who is None or not isinstance(effect, Post | Whisper | Work) or effect.subject != walk.subject:
        return effect
    return effect.model_copy(update={"data": {**effect.data, "who": who}})


def _state(of: Walk | Talk) -> dict[str, Any]:
    return {f: getattr(of, f) for f in _OF_TALK}
