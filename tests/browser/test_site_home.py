"""The site home while somebody looks at it: figures come, what was opened stays open, a lost connection is told."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect
from tests.browser.conftest import Person, Platform

from xunshui.telemetry.localtime import HOUR_US
from xunshui.telemetry.sample import Arrival, Sample
from xunshui.telemetry.spool import SpoolWriter

MN = "ABCDEF"
SITE: dict[str, Any] = {
    "id": "mill",
    "name": "示例厂",
    "kind": "enterprise",
    "periods": [],
    "units": [{"id": "U", "name": "净环"}],
    "meters": [{"id": "A", "accuracy_class": 2}],
    "streams": [{"id": "in", "from": "env", "to": "U", "kind": "surface", "meters": ["A"]}],
    "points": [
        {
            "id": "PA",
            "channel": f"hj212:{MN}/2061/w00000-Cou",
            "at": "A",
            "kind": "interval",
            "interval_min": 60,
        }
    ],
}
A_POLL_MS = 25_000


def tell(folder: Path, volume: float, name: str) -> None:
    """Commit the last 24 whole hours, each of that volume [m³]."""
    last = time.time_ns() // 1000 // HOUR_US * HOUR_US
    samples = [Sample("2061/w00000-Cou", last - back * HOUR_US, volume) for back in range(1, 26)]
    writer = SpoolWriter(folder)
    writer.commit([Arrival("hj212", MN, last, b"##raw", samples, name)], last)
    writer.close()


def test_home_lives(platform: Platform, browser: Browser, tmp_path: Path) -> None:
    tell(platform.home / "sensing", 12.0, "first")
    file = tmp_path / "site.json"
    file.write_text(json.dumps(SITE), encoding="utf-8")
    person = Person(browser, platform, "applicant")
    page = person.goto("/sites/")
    page.set_input_files("#file", file)
    person.press("button:has-text('存入')")
    page.click("#view-table")
    page.wait_for_load_state()

    assert "view=table" in page.url
    expect(page.locator("#flow-rows")).to_contain_text("12.0")
    page.click("[data-copies='#flow-rows']")
    expect(page.locator("[data-copies='#flow-rows']")).to_have_text("已复制，到 Excel 里粘贴")

    page.click("#day-table > summary")
    tell(platform.home / "sensing", 13.0, "second")
    expect(page.locator("#flow-rows")).to_contain_text("13.0", timeout=4 * A_POLL_MS)
    expect(page.locator("#day-rows")).to_be_visible()
    expect(page.locator("#lost")).to_be_hidden()

    platform.stop()
    expect(page.locator("#lost")).to_be_visible(timeout=A_POLL_MS)
    assert person.complaints == []
