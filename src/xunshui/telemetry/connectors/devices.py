"""The devices file: YAML that lists what a gateway asks and listens to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from pydantic import TypeAdapter, ValidationError

from xunshui.site.mistakes import Loc, Mistake, choices, shown
from xunshui.telemetry.connectors import modbus, mqtt, opcua
from xunshui.telemetry.connectors.read import read_tables
from xunshui.telemetry.connectors.settings import repeated
from xunshui.telemetry.connectors.words import mistake_of
from xunshui.telemetry.errors import DevicesFileInvalid

Device = modbus.ModbusDevice | opcua.OpcuaDevice | mqtt.MqttDevice


class Kind(NamedTuple):
    """What the file may say of a device of one protocol."""

    device: type[Device]
    parts: dict[str, type]
    mistakes_of: Callable[[Any], Iterator[Mistake]]


PROTOCOLS = {
    "modbus": Kind(modbus.ModbusDevice, modbus.PARTS, modbus.mistakes_of),
    "opcua": Kind(opcua.OpcuaDevice, opcua.PARTS, opcua.mistakes_of),
    "mqtt": Kind(mqtt.MqttDevice, mqtt.PARTS, mqtt.mistakes_of),
}


FILES = frozenset({"password_file", "ca", "certificate", "key", "server_certificate"})
PARTS_WITH_FILES = frozenset({"tls", "security"})


def read_devices(path: str | Path) -> tuple[Device, ...]:
    """Return the devices in a YAML file; files that it names lie beside it.

    Raises `DevicesFileInvalid` with every mistake, each with its place.
    """
    file = Path(path)
    raw = read_tables(file, DevicesFileInvalid)
    return devices_of(raw, file=file.name, folder=file.parent)


def devices_of(raw: object, *, file: str = "设备文件", folder: Path = Path()) -> tuple[Device, ...]:
    """Return the devices that `raw` tables describe.

    Raises `DevicesFileInvalid` with every mistake, each with its place.
    """
    if not isinstance(raw, Mapping) or not isinstance(raw.get("devices"), list):
        raise DevicesFileInvalid(file, ["devices：缺少设备列表；可填：devices: [ … ]"])
    mistakes = [
        Mistake(loc=(str(key),), problem=f"不认识的属性“{shown(key)}”", accepted="devices")
        for key in raw
        if key != "devices"
    ]
    devices: list[Device] = []
    for row, entry in enumerate(raw["devices"]):
        device, found = _device_of(entry, folder)
        mistakes += [replace(mistake, loc=("devices", row, *mistake.loc)) for mistake in found]
        if device is not None:
            devices.append(device)
    mistakes += repeated(map(_name_of, raw["devices"]), "devices", "name")
    if mistakes:
        raise DevicesFileInvalid(file, mistakes)
    return tuple(devices)


def _name_of(entry: object) -> str:
    # What has no name is told as that; it is no repetition of another without one.
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return str(name) if name is not None else f"?{id(entry)}"


def _device_of(entry: object, folder: Path) -> tuple[Device | None, list[Mistake]]:
    if not isinstance(entry, Mapping):
        return None, [Mistake(loc=(), problem="应为一台设备的属性", accepted="{name: …, protocol: …}")]
    protocol = entry.get("protocol")
    if not isinstance(protocol, str) or protocol not in PROTOCOLS:
        problem = "缺少必填项" if protocol is None else f"“{shown(protocol)}”不在可选范围"
        return None, [Mistake(loc=("protocol",), problem=problem, accepted=choices(PROTOCOLS))]
    kind = PROTOCOLS[protocol]
    entry = _beside(entry, folder)
    try:
        device = _adapter(protocol).validate_python(entry)
    except ValidationError as error:
        mistakes = [mistake_of(detail, kind.device, kind.parts) for detail in error.errors()]
        return None, mistakes + _mistakes_of_the_rest(entry, protocol, [mistake.loc for mistake in mistakes])
    return device, list(kind.mistakes_of(device))


def _beside(entry: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return a device's attributes, the files among them as they lie from the devices file."""
    found = dict(entry)
    for name, value in entry.items():
        if name in PARTS_WITH_FILES and isinstance(value, Mapping):
            found[name] = _beside(value, folder)
        elif name in FILES and isinstance(value, str):
            found[name] = str(folder / value)
    return found


_PLACEHOLDERS: dict[str, Any] = {
    "name": "x",
    "host": "x",
    "url": "opc.tcp://x",
    "registers": [],
    "nodes": [],
    "topics": [],
}


def _mistakes_of_the_rest(entry: Mapping[str, Any], protocol: str, broken: list[Loc]) -> list[Mistake]:
    """Return what is wrong between the parts of a device that could be read, so that all is told at once."""
    kind = PROTOCOLS[protocol]
    gone = {loc[0] for loc in broken if len(loc) == 1}
    rows: dict[str, list[int]] = {}
    rest = {name: value for name, value in _PLACEHOLDERS.items() if name in kind.device.__dataclass_fields__}
    for name, value in entry.items():
        if name in gone:
            continue
        if isinstance(value, list):
            rows[name] = [row for row in range(len(value)) if (name, row) not in {loc[:2] for loc in broken}]
            value = [value[row] for row in rows[name]]
        rest[name] = value
    try:
        device = _adapter(protocol).validate_python(rest)
    except ValidationError:
        return []
    return [
        replace(mistake, loc=_original(mistake.loc, rows))
        for mistake in kind.mistakes_of(device)
        if len(mistake.loc) > 1 or mistake.loc[0] not in {loc[0] for loc in broken}
    ]


def _original(loc: Loc, rows: Mapping[str, list[int]]) -> Loc:
    match loc:
        case (str(table), int(row), *rest):
            return (table, rows[table][row], *rest)
    return loc


@cache
def _adapter(protocol: str) -> TypeAdapter[Device]:
    return cast("TypeAdapter[Device]", TypeAdapter(PROTOCOLS[protocol].device))
