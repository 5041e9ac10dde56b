"""A gateway's process: its listeners and the committer, from start to an orderly end."""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xunshui.telemetry.connectors.supervise import Connector, DeviceState, run_devices
from xunshui.telemetry.gateway.ask import serve_asks, stop_asks
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_host import Host
from xunshui.telemetry.gateway.hj212_listener import Listener
from xunshui.telemetry.gateway.http import serve_http
from xunshui.telemetry.gateway.status import status, write_status
from xunshui.telemetry.spool import SpoolWriter

if TYPE_CHECKING:
    from xunshui.telemetry.hj212.profile import Profiles

OBJECTS_BETWEEN_COLLECTIONS = 100_000


async def run_gateway(
    spool: Path,
    hj212: tuple[str, int],
    *,
    connectors: Sequence[tuple[Connector, DeviceState]] = (),
    http: tuple[str, int] | None = None,
    profiles: Profiles | None = None,
    ready: Callable[[tuple[str, int]], None],
) -> None:
    """Serve until TERM or INT; what was received is kept before the end.

    `connectors` ask and listen beside the loggers that call by themselves, `profiles` say what was agreed with which
    logger, `http` is where health and metrics are served. `ready` is called with the address that is listened on.
    Raises OSError where an address cannot be bound.
    """
    _look_seldom_for_rings()
    writer = SpoolWriter(spool)
    committer = Committer(writer)
    listener = Listener(committer, Host(profiles))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    told = _teller(committer, listener, [state for _, state in connectors])
    servers = [await listener.serve(*hj212)]
    if http is not None:
        servers.append(await serve_http(*http, told))
    asks = await serve_asks(spool, listener.sessions, listener.host)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(committer.run())
            beside = [
                group.create_task(listener.sweep()),
                group.create_task(listener.host.run()),
                group.create_task(write_status(spool, told)),
            ]
            asking = group.create_task(run_devices(connectors, committer))
            ready(servers[0].sockets[0].getsockname()[:2])
            await stop.wait()
            for server in servers:
                server.close()
            for task in beside:
                task.cancel()
            listener.stop_reading()
            # The committer goes on meanwhile: connectors end with what they took kept and acknowledged.
            asking.cancel()
            await asyncio.wait([asking])
            committer.close()
    finally:
        stop_asks(spool, asks)
        writer.close()


def _teller(
    committer: Committer, listener: Listener, states: Sequence[DeviceState]
) -> Callable[[], dict[str, Any]]:
    started = time.time()
    return lambda: status(committer, listener, states, started=started, now=time.time())


def _look_seldom_for_rings() -> None:
    """Let Python look less often for objects that hold one another: under load that took a third of the time.

    What a frame becomes holds no rings, and is let go of as soon as it is answered.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
