"""A crowd at one gateway: loggers that behave, slow ones that send byte by byte, and senders of garbage.

    python -m bench.crowd PORT LIVE SLOW RUDE SECONDS

A process of its own; prints one line of JSON, see `Told`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field
from random import Random

from bench.hj212_load import frame_of
from xunshui.telemetry.hj212.frame import framed

HOST = "127.0.0.1"
LIVE_EVERY_S = (1.0, 2.0)
SLOW_BYTE_EVERY_S = 0.1
GARBAGE_BYTES, GARBAGE_EVERY_S = 4_000, 0.25
PATIENCE_S = 30.0
HEAD_BYTES = len("##0000")


@dataclass(slots=True)
class Told:
    """What the crowd came to: good frames sent and answered, how long the slowest answer took [s], and garbage."""

    sent: dict[str, int] = field(default_factory=lambda: {"live": 0, "slow": 0})
    acknowledged: dict[str, int] = field(default_factory=lambda: {"live": 0, "slow": 0})
    broken: int = 0
    slowest_s: float = 0.0
    garbage_bytes: int = 0
    turned_away: int = 0


class Crowd:
    """All of them, until one moment."""

    def __init__(self, port: int, seconds: float) -> None:
        """Take the port, and how long to go on."""
        self._port = port
        self._until = time.monotonic() + seconds
        self._random = Random(0)
        self.told = Told()

    async def gather(self, live: int, slow: int, rude: int) -> Told:
        """Let all of them act at once."""
        async with asyncio.TaskGroup() as group:
            for number in range(live):
                group.create_task(self._logger("live", f"34{number:022d}"))
            for number in range(slow):
                group.create_task(self._logger("slow", f"35{number:022d}"))
            for _ in range(rude):
                group.create_task(self._rude())
        return self.told

    async def _logger(self, kind: str, device: str) -> None:
        await asyncio.sleep(self._random.uniform(0, LIVE_EVERY_S[1]))
        try:
            reader, writer = await asyncio.open_connection(HOST, self._port)
            number = 0
            while time.monotonic() < self._until:
                frame = frame_of(device, number) if kind == "live" else short_frame(device, number)
                await self._ask(kind, frame, reader, writer)
                number += 1
            writer.close()
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.told.broken += 1

    async def _ask(
        self, kind: str, frame: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.told.sent[kind] += 1
        if kind == "slow":
            for place in range(len(frame) - 1):
                writer.write(frame[place : place + 1])
                await asyncio.sleep(SLOW_BYTE_EVERY_S)
            frame = frame[-1:]
        began = time.monotonic()
        writer.write(frame)
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), PATIENCE_S)
        self.told.slowest_s = max(self.told.slowest_s, time.monotonic() - began)
        self.told.acknowledged[kind] += b"CN=9014" in answer
        if kind == "live":
            await asyncio.sleep(self._random.uniform(*LIVE_EVERY_S))

    async def _rude(self) -> None:
        while time.monotonic() < self._until:
            try:
                _, writer = await asyncio.open_connection(HOST, self._port)
                while time.monotonic() < self._until:
                    writer.write(os.urandom(GARBAGE_BYTES))
                    self.told.garbage_bytes += GARBAGE_BYTES
                    await writer.drain()
                    await asyncio.sleep(GARBAGE_EVERY_S)
                writer.close()
            except OSError:
                self.told.turned_away += 1


def short_frame(device: str, number: int) -> bytes:
    """Return one frame of one factor, which takes a slow sender some fifteen seconds."""
    whole = frame_of(device, number)[HEAD_BYTES:-6]
    fields, _, content = whole.partition(b"CP=&&")
    time_told, value, *_ = content.split(b";")
    return framed(b"%sCP=&&%s;%s&&" % (fields, time_told, value))


def main() -> None:
    """Run the crowd."""
    port, live, slow, rude = map(int, sys.argv[1:5])
    told = asyncio.run(Crowd(port, float(sys.argv[5])).gather(live, slow, rude))
    print(json.dumps(asdict(told)))


if __name__ == "__main__":
    main()
