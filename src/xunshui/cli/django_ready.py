"""Django made ready for a command: where the records live, and what is wrong when they cannot be reached."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xunshui.cli.mistakes import UsersMistake
from xunshui.cli.words import system_words

SETTINGS = "xunshui.web.project.settings"


def home() -> Path:
    """Return the folder of the records: XUNSHUI_HOME, else `var` below the current folder."""
    return Path(os.environ.get("XUNSHUI_HOME", "var")).absolute()


def start_django() -> None:
    """Load the settings and the records' models; raises `UsersMistake` that says what to change."""
    import django  # slow import

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        home().mkdir(parents=True, exist_ok=True)
        django.setup()
    except OSError as error:
        raise UsersMistake(
            f"数据文件夹 {home()} 不能使用：{system_words(error)}；换一个可写的文件夹，如 XUNSHUI_HOME=~/xunshui"
        ) from None
    except ValueError as error:
        raise UsersMistake(str(error)) from None


@contextmanager
def records_answer() -> Iterator[None]:
    """Turn a database that does not answer, or is not prepared, into words for the user."""
    from django.db import DatabaseError  # slow import

    try:
        yield
    except DatabaseError as error:
        where = os.environ.get("XUNSHUI_DATABASE", "").rpartition("@")[2] or str(home() / "records.sqlite3")
        told = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UsersMistake(
            f"数据库没有应答（{where}）：{told}；先运行 xunshui up 建库，或检查 XUNSHUI_DATABASE"
        ) from None
