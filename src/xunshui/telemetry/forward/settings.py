"""What a forwarder is told: whom to forward, and how patient to be."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

WINDOW = 32
TIME_OUT = timedelta(seconds=10)
"""Table 1 of HJ 212-2017: 10 s on all links but ADSL."""
RESENDS = 3
NAME = re.compile(r"[\w.-]{1,64}")


class MapInvalid(ValueError):
    """The file that maps devices to the regulator's numbers cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one regulator is served.

    `devices` limits what is forwarded to these MN; None is all. `numbers` gives the MN that the regulator knows
    a device by, where it is another. `backfill_is_marked` puts RF=1 into frames that come late or again (2025).
    """

    window: int = WINDOW
    time_out: timedelta = TIME_OUT
    resends: int = RESENDS
    devices: frozenset[str] | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    backfill_is_marked: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if self.window < 1 or self.resends < 0 or self.time_out <= timedelta(0):
            raise ValueError("窗口至少 1，重发次数不小于 0，超时大于 0")


def read_numbers(file: Path) -> dict[str, str]:
    """Return the regulator's MN by the device's: a CSV with the columns device and mn; raises `MapInvalid`, OSError."""
    try:
        rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    except UnicodeDecodeError:
        raise MapInvalid(f"{file} 不是 UTF-8 文本") from None
    wanted = "应有表头 device,mn，每行一台设备：数采仪的 MN,监管平台登记的 MN"
    numbers: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        device, mn = (row.get("device") or "").strip(), (row.get("mn") or "").strip()
        if not device or not mn or set(mn) & set(";=&,"):
            raise MapInvalid(f"{file} 第 {number} 行“{device},{mn}”不能用；{wanted}")
        if device in numbers or mn in numbers.values():
            raise MapInvalid(f"{file} 第 {number} 行“{device},{mn}”与前面的重复；每个 MN 只能写一次")
        numbers[device] = mn
    if not numbers:
        raise MapInvalid(f"{file} 里没有设备；{wanted}")
    return numbers
