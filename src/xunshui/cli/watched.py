"""Watching over processes of our own: started, started again when they end, ended in order."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process, create_subprocess_exec
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from xunshui.telemetry.log import tell

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
STEADY_S = 60.0
"""Who ran that long is started again at once, as if for the first time."""
GRACE_S = 20.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Child:
    """A process: its name and its command, and how it is held."""

    name: str
    command: tuple[str, ...]
    grace_s: float = GRACE_S
    """How long it may take to end in order."""
    stdin_is_held: bool = False
    """Its stdin is open as long as this process lives: it sees by its end that it is alone."""
    orphaned: signal.Signals = signal.SIGTERM
    """What it is told when this process is killed (Linux): nobody may be left who holds a port or a folder."""
    has_own_session: bool = False
    """Ctrl-C does not reach it."""
    handles: tuple[int, ...] = ()
    """Open files that it inherits."""


def of_ours(name: str, *words: str) -> Child:
    """Return a process of this program: the words behind `xunshui`."""
    return Child(name, (sys.executable, "-m", "xunshui.cli.main", *words))


async def watch(
    children: Sequence[Child], *, until_eof: bool, meanwhile: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Keep all children running until TERM or INT, or with `until_eof` until stdin is closed.

    They are asked to end in the reverse order, so that who sends ends before who keeps. `meanwhile` runs beside them.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    beside = [asyncio.ensure_future(meanwhile())] if meanwhile is not None else []
    if until_eof:
        beside.append(asyncio.ensure_future(_stop_at_eof(stop)))
    keepers = [asyncio.create_task(_keep(child, stop)) for child in children]
    await stop.wait()
    for task in beside:
        task.cancel()
    for keeper in reversed(keepers):
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


def reason_of(code: int) -> str:
    """Return why a process ended.

    >>> reason_of(-9)
    '被信号 SIGKILL 结束'
    """
    if code < 0:
        try:
            return f"被信号 {signal.Signals(-code).name} 结束"
        except ValueError:
            return f"被信号 {-code} 结束"
    if code == 2:
        return "因设置有误而退出（见它自己的记录）"
    return f"退出（退出码 {code}）"


async def _stop_at_eof(stop: asyncio.Event) -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    stop.set()


async def _keep(child: Child, stop: asyncio.Event) -> None:
    pause_s, restarts = FIRST_PAUSE_S, 0
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        began = loop.time()
        process = await _start(child, restarts)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(child, process)
            raise
        lived_s = loop.time() - began
        pause_s = FIRST_PAUSE_S if lived_s > STEADY_S else min(2 * pause_s, LONGEST_PAUSE_S)
        if not stop.is_set():
            _tell_death(child, code, lived_s, pause_s)
        await asyncio.sleep(pause_s)
        restarts += 1


async def _start(child: Child, restarts: int) -> Process:
    process = await create_subprocess_exec(
        *child.command,
        stdin=PIPE if child.stdin_is_held else DEVNULL,
        start_new_session=child.has_own_session,
        pass_fds=child.handles,
        preexec_fn=partial(_end_with_parent, child.orphaned),
    )
    facts = {"child": child.name, "child_pid": process.pid, "restarts": restarts}
    tell("child_started", f"{child.name} 已启动（进程 {process.pid}）", level=logging.DEBUG, **facts)
    return process


def _end_with_parent(number: signal.Signals) -> None:
    """Ask the kernel to send this process a signal when its parent ends; called in the child, before its program."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def _tell_death(child: Child, code: int, lived_s: float, pause_s: float) -> None:
    reason = reason_of(code)
    tell(
        "child_died",
        f"{child.name} {reason}，{pause_s:.0f} 秒后再启动",
        level=logging.ERROR,
        child=child.name,
        code=code,
        reason=reason,
        lived_s=round(lived_s, 1),
        pause_s=pause_s,
    )


async def _end(child: Child, process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(child.grace_s):
            code = await process.wait()
    except TimeoutError:
        words = f"{child.name} {child.grace_s:.0f} 秒内没有收尾，强行结束"
        tell("child_killed", words, level=logging.WARNING, child=child.name, grace_s=child.grace_s)
        process.kill()
        code = await process.wait()
    tell("child_ended", f"{child.name} 已停止", level=logging.DEBUG, child=child.name, code=code)
