"""The host keeps up with nodes and devices from birth to death."""

from __future__ import annotations

import pytest

from xunshui.telemetry.connectors.mqtt.reading import Part, Reading, Unreadable
from xunshui.telemetry.connectors.mqtt.sparkplug_host import ASK_AGAIN_US, Host, rebirth_of
from xunshui.telemetry.connectors.mqtt.sparkplug_payload import DOUBLE, Metric, Payload, decode, encode
from xunshui.telemetry.sample import Quality, Sample

NOW_US = 1_704_067_200_000_000
NOW_MS = NOW_US // 1000


def take(host: Host, topic: str, seq: int | None, *metrics: Metric, now_us: int = NOW_US) -> Reading:
    content = encode(Payload(timestamp=NOW_MS, seq=seq, metrics=list(metrics)))
    reading = host.take(f"spBv1.0/{topic}", content, now_us)
    assert reading is not None
    return reading


def bd_seq(number: int) -> Metric:
    return Metric(name="bdSeq", datatype=8, value=number)


FLOW = Metric(name="flow", alias=1, datatype=DOUBLE, value=12.5)


def born(bd: int = 0) -> Host:
    """Return a host that heard the birth of a node and its pump."""
    host = Host()
    take(host, "g/NBIRTH/n", 0, bd_seq(bd), Metric(name="power", alias=9, datatype=5, value=1))
    take(host, "g/DBIRTH/n/pump", 1, FLOW)
    return host


def test_birth_tells_values_and_gives_names_to_aliases() -> None:
    host = Host()
    birth = take(host, "g/NBIRTH/n", 0, bd_seq(0), Metric(name="power", alias=9, datatype=5, value=1))
    device = take(
        host, "g/DBIRTH/n/pump", 1, FLOW, Metric(name="Device Control/Reboot", datatype=11, value=False)
    )
    data = take(host, "g/DDATA/n/pump", 2, Metric(alias=1, value=13.5))

    assert birth == Reading(parts=[Part("g.n", [Sample("power", NOW_US, 1.0)])])
    assert device == Reading(parts=[Part("g.n.pump", [Sample("flow", NOW_US, 12.5)])])
    assert data == Reading(parts=[Part("g.n.pump", [Sample("flow", NOW_US, 13.5)])])


def test_unknown_alias_gives_no_sample_and_asks_for_a_birth() -> None:
    reading = take(born(), "g/DDATA/n/pump", 2, Metric(alias=7, value=1.0), Metric(alias=1, value=2.0))

    assert reading.parts == [Part("g.n.pump", [Sample("flow", NOW_US, 2.0)])]
    assert reading.trouble == "g.n.pump 的别名 7 没有出现在出生报文里"
    assert reading.rebirth == ("g", "n")


def test_data_before_birth_asks_for_it_but_not_again_at_once() -> None:
    host = Host()

    asked = [
        take(host, "g/NDATA/n", seq, Metric(alias=1, value=1.0), now_us=NOW_US + at_us).rebirth
        for seq, at_us in ((5, 0), (6, 1), (7, ASK_AGAIN_US))
    ]

    assert asked == [("g", "n"), None, ("g", "n")]
    assert host.counts["rebirths_asked"] == 2


def test_gap_in_the_numbers_is_counted_over_node_and_devices() -> None:
    host = born()
    take(host, "g/NDATA/n", 2)
    gap = take(host, "g/DDATA/n/pump", 4, Metric(alias=1, value=1.0))
    again = take(host, "g/DDATA/n/pump", 4, Metric(alias=1, value=1.0))

    assert gap.trouble == "g.n 的报文序号从 2 跳到 4"
    assert gap.parts[0].samples == [Sample("flow", NOW_US, 1.0)]
    assert (gap.rebirth, again.trouble, host.counts["seq_gaps"]) == (("g", "n"), "", 1)


def test_numbers_begin_again_after_255() -> None:
    host = born()
    for seq in range(2, 256):
        take(host, "g/NDATA/n", seq)
    take(host, "g/NDATA/n", 0)

    assert host.counts["seq_gaps"] == 0


def test_death_of_a_node_takes_the_link_from_all_its_devices() -> None:
    host = born()

    death = take(host, "g/NDEATH/n", None, bd_seq(0), now_us=NOW_US + 9)
    after = take(host, "g/DDATA/n/pump", 2, Metric(alias=1, value=1.0))

    assert death.parts == [
        Part("g.n", [Sample("power", NOW_US + 9, 1.0, Quality.NO_LINK)]),
        Part("g.n.pump", [Sample("flow", NOW_US + 9, 12.5, Quality.NO_LINK)]),
    ]
    assert after.rebirth == ("g", "n")


