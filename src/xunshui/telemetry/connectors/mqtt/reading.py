"""A reading: what one message told, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field

from xunshui.telemetry.sample import Sample


class Unreadable(ValueError):
    """A message that tells nothing; its text says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """The samples of one device."""

    device: str
    samples: list[Sample]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The samples of a message by device; what was wrong with it; the Sparkplug node that must be born again."""

    parts: list[Part] = field(default_factory=list)
    trouble: str = ""
    rebirth: tuple[str, str] | None = None
