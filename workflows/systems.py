"""Systems that act, such as a delivery pipeline: each has the name its operator gave it, and is no person."""

from __future__ import annotations

from workflows.ids import UserId

_MARK = "system:"


def system_user(name: str) -> UserId:
    """Who acts, for rules and the audit log, when a system of that name does."""
    return UserId(f"{_MARK}{name}")


def system_name(user: UserId | str) -> str:
    """The system's name; empty for a person."""
    return user.removeprefix(_MARK) if user.startswith(_MARK) else ""
