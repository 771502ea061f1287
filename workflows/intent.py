"""What somebody wants who writes outside any intake: by rules at once, or weighed where the rules doubt.

Rules decide before the acknowledgement. Where they are not sure, a model estimates what is meant after the
commit, and :func:`weigh` chooses what costs least to be wrong about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from workflows.words.live import Vocabulary, read_wording
from workflows.words.opening import Opening, judge

Intent = Literal["question", "live", "start", "command", "small_talk", "nothing"]
"""``question`` is one for the playbook, ``live`` one about what is so at this moment, ``start`` begins an
intake, ``command`` asks for help or for one's drafts."""

INTENTS: tuple[Intent, ...] = ("question", "live", "start", "command", "small_talk", "nothing")

Act = Literal["look_up", "start", "help", "chat", "silence", "ask_back"]

_MEANS: Mapping[Opening, Intent] = {
    "nothing": "nothing",
    "greeting": "small_talk",
    "thanks": "small_talk",
    "chat": "small_talk",
    "help": "command",
    "drafts": "command",
    "where": "live",
    "desk": "live",
    "new": "start",
    "idea": "start",
    "question": "question",
}
_DOES: Mapping[Intent, Act] = {
    "question": "look_up",
    "live": "look_up",
    "start": "start",
    "command": "help",
    "small_talk": "chat",
    "nothing": "silence",
}
WRONG: Mapping[Act, float] = {
    "start": 4.0,
    "look_up": 1.0,
    "help": 1.5,
    "chat": 1.5,
    "silence": 2.5,
    "ask_back": 0.6,
}
"""What it costs to do this where something else was meant. A draft that nobody wanted asks questions, sends a
nudge and has to be put away; a question looked up in vain is one message, which offers to make a use case of
it. Asking back is never wrong, but costs whoever wrote a click, so its price is paid always."""


class Meant(NamedTuple):
    """What the rules make of the words. ``intent`` is a guess where ``sure`` is false."""

    intent: Intent
    opening: Opening
    sure: bool
    named: bool = False
    """The words say which use case, or which ones, the question is about."""


def read_intent(text: str, words: Vocabulary) -> Meant:
    """What the words ask for, by their form alone. Whether a use case that they name exists is not known."""
    found, sure = judge(text)
    intent = _MEANS[found]
    if intent in ("small_talk", "command", "nothing") or found == "new":
        return Meant(intent, found, sure)
    wording = read_wording(text, words)
    if wording is None:
        return Meant(intent, found, sure)
    named = bool(wording.marked or wording.rest) or wording.kind in (
        "list",
        "count",
        "right",
        "owner",
        "tier",
    )
    if intent == "live":
        return Meant(intent, found, sure, named)
    if sure and intent == "start":
        return Meant(intent, found, sure)
    told = wording.kind in ("list", "count", "desk") or bool(wording.marked)
    if told or found == "question":
        return Meant("live" if told or wording.mine else "question", "question", True, named)
    return Meant("live", "question", False, named)


def weigh(estimate: Mapping[str, float]) -> Act:
    """What to do for words whose intent is only estimated: the act that is expected to cost least."""
    sure = {act: sum(estimate.get(i, 0.0) for i in INTENTS if _DOES[i] == act) for act in set(_DOES.values())}
    cost = {act: (1 - p) * WRONG[act] for act, p in sure.items()}
    cost["ask_back"] = WRONG["ask_back"]
    return min(cost, key=lambda act: (cost[act], act))
