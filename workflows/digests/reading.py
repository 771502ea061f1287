"""Who may look behind a digest."""

from __future__ import annotations

from workflows.digests.issue import DigestIssue
from workflows.ids import UserId
from workflows.people import Directory


def reads_issue(user: UserId, issue: DigestIssue, directory: Directory) -> bool:
    """Whoever is in the company; of one that was written for one person, that person alone.

    What is listed behind it are outlines of use cases; whatever its buttons open is asked for again there.
    """
    written_for = issue.page.get("reader") or (issue.owner if issue.status == "preview" else None)
    return directory.person(user).active and written_for in (None, user)
