"""What flows in a simulated site: every stream follows one load of the plant, every meter errs in its own way.

The load has a day, a week and slow weather of its own, with a mean of one over the year; so all units close as they do
in the file, and what a meter tells differs from what flows by a constant part within its class and a little noise.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from hashlib import blake2b

from xunshui.simulator.faults import Bias, Fault, begun, check_faults, leaks_at
from xunshui.site import Site
from xunshui.telemetry.localtime import DAY_US, HOUR_US, SHIFT_US, day_of, start_of_day

DAY_SWING, WEEK_SWING, SLOW_SWING, NOISE = 0.06, 0.03, 0.04, 0.003
PEAK_HOUR = 14
SLOW_DAYS = 9.7


class Plant:
    """A site that runs: flows of its meters [m³/h] and volumes [m³] at any time."""

    def __init__(self, site: Site, seed: int = 1, faults: Sequence[Fault] = ()) -> None:
        """Take the volumes of the site's last full year, and what goes wrong.

        Raises ValueError where no year is told, or a fault is of nothing that the site has.
        """
        year = max((period.full_year or 0 for period in site.periods), default=0)
        period = site.year(year)
        if period is None:
            raise ValueError("站点文件没有整年的时期，不知道各水流有多少水")
        self._seed = seed
        self._mean: dict[str, float] = {}
        for stream in site.streams:
            for meter in stream.meters:
                mean = float(stream.volume_m3.get(period.id, 0)) / period.hours / len(stream.meters)
                self._mean[meter] = self._mean.get(meter, 0.0) + mean
        self._passed: dict[str, tuple[int, int, float]] = {}
        check_faults(site, faults)
        self._faults = [fault for fault in faults if isinstance(fault, Bias)]
        self._leaks = list(leaks_at(site, faults))
        self._bias = {
            meter.id: float(meter.accuracy_class or 2) / 100 * (self._random(meter.id, 0) - 0.5)
            for meter in site.meters
        }

    def flow(self, meter: str, at_us: int) -> float:
        """Return the flow that a meter shows [m³/h]."""
        return self._water(meter, at_us, at_us) * self._error(meter, at_us, at_us)

    def hour(self, meter: str, start_us: int) -> float:
        """Return the volume that a meter counts in the hour from `start_us` [m³]."""
        end_us = start_us + HOUR_US
        return self._water(meter, start_us, end_us) * self._error(meter, start_us, end_us)

    def day(self, meter: str, start_us: int) -> float:
        """Return the volume of the day from `start_us` [m³]: the sum of its hours."""
        return sum(self.hour(meter, start_us + hour * HOUR_US) for hour in range(24))

    def total(self, meter: str, at_us: int) -> float:
        """Return what the totaliser of a meter shows [m³]: days, hours and the begun hour since its year began."""
        first = start_of_day(_new_year(day_of(at_us)))
        today = start_of_day(day_of(at_us))
        before = self._days(meter, first, today)
        hours, rest = divmod(at_us - today, HOUR_US)
        begun = sum(self.hour(meter, today + hour * HOUR_US) for hour in range(hours))
        return before + begun + self.hour(meter, today + hours * HOUR_US) * rest / HOUR_US

    def _days(self, meter: str, first: int, today: int) -> float:
        """Return the sum of the days from `first` until `today`; goes on from where it was asked last."""
        known_first, until, passed = self._passed.get(meter, (first, first, 0.0))
        if known_first != first or until > today:
            until, passed = first, 0.0
        for start in range(until, today, DAY_US):
            passed += self.day(meter, start)
        self._passed[meter] = (first, today, passed)
        return passed

    def _water(self, meter: str, from_us: int, to_us: int) -> float:
        """Return the flow through a meter [m³/h], with what leaks further on."""
        leaking = sum(flow * begun(leak, from_us, to_us) for at, leak, flow in self._leaks if at == meter)
        return self._mean.get(meter, 0.0) * load((from_us + to_us) // 2) + leaking

    def _error(self, meter: str, from_us: int, to_us: int) -> float:
        """Return what a meter makes of the flow: its class, a little noise, and what went wrong with it."""
        wrong = sum(
            fault.part * begun(fault, from_us, to_us) for fault in self._faults if fault.meter == meter
        )
        own = 1 + self._bias.get(meter, 0.0) + NOISE * (2 * self._random(meter, from_us) - 1)
        return own * (1 + wrong)

    def _random(self, meter: str, at_us: int) -> float:
        """Return a number from 0 to 1 that this meter and instant always give."""
        told = blake2b(f"{self._seed}/{meter}/{at_us}".encode(), digest_size=8).digest()
        return int.from_bytes(told, "big") / 2**64


def load(at_us: int) -> float:
    """Return the load of the plant at an instant; its mean is one."""
    local_us = at_us + SHIFT_US
    hour = local_us % DAY_US / HOUR_US
    day = local_us / DAY_US
    return (
        1
        + DAY_SWING * math.cos(2 * math.pi * (hour - PEAK_HOUR) / 24)
        + WEEK_SWING * math.sin(2 * math.pi * day / 7)
        + SLOW_SWING * math.sin(2 * math.pi * day / SLOW_DAYS)
    )


def _new_year(day: int) -> int:
    date = dt.date(1970, 1, 1) + dt.timedelta(days=day)
    return (dt.date(date.year, 1, 1) - dt.date(1970, 1, 1)).days
