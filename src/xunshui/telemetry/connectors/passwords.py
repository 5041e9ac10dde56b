"""Passwords of devices: in a file of their own or in the environment, never in the devices file and never told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from xunshui.site.mistakes import Mistake


class Guarded(Protocol):
    """A device that asks who we are."""

    @property
    def username(self) -> str | None:
        """Return the name."""

    @property
    def password_file(self) -> str | None:
        """Return the file that holds the password alone."""

    @property
    def password_env(self) -> str | None:
        """Return the name of the environment variable that holds it."""


def password_of(device: Guarded) -> str | None:
    """Return a device's password, read anew each time; None where it has none.

    Raises OSError or UnicodeDecodeError where its file cannot be read.
    """
    if device.password_file is not None:
        return Path(device.password_file).read_text(encoding="utf-8").rstrip("\r\n")
    return os.environ.get(device.password_env) if device.password_env is not None else None


def mistakes_of_password(device: Guarded) -> Iterator[Mistake]:
    """Yield what is wrong with how the password is given."""
    if device.password_file is not None and device.password_env is not None:
        yield Mistake(loc=("password_env",), problem="口令已写了 password_file", accepted="两者只写一个")
    elif device.password_env is not None and device.password_env not in os.environ:
        yield Mistake(
            loc=("password_env",),
            problem=f"环境里没有变量“{device.password_env}”",
            accepted="启动网关时设好的变量名（systemd 用 EnvironmentFile）",
        )
    if device.password_file is None and device.password_env is None:
        return
    if device.username is None:
        yield Mistake(loc=("username",), problem="有口令，没有用户名", accepted="用户名")
    if device.password_file is not None and not _is_readable(device.password_file):
        problem = f"读不了 {device.password_file}"
        yield Mistake(loc=("password_file",), problem=problem, accepted="只有一行口令的 UTF-8 文本文件")


def _is_readable(file: str) -> bool:
    try:
        Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return True
