"""What a user of the telemetry can mend; apart from the rooms that raise it, so that naming it costs nothing."""

from __future__ import annotations


class SpoolMissing(ValueError):
    """There is no spool where one is looked for."""


class ForeignLake(ValueError):
    """This lake holds another spool's readings, or was written in a way that its files do not tell alone."""
