"""Simulated devices that are asked: Modbus totalisers behind one address, and an OPC UA server of flow transmitters."""

from __future__ import annotations

import asyncio
import logging
import time

from asyncua import ua
from asyncua.server.server import Server
from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from xunshui.simulator.field import Address, device_and_code, opcua_url, points_of
from xunshui.simulator.loggers import reading
from xunshui.simulator.plant import Plant
from xunshui.site import Site
from xunshui.site.points import Point

OPCUA_EVERY_S = 2.0
MOST_UNITS = 247
"""Unit identifiers of Modbus go from 1 to 247."""


def quiet() -> None:
    """Let the libraries be silent: what a simulated device finds odd is nobody's concern."""
    for name in ("pymodbus", "asyncua"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


async def serve_modbus(plant: Plant, site: Site, address: Address) -> None:
    """Serve one unit for each Modbus point until cancelled: its totaliser in holding registers 0 and 1, high first."""
    points = points_of(site, "modbus")[:MOST_UNITS]
    units = [_unit(plant, number, point) for number, point in enumerate(points, 1)]
    server = ModbusTcpServer(units, address=address)
    try:
        await server.serve_forever()
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus leaves it untyped


async def serve_opcua(plant: Plant, site: Site, address: Address) -> None:
    """Serve a variable for each OPC UA point until cancelled, written anew every two seconds."""
    server = Server()
    await server.init()
    server.set_endpoint(opcua_url(address))
    space = await server.register_namespace("urn:xunshui:simulator")
    points = points_of(site, "opcua")
    nodes = [
        await server.nodes.objects.add_variable(
            ua.NodeId.from_string(f"ns={space};s={code}"), f"{space}:{code}", 0.0
        )
        for _, code in map(device_and_code, points)
    ]
    async with server:
        while True:
            for node, point in zip(nodes, points, strict=True):
                await node.write_value(reading(plant, point, _now_us()))
            await asyncio.sleep(OPCUA_EVERY_S)


def _unit(plant: Plant, number: int, point: Point) -> SimDevice:
    async def told(
        _function: int,
        _start: int,
        _address: int,
        _count: int,
        registers: list[int],
        _written: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        total = int(reading(plant, point, _now_us())) % 2**32
        registers[0], registers[1] = divmod(total, 2**16)
        return None

    return SimDevice(number, [SimData(0, count=2, values=0, datatype=DataType.REGISTERS)], action=told)


def _now_us() -> int:
    return time.time_ns() // 1000
