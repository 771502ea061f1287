"""Reading results of an evaluation from a file that was shared, and attaching them."""

from __future__ import annotations

from typing import Any

from bot.inputs import FileIn, MessageIn
from bot.logs import logger
from bot.registry import Job, works
from bot.slack_files import NoFile
from bot.walks import bringing
from workflows.decision import Decision
from workflows.effects import Post, ToPerson, ToPlace
from workflows.evaluating import attach, ways
from workflows.evaluation_files import BYTES_AT_MOST, NotResults, read_file
from workflows.ids import Subject
from workflows.words.evaluation import Told

log = logger("evaluation")


@works("read_evaluation")
def read_evaluation(job: Job) -> None:
    """What the file says is attached; what cannot be read of it is said in a sentence."""
    message = MessageIn.model_validate(job.data["message"])
    file = FileIn.model_validate(job.data["file"])
    rules = job.program.evaluation
    if rules is None or job.fetch is None:
        return
    told: Told | None = None
    trouble: tuple[str, dict[str, Any]] = ("evaluation_file_gone", {"name": file.name})
    try:
        told = read_file(job.fetch(file.id, BYTES_AT_MOST), file.name, *ways(rules))
    except NoFile as error:
        log.info("a shared file was not read", why=error.reason)
        if error.reason == "too large":
            trouble = ("evaluation_file_large", {"most": f"{BYTES_AT_MOST // 1_000_000} MB"})
    except NotResults as error:
        trouble = (error.message, {**error.values})
    circ = job.circumstances(message.user, "message")
    place = message.place if message.direct else None
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        use_case = tx.lock_use_case(job.subject.id)
        if use_case is None:
            return
        if told is None:
            tx.apply(_said(message, trouble[0], **trouble[1]), circ)
            return
        version, hurtful = str(job.data.get("version") or ""), job.data.get("hurtful")
        whole = told._replace(
            version=told.version or version, hurtful=told.hurtful if told.hurtful is not None else hurtful
        )
        brought = bringing(tx, job, circ, use_case, place)
        kept = {"id": file.id, "name": file.name, "link": file.link}
        tx.apply(attach(tx.new_id("walk"), brought, whole, "imported", message.text, (kept,)), brought.circ)
        if told.unread:
            tx.apply(_said(message, "evaluation_unread", what=", ".join(told.unread)), circ)


def _said(message: MessageIn, key: str, **values: str) -> Decision:
    to = ToPlace(place=message.place) if message.direct else ToPerson(user=message.user)
    data = {"message": key, "values": values}
    person = Subject(type="person", id=message.user)
    return Decision(effects=(Post(to=to, kind="said", subject=person, data=data),))
