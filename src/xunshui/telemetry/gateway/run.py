"""A gateway's process: its listeners and the committer, from start to an orderly end."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from xunshui.telemetry.connectors.devices import Device
from xunshui.telemetry.connectors.run import connectors_of
from xunshui.telemetry.connectors.supervise import run_devices
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_listener import Listener
from xunshui.telemetry.gateway.status import write_status
from xunshui.telemetry.spool import SpoolWriter

OBJECTS_BETWEEN_COLLECTIONS = 100_000


async def run_gateway(
    spool: Path,
    hj212: tuple[str, int],
    *,
    devices: Sequence[Device] = (),
    ready: Callable[[tuple[str, int]], None],
) -> None:
    """Serve until TERM or INT; what was received is kept before the end.

    `devices` are asked and listened to beside the loggers that call by themselves. `ready` is called with the address that is listened on. Raises OSError where it cannot be bound.
    """
    _look_seldom_for_rings()
    writer = SpoolWriter(spool)
    committer = Committer(writer)
    listener = Listener(committer)
    connectors = connectors_of(devices)
    states = [state for _, state in connectors]
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await listener.serve(*hj212)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(committer.run())
            beside = [
                group.create_task(listener.sweep()),
                group.create_task(write_status(spool, committer, listener, states)),
            ]
            asking = group.create_task(run_devices(connectors, committer))
            ready(server.sockets[0].getsockname()[:2])
            await stop.wait()
            server.close()
            for task in beside:
                task.cancel()
            listener.stop_reading()
            # The committer goes on meanwhile: connectors end with what they took kept and acknowledged.
            asking.cancel()
            await asyncio.wait([asking])
            committer.close()
    finally:
        writer.close()


def _look_seldom_for_rings() -> None:
    """Let Python look less often for objects that hold one another: under load that took a third of the time.

    What a frame becomes holds no rings, and is let go of as soon as it is answered.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
