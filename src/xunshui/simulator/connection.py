"""A simulated logger's connection: sends with a window, waits for each acknowledgement, sends again what got none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from xunshui.telemetry.hj212 import Framer, read_segment

WINDOW = 32
ANSWER_S = 10.0
RETRY_S = 1.0


class Connection:
    """One logger's way to the gateway, opened anew whenever it breaks."""

    def __init__(self, host: str, port: int) -> None:
        """Take the gateway's address; nothing is opened yet."""
        self._host, self._port = host, port
        self._waiting: dict[str, bytes] = {}
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._framer = Framer()
        self.acknowledged = 0

    async def send_all(self, frames: Iterable[tuple[str, bytes]]) -> None:
        """Send frames in order; returns once every one is acknowledged."""
        coming = iter(frames)
        more = True
        while more or self._waiting:
            reader, writer = await self._connected()
            while more and len(self._waiting) < WINDOW:
                try:
                    qn, frame = next(coming)
                except StopIteration:
                    more = False
                    break
                self._waiting[qn] = frame
                writer.write(frame)
            if self._waiting:
                await self._hear(reader)

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        try:
            async with asyncio.timeout(ANSWER_S):
                received = await reader.read(65_536)
        except (TimeoutError, OSError):
            received = b""
        if not received:
            self.close()
            await asyncio.sleep(RETRY_S)
            return
        for frame in self._framer.feed(received):
            answered = read_segment(frame.segment).fields.get("QN", "")
            self.acknowledged += self._waiting.pop(answered, None) is not None

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._streams is None:
            try:
                self._streams = await asyncio.open_connection(self._host, self._port)
            except OSError:
                await asyncio.sleep(RETRY_S)
                continue
            self._framer = Framer()
            self._streams[1].writelines(self._waiting.values())
        return self._streams
