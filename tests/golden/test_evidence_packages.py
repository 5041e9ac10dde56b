"""Evidence packages of every release still verify: what was handed out once can be replayed for good."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from tests.golden.build_evidence import FOLDER, PUBLIC_KEY, build

from xunshui.evidence import Level, SignatureState, read_package, verify
from xunshui.evidence.archive import contents_of
from xunshui.seal import read_public_key

PACKAGES = sorted(FOLDER.glob("*.zip"))
LARGEST_BYTES = 200_000


@pytest.mark.parametrize("file", PACKAGES, ids=lambda file: file.stem)
def test_package_of_a_release_verifies(file: Path) -> None:
    report = verify(read_package(file), trusted_keys={"published": read_public_key(PUBLIC_KEY)})

    different = [
        (row.path, row.packed, row.recomputed) for replay in report.replays for row in replay.differences
    ]
    assert (report.faults, different) == ((), [])
    assert (report.level, report.signature.state) == (Level.REPLAYED, SignatureState.VALID)
    assert (report.signature.trusted_by, report.verifies) == ("published", True)


@pytest.mark.parametrize("file", PACKAGES, ids=lambda file: file.stem)
def test_package_of_a_release_is_small_and_named_after_the_program_that_made_it(file: Path) -> None:
    report = verify(read_package(file))

    assert report.versions is not None
    assert report.versions.packed_program == f"xunshui {file.stem}"
    assert file.stat().st_size < LARGEST_BYTES


def test_this_release_has_its_package() -> None:
    assert version("xunshui") in [file.stem for file in PACKAGES]


def test_building_twice_gives_the_same_bytes() -> None:
    assert build().data == build().data


def reuse_rate(site: dict[str, Any], year: str) -> float:
    """Return V_r / (V_f + V_r) × 100, added up from the packed streams themselves."""
    again = new = 0.0
    for stream in site["streams"]:
        if stream["kind"].startswith("circulating") or stream["kind"] in ("series", "reuse", "condensate"):
            again += stream["volume_m3"][year]
        elif stream["from"] == "env" and stream.get("production", True):
            new += stream["volume_m3"][year]
    return 100 * again / (new + again)


def test_packed_verdict_is_the_one_worked_out_by_hand() -> None:
    files = contents_of(read_package(PACKAGES[0])).files
    assessment = json.loads(files["assessments/steel-pass.json"])
    site = json.loads(files["sites/steel-pass.json"])

    gate = assessment["gates"][0]

    # By the packed reading every year has to pass, so the weakest decides.
    assert gate["value"] == pytest.approx(min(reuse_rate(site, year) for year in ("2021", "2022", "2023")))
    assert (gate["operator"], gate["threshold"], gate["outcome"]) == (">", 97.5, "not_met")
    assert assessment["rules"]["departures"] == ["deciding_year"]
