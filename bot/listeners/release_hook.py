"""``POST /hooks/release``: a pipeline proposes, asks whether it may ship, and says what it did."""

from __future__ import annotations

from collections.abc import Mapping

from bot.hooks import HookAnswer, HookIn, on_hook, parsed
from bot.registry import Moment
from bot.release_asks import READS, ReleaseAnswer, ReleaseAsk, Status, act, read

_STATUS: Mapping[Status, int] = {
    "done": 200,
    "no": 200,
    "refused": 403,
    "conflict": 409,
    "fields": 400,
    "unknown": 404,
}


@on_hook("release")
def release_hook(moment: Moment, hook: HookIn) -> HookAnswer:
    """One request about releases. What was heard before is answered from the state as it is now."""
    ask = parsed(ReleaseAsk, hook.body)
    if ask.action in READS:
        with moment.store.read() as reading:
            return _told(read(reading, moment, ask))
    circ = hook.circumstances(moment)
    with moment.store.write() as tx:
        if hook.first_time(tx, moment.now):
            return _told(act(tx, moment, circ, ask))
    with moment.store.read() as reading:
        found = read(reading, moment, ask.model_copy(update={"action": "list"}))
    return HookAnswer({**found.body, "again": True}, _STATUS[found.status])


def _told(answer: ReleaseAnswer) -> HookAnswer:
    return HookAnswer(answer.body, _STATUS[answer.status])
