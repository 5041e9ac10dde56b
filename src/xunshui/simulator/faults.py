"""What may go wrong in a simulated plant: a meter that reads wrong from a moment on, a unit that begins to leak.

>>> read_bias("FM-118=6%@02:10", now_us=instant_of_text("2026-11-29T08:00"))
Bias(meter='FM-118', part=0.06, from_us=1795889400000000)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xunshui.site import Site
from xunshui.site.graph import Stream
from xunshui.site.kinds import OUTSIDE
from xunshui.telemetry.localtime import DAY_US, HOUR_US, MINUTE_US, day_of, instant_of_text, start_of_day


@dataclass(frozen=True, slots=True)
class Bias:
    """A meter that reads so much too high, as a part of its flow; too low where that is negative."""

    meter: str
    part: float
    from_us: int


@dataclass(frozen=True, slots=True)
class Leak:
    """Water that a unit loses unseen [m³/h]; it is drawn in by the way that brings the unit most of its water."""

    unit: str
    m3_per_h: float
    from_us: int


Fault = Bias | Leak


def read_bias(text: str, *, now_us: int, default: str = "") -> Bias:
    """Return the bias that is typed as FM-118=6%@02:10; without a moment it begins at `default`.

    Raises ValueError.
    """
    meter, amount, moment = _parts(text, "FM-118=6%@02:10", default)
    percent = _number(amount.removesuffix("%"), text, "FM-118=6%@02:10")
    return Bias(meter, percent / 100, _begin(moment, now_us))


def read_leak(text: str, *, now_us: int, default: str = "") -> Leak:
    """Return the leak that is typed as CT1=41@02:10 [m³/h]; raises ValueError."""
    unit, amount, moment = _parts(text, "CT1=41@02:10", default)
    return Leak(unit, _number(amount, text, "CT1=41@02:10"), _begin(moment, now_us))


def check_faults(site: Site, faults: Sequence[Fault]) -> None:
    """Raise ValueError where a fault is of a meter or unit that the site does not have."""
    meters = [meter.id for meter in site.meters]
    fed = [unit.id for unit in site.units if way_to(site, unit.id)]
    for fault in faults:
        if isinstance(fault, Bias) and fault.meter not in meters:
            raise ValueError(f"没有水表“{fault.meter}”；可选：{'、'.join(meters)}")
        if isinstance(fault, Leak) and fault.unit not in fed:
            raise ValueError(f"没有从外面进水的单元“{fault.unit}”；可选：{'、'.join(fed)}")


def way_to(site: Site, unit: str) -> tuple[Stream, ...]:
    """Return the streams that bring a unit its water from outside, the largest at every step; empty where none do."""
    way: list[Stream] = []
    passed = {unit}
    while unit != OUTSIDE:
        into = [each for each in site.streams if each.target == unit and each.source not in passed]
        if not into:
            return ()
        way.append(max(into, key=lambda each: max(each.volume_m3.values(), default=0)))
        unit = way[-1].source
        passed.add(unit)
    return tuple(way)


def begun(fault: Fault, from_us: int, to_us: int) -> float:
    """Return in which part of a stretch a fault is there; of an instant, whether it is."""
    if from_us == to_us:
        return float(from_us >= fault.from_us)
    return min(1.0, max(0.0, (to_us - fault.from_us) / (to_us - from_us)))


def leaks_at(site: Site, faults: Sequence[Fault]) -> Iterator[tuple[str, Leak, float]]:
    """Yield the meters through which leaking water comes, with its flow in each [m³/h]."""
    for leak in faults:
        if isinstance(leak, Leak):
            for stream in way_to(site, leak.unit):
                yield from ((meter, leak, leak.m3_per_h / len(stream.meters)) for meter in stream.meters)


def _parts(text: str, form: str, default: str) -> tuple[str, str, str]:
    what, _, moment = text.partition("@")
    name, told, amount = what.partition("=")
    if not (name and told and amount):
        raise ValueError(f"“{text}”看不懂；应写作 {form}")
    if not (moment or default):
        raise ValueError(f"“{text}”没有说从何时起；写作 {form}，或加 --from 02:10")
    return name, amount, moment or default


def _number(text: str, whole: str, form: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"“{whole}”里的“{text}”不是数；应写作 {form}") from None


def _begin(moment: str, now_us: int) -> int:
    """Return the instant of a date with time, or of the last such time of day."""
    hour, told, minute = moment.partition(":")
    if told and hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60:
        at_us = start_of_day(day_of(now_us)) + int(hour) * HOUR_US + int(minute) * MINUTE_US
        return at_us if at_us <= now_us else at_us - DAY_US
    try:
        return instant_of_text(moment)
    except ValueError:
        raise ValueError(f"“{moment}”不是时刻；应写作 02:10 或 2026-11-29T02:10") from None
