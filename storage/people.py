"""The workspace's people and groups, as last heard from Slack; the whole directory is kept in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, select, update
from sqlalchemy import insert as plain_insert

from storage import erased
from storage.database import insert_or_replace
from storage.matter_schema import Availabilities
from storage.schema import DirectoryVersion, Groups, People
from workflows.availability import Availability
from workflows.ids import UserId
from workflows.people import Directory, Person

_VERSION = select(DirectoryVersion.version)


class DirectoryCache:
    """The last directory read, good for as long as its version in the database stands."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[int, Directory] | None = None

    def read(self, connection: Connection, keep: bool) -> Directory:
        """The directory of this moment. ``keep`` is false where it may still be rolled back."""
        version = connection.execute(_VERSION).scalar_one()
        with self._lock:
            kept = self._kept
        if kept and kept[0] == version:
            return kept[1]
        directory = _load(connection)
        if keep:
            with self._lock:
                self._kept = (version, directory)
        return directory


def save(
    connection: Connection, people: Iterable[Person], groups: Mapping[str, Sequence[UserId]] | None
) -> bool:
    """Keep what is known of these people; where ``groups`` is given it replaces all groups.

    Whoever is not named stays as they are: people are never deleted, they become inactive. Whoever was erased
    is not brought back. Returns whether anything changed.
    """
    before = _load(connection)
    told = {p.id: p for p in people}
    gone = erased.among(connection, {*told, *(u for members in (groups or {}).values() for u in members)})
    changed = [p for p in told.values() if p.id not in gone and before.people.get(p.id) != p]
    if groups is not None:
        groups = {handle: [u for u in members if u not in gone] for handle, members in groups.items()}
    if changed:
        connection.execute(insert_or_replace(connection, People), [person.model_dump() for person in changed])
    regrouped = groups is not None and {h: tuple(m) for h, m in groups.items()} != dict(before.groups)
    if regrouped and groups is not None:
        connection.execute(delete(Groups))
        rows = [{"handle": handle, "members": list(members)} for handle, members in groups.items()]
        if rows:
            connection.execute(plain_insert(Groups), rows)
    if changed or regrouped:
        out_of_date(connection)
    return bool(changed or regrouped)


def groups_of(connection: Connection, user: str) -> tuple[str, ...]:
    """Handles of the groups that somebody is in."""
    rows = connection.execute(select(Groups.handle, Groups.members).order_by(Groups.handle))
    return tuple(handle for handle, members in rows if user in members)


def out_of_date(connection: Connection) -> None:
    """The directory is another from this transaction on: whoever has read it reads it again."""
    connection.execute(update(DirectoryVersion).values(version=DirectoryVersion.version + 1))


def _load(connection: Connection) -> Directory:
    people = connection.execute(select(People.__table__)).mappings()
    groups = connection.execute(select(Groups.__table__)).mappings()
    said = connection.execute(select(Availabilities.state)).scalars()
    return Directory(
        people={UserId(row["id"]): Person(**row) for row in people},
        groups={row["handle"]: tuple(UserId(m) for m in row["members"]) for row in groups},
        availabilities={own.id: own for own in map(Availability.model_validate, said)},
    )
