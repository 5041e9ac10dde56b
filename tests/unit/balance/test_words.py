"""What a balanced network says: fits, does not fit, fits better than meters can, and what estimates leave open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xunshui.balance import Balanced, Network, balanced
from xunshui.balance.words import fit_words as words

CHAIN = Network.of(
    [("in", "env", "n0"), *((f"s{at}", f"n{at}", f"n{at + 1}") for at in range(7)), ("out", "n7", "env")]
)


def result(*off: float) -> Balanced:
    """Return nine meters in a row balanced, each reading 100 and so much off."""
    return balanced(CHAIN, values=100 + np.array(off), sd=np.ones(9))


def test_meters_that_scatter_as_they_may_fit() -> None:
    told = words(result(0.3, -1.1, 0.8, 1.4, -0.6, 0.2, -1.3, 0.9, -0.4))

    assert told.startswith("平衡与水表的准确度相符（χ² = ")


def test_volumes_that_close_to_the_last_digit_were_not_metered_one_by_one() -> None:
    assert "水量像是推算的" in words(result(*[0.001] * 4, *[0.0] * 5))


def test_of_estimates_that_close_well_nothing_is_said() -> None:
    told = words(replace(result(*[0.0] * 9), estimated=3))

    assert told.endswith("3 条水流是估算的，闭合得好不说明水表都准")


def test_meter_far_off_does_not_fit() -> None:
    told = words(result(0, 0, 0, 0, 12, 0, 0, 0, 0))

    assert told == "平衡与水表的准确度不符（χ² = 128.0，自由度 8，p < 0.001）：疑有 1 处"
