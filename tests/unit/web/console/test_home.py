"""The site home: the verdict's figures in its head, the water in three ways, and polls that cost nothing when nothing came."""

from __future__ import annotations

import copy
import datetime as dt
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from pytest_django import Settings
from tests.unit.web.console.test_console import MN, RAW, owner, plain_site, readings, stored
from tests.unit.web.programme.ministry_build import PARTNER_CODE, client_of, member, organisation

from xunshui.telemetry.localtime import HOUR_US, MINUTE_US, day_of_date, start_of_day
from xunshui.telemetry.sample import Arrival, Sample
from xunshui.telemetry.spool import SpoolWriter
from xunshui.web.accounts.models import OrganisationKind
from xunshui.web.console import sensing

__all__ = ["owner", "plain_site", "readings"]
pytestmark = [pytest.mark.django_db, pytest.mark.records]
NEW_YEAR_2023, NEW_YEAR_2024 = (start_of_day(day_of_date(dt.date(year, 1, 1))) for year in (2023, 2024))
YEARLY = {"in": 20_000.0, "round": 980_000.0, "out": 15_000.0}
"""What the totalisers counted in 2023 [m³]: a reuse rate of 98 %."""


def steel(volumes: dict[str, float]) -> dict[str, Any]:
    """Return a steel works of one unit whose streams all have a totaliser; the file tells other volumes than they."""
    kinds = {"in": "surface", "round": "circulating_indirect", "out": "discharge"}
    ends = {"in": ("env", "U"), "round": ("U", "U"), "out": ("U", "env")}
    return RAW | {
        "id": "steel",
        "industry": "3120",
        "meters": [{"id": name, "accuracy_class": 2} for name in volumes],
        "streams": [
            {
                "id": name,
                "from": ends[name][0],
                "to": ends[name][1],
                "kind": kinds[name],
                "meters": [name],
                "volume_m3": {"2023": 1},
            }
            for name in volumes
        ],
        "points": [
            {
                "id": f"P-{name}",
                "channel": f"hj212:{MN}/2011/{name}-Rtd",
                "at": name,
                "kind": "totaliser",
                "interval_min": 60,
            }
            for name in volumes
        ],
    }


@pytest.fixture
def year(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A spool with each totaliser read at both ends of 2023; the present is an hour into 2024."""
    settings.SENSING = tmp_path
    monkeypatch.setattr(sensing, "now_us", lambda: NEW_YEAR_2024 + HOUR_US)
    tell(tmp_path, NEW_YEAR_2023, dict.fromkeys(YEARLY, 1000.0))
    tell(tmp_path, NEW_YEAR_2024, {name: 1000.0 + volume for name, volume in YEARLY.items()})
    yield tmp_path


def tell(folder: Path, at_us: int, values: dict[str, float]) -> None:
    writer = SpoolWriter(folder)
    samples = [Sample(f"2011/{name}-Rtd", at_us, value) for name, value in values.items()]
    writer.commit([Arrival("hj212", MN, at_us, b"##raw", samples, f"{at_us}")], at_us)
    writer.close()


def page_of(client: Client, pk: int, query: str = "", want: str = "") -> str:
    """Return the part that changes, asked again until what takes long is there."""
    page = ""
    for _ in range(100):
        page = client.get(f"/sites/{pk}/now/?{query}").content.decode()
        if want in page:
            break
        time.sleep(0.05)
    return page


def answers(page: str) -> list[str]:
    """Return the headline's entries as plain text."""
    head = page[page.index("<ul>") : page.index("</ul>")]
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", entry)).strip() for entry in head.split("<li>") if entry
    ][1:]


def test_headline_tells_the_gates_as_the_verdict_page_does(owner: Client, year: Path) -> None:
    pk = stored(owner, steel(YEARLY))
    page = page_of(owner, pk, want="结论与依据")
    verdict = owner.get(f"/sites/{pk}/verdict/2023/").content.decode()
    reuse, quota, reclaimed, complete = answers(page)

    assert reuse.startswith("98.00 % ● 达到 &gt; 97 %")
    assert "重复利用率 98.00 %，要求大于 97 %，达到" in verdict
    assert "? 无法判定" in quota
    assert reclaimed.startswith("0.00 % ▲ 未达到 ≥ 25 %")
    assert "读数完好" in complete
    assert "3 条水流由读数，其余按填报" in page


