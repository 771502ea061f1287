"""Questions to the playbook after the commit: looked up, answered where they were asked, or left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.asking import keep_trace, look_up
from bot.live import state_of
from bot.policies import rules_for
from bot.registry import Job, works
from bot.views.kit import unmentioned
from workflows import consulting, referring
from workflows.consultation import Consultation
from workflows.decision import Decision
from workflows.ids import ConsultationId, Place, QuestionId, UserId
from workflows.promoting import Page
from workflows.talks import seen
from workflows.walk import Walk
from workflows.words.following import follows

_UNNUMBERED = ConsultationId("")
"""Of a question that may come to nothing, and then is not kept."""


@works("answer_question")
def answer_question(job: Job) -> None:
    """Answers a question that is kept already, in its thread."""
    with job.store.read() as reading:
        asked = reading.consultation(job.subject.id)
    if asked is None or asked.state != "pending":
        return
    live = state_of(job, asked)
    growing = None
    if job.grow and live is None:
        growing = job.grow(asked.place, consulting.answer_key(asked.id))
    found, told, trace = live.looked if live else look_up(job, asked, growing)
    circ = job.circumstances(asked.asker, "message")
    with job.store.write() as tx:
        there = tx.lock_consultation(asked.id)
        if there is None or not tx.first_time(job.key):
            return
        keep_trace(tx, job, trace)
        begun = growing is not None and growing.begun
        card = live.card if live else None
        decision, told = consulting.answered(
            there, found, told, job.program, tx.directory(), circ, card, begun=begun
        )
        if decision.changed:
            tx.save_told(there.id, told)
            decision = decision.and_then(live.aside) if live else decision
        tx.apply(decision, circ)


@works("overhear")
def overhear(job: Job) -> None:
    """A question in a thread where the bot answered before, not put to it: answered surely, or not at all.

    What it has no answer to is nobody's business but theirs who talk there: nothing of it is kept.
    """
    user = UserId(str(job.data["user"]))
    place = Place(channel=str(job.data["channel"]), thread=str(job.data["thread"]))
    circ = job.circumstances(user, "message")
    before = ConsultationId(job.subject.id)
    asked = consulting.begun(_UNNUMBERED, str(job.data["question"]), user, place, False, circ, before)
    live = state_of(job, asked)
    found, told, trace = live.looked if live else look_up(job, asked, sure_only=True, workflow="overheard")
    if found.state != "answer" or (live and not live.certain):
        return
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        keep_trace(tx, job, trace)
        asked = _numbered(asked, tx.new_id("consultation"))
        card = live.card if live else None
        decision, told = consulting.answered(asked, found, told, job.program, tx.directory(), circ, card)
        tx.apply(decision.and_then(live.aside) if live else decision, circ)
        tx.save_told(asked.id, told)


@works("consult")
def consult(job: Job) -> None:
    """Answers a question asked on the way: from the playbook, else from the program's own explanations."""
    who = job.data.get("who")
    with job.store.read() as reading:
        walk = reading.walk(job.subject.id)
        if walk is not None and isinstance(who, str):
            walk = seen(walk, UserId(who), UserId(who))  # asked in a thread of their own
        before = None
        if walk is not None and walk.place is not None:
            before = reading.consultation_at(walk.place.channel, walk.place.thread)
    if walk is None or walk.place is None:
        return
    words = str(job.data["question"])
    user = UserId(str(job.data.get("user") or walk.owner))
    circ = job.circumstances(user, "message")
    after = before.id if before and follows(words) else None
    private = walk.place.channel.startswith("D")
    asked = consulting.begun(_UNNUMBERED, words, user, walk.place, private, circ, after)
    live = state_of(job, asked)
    found, told, trace = live.looked if live else look_up(job, asked, workflow=walk.questionnaire)
    card: dict[str, Any] = {"walk": walk.id, **(live.card if live else {})}
    if found.state != "answer":
        card["passages"] = _own_words(job, walk, words)
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        keep_trace(tx, job, trace)
        there = tx.walk(walk.id)
        there = seen(there, UserId(who), UserId(who)) if there and isinstance(who, str) else there
        card["back_to"] = there.asking if there and there.status == "asking" else None
        asked = _numbered(asked, tx.new_id("consultation"))
        decision, told = consulting.answered(asked, found, told, job.program, tx.directory(), circ, card)
        tx.apply(decision.and_then(live.aside) if live else decision, circ)
        tx.save_told(asked.id, told)


@works("remind_referral")
def remind_referral(job: Job) -> None:
    """A champion has had a question for a while."""
    _about_referral(job, referring.remind)


@works("expire_referral")
def expire_referral(job: Job) -> None:
    """A champion did not answer in time."""
    _about_referral(job, referring.expire)


@works("add_to_corpus")
def add_to_corpus(job: Job) -> None:
    """Keeps a page that was made of a champion's answer; from then on it is found and quoted."""
    from knowledge import promoted

    page = Page.model_validate(job.data)
    with job.store.read() as reading:
        asked, directory = reading.consultation(job.subject.id), reading.directory()
    done = asked.answered_by if asked else None
    if asked is None or done is None or asked.promotion is None:
        return
    made = promoted.Page(
        title=unmentioned(page.title, directory),
        section=unmentioned(page.section, directory),
        text=unmentioned(page.text, directory),
        audience=page.audience,
        owner=directory.person(done.to).name,
        function=done.function,
        review_date=page.review_date,
        asked=unmentioned(asked.question, directory),
        source=asked.id,
    )
    promoted.put(job.store, asked.promotion.path, made, job.embedder, job.now)


def _about_referral(job: Job, rule: Callable[..., Decision]) -> None:
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        asked = tx.lock_consultation(job.subject.id)
        if asked is None or not tx.first_time(job.key):
            return
        decision = rule(asked, job.program, tx.directory(), circ, referral=str(job.data["referral"]))
        tx.apply(decision, circ)


def _numbered(asked: Consultation, id: ConsultationId) -> Consultation:
    return asked.model_copy(update={"id": id})


def _own_words(job: Job, walk: Walk, asked: str) -> list[dict[str, str]]:
    """What the program's own explanations of its questions say to it."""
    from knowledge.passages import Passage, closest

    with job.store.read() as reading:
        program = rules_for(reading, job.program, walk.subject)
    known = {
        q.id: Passage(id=q.id, title=q.label, text=f"{q.why.text if q.why else ''} {q.help}".strip())
        for q in program.questionnaires[walk.questionnaire].questions()
        if q.why or q.help
    }
    return [
        {"title": known[QuestionId(f.id)].title, "text": known[QuestionId(f.id)].text}
        for f in closest(asked, list(known.values()), job.embedder, limit=1)
    ]
