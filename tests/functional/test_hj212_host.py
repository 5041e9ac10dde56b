"""The gateway as a host of HJ 212: sets clocks, tells what was agreed, asks for history, deciphers."""

from __future__ import annotations

import json
import re
import socket
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.functional import gateways
from tests.functional.loggers import (
    ask,
    asked,
    came_of,
    commands,
    field,
    heard_by,
    needs_node,
    profiles_file,
    session,
)

from xunshui.telemetry.gateway.ask import FILE
from xunshui.telemetry.hj212 import Framer, framed, read_segment
from xunshui.telemetry.hj212.profile import Sm4
from xunshui.telemetry.hj212.sm4 import enciphered

A, B = "A" * 24, "B" * 24
KEY = "0123456789abcdeffedcba9876543210"
FROM_TO = ("--from", "2024-01-01T00:00", "--to", "2024-01-01T00:59")


@needs_node
def test_first_link_tells_what_was_agreed_and_a_wrong_clock_is_set(tmp_path: Path) -> None:
    agreed = {"password": "654321", "rtd_interval_s": 60, "minute_interval_min": 10, "over_time_s": 5}
    profiles = profiles_file(tmp_path, devices={A: {**agreed, "clock": {}}})
    with gateways.gateway(tmp_path, profiles=profiles) as port, field(port, A, offset=-300) as logger:
        gateways.until(lambda: came_of(tmp_path, A).get("1012") == "完成")
        gateways.until(lambda: abs(session(tmp_path, A)["skew_s"] or -300) < 2)
        state = came_of(tmp_path, A)
        heard = heard_by(logger)

    assert state == dict.fromkeys(("1000", "1062", "1064", "1012"), "完成")
    assert commands(heard) == ["1000", "1062", "1064", "1012"]
    contents = [segment.partition("CP=")[2] for segment in heard[:3]]
    assert contents == ["&&OverTime=5;ReCount=3&&", "&&RtdInterval=60&&", "&&MinInterval=10&&"]
    assert all(
        f"ST=32;CN={cn};PW=654321;MN={A};Flag=5" in told for cn, told in zip(state, heard, strict=True)
    )
    assert len({re.match(r"QN=(\d{17});", segment) for segment in heard}) == 4


@needs_node
def test_without_a_profile_nothing_is_sent_unasked(tmp_path: Path) -> None:
    with gateways.gateway(tmp_path) as port, field(port, A, offset=3_600, wish=1013) as logger:
        gateways.until(lambda: session(tmp_path, A).get("skew_s") is not None)
        skew_s, state = session(tmp_path, A)["skew_s"], came_of(tmp_path, A)
        heard = heard_by(logger)

    assert abs(skew_s - 3_600) < 2
    assert (commands(heard), state) == (["9013"], {})


@needs_node
def test_logger_that_refuses_or_is_silent_is_left_alone(tmp_path: Path) -> None:
    settings = {"over_time_s": 1, "resends": 1, "rtd_interval_s": 30, "minute_interval_min": 1}
    with (
        gateways.gateway(tmp_path, profiles=profiles_file(tmp_path, default=settings)) as port,
        field(port, A, refuse="1062") as refusing,
        field(port, B, silent="1000") as silent,
    ):
        gateways.until(lambda: came_of(tmp_path, B).get("1064") == "没有应答")
        states = came_of(tmp_path, A), came_of(tmp_path, B)
        [_, words, _] = [each["words"] for each in session(tmp_path, A)["requests"]]
        heard = commands(heard_by(refusing)), commands(heard_by(silent))

    assert states[0] == {"1000": "完成", "1062": "被拒绝", "1064": "完成"}
    assert states[1] == dict.fromkeys(("1000", "1062", "1064"), "没有应答")
    assert words == "QnRtn=2：请求被拒绝"
    assert heard == (["1000", "1062", "1064"], ["1000", "1000"])


@needs_node
def test_wish_for_the_time_is_confirmed_and_then_granted(tmp_path: Path) -> None:
    profiles = profiles_file(tmp_path, default={"dialect": "surface_water_2017", "clock": {"tolerance_s": 9}})
    with gateways.gateway(tmp_path, profiles=profiles) as port, field(port, A, wish=1013, flag=8) as logger:
        gateways.until(lambda: came_of(tmp_path, A).get("1015") == "完成")
        heard = heard_by(logger)

    assert commands(heard) == ["9013", "1015"]


