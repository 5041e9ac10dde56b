"""Trends as SVG: lines over time with gaps where nothing was told, drawn on the server."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xunshui.telemetry.localtime import DAY_US, HOUR_US, local_datetime

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1180, 210, 64, 26, 12, 26
LOW_HEIGHT = 140
"""The height of a trend that stands below another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One quantity over time; a value that is not a number is a gap."""

    title: str
    kind: str
    at_us: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where a quantity may lie over time; a bound that is not a number is a gap."""

    title: str
    at_us: Sequence[int]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A line as an SVG path."""

    title: str
    kind: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A trend ready to be written into a page."""

    lines: tuple[Drawn, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    bands: tuple[Drawn, ...] = ()
    zero: float | None = None
    """Where nothing stands, if values lie on both sides of it."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT

    @property
    def bottom(self) -> int:
        """Return where the axis of time stands."""
        return self.height - BOTTOM


def trend(
    lines: Sequence[Line],
    from_us: int,
    to_us: int,
    *,
    bands: Sequence[Band] = (),
    from_zero: bool = True,
    height: int = HEIGHT,
) -> Trend | None:
    """Return the lines drawn between two instants, or None where none of them has a value."""
    values = [value for line in lines for value in line.values if math.isfinite(value)]
    if not values:
        return None
    values += [value for band in bands for value in (*band.low, *band.high) if math.isfinite(value)]
    low, high = min(values), max(values)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high <= low:
        low, high = low - abs(low) * 0.05 - 0.5, high + abs(high) * 0.05 + 0.5
    marks = _marks(low, high)
    low, high = min(low, marks[0]), max(high, marks[-1])

    def x(at_us: int) -> float:
        return LEFT + (at_us - from_us) / (to_us - from_us) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return height - BOTTOM - (value - low) / (high - low) * (height - TOP - BOTTOM)

    return Trend(
        lines=tuple(
            Drawn(
                title=line.title,
                kind=line.kind,
                path=_path(
                    [
                        (x(at), y(value)) if math.isfinite(value) else None
                        for at, value in zip(line.at_us, line.values, strict=True)
                    ]
                ),
            )
            for line in lines
        ),
        bands=tuple(_band(band, x, y) for band in bands),
        zero=y(0.0) if low < 0.0 < high else None,
        height=height,
        across=tuple(Tick(at=x(at), text=text) for at, text in _times(from_us, to_us)),
        up=tuple(Tick(at=y(mark), text=_mark_text(mark)) for mark in marks),
    )


def _band(band: Band, x: Callable[[int], float], y: Callable[[float], float]) -> Drawn:
    """Return the area between the bounds: one closed path for each stretch without a gap."""
    parts: list[str] = []
    above: list[str] = []
    below: list[str] = []
    ends = (math.nan, math.nan)
    for at, low, high in (*zip(band.at_us, band.low, band.high, strict=True), (0, *ends)):
        if math.isfinite(low) and math.isfinite(high):
            above.append(f"{x(at):.1f} {y(high):.1f}")
            below.insert(0, f"{x(at):.1f} {y(low):.1f}")
        elif above:
            parts.append(f"M{'L'.join((*above, *below))}Z")
            above, below = [], []
    return Drawn(title=band.title, kind="band", path="".join(parts))


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    parts: list[str] = []
    begun = False
    for number, place in enumerate(places):
        if place is None:
            begun = False
            continue
        parts.append(f"{'L' if begun else 'M'}{place[0]:.1f} {place[1]:.1f}")
        alone = not begun and (number + 1 == len(places) or places[number + 1] is None)
        if alone:  # a lone value would be a line without length
            parts.append("h1")
        begun = True
    return "".join(parts)


def _mark_text(mark: float) -> str:
    return f"{mark:,.6g}".replace(",", "\u202f").replace("-", "−")


def _marks(low: float, high: float) -> list[float]:
    """Return three to six round values that span the range."""
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(number * step, 10) for number in range(first, last + 1)]


def _times(from_us: int, to_us: int) -> list[tuple[int, str]]:
    step = next(
        (
            hours * HOUR_US
            for hours in (1, 2, 3, 6, 12, 24, 48, 120, 240)
            if (to_us - from_us) / HOUR_US / hours <= 9
        ),
        720 * HOUR_US,
    )
    shift = 8 * HOUR_US
    first = -(-(from_us + shift) // step) * step - shift
    form = "%m-%d" if step >= DAY_US else "%H:%M"
    return [(at, local_datetime(at).strftime(form)) for at in range(first, to_us + 1, step)]
