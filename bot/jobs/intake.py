"""What happens to a walk after a commit or when its time comes: first suggestions, nudges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Literal

from bot.inputs import MessageIn
from bot.model import names_to_mask
from bot.registry import Job, works
from bot.spending import count_reading
from bot.walks import InWalk, in_walk
from storage.store import Tx
from workflows import conversation
from workflows.assigning import nudge
from workflows.decision import Circumstances, Decision
from workflows.effects import Later
from workflows.ids import QuestionId, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.questions import Questionnaire
from workflows.use_case import UseCase
from workflows.walk import Walk

_TRIES = 30
_KINDS: Mapping[str, Literal["choice", "multi", "yesno"]] = {
    "choice": "choice",
    "multi": "multi",
    "yesno": "yesno",
}
Rule = Callable[[Walk, UseCase | None, Program, Directory, Circumstances], Decision]


def _clock(job: Job, user: UserId) -> Circumstances:
    return job.circumstances(user, "clock")


@works("open_walk")
def open_walk(job: Job) -> None:
    """Reads what the first sentence implies with the embedded model, then posts the opening."""
    with job.store.read() as reading:
        walk = reading.walk(job.subject.id)
    if walk is None or walk.status != "opening":
        return
    questionnaire = job.program.questionnaires[walk.questionnaire]
    suggestions = _suggestions(job, questionnaire, walk.origin.words)
    with job.store.write() as tx:
        walk = tx.lock_walk(job.subject.id)
        use_case = tx.lock_use_case(walk.about) if walk else None
        if walk is None or use_case is None or walk.status != "opening":
            return
        circ = _clock(job, walk.owner)
        directory = tx.directory()
        tx.apply(conversation.open_walk(walk, use_case, suggestions, job.program, directory, circ), circ)


def _suggestions(job: Job, questionnaire: Questionnaire, words: str) -> dict[QuestionId, tuple[object, str]]:
    """Choices that the words imply, by question: (value, what it was read from)."""
    # knowledge is imported here, not at the top: it costs what an idle bot should not pay at its start.
    from knowledge.suggest import Option, Prompt, suggest

    prompts = [
        Prompt(
            q.id,
            [Option(c.id, c.label, (*c.phrases, *c.synonyms)) for c in q.choices],
            many=q.type == "multi",
        )
        for q in questionnaire.questions()
        if q.type in ("choice", "multi") and q.choices
    ]
    many = {p.question_id for p in prompts if p.many}
    sure: dict[QuestionId, tuple[object, str]] = {
        QuestionId(id): (list(s.option_ids) if id in many else s.option_ids[0], words)
        for id, s in suggest(words, prompts, job.embedder).items()
    }
    return _read_by_model(job, questionnaire, words) | sure


def _read_by_model(
    job: Job, questionnaire: Questionnaire, words: str
) -> dict[QuestionId, tuple[object, str]]:
    """What a chat model points out in the words, where one is set; what else is known goes before it."""
    if job.writer is None:
        return {}
    from knowledge.extracting import Field, extract
    from knowledge.masking import NOTHING_MASKED, Masker

    names = names_to_mask(job.settings, job.directory)
    fields = [
        Field(q.id, q.label, _KINDS.get(q.type, "words"), tuple((c.id, c.label) for c in q.choices))
        for q in questionnaire.questions()
        if q.type not in ("file", "link") and q.id != questionnaire.story_question
    ]
    masker = NOTHING_MASKED if names is None else Masker(names)
    found = extract(
        job.writer.model,
        words,
        fields,
        job.writer.budget,
        masker,
        on_used=lambda used: count_reading(job, used, questionnaire.id),
    )
    return {QuestionId(id): (each.value, each.quote) for id, each in found.items()}


@works("submit_walk")
def submit_walk(job: Job) -> None:
    """Submits a draft whose owner said so in words."""
    from bot.listeners.walking import submit_draft

    user = UserId(str(job.data["user"]))
    circ = job.circumstances(user, "message")
    with job.store.write() as tx:
        here = in_walk(tx, job, circ, job.subject.id)
        if here is None or here.walk.owner != user or not tx.first_time(job.key):
            return
        submit_draft(tx, here.moment, here.walk, here.use_case, here.circ)


@works("nudge_draft")
def nudge_draft(job: Job) -> None:
    """One polite reminder of an idle draft."""
    _when_due(job, conversation.nudge)


@works("expire_draft")
def expire_draft(job: Job) -> None:
    """Puts away a draft that nobody came back to."""
    _when_due(job, conversation.expire)


@works("nudge_assignment")
def nudge_assignment(job: Job) -> None:
    """Reminds somebody of a question that was handed to them."""
    with job.store.write() as tx:
        here = _due(tx, job)
        if here is not None and tx.first_time(job.key):
            tx.apply(here.ask(nudge, str(job.data["assignment"])), here.circ)


def _when_due(job: Job, rule: Rule) -> None:
    with job.store.write() as tx:
        here = _due(tx, job)
        if here is not None:
            tx.apply(here.ask(rule), here.circ)


def _due(tx: Tx, job: Job) -> InWalk | None:
    """The walk of a job that fell due; the clock acts in its owner's name."""
    walk = tx.walk(job.subject.id)
    return in_walk(tx, job, _clock(job, walk.owner), walk.id) if walk else None


@works("hear_again")
def hear_again(job: Job) -> None:
    """Hears a message once more that came while its thread was not yet known, as soon as it is."""
    from bot.listeners.messages import hear_in_thread

    message = MessageIn.model_validate(job.data["message"])
    tries = int(job.data.get("tries", 0))
    circ = job.circumstances(message.user, "message")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        if tx.anchors_under_way(message.user) and tries < _TRIES:
            later = Later(
                key=f"hear/{message.key}/{tries + 1}",
                due=job.now + timedelta(seconds=2),
                name="hear_again",
                subject=job.subject,
                data={"message": dict(job.data["message"]), "tries": tries + 1},
            )
            tx.apply(Decision(effects=(later,)), circ)
        else:
            hear_in_thread(tx, job, message, circ)
