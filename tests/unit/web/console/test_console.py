"""The console's pages over a real spool: what they show, what they leave out, and who gets them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from tests.unit.web.programme.ministry_build import (
    PARTNER_CODE,
    applicant,
    client_of,
    code,
    member,
    organisation,
)

from xunshui.evidence import Level, verify
from xunshui.site import site_of
from xunshui.telemetry.localtime import HOUR_US
from xunshui.telemetry.sample import Arrival, Quality, Sample
from xunshui.telemetry.spool import SpoolWriter
from xunshui.web.accounts.models import OrganisationKind
from xunshui.web.console import sensing
from xunshui.web.console.models import LiveSite
from xunshui.web.console.store import CHAIN
from xunshui.web.trail.models import Entry
from xunshui.web.trail.record import verify_chain

pytestmark = [pytest.mark.django_db, pytest.mark.records]
MN = "ABCDEF"
RAW: dict[str, Any] = {
    "id": "mill",
    "name": "示例厂",
    "kind": "enterprise",
    "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
    "units": [{"id": "U", "name": "净环", "use": "indirect_cooling"}],
    "meters": [{"id": "A"}, {"id": "B"}],
    "streams": [
        {
            "id": "in",
            "from": "env",
            "to": "U",
            "kind": "surface",
            "meters": ["A"],
            "volume_m3": {"2023": 87600},
        },
        {
            "id": "out",
            "from": "U",
            "to": "env",
            "kind": "discharge",
            "meters": ["B"],
            "volume_m3": {"2023": 1},
        },
        {"id": "gone", "from": "U", "to": "env", "kind": "evaporation", "volume_m3": {"2023": 17520}},
    ],
    "points": [
        {
            "id": "PA",
            "channel": f"hj212:{MN}/2061/w00000-Cou",
            "at": "A",
            "kind": "interval",
            "interval_min": 60,
        },
        {
            "id": "PB",
            "channel": f"hj212:{MN}/2061/w00001-Cou",
            "at": "B",
            "kind": "interval",
            "interval_min": 60,
        },
        {"id": "PC", "channel": "hj212:FFFF/2061/w00000-Cou", "at": "B", "kind": "rate"},
    ],
}


@pytest.fixture(autouse=True)
def plain_site(settings: Settings, tmp_path: Path) -> None:
    """No second factor, no collected static files, and a folder of readings that is not there."""
    settings.SECOND_FACTOR = False
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.SENSING = tmp_path / "nowhere"


@pytest.fixture
def owner() -> Client:
    return client_of(member("owner", applicant()))


def stored(client: Client, raw: dict[str, Any] = RAW) -> int:
    file = SimpleUploadedFile("site.json", json.dumps(raw).encode())
    assert client.post("/sites/", {"file": file}).status_code == 302
    return int(LiveSite.objects.get(key=raw["id"]).pk)


@pytest.fixture
def readings(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """30 whole hours: 12 m³ into the unit each hour, 6 m³ out; the present is twenty minutes past the last."""
    settings.SENSING = tmp_path
    last = 1_764_403_200_000_000  # 2025-11-29 16:00 in China
    writer = SpoolWriter(tmp_path)
    for back in range(30, 0, -1):
        at_us = last - back * HOUR_US
        quality = Quality.FAULT if back == 3 else Quality.VALID
        samples = [
            Sample("2061/w00000-Cou", at_us, 12.0),
            Sample("2061/w00001-Cou", at_us, 6.0, quality),
            Sample("2061/w09999-Cou", at_us, 1.0),
        ]
        writer.commit([Arrival("hj212", MN, at_us, b"##raw", samples)], at_us)
    writer.close()
    now_us = last + HOUR_US // 3
    monkeypatch.setattr(sensing, "now_us", lambda: now_us)
    yield last


def test_home_balances_metered_and_estimated_water(owner: Client, readings: int) -> None:
    # In 12, out 6 (23 of 24 hours told), evaporation 17 520 m³ / 8 760 h = 2 by estimate: 4 m³/h are missing.
    # Meters of no class err by 2.9 %, the estimate by 10 %: √(0.348² + 0.174² + 0.2²) = 0.44.
    page = owner.get(f"/sites/{stored(owner)}/").content.decode()

    assert "净环：进水比出水多 4.0 ± 0.4 m³/h，超过两倍误差" in page
    assert "▲ 差 +4.0 ± 0.4" in page
    assert '97.9 %</strong></p><p class="what">读数完好' in page  # 47 of 48 meter hours
    assert "2 条水流由水表读数，1 条没有水表、按填报推算" in page
    assert "采集网关没有运行" in page


def test_balance_says_what_is_missing(owner: Client, readings: int) -> None:
    page = owner.get(f"/sites/{stored(owner)}/balance/?by=hour").content.decode()

    # The hour of B, of what leaves and of the unit, both sums, and twice in the words above.
    assert page.count("缺测") == 3 + 2 + 2
    assert page.count('<td class="num over">▲ +4.00</td>') == 23


def test_home_without_a_gateway_says_what_to_do(owner: Client) -> None:
    assert "xunshui gateway --spool" in owner.get(f"/sites/{stored(owner)}/").content.decode()


def test_reading_leads_to_its_frame_and_keeps_its_history(
    owner: Client, readings: int, tmp_path: Path
) -> None:
    at_us = readings - HOUR_US
    writer = SpoolWriter(tmp_path)
    late = [Sample("2061/w00000-Cou", at_us, 13.5)]
    writer.commit([Arrival("hj212", MN, readings, good_frame(at_us), late)], readings)
    writer.close()
    page = owner.get(f"/sites/{stored(owner)}/points/PA/{at_us}/").content.decode()

    assert "13.5 m³" in page
    assert "收到过 2 次，以最后收到的为准" in page
    assert "w00000-Cou=13.5" in page
    assert page.index("13.5") < page.index("<dd>12.0</dd>")


def good_frame(at_us: int) -> bytes:
    from xunshui.telemetry.hj212 import framed
    from xunshui.telemetry.localtime import digits_of_instant

    return framed(
        f"QN=20251129160000000;ST=32;CN=2061;PW=1;MN={MN};Flag=5;CP=&&DataTime={digits_of_instant(at_us)};"
        "w00000-Cou=13.5,w00000-Flag=N&&".encode()
    )


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("points/", "? 没有读数"),
        ("points/PB/?span=24h", "▲ 仪器故障"),
        ("points/PC/", "从没有送来过读数"),
        ("devices/", f"hj212:{MN}/2061/w09999-Cou"),
        ("verdict/2023/", "无法判定"),
    ],
)
def test_pages_tell(owner: Client, readings: int, place: str, told: str) -> None:
    response = owner.get(f"/sites/{stored(owner)}/{place}")

    assert (response.status_code, told in response.content.decode()) == (200, True)


def test_evidence_of_the_year_replays(owner: Client, readings: int) -> None:
    response = owner.get(f"/sites/{stored(owner)}/verdict/2023/evidence.zip")
    report = verify(response.content)

    assert report.level is Level.REPLAYED
    assert 'filename="mill-2023.zip"' in response["Content-Disposition"]


@pytest.mark.parametrize(
    "place", ["points/XX/", "points/PA/5/", "points/PC/5/", "verdict/1999/", "verdict/1999/evidence.zip"]
)
def test_what_is_not_there_is_not_found(owner: Client, readings: int, place: str) -> None:
    assert owner.get(f"/sites/{stored(owner)}/{place}").status_code == 404


def test_another_plant_sees_nothing(owner: Client, readings: int) -> None:
    pk = stored(owner)
    other = organisation("别家", OrganisationKind.PROVIDER, credit_code=PARTNER_CODE)
    stranger = client_of(member("stranger", other))

    assert [stranger.get(f"/sites/{pk}/{place}").status_code for place in ("", "points/", "file.json")] == [
        404
    ] * 3
    assert "示例厂" not in stranger.get("/sites/").content.decode()


def test_file_with_mistakes_is_not_stored_and_all_are_told(owner: Client) -> None:
    wrong = RAW | {"points": [{"id": "P", "channel": "a", "at": "nope", "kind": "interval"}]}
    file = SimpleUploadedFile("site.json", json.dumps(wrong).encode())
    response = owner.post("/sites/", {"file": file})
    page = response.content.decode()

    assert (response.status_code, LiveSite.objects.count()) == (409, 0)
    assert "水表“nope”不存在" in page
    assert "时段水量没有间隔" in page


def test_second_file_takes_the_place_of_the_first_and_the_trail_keeps_both(owner: Client) -> None:
    stored(owner)
    pk = stored(owner, RAW | {"name": "新名"})
    entries = Entry.objects.filter(chain=CHAIN).order_by("seq")

    assert [row.name for row in LiveSite.objects.all()] == ["新名"]
    assert entries[1].body["detail"]["before"] == entries[0].body["detail"]["digest"]
    assert verify_chain(CHAIN) is None
    assert site_of(json.loads(owner.get(f"/sites/{pk}/file.json").content)).name == "新名"


def test_many_readings_are_drawn_by_bucket_and_their_peak_is_seen(
    owner: Client, readings: int, tmp_path: Path
) -> None:
    raw = copy.deepcopy(RAW)
    raw["points"][2]["channel"] = f"hj212:{MN}/2011/w00000-Rtd"
    writer = SpoolWriter(tmp_path)
    minutes = [readings - HOUR_US - number * 30_000_000 for number in range(2_000)]
    samples = [Sample("2011/w00000-Rtd", at, 900.0 if at == minutes[777] else 10.0) for at in minutes]
    writer.commit([Arrival("hj212", MN, readings, b"##raw", samples)], readings)
    writer.close()
    page = owner.get(f"/sites/{stored(owner, raw)}/points/PC/?span=24h").content.decode()

    assert "<title>最高</title>" in page
    assert "1\u202f000</text>" in page  # the axis reaches beyond the one peak
    assert "2000 个，最近的在前" in page


def test_devices_page_tells_of_a_clock_that_is_off_and_of_what_was_asked(
    owner: Client, readings: int, tmp_path: Path
) -> None:
    session = {
        "protocol": "hj212", "device": MN, "connected": True, "frames": 3, "refused": 1, "quirks": ["没有 QN"], "skew_s": -75.0,
        "last_reason": "校验码应为 1C80", "last_bad": "##0101…",
        "requests": [{"what": "设置时钟", "words": "已执行"}],
    }  # fmt: skip
    told = {"written_at": sensing.now_us() / 1e6, "sessions": [session], "frames": 3, "connections": 1}
    (tmp_path / "gateway.json").write_text(json.dumps(told), encoding="utf-8")
    page = owner.get(f"/sites/{stored(owner)}/devices/").content.decode()

    for words in (
        "● 在线",
        "时钟慢 75 秒",
        "没有 QN",
        "最近的请求：设置时钟，已执行",
        "最近退回：校验码应为 1C80",
    ):
        assert words in page


def test_devices_page_tells_of_stations_in_their_own_protocol(
    owner: Client, readings: int, tmp_path: Path
) -> None:
    session = {
        "device": "0012345678", "frames": 3, "refused": 0, "skew_s": None, "last_reason": "", "last_bad": "",
        "requests": [],
    }  # fmt: skip
    sessions = [
        session | {"protocol": "szy206", "connected": False, "quirks": ["报警状态：0110"]},
        session | {"protocol": "sl651", "connected": True, "quirks": ["要素 FF01：没有取出数值：0123"]},
    ]
    told = {"written_at": sensing.now_us() / 1e6, "sessions": sessions, "frames": 3, "connections": 1}
    (tmp_path / "gateway.json").write_text(json.dumps(told), encoding="utf-8")
    raw = copy.deepcopy(RAW)
    raw["points"][0]["channel"] = "sl651:0012345678/32/68"
    page = owner.get(f"/sites/{stored(owner, raw)}/devices/").content.decode()

    assert "● 在线" in page
    assert "要素 FF01：没有取出数值：0123" in page
    assert "报警状态" not in page


def test_device_of_another_organisation_cannot_be_named(owner: Client) -> None:
    stored(owner)
    rival = organisation("别家", OrganisationKind.ENTERPRISE, credit_code=code("91130200MA0TEAM39"))
    client = client_of(member("rival", rival))
    file = SimpleUploadedFile("site.json", json.dumps(RAW | {"id": "theirs"}).encode())
    response = client.post("/sites/", {"file": file})

    assert (response.status_code, LiveSite.objects.count()) == (409, 1)
    assert f"点位“PA”的设备 hj212:{MN} 已登记在别的单位名下" in response.content.decode()


def test_unit_that_holds_others_is_balanced_across_its_own_bounds(owner: Client, readings: int) -> None:
    # W holds U: what comes into U from outside comes into W. 12 in, 6 out by meters, 2 evaporate by estimate.
    raw = copy.deepcopy(RAW)
    raw["units"] = [{"id": "W", "name": "分厂"}, {**raw["units"][0], "level": 3, "parent": "W"}]
    page = owner.get(f"/sites/{stored(owner, raw)}/balance/?by=hour").content.decode()
    row = page[page.index('<th scope="row">分厂') :]

    assert '<td class="num">1 / 3</td>' in row
    assert row.startswith(
        '<th scope="row">分厂</th><td class="num">1 / 3</td><td class="num over">▲ +4.00</td>'
    )