def test_figure_that_rests_on_an_unverified_row_bears_its_mark(owner: Client, year: Path) -> None:
    import json

    from xunshui.simulator.points import with_points
    from xunshui.site import site_as_json
    from xunshui.site.templates import template

    raw = json.loads(site_as_json(with_points(template("steel"))))
    for stream in raw["streams"]:  # nothing is metered, so the file's own figures are judged
        stream["meters"] = []
    raw["points"] = []
    quota = answers(page_of(owner, stored(owner, raw), want="结论与依据"))[1]

    assert "? 无法判定" in quota
    assert "国家定额 &lt; 3.1 m³/t ● 达到" in quota.replace("\u00a0", " ")
    assert "未核实" in quota
    assert "未知地方定额" in quota


def test_year_with_too_few_readings_says_so_and_judges_nothing(owner: Client, readings: int) -> None:
    page = page_of(owner, stored(owner), want="结论与依据")

    assert "2 条水流由读数，其中 <strong>2 条读数太少、没有水量</strong>" in page
    assert answers(page)[0].startswith("— ? 无法判定")


def test_site_without_a_whole_year_says_why_there_is_no_verdict(owner: Client, readings: int) -> None:
    raw = copy.deepcopy(RAW)
    raw["periods"][0]["end"] = "2023-06-30"
    page = page_of(owner, stored(owner, raw))

    assert "站点文件里没有整年的水量，不能对照限值判定" in page
    assert "达到" not in page


def test_poll_with_nothing_new_is_answered_without_a_page(
    owner: Client, readings: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = stored(owner)
    page = page_of(owner, pk, want="结论与依据")
    version = re.search(r'name="version" value="(\w+)"', page)
    assert version is not None
    again = owner.get(f"/sites/{pk}/now/?version={version[1]}")
    other_view = owner.get(f"/sites/{pk}/now/?view=table&version={version[1]}")
    later = sensing.now_us() + MINUTE_US
    monkeypatch.setattr(sensing, "now_us", lambda: later)
    a_minute_on = owner.get(f"/sites/{pk}/now/?version={version[1]}")

    assert (again.status_code, again.content) == (204, b"")
    assert (other_view.status_code, a_minute_on.status_code) == (200, 200)


def test_late_reading_reaches_the_page_within_a_minute(
    owner: Client, readings: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = stored(owner)
    assert "97.9 %" in page_of(owner, pk)
    writer = SpoolWriter(tmp_path)
    mended = [Sample("2061/w00001-Cou", readings - 3 * HOUR_US, 6.0)]
    writer.commit([Arrival("hj212", MN, readings, b"##late", mended, "late")], readings)
    writer.close()
    later = sensing.now_us() + MINUTE_US
    monkeypatch.setattr(sensing, "now_us", lambda: later)

    assert "100.0 %" in page_of(owner, pk)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("view=sankey&by=day", "<svg"),
        ("view=table&by=day", '<td class="num">12.0</td><td>A</td>'),
        ("view=table&by=hour", '<td class="num">12.0</td><td>A</td>'),
        ("view=graph&by=month", "读数太少"),
        ("view=nonsense&by=nonsense", "水网图，可横向滚动"),
    ],
)
def test_address_chooses_how_and_how_far_back(owner: Client, readings: int, query: str, told: str) -> None:
    page = page_of(owner, stored(owner), query, want=told)

    assert told in page
    assert page.count('aria-current="true"') == 2


def test_last_hour_is_the_whole_one_where_loggers_tell_hours(owner: Client, readings: int) -> None:
    page = page_of(owner, stored(owner), "by=hour")

    assert "11-29 15:00 至 11-29 16:00" in page


def test_last_hour_is_the_last_60_minutes_where_readings_reach_now(owner: Client, year: Path) -> None:
    for minute in range(-90, 61):
        at_us = NEW_YEAR_2024 + minute * MINUTE_US
        tell(year, at_us, {name: 1000.0 + v + minute for name, v in YEARLY.items()})
    page = page_of(owner, stored(owner, steel(YEARLY)), "view=table&by=hour")

    assert "12-31 23:59 至 01-01 00:59" in page
    assert page.count('<td class="num">60.0</td>') == 3 + 2  # three streams; in and out of the unit


