"""``preflight corpus``: bring documents in, see what is there, search it, measure the answers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands_line.corpus_answers import gaps, promoted
from bot.commands_line.indexing import index_status, reindex, say_index

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.embedding import Embedder
    from knowledge.syncing import Progress, Report, Source

PLAYBOOK = "playbook"
"""The name by which the program's own documents go."""

DEMANDED = "demanded.yaml"
"""Beside them: the figures below which a change of retrieval is not to be taken over."""

_INTERRUPTED = 130
_NAMED_AT_MOST = 5


@click.group()
def corpus() -> None:
    """Bring documents in and see what is there. All of it may run beside a serving bot."""


corpus.add_command(promoted)
corpus.add_command(gaps)


corpus.add_command(reindex)


@corpus.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--untracked", is_flag=True, help="In a Git work tree: also files that Git does not track.")
@click.option("--words-only", is_flag=True, help="Do not use the embedded model: find by words alone.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def sync(paths: tuple[Path, ...], untracked: bool, words_only: bool, as_json: bool) -> None:
    """Bring the documents in PATHS into the corpus: Markdown, HTML, PDF, Word and plain text.

    Only what changed since the last time is read. Without PATHS the program's own playbook and every folder
    brought in before are looked through again. Stopped halfway, it goes on from there the next time. Of a
    folder in a Git work tree only files that Git tracks are read.
    """
    from datetime import UTC, datetime

    from bot.settings import read_settings
    from knowledge.listing import CannotSync
    from knowledge.syncing import sync as bring_in
    from storage.store import open_store

    settings = read_settings()
    store = open_store(settings)
    model = None if words_only else embedder_of(settings)
    reports: list[Report] = []
    failed: list[str] = []
    try:
        with store.read() as reading:
            sources = _sources(settings, paths, _roots(reading), untracked)
        for source in sources:
            try:
                reports.append(bring_in(store, source, model, lambda: datetime.now(UTC), _progress()))
            except CannotSync as error:
                failed.append(str(error))
    except KeyboardInterrupt:
        click.echo(
            "\nStopped. What was read so far is in the corpus, document by document; run the same command "
            "again to go on.",
            err=True,
        )
        sys.exit(_INTERRUPTED)
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps([_as_json(r) for r in reports], ensure_ascii=False, indent=2))
    else:
        for report in reports:
            _say(report)
    for sentence in failed:
        click.echo(sentence, err=True)
    sys.exit(1 if failed else 0)


@corpus.command()
@click.argument("name")
def remove(name: str) -> None:
    """Take a folder's documents out of the corpus. NAME is as in `preflight corpus status`."""
    from bot.settings import read_settings
    from storage import corpus as kept
    from storage.store import open_store

    store = open_store(read_settings())
    try:
        with store.write() as tx:
            known = {root.name for root in kept.roots(tx.connection)}
            chosen = name if name in known else str(Path(name).absolute())
            if chosen not in known:
                raise click.ClickException(
                    f"There is no {name}. There is: {', '.join(sorted(known)) or 'nothing'}."
                )
            kept.begin_change(tx.connection)
            count = kept.remove_root(tx.connection, chosen)
    finally:
        store.close()
    click.echo(f"{count} documents taken out.")


