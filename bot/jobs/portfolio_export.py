"""The portfolio as a file: made after the click, and shared where only whoever asked for it reads."""

from __future__ import annotations

from bot.drawing import scene_for
from bot.portfolio_export import chosen_table
from bot.registry import Job, works
from bot.views.portfolio_list import chosen_of
from bot.views.say import words_of
from workflows.decision import Decision, Entry
from workflows.effects import ToPerson
from workflows.ids import UserId
from workflows.portfolio.exporting import as_csv, as_json


@works("export_portfolio")
def export_portfolio(job: Job) -> None:
    """Shares the table in their direct message, once."""
    user = UserId(job.subject.id)
    shape = "json" if job.data.get("format") == "json" else "csv"
    with job.store.read() as reading:
        scene = scene_for(job, reading, job.subject, user)
        if not scene.directory.person(user).active:
            return
        columns, records, count = chosen_table(scene, user, chosen_of(job.data.get("chosen")))
        text = as_csv(columns, records) if shape == "csv" else as_json(records)
    if job.files is None:
        return
    # A mark of order tells spreadsheets that it is UTF-8.
    data = text.encode("utf-8-sig" if shape == "csv" else "utf-8", "replace")
    name = f"portfolio-{job.now:%Y-%m-%d}.{shape}"
    comment = words_of(job.program, "portfolio_exported", count=f"{count:,}")
    job.files.share(name, data, "Portfolio", ToPerson(user=user), comment, job.key)
    with job.store.write() as tx:
        if tx.first_time(job.key):
            entry = Entry(
                action="portfolio.exported", subject=job.subject, detail={"format": shape, "rows": count}
            )
            tx.apply(Decision(entries=(entry,)), job.circumstances(user, "delivery"))
