"""Which database holds the records: SQLite in the home folder, or PostgreSQL where one is named."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class DatabaseUnknown(ValueError):
    """An address that names no database we run on."""


class DriverMissing(ValueError):
    """PostgreSQL is named, and what speaks with it is not installed."""


def database(home: Path, address: str) -> dict[str, Any]:
    """Return Django's settings for a database address; an empty one means SQLite below `home`."""
    return _postgresql(address) if address else _sqlite(home / "records.sqlite3")


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "xunshui.web.project.sqlite",
        "NAME": file,
        # A thread keeps its connection: opening one reads the whole schema, which takes longer than most pages.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # DEFERRED fails most concurrent writes with "database is locked"; IMMEDIATE waits its turn.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # An acknowledged save is on disk: WAL with FULL syncs at every commit.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
        "TEST": {"NAME": file.with_name("test.sqlite3")},
    }


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres"):
        raise DatabaseUnknown(
            f"XUNSHUI_DATABASE 写作“{parts.scheme}://…”，可用 postgresql://用户:密码@主机:端口/库名"
        )
    if find_spec("psycopg") is None:
        raise DriverMissing("用 PostgreSQL 还要装驱动：pip install 'xunshui[postgresql]'")
    return {
        "ENGINE": "xunshui.web.project.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # As libpq reads an address: ?sslmode=require, ?host=/run/postgresql for a socket, …
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
