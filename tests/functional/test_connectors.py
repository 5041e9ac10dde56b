"""The gateway's connectors against real servers: Modbus TCP, OPC UA and MQTT on this machine."""

from __future__ import annotations

import json
import shutil
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from tests.functional import gateways
from tests.functional.gateways import device_state, devices_file, kept, peer, until, values

from xunshui.telemetry.sample import Quality
from xunshui.telemetry.spool import batches_after, open_to_read

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js 未安装")
MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
needs_broker = pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto 未安装")
PLC = [sys.executable, str(gateways.PEERS / "modbus_plc.py")]
METER = ["node", str(gateways.PEERS / "modbus_meter.mjs")]
AT_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z


# Modbus

HOLDING = [
    *(0x4148, 0x0000),  # 0: float32 12.5, high word first
    *(0x0000, 0x4148),  # 2: float32 12.5, low word first
    0xFFFD,  # 4: int16 -3, uint16 65533
    0xFFFD,  # 5
    *(0xFFFE, 0x1DC0),  # 6: int32 -123456
    *(0x1DC0, 0xFFFE),  # 8: the same, low word first
    *(0xEE6B, 0x2800),  # 10: uint32 4000000000
    *(0x4093, 0x4A45, 0x6D5C, 0xFAAD),  # 12: float64 1234.5678
    *(0xFAAD, 0x6D5C, 0x4A45, 0x4093),  # 16: the same, low word first
    *(0xFFFF, 0xFEE0, 0x8E04, 0xFB35),  # 20: int64 -1234567890123
    *(0x0003, 0x8D7E, 0xA4C6, 0x8000),  # 24: uint64 10^15
]
IMAGE = {"holding": HOLDING, "input": [0, 123], "coil": [0, 0, 1, 0], "discrete": [1, 0]}
REGISTERS = [
    ("f32", "holding", 0, "float32", "big", 12.5),
    ("f32_little", "holding", 2, "float32", "little", 12.5),
    ("i16", "holding", 4, "int16", "big", -3.0),
    ("u16", "holding", 5, "uint16", "big", 65533.0),
    ("i32", "holding", 6, "int32", "big", -123456.0),
    ("i32_little", "holding", 8, "int32", "little", -123456.0),
    ("u32", "holding", 10, "uint32", "big", 4e9),
    ("f64", "holding", 12, "float64", "big", 1234.5678),
    ("f64_little", "holding", 16, "float64", "little", 1234.5678),
    ("i64", "holding", 20, "int64", "big", -1234567890123.0),
    ("u64", "holding", 24, "uint64", "big", 1e15),
    ("pump", "coil", 2, "bool", "big", 1.0),
    ("valve", "discrete", 1, "bool", "big", 0.0),
]
TENTH = {"code": "ph", "table": "input", "address": 1, "type": "uint16", "scale": 0.1}


def plc(port: int, registers: list[dict[str, Any]]) -> dict[str, Any]:
    told = {"name": "plc1", "protocol": "modbus", "host": "127.0.0.1", "port": port, "every_s": 0.2}
    return {**told, "timeout_s": 1, "registers": registers}


@pytest.mark.parametrize(
    ("command", "beyond"),
    [
        # Alone behind the image, or a neighbour of what can be read: then the others must not suffer.
        pytest.param(METER, 40, marks=needs_node, id="node"),
        pytest.param(PLC, 28, id="pymodbus"),
    ],
)
def test_modbus_values_of_every_type_and_an_exception_response(
    tmp_path: Path, command: list[str], beyond: int
) -> None:
    port = gateways.free_port()
    registers: list[dict[str, Any]] = [
        {"code": code, "table": table, "address": address, "type": kind, "order": order}
        for code, table, address, kind, order, _ in REGISTERS
    ]
    refused = {"code": "beyond", "table": "holding", "address": beyond, "type": "uint16"}
    devices = devices_file(tmp_path, plc(port, [*registers, TENTH, refused]))
    with peer(*command, str(port), json.dumps(IMAGE)) as device, gateways.gateway(tmp_path, devices):
        until(lambda: device_state(tmp_path, "plc1").get("readings", 0) > 0)
        state = device_state(tmp_path, "plc1")
        assert device.stdout is not None
        asked = [device.stdout.readline().strip() for _ in range(10 if command is METER else 0)]

    found = {name: {value for value, _, _ in rows} for name, rows in kept(tmp_path).items()}
    wanted = {f"modbus:plc1/{code}": {value} for code, *_, value in REGISTERS}
    assert found == {**wanted, "modbus:plc1/ph": {12.3}}
    assert state["state"] == "degraded"
    assert state["last_error"] == f"holding {beyond}（beyond）：异常码 2（非法数据地址）"
    if asked:
        assert asked == ["coil 2 1", "discrete 1 1", "holding 0 28", "holding 40 1", "input 1 1"] * 2


