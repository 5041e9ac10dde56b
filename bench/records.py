"""Look into the records from outside, with nothing of the platform between: SQLite alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def rows(home: Path, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a query on the records in `home`."""
    connection = sqlite3.connect(home / "records.sqlite3")
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def background_of(home: Path, number: str) -> int:
    """Return the number of the last save of an application's narrative; 0 where it is still the first."""
    query = """SELECT s.answers FROM programme_sectionanswers s JOIN programme_application a
               ON a.id = s.application_id WHERE a.number = ? AND s.section = 'narrative'"""
    word, _, count = json.loads(rows(home, query, (number,))[0][0])["background"].partition(" ")
    return int(count) if word == "save" else 0


def versions_of(home: Path, number: str) -> int:
    """Return how many versions of an application were handed in."""
    query = """SELECT count(*) FROM programme_submission s JOIN programme_application a
               ON a.id = s.application_id WHERE a.number = ?"""
    return int(rows(home, query, (number,))[0][0])


def integrity_of(home: Path) -> str:
    """Return what SQLite says of the whole file: `ok`, or the damage."""
    return "; ".join(str(row[0]) for row in rows(home, "PRAGMA integrity_check"))
