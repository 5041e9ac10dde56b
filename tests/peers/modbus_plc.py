"""A Modbus TCP server of pymodbus with a register image: python modbus_plc.py PORT '{"holding": [1, 2], …}'."""

from __future__ import annotations

import asyncio
import json
import sys

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice


def block(values: list[int], *, bits: bool) -> list[SimData]:
    """Return one table from address 0 on."""
    if bits:
        return [SimData(0, values=[bool(value) for value in values], datatype=DataType.BITS)]
    return [SimData(0, values=values, datatype=DataType.REGISTERS)]


async def serve(port: int, image: dict[str, list[int]]) -> None:
    """Serve for ever."""
    coils, discrete = block(image["coil"], bits=True), block(image["discrete"], bits=True)
    holding, inputs = block(image["holding"], bits=False), block(image["input"], bits=False)
    device = SimDevice(1, (coils, discrete, holding, inputs))
    server = ModbusTcpServer(device, address=("127.0.0.1", port))
    await server.serve_forever(background=True)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), json.loads(sys.argv[2])))
