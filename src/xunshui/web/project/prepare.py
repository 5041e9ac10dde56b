"""Bring an installation up to date: tables migrated, static files collected where they changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from xunshui.seal import digest
from xunshui.web.accounts.models import Organisation, OrganisationKind


def bring_up_to_date() -> Iterator[str]:
    """Do what is needed and tell each step before it begins; on an installation that is up to date, nothing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"正在建立或升级数据库（{settings.HOME}）"
        call_command("migrate", verbosity=0, interactive=False)
    stamp, wanted = settings.HOME / "static.digest", _static_digest()
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        yield "正在整理页面文件"
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(wanted, encoding="ascii")


def has_ministry() -> bool:
    """Return whether the ministry has an account."""
    return Organisation.objects.filter(kind=OrganisationKind.MINISTRY, memberships__isnull=False).exists()


def _static_digest() -> str:
    """Return what tells one state of the static files from another: names, sizes, times."""
    rows = sorted(f"{name} {_state(Path(found))}" for name, found in _static_files())
    return digest("\n".join(rows).encode())


def _static_files() -> Iterator[tuple[str, str]]:
    for finder in get_finders():
        for name, storage in finder.list(None):
            yield name, storage.path(name)


def _state(file: Path) -> str:
    state = file.stat()
    return f"{state.st_size} {state.st_mtime_ns}"
