"""The centre's side of SL 651 and SZY206: what is confirmed, what tells a resend, what becomes a sample."""

from __future__ import annotations

import pytest

from xunshui.telemetry.heard import Heard
from xunshui.telemetry.hj212.checksum import modbus_checksum
from xunshui.telemetry.localtime import DAY_US, instant_of_text
from xunshui.telemetry.sample import Sample
from xunshui.telemetry.sl651 import centre as sl651
from xunshui.telemetry.sl651.centre import Confirm
from xunshui.telemetry.sl651.frame import ACK, ESC, ETB, framed
from xunshui.telemetry.sl651.frame import framer as framer_of_sl651
from xunshui.telemetry.szy206 import centre as szy206
from xunshui.telemetry.szy206.frame import framed as framed_szy206
from xunshui.telemetry.szy206.frame import framer as framer_of_szy206
from xunshui.telemetry.szy206.message import read_frame

TEST = "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F0591011154920190000052619000005392300000127381211150320FA"
TEST_CONFIRMED = "7E7E00123456780112343080080200035910111549471B75D4"
TIMED_PUBLIC = "7E7E05001122334403E832002B020034170718110016F1F1001122334448F0F01707181100201900004026190000403923000104903812109903A421"
TIMED_CONFIRMED = "7E7E00112233440503E83280080200341707181100161BE5D4"
LINK = "7E7E01001234567812342F0008020003591011155111036BCA"
FLOW = "681A68B35303810D00C00059000000826110000001106000004508090A3516"
NOW = instant_of_text("2024-05-09T08:46")


def up(body: str, function: str = "32", end: int = 0x03, start: int = 0x02) -> bytes:
    """Return a frame of station 0012345678, from what is known of its head."""
    down = bytearray(
        framed(bytes.fromhex("010012345678"), b"\x12\x34", int(function, 16), bytes.fromhex(body), end)
    )
    down[11] &= 0x0F
    down[13] = start
    return bytes(down[:-2]) + bytes.fromhex(modbus_checksum(bytes(down[:-2])).decode())


def self_report(kind: int, values: str, label: str = "004508090A", control: int = 0xB0) -> bytes:
    return framed_szy206(bytes([control | kind]) + bytes.fromhex(f"5303810D00C0{values}01106000{label}"))


@pytest.mark.parametrize(
    ("report", "confirmation"),
    [pytest.param(TEST, TEST_CONFIRMED, id="test"), pytest.param(TIMED_PUBLIC, TIMED_CONFIRMED, id="timed")],
)
def test_confirmation_is_that_of_the_public_pair(report: str, confirmation: str) -> None:
    [piece] = framer_of_sl651().feed(bytes.fromhex(report))

    assert piece.reason == ""
    assert sl651.hear(piece.raw, Confirm.STAY).answer.hex().upper() == confirmation


def test_ends_of_confirmations() -> None:
    report = up("0001240101000000")
    more = up("0001240101000000", end=ETB)
    ends = [
        sl651.hear(raw, confirm).answer[-3:-2].hex()
        for raw, confirm in ((report, Confirm.STAY), (report, Confirm.LEAVE), (more, Confirm.STAY))
    ]

    assert ends == [f"{ESC:02x}", "04", f"{ACK:02x}"]


@pytest.mark.parametrize(
    ("raw", "confirm"),
    [
        pytest.param(bytes.fromhex(LINK), Confirm.STAY, id="link"),
        pytest.param(up("002001AA", start=0x16), Confirm.STAY, id="one_packet_of_several"),
        pytest.param(up("0001240101000000", function="37"), Confirm.STAY, id="answer_of_a_station"),
        pytest.param(bytes.fromhex(TEST), Confirm.OFF, id="off"),
    ],
)
def test_what_is_not_confirmed(raw: bytes, confirm: Confirm) -> None:
    heard = sl651.hear(raw, confirm)

    assert (heard.answer, heard.reason, heard.key != "") == (b"", "", True)


def test_frame_that_goes_down_is_not_taken() -> None:
    assert sl651.hear(bytes.fromhex(TEST_CONFIRMED), Confirm.STAY).reason == "下行报文，测站不会发"
    assert szy206.hear(framed_szy206(bytes.fromhex("335303810D00C000")), NOW).reason == "下行报文，终端不会发"


def test_resend_with_another_signal_strength_is_known() -> None:
    head = "0003591011154947F1F1001234567848F0F05910111549"
    first, resent = (up(f"{head}FF0108{strength}38121115") for strength in ("21", "18"))
    other = up("0004591011154947F1F1001234567848F0F05910111549FF01082138121115")

    assert first != resent
    assert sl651.hear(first, Confirm.STAY).key == sl651.hear(resent, Confirm.STAY).key
    assert sl651.hear(first, Confirm.STAY).key != sl651.hear(other, Confirm.STAY).key