def test_sankey_tells_hourly_means_of_a_small_site(owner: Client, readings: int) -> None:
    page = page_of(owner, stored(owner), "view=sankey")

    rows = re.findall(r"<tr><td>([^<]*)</td><td>([^<]*)</td><td class=\"num\">([^<]*)</td></tr>", page)
    assert ("地表水", "净环", "12.0") in rows
    assert ("净环", "未查明去向", "4.0") in rows
    assert "m³/h" in page[page.index("<svg") :]


def test_figures_of_another_organisation_are_not_given(owner: Client, readings: int) -> None:
    pk = stored(owner)
    other = organisation("别家", OrganisationKind.PROVIDER, credit_code=PARTNER_CODE)
    stranger = client_of(member("stranger", other))

    assert [stranger.get(f"/sites/{pk}/{place}").status_code for place in ("now/", "flows.xlsx")] == [
        404,
        404,
    ]


def test_workbook_holds_the_same_figures_as_numbers(owner: Client, readings: int) -> None:
    answer = owner.get(f"/sites/{stored(owner)}/flows.xlsx?by=day")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    streams = {row[0]: row[5:7] for row in book["水流"].iter_rows(min_row=2, values_only=True)}

    assert streams["in"] == (12, "水表读数")
    assert streams["gone"] == (2, "按填报推算")
    *told, u = next(book["单元"].iter_rows(min_row=2, values_only=True))
    assert told == ["净环", 12, 8, 4]
    assert u == pytest.approx(0.4375, abs=5e-4)


def test_page_works_without_scripts(owner: Client, readings: int) -> None:
    page = owner.get(f"/sites/{stored(owner)}/?view=sankey&by=hour").content.decode()

    assert 'href="?view=table&amp;by=hour#graph"' in page
    assert 'href="?view=sankey&amp;by=year#graph"' in page
    assert "<svg" in page


@pytest.mark.parametrize(
    ("late", "told"), [(3, "点位 P3（A）读数晚到"), (4, "4 个点位读数晚到：P1、P2、P3 等")]
)
def test_many_late_points_are_one_line(
    owner: Client, readings: int, tmp_path: Path, late: int, told: str
) -> None:
    raw = copy.deepcopy(RAW)
    channels = [f"2011/w0000{number}-Rtd" for number in range(1, late + 1)]
    raw["points"] += [
        {"id": f"P{number}", "channel": f"hj212:{MN}/{channel}", "at": "A", "kind": "rate", "interval_min": 1}
        for number, channel in enumerate(channels, 1)
    ]
    writer = SpoolWriter(tmp_path)
    samples = [Sample(channel, readings, 1.0) for channel in channels]
    writer.commit([Arrival("hj212", MN, readings, b"##raw", samples, "late")], readings)
    writer.close()
    page = page_of(owner, stored(owner, raw))

    assert told in page
    assert page.count("读数晚到") == (late if late == 3 else 1)


def test_residual_by_hour_and_why_it_has_no_band(owner: Client, readings: int) -> None:
    page = page_of(owner, stored(owner))

    assert "2 块水表没有填准确度等级（A、B），不画误差带" in page
    assert "进出厂的 3 条水流里 1 条没有水表，按填报推算" in page
    assert page.count('<td class="num">4.00</td>') == 23  # one hour of B is missing


def test_residual_has_a_band_where_meters_tell_their_accuracy(owner: Client, readings: int) -> None:
    raw = copy.deepcopy(RAW)
    raw["meters"] = [{"id": "A", "accuracy_class": 2}, {"id": "B", "standard_uncertainty_percent": 1}]
    page = page_of(owner, stored(owner, raw))

    # 2 · sqrt((12 · 2 %/√3)² + (6 · 1 %)²) = 0.302, shown with three figures or all before the point
    assert page.count('<td class="num">0.30</td>') == 23
    assert 'class="band"' in page
