"""What a user of the telemetry can mend; apart from the rooms that raise it, so that naming it costs nothing."""

from __future__ import annotations

from collections.abc import Iterable


class SpoolMissing(ValueError):
    """There is no spool where one is looked for."""


class SpoolInUse(ValueError):
    """Another gateway has this spool."""


class SpoolDamaged(ValueError):
    """A spool's file that SQLite cannot read."""


class AgreedDamaged(ValueError):
    """What was agreed with loggers over the wire cannot be read."""


class CopyRefused(ValueError):
    """A gateway's folder that cannot be copied now."""


class ForeignLake(ValueError):
    """This lake holds another spool's readings, or was written in a way that its files do not tell alone."""


class SettingsFileInvalid(ValueError):
    """A settings file with mistakes; `mistakes` holds all of them, each with its place."""

    def __init__(self, file: str, mistakes: Iterable[object]) -> None:
        """Keep the name of the file and every mistake found in it."""
        self.file = file
        self.mistakes = tuple(mistakes)
        lines = "\n".join(f"  {mistake}" for mistake in self.mistakes)
        super().__init__(f"{file} 有 {len(self.mistakes)} 处需要改正：\n{lines}")


class DevicesFileInvalid(SettingsFileInvalid):
    """A devices file with mistakes."""


class ProfilesFileInvalid(SettingsFileInvalid):
    """A profiles file of HJ 212 with mistakes."""


class NotAnswered(ValueError):
    """A request to a logger that came to nothing; its words say why."""


class PeriodMissing(ValueError):
    """A period that the site does not have."""
