"""Sessions of the gateway: there are never more than it has room for, and who speaks keeps its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from xunshui.telemetry.gateway import hj212_listener
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_listener import Listener
from xunshui.telemetry.spool import SpoolWriter


def test_the_stillest_are_let_go_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hj212_listener, "MOST_SESSIONS", 20)
    listener = Listener(Committer(SpoolWriter(tmp_path)))
    for number in range(50):
        session = listener.new_session(f"M{number}", "a:1", 0)
        session.last_at, session.connected = number, number == 0

    assert len(listener.sessions) <= 20
    assert {"M0", "M49"} <= listener.sessions.keys()
    assert "M1" not in listener.sessions