@corpus.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(as_json: bool) -> None:
    """Say what is in the corpus, how old it is, and what is past its review date."""
    from datetime import UTC, datetime

    from bot.settings import read_settings
    from knowledge.onnx_graph import FINGERPRINT
    from storage import corpus as kept
    from storage.store import open_store

    settings = read_settings()
    store = open_store(settings)
    try:
        index = index_status(settings, store)
        with store.read() as reading:
            size = kept.size(reading.connection, FINGERPRINT)
            roots = kept.roots(reading.connection)
            documents = kept.documents(reading.connection)
    finally:
        store.close()
    today = datetime.now(UTC).date().isoformat()
    stale = [d for d in documents if d.review_date and d.review_date < today]
    told = {
        "version": size.version,
        "documents": size.documents,
        "passages": size.passages,
        "with_vectors": size.vectors,
        "index": index,
        "sources": [
            {
                "name": r.name,
                "folder": r.folder,
                "synced_at": r.synced_at.isoformat(),
                "documents": size.by_root.get(r.name, 0),
            }
            for r in roots
        ],
        "stale": [
            {"source": d.root, "path": d.path, "owner": d.owner, "review_date": d.review_date} for d in stale
        ],
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if not size.documents:
        click.echo("The corpus is empty. Run `preflight corpus sync` for the playbook, or name a folder.")
        return
    click.echo(f"{size.documents} documents, {size.passages} passages, {size.vectors} of them with a vector.")
    click.echo(say_index(index))
    for root in roots:
        count = size.by_root.get(root.name, 0)
        click.echo(f"  {root.name}: {count} documents, looked through {root.synced_at:%Y-%m-%d %H:%M} UTC")
    for document in stale:
        who = f", owner {document.owner}" if document.owner else ""
        click.echo(f"Past its review date ({document.review_date}{who}): {document.path}")


@corpus.command()
@click.argument("question")
@click.option("--limit", type=click.IntRange(1, 50), default=10, show_default=True, metavar="N")
@click.option("--words-only", is_flag=True, help="Do not use the embedded model: find by words alone.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def search(question: str, limit: int, words_only: bool, as_json: bool) -> None:
    """List the passages found for QUESTION with what speaks for each, best first (documents for all)."""
    from bot.commands_line.asking import opened
    from bot.settings import read_settings
    from knowledge.evidence import FEATURES
    from knowledge.query import query

    with opened(read_settings(), words_only) as (store, retriever), store.read() as reading:
        found = retriever.search(reading, query(question), (), limit)
    told = [
        {
            "document": r.passage.title,
            "path": r.passage.path,
            "section": r.passage.section,
            "start": r.passage.begins,
            "end": r.passage.ends,
            "score": round(r.score, 4),
            "evidence": {n: round(v, 4) for n, v in zip(FEATURES, r.evidence.features, strict=True)},
            "text": r.passage.text,
        }
        for r in found.ranked
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for number, entry in enumerate(told, 1):
        where = " · ".join(str(entry[k]) for k in ("path", "section") if entry[k])
        click.echo(f"{number:>2}. {entry['score']:6.2f}  {where}")
        click.echo(f"            {' '.join(str(entry['text']).split())[:160]}")


@corpus.command(name="eval")
@click.argument(
    "questions",
    metavar="SET...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
)
@click.option("--words-only", is_flag=True, help="Do not use the embedded model: find by words alone.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def eval_(questions: tuple[Path, ...], words_only: bool, as_json: bool) -> None:
    """Measure the answers on SET; fails where they fall below the program's playbook/demanded.yaml.

    SET has one JSON object a line: "question", "answerable", and for those that are "document" (its path)
    and "quote" (a phrase of the passage that answers) or "section"; "after" is the question it goes on from.
    It is asked as someone who may read everything.
    """
    from dataclasses import asdict

    from bot.commands_line.asking import opened
    from bot.settings import read_settings
    from knowledge.evaluating import BadSet, evaluate, read_cases, read_demanded
    from storage import corpus as kept

    settings = read_settings()
    try:
        cases = [case for file in questions for case in read_cases(file)]
        demanded = read_demanded(playbook_folder(settings) / DEMANDED, not words_only)
    except BadSet as error:
        raise click.ClickException(str(error)) from None
    with opened(settings, words_only) as (store, retriever), store.read() as reading:
        everyone = {a for d in kept.documents(reading.connection) for a in d.audiences}
        figures = evaluate(retriever, reading, cases, everyone)
    short = figures.below(demanded)
    if as_json:
        numbers = {k: None if v != v else v for k, v in asdict(figures).items()}  # not a number: not measured
        click.echo(json.dumps({"ok": not short, "figures": numbers, "short": short}, indent=2))
    else:
        for name, value in asdict(figures).items():
            shown = str(value) if isinstance(value, int) else "-" if value != value else f"{value:.3f}"
            click.echo(f"{name:<20}{shown:>9}")
        for sentence in short:
            click.echo(sentence, err=True)
    sys.exit(1 if short else 0)


def embedder_of(settings: Settings) -> Embedder:
    """The embedded model, loaded when it is first used."""
    from knowledge.embedding import Embedder

    return Embedder(settings.data_dir / "model")


def playbook_folder(settings: Settings) -> Path:
    """The documents that come with the program in use."""
    from storage.program_folder import default_program_folder

    return (settings.program_dir or default_program_folder()) / PLAYBOOK


def _roots(reading: object) -> list[tuple[str, str]]:
    from storage import corpus as kept
    from storage.reading import Reading

    assert isinstance(reading, Reading)
    # Pages made of answers have no folder to be read from.
    return [(root.name, root.folder) for root in kept.roots(reading.connection) if root.folder]


def _sources(
    settings: Settings, paths: tuple[Path, ...], known: list[tuple[str, str]], untracked: bool
) -> list[Source]:
    from knowledge.syncing import Source

    book = playbook_folder(settings)
    if not paths:
        named = {PLAYBOOK: book, **{name: Path(folder) for name, folder in known if name != PLAYBOOK}}
        return [
            Source(name, folder, untracked)
            for name, folder in named.items()
            if name != PLAYBOOK or folder.is_dir()
        ]
    chosen: dict[str, Source] = {}
    for path in paths:
        place = path.expanduser().resolve()
        name = PLAYBOOK if place == book.resolve() else str(place)
        others = [Path(folder) for other, folder in known if other != name]
        others += [source.folder for other, source in chosen.items() if other != name]
        for other in others:
            if place != other and (place.is_relative_to(other) or other.is_relative_to(place)):
                raise click.ClickException(
                    f"{place} and {other}, which is in the corpus, lie within each other, so documents "
                    f"would be there twice. Sync {other}, or take it out first: "
                    f"preflight corpus remove {other}"
                )
        chosen[name] = Source(name, place, untracked)
    return list(chosen.values())


def _progress() -> Progress | None:
    """A bar on a terminal; nothing where the output goes elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int, path: str) -> None:
        share = done / total if total else 1.0
        bar = ("█" * round(24 * share)).ljust(24, "░")
        click.echo(f"\r\x1b[K{bar} {done}/{total} {path[:60]}", err=True, nl=done == total)

    return show


def _as_json(report: Report) -> dict[str, object]:
    return {
        "source": report.source,
        "added": report.added,
        "changed": report.changed,
        "renamed": [{"from": before, "to": now} for before, now in report.renamed],
        "removed": report.removed,
        "unchanged": report.unchanged,
        "ignored": dict(report.ignored),
        "untracked": report.untracked,
        "note": report.note,
        "problems": [{"path": path, "problem": problem} for path, problem in report.problems],
        "passages": report.passages,
        "embedded": report.embedded,
        "model_problem": report.model_problem,
    }


def _say(report: Report) -> None:
    from knowledge.listing import endings

    counts = {
        "added": len(report.added),
        "changed": len(report.changed),
        "renamed": len(report.renamed),
        "removed": len(report.removed),
        "unchanged": report.unchanged,
    }
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "no documents in it"
    click.echo(f"{report.source}: {told}. {report.passages} passages written.")
    if report.note:
        click.echo(f"{report.note}.", err=True)
    if report.ignored:
        click.echo(f"Files of types that are not read: {endings(report.ignored)}.")
    if report.untracked:
        named = ", ".join(report.untracked[:_NAMED_AT_MOST])
        more = len(report.untracked) - _NAMED_AT_MOST
        click.echo(
            f"Left out, because Git does not track them: {named}{f' and {more} more' if more > 0 else ''}. "
            "Add them to Git, or sync with --untracked."
        )
    for path, problem in report.problems:
        click.echo(f"{path} {problem}.", err=True)
    if report.model_problem:
        click.echo(report.model_problem, err=True)
