"""What the whole site's water does not add up to, hour by hour, and how much of that its meters' errors may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xunshui.balance import SITE, class_percent
from xunshui.site import Site
from xunshui.site.graph import Meter, Stream
from xunshui.site.kinds import OUTSIDE
from xunshui.telemetry.series import Series
from xunshui.telemetry.volume import Floats
from xunshui.web.console.now import hours_of
from xunshui.web.console.units import books, is_metered

COVERAGE = 2.0
"""The coverage factor of the band: about 95 of 100 residuals that are nothing but meters' errors lie within."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """The site's residual in each stretch [m³/h], not a number where a volume is missing.

    `spread` is half the band, empty where one of the meters does not tell its accuracy: those are the `untold`.
    `estimated` is how many of the `streams` across the fence are not metered; the band knows nothing of these.
    """

    m3_per_h: Sequence[float]
    spread: Sequence[float]
    untold: tuple[str, ...]
    estimated: int
    streams: int


def residual(site: Site, found: Series) -> Residual:
    """Return the residual of the site with the band of its meters' errors."""
    hours = hours_of(found)
    rows = [book.row(SITE).residual for book in books(site, found).values()]
    crossing = [stream for stream in site.streams if (stream.source == OUTSIDE) != (stream.target == OUTSIDE)]
    metered = [stream for stream in crossing if is_metered(stream, found)]
    errors = {meter: relative_error(_meter(site, meter)) for stream in metered for meter in stream.meters}
    untold = tuple(meter for meter, error in errors.items() if error is None)
    return Residual(
        m3_per_h=[
            np.nan if row is None else float(row) / hour for row, hour in zip(rows, hours, strict=True)
        ],
        spread=[] if untold or not errors else _spread(metered, errors, found, hours),
        untold=untold,
        estimated=len(crossing) - len(metered),
        streams=len(crossing),
    )


def relative_error(meter: Meter | None) -> float | None:
    """Return the standard uncertainty of a meter as a part of its flow, or None where nothing is told of it."""
    percent = class_percent(meter)
    return None if percent is None else percent / 100


def _meter(site: Site, name: str) -> Meter | None:
    return next((meter for meter in site.meters if meter.id == name), None)


def _spread(
    streams: Sequence[Stream], errors: dict[str, float | None], found: Series, hours: Floats
) -> list[float]:
    squares = np.zeros(len(hours))
    for meter in {meter for stream in streams for meter in stream.meters}:
        squares += ((errors[meter] or 0.0) * found.meters[meter] / hours) ** 2
    return [float(half) for half in COVERAGE * np.sqrt(squares)]
