"""The profiles file, read."""

from __future__ import annotations

from pathlib import Path

from xunshui.telemetry.connectors.read import read_tables
from xunshui.telemetry.errors import ProfilesFileInvalid
from xunshui.telemetry.hj212.profile import Profiles, profiles_of


def read_profiles(path: str | Path) -> Profiles:
    """Return the profiles in a YAML file.

    Raises `ProfilesFileInvalid` with every mistake, each with its place.
    """
    file = Path(path)
    return profiles_of(read_tables(file, ProfilesFileInvalid), file=file.name)
