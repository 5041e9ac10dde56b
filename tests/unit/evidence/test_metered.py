"""Evidence from meters: packed with its readings, counted again offline; one changed reading is named."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from xunshui.evidence import Level, Report, metered_site, pack, verify
from xunshui.seal import digest
from xunshui.site import site_of
from xunshui.telemetry.localtime import DAY_US, day_of_date, start_of_day
from xunshui.telemetry.sample import Arrival, Sample
from xunshui.telemetry.spool import SpoolWriter
from xunshui.telemetry.told import HEADER

THEN = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)
START = start_of_day(day_of_date(dt.date(2023, 1, 1)))
RAW: dict[str, Any] = {
    "id": "mill",
    "name": "厂",
    "kind": "enterprise",
    "industry": "3120",
    "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
    "units": [{"id": "U", "name": "U", "use": "indirect_cooling"}],
    "meters": [{"id": "A"}, {"id": "B"}],
    "streams": [
        {"id": "in", "from": "env", "to": "U", "kind": "surface", "meters": ["A"], "volume_m3": {"2023": 1}},
        {
            "id": "round",
            "from": "U",
            "to": "U",
            "kind": "circulating_indirect",
            "meters": ["B"],
            "volume_m3": {"2023": 1},
        },
    ],
    "points": [
        {"id": f"P{name}", "channel": f"hj212:L/{name}", "at": name, "kind": "interval", "interval_min": 1440}
        for name in "AB"
    ],
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A year of days: 10 m³ a day in, 390 round; one day was told again as 11."""
    folder = tmp_path_factory.mktemp("spool")
    writer = SpoolWriter(folder)
    days = [START + day * DAY_US for day in range(365)]
    samples = [Sample(code, at, m3) for code, m3 in (("A", 10.0), ("B", 390.0)) for at in days]
    writer.commit([Arrival("hj212", "L", START, b"all", samples)], START)
    writer.commit([Arrival("hj212", "L", START, b"again", [Sample("A", days[7], 11.0)])], START)
    writer.close()
    account = metered_site(site_of(RAW), "2023", folder)
    return pack([account.site], created_at=THEN, accounts={"mill": account}).data


def contents(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def resealed(package: bytes, path: str, change: Callable[[str], str]) -> bytes:
    """Return the package with a file changed and the manifest made to fit: a forger with no key."""
    files = contents(package)
    files[path] = change(files[path].decode()).encode()
    manifest = json.loads(files["manifest.json"])
    for member in manifest["members"]:
        if member["path"] == path:
            member |= {"size": len(files[path]), "digest": digest(files[path])}
    from xunshui.seal import canonical_bytes

    files["manifest.json"] = canonical_bytes(manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def named(report: Report) -> tuple[list[str], list[str]]:
    [replay] = report.replays
    return [found.path for found in replay.differences], list(replay.changed)


def test_readings_give_the_packed_verdict_again(package: bytes) -> None:
    report = verify(package)
    account = json.loads(contents(package)["meters/mill.json"])
    assessed = json.loads(contents(package)["assessments/mill.json"])

    assert report.level is Level.REPLAYED
    assert account["meters"]["A"]["m3"] == "3651.000"  # 364 · 10 + 11
    assert account["streams"] == {"in": "3651.000", "round": "142350.000"}
    assert (account["corrected"], [row["batch"] for row in account["batches"]]) == (1, [1, 2])
    # All that goes round over that and what comes in: 142 350 of 146 001 m³.
    assert assessed["gates"][0]["value"] == pytest.approx(97.4993, abs=1e-4)


def test_both_values_of_a_corrected_day_are_there(package: bytes) -> None:
    lines = contents(package)["meters/mill.csv"].decode().splitlines()

    assert lines[0] == ",".join(HEADER)
    assert [line.split(",")[2] for line in lines if line.startswith("PA,2023-01-08T")] == ["10.0", "11.0"]


def test_one_changed_reading_is_named_by_meter_and_time(package: bytes) -> None:
    change = "PA,2023-05-01T00:00:00+08:00,10.0,"
    report = verify(
        resealed(package, "meters/mill.csv", lambda text: text.replace(change, change.replace("10.0", "9.0")))
    )
    paths, changed = named(report)

    assert changed == [
        f"第 {changed[0].split()[1]} 行，水表 A（点位 PA）2023-05-01T00:00:00+08:00 的读数与写入时的校验不符：被改过"
    ]
    assert paths == ["meters.A.m3", "streams.in", "streams[in].volume_m3.2023"]


def test_reading_left_out_is_found_by_the_volume(package: bytes) -> None:
    def without(text: str) -> str:
        return "\n".join(line for line in text.splitlines() if not line.startswith("PB,2023-06-0")) + "\n"

    paths, changed = named(verify(resealed(package, "meters/mill.csv", without)))

    assert changed == []
    assert "meters.B.m3" in paths
    assert "meters.B.covered" in paths


def test_volume_changed_in_the_account_is_found(package: bytes) -> None:
    paths, _ = named(
        verify(resealed(package, "meters/mill.json", lambda text: text.replace("3651.000", "3000.000")))
    )

    assert paths == ["meters.A.m3", "streams.in"]


def test_volume_changed_in_the_site_is_found(package: bytes) -> None:
    paths, _ = named(verify(resealed(package, "sites/mill.json", lambda text: text.replace("3651", "3000"))))

    assert "streams[in].volume_m3.2023" in paths


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": "xunshui-metered/1"}', '{"format": "other", "meters": {}}', "{"]
)
def test_account_that_cannot_be_read_is_no_replay(package: bytes, text: str) -> None:
    [replay] = verify(resealed(package, "meters/mill.json", lambda _: text)).replays

    assert (replay.state.value, "meters/mill.json 读不出" in replay.reason) == ("impossible", True)


def test_readings_without_their_header_are_named(package: bytes) -> None:
    _, changed = named(verify(resealed(package, "meters/mill.csv", lambda _: "nonsense\n")))

    assert changed == ["第 1 行，第一行应为 point,time,value,quality,batch,check"]


def test_application_takes_the_package(package: bytes) -> None:
    from xunshui.web.programme.file_type import EVIDENCE, content_type_of

    assert content_type_of(package, "mill.zip") is EVIDENCE
