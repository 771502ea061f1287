"""``/preflight numbers``: the numbers of a use case, and bringing many from a file."""

from __future__ import annotations

from bot.drawing import draw
from bot.figures import open_check_ins
from bot.hearing import not_for_them
from bot.inputs import Click, CommandIn, FileIn, MessageIn, Submission, unpacked
from bot.listeners.incident_hook import named
from bot.registry import NOTHING, Answer, Message, Moment, command, on_action, on_view
from bot.views.approval_forms import told
from bot.views.figures_file import file_form
from bot.views.say import words_of
from storage.reading import Reading
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.effects import Work
from workflows.ids import Place, Subject, UserId
from workflows.seeing import knows_of, reads_record
from workflows.taking_part import works_on
from workflows.use_case import UseCase


@command("numbers", help="the numbers of a use case, or many from a file", usage="[use case]")
def numbers(moment: Moment, said: CommandIn) -> Answer:
    """``/preflight numbers``: the form for a file; with a use case, its numbers and their trends."""
    with moment.store.read() as reading:
        if not said.rest:
            mine = [reading.use_case(c.use_case) for c in open_check_ins(reading, said.user)[:10]]
            titles = [u.title or str(u.id) for u in mine if u is not None]
            return Answer(view=file_form(moment.program, titles))
        use_case = named(reading, said.rest)
        if use_case is None or not knows_of(said.user, use_case.stage, use_case.submitter):
            return Answer(note=Message(text=words_of(moment.program, "numbers_which", name=said.rest[:100])))
        if not _may_read(moment, reading, use_case, said.user):
            return not_for_them(moment, use_case.subject)
        return Answer(note=draw(moment, reading, "figures", use_case.subject, {}, said.user, None))


def _may_read(moment: Moment, reading: Reading, use_case: UseCase, user: UserId) -> bool:
    directory = reading.directory()
    approval = reading.approval_of(use_case.id)
    return works_on(use_case, user, moment.program, directory, moment.now) or reads_record(
        user, use_case, approval, moment.program, directory, moment.now
    )


@on_view("figures.csv")
def file_given(moment: Moment, submission: Submission) -> Answer:
    """A file was chosen: it is read after the commit, and what it holds is shown before it counts."""
    held = submission.view.values.get("file", {}).get("file")
    files = [f for f in held if isinstance(f, FileIn)] if isinstance(held, list) else []
    if not files:
        return Answer(errors={"file": words_of(moment.program, "figure_unread")})
    circ = moment.circumstances(submission.user, "modal")
    with moment.store.write() as tx:
        if tx.first_time(submission.key):
            tx.apply(Decision(effects=(_reading(submission.user, files[0], None),)), circ)
    return Answer(update=told("Numbers", words_of(moment.program, "csv_on_its_way")))


def numbers_in_a_file(tx: Tx, message: MessageIn, circ: Circumstances) -> bool:
    """Whether somebody sent a table in their own conversation; then it is read after the commit."""
    file = next((f for f in message.files if f.name.casefold().endswith((".csv", ".tsv"))), None)
    if file is None or not message.direct:
        return False
    tx.apply(Decision(effects=(_reading(message.user, file, message.place),)), circ)
    return True


def _reading(user: UserId, file: FileIn, place: Place | None) -> Work:
    data = {
        "file": file.model_dump(mode="json"),
        "place": place.model_dump(mode="json") if place else None,
    }
    subject = Subject(type="person", id=user)
    return Work(name="figures_file", subject=subject, data=data, key=f"figures/file/{file.id}/{user}")


@on_action("figures.import")
def bring_in(moment: Moment, click: Click) -> Answer:
    """What was shown is to count. The file is read again, and has to be the very same."""
    wanted = unpacked(str(click.value or ""))
    if not wanted.get("file") or not wanted.get("digest"):
        return NOTHING
    circ = moment.circumstances(click.user, "button")
    data = {
        "file": str(wanted["file"]),
        "digest": str(wanted["digest"]),
        "name": str(wanted.get("name") or ""),
    }
    place = Place(channel=click.channel, thread=click.thread or click.message) if click.channel else None
    with moment.store.write() as tx:
        if tx.first_time(click.key):
            work = Work(
                name="figures_in",
                subject=Subject(type="person", id=click.user),
                data={**data, "place": place.model_dump(mode="json") if place else None},
                key=f"figures/in/{click.user}/{data['file']}",
            )
            tx.apply(Decision(effects=(work,)), circ)
    return NOTHING
