"""Watching over processes of our own: started, started again when they end, ended in order."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
STEADY_S = 60.0
"""Who ran that long is started again at once, as if for the first time."""
GRACE_S = 20.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process: its name and its command."""

    name: str
    command: tuple[str, ...]


def of_ours(name: str, *words: str) -> Child:
    """Return a process of this program: the words behind `xunshui`."""
    return Child(name, (sys.executable, "-m", "xunshui.cli.main", *words))


async def watch(children: Sequence[Child], *, until_eof: bool) -> None:
    """Keep all children running until TERM or INT, or with `until_eof` until stdin is closed.

    They are asked to end in the reverse order, so that who sends ends before who keeps.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    at_eof = asyncio.create_task(_stop_at_eof(stop)) if until_eof else None
    keepers = [asyncio.create_task(_keep(child, stop)) for child in children]
    await stop.wait()
    if at_eof is not None:
        at_eof.cancel()
    for keeper in reversed(keepers):
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


async def _stop_at_eof(stop: asyncio.Event) -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    stop.set()


async def _keep(child: Child, stop: asyncio.Event) -> None:
    pause_s = FIRST_PAUSE_S
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        began = loop.time()
        process = await asyncio.create_subprocess_exec(*child.command, stdin=asyncio.subprocess.DEVNULL)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        pause_s = FIRST_PAUSE_S if loop.time() - began > STEADY_S else min(2 * pause_s, LONGEST_PAUSE_S)
        click.echo(f"{child.name} 已退出（{code}），{pause_s:.0f} 秒后再启动", err=True)
        await asyncio.sleep(pause_s)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(GRACE_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
