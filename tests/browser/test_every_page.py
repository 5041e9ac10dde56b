"""Every page of the demo, as each of its people: it answers, nothing complains, it is accessible, it fits a phone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import free_port, wait_for
from tests.browser.crawl import AXE, walk

STARTS = {
    "": ("/", 12),
    "ministry": ("/ministry/", 25),
    "province": ("/province/", 3),
    "applicant": ("/apply/", 12),
    "park": ("/apply/", 8),
    "partner": ("/joint/", 2),
    "association": ("/association/", 2),
    "expert": ("/expert/", 3),
}
"""Where each person begins, and how many kinds of pages there are at the least."""
SEES_ALL = ("", "ministry")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo that `xunshui up --demo` made and serves."""
    port, home = free_port(), tmp_path_factory.mktemp("demo")
    with (home / "up.log").open("wb") as log:
        served = subprocess.Popen(
            [str(Path(sys.executable).with_name("xunshui")), "up", "--demo", "--port", str(port)],
            env=os.environ | {"XUNSHUI_HOME": str(home / "var")},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/help/", seconds=180)
        yield f"http://127.0.0.1:{port}"
    finally:
        served.terminate()
        served.wait(timeout=40)


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core 未安装：npm ci")
@pytest.mark.parametrize("person", STARTS)
def test_every_page_answers_is_accessible_and_fits_a_phone(demo: str, browser: Browser, person: str) -> None:
    page = browser.new_context(locale="zh-CN").new_page()
    if person:
        page.goto(f"{demo}/accounts/login/")
        page.click(f"button[value={person}]")
        page.wait_for_load_state()

    start, fewest = STARTS[person]
    visited = list(walk(page, demo, start, own_only=person not in SEES_ALL, shots=_shots(person)))

    assert len(visited) >= fewest
    assert [f"{one.path}: {wrong}" for one in visited for wrong in one.wrong] == []


def _shots(person: str) -> Path | None:
    """Return where pictures of the pages are wanted: below XUNSHUI_SHOTS, by person."""
    folder = os.environ.get("XUNSHUI_SHOTS")
    if not folder:
        return None
    shots = Path(folder) / (person or "public")
    shots.mkdir(parents=True, exist_ok=True)
    return shots
