"""A gateway's process: its listeners and the committer, from start to an orderly end."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xunshui.telemetry.connectors.supervise import Connector, DeviceState, run_devices
from xunshui.telemetry.gateway.ask import serve_asks, stop_asks
from xunshui.telemetry.gateway.calls import Listener
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_agreed import Agreed
from xunshui.telemetry.gateway.hj212_host import Host
from xunshui.telemetry.gateway.hj212_listener import Hj212Listener
from xunshui.telemetry.gateway.http import serve_http
from xunshui.telemetry.gateway.one import lock_spool
from xunshui.telemetry.gateway.stations import StationListener
from xunshui.telemetry.gateway.status import status, write_status
from xunshui.telemetry.log import tell
from xunshui.telemetry.spool import SpoolWriter

if TYPE_CHECKING:
    from xunshui.telemetry.heard import Tongue
    from xunshui.telemetry.hj212.profile import Profiles

Address = tuple[str, int]
OBJECTS_BETWEEN_COLLECTIONS = 100_000


async def run_gateway(
    spool: Path,
    hj212: Address | None,
    *,
    stations: Sequence[tuple[Tongue, Address]] = (),
    connectors: Sequence[tuple[Connector, DeviceState]] = (),
    http: Address | None = None,
    profiles: Profiles | None = None,
    ready: Callable[[str, Address], None],
) -> None:
    """Serve until TERM or INT; what was received is kept before the end.

    `hj212` is where loggers call, `stations` where stations of other protocols do; `connectors` ask and listen beside
    them, `profiles` say what was agreed with which logger, `http` is where health and metrics are served. `ready` is
    called with each protocol and the address it is listened for on. Raises OSError where an address cannot be bound,
    `SpoolInUse` where another gateway has the spool, `AgreedDamaged` where its keys cannot be read.
    """
    _look_seldom_for_rings()
    lock = lock_spool(spool)
    agreed = Agreed(spool)
    writer = SpoolWriter(spool)
    committer = Committer(writer)
    listener = Hj212Listener(committer, Host(profiles, agreed))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    halls = [(StationListener(tongue, committer), address) for tongue, address in stations]
    listeners: list[Listener[Any]] = [listener, *(hall for hall, _ in halls)]
    told = _teller(committer, listener, [hall for hall, _ in halls], [state for _, state in connectors])
    listening = [("hj212", await listener.serve(*hj212))] if hj212 is not None else []
    listening += [(hall.tongue.protocol, await hall.serve(*address)) for hall, address in halls]
    servers = [server for _, server in listening]
    if http is not None:
        servers.append(await serve_http(*http, told))
    asks = await serve_asks(spool, listener.callers, listener.host)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(committer.run())
            beside = [
                *(group.create_task(each.sweep()) for each in listeners),
                group.create_task(listener.host.run()),
                group.create_task(write_status(spool, told)),
            ]
            asking = group.create_task(run_devices(connectors, committer))
            for protocol, server in listening:
                ready(protocol, server.sockets[0].getsockname()[:2])
            await stop.wait()
            tell("gateway_stopping", "网关收到停止信号，收完已到的数据", level=logging.DEBUG)
            for server in servers:
                server.close()
            for task in beside:
                task.cancel()
            for each in listeners:
                each.stop_reading()
            # The committer goes on meanwhile: connectors end with what they took kept and acknowledged.
            asking.cancel()
            await asyncio.wait([asking])
            committer.close()
    finally:
        stop_asks(spool, asks)
        writer.close()
        lock.close()


def _teller(
    committer: Committer,
    listener: Hj212Listener,
    halls: Sequence[StationListener],
    states: Sequence[DeviceState],
) -> Callable[[], dict[str, Any]]:
    started = time.time()
    return lambda: status(committer, listener, halls, states, started=started, now=time.time())


def _look_seldom_for_rings() -> None:
    """Let Python look less often for objects that hold one another: under load that took a third of the time.

    What a frame becomes holds no rings, and is let go of as soon as it is answered.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
