"""Documents that people asked for: written after the commit, and given to them as files."""

from __future__ import annotations

from bot.filing import record_of
from bot.own_data import as_json, as_markdown, gathered
from bot.policies import rules_of
from bot.registry import Job, works
from bot.views.say import words_of
from storage.own_data import named
from workflows.effects import ToPerson
from workflows.ids import Place, UserId
from workflows.personal.mask import Named
from workflows.records.details import moment as in_words
from workflows.records.markdown import markdown
from workflows.seeing import reads_record


@works("file_record")
def file_record(job: Job) -> None:
    """The governance record as PDF and as Markdown, in the direct message of whoever asked.

    Whether they may read it is asked once more: it may have changed since. Each file is shared once, however
    often this runs.
    """
    user = UserId(str(job.data["to"]))
    with job.store.read() as reading:
        use_case = reading.use_case(job.subject.id)
        if use_case is None or job.files is None:
            return
        rules = rules_of(reading, job.program, use_case)
        approval = reading.approval_of(use_case.id)
        if not reads_record(user, use_case, approval, rules, reading.directory(), job.now):
            return
        document = record_of(reading, job.program, use_case.id, job.now)
    assert document is not None, "it was there a moment ago"
    from bot.paper import pdf

    title = use_case.title or use_case.id
    when = in_words(job.now)
    comment = words_of(job.program, "record_here", title=title, id=use_case.id, when=when)
    name = f"record-{use_case.id}"
    place = _place(job, user)
    job.files.share(
        f"{name}.pdf", pdf(document), f"Record of {use_case.id}, PDF", place, comment, f"{job.key}/pdf"
    )
    text = markdown(document).encode("utf-8", "replace")
    job.files.share(f"{name}.md", text, f"Record of {use_case.id}, Markdown", place, "", f"{job.key}/md")


@works("file_own_data")
def file_own_data(job: Job) -> None:
    """Everything that is kept about a person, as JSON and to read, in their own direct message.

    They are looked for by id and e-mail alone: names and handles are what people choose for themselves in
    Slack, and whoever took another's would be given what others wrote about that one.
    """
    user = job.subject.id
    if job.files is None:
        return
    with job.store.read() as reading:
        known = named(reading.connection, user)
        who = Named(id=user, email=known.email if known else "")
        found = gathered(reading, who, job.now)
    comment = words_of(job.program, "own_data_here", when=in_words(job.now))
    place = _place(job, UserId(user))
    job.files.share(
        "my-data.md",
        as_markdown(found).encode("utf-8", "replace"),
        "To read",
        place,
        comment,
        f"{job.key}/md",
    )
    job.files.share(
        "my-data.json",
        as_json(found).encode("utf-8", "replace"),
        "My data, as JSON",
        place,
        "",
        f"{job.key}/json",
    )


def _place(job: Job, user: UserId) -> Place | ToPerson:
    """The thread of the person's own conversation in which words asked for it, else its top."""
    channel = str(job.data.get("channel") or "")
    return Place(channel=channel, thread=str(job.data["thread"]) or None) if channel else ToPerson(user=user)
