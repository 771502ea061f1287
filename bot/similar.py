"""Use cases like the one being written, found by meaning and words among those on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.registry import Scene
from storage import likenesses
from storage.portfolio import records
from workflows.answers import Answers
from workflows.questionnaire import shown
from workflows.questions import Questionnaire
from workflows.use_case import UseCase
from workflows.walk import Walk

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from knowledge.similar import Candidate
    from storage.reading import Reading


@dataclass(frozen=True)
class Found:
    """A use case on record that is like the draft, and in a clause what they share."""

    use_case: UseCase
    why: str


def similar_to(scene: Scene, walk: Walk, questionnaire: Questionnaire) -> list[Found]:
    """The use cases most like this draft, best first; not itself, no other draft, nothing rejected."""
    # knowledge costs a few hundred milliseconds to import: only a review card needs it.
    from knowledge.similar import rank_similar

    text = story(questionnaire, walk.answers)
    if not text:
        return []
    others = [c for c in candidates(scene.reading, scene.embedder) if c.id != walk.about]
    found = []
    for similar in rank_similar(text, others, scene.embedder, limit=2):
        use_case = scene.reading.use_case(similar.id)
        if use_case is not None:
            found.append(Found(use_case, similar.why))
    return found


def candidates(reading: Reading, embedder: Embedder | None) -> list[Candidate]:
    """Every recorded use case but drafts, with its vector where this model has made one."""
    import numpy as np

    from knowledge.similar import Candidate

    fingerprint = embedder.fingerprint if embedder else ""
    return [
        Candidate(
            id=c.id, text=c.text, vector=np.frombuffer(c.vector, dtype=np.float32) if c.vector else None
        )
        for c in reading.texts(fingerprint)
    ]


def similar_cases(scene: Scene, use_case: UseCase, at_most: int = 3) -> list[Found]:
    """The recorded use cases most like a recorded one, best first; none that was found to be another."""
    alike = likenesses.of(scene.reading.connection, use_case.id, at_most * 3)
    there = records(scene.reading.connection, (a.other for a in alike))
    found = [
        Found(other, a.why)
        for a in alike
        if (other := there.get(a.other))
        and other.id not in use_case.unlike
        and use_case.id not in other.unlike
    ]
    return found[:at_most]


def story(questionnaire: Questionnaire, answers: Answers) -> str:
    """The name and the story in the person's own words, for comparing with others."""
    from workflows.people import Directory

    told = []
    for id in (questionnaire.title_question, questionnaire.story_question):
        if id and id in answers:
            told.append(shown(questionnaire.question(id), answers[id].value, Directory()))
    return ". ".join(told)
