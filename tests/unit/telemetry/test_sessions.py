"""Sessions of the gateway: there are never more than it has room for, and who speaks keeps its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from xunshui.telemetry.gateway import calls
from xunshui.telemetry.gateway.committer import Committer
from xunshui.telemetry.gateway.hj212_listener import Hj212Listener
from xunshui.telemetry.spool import SpoolWriter


def test_the_stillest_are_let_go_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_CALLERS", 20)
    listener = Hj212Listener(Committer(SpoolWriter(tmp_path)))
    for number in range(50):
        session = listener.new_caller(f"M{number}", "a:1", 0)
        session.last_at, session.connected = number, number == 0

    assert len(listener.callers) <= 20
    assert {"M0", "M49"} <= listener.callers.keys()
    assert "M1" not in listener.callers
