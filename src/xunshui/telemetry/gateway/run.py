"""A gateway's process: its listeners and the committer, from start to an orderly end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_listener import Listener
from xunshui.telemetry.gateway.status import write_status
from xunshui.telemetry.spool import SpoolWriter


async def run_gateway(
    spool: Path, hj212: tuple[str, int], *, ready: Callable[[tuple[str, int]], None]
) -> None:
    """Serve until TERM or INT; what was received is kept before the end.

    `ready` is called with the address that is listened on. Raises OSError where it cannot be bound.
    """
    writer = SpoolWriter(spool)
    committer = Committer(writer)
    listener = Listener(committer)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await listener.serve(*hj212)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(committer.run())
            beside = [
                group.create_task(listener.sweep()),
                group.create_task(write_status(spool, committer, listener)),
            ]
            ready(server.sockets[0].getsockname()[:2])
            await stop.wait()
            server.close()
            for task in beside:
                task.cancel()
            listener.stop_reading()
            committer.close()
    finally:
        writer.close()
