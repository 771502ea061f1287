"""Who was erased: known again by a keyed digest of their id, and by nothing else."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage.redaction_schema import Erased
from storage.schema import People


def new_pseudonym(connection: Connection) -> str:
    """``erased-7f3a``: made at random, and nobody's yet."""
    taken = set(connection.execute(select(Erased.pseudonym)).scalars())
    taken |= set(connection.execute(select(People.id).where(People.id.like("erased-%"))).scalars())
    size = 2
    while (made := f"erased-{secrets.token_hex(size)}") in taken:
        size += 1
    return made


def remember(connection: Connection, user: str, pseudonym: str, now: datetime) -> None:
    """From now on they are known to have been erased."""
    salt = connection.execute(select(Erased.salt).limit(1)).scalar() or secrets.token_hex(16)
    values = {"digest": _digest(user, salt), "salt": salt, "pseudonym": pseudonym, "at": now}
    connection.execute(insert(Erased), values)


def among(connection: Connection, users: Iterable[str]) -> frozenset[str]:
    """Those of them who were erased."""
    known = {row.digest: row.salt for row in connection.execute(select(Erased.digest, Erased.salt))}
    salts = set(known.values())
    return frozenset(u for u in users if any(_digest(u, salt) in known for salt in salts))


def readmit(connection: Connection, user: str) -> bool:
    """Let them be brought in again by the next sync with Slack; false where they were not erased."""
    if user not in among(connection, (user,)):
        return False
    salts = set(connection.execute(select(Erased.salt)).scalars())
    digests = [_digest(user, salt) for salt in salts]
    connection.execute(delete(Erased).where(Erased.digest.in_(digests)))
    return True


def _digest(user: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}:{user}".encode()).hexdigest()
