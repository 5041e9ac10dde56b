"""A forwarder's process: connects, converses, notes its place, and connects again, until it is asked to end."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from xunshui.telemetry.forward import status
from xunshui.telemetry.forward.connection import Connection
from xunshui.telemetry.forward.conversation import Conversation, Settled
from xunshui.telemetry.forward.outbox import Outbox, unknown_devices
from xunshui.telemetry.forward.settings import Settings
from xunshui.telemetry.log import tell

T = TypeVar("T")
POLL_S = 0.2
"""How often an outbox that is sent out is looked into again."""
CONNECT_S = 10.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
LAST_ANSWERS_S = 5.0
"""How long an end waits for outstanding answers."""
AGAIN_S = 1.0
"""How long is waited where the spool could not be read or written."""


async def run_forwarder(spool: Path, name: str, address: tuple[str, int], settings: Settings) -> None:
    """Forward until TERM or INT; tells when the link comes or goes.

    Raises `SpoolMissing`, `AlreadyForwarding`, and OSError where the spool's folder cannot be used.
    """
    outbox = Outbox(spool, name, settings)
    if unknown := unknown_devices(outbox):
        words = f"还没有收到过这些设备的报文：{'、'.join(unknown)}；MN 写对了吗"
        tell("devices_unknown", words, level=logging.WARNING, devices=unknown)
    stop = asyncio.Event()
    forwarder = Forwarder(outbox, address, settings, stop)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, forwarder.end)
    try:
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(forwarder.write_status())
            await forwarder.forward()
            telling.cancel()
    finally:
        await forwarder.close()


class Forwarder:
    """Holds outbox, conversation and connection together."""

    def __init__(
        self,
        outbox: Outbox,
        address: tuple[str, int],
        settings: Settings,
        stop: asyncio.Event,
    ) -> None:
        """Take what it works with."""
        self._outbox, self._address, self._stop = outbox, address, stop
        self._to = f"{address[0]}:{address[1]}"
        self.state = status.State(self._to)
        self.conversation = Conversation(settings)
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1)
        self._noting: asyncio.Task[None] | None = None
        self._looked = float("-inf")
        self._can_use_spool_at = float("-inf")

    def end(self) -> None:
        """Ask for an orderly end."""
        self._stop.set()
        self._wake.set()

    async def forward(self) -> None:
        """Connect and converse again and again until the end is asked for."""
        pause = FIRST_PAUSE_S
        while not self._stop.is_set():
            acknowledged = self.conversation.counts.acknowledged
            reason = await self._connect_and_converse()
            self.state.connected = False
            if self._stop.is_set():
                break
            if self.conversation.counts.acknowledged > acknowledged:
                pause = FIRST_PAUSE_S
            wait = pause * random.uniform(0.5, 1.0)
            self.state.last_error = reason
            words = f"断开 {self._to}：{reason}；{wait:.1f} 秒后再连"
            tell(
                "forward_lost",
                words,
                level=logging.WARNING,
                to=self._to,
                reason=reason,
                pause_s=round(wait, 1),
            )
            await _until(self._stop, wait)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def write_status(self) -> None:
        """Write the state again and again until cancelled."""
        while True:
            await self._write_status()
            await asyncio.sleep(status.EVERY_S)

    async def close(self) -> None:
        """Note what is settled, tell the last state, and let go of the spool."""
        try:
            if self._noting is not None:
                await self._noting
            await self._note_settled()
            await self._write_status()
        finally:
            self._thread.shutdown()
            self._outbox.close()

    async def _connect_and_converse(self) -> str:
        """Return why the link ended."""
        try:
            link = await self._connected()
        except OSError as error:
            return f"连不上（{error.strerror or error}）"
        if link is None:
            return f"{CONNECT_S:g} 秒内没有连上"
        self.state.connected = True
        self.state.connections += 1
        tell("forward_connected", f"已连上 {self._to}", to=self._to)
        try:
            await self._converse(link)
        finally:
            link.close()
            self.conversation.hang_up()
        return link.reason

    async def _connected(self) -> Connection | None:
        """Return a new connection, or None where it did not come about in time or the end is asked for."""
        loop = asyncio.get_running_loop()
        connecting = loop.create_task(
            loop.create_connection(lambda: Connection(self.conversation, self._wake.set), *self._address)
        )
        stopping = loop.create_task(self._stop.wait())
        await asyncio.wait({connecting, stopping}, timeout=CONNECT_S, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not connecting.done():
            connecting.cancel()
            return None
        return (await connecting)[1]

    async def _converse(self, link: Connection) -> None:
        stopping_at: float | None = None
        while not link.is_lost:
            self._wake.clear()
            now = time.monotonic()
            if not self._stop.is_set():
                await self._fill(now)
            elif stopping_at is None:
                stopping_at = now + min(LAST_ANSWERS_S, self.conversation.time_out_s)
            if stopping_at is None:
                link.send(self.conversation.due(now, now_us=time.time_ns() // 1000))
            elif now >= stopping_at or not self.conversation.is_waiting:
                return
            if self.conversation.is_down:
                link.hang_up(f"{self.conversation.resends} 次重发都没有应答")
                return
            self.state.last_error = link.last_bad or self.state.last_error
            self._start_noting(now)
            await _until(self._wake, self._longest_wait(now, stopping_at))

    def _longest_wait(self, now: float, stopping_at: float | None) -> float:
        due = self.conversation.next_due() if stopping_at is None else stopping_at
        return POLL_S if due is None else max(0.0, min(POLL_S, due - now))

    async def _fill(self, now: float) -> None:
        """Offer the next frames for as long as there is room."""
        while self.conversation.room > 0 and not self._stop.is_set():
            found = self._outbox.next()
            if found is not None:
                self.conversation.offer(found)
                continue
            if now - self._looked < POLL_S or now < self._can_use_spool_at:
                return
            try:
                loaded = await self._in_thread(self._outbox.read)
            except (sqlite3.Error, OSError) as error:
                self._spool_failed(error)
                return
            if not self._outbox.add(loaded):
                self._looked = now
                return

    def _start_noting(self, now: float) -> None:
        if (self._noting is None or self._noting.done()) and now >= self._can_use_spool_at and self._news():
            self._noting = asyncio.ensure_future(self._note_settled())

    def _news(self) -> tuple[list[Settled], tuple[int, int]] | None:
        """Return what is settled and not noted yet with the place it leads to, or None."""
        settled = self.conversation.settled()
        place = settled[-1].outgoing.after if settled else self._outbox.noted
        if self._outbox.is_taken and len(settled) == self.conversation.under_way:
            place = self._outbox.passed
        return (settled, place) if settled or place != self._outbox.noted else None

    async def _note_settled(self) -> None:
        news = self._news()
        if news is None:
            return
        try:
            await self._in_thread(lambda: self._outbox.note(*news))
        except (sqlite3.Error, OSError) as error:
            self._spool_failed(error)
            return
        self.conversation.forget(len(news[0]))
        self._wake.set()

    def _spool_failed(self, error: Exception) -> None:
        self._can_use_spool_at = time.monotonic() + AGAIN_S
        self.state.last_error = f"缓存读写失败：{error}"

    async def _write_status(self) -> None:
        try:
            self.state.behind_batches = await self._in_thread(self._outbox.batches_behind)
            status.write_status(self._outbox.folder, self._outbox.name, self.state, self.conversation.counts)
        except (sqlite3.Error, OSError) as error:
            self._spool_failed(error)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)


async def _until(event: asyncio.Event, most_s: float) -> None:
    """Wait for the event, at most so long."""
    try:
        async with asyncio.timeout(most_s):
            await event.wait()
    except TimeoutError:
        pass