@needs_node
def test_modbus_readings_resume_after_the_device_restarted_and_nothing_is_invented(tmp_path: Path) -> None:
    port = gateways.free_port()
    flow = {"code": "flow", "table": "holding", "address": 0, "type": "float32"}
    devices = devices_file(tmp_path, plc(port, [flow]))
    process, _ = gateways.start(tmp_path, devices=devices)
    try:
        with peer(*METER, str(port), json.dumps(IMAGE)):
            until(lambda: values(tmp_path, "modbus:plc1/flow"))
        gone_us = time.time_ns() // 1000
        until(lambda: device_state(tmp_path, "plc1")["state"] == "failed")
        told = device_state(tmp_path, "plc1")["last_error"]
        with peer(*METER, str(port), json.dumps({**IMAGE, "holding": [0x4158, 0x0000]})):
            back_us = time.time_ns() // 1000
            until(lambda: values(tmp_path, "modbus:plc1/flow")[-1] == 13.5)
    finally:
        process.terminate()
        process.wait(10)
    assert process.stderr is not None
    with process.stderr:
        noise = process.stderr.read()

    rows = kept(tmp_path)["modbus:plc1/flow"]
    assert {line.partition("：")[0] for line in noise.splitlines()} <= {"plc1 中断"}
    assert told in (f"连不上 127.0.0.1:{port}", "1 秒内没有回答 holding 0（2 个）")
    assert {value for value, _, _ in rows} == {12.5, 13.5}
    assert not [at_us for _, _, at_us in rows if gone_us < at_us < back_us]


# OPC UA


def tell(scada: Popen[str], **told: object) -> None:
    assert scada.stdin is not None
    scada.stdin.write(json.dumps(told) + "\n")
    scada.stdin.flush()


