"""The records give the same answers on PostgreSQL: their tests, run once more on a server of their own."""

from __future__ import annotations

import pytest
from tools.records_on_postgresql import MISSING, can_run, run


@pytest.mark.skipif(not can_run(), reason=MISSING)
def test_records_hold_on_postgresql() -> None:
    ended = run(["--tb=short"])

    assert ended.returncode == 0, ended.stdout[-8000:]
