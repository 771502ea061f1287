"""Keeps a second server off the same SQLite folder.

The lock is the server's alone: commands that read, and an import, may use the folder beside a running server,
because every write is a ``BEGIN IMMEDIATE`` transaction of its own. Two servers may not: neither would be
woken by the other's commits, and each would keep its own pace towards Slack.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.errors import AlreadyRunning, Unavailable

FILE = "serving.lock"


class ServingLock:
    """Held from construction until :meth:`release` or the end of the process, however it ends.

    Raises :class:`AlreadyRunning` when another process holds it.
    """

    def __init__(self, data_dir: Path) -> None:
        try:
            self._file = os.open(data_dir / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(
                f"The folder {data_dir} cannot be written to ({error.strerror}). "
                "Check its permissions, or set PREFLIGHT_DATA_DIR to another folder."
            ) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._file, 32).decode("ascii", "replace").strip()
            os.close(self._file)
            who = f" (process {holder})" if holder else ""
            raise AlreadyRunning(
                f"Preflight is already serving from {data_dir}{who}. Stop it first, or set "
                "PREFLIGHT_DATA_DIR to another folder; to run several together, set DATABASE_URL to a "
                "PostgreSQL database."
            ) from None
        os.ftruncate(self._file, 0)
        os.write(self._file, str(os.getpid()).encode())

    def release(self) -> None:
        """Let another server have the folder."""
        os.close(self._file)
