"""Django's SQLite, with a queue of writers.

SQLite lets one transaction write at a time and makes the others sleep and try again, up to a tenth of a second each
time: with 300 people at the deadline the disk is idle while they sleep. Here a transaction takes a lock of the
operating system first, which wakes the next writer the moment the one before it ends, over threads and processes alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

from django.db.backends.sqlite3.base import DatabaseWrapper as SqliteWrapper

try:
    import fcntl
except ImportError:  # Windows: SQLite's own waiting has to do
    fcntl = None  # type: ignore[assignment]


class DatabaseWrapper(SqliteWrapper):
    """A connection whose transactions queue for the turn to write."""

    _turn: IO[str] | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs lack it
        except BaseException:
            self._end_turn()
            raise

    def commit(self) -> None:
        """End the transaction and the turn with it."""
        try:
            super().commit()
        finally:
            self._end_turn()

    def rollback(self) -> None:
        """End the transaction and the turn with it."""
        try:
            super().rollback()
        finally:
            self._end_turn()

    def close(self) -> None:
        """End the transaction and the turn with it."""
        try:
            super().close()
        finally:
            self._end_turn()

    def _take_turn(self) -> None:
        name = str(self.settings_dict["NAME"])
        if fcntl is None or self._turn is not None or not Path(name).is_absolute():
            return
        self._turn = Path(f"{name}.turn").open("a", encoding="ascii")  # noqa: SIM115  # held until the turn ends
        fcntl.flock(self._turn, fcntl.LOCK_EX)

    def _end_turn(self) -> None:
        if self._turn is not None:
            turn, self._turn = self._turn, None
            turn.close()
