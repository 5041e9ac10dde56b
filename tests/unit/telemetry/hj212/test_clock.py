"""How far a logger's clock is off."""

from __future__ import annotations

import pytest

from xunshui.telemetry.hj212 import read_segment
from xunshui.telemetry.hj212.clock import Skew, sent_at

SECOND = 1_000_000


def skew_of(*pairs: tuple[float, float]) -> float | None:
    """Return the deviation after frames that were sent and came at these seconds."""
    skew = Skew()
    for sent_s, came_s in pairs:
        skew.measure(int(sent_s * SECOND), int(came_s * SECOND))
    return skew.seconds


@pytest.mark.parametrize(
    ("pairs", "seconds"),
    [
        pytest.param([(0, 100), (30, 130)], None, id="two_are_too_few"),
        pytest.param([(0, 100), (30, 130), (60, 160)], -100.0, id="steady"),
        pytest.param([(0, 100), (30, 170), (60, 160), (90, 190), (120, 220)], -100.0, id="one_came_late"),
        pytest.param([(60 * row, 900 + row / 10) for row in range(12)], None, id="sent_again_in_a_rush"),
        pytest.param([(900, 300), (930, 330), (960, 360)], 600.0, id="ahead"),
    ],
)
def test_skew(pairs: list[tuple[float, float]], seconds: float | None) -> None:
    assert skew_of(*pairs) == seconds


def test_rush_does_not_change_what_was_known() -> None:
    steady = [(30 * row, 30 * row + 1) for row in range(5)]
    rush = [(-9_000 + 60 * row, 150 + row / 10) for row in range(40)]

    assert skew_of(*steady, *rush) == -1.0


@pytest.mark.parametrize(
    ("segment", "counts"),
    [
        pytest.param("QN={};ST=32;CN=2011;MN=A;CP=&&DataTime=20240101000000&&", True, id="real_time"),
        pytest.param("QN={};ST=32;CN=2051;MN=A;CP=&&DataTime=20240101000000&&", False, id="minute"),
        pytest.param("QN={};ST=32;CN=2011;MN=A;CP=&&DataTime=20231231220000&&", False, id="old"),
        pytest.param("QN={};ST=32;CN=2011;MN=A;RF=1;CP=&&DataTime=20240101000000&&", False, id="sent_again"),
        pytest.param("ST=32;CN=2011;MN=A;CP=&&DataTime=20240101000000&&", False, id="without_qn"),
        pytest.param("QN={};ST=32;CN=2011;MN=A;CP=&&&&", False, id="without_time"),
    ],
)
def test_frames_that_count(segment: str, counts: bool) -> None:
    message = read_segment(segment.format("20240101000001000").encode())

    assert (sent_at(message) is not None) == counts
