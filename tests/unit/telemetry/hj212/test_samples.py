"""The values of a message, with their instants and qualities."""

from __future__ import annotations

import pytest

from xunshui.telemetry.hj212 import read_segment, samples_of
from xunshui.telemetry.sample import Quality, Sample


def samples(body: str, command: str = "2051") -> list[Sample]:
    return samples_of(read_segment(f"ST=32;CN={command};MN=A;CP=&&{body}&&".encode()))


def test_mean_minimum_and_sum_are_channels_of_their_own() -> None:
    told = samples("DataTime=20240101000000;w00000-Cou=12.5,w00000-Avg=2.5,w00000-Flag=N")

    # 2024-01-01 00:00 in China is 2023-12-31 16:00 UTC, 1,704,038,400 s after 1970.
    assert told == [
        Sample("2051/w00000-Cou", 1_704_038_400_000_000, 12.5, Quality.VALID),
        Sample("2051/w00000-Avg", 1_704_038_400_000_000, 2.5, Quality.VALID),
    ]


@pytest.mark.parametrize(
    ("flag", "quality"),
    [("N", Quality.VALID), ("D", Quality.FAULT), ("C", Quality.CALIBRATING), ("?", Quality.UNKNOWN_FLAG)],
)
def test_flag_becomes_quality(flag: str, quality: Quality) -> None:
    [told] = samples(f"DataTime=20240101000000;w01018-Rtd=2.2,w01018-Flag={flag}", "2011")

    assert told.quality == quality


@pytest.mark.parametrize("value", ["", "--", "nan", "inf", "1e999"])
def test_what_is_no_number_stays_in_the_frame(value: str) -> None:
    assert samples(f"DataTime=20240101000000;w01018-Rtd={value}", "2011") == []


@pytest.mark.parametrize("time", ["", "20241301000000", "2024010100000", "２０２４０１０１００００００"])
def test_without_a_time_there_are_no_samples(time: str) -> None:
    assert samples(f"DataTime={time};w01018-Rtd=1", "2011") == []