def test_makers_own_element_is_kept_and_those_behind_it_are_read() -> None:
    heard = sl651.hear(up("0003240101081500F0F02401010800FF0110012368220000451239230000FFFF"), Confirm.STAY)

    at_us = instant_of_text("2024-01-01T08:00")
    assert heard.samples == [Sample("32/68", at_us, 45.12)]
    assert dict(heard.remarks) == {
        "要素 FF01": "没有取出数值：0123",
        "要素 39 瞬时水位": "没有取出数值：0000FFFF",
    }


def test_report_that_is_not_taken_apart_is_told() -> None:
    assert sl651.hear(up("0003240101081500F0F02401010800", function="31"), Confirm.STAY).remarks == (
        ("功能码 31", "正文没有拆开；原文已保存"),
    )


@pytest.mark.parametrize(
    "frame",
    [
        FLOW,
        "681568B34406070001C0AAAAAAAAAA004040000000000101E516",
        "681A68B31237899876C000000000000800000000000000000057172800F116",
    ],
)
def test_public_frames_of_szy206_are_good(frame: str) -> None:
    [piece] = framer_of_szy206().feed(bytes.fromhex(frame))

    assert (piece.reason, read_frame(piece.raw).reason) == ("", "")


def values_of(heard: Heard) -> dict[str, float]:
    return {sample.code: sample.value for sample in heard.samples}


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        pytest.param(bytes.fromhex(FLOW), {"C0/flow1": 5.9, "C0/total1": 106182.0}, id="public_flow"),
        pytest.param(
            self_report(3, "0059000000826110000045230100303412000070"),
            {"C0/flow1": 5.9, "C0/total1": 106182.0, "C0/flow_m3_per_h2": 12.345, "C0/total2": 7000001234.0},
            id="two_meters",
        ),
        pytest.param(self_report(3, "AAAAAAAAAA8261100000"), {"C0/total1": 106182.0}, id="flow_not_measured"),
        pytest.param(
            self_report(3, "00590000F08261100000"),
            {"C0/total1": 106182.0},
            id="sign_that_papers_read_differently",
        ),
        pytest.param(
            self_report(2, "65780300452301F0"), {"C0/level1": 37.865, "C0/level2": -12.345}, id="level"
        ),
        pytest.param(self_report(1, "450100"), {"C0/rain": 14.5}, id="rain"),
        pytest.param(self_report(4, "3412F0"), {"C0/speed1": -1.234}, id="speed"),
        pytest.param(self_report(15, "50340200"), {"C0/pressure1": 234.5}, id="pressure"),
        pytest.param(
            self_report(3, "00590000008261100000", "00450809052400"),
            {"C0/flow1": 5.9, "C0/total1": 106182.0},
            id="label_of_sl_t_427",
        ),
    ],
)
def test_values_of_szy206(raw: bytes, values: dict[str, float]) -> None:
    heard = szy206.hear(raw, NOW)

    assert values_of(heard) == values
    assert {sample.at_us for sample in heard.samples} == {instant_of_text("2024-05-09T08:45")}


@pytest.mark.parametrize(
    ("raw", "remark"),
    [
        pytest.param(
            self_report(10, "000000000100120000"),
            ("C0 水质", "数值的写法没有依据，原样保存：000000000100120000"),
            id="quality",
        ),
        pytest.param(
            self_report(3, "0059000000"),
            ("C0 流量", "数值的写法没有依据，原样保存：0059000000"),
            id="half_a_meter",
        ),
        pytest.param(
            self_report(2, "65780300", "FF45080900"),
            ("时间标签", "读不出时刻，数值没有成为读数：FF45080900"),
            id="no_time",
        ),
    ],
)
def test_what_is_not_known_of_szy206_is_no_sample_and_is_told(raw: bytes, remark: tuple[str, str]) -> None:
    heard = szy206.hear(raw, NOW)

    assert (heard.samples, heard.reason) == ([], "")
    assert remark in heard.remarks
    assert ("报警状态", "0110") in heard.remarks


def test_month_of_a_short_time_label_is_the_nearest() -> None:
    raw = self_report(2, "65780300", "0050233100")
    came = instant_of_text("2024-02-01T00:10")

    assert szy206.hear(raw, came).samples[0].at_us == instant_of_text("2024-01-31T23:50")


def test_same_data_a_month_later_is_no_resend() -> None:
    raw, counted_down = self_report(2, "65780300"), self_report(2, "65780300", control=0xA0)
    keys = [
        szy206.hear(each, at).key
        for each, at in ((raw, NOW), (counted_down, NOW + 300_000_000), (raw, NOW + 30 * DAY_US))
    ]

    assert raw != counted_down
    assert keys[0] == keys[1] != keys[2]


def test_szy206_is_confirmed_in_the_mode_agreed_and_never_with_the_longer_label() -> None:
    confirmed = szy206.hear(bytes.fromhex(FLOW), NOW, mode=1).answer
    message = read_frame(confirmed)

    assert (message.is_upward, message.station, message.function, message.values) == (
        False,
        "5303810D00",
        "C0",
        b"\x01",
    )
    assert szy206.hear(bytes.fromhex(FLOW), NOW).answer == b""
    assert szy206.hear(self_report(3, "00590000008261100000", "00450809052400"), NOW, mode=1).answer == b""
