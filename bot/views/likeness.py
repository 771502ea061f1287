"""Use cases like a recorded one, and what there is to build on: in its record, and as an answer."""

from __future__ import annotations

from bot.registry import Scene
from bot.similar import Found, similar_cases
from bot.views.case import inline
from bot.views.kit import escape, listed
from bot.views.say import Said, say
from workflows.repeatability import offers
from workflows.seeing import knows_of
from workflows.use_case import UseCase


def like_lines(scene: Scene, use_case: UseCase, at_most: int = 3) -> list[str]:
    """A line for each that is like it, with what it offers to build on; none where nothing is."""
    found = similar_cases(scene, use_case, at_most)
    lines: list[str] = []
    if use_case.same_as:
        title = scene.reading.titles([use_case.same_as]).get(use_case.same_as, use_case.same_as)
        lines.append(say(scene, "like_same", title=inline(title, scene.directory, 120), id=use_case.same_as))
    known = [f for f in found if knows_of(scene.reader, f.use_case.stage, f.use_case.submitter)]
    return lines + [_line(scene, f) for f in known]


def _line(scene: Scene, found: Found) -> str:
    other = found.use_case
    stage = next((s.label for s in scene.program.life_cycle.stages if s.id == other.stage), other.stage)
    title = inline(other.title or str(other.id), scene.directory, 120)
    values = {"title": title, "id": other.id, "stage": stage, "why": Said(escape(found.why))}
    dossier = scene.reading.dossier(other.id)
    there = offers(dossier, scene.program, scene.now) if dossier else ()
    if not there:
        return say(scene, "like_one", **values)
    return say(scene, "like_offers", **values, what=Said(listed([escape(t.lower()) for t in there], "and")))
