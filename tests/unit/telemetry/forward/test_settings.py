"""What a forwarder is told is checked before it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from xunshui.telemetry.forward.settings import MapInvalid, Settings, read_numbers


def test_numbers_are_read(tmp_path: Path) -> None:
    (tmp_path / "map.csv").write_text("device,mn\nA,R1\nB,R2\n", encoding="utf-8-sig")

    assert read_numbers(tmp_path / "map.csv") == {"A": "R1", "B": "R2"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "里没有设备"),
        ("device\nA\n", "第 2 行“A,”不能用"),
        ("device,mn\nA,R;1\n", "第 2 行“A,R;1”不能用"),
        ("device,mn\nA,R1\nB,R1\n", "第 3 行“B,R1”与前面的重复"),
        ("device,mn\nA,R1\nA,R2\n", "第 3 行“A,R2”与前面的重复"),
    ],
)
def test_numbers_that_cannot_be_used_are_told(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "map.csv").write_text(content, encoding="utf-8")

    with pytest.raises(MapInvalid, match=told):
        read_numbers(tmp_path / "map.csv")


def test_window_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="窗口至少 1"):
        Settings(window=0)
