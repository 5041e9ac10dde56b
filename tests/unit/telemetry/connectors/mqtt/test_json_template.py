"""JSON messages are read by the template; what does not fit is refused with its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from xunshui.telemetry.connectors.mqtt import JsonTopic
from xunshui.telemetry.connectors.mqtt.json_template import instant_of, read_json
from xunshui.telemetry.connectors.mqtt.reading import Part, Unreadable
from xunshui.telemetry.connectors.mqtt.settings import is_filter, matches
from xunshui.telemetry.sample import Sample

AT = 1_704_067_200  # 2024-01-01T00:00:00Z
AT_US = AT * 1_000_000


def template(**told: Any) -> JsonTopic:
    return JsonTopic(**{"topic": "plant/+/flow", "format": "json", "values": {"flow": "flow"}, **told})


@pytest.mark.parametrize(
    ("told", "at_us"),
    [
        pytest.param(AT, AT_US, id="seconds"),
        pytest.param(AT + 0.25, AT_US + 250_000, id="part_of_a_second"),
        pytest.param(AT * 1000 + 1, AT_US + 1_000, id="milliseconds"),
        pytest.param(str(AT * 1000), AT_US, id="digits_as_text"),
        pytest.param(AT_US + 1, AT_US + 1, id="microseconds"),
        pytest.param("2024-01-01T00:00:00Z", AT_US, id="utc"),
        pytest.param("2024-01-01T08:00:00", AT_US, id="local_time_is_beijing"),
        pytest.param("2024-01-01 08:00:00.5+08:00", AT_US + 500_000, id="space_and_zone"),
    ],
)
def test_instant(told: object, at_us: int) -> None:
    assert instant_of(told) == at_us


@pytest.mark.parametrize("told", [0, -1, 1e30, "soon", "", True, None, [], "1999-12-31T00:00:00Z"])
def test_instant_that_cannot_be_is_refused(told: object) -> None:
    with pytest.raises(Unreadable, match="读不懂"):
        instant_of(told)


@pytest.mark.parametrize(
    ("path", "document", "value"),
    [
        pytest.param("flow", {"flow": 1}, 1.0, id="whole_number"),
        pytest.param("data.flow", {"data": {"flow": 1.5}}, 1.5, id="nested"),
        pytest.param("data.1.v", {"data": [{"v": 1}, {"v": 2}]}, 2.0, id="place_in_a_list"),
        pytest.param("flow", {"flow": "-1.5e1"}, -15.0, id="number_as_text"),
        pytest.param("flow", {"flow": True}, 1.0, id="true"),
    ],
)
def test_value(path: str, document: object, value: float) -> None:
    reading = read_json(
        template(values={"a": path}), "t", json.dumps(document).encode(), device="b", received_us=7
    )

    assert reading.parts == [Part("b", [Sample("a", 7, value)])]


def test_null_and_missing_give_no_sample_and_text_is_told() -> None:
    wanted = template(values={"a": "a", "b": "b", "c": "c", "d": "d"})

    reading = read_json(wanted, "t", b'{"a": 1, "b": null, "d": "ERR"}', device="x", received_us=7)

    assert reading.parts == [Part("x", [Sample("a", 7, 1.0)])]
    assert reading.trouble == "d 的值“ERR”不是数"


@pytest.mark.parametrize(
    ("payload", "more", "reason"),
    [
        pytest.param(b"12.5 m", {}, "不是 JSON", id="no_json"),
        pytest.param(b'{"flow": NaN}', {}, "不是 JSON", id="nan"),
        pytest.param(b'{"flow": "\xff"}', {}, "不是 JSON", id="no_utf8"),
        pytest.param(b"[" * 100_000, {}, "不是 JSON", id="too_deep"),
        pytest.param(b'{"level": 1}', {}, "没有 flow", id="no_value"),
        pytest.param(b'{"flow": 1}', {"time": "ts"}, "没有时间 ts", id="no_time"),
        pytest.param(
            b'{"flow": 1}', {"device": "{4}"}, "主题 plant/P3/flow 没有 {4} 要的那一级", id="no_level"
        ),
    ],
)
def test_message_is_refused_with_its_reason(payload: bytes, more: dict[str, str], reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_json(template(**more), "plant/P3/flow", payload, device="b")

    assert str(caught.value) == reason


def test_device_is_named_by_the_topic() -> None:
    reading = read_json(template(device="{0}-{1}"), "plant/P3/flow", b'{"flow": 1}', device="b")
    assert reading.parts[0].device == "plant-P3"

    with pytest.raises(Unreadable, match="设备名“a:b”不能用"):
        read_json(template(device="{1}"), "plant/a:b/flow", b'{"flow": 1}', device="b")


def test_retained_message_counts_only_with_a_time_of_its_own() -> None:
    payload = b'{"flow": 1, "ts": 1704067200}'

    timed = read_json(template(time="ts"), "t", payload, device="b", received_us=7, retained=True)
    untimed = read_json(template(), "t", payload, device="b", received_us=7, retained=True)

    assert timed.parts[0].samples == [Sample("flow", AT_US, 1.0)]
    assert untimed.parts == [Part("b", [])]


@pytest.mark.parametrize("topic", ["a", "a/b", "+", "#", "a/+/b", "a/#", "/", "a//b"])
def test_filter_is_accepted(topic: str) -> None:
    assert is_filter(topic)


@pytest.mark.parametrize("topic", ["a#", "#/a", "a/+b", "a+/b", "a\0"])
def test_filter_is_refused(topic: str) -> None:
    assert not is_filter(topic)


@pytest.mark.parametrize(
    ("topic", "pattern", "does"),
    [
        ("a/b/c", "a/+/c", True),
        ("a/b/c", "a/#", True),
        ("a", "a/#", True),
        ("a/b", "a", False),
        ("a", "a/+", False),
        ("a/b/c", "a/+", False),
        ("x/b", "a/#", False),
        ("a/b", "#", True),
    ],
)
def test_topic_matches(topic: str, pattern: str, does: bool) -> None:
    assert matches(topic, pattern) is does
