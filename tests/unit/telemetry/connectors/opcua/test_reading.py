"""What an OPC UA server tells becomes samples with its instants and qualities."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from xunshui.telemetry.connectors.opcua.reading import Told, quality_of, raw_of, samples_of
from xunshui.telemetry.sample import Quality, Sample

AT = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
AT_US = 1_704_067_200_000_000


def told(value: Any, status: int = 0, **more: Any) -> Told:
    return Told(
        **{"code": "a", "node": "i=1", "value": value, "status": status, "source": AT, "server": None, **more}
    )


@pytest.mark.parametrize(
    ("status", "quality"),
    [
        pytest.param(0, Quality.VALID, id="Good"),
        pytest.param(0x00960000, Quality.VALID, id="GoodLocalOverride"),
        pytest.param(0x40000000, Quality.UNCERTAIN, id="Uncertain"),
        pytest.param(0x808C0000, Quality.BAD, id="BadSensorFailure"),
    ],
)
def test_quality(status: int, quality: Quality) -> None:
    assert quality_of(status) is quality


@pytest.mark.parametrize(
    ("change", "at_us"),
    [
        pytest.param(told(1.0), AT_US, id="source"),
        pytest.param(told(1.0, source=None, server=AT), AT_US, id="server"),
        pytest.param(told(1.0, source=dt.datetime(1601, 1, 1), server=AT), AT_US, id="null_source"),
        pytest.param(told(1.0, source=AT.replace(tzinfo=None)), AT_US, id="naive_is_utc"),
        pytest.param(told(1.0, source=None), 7, id="arrival"),
    ],
)
def test_instant(change: Told, at_us: int) -> None:
    assert samples_of([change], 7, {}) == [Sample("a", at_us, 1.0)]


def test_bad_status_without_a_value_marks_the_last_one() -> None:
    last: dict[str, float] = {}

    samples = samples_of([told(7.2), told(None, 0x808C0000)], 7, last)

    assert samples == [Sample("a", AT_US, 7.2), Sample("a", AT_US, 7.2, Quality.BAD)]
    assert samples_of([told(None, 0x808C0000, code="b")], 7, last) == []


@pytest.mark.parametrize(
    "value", ["12", [1.0], None, float("nan"), AT], ids=["text", "array", "none", "nan", "time"]
)
def test_what_is_no_number_gives_no_sample(value: object) -> None:
    assert samples_of([told(value)], 7, {}) == []


def test_raw_is_compact_json_of_all_that_came() -> None:
    assert raw_of([told(1.5)]) == (
        b'[{"node":"i=1","value":1.5,"status":0,"source":"2024-01-01T00:00:00+00:00","server":null}]'
    )
    assert json.loads(raw_of([told(b"\xff"), told(float("inf")), told("泵")]))[2]["value"] == "泵"