def test_death_of_a_device_is_its_own() -> None:
    host = born()

    death = take(host, "g/DDEATH/n/pump", 2)

    assert death.parts == [Part("g.n.pump", [Sample("flow", NOW_US, 12.5, Quality.NO_LINK)])]
    assert take(host, "g/NDATA/n", 3, Metric(alias=9, value=2)).trouble == ""


def test_late_will_of_an_earlier_connection_is_not_a_death() -> None:
    host = born(bd=4)

    death = take(host, "g/NDEATH/n", None, bd_seq(3))

    assert death.parts == [Part("g.n", [])]
    assert host.counts["stale_deaths"] == 1
    assert take(host, "g/DDATA/n/pump", 2, Metric(alias=1, value=1.0)).trouble == ""


def test_device_must_be_born_again_after_its_node() -> None:
    host = born()
    take(host, "g/NBIRTH/n", 0, bd_seq(1))

    assert (
        take(host, "g/DDATA/n/pump", 1, Metric(alias=1, value=1.0)).trouble == "g.n.pump 的出生报文还没有收到"
    )


def test_historical_values_are_late_readings_and_not_the_last() -> None:
    host = born()
    late = Metric(alias=1, timestamp=NOW_MS - 1000, is_historical=True, value=3.0)

    reading = take(host, "g/DDATA/n/pump", 2, late)
    death = take(host, "g/DDEATH/n/pump", 3)

    assert reading.parts == [Part("g.n.pump", [Sample("flow", NOW_US - 1_000_000, 3.0)])]
    assert death.parts[0].samples[0].value == 12.5


@pytest.mark.parametrize(
    ("quality", "kept"),
    [
        (None, Quality.VALID),
        (192, Quality.VALID),
        (0, Quality.BAD),
        (500, Quality.UNCERTAIN),
        (7, Quality.UNKNOWN_FLAG),
    ],
)
def test_quality(quality: int | None, kept: Quality) -> None:
    reading = take(born(), "g/DDATA/n/pump", 2, Metric(alias=1, quality=quality, value=3.0))

    assert reading.parts[0].samples == [Sample("flow", NOW_US, 3.0, kept)]


def test_null_gives_no_sample() -> None:
    assert take(born(), "g/DDATA/n/pump", 2, Metric(alias=1, is_null=True)).parts == [Part("g.n.pump", [])]


@pytest.mark.parametrize("stamp", [1, 2**64 - 1], ids=["never_set", "far_off"])
def test_clock_that_cannot_be_gives_no_sample(stamp: int) -> None:
    metrics = (Metric(alias=1, timestamp=stamp, value=1.0), Metric(alias=1, value=2.0))

    reading = take(born(), "g/DDATA/n/pump", 2, *metrics)

    assert reading.parts == [Part("g.n.pump", [Sample("flow", NOW_US, 2.0)])]
    assert (reading.trouble, reading.rebirth) == ("g.n.pump 的时钟不对，1 个值没有收下", None)


@pytest.mark.parametrize(
    "topic", ["spBv1.0/STATE/scada", "spBv1.0/g/NCMD/n", "spBv1.0/g/DCMD/n/d", "spBv1.0", "other/g/NDATA/n"]
)
def test_what_is_not_for_a_host_is_passed_over(topic: str) -> None:
    assert Host().take(topic, b"", NOW_US) is None


@pytest.mark.parametrize(
    ("topic", "content"),
    [
        pytest.param("spBv1.0/g/NDATA/n/d", b"", id="level_too_many"),
        pytest.param("spBv1.0/g/DDATA/n", b"", id="level_too_few"),
        pytest.param("spBv1.0/g/NDATA/n", b"\xff", id="no_payload"),
    ],
)
def test_what_cannot_be_read_is_refused(topic: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        Host().take(topic, content, NOW_US)


def test_dots_in_names_stay_apart_from_those_between() -> None:
    host = Host()

    first = take(host, "a.b/NBIRTH/c", 0)
    second = take(host, "a/NBIRTH/b.c", 0)

    assert (first.parts[0].device, second.parts[0].device) == ("a%2Eb.c", "a.b%2Ec")


def test_rebirth_is_a_command_of_one_metric() -> None:
    asked = decode(rebirth_of(NOW_US))

    assert asked.metrics == [Metric(name="Node Control/Rebirth", timestamp=NOW_MS, datatype=11, value=True)]
    assert asked.seq is None
