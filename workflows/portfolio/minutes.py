"""The minutes of a session as Markdown: what was decided about what, by whom, why, and what follows."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.ids import UseCaseId
from workflows.people import Directory
from workflows.portfolio_review import PortfolioReview, Verdict
from workflows.program import Program


def minutes_of(
    review: PortfolioReview, titles: Mapping[UseCaseId, str], program: Program, directory: Directory
) -> str:
    """Markdown with a table of verdicts and a list of what is still to be done. Times are UTC dates."""
    members = ", ".join(directory.person(u).name for u in review.members) or "nobody"
    until = f" to {review.closed_at:%d %B %Y}" if review.closed_at else ""
    lines = [
        f"# Portfolio review {review.period}",
        "",
        f"{review.id}, {review.opened_at:%d %B %Y}{until}. Decided by: {members}. "
        f"Program version {review.program.label}.",
        "",
        "| use case | decision | proposed | by | reason |",
        "| --- | --- | --- | --- | --- |",
        *(_row(v, titles, program, directory) for v in review.verdicts),
    ]
    left = [u for u in review.queue if review.verdict(u) is None]
    if left:
        lines += ["", "## Not reached", "", *(f"- {_cell(titles.get(u, u))} ({u})" for u in left)]
    if review.tasks:
        lines += ["", "## To be done", ""]
        for task in review.tasks:
            box = "x" if task.done_at else " "
            due = f", by {task.due:%d %B %Y}" if task.due else ""
            who = directory.person(task.owner).name
            title = _cell(titles.get(task.use_case, task.use_case))
            lines.append(f"- [{box}] {title}: {_cell(task.text)} ({who}{due})")
    return "\n".join([*lines, ""])


def _row(verdict: Verdict, titles: Mapping[UseCaseId, str], program: Program, directory: Directory) -> str:
    title = f"{_cell(titles.get(verdict.use_case, verdict.use_case))} ({verdict.use_case})"
    named = [program.portfolio.course(c) for c in (verdict.course, verdict.proposed)]
    course, proposed = (
        c.label if c else v for c, v in zip(named, (verdict.course, verdict.proposed), strict=True)
    )
    who = directory.person(verdict.by).name
    return f"| {title} | {course} | {proposed} | {who} | {_cell(verdict.reason)} |"


def _cell(text: str) -> str:
    """On one line, and no bar that would end the cell."""
    return " ".join(text.split()).replace("|", "\\|")
