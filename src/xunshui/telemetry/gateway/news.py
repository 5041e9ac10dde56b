"""What has changed between two looks at a gateway's status: told once, however often it happened in between."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from xunshui.telemetry.log import tell, without_quotes

Status = Mapping[str, Any]


class News(NamedTuple):
    """One event; what comes and goes every day is DEBUG."""

    event: str
    words: str
    facts: dict[str, object]
    level: int = logging.INFO


def tell_news(before: Status, now: Status) -> None:
    """Tell what has changed."""
    for each in news(before, now):
        tell(each.event, each.words, level=each.level, **each.facts)


def news(before: Status, now: Status) -> Iterator[News]:
    """Yield what has changed, the disk first."""
    yield from _of_the_disk(before, now)
    known = {(each["protocol"], each["device"]): each for each in before["sessions"]}
    for session in now["sessions"]:
        yield from _of_a_logger(known.get((session["protocol"], session["device"])), session)
    states = {(each["protocol"], each["name"]): each for each in before["devices"]}
    for device in now["devices"]:
        yield from _of_a_device(states.get((device["protocol"], device["name"])), device)
    yield from _of_strangers(before, now)


def _of_the_disk(before: Status, now: Status) -> Iterator[News]:
    if now["failing"] and not before["failing"]:
        reason = now["last_error"]
        words = f"写不进磁盘，暂不应答，一秒后再试：{reason}"
        yield News("disk_refuses", words, {"reason": reason, "waiting": now["waiting"]}, logging.ERROR)
    elif before["failing"] and not now["failing"]:
        yield News("disk_accepts", "磁盘又写得进了", {"failures": now["failures"]})


def _of_a_logger(before: Status | None, now: Status) -> Iterator[News]:
    who = {"device": now["device"], "protocol": now["protocol"], "peer": now["address"]}
    frames = now["frames"] - (before["frames"] if before else 0)
    if now["connected"] and (
        before is None or not before["connected"] or before["address"] != now["address"]
    ):
        yield News("logger_connected", f"{now['device']} 从 {now['address']} 连上", who, logging.DEBUG)
    elif before is not None and before["connected"] and not now["connected"]:
        words = f"{now['device']} 断开（{now['address']}）"
        yield News("logger_lost", words, {**who, "frames": now["frames"]}, logging.DEBUG)
    refused = now["refused"] - (before["refused"] if before else 0)
    reason = without_quotes(now["last_reason"])
    if refused:
        facts = {**who, "refused": refused, "frames": frames, "reason": reason}
        yield News(
            "frames_refused", f"{now['device']} 有 {refused} 帧读不了：{reason}", facts, logging.WARNING
        )
    elif reason and now["last_reason"] != (before["last_reason"] if before else ""):
        words = f"{now['device']} 的报文解不开：{reason}"
        yield News("frames_not_opened", words, {**who, "reason": reason}, logging.WARNING)


def _of_a_device(before: Status | None, now: Status) -> Iterator[News]:
    who = {"device": now["name"], "protocol": now["protocol"], "peer": now["address"]}
    reason = without_quotes(now["last_error"])
    restarts = now["restarts"] - (before["restarts"] if before else 0)
    changed = before is None or before["state"] != now["state"]
    if restarts or (changed and now["state"] == "failed"):
        facts = {**who, "reason": reason, "restarts": now["restarts"]}
        yield News("device_failed", f"{now['name']} 中断：{reason}", facts, logging.WARNING)
    elif changed and now["state"] == "healthy":
        yield News("device_healthy", f"{now['name']} 正常（{now['address']}）", who, logging.DEBUG)
    elif changed and reason:
        yield News(
            "device_degraded", f"{now['name']} 有故障：{reason}", {**who, "reason": reason}, logging.WARNING
        )


def _of_strangers(before: Status, now: Status) -> Iterator[News]:
    """Yield what no known device has sent."""
    refused = (now["refused_frames"] - _refused(now)) - (before["refused_frames"] - _refused(before))
    if refused > 0:
        words = f"来历不明的 {refused} 帧读不了"
        yield News("frames_refused", words, {"device": "", "refused": refused}, logging.WARNING)
    if turned := now["turned_away"] - before["turned_away"]:
        words = f"关闭了 {turned} 个不像数采仪的连接"
        yield News("connections_turned_away", words, {"connections": turned}, logging.WARNING)


def _refused(status: Status) -> int:
    return sum(session["refused"] for session in status["sessions"])
