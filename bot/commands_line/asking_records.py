"""``preflight ask --as USER`` where the records answer: who can stop it, where it is, what waits for me."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.replying import Replied
    from storage.store import Store
    from workflows.program import Program


@dataclass(frozen=True)
class FromRecords:
    """What the records say, as plain text."""

    text: str
    rule: str
    """The question whose passage in the playbook belongs with it; empty where none does."""


def records_say(
    store: Store,
    settings: Settings,
    program: Program,
    user: str,
    question: str,
    after: str,
    now: datetime,
) -> FromRecords | None:
    """The answer from the records for that person, or ``None`` where it is a question for the playbook."""
    from bot.drawing import scene_for
    from bot.live import OWN_AT_MOST, understood
    from bot.registry import Moment
    from bot.views.kit import bare
    from bot.views.live import live_blocks, mine
    from workflows.consulting import NOWHERE, begun
    from workflows.ids import ConsultationId, UserId
    from workflows.live import right_of

    asker = UserId(user)
    moment = Moment(store=store, program=program, settings=settings, now=now, bot_user=asker)
    circ = moment.circumstances(asker, "cli")
    asked = begun(ConsultationId(""), question, asker, NOWHERE, True, circ)
    with store.read() as reading:
        found = understood(reading, program, asker, [q for q in (after, question) if q])
        if found is None:
            return None
        right = right_of(found.right, program) if found.kind == "right" else None
        if right and found.mine and not 0 < len(mine(reading, asked)) <= OWN_AT_MOST:
            return None
        scene = scene_for(moment, reading, asked.subject, asker)
        blocks = live_blocks(scene, asked, found.model_dump(mode="json"))
    said = [b["text"]["text"] for b in blocks if b["type"] == "section"]
    said += [e["text"]["text"] for b in blocks if b["type"] == "actions" for e in b["elements"]]
    rule = question if right and found.mine else right.rule if right else ""
    return FromRecords(text=bare("\n".join(said)), rule=rule)


def with_records(found: Replied, live: FromRecords) -> Replied:
    """An answer from the records, with the rule quoted before it where the playbook has one."""
    ruled = bool(live.rule) and found.answer.state == "answer"
    text = f"{found.answer.text}\n\n{live.text}" if ruled else live.text
    answer = replace(
        found.answer,
        state="answer",
        text=text,
        citations=found.answer.citations if ruled else (),
        shown=found.answer.shown if ruled else 0,
        probability=found.answer.probability if ruled else 1.0,
    )
    return replace(found, answer=answer)
