"""Questions about gates and wishes to move: what is asked, and about which use case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from workflows.gating import lies_ahead
from workflows.ids import Frozen, UseCaseId
from workflows.life_cycle import moves_of
from workflows.live_questions import NEAR, OFFERED, SURE
from workflows.program import Program
from workflows.use_case import UseCase
from workflows.words.gates import GateWording, read_gate_words, reason_in
from workflows.words.known_titles import Known, fitting, said_whole
from workflows.words.live import content_words, names_one


class GateAsked(Frozen):
    """What was understood. One use case, or several that may be meant, or (of one's own) none."""

    kind: Literal["ready", "promote", "move", "back"]
    gate: str = ""
    to: str = ""
    why: str = ""
    use_case: UseCaseId | None = None
    offered: tuple[UseCaseId, ...] = ()


def read_gate_question(
    text: str,
    program: Program,
    titles: Sequence[Known],
    own: Sequence[UseCase] = (),
    pointed: UseCaseId | None = None,
) -> GateAsked | None:
    """What the words ask of a gate, or of a stage; ``None`` where they ask nothing of the kind.

    ``titles`` are the use cases that may be known here, ``own`` those of whoever asks, ``pointed`` the one
    that "it" would be.
    """
    wording = wording_of(text, program)
    if wording is None:
        return None
    moves = wording.kind in ("move", "back")
    asked = GateAsked(
        kind=wording.kind, gate=wording.gate, to=wording.to, why=reason_in(text) if moves else ""
    )
    named = _named(text, wording, titles)
    if named:
        return _one_of(asked, named)
    if wording.marked:
        return None
    if pointed and (wording.points or not wording.rest):
        return asked.model_copy(update={"use_case": pointed})
    if wording.rest and not (wording.gate and wording.points):
        return None
    if not wording.gate and not wording.points:
        return None
    ahead = [u.id for u in own if _on_its_way(u, asked, program)]
    return _one_of(asked, ahead)


def wording_of(text: str, program: Program) -> GateWording | None:
    """What the words ask, whatever use case they mean."""
    gates = {g.id: (g.label.casefold(), *g.words) for g in program.gates.values()}
    cycle = program.life_cycle
    return read_gate_words(text, gates, {s.id: s.words for s in cycle.stages if s.words}, cycle.back)


def _named(text: str, wording: GateWording, titles: Sequence[Known]) -> list[UseCaseId]:
    id = names_one(text)
    if id:
        return [UseCaseId(k.id) for k in titles if k.id == id]
    whole = said_whole(wording.marked or text, titles)
    if whole:
        return [UseCaseId(k.id) for k in whole]
    words = content_words(wording.marked) if wording.marked else wording.rest
    fits = fitting(words, titles) if words else []
    if not fits or fits[0].score < SURE:
        return []
    return [UseCaseId(f.known.id) for f in fits if f.score >= fits[0].score - NEAR]


def _on_its_way(use_case: UseCase, asked: GateAsked, program: Program) -> bool:
    moves = moves_of(use_case, program)
    if asked.kind == "back":
        return any(m.back for m in moves)
    if asked.kind == "move":
        return any(m.to == asked.to for m in moves)
    if asked.gate:
        return lies_ahead(program.gates[asked.gate], use_case, program)
    return any(m.gate for m in moves)


def _one_of(asked: GateAsked, ids: Sequence[UseCaseId]) -> GateAsked:
    if len(ids) == 1:
        return asked.model_copy(update={"use_case": ids[0]})
    return asked.model_copy(update={"offered": tuple(ids[:OFFERED])})
