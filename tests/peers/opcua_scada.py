"""An OPC UA server of asyncua that does what it is told: python opcua_scada.py PORT.

It prints "prepared" once it could listen. Each line of its input is then a JSON object: {"listen": true} opens the
port, and {"node": …, "value": …, "status": …, "at": …} writes one of Flow, Pump, Level, Ph and Name (namespace 2).
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator

from asyncua import ua
from asyncua.server.server import Server
from asyncua.ua.status_codes import StatusCodes

FIRST = {"Flow": 0.0, "Pump": True, "Level": 1.5, "Ph": 7.2, "Name": "P3"}


async def serve(port: int) -> None:
    """Serve until the input ends."""
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/scada")
    space = await server.register_namespace("urn:xunshui:test")
    nodes = {
        name: await server.nodes.objects.add_variable(
            ua.NodeId.from_string(f"ns={space};s={name}"), f"{space}:{name}", value
        )
        for name, value in FIRST.items()
    }
    print("prepared", flush=True)
    async for line in lines():
        told = json.loads(line)
        if "listen" in told:
            await port_is_free(port)
            await server.start()
            continue
        value = None if told["value"] is None else ua.Variant(told["value"])
        status = ua.StatusCode(getattr(StatusCodes, told["status"]))
        at = ua.DateTime.fromisoformat(told["at"])
        await nodes[told["node"]].write_value(ua.DataValue(value, StatusCode=status, SourceTimestamp=at))


async def port_is_free(port: int) -> None:
    """Wait until the system has let go of the port of a server that was killed a moment ago."""
    while True:
        try:
            (await asyncio.start_server(lambda *_: None, "127.0.0.1", port)).close()
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return


async def lines() -> AsyncIterator[str]:
    """Yield the lines of the input."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        yield line


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
