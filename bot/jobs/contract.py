"""Data contracts after a commit: one that was sent as a file, and a version that comes into force."""

from __future__ import annotations

from bot.contracts import hearing
from bot.inputs import FileIn, MessageIn
from bot.listeners.contract import contract_told
from bot.logs import logger
from bot.registry import Job, works
from bot.slack_files import NoFile
from workflows.contract_reading import TEXT_AT_MOST
from workflows.contracting import comes_into_force
from workflows.decision import Decision
from workflows.effects import Post, ToPlace

log = logger("contracts")


@works("contract_file")
def contract_file(job: Job) -> None:
    """A contract that somebody sent as a file: taken, or what is wrong with it is said where it was sent."""
    message = MessageIn.model_validate(job.data["message"])
    file = FileIn.model_validate(job.data["file"])
    if job.fetch is None:
        return
    text: str | None = None
    try:
        text = job.fetch(file.id, TEXT_AT_MOST).decode("utf-8-sig")
    except (NoFile, UnicodeDecodeError) as error:
        log.info("a contract's file was not read", why=getattr(error, "reason", "not UTF-8"))
    circ = job.circumstances(message.user, "message")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        if text is None:
            data = {"message": "contract_file_unread", "values": {"name": file.name}}
            here = ToPlace(place=message.place)
            tx.apply(Decision(effects=(Post(to=here, kind="said", subject=job.subject, data=data),)), circ)
            return
        tx.apply(contract_told(tx, job, text, message.place, circ, file.name), circ)


@works("contract_counts")
def contract_counts(job: Job) -> None:
    """The notice for a version is over."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        heard = hearing(tx, job, circ, job.subject.id)
        if heard is None:
            return
        version = str(job.data.get("version"))
        program, directory = job.program, tx.directory()
        tx.apply(comes_into_force(heard.contract, version, heard.relying, program, directory), circ)
