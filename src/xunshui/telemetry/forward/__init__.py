"""Forwarding: what loggers sent goes on to a regulator's platform, in order, each frame until it is acknowledged.

The spool is the outbox. A forwarder reads it under a name of its own, sends the data frames of HJ 212 with a window,
waits for 9014 by QN and MN, and notes its place only when all up to there is settled::

    spool ──outbox──▶ conversation ──connection──▶ regulator
      ▲                    │  9014
      └──── place noted ◀──┘

`outgoing` makes the bytes, `conversation` decides (without clock or socket), `outbox` reads and notes, `connection`
carries, `run` holds them together.
"""

from xunshui.telemetry.forward.conversation import Conversation
from xunshui.telemetry.forward.outgoing import Outgoing, outgoing_of
from xunshui.telemetry.forward.settings import Settings

__all__ = ["Conversation", "Outgoing", "Settings", "outgoing_of"]
