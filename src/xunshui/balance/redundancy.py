"""What the balances make of each stream's meter, and which meter would help most.

Four classes (Romagnoli & Stephanopoulos, Chem. Eng. Sci. 35, 1980, 1067): a measured stream is *redundant* where the
others tell it as well, else *just measured*: nothing checks its meter. A stream without a meter is *observable* where
balances tell it, else *unobservable*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import ndtri

from xunshui.balance.arrays import Booleans, Floats
from xunshui.balance.elimination import critical_z
from xunshui.balance.merging import merged
from xunshui.balance.network import Network
from xunshui.balance.reconciliation import Reconciliation
from xunshui.balance.unmeasured import unmeasured

POWER = 0.95


class Class(StrEnum):
    """What is known of a stream."""

    REDUNDANT = "measured-redundant"
    JUST = "measured-just"
    OBSERVABLE = "unmeasured-observable"
    UNOBSERVABLE = "unobservable"


def classes(network: Network, measured: Booleans) -> tuple[Class, ...]:
    """Return the class of every stream; it depends on where meters are, not on how good they are.

    >>> network = Network.of([("in", "env", "A"), ("out", "A", "env"), ("loop", "A", "A")])
    >>> [each.value for each in classes(network, np.array([True, False, False]))]
    ['measured-just', 'unmeasured-observable', 'unobservable']
    """
    checked = merged(network, measured, np.zeros_like(measured)).checked
    told = np.zeros_like(measured)
    told[unmeasured(network, measured).told] = True
    return tuple(
        _class(*facts) for facts in zip(measured.tolist(), checked.tolist(), told.tolist(), strict=True)
    )


def _class(is_measured: bool, is_checked: bool, is_told: bool) -> Class:
    if is_measured:
        return Class.REDUNDANT if is_checked else Class.JUST
    return Class.OBSERVABLE if is_told else Class.UNOBSERVABLE


def detectable_bias(problem: Reconciliation, *, samples: int = 1) -> Floats:
    """Return the bias that is found with 95 % in the mean of so many samples [streams]; NaN where none ever is.

    It is the measurement test's, at the level that lets one sound network in twenty be suspected.
    """
    adjusted = problem.merged.adjusted
    needed = critical_z(int(adjusted.sum())) + float(ndtri(POWER))
    return np.asarray(needed / np.sqrt(samples * problem.resistance))


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What a meter on `stream` would do: meters that could then be checked, streams that could then be told."""

    stream: str
    checks: tuple[str, ...]
    tells: tuple[str, ...]

    @property
    def worth(self) -> int:
        """Return how many streams are better known."""
        return len(self.checks) + len(self.tells)


def helpful_meters(network: Network, measured: Booleans, *, most: int = 5) -> tuple[Help, ...]:
    """Return the streams on which a new meter helps most, the most helpful first.

    Every stream without a meter is tried, which takes its number of walks over the network.
    """
    found = sorted(_helps(network, measured), key=lambda each: (-each.worth, -len(each.checks)))
    return tuple(found[:most])


def _helps(network: Network, measured: Booleans) -> Iterator[Help]:
    before = classes(network, measured)
    for stream in np.flatnonzero(~measured).tolist():
        more = measured.copy()
        more[stream] = True
        after = classes(network, more)
        checks = _became(network, before, after, Class.JUST, Class.REDUNDANT)
        tells = _became(network, before, after, Class.UNOBSERVABLE, Class.OBSERVABLE)
        if after[stream] is not Class.JUST or checks or tells:
            yield Help(stream=network.streams[stream], checks=checks, tells=tells)


def _became(
    network: Network, before: tuple[Class, ...], after: tuple[Class, ...], old: Class, new: Class
) -> tuple[str, ...]:
    changed = zip(network.streams, before, after, strict=True)
    return tuple(name for name, was, now in changed if was is old and now is new)