def test_opcua_values_qualities_and_a_restarted_server(tmp_path: Path) -> None:
    port = gateways.free_port()
    names = {"flow": "Flow", "pump": "Pump", "level": "Level", "ph": "Ph", "name": "Name", "none": "None"}
    nodes = [{"code": code, "node": f"ns=2;s={name}"} for code, name in names.items()]
    url = f"opc.tcp://127.0.0.1:{port}/scada"
    devices = devices_file(
        tmp_path, {"name": "scada", "protocol": "opcua", "url": url, "publish_ms": 100, "nodes": nodes}
    )
    command = (sys.executable, str(gateways.PEERS / "opcua_scada.py"), str(port))
    at = "2024-01-01T00:00:0"

    def write(scada: Popen[str], node: str, value: object, second: int, status: str = "Good") -> None:
        tell(scada, node=node, value=value, status=status, at=f"{at}{second}+00:00")

    with ExitStack() as stack:
        first = stack.enter_context(peer(*command, ready=""))
        second = stack.enter_context(peer(*command, ready=""))
        for scada in (first, second):
            assert scada.stdout is not None
            assert scada.stdout.readline().strip() == "prepared"
        for node, value, status in (("Flow", 12.5, "Good"), ("Level", 1.5, "Uncertain"), ("Ph", 7.2, "Good")):
            write(first, node, value, 1, status)
        tell(first, listen=True)
        stack.enter_context(gateways.gateway(tmp_path, devices))
        until(lambda: values(tmp_path, "opcua:scada/ph"))
        write(first, "Ph", None, 2, "BadSensorFailure")
        write(first, "Flow", 13.5, 2)
        until(lambda: len(values(tmp_path, "opcua:scada/ph")) == 2)
        until(
            lambda: "ns=2;s=None：BadNodeIdUnknown" in device_state(tmp_path, "scada").get("last_error", "")
        )
        first.kill()
        write(second, "Flow", 14.5, 3)
        tell(second, listen=True)
        until(lambda: values(tmp_path, "opcua:scada/flow")[-1] == 14.5)

    found = kept(tmp_path)
    second_us = 1_000_000
    at_us = AT_MS * 1000
    assert found["opcua:scada/flow"] == [
        (12.5, Quality.VALID, at_us + second_us),
        (13.5, Quality.VALID, at_us + 2 * second_us),
        (14.5, Quality.VALID, at_us + 3 * second_us),
    ]
    assert found["opcua:scada/ph"][:2] == [
        (7.2, Quality.VALID, at_us + second_us),
        (7.2, Quality.BAD, at_us + 2 * second_us),
    ]
    assert found["opcua:scada/level"][0] == (1.5, Quality.UNCERTAIN, at_us + second_us)
    assert found["opcua:scada/pump"][0][:2] == (1.0, Quality.VALID)
    assert "opcua:scada/name" not in found


# MQTT


BROKER_LOG = "broker.log"


@contextmanager
def broker(folder: Path, *settings: str) -> Iterator[int]:
    """Run a mosquitto of one's own; yields its port."""
    port = gateways.free_port()
    config = folder / "mosquitto.conf"
    lines = [f"listener {port} 127.0.0.1", "max_queued_messages 0", "allow_anonymous true", *settings]
    log = [f"log_dest file {folder / BROKER_LOG}", "log_type subscribe", "user root", ""]
    config.write_text("\n".join([*lines, *log]), encoding="utf-8")
    assert MOSQUITTO is not None
    process = Popen([MOSQUITTO, "-c", str(config)], stdout=DEVNULL, stderr=DEVNULL)
    try:
        yield port
    finally:
        process.kill()
        process.wait(10)


