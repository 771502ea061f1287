"""Others called into a walk in plain words: "ask @lee", "Lee would know", "invite @mo", "remove @mo"."""

from __future__ import annotations

from workflows import assigning, inviting
from workflows.asking import ask, decided, entry, questionnaire_of, touched
from workflows.decision import Circumstances, Decision
from workflows.ids import QuestionId, UserId
from workflows.moving import only_said
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Question
from workflows.use_case import UseCase
from workflows.walk import Walk
from workflows.words.handing import Handed, read_handed, read_invited
from workflows.words.reading import Correction


def calling_in(
    walk: Walk,
    use_case: UseCase | None,
    asked: Question | None,
    text: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision | None:
    """What comes of words that hand a question to somebody or invite them; ``None`` for all other words."""
    handed = _handed(walk, asked, text, program, directory, circ)
    if isinstance(handed, Correction) and asked is not None:
        there, effects = ask(touched(walk, circ), asked.id, correction=handed, remember=False)
        return decided(there, effects, [entry(there, "corrected", question=asked.id)], program, circ)
    if isinstance(handed, Handed) and (about := handed.question or (asked.id if asked else None)):
        return _hand_over(walk, use_case, about, handed, program, directory, circ)
    invited = _invited(asked, text, directory, circ)
    if isinstance(invited, tuple):
        return _change_helpers(walk, use_case, *invited, program, directory, circ)
    return None


def _handed(
    walk: Walk,
    asked: Question | None,
    text: str,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Handed | Correction | None:
    """Whom a question is handed to; not while the story is told, which may say such things itself."""
    questionnaire = questionnaire_of(walk, program)
    if asked is not None and asked.id == questionnaire.story_question:
        return None
    speaker = circ.actor.user
    worded = asked is not None and asked.type in ("short_text", "long_text", "person", "people")
    zone = directory.person(speaker).tz
    return read_handed(text, questionnaire, circ.now, zone, directory, speaker, strictly=worded)


def _invited(
    asked: Question | None, text: str, directory: Directory, circ: Circumstances
) -> tuple[str, UserId] | Correction | None:
    """Who is invited or taken out; "add @lee" may as well answer a question for people."""
    if asked is not None and asked.type in ("person", "people") and text.lower().startswith("add"):
        return None
    return read_invited(text, directory, circ.actor.user)


def _change_helpers(
    walk: Walk,
    use_case: UseCase | None,
    action: str,
    who: UserId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    helpers = [u for u in walk.helpers if u != who]
    if action == "invite":
        helpers.append(who)
    if tuple(helpers) == walk.helpers:
        key = "helps_already" if action == "invite" else "helps_not"
        return only_said(walk, key, program, circ, who=directory.person(who).name)
    decision = inviting.set_helpers(
        walk, use_case, helpers, program, directory, circ, at=walk.place, aloud=True
    )
    if decision.problems:
        return only_said(walk, "plain", program, circ, text=decision.problems["helpers"])
    return decision


def _hand_over(
    walk: Walk,
    use_case: UseCase | None,
    about: QuestionId,
    handed: Handed,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """Hand a question over as the words say; what does not fit is said, and the question stays."""
    decision = assigning.assign(
        walk, use_case, about, handed.to, program, directory, circ, handed.note, handed.due, walk.place
    )
    if not decision.problems:
        return decision
    problem = Correction(next(iter(decision.problems.values())))
    there, effects = ask(touched(walk, circ), walk.asking or about, correction=problem, remember=False)
    return decided(there, effects, [entry(there, "corrected", question=about)], program, circ)
