"""``preflight trace``: how answers came about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from storage.traces import Trace


@click.command()
@click.argument("id", required=False)
@click.option("--last", "count", default=10, show_default=True, metavar="N", help="The N latest answers.")
@click.option("--json", "as_json", is_flag=True, help="Print each as one line of JSON.")
def trace(id: str | None, count: int, as_json: bool) -> None:
    """Show how the answer ID came about, or list the latest answers."""
    from bot.settings import read_settings
    from storage import traces
    from storage.store import open_store

    store = open_store(read_settings())
    try:
        with store.read() as reading:
            one = traces.of(reading.connection, id) if id else None
            found = [one] if one else [] if id else traces.last(reading.connection, max(1, count))
    finally:
        store.close()
    if id and not found:
        raise click.ClickException(f"No answer {id} is recorded. It may be older than PREFLIGHT_TRACE_DAYS.")
    if not found:
        click.echo("No answer is recorded yet.", err=True)
    for each in found:
        if as_json:
            click.echo(json.dumps(each.model_dump(mode="json"), ensure_ascii=False))
        else:
            click.echo(_whole(each) if id else _line(each))


def _line(trace: Trace) -> str:
    cost = f", {trace.cost:.6f}" if trace.cost is not None else ""
    outcome = f" ({trace.outcome})" if trace.outcome else ""
    question = " ".join(trace.question.split())
    return (
        f"{trace.id}  {trace.at:%Y-%m-%d %H:%M}  {trace.state} by {trace.how}{outcome}, "
        f"{trace.total_ms:.0f} ms{cost}  {question[:80]}"
    )


def _whole(trace: Trace) -> str:
    lines = [
        f"{trace.id}, {trace.at:%Y-%m-%d %H:%M:%S} UTC, asked by {trace.asker or 'nobody named'}",
        f"Question: {trace.question}",
    ]
    if trace.after:
        lines.append(f"After: {trace.after}")
    lines.append(
        f"Told: {trace.state} by {trace.how}, probability {trace.probability}, corpus version "
        f"{trace.corpus_version}, retrieval {trace.retrieval}"
    )
    if trace.outcome:
        why = f", {trace.why}" if trace.why else ""
        prompt = f", prompt {trace.prompt}" if trace.prompt else ""
        lines.append(
            f"Model: {trace.model}{prompt}, {trace.outcome}{why}{', masked' if trace.masked else ''}"
        )
        about = "about " if trace.approximate else ""
        cost = f", cost {trace.cost:.6f}" if trace.cost is not None else ""
        lines.append(f"Tokens: {about}{trace.tokens_in} in, {trace.tokens_out} out{cost}")
        lines += [f"Dropped: {count}, {why}" for why, count in trace.dropped.items()]
    times = [f"found in {trace.retrieval_ms} ms"]
    if trace.first_sentence_ms is not None:
        times.append(f"first sentence after {trace.first_sentence_ms} ms")
    if trace.model_ms is not None:
        times.append(f"model {trace.model_ms} ms")
    lines.append(f"Time: {', '.join(times)}, {trace.total_ms} ms in all")
    for number, p in enumerate(trace.passages, 1):
        marks = "".join(f", {word}" for word, so in (("sent", p.sent), ("cited", p.cited)) if so)
        section = f", {p.section}" if p.section else ""
        lines.append(f"{number:>3}. {p.score:.4f}  {p.source}/{p.path}{section}{marks}")
    return "\n".join(lines)
