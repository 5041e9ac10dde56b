"""Django's PostgreSQL, with a queue of writers.

PostgreSQL lets transactions write side by side: what one has read may be out of date when it writes, and two that lock
the same rows in another order are both stuck. On SQLite they follow each other, and the verbs are written and tested
for that. Here too a transaction waits for its turn, over all processes and hosts; the turn ends with it, also when its
process dies. Reading outside a transaction waits for nobody.
"""

from __future__ import annotations

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresqlWrapper

TURN = 0x78756E73687569
"""The number of the lock that everyone queues for; it spells “xunshui”."""


class DatabaseWrapper(PostgresqlWrapper):
    """A connection whose transactions queue for the turn to write."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs lack it
        if not autocommit:
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
