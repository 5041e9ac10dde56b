"""The sensing that `xunshui up` starts beside the pages, and the options that both hand on to the gateway."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from xunshui.cli.django_ready import home
from xunshui.cli.gateway import Address
from xunshui.cli.mistakes import users_mistake
from xunshui.cli.paths import ExistingPath
from xunshui.cli.watched import Child, of_ours

GRACE_S = 50.0
"""The sensing ends its own processes one after the other."""
C = TypeVar("C", bound=Callable[..., Any])
OPTIONS = (
    click.option("--http", type=Address(), help="网关的 /health 与 /metrics 在此地址，如 127.0.0.1:9213"),
    click.option("--profiles", type=ExistingPath(), help="数采仪的档案（YAML）：方言、密钥、对时、间隔"),
    click.option("--devices", type=ExistingPath(), help="网关去读、去听的设备（YAML）"),
)


def gateway_options(command: C) -> C:
    """Give a command the options that it hands on to the gateway."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def starts_sensing(asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the options that were given and mean that sensing is wanted."""
    wants = ("hj212", "sl651", "szy206", "http", "profiles", "devices")
    return tuple(f"--{name}" for name in wants if asked[name] is not None)


def words_of(asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Return options as they are typed: those that were given.

    >>> words_of({"http": ("127.0.0.1", 9213), "devices": None})
    ('--http', '127.0.0.1:9213')
    """
    return tuple(
        word
        for name, value in asked.items()
        if value is not None
        for word in (
            f"--{name.replace('_', '-')}",
            f"{value[0]}:{value[1]}" if isinstance(value, tuple) else str(value),
        )
    )


def check_files(*, devices: Path | None, profiles: Path | None) -> None:
    """Read the files before anything is started: with a mistake in them the gateway would be started again for ever."""
    with users_mistake():
        if devices is not None:
            from xunshui.telemetry.connectors.devices import read_devices  # slow import

            read_devices(devices)
        if profiles is not None:
            from xunshui.telemetry.hj212.read import read_profiles  # slow import

            read_profiles(profiles)


def sensing_child(spool: Path, *words: str) -> Child:
    """Return `xunshui sensing` as a process that ends with this one, whatever happens, because its stdin closes."""
    sensing = of_ours("sensing", "sensing", "--until-eof", "--spool", str(spool), *words)
    return replace(sensing, grace_s=GRACE_S, stdin_is_held=True, has_own_session=True)


def sensing_folder() -> Path:
    """Return the gateway's folder: XUNSHUI_SENSING, else `sensing` in the folder of the records."""
    return Path(os.environ.get("XUNSHUI_SENSING", home() / "sensing")).absolute()


def free_address() -> tuple[str, int]:
    """Return an address of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return "127.0.0.1", int(found.getsockname()[1])
