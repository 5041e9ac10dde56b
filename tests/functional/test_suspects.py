"""A meter that goes wrong in the simulated plant is named by the page: simulator, gateway, lake and console are real."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from tests.functional.gateways import XUNSHUI, gateway
from tests.unit.web.console.test_console import owner
from tests.unit.web.programme.ministry_build import client_of

from xunshui.simulator.points import with_points
from xunshui.site import site_as_json
from xunshui.site.templates import template
from xunshui.telemetry.localtime import DAY_US, HOUR_US, local_datetime

__all__ = ["client_of", "owner"]
pytestmark = [pytest.mark.django_db, pytest.mark.records]
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
BEGUN_US = (time.time_ns() // 1000 - 9 * HOUR_US) // (10 * 60_000_000) * (10 * 60_000_000)
SINCE = (time.time_ns() // 1000 - 20 * DAY_US) // DAY_US * DAY_US


def test_simulated_bias_and_leak_are_named_on_balance_page_and_home(
    owner: Client, tmp_path: Path, settings: Settings
) -> None:
    file, spool = tmp_path / "plant.json", tmp_path / "spool"
    file.write_text(site_as_json(with_points(template("steel"))), encoding="utf-8")
    begin = f"{local_datetime(BEGUN_US):%Y-%m-%dT%H:%M}"
    with gateway(spool) as port:
        simulated(file, port, "--bias", "FM-206=6%", "--leak", "CT1=41", "--from", begin)
    command("lake", "flush", "--spool", str(spool))
    settings.SENSING = spool
    settings.STORAGES = settings.STORAGES | {"staticfiles": PLAIN}
    with file.open("rb") as sent:
        page = owner.post("/sites/", {"file": sent}, follow=True)
    url = page.redirect_chain[-1][0]
    balance = settled(owner, f"{url}balance/?by=hour", "近 3 天逐时与前十四天比")
    home = settled(owner, url, "FM-206（深度处理进水流量计）疑偏高 ")
    same_day = f"{local_datetime(BEGUN_US):%m-%d}" == f"{local_datetime(time.time_ns() // 1000):%m-%d}"
    begun = f"{local_datetime(BEGUN_US):{'%H:%M' if same_day else '%m-%d %H:%M'}}"
    said = re.findall(r"<strong>([^<]+)</strong>　([^，]+)，([^<]+)</p>", balance)

    assert {what.rpartition("疑")[0] for what, _, _ in said} == {
        "高炉净环水系统",
        "FM-206（深度处理进水流量计）",
    }
    assert {since for _, _, since in said} == {f"起 {begun}"}
    [(leak, amount, _)] = [each for each in said if each[0] == "高炉净环水系统疑漏"]
    assert float(amount.partition(" ")[0]) == pytest.approx(41, abs=2)
    assert f"{leak} {amount}，起 {begun}" in home
    assert f'href="{url}points/P34H/">看 FM-206 的读数</a>' in balance


def test_fault_of_nothing_on_the_site_ends_with_what_there_is(tmp_path: Path) -> None:
    file = tmp_path / "plant.json"
    file.write_text(site_as_json(with_points(template("steel"))), encoding="utf-8")
    words = [str(XUNSHUI), "simulate", str(file), "--bias", "FM-999=6%@02:10", "--past-only"]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 2
    assert "没有水表“FM-999”；可选：FM-101、" in ended.stderr
    assert "Traceback" not in ended.stderr


def simulated(file: Path, port: int, *faults: str) -> None:
    since = f"{local_datetime(SINCE):%Y-%m-%d}"
    command("simulate", str(file), "--hj212", f"127.0.0.1:{port}", "--since", since, "--past-only", *faults)


def command(*words: str) -> None:
    ended = subprocess.run(
        [str(XUNSHUI), *words],
        env=os.environ.copy(),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]


def settled(client: Client, url: str, words: str) -> str:
    """Return the page once it says these words: the watch is worked out beside it."""
    end = time.monotonic() + 40
    while words not in (page := client.get(url).content.decode()):
        assert time.monotonic() < end, f"{url} never said {words}"
        time.sleep(0.5)
    return page
