"""Which use case somebody means in the words after a command."""

from __future__ import annotations

from storage import titles
from storage.reading import Reading
from workflows.ids import UseCaseId, UserId
from workflows.live_questions import SURE
from workflows.program import Program
from workflows.seeing import UNFINISHED, people_in
from workflows.words.known_titles import fitting, said_whole
from workflows.words.live import content_words, names_one


def use_case_meant(reading: Reading, words: str, user: UserId, program: Program) -> UseCaseId | None:
    """The one that is named by number or by name; without either the newest that this person works on."""
    known = titles.known(reading.connection, user)
    id = names_one(words)
    if id:
        return next((UseCaseId(k.id) for k in known if k.id == id), None)
    whole = said_whole(words, known)
    if whole:
        return UseCaseId(whole[0].id)
    said = content_words(words)
    fits = fitting(said, known) if said else []
    if fits and fits[0].score >= SURE:
        return UseCaseId(fits[0].known.id)
    if said:
        return None
    mine = (
        u
        for u in reading.use_cases(newest_first=True, at_most=500)
        if u.stage not in UNFINISHED and (user == u.submitter or user in people_in(u, program))
    )
    return next((u.id for u in mine), None)
