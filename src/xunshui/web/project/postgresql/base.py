"""Django's PostgreSQL, with a queue of writers and JSON kept as it was written.

PostgreSQL lets transactions write side by side: what one has read may be out of date when it writes, and two that lock
the same rows in another order are both stuck. On SQLite they follow each other, and the verbs are written and tested
for that. Here too a transaction waits for its turn, over all processes and hosts; the turn ends with it, also when its
process dies. Reading outside a transaction waits for nobody.

Django keeps JSON as `jsonb`, which sorts keys by their length and writes 1e21 out in digits; a line of the trail then
no longer has the bytes that were sealed. `json` keeps the text.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresqlWrapper
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresqlOperations
from django.db.backends.postgresql.operations import get_json_dumps
from psycopg.types.json import Json
from psycopg.types.string import TextLoader

TURN = 0x78756E73687569
"""The number of the lock that everyone queues for; it spells “xunshui”."""


class DatabaseOperations(PostgresqlOperations):
    """Django's, sending JSON as text."""

    def adapt_json_value(self, value: Any, encoder: Any) -> Json:  # type: ignore[override]  # stubs say str
        """Return a value as the driver sends it."""
        return Json(value, dumps=get_json_dumps(encoder))


class DatabaseWrapper(PostgresqlWrapper):
    """A connection whose transactions queue for the turn to write."""

    data_types = PostgresqlWrapper.data_types | {"JSONField": "json"}
    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that leaves reading JSON to Django."""
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("json", TextLoader)
        return connection

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs lack it
        if not autocommit:
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
