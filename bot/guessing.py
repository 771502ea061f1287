"""Which use case somebody probably means: by the thread they are in, their words, and what they work on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.registry import Moment
from storage.reading import Reading
from storage.titles import Placed, placed
from workflows.champions import functions_of
from workflows.ids import UserId
from workflows.seeing import UNFINISHED
from workflows.words.known_titles import Known, fitting, said_whole

_SURE = 0.6
"""How well a name has to fit the words to be proposed."""


def offered(reading: Reading, moment: Moment, user: UserId) -> list[tuple[str, str]]:
    """(id, name) of what an incident may be about: those in use first, then the others, by name."""
    return [(u.id, u.title or u.id) for u in _known(reading, moment, user)]


def _known(reading: Reading, moment: Moment, user: UserId) -> list[Placed]:
    in_use = set(moment.program.releases.stages)
    stages = {s.id for s in moment.program.life_cycle.stages if s.open} - set(UNFINISHED)
    mine = functions_of(user, moment.program, moment.directory)
    # By name alone: the whole records of a large company would take longer to read than a form may wait.
    found = placed(reading.connection, sorted(stages))
    return sorted(found, key=lambda u: (u.stage not in in_use, u.room not in mine, u.title.casefold()))


def guessed(
    reading: Reading,
    moment: Moment,
    user: UserId,
    words: str = "",
    channel: str = "",
    thread: str | None = None,
) -> str:
    """The id of the one that is probably meant; empty where nothing says so."""
    by_thread = _of_thread(reading, channel, thread)
    if by_thread:
        return by_thread
    known = _known(reading, moment, user)
    titles = [Known(u.id, u.title) for u in known]
    whole = said_whole(words, titles)
    if len(whole) == 1:
        return whole[0].id
    fits = fitting(words.split(), titles, at_least=_SURE)
    if fits and (len(fits) == 1 or fits[0].score > fits[1].score + 0.1):
        return fits[0].known.id
    return _only_one_of_function(known, moment, user)


def _only_one_of_function(known: Sequence[Placed], moment: Moment, user: UserId) -> str:
    """Where a person's function has one use case in use, it is that one."""
    mine = functions_of(user, moment.program, moment.directory)
    in_use = set(moment.program.releases.stages)
    own = [u.id for u in known if u.stage in in_use and u.room in mine]
    return own[0] if len(own) == 1 else ""


def _of_thread(reading: Reading, channel: str, thread: str | None) -> str:
    if not channel or not thread:
        return ""
    walk = reading.walk_at(channel, thread)
    if walk is not None:
        return str(walk.about)
    card = reading.card_at(channel, thread)
    if card is None:
        return ""
    if card.subject.type == "use_case":
        return card.subject.id
    approval = reading.approval_at(channel, thread)
    return str(approval.use_case) if approval else ""
