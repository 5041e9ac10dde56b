"""One connection to a regulator: bytes in to the conversation, its answers out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from xunshui.telemetry.forward.conversation import Conversation
from xunshui.telemetry.hj212.frame import Framer
from xunshui.telemetry.hj212.message import read_segment

MOST_BAD_BYTES = 1_000_000


class Connection(asyncio.Protocol):
    """Carries a conversation for as long as the link holds."""

    def __init__(self, conversation: Conversation, heard: Callable[[], None]) -> None:
        """Take the conversation, and what is called whenever something came or the link is gone."""
        self.reason = ""
        self.is_lost = False
        self.last_bad = ""
        self._conversation = conversation
        self._heard = heard
        self._framer = Framer()
        self._bad_bytes = 0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way out."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that the link is gone, and why."""
        self.is_lost = True
        self.reason = self.reason or (str(exc) if exc else "对方挂断")
        self._heard()

    def data_received(self, data: bytes) -> None:
        """Take what the regulator says."""
        now = time.monotonic()
        for frame in self._framer.feed(data):
            message = read_segment(frame.segment) if frame.segment and frame.readable else None
            if message is None or message.reason:
                self._bad_bytes += len(frame.raw)
                self.last_bad = f"监管平台发来的帧不对：{message.reason if message else frame.reason}"
            elif answer := self._conversation.hear(message, now):
                self.send(answer)
        if self._bad_bytes > MOST_BAD_BYTES:
            self.hang_up("对方发来的不是 HJ 212")
        self._heard()

    def send(self, content: bytes) -> None:
        """Send; what is sent is bounded by the conversation's window, so that nothing waits for the network here."""
        if content and not self.is_lost:
            self._transport.write(content)

    def hang_up(self, reason: str) -> None:
        """End the connection at once."""
        self.reason = self.reason or reason
        self._transport.abort()

    def close(self) -> None:
        """End the connection once all is sent."""
        self._transport.close()
