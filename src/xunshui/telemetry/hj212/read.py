"""The profiles file and the table of commands, read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

from xunshui.telemetry.connectors.read import read_tables
from xunshui.telemetry.errors import ProfilesFileInvalid
from xunshui.telemetry.hj212.commands import Command, commands_of
from xunshui.telemetry.hj212.profile import Profiles, profiles_of


def read_profiles(path: str | Path) -> Profiles:
    """Return the profiles in a YAML file.

    Raises `ProfilesFileInvalid` with every mistake, each with its place.
    """
    file = Path(path)
    return profiles_of(read_tables(file, ProfilesFileInvalid), file=file.name)


@cache
def read_commands() -> list[Command]:
    """Return the commands that a person may have sent to a logger."""
    file = Path(__file__).with_name("commands.yaml")
    return commands_of(cast("dict[str, object]", read_tables(file, ProfilesFileInvalid)))
