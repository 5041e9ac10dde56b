"""The simulated field beside the loggers: where its devices are, as the gateway's devices file tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from xunshui.simulator.points import ANALYSED, SERVER
from xunshui.site import Site
from xunshui.site.points import Point

Address = tuple[str, int]
TOPIC = "sim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where simulated devices are served or published; None where there are none."""

    modbus: Address | None = None
    opcua: Address | None = None
    mqtt: Address | None = None


def points_of(site: Site, protocol: str) -> list[Point]:
    """Return the points that are told over a protocol, in the order of the file."""
    return [point for point in site.points if point.channel.startswith(f"{protocol}:")]


def device_and_code(point: Point) -> tuple[str, str]:
    """Return device and code of a point's channel."""
    device, _, code = point.channel.partition(":")[2].partition("/")
    return device, code


def devices_of(site: Site, field: Field) -> dict[str, Any]:
    """Return the devices file by which a gateway reads the simulated field."""
    return {"devices": [*_modbus(site, field), *_opcua(site, field), *_mqtt(site, field)]}


def opcua_url(address: Address) -> str:
    """Return the address of the simulated OPC UA server."""
    return f"opc.tcp://{address[0]}:{address[1]}/{SERVER}"


def _modbus(site: Site, field: Field) -> Iterator[dict[str, Any]]:
    if field.modbus is None:
        return
    for unit, point in enumerate(points_of(site, "modbus"), 1):
        device, code = device_and_code(point)
        yield {
            "name": device,
            "protocol": "modbus",
            "host": field.modbus[0],
            "port": field.modbus[1],
            "unit": unit,
            "every_s": round(float(point.interval_min or 1) * 60),
            "registers": [{"code": code, "table": "holding", "address": 0, "type": "uint32", "order": "big"}],
        }


def _opcua(site: Site, field: Field) -> Iterator[dict[str, Any]]:
    points = points_of(site, "opcua")
    if field.opcua is None or not points:
        return
    codes = [device_and_code(point)[1] for point in points]
    yield {
        "name": SERVER,
        "protocol": "opcua",
        "url": opcua_url(field.opcua),
        "publish_ms": 1000,
        "nodes": [{"code": code, "node": f"ns=2;s={code}"} for code in codes],
    }


def _mqtt(site: Site, field: Field) -> Iterator[dict[str, Any]]:
    if field.mqtt is None or not points_of(site, "mqtt"):
        return
    values = {code: code for code in _codes(points_of(site, "mqtt"))}
    yield {
        "name": "broker",
        "protocol": "mqtt",
        "host": field.mqtt[0],
        "port": field.mqtt[1],
        "topics": [
            {"topic": f"{TOPIC}/+", "format": "json", "device": "{1}", "values": values, "time": "at"}
        ],
    }


def _codes(points: Iterable[Point]) -> list[str]:
    return list(dict.fromkeys(code for _, code in map(device_and_code, points) if code in ANALYSED))
