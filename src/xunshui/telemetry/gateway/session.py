"""What is known of one logger, over all its connections since the gateway started."""

from __future__ import annotations

from dataclasses import dataclass, field

from xunshui.telemetry.gateway.calls import Caller
from xunshui.telemetry.hj212.clock import Skew
from xunshui.telemetry.hj212.frame import Quirk
from xunshui.telemetry.hj212.message import Message
from xunshui.telemetry.hj212.requests import Conversation, Request

NAMELESS = "硬件 "
"""Stands before the serial of a logger that has no MN yet."""


@dataclass(slots=True)
class Session(Caller):
    """One logger."""

    quirks: set[Quirk] = field(default_factory=set)
    last: Message | None = None
    """Its first message, or its last real-time data that were looked at: how it is spoken to follows from it."""
    measured_ns: int = 0
    """When its clock was last measured."""
    skew: Skew = field(default_factory=Skew)
    conversation: Conversation | None = None
    """None as long as it was never asked anything."""
    clock_set_s: float | None = None
    """When the gateway last asked it of its own accord to set its clock, on the clock that runs on evenly."""

    untold: list[Request] | None = None
    """Settings that it is yet to be told; None: all."""
    breaks: int = 0
    """How often its connection broke while it was told settings, since one was last confirmed."""
    granted_s: dict[str, float] = field(default_factory=dict)
    """When its wishes were last granted, by their commands, on the clock that runs on evenly."""
    hardware: dict[str, str] = field(default_factory=dict)
    """The serials it told of itself."""
    key: str = ""
    """How far its last exchange of keys has come, in words."""

    @property
    def is_nameless(self) -> bool:
        """Return whether it has no MN yet: it is then known by its hardware, and told nothing but its MN."""
        return self.device.startswith(NAMELESS)

    @property
    def skew_s(self) -> float | None:
        """Return how far its clock is ahead; None while unknown."""
        return self.skew.seconds
