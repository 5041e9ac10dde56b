"""The devices file: what it says comes out, and every mistake is told with its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from xunshui.telemetry.connectors.devices import devices_of, read_devices
from xunshui.telemetry.connectors.modbus import ModbusDevice, Register
from xunshui.telemetry.connectors.mqtt import JsonTopic, MqttDevice, SparkplugTopic
from xunshui.telemetry.connectors.opcua import Node, OpcuaDevice
from xunshui.telemetry.errors import DevicesFileInvalid

GOOD = """
devices:
  - name: plc1
    protocol: modbus
    host: 127.0.0.1
    registers:
      - {code: flow, table: holding, address: 0, type: float32, order: little, scale: 0.1}
  - name: scada
    protocol: opcua
    url: "opc.tcp://10.0.0.9:4840/"
    nodes: [{code: flow, node: "ns=2;s=Flow"}]
  - name: broker
    protocol: mqtt
    host: broker.local
    username: gate
    password_file: password.txt
    topics:
      - {topic: "plant/+/flow", format: json, device: "{1}", values: {flow: data.flow}, time: data.ts}
      - {topic: "spBv1.0/+/#", format: sparkplug}
"""
REGISTER = {"code": "flow", "table": "holding", "address": 0, "type": "float32"}
PLC = {"name": "plc", "protocol": "modbus", "host": "h", "registers": [REGISTER]}
SCADA = {"name": "s", "protocol": "opcua", "url": "opc.tcp://h:4840", "nodes": [{"code": "a", "node": "i=1"}]}
TOPIC = {"topic": "plant/+/flow", "format": "json", "values": {"flow": "flow"}}
BROKER = {"name": "b", "protocol": "mqtt", "host": "h", "topics": [TOPIC]}


def told(raw: object) -> list[str]:
    with pytest.raises(DevicesFileInvalid) as caught:
        devices_of(raw)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "password.txt").write_text("secret\n", encoding="utf-8")
    (tmp_path / "devices.yaml").write_text(GOOD, encoding="utf-8")

    devices = read_devices(tmp_path / "devices.yaml")

    register = Register(
        code="flow", table="holding", address=0, type="float32", order="little", scale=0.1, offset=0.0
    )
    json_topic = JsonTopic(
        topic="plant/+/flow", format="json", device="{1}", values={"flow": "data.flow"}, time="data.ts"
    )
    assert devices == (
        ModbusDevice(name="plc1", protocol="modbus", host="127.0.0.1", registers=(register,)),
        OpcuaDevice(
            name="scada",
            protocol="opcua",
            url="opc.tcp://10.0.0.9:4840/",
            nodes=(Node(code="flow", node="ns=2;s=Flow"),),
        ),
        MqttDevice(
            name="broker",
            protocol="mqtt",
            host="broker.local",
            username="gate",
            password_file=str(tmp_path / "password.txt"),
            topics=(json_topic, SparkplugTopic(topic="spBv1.0/+/#", format="sparkplug")),
        ),
    )


def test_examples_of_the_manual_are_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[4] / "docs" / "how-to" / "connect-devices.md").read_text(encoding="utf-8")
    (tmp_path / "mqtt-password.txt").write_text("secret\n", encoding="utf-8")
    # Parts of a device, with certificates, are read in tests/functional/test_secure_connectors.py.
    examples = re.findall(r"```yaml\n(devices:.*?)```", page, re.DOTALL)

    names = []
    for example in examples:
        (tmp_path / "devices.yaml").write_text(example, encoding="utf-8")
        names += [device.name for device in read_devices(tmp_path / "devices.yaml")]

    assert names == ["plc1", "scada", "broker", "edge"]


@pytest.mark.parametrize(
    ("device", "mistake"),
    [
        pytest.param(7, "devices[0]：应为一台设备的属性；可填：{name: …, protocol: …}", id="no_mapping"),
        pytest.param(
            {"name": "a"}, "devices[0].protocol：缺少必填项；可填：modbus、opcua、mqtt", id="no_protocol"
        ),
        pytest.param(
            {**PLC, "protocol": "knx"},
            "devices[0].protocol：“knx”不在可选范围；可填：modbus、opcua、mqtt",
            id="unknown_protocol",
        ),
        pytest.param(
            {**PLC, "prot": 502},
            "devices[0].prot：不认识的属性“prot”；可填：name、protocol、host、registers、port、unit、every_s、timeout_s、gap、framing、tls",
            id="unknown_attribute",
        ),
        pytest.param(
            {**PLC, "registers": [{**REGISTER, "ordre": "big"}]},
            "devices[0].registers[0].ordre：不认识的属性“ordre”；可填：code、table、address、type、order、scale、offset",
            id="unknown_attribute_of_a_register",
        ),
        pytest.param({**PLC, "port": 70_000}, "devices[0].port：“70000”不能大于 65535", id="port_too_high"),
        pytest.param({**PLC, "port": "a"}, "devices[0].port：“a”不是整数；可填：整数", id="port_no_number"),
        pytest.param(
            {**PLC, "registers": []}, "devices[0].registers：一项也没有；可填：至少一项", id="nothing_to_read"
        ),
        pytest.param({**PLC, "registers": 1}, "devices[0].registers：应为列表；可填：[ … ]", id="no_list"),
        pytest.param(
            {**PLC, "name": "a/b"},
            "devices[0].name：“a/b”的写法不对；可填：不含空白和 / : * ? [ ] { } 的文字",
            id="slash_in_a_name",
        ),
        pytest.param(
            {**PLC, "name": 1}, "devices[0].name：应为文字；可填：加引号的文字", id="number_for_a_name"
        ),
        pytest.param(
            {**PLC, "registers": [{**REGISTER, "table": "coil"}]},
            "devices[0].registers[0].type：coil 里没有 float32；可填：bool",
            id="number_in_a_coil",
        ),
        pytest.param(
            {**PLC, "registers": [{**REGISTER, "address": 65_535}]},
            "devices[0].registers[0].address：float32 从 65535 起要 2 个寄存器，超出 65535；可填：0 到 65534",
            id="past_the_last_register",
        ),
        pytest.param(
            {**PLC, "registers": [{**REGISTER, "scale": 0}]},
            "devices[0].registers[0].scale：系数为 0，读数恒等；可填：不为 0 的数",
            id="scale_of_zero",
        ),
        pytest.param(
            {**PLC, "registers": [REGISTER, REGISTER]},
            "devices[0].registers[1].code：“flow”与前面的重复；可填：每个 code 只写一次",
            id="code_twice",
        ),
        pytest.param(
            {**SCADA, "url": "http://h"},
            "devices[0].url：“http://h”的写法不对；可填：opc.tcp://主机:端口/路径",
            id="no_opc_url",
        ),
        pytest.param(
            {**SCADA, "nodes": [{"code": "a", "node": "Flow"}]},
            "devices[0].nodes[0].node：“Flow”的写法不对；可填：如 ns=2;s=Flow、i=2258",
            id="no_node_id",
        ),
        pytest.param(
            {**BROKER, "topics": [{**TOPIC, "format": "xml"}]},
            "devices[0].topics[0].format：“xml”不在可选范围；可填：json、sparkplug",
            id="unknown_format",
        ),
        pytest.param(
            {**BROKER, "topics": [{**TOPIC, "values": {}}]},
            "devices[0].topics[0].values：一项也没有；可填：至少一项",
            id="no_values",
        ),
        pytest.param(
            {**BROKER, "topics": [{**TOPIC, "topic": "plant/#/flow"}]},
            "devices[0].topics[0].topic：“plant/#/flow”不是主题；可填：+ 独占一级，# 独占末级，如 plant/+/flow",
            id="no_topic_filter",
        ),
        pytest.param(
            {**BROKER, "topics": [{**TOPIC, "device": "{3}"}]},
            "devices[0].topics[0].device：主题只有 3 级，没有第 3 级；可填：{0} 到 {2}，从 0 数",
            id="level_past_the_topic",
        ),
        pytest.param(
            {**BROKER, "topics": [{"topic": "plant/#", "format": "sparkplug"}]},
            "devices[0].topics[0].topic：“plant/#”不是 Sparkplug B 的主题；可填：如 spBv1.0/+/#、spBv1.0/厂区/#",
            id="no_sparkplug_topic",
        ),
        pytest.param(
            {**BROKER, "topics": [{"topic": "spBv1.0/#", "format": "sparkplug", "time": "ts"}]},
            "devices[0].topics[0].time：不认识的属性“time”；可填：topic、format",
            id="json_attribute_of_sparkplug",
        ),
        pytest.param(
            {**BROKER, "username": "u", "password_file": "/nowhere"},
            "devices[0].password_file：读不了 /nowhere；可填：只有一行口令的 UTF-8 文本文件",
            id="no_password_file",
        ),
    ],
)
def test_mistake_is_told(device: object, mistake: str) -> None:
    assert told({"devices": [device]}) == [mistake]


def test_all_mistakes_are_told_at_once() -> None:
    broken: dict[str, Any] = {
        **PLC,
        "port": 0,
        "registers": [{**REGISTER, "type": "float31"}, REGISTER, {**REGISTER, "scale": 0}],
    }

    assert told({"devices": [broken, {**SCADA, "name": "plc"}, {"name": "x"}], "more": 1}) == [
        "more：不认识的属性“more”；可填：devices",
        "devices[0].registers[0].type：“float31”不在可选范围；可填：int16、uint16、int32、uint32、float32、int64、uint64、float64、bool",
        "devices[0].port：“0”不能小于 1",
        "devices[0].registers[2].code：“flow”与前面的重复；可填：每个 code 只写一次",
        "devices[0].registers[2].scale：系数为 0，读数恒等；可填：不为 0 的数",
        "devices[2].protocol：缺少必填项；可填：modbus、opcua、mqtt",
        "devices[1].name：“plc”与前面的重复；可填：每个 name 只写一次",
    ]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        pytest.param(
            "devices:\n  - {name: a, name: b}\n", "第 2 行第 15 列不是 YAML：“name”写了两次", id="key_twice"
        ),
        pytest.param("other: 1\n", "devices：缺少设备列表；可填：devices: [ … ]", id="no_devices"),
        pytest.param("", "devices：缺少设备列表；可填：devices: [ … ]", id="empty"),
        pytest.param("\0", "不是 UTF-8 的 YAML 文本", id="binary"),
    ],
)
def test_no_devices_file_is_told(tmp_path: Path, text: str, mistake: str) -> None:
    file = tmp_path / "d.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(DevicesFileInvalid) as caught:
        read_devices(file)

    assert str(caught.value) == f"d.yaml 有 1 处需要改正：\n  {mistake}"


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DevicesFileInvalid, match=r"d\.yaml 有 1 处需要改正：\n  打不开文件"):
        read_devices(tmp_path / "d.yaml")
