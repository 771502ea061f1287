"""Locks on the data folder: one process holds each, and it is free again however that process ends."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from storage.errors import AlreadyRunning, Unavailable

FILE = "serving.lock"
_AGAIN = 0.05


class FolderLock:
    """Held from construction until :meth:`release` or the end of the process, however it ends.

    Raises :class:`AlreadyRunning` when another process still holds it after ``patience`` seconds:
    ``refusal``, in which ``{folder}`` and ``{who}`` stand for the folder and (where it is known) the process.
    """

    def __init__(self, data_dir: Path, file: str, refusal: str, patience: float = 0.0) -> None:
        try:
            self._file = os.open(data_dir / file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(
                f"The folder {data_dir} cannot be written to ({error.strerror}). "
                "Check its permissions, or set PREFLIGHT_DATA_DIR to another folder."
            ) from None
        until = time.monotonic() + patience
        while not self._taken() and time.monotonic() < until:
            time.sleep(_AGAIN)
        if not self._taken():
            holder = os.read(self._file, 32).decode("ascii", "replace").strip()
            os.close(self._file)
            who = f" (process {holder})" if holder else ""
            raise AlreadyRunning(refusal.format(folder=data_dir, who=who)) from None
        os.ftruncate(self._file, 0)
        os.write(self._file, str(os.getpid()).encode())

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def release(self) -> None:
        """Let another process have it."""
        os.close(self._file)


class ServingLock(FolderLock):
    """Keeps a second server off the same SQLite folder.

    The lock is the server's alone: commands that read, and an import, may use the folder beside a running
    server, because every write is a ``BEGIN IMMEDIATE`` transaction of its own. Two servers may not: neither
    would be woken by the other's commits, and each would keep its own pace towards Slack.
    """

    def __init__(self, data_dir: Path) -> None:
        super().__init__(
            data_dir,
            FILE,
            "Preflight is already serving from {folder}{who}. Stop it first, or set PREFLIGHT_DATA_DIR to "
            "another folder; to run several together, set DATABASE_URL to a PostgreSQL database.",
        )
