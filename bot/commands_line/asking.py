"""``preflight ask``: a question, or a file of them, answered from the corpus with citations."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.replying import Replied
    from knowledge.retrieval import Retriever
    from knowledge.writing import Writer
    from storage.store import Store
    from storage.traces import Trace
    from workflows.ids import UserId
    from workflows.people import Directory
    from workflows.program import Program


@click.command()
@click.argument("question", required=False)
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help='Questions, one JSON object a line: {"id", "question", "after"?}; after names the one it follows.',
)
@click.option("--json", "as_json", is_flag=True, help="Print each answer as one line of JSON.")
@click.option("--as", "user", default="", metavar="USER", help="Ask as this person: an id or a handle.")
@click.option("--words-only", is_flag=True, help="Do not use the embedded model: find by words alone.")
@click.option("--quotes-only", is_flag=True, help="Do not have the chat model of the settings write.")
def ask(
    question: str | None, file: Path | None, as_json: bool, user: str, words_only: bool, quotes_only: bool
) -> None:
    """Ask the playbook QUESTION; the answer quotes it and says where each quote stands.

    Without --as only documents for everybody are looked at. With it, questions about what is so at this
    moment (who can stop this, what waits for me) are answered from the records as that person may know
    them. With a chat model set (PREFLIGHT_MODEL) that writes the answer from the quotes.
    """
    from bot.commands_line.asking_records import records_say, with_records
    from bot.model import names_to_mask, writer_of
    from bot.settings import read_settings
    from bot.spending import of_answer

    if (question is None) == (file is None):
        raise click.UsageError("Give a question, or --file with questions.")
    asked = _read(file) if file else [(None, question or "", "")]
    settings = read_settings()
    with opened(settings, words_only) as (store, retriever):
        from knowledge.replying import reply

        program = _program(settings) if user else None
        asker, who = _asker(program, store, user)
        writer = None if quotes_only else writer_of(settings)
        names = None
        if writer is not None:
            _ready(writer)
            with store.read() as reading:
                names = names_to_mask(settings, reading.directory())
        kept: list[Trace] = []
        try:
            for id, words, after in asked:
                now = datetime.now(UTC)
                live = None
                if program is not None:
                    live = records_say(store, settings, program, asker, words, after, now)
                found = reply(
                    store,
                    retriever,
                    live.rule or words if live else words,
                    who,
                    after,
                    now=now,
                    asker=asker,
                    writer=writer,
                    names=names,
                )
                kept.append(found.trace)
                if live:
                    found = with_records(found, live)
                if as_json:
                    click.echo(json.dumps(as_dict(id, found), ensure_ascii=False))
                else:
                    click.echo(f"{words}\n{found.answer.text}\n" if file else found.answer.text)
        finally:
            store.keep_traces(kept, settings.model.trace_days)
            for trace in kept:
                spent = of_answer(trace, "command_line")
                if spent is not None:
                    store.keep_spent(spent, trace.at)


def _ready(writer: Writer) -> None:
    """Loading its libraries is no part of the time a model has to answer."""
    wrong = writer.model.problem()
    if wrong:
        raise click.ClickException(wrong)


@contextmanager
def opened(settings: Settings, words_only: bool = False) -> Iterator[tuple[Store, Retriever]]:
    """The store, with something in its corpus, and what searches it."""
    from bot.commands_line.corpus import embedder_of
    from knowledge.retrieval import Retriever
    from storage import corpus
    from storage.store import open_store

    store = open_store(settings)
    try:
        with store.read() as reading:
            if not corpus.documents(reading.connection):
                raise click.ClickException(
                    "The corpus is empty. Run `preflight corpus sync` to bring in the playbook, or "
                    "`preflight corpus sync FOLDER` for documents of your own."
                )
        yield store, Retriever(None if words_only else embedder_of(settings))
    finally:
        store.close()


def as_dict(id: object, found: Replied) -> dict[str, Any]:
    """An answer for a machine."""
    return {
        "id": id,
        "state": found.answer.state,
        "text": found.answer.text,
        "citations": [
            {
                "document": c.document,
                "path": c.path,
                "section": c.section,
                "quote": c.quote,
                "start": c.start,
                "end": c.end,
                "score": c.score,
                "source": c.source,
                "link": c.link,
                "date": c.date,
                "stale": c.stale,
            }
            for c in found.answer.citations
        ],
        "probability": round(found.answer.probability, 4),
        "latency_ms": found.trace.total_ms,
    }


def _read(file: Path) -> list[tuple[object, str, str]]:
    """Id, question, and the question it goes on from."""
    asked: list[tuple[object, str, str]] = []
    known: dict[str, str] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            id, question, after = said.get("id", number), said["question"], said.get("after")
        except (ValueError, KeyError, TypeError, AttributeError):
            id, question, after = number, None, None
        if not isinstance(question, str):
            raise click.ClickException(
                f'{file.name}, line {number}: write a JSON object with "id" and "question".'
            )
        if after is not None and str(after) not in known:
            raise click.ClickException(
                f'{file.name}, line {number}: "after" names {after!r}, which is no earlier question.'
            )
        known[str(id)] = question
        asked.append((id, question, known[str(after)] if after is not None else ""))
    return asked


def _program(settings: Settings) -> Program:
    """The program in use."""
    from storage.program_folder import default_program_folder, read_program

    return read_program(settings.program_dir or default_program_folder())


def _asker(program: Program | None, store: Store, user: str) -> tuple[str, Collection[str]]:
    """The id of the person, and their audiences; without a program nobody asks."""
    if program is None:
        return "", ()
    from bot.audiences import audiences_of

    with store.read() as reading:
        directory = reading.directory()
    id = person_named(directory, user)
    return id, audiences_of(id, directory, program)


def person_named(directory: Directory, user: str) -> UserId:
    """The one person of that id or handle; says so where there is no such person."""
    name = user.strip().lstrip("@")
    people = [p for p in directory.people.values() if p.id == name or p.handle.casefold() == name.casefold()]
    if len(people) != 1:
        raise click.ClickException(
            f"There is no one person {user!r} in the directory. Give the id that Slack knows them by."
        )
    return people[0].id
