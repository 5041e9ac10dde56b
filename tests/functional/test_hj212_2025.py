"""The gateway as a host of HJ 212-2025: keys, MN, what a person asks for, and settings told again."""

from __future__ import annotations

import re
import socket
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
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
    run,
    session,
)

from xunshui.telemetry.gateway.hj212_agreed import FILE, Agreed
from xunshui.telemetry.hj212 import Framer, Message, framed, read_segment
from xunshui.telemetry.hj212.profile import Sm4
from xunshui.telemetry.hj212.sm4 import enciphered

A, B = "A" * 24, "B" * 24
KEY = "0123456789abcdef"
SM4 = {"key": KEY, "padding": "zero", "requests": "encrypted", "exchange": {}}
SERIAL = "6970000000001ABCDEFG1234"


class Line:
    """A logger by hand: what it sends, and the messages that came, one after the other."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        self._framer = Framer()
        self._came: list[Message] = []

    def says(self, command: str, content: bytes, device: str = A, number: int = 1, flag: int = 9) -> None:
        """Send a frame."""
        head = f"QN=2024010100000{number:04d};ST=32;CN={command};PW=123456;MN={device};Flag={flag};CP=&&"
        self._socket.sendall(framed(head.encode() + content + b"&&"))

    def hears(self) -> Message:
        """Return the next message."""
        while not self._came:
            frames = self._framer.feed(self._socket.recv(4096))
            self._came += [read_segment(frame.segment) for frame in frames]
        return self._came.pop(0)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


@contextmanager
def line(port: int) -> Iterator[Line]:
    """Connect for the length of the block."""
    opened = Line(port)
    try:
        yield opened
    finally:
        opened.close()


def readings(spool: Path) -> int:
    """Return how many real-time values of the logger A were deciphered."""
    return len(gateways.values(spool, f"hj212:{A}/2011/w01018-Rtd"))


@needs_node
def test_logger_gets_a_new_key_and_no_frame_of_the_old_or_new_is_lost(tmp_path: Path) -> None:
    profiles = profiles_file(tmp_path, devices={A: {"sm4": SM4}})
    process, port = gateways.start(tmp_path, profiles=profiles)
    with field(port, A, flag=8, key=KEY, wish=1014, late=3, every=50, again=1) as logger:
        gateways.until(lambda: session(tmp_path, A).get("key", "").endswith("起用"))
        gateways.until(lambda: readings(tmp_path) >= 20)
        refused = session(tmp_path, A)["last_reason"]
        gateways.kill(process)
        before = readings(tmp_path)
        process, _ = gateways.start(tmp_path, port=port, profiles=profiles)
        gateways.until(lambda: readings(tmp_path) >= before + 10 and session(tmp_path, A))
        after = session(tmp_path, A)
        heard = heard_by(logger)
    gateways.stop(process)

    told = [segment for segment in heard if "CN=1014" in segment]
    assert commands(heard)[:2] == ["9013", "1014"]
    found = re.search(r"CP=&&SKCreateTime=\d{17},NewSK=([0-9A-Za-z]{16})&& \(sealed\)$", told[0])
    assert found and found[1] != KEY
    assert (refused, after["last_reason"]) == ("", "")
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert found[1] not in (tmp_path / "gateway.json").read_text("utf-8")


def test_new_key_is_on_disk_before_it_is_sent(tmp_path: Path) -> None:
    agreed = {**SM4, "requests": "plain"}
    profiles = profiles_file(tmp_path, devices={A: {"sm4": agreed}})
    process, port = gateways.start(tmp_path, profiles=profiles)
    with line(port) as logger:
        logger.says("1014", b"SKCreateTime=20240101000000000")
        confirmed, told = logger.hears(), logger.hears()
        gateways.kill(process)
    new = Sm4(key=told.value("NewSK") or "", padding="zero")

    with gateways.gateway(tmp_path, profiles=profiles) as port, line(port) as logger:
        for number, key in ((2, new), (3, Sm4(key=KEY, padding="zero")), (4, new)):
            said = f"DataTime=2024010100000{number};w01018-Rtd={number}".encode()
            logger.says("2011", enciphered(said, key), number=number)
            assert logger.hears().command == "9014"
        raw = framed(
            f"QN=20240101000000009;ST=32;CN=2011;PW=1;MN={A};Flag=8;CP=&&".encode()
            + enciphered(b"w01018-Rtd=7", new)
            + b"&&"
        )
    capture = tmp_path / "frames.bin"
    capture.write_bytes(raw)
    decoding = ("decode", str(capture), "--profiles", str(profiles))

    assert (confirmed.command, told.command) == ("9013", "1014")
    assert gateways.values(tmp_path, f"hj212:{A}/2011/w01018-Rtd") == [2, 3, 4]
    assert '"items": [{"w01018-Rtd": "7"}]' in run(*decoding, "--spool", str(tmp_path))[1]
    assert "密文解不开" in run(*decoding)[1]


def test_key_that_cannot_be_kept_is_not_sent(tmp_path: Path) -> None:
    profiles = profiles_file(tmp_path, devices={A: {"sm4": {**SM4, "exchange": {"next_key": "f" * 16}}}})
    with gateways.gateway(tmp_path, profiles=profiles) as port, line(port) as logger:
        logger.says("1001", b"i23005-Info=S", number=1)
        assert logger.hears().command == "9013"
        holding = sqlite3.connect(tmp_path / FILE, isolation_level=None)
        holding.execute("BEGIN EXCLUSIVE")
        held = asked(tmp_path, A, "key")
        holding.execute("ROLLBACK")
        holding.close()
        logger.says("9015", b"", number=2)

        assert held == (
            2,
            "新密钥没能落盘（database is locked），没有下发；看磁盘是否写得进，再试一次",
        )
        assert logger.hears().command == "9013"


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        pytest.param(lambda content: b"\0" * 100 + content[100:], "file is not a database", id="head"),
        pytest.param(lambda content: content[:9000] + b"\xff" * 4000, "malformed", id="pages"),
    ],
)
def test_damaged_keys_stop_the_start_with_words_and_no_traceback(
    tmp_path: Path, damage: Callable[[bytes], bytes], why: str
) -> None:
    agreed = Agreed(tmp_path)
    for number in range(100):
        agreed.offer(A, f"{number:016}", "20240101000000000")
    file = tmp_path / FILE
    file.write_bytes(damage(file.read_bytes()))
    command = [str(gateways.XUNSHUI), "gateway", "--hj212", "127.0.0.1:0", "--spool", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    for told in (str(file), why, "约定的密钥、口令读不出", "用备份里的 sensing/hj212.sqlite3 换上"):
        assert told in ended.stderr
    assert not (tmp_path / "spool.sqlite3").exists()


@needs_node
def test_key_is_handed_out_when_a_person_asks_and_its_refusal_is_told(tmp_path: Path) -> None:
    once = {**SM4, "exchange": {"next_key": "fedcba9876543210"}}
    profiles = profiles_file(tmp_path, devices={A: {"sm4": once}, B: {"sm4": SM4}})
    with (
        gateways.gateway(tmp_path, profiles=profiles) as port,
        field(port, A, flag=8, key=KEY) as logger,
        field(port, B, flag=8, key=KEY, refuse="1014") as refusing,
        field(port, "C", flag=4) as old,
    ):
        gateways.until(lambda: all(session(tmp_path, each) for each in (A, B, "C")))
        answers = [asked(tmp_path, each, "key") for each in (A, A, B, B, "C")]
        heard, heard_refusing = heard_by(logger), heard_by(refusing)
        heard_by(old)

    assert answers[0] == (0, f"{A} 下发新密钥（1014）：完成（ExeRtn=1：执行成功）")
    assert answers[1] == (2, "配置中的 next_key 已经用过；写一个新的，或删去它由网关生成")
    assert answers[2] == (2, f"{B} 下发新密钥（1014）：被拒绝（QnRtn=2：请求被拒绝）")
    assert answers[4] == (2, "换密钥（1014）只有 2025 版才有，这台数采仪按 2017 版对话")
    assert "NewSK=fedcba9876543210&&" in heard[0]
    contents = [segment.partition("CP=")[2] for segment in heard_refusing]
    assert len(contents) == 2
    assert contents[0] == contents[1]


def test_1014_of_the_surface_water_dialect_is_no_wish_for_a_key(tmp_path: Path) -> None:
    agreed = {"dialect": "surface_water_2017", "sm4": {**SM4, "requests": "plain"}}
    profiles = profiles_file(tmp_path, devices={A: agreed})
    with gateways.gateway(tmp_path, profiles=profiles) as port, line(port) as logger:
        logger.says("1014", b"SystemTime=20240101000000")
        first = logger.hears()
        logger.says("9015", b"", number=2)
        second = logger.hears()

    assert (first.command, second.command) == ("9014", "9013")
    assert not (tmp_path / FILE).exists()


@needs_node
def test_hardware_is_told_its_mn_where_the_profile_says_which(tmp_path: Path) -> None:
    profiles = profiles_file(tmp_path, default={"rtd_interval_s": 60}, devices={A: {"hardware": SERIAL}})
    with (
        gateways.gateway(tmp_path, profiles=profiles) as port,
        field(port, "-", flag=8, serial=SERIAL) as logger,
        field(port, "-", flag=8, serial="unknown") as stranger,
    ):
        gateways.until(lambda: came_of(tmp_path, A).get("1062") == "完成")
        gateways.until(lambda: session(tmp_path, "硬件 unknown"))
        told = session(tmp_path, A)["hardware"], session(tmp_path, "硬件 unknown")["hardware"]
        named = came_of(tmp_path, f"硬件 {SERIAL}")
        nameless = asked(tmp_path, "硬件 unknown", "clock")
        heard, heard_by_stranger = heard_by(logger), heard_by(stranger)
    with gateways.gateway(tmp_path, profiles=profiles) as port, line(port) as logger_again:
        logger_again.says("9015", b"")
        logger_again.hears()
        gateways.until(lambda: session(tmp_path, A).get("connected"))
        recalled = session(tmp_path, A)["hardware"]

    [naming] = [segment for segment in heard if "CN=1002" in segment]
    assert f";CN=1002;PW=123456;MN={A};Flag=9;CP=&&i23005-Info={SERIAL}&&" in naming
    assert (named, set(commands(heard_by_stranger))) == ({"1002": "完成"}, {"9013"})
    assert told[0] == {
        "i23005-Info": SERIAL,
        "i23006-Info": "CPU1",
        "i23007-Info": "M1",
        "i23008-Info": "M2",
    }
    assert told[1]["i23005-Info"] == "unknown"
    assert (nameless[0], "还没有 MN" in nameless[1]) == (2, True)
    assert recalled == told[0]


@needs_node
def test_what_a_person_asks_is_carried_out_and_its_answer_told(tmp_path: Path) -> None:
    profiles = profiles_file(tmp_path, devices={A: {"password": "123456", "over_time_s": 5}, B: {}})
    with (
        gateways.gateway(tmp_path, profiles=profiles) as port,
        field(port, A, flag=8, refuse="3013") as logger,
        field(port, B, flag=4) as old,
    ):
        gateways.until(lambda: came_of(tmp_path, A).get("1000") == "完成" and session(tmp_path, B))
        answers = {
            "3019": asked(tmp_path, A, "3019", PolId="w01018"),
            "3020": ask(tmp_path, A, "3020", "PolId=w01018", "InfoId=i12001"),
            "3013": asked(tmp_path, A, "3013", PolId="w01018"),
            "3024": asked(tmp_path, A, "3024", PolId="w01018"),
            "3015": asked(tmp_path, B, "3015"),
            "3022": asked(tmp_path, B, "3022", PolId="w01018"),
            "1072": ask(tmp_path, A, "1072", "NewPW=-", typed="654321\n"),
            "3012": asked(tmp_path, A, "3012", PolId="w01018"),
        }
        gateways.until(lambda: f"hj212:{A}/2013/w01018-Avg" in gateways.kept(tmp_path))
        heard, heard_old = heard_by(logger), heard_by(old)

    first = {code: words.splitlines()[0] for code, (_, words) in answers.items()}
    done = "（ExeRtn=1：执行成功）"
    assert first["3019"] == f"{A} 取设备唯一标识（3019）：完成，收到 1 帧{done}"
    assert "w01018-SN=0123456789ABCDEF01234567" in answers["3019"][1]
    assert "i12001-Info=1" in answers["3020"][1]
    assert answers["3013"] == (2, f"{A} 启动清洗或反吹（3013）：被拒绝（QnRtn=2：请求被拒绝）")
    assert first["3024"] == f"{A} 启动自动标样核查（3024）：完成{done}"
    assert "VaseNo=3" in answers["3015"][1]
    assert (answers["3022"][0], "只有 2025 版才有" in answers["3022"][1]) == (2, True)
    assert answers["1072"] == (0, f"{A} 设置访问口令（1072）：完成{done}")
    assert "PW=123456" in next(each for each in heard if "CN=1072" in each)
    assert "PW=654321" in next(each for each in heard if "CN=3012" in each)
    assert commands(heard) == ["1000", "3019", "3020", "3013", "3024", "1072", "3012"]
    assert commands(heard_old) == ["3015"]
    assert gateways.values(tmp_path, f"hj212:{A}/2062/w01018-SampleRd") == [50.1]
    assert gateways.values(tmp_path, f"hj212:{A}/2062/w01018-ResultType") == [1]
    assert "654321" not in (tmp_path / "gateway.json").read_text("utf-8")


def test_commands_are_listed() -> None:
    code, words = run("commands")

    assert code == 0
    assert "3024  启动自动标样核查  PolId  2025  [C25]" in words
    assert "3020  取现场机信息（日志、状态、参数）  PolId? InfoId [--from … --to …]" in words


@needs_node
def test_settings_are_told_again_where_the_connection_broke_over_them(tmp_path: Path) -> None:
    settings = {"over_time_s": 5, "rtd_interval_s": 60, "minute_interval_min": 10}
    with (
        gateways.gateway(tmp_path, profiles=profiles_file(tmp_path, default=settings)) as port,
        field(port, A, breaks="1062", again=1) as once,
        field(port, B, breaks="1062", times=99, again=1, every=50) as always,
    ):
        gateways.until(lambda: came_of(tmp_path, A).get("1064") == "完成")
        frames = session(tmp_path, B)["frames"]
        gateways.until(lambda: session(tmp_path, B)["frames"] > frames + 40)
        heard, heard_always = heard_by(once), heard_by(always)

    assert commands(heard) == ["1000", "1062", "1062", "1064"]
    assert commands(heard_always) == ["1000", "1062", "1062", "1062", "1062"]


@needs_node
def test_changed_settings_are_told_without_a_restart_and_mistakes_change_nothing(tmp_path: Path) -> None:
    agreed = {"over_time_s": 1, "resends": 0, "rtd_interval_s": 60}
    profiles = profiles_file(tmp_path, default=agreed)
    reload = ("reload", "--spool", str(tmp_path), "--profiles", str(profiles))
    with (
        gateways.gateway(tmp_path, profiles=profiles) as port,
        field(port, A) as logger,
        field(port, B, silent="1000") as silent,
    ):
        gateways.until(lambda: came_of(tmp_path, A).get("1062") == "完成")
        gateways.until(lambda: came_of(tmp_path, B).get("1062") == "没有应答")
        profiles_file(tmp_path, default={**agreed, "rtd_interval_s": 1})
        wrong = run(*reload)
        profiles_file(tmp_path, default={**agreed, "minute_interval_min": 10})
        right = run(*reload)
        gateways.until(lambda: came_of(tmp_path, A).get("1064") == "完成")
        gateways.until(lambda: came_of(tmp_path, B).get("1064") == "完成")
        heard, heard_silent = heard_by(logger), heard_by(silent)

    assert wrong[0] == 2
    assert wrong[1].splitlines()[-2:] == [
        "  default.rtd_interval_s：“1”不能小于 30",
        "网关仍按原来的配置运行",
    ]
    assert (right[0], right[1].startswith(f"已按 {profiles} 运行")) == (0, True)
    assert commands(heard) == ["1000", "1062", "1064"]
    assert commands(heard_silent) == ["1000", "1064"]