@needs_node
def test_history_is_asked_for_and_kept_as_any_data(tmp_path: Path) -> None:
    with (
        gateways.gateway(tmp_path) as port,
        field(port, A, history=30) as logger,
        field(port, B, refuse="2061") as poor,
    ):
        gateways.until(lambda: session(tmp_path, A) and session(tmp_path, B))
        answers = [
            ask(tmp_path, A, "2051", *FROM_TO),
            ask(tmp_path, B, "2061", *FROM_TO),
            asked(tmp_path, A, "clock"),
            asked(tmp_path, A, "2011"),
            asked(tmp_path, B, "2031", ("2024-01-01", "2024-01-01")),
            asked(tmp_path, "C", "clock"),
        ]
        mode = stat.S_IMODE((tmp_path / FILE).stat().st_mode)
        heard = heard_by(logger)
        heard_by(poor)
    nobody = ask(tmp_path, A, "clock")

    assert [code for code, _ in answers] == [0, 2, 0, 2, 2, 2]
    assert answers[0][1] == f"{A} 取分钟数据（2051）：完成，收到 30 帧（ExeRtn=1：执行成功）"
    assert answers[1][1] == f"{B} 取小时数据（2061）：被拒绝，收到 0 帧（QnRtn=2：请求被拒绝）"
    assert answers[2][1] == f"{A} 校时（1012）：完成（ExeRtn=1：执行成功）"
    assert "2011（取实时数据）只有 2025 版才有" in answers[3][1]
    assert "ExeRtn=100：没有数据" in answers[4][1]
    assert answers[5][1].startswith("数采仪 C 没有连接；现在连着的：")
    assert (nobody[0], "没有正在运行的网关" in nobody[1]) == (2, True)
    assert "CP=&&BeginTime=20240101000000;EndTime=20240101005900&&" in heard[0]
    assert gateways.values(tmp_path, f"hj212:{A}/2051/w01018-Avg") == [row + 0.5 for row in range(30)]
    assert mode == 0o600


def test_asker_is_told_when_the_logger_or_the_gateway_goes(tmp_path: Path) -> None:
    process, port = gateways.start(tmp_path)
    lines = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(2)]
    for line, device in zip(lines, (A, B), strict=True):
        line.sendall(framed(f"QN=20240101000000001;ST=32;CN=9015;PW=1;MN={device};Flag=9;CP=&&&&".encode()))
        line.recv(1000)
    with ThreadPoolExecutor() as askers:
        answers = [askers.submit(asked, tmp_path, device, "clock") for device in (A, B)]
        for line in lines:
            assert b"CN=1012" in line.recv(1000)
        lines[0].close()
        first = answers[0].result(10)
        ended = gateways.stop(process)
        second = answers[1].result(10)
    lines[1].close()

    assert first == (2, f"{A} 校时（1012）：连接断开")
    assert second == (2, "网关没有答完就停了；看它是否还在运行，再问一次")
    assert (ended, (tmp_path / FILE).exists()) == (0, False)


def test_ciphertext_becomes_samples_and_what_cannot_be_deciphered_is_kept(tmp_path: Path) -> None:
    sm4 = Sm4(key=KEY, padding="zero")
    profiles = profiles_file(tmp_path, devices={A: {"sm4": {"key": KEY, "padding": "zero"}}})
    head = f"QN=20240101000000001;ST=32;CN=2011;PW=1;MN={A};Flag=9;CP=&&".encode()
    good = framed(head + enciphered(b"DataTime=20240101000000;w00000-Rtd=7", sm4) + b"&&")
    bad = framed(head + b"0123456789ABCDEF" * 2 + b"&&")
    with gateways.gateway(tmp_path, profiles=profiles) as port:
        with socket.create_connection(("127.0.0.1", port), 10) as logger:
            logger.sendall(good + bad)
            answers: list[str] = []
            framer = Framer()
            while len(answers) < 2:
                answers += [read_segment(frame.segment).command for frame in framer.feed(logger.recv(1000))]
        gateways.until(lambda: session(tmp_path, A))
        reason = session(tmp_path, A)["last_reason"]
    decoded = subprocess.run(
        [str(gateways.XUNSHUI), "hj212", "decode", "--profiles", str(profiles)],
        input=good + bad,
        capture_output=True,
        check=True,
    )

    assert answers == ["9014", "9014"]
    assert gateways.kept(tmp_path) == {f"hj212:{A}/2011/w00000-Rtd": [(7.0, 0, 1_704_038_400_000_000)]}
    assert reason == "密文解不开：解开后不是“名称=值”，密钥或填充方式不对"
    told = [json.loads(line) for line in decoded.stdout.splitlines()]
    assert told[0]["items"] == [{"DataTime": "20240101000000"}, {"w00000-Rtd": "7"}]
    assert (told[1]["items"], told[1]["cipher_reason"]) == ([], reason)


def test_mistakes_in_a_profiles_file_are_told(tmp_path: Path) -> None:
    profiles = profiles_file(tmp_path, default={"dialect": 2016}, devices={A: {"resends": -1}})
    command = [str(gateways.XUNSHUI), "gateway", "--spool", str(tmp_path), "--profiles", str(profiles)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)

    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "profiles.yaml 有 2 处需要改正：",
        "  default.dialect：“2016”不在可选范围；可填：2005、2017、2025、surface_water_2017",
        f"  devices.{A}.resends：“-1”不能小于 0",
    ]
