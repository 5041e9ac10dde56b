"""When the gateway sets a clock: beyond the tolerance, where that was agreed, and once an hour at most."""

from __future__ import annotations

import pytest

from xunshui.telemetry.gateway.hj212_host import Host
from xunshui.telemetry.gateway.session import Session
from xunshui.telemetry.hj212 import Framer, read_segment
from xunshui.telemetry.hj212.profile import Clock, Profile, Profiles
from xunshui.telemetry.localtime import digits_of_instant, instant_of_text

START = instant_of_text("2024-01-01T08:00")


class Line:
    """A connection that only remembers what is sent."""

    def __init__(self) -> None:
        """Start with nothing sent."""
        self.sent = b""

    def send(self, frame: bytes) -> None:
        """Remember a frame."""
        self.sent += frame


def commands_sent(profile: Profile | None, skew_s: int, frames: int = 20) -> list[str]:
    """Return what is sent to a logger whose clock is off, while its frames come; it answers each request."""
    host, line = Host(None if profile is None else Profiles(profile)), Line()
    session = Session("A", "", connection=line)  # type: ignore[arg-type] # stands for a Connection
    sent = []
    for row in range(frames):
        came_us = START + row * 30_000_000
        qn = digits_of_instant(came_us + skew_s * 1_000_000, milliseconds=True)
        said = f"QN={qn};ST=32;CN=2011;PW=1;MN=A;Flag=5;CP=&&DataTime={qn[:14]};w00000-Rtd=1&&"
        host.measured(session, read_segment(said.encode()), came_us * 1000)
        for frame in Framer().feed(line.sent):
            request = read_segment(frame.segment)
            sent.append(request.command)
            answer = f"QN={request.fields['QN']};ST=91;CN=9012;PW=1;MN=A;Flag=4;CP=&&ExeRtn=1&&"
            host.heard(session, read_segment(answer.encode()))
        line.sent = b""
    return sent


@pytest.mark.parametrize(
    ("profile", "skew_s", "sent"),
    [
        pytest.param(Profile(clock=Clock()), 61, ["1012"], id="stays_wrong_and_is_set_once_an_hour"),
        pytest.param(Profile(clock=Clock()), -61, ["1012"], id="behind"),
        pytest.param(Profile(clock=Clock()), 60, [], id="within_the_tolerance"),
        pytest.param(Profile(clock=Clock(tolerance_s=10)), 11, ["1012"], id="narrower"),
        pytest.param(Profile(clock=Clock(sync=False)), 3_600, [], id="told_not_to"),
        pytest.param(Profile(), 3_600, [], id="nothing_said_of_the_clock"),
        pytest.param(None, 3_600, [], id="no_profile"),
        pytest.param(Profile(dialect="surface_water_2017", clock=Clock()), 61, ["1015"], id="surface_water"),
    ],
)
def test_clock_is_set(profile: Profile | None, skew_s: int, sent: list[str]) -> None:
    assert commands_sent(profile, skew_s) == sent
