"""A gateway that keeps nothing: frames are found and answered at once. The limit that storage is measured against."""

from __future__ import annotations

import asyncio
import sys

from xunshui.telemetry.hj212.frame import Framer
from xunshui.telemetry.hj212.host import answer_to
from xunshui.telemetry.hj212.message import read_segment


class Bare(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._framer = Framer()

    def data_received(self, data: bytes) -> None:
        """Answer what is whole."""
        frames = self._framer.feed(data)
        self._transport.write(
            b"".join(answer_to(read_segment(frame.segment)) for frame in frames if frame.segment)
        )


async def serve(port: int) -> None:
    """Answer for ever."""
    server = await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", port)
    print(f"127.0.0.1:{server.sockets[0].getsockname()[1]}", file=sys.stderr, flush=True)
    await server.serve_forever()


def main() -> None:
    """Take the same words as `xunshui gateway`; the spool is not looked at."""
    asyncio.run(serve(int(sys.argv[2].rsplit(":", 1)[1])))


if __name__ == "__main__":
    main()
