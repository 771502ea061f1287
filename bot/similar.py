"""Use cases like the one being written, found by meaning and words among those on record."""

from __future__ import annotations

from dataclasses import dataclass

from bot.registry import Scene
from workflows.answers import Answers
from workflows.questionnaire import shown
from workflows.questions import Questionnaire
from workflows.use_case import UseCase
from workflows.walk import Walk


@dataclass(frozen=True)
class Found:
    """A use case on record that is like the draft, and in a clause what they share."""

    use_case: UseCase
    why: str


def similar_to(scene: Scene, walk: Walk, questionnaire: Questionnaire) -> list[Found]:
    """The use cases most like this draft, best first; not itself, no other draft, nothing rejected."""
    # knowledge costs a few hundred milliseconds to import: only a review card needs it.
    import numpy as np

    from knowledge.similar import Candidate, rank_similar

    text = story(questionnaire, walk.answers)
    if not text:
        return []
    fingerprint = scene.embedder.fingerprint if scene.embedder else ""
    candidates = [
        Candidate(
            id=c.id, text=c.text, vector=np.frombuffer(c.vector, dtype=np.float32) if c.vector else None
        )
        for c in scene.reading.texts(fingerprint)
        if c.id != walk.about
    ]
    found = []
    for similar in rank_similar(text, candidates, scene.embedder, limit=2):
        use_case = scene.reading.use_case(similar.id)
        if use_case is not None:
            found.append(Found(use_case, similar.why))
    return found


def story(questionnaire: Questionnaire, answers: Answers) -> str:
    """The name and the story in the person's own words, for comparing with others."""
    from workflows.people import Directory

    told = []
    for id in (questionnaire.title_question, questionnaire.story_question):
        if id and id in answers:
            told.append(shown(questionnaire.question(id), answers[id].value, Directory()))
    return ". ".join(told)
