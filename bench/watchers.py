"""People with a site's home open: each polls every ten seconds, as htmx does, whether or not the answer before came late.

    python -m bench.watchers PORT COUNT SECONDS PLAIN SESSION...

A process of its own; prints one line of JSON, see `Told`. With PLAIN `1` nobody says which version they have, so that
every answer is a whole page.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from random import Random

HOST = "127.0.0.1"
EVERY_S = 10.0
PATIENCE_S = 20.0
VIEWS = ("view=graph&by=day", "view=graph&by=hour", "view=sankey&by=day", "view=table&by=month")
"""What people look at, one after the other."""
_VERSION = re.compile(rb'name="version" value="(\w+)"')


@dataclass(slots=True)
class Told:
    """What the polls came to: how long each took from when it was due [s], how many changed nothing, how many failed."""

    seconds: list[float] = field(default_factory=list)
    unchanged: int = 0
    failed: int = 0
    received: int = 0


class Watchers:
    """All of them, at one site."""

    def __init__(self, port: int, sessions: list[str], *, plain: bool) -> None:
        """Take the port and the sessions that people share out among them."""
        self._port = port
        self._sessions = sessions
        self._plain = plain
        self.told = Told()

    async def watch(self, count: int, seconds: float) -> Told:
        """Let so many people watch for so long, each beginning at a moment of their own."""
        random, until = Random(0), time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for number in range(count):
                group.create_task(self._person(number, random.uniform(0, EVERY_S), until))
        return self.told

    async def _person(self, number: int, wait_s: float, until: float) -> None:
        query, session = VIEWS[number % len(VIEWS)], self._sessions[number % len(self._sessions)]
        due, version = time.monotonic() + wait_s, ""
        while due < until:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            try:
                async with asyncio.timeout(PATIENCE_S):
                    version = await self._poll(query, session, version)
                self.told.seconds.append(time.monotonic() - due)
            except (OSError, ValueError, TimeoutError):
                self.told.failed += 1
            due = max(due + EVERY_S, time.monotonic())

    async def _poll(self, query: str, session: str, version: str) -> str:
        """Ask once and return the version that is shown from now on."""
        reader, writer = await asyncio.open_connection(HOST, self._port)
        asked = "" if self._plain else f"&version={version}"
        writer.write(
            f"GET /sites/1/now/?{query}{asked} HTTP/1.1\r\nHost: {HOST}\r\nHX-Request: true\r\n"
            f"Cookie: sessionid={session}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = await reader.read(-1)
        writer.close()
        self.told.received += len(answer)
        status = answer[9:12]
        if status == b"204":
            self.told.unchanged += 1
            return version
        found = _VERSION.search(answer)
        if status != b"200" or found is None:
            raise ValueError(status)
        return found[1].decode()


def main() -> None:
    """Run the watchers."""
    port, count, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    watchers = Watchers(port, sys.argv[5:], plain=sys.argv[4] == "1")
    print(json.dumps(asdict(asyncio.run(watchers.watch(count, seconds)))))


if __name__ == "__main__":
    main()
