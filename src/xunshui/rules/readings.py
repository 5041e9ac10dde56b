"""Chosen readings of the notice's open points."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xunshui.register import Register

Readings = Mapping[str, str]
"""The chosen option of every open point, by the point's id."""


class UnknownReading(ValueError):
    """A reading or option that the register does not know; says which it does."""


def choose(register: Register, chosen: Mapping[str, str] | None = None) -> Readings:
    """Return the chosen option for every open point, the default where none is chosen.

    >>> from xunshui.register import register
    >>> choose(register(), {"deciding_year": "every"})["deciding_year"]
    'every'
    """
    wanted = dict(chosen or {})
    options = {reading.id: [option.id for option in reading.options] for reading in register.readings}
    for reading, option in wanted.items():
        if reading not in options:
            raise UnknownReading(f"没有名为“{reading}”的释义选项；可选：{'、'.join(options)}")
        if option not in options[reading]:
            raise UnknownReading(f"释义选项“{reading}”不能取“{option}”；可取：{'、'.join(options[reading])}")
    return MappingProxyType({reading: wanted.get(reading, known[0]) for reading, known in options.items()})


def departures(register: Register, readings: Readings) -> tuple[str, ...]:
    """Return the points that are read otherwise than by default."""
    return tuple(reading.id for reading in register.readings if readings[reading.id] != reading.options[0].id)