@contextmanager
def sender(port: int) -> Iterator[mqtt.Client]:
    """Connect a publisher; it waits for the broker to come up."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2)

    def connected() -> bool:
        try:
            return client.connect("127.0.0.1", port) == mqtt.MQTT_ERR_SUCCESS
        except OSError:
            return False

    until(connected)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def heard(folder: Path, name: str = "broker") -> None:
    """Wait until the gateway has its subscriptions."""
    log = folder / BROKER_LOG
    until(lambda: log.exists() and f"xunshui-{name} 1 " in log.read_text("utf-8"))


FLOW = {
    "topic": "plant/+/flow",
    "format": "json",
    "device": "{1}",
    "values": {"flow": "data.flow"},
    "time": "data.ts",
}


def by_mqtt(port: int, *topics: dict[str, Any], **more: str) -> dict[str, Any]:
    told = {"name": "broker", "protocol": "mqtt", "host": "127.0.0.1", "port": port}
    return {**told, **more, "topics": list(topics)}


@needs_broker
def test_mqtt_json_is_kept_byte_for_byte_and_acknowledged_once_on_disk(tmp_path: Path) -> None:
    message = b'{ "data": {"ts": "2024-01-01T08:00:00", "flow": 12.5} }'
    meanwhile = b'{"data": {"ts": 1704067201, "flow": 13.5}}'
    wrong = b'{"data": {"flow": 1}}'
    with broker(tmp_path) as port:
        devices = devices_file(tmp_path, by_mqtt(port, FLOW))
        with sender(port) as client:
            with gateways.gateway(tmp_path, devices):
                heard(tmp_path)
                client.publish("plant/P3/flow", wrong, qos=1)
                client.publish("plant/P3/flow", message, qos=1)
                until(lambda: values(tmp_path, "mqtt:P3/flow"))
                until(lambda: device_state(tmp_path, "broker").get("refused") == 1)
                state = device_state(tmp_path, "broker")
            client.publish("plant/P3/flow", meanwhile, qos=1)
            with gateways.gateway(tmp_path, devices):
                until(lambda: len(values(tmp_path, "mqtt:P3/flow")) > 1)

    database = open_to_read(tmp_path)
    raws = [raw for batch in batches_after(database, 0) for raw in batch.frames.column("raw").to_pylist()]
    database.close()
    at_us = AT_MS * 1000
    assert kept(tmp_path) == {
        "mqtt:P3/flow": [(12.5, Quality.VALID, at_us), (13.5, Quality.VALID, at_us + 1_000_000)]
    }
    assert raws == [b"plant/P3/flow\0" + payload for payload in (wrong, message, meanwhile)]
    assert state["last_error"] == "plant/P3/flow：没有时间 data.ts"


@needs_broker
def test_mqtt_nothing_published_is_lost_when_the_gateway_is_killed(tmp_path: Path) -> None:
    most = 2_000

    def publish(client: mqtt.Client, numbers: range) -> None:
        for number in numbers:
            payload = json.dumps({"data": {"ts": AT_MS + number, "flow": number}})
            client.publish("plant/P3/flow", payload, qos=1)

    with broker(tmp_path) as port, sender(port) as client:
        devices = devices_file(tmp_path, by_mqtt(port, FLOW))
        process, _ = gateways.start(tmp_path, devices=devices)
        try:
            heard(tmp_path)
            # Somebody else holds the file: what the gateway receives now it cannot keep, and must not acknowledge.
            holding = sqlite3.connect(tmp_path / "spool.sqlite3", isolation_level=None)
            holding.execute("BEGIN IMMEDIATE")
            publish(client, range(100))
            time.sleep(1)
            gateways.kill(process)
            holding.close()
            assert values(tmp_path, "mqtt:P3/flow") == []
            process, _ = gateways.start(tmp_path, devices=devices)
            publish(client, range(100, most))
            until(lambda: len(values(tmp_path, "mqtt:P3/flow")) > 100)
            gateways.kill(process)
            process, _ = gateways.start(tmp_path, devices=devices)
            until(lambda: len(set(values(tmp_path, "mqtt:P3/flow"))) == most)
        finally:
            gateways.kill(process)

    assert sorted({(value, at_us) for value, _, at_us in kept(tmp_path)["mqtt:P3/flow"]}) == [
        (float(number), (AT_MS + number) * 1000) for number in range(most)
    ]


@needs_broker
def test_mqtt_wrong_password_is_told(tmp_path: Path) -> None:
    if shutil.which("mosquitto_passwd") is None:
        pytest.skip("mosquitto_passwd 未安装")
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(tmp_path / "users"), "gate", "right"], check=True)
    (tmp_path / "password").write_text("wrong\n", encoding="utf-8")
    with broker(tmp_path, "allow_anonymous false", f"password_file {tmp_path / 'users'}") as port:
        devices = devices_file(tmp_path, by_mqtt(port, FLOW, username="gate", password_file="password"))
        with gateways.gateway(tmp_path, devices):
            until(lambda: "Not authorized" in device_state(tmp_path, "broker").get("last_error", ""))
            (tmp_path / "password").write_text("right\n", encoding="utf-8")
            heard(tmp_path)


# Sparkplug B, written by the field numbers of sparkplug_b.proto and apart from the program's own codec.


def varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value % 128 + 128]) + varint(value // 128)


def integer(number: int, value: int) -> bytes:
    return varint(number * 8) + varint(value)


def chunk(number: int, content: bytes) -> bytes:
    return varint(number * 8 + 2) + varint(len(content)) + content


def payload(seq: int | None, *metrics: bytes, at_ms: int = AT_MS) -> bytes:
    written = integer(1, at_ms) + b"".join(chunk(2, metric) for metric in metrics)
    return written if seq is None else written + integer(3, seq)


FLOW_BORN = chunk(1, b"flow") + integer(2, 1) + integer(4, 10) + varint(13 * 8 + 1) + struct.pack("<d", 12.5)
LEVEL_BORN = chunk(1, b"level") + integer(2, 2) + integer(4, 2) + integer(10, 0xFFFD)
BD_SEQ = chunk(1, b"bdSeq") + integer(4, 8) + integer(11, 0)


@needs_broker
def test_sparkplug_from_birth_to_death(tmp_path: Path) -> None:
    asked: list[bytes] = []
    with broker(tmp_path) as port:
        devices = devices_file(tmp_path, by_mqtt(port, {"topic": "spBv1.0/plant/#", "format": "sparkplug"}))
        with gateways.gateway(tmp_path, devices), sender(port) as client:
            client.on_message = lambda _client, _data, message: asked.append(bytes(message.payload))
            client.subscribe("spBv1.0/plant/NCMD/edge")
            heard(tmp_path)

            def send(kind: str, content: bytes) -> None:
                client.publish(f"spBv1.0/plant/{kind}/edge/pump", content).wait_for_publish(10)

            send("DDATA", payload(7, integer(2, 1) + varint(12 * 8 + 5) + struct.pack("<f", 9.0)))
            until(lambda: asked)
            client.publish("spBv1.0/plant/NBIRTH/edge", payload(0, BD_SEQ))
            send("DBIRTH", payload(1, FLOW_BORN, LEVEL_BORN))
            late = integer(2, 1) + integer(3, AT_MS - 5_000) + integer(5, 1)
            send(
                "DDATA",
                payload(
                    2,
                    integer(2, 2) + integer(10, 0xFFFFFFFC),
                    late + varint(13 * 8 + 1) + struct.pack("<d", 11.0),
                    at_ms=AT_MS + 1_000,
                ),
            )
            send("DDATA", payload(4, integer(2, 2) + integer(10, 5), at_ms=AT_MS + 2_000))
            client.publish("spBv1.0/plant/NDEATH/edge", payload(None, BD_SEQ), qos=1)
            until(lambda: len(values(tmp_path, "mqtt:plant.edge.pump/flow")) == 3)
            until(lambda: device_state(tmp_path, "broker")["counts"].get("seq_gaps") == 1)

    at_us = AT_MS * 1000
    found = kept(tmp_path)
    flow, level = found["mqtt:plant.edge.pump/flow"], found["mqtt:plant.edge.pump/level"]
    assert flow[:2] == [(12.5, Quality.VALID, at_us), (11.0, Quality.VALID, at_us - 5_000_000)]
    assert flow[2][:2] == (12.5, Quality.NO_LINK)
    assert level[:3] == [
        (-3.0, Quality.VALID, at_us),
        (-4.0, Quality.VALID, at_us + 1_000_000),
        (5.0, Quality.VALID, at_us + 2_000_000),
    ]
    assert level[3][:2] == (5.0, Quality.NO_LINK)
    assert set(found) == {"mqtt:plant.edge.pump/flow", "mqtt:plant.edge.pump/level"}
    assert chunk(1, b"Node Control/Rebirth") in asked[0]
    assert integer(14, 1) in asked[0]


def test_mistakes_in_the_devices_file_end_with_code_2_and_all_are_told(tmp_path: Path) -> None:
    register = {"code": "flow", "table": "holding", "address": 0, "type": "float31"}
    devices = devices_file(
        tmp_path, {"name": "a", "protocol": "modbus", "host": "h", "port": 0, "registers": [register]}
    )
    command = [str(gateways.XUNSHUI), "gateway", "--spool", str(tmp_path), "--devices", str(devices)]

    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)

    assert ended.returncode == 2
    assert ended.stderr.splitlines()[0] == "devices.yaml 有 2 处需要改正："
    assert "devices[0].registers[0].type：“float31”不在可选范围；可填：int16、" in ended.stderr
