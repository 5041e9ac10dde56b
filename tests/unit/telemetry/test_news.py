"""What a gateway tells of changes: once for each look, however often it happened in between."""

from __future__ import annotations

from typing import Any

import pytest

from xunshui.telemetry.gateway.news import news

QUIET: dict[str, Any] = {
    "failing": False,
    "failures": 0,
    "last_error": "",
    "waiting": 0,
    "refused_frames": 0,
    "turned_away": 0,
    "sessions": [],
    "devices": [],
}
LOGGER = {
    "protocol": "hj212",
    "device": "A",
    "address": "10.0.0.1:5",
    "connected": True,
    "frames": 3,
    "refused": 0,
    "last_reason": "",
}
METER = {
    "protocol": "modbus",
    "name": "M",
    "address": "10.0.0.2:502",
    "state": "healthy",
    "last_error": "",
    "restarts": 0,
}


def logger(**changed: object) -> dict[str, Any]:
    return QUIET | {"sessions": [LOGGER | changed], "refused_frames": changed.get("refused", 0)}


def meter(**changed: object) -> dict[str, Any]:
    return QUIET | {"devices": [METER | changed]}


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        pytest.param(QUIET, logger(), ["A 从 10.0.0.1:5 连上"], id="logger_comes"),
        pytest.param(logger(), logger(frames=9), [], id="nothing_but_frames"),
        pytest.param(logger(), logger(address="10.0.0.1:6"), ["A 从 10.0.0.1:6 连上"], id="other_connection"),
        pytest.param(logger(), logger(connected=False), ["A 断开（10.0.0.1:5）"], id="logger_goes"),
        pytest.param(
            logger(),
            logger(refused=40, last_reason="“geheim”不对"),
            ["A 有 40 帧读不了：“…”不对"],
            id="refused",
        ),
        pytest.param(logger(), logger(last_reason="SM4 不对"), ["A 的报文解不开：SM4 不对"], id="not_opened"),
        pytest.param(QUIET, QUIET | {"refused_frames": 5}, ["来历不明的 5 帧读不了"], id="strangers"),
        pytest.param(QUIET, QUIET | {"turned_away": 2}, ["关闭了 2 个不像数采仪的连接"], id="turned_away"),
        pytest.param(
            QUIET,
            QUIET | {"failing": True, "last_error": "full"},
            ["写不进磁盘，暂不应答，一秒后再试：full"],
            id="disk_refuses",
        ),
        pytest.param(QUIET | {"failing": True}, QUIET, ["磁盘又写得进了"], id="disk_accepts"),
        pytest.param(meter(state="degraded"), meter(), ["M 正常（10.0.0.2:502）"], id="meter_answers"),
        pytest.param(
            meter(),
            meter(state="degraded", last_error="等不到回答"),
            ["M 有故障：等不到回答"],
            id="meter_part",
        ),
        pytest.param(meter(), meter(restarts=1, last_error="断开"), ["M 中断：断开"], id="failed_and_back"),
        pytest.param(meter(state="failed"), meter(state="failed"), [], id="still_failed"),
    ],
)
def test_change_is_told(before: dict[str, Any], now: dict[str, Any], told: list[str]) -> None:
    assert [each.words for each in news(before, now)] == told
