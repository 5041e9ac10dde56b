"""The register's rows hang together: indicators, sources and levels that they name exist."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import xunshui
from xunshui.indicators import BY_KEY, INDICATORS
from xunshui.register import Grade, register
from xunshui.site.claims import QuotaLevel
from xunshui.site.model import IndustryClass

PACKAGE = Path(xunshui.__file__).parent


def _sources() -> Iterator[str]:
    rows = register()
    yield from (row.source for row in (*rows.notice.conditions, *rows.notice.gates))
    yield from (row.source for row in rows.readings)
    yield from (row.source for row in rows.settings)
    yield from (row.source for row in rows.quotas)
    yield from (indicator.source for indicator in INDICATORS)


def test_every_source_that_is_named_is_listed() -> None:
    assert set(_sources()) - register().sources.keys() == set()


def test_every_threshold_compares_an_indicator_in_its_own_unit() -> None:
    thresholds = [row for gate in register().notice.gates for row in gate.thresholds]

    assert [row.unit for row in thresholds] == [BY_KEY[row.indicator].unit for row in thresholds]


def test_no_row_of_the_notice_is_recalled() -> None:
    rows = (*register().notice.conditions, *register().notice.gates)

    assert {row.grade for row in rows} == {Grade.A}


def test_quota_levels_are_those_of_the_model() -> None:
    levels = {row.level_as_printed for row in register().quotas}
    levels |= {row.level_for_gate for row in register().quotas if row.level_for_gate}

    assert levels - set(QuotaLevel) == set()


def test_industries_map_to_classes_of_the_model() -> None:
    classes = {name for codes in register().industries.values() for name in codes.values()}

    assert classes - set(IndustryClass) == set()


def test_evidence_years_are_the_three_before_filing() -> None:
    assert register().notice.years == (2021, 2022, 2023)


@pytest.mark.parametrize(
    ("province", "rows"),
    [
        pytest.param("河北", 2, id="short_name"),
        pytest.param("河北省", 2, id="full_name"),
        pytest.param("河南省", 0, id="another_province"),
        pytest.param("", 0, id="no_province"),
    ],
)
def test_local_quotas_belong_to_their_province(province: str, rows: int) -> None:
    assert len(register().quota_rows("methanol.coal", "local", province)) == rows


def _version(package_root: Path) -> str:
    program = "from xunshui.register import register; print(register().version)"
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(package_root)},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def test_version_changes_with_any_row(tmp_path: Path) -> None:
    copied = tmp_path / "xunshui"
    shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("assets", "__pycache__"))
    rows = copied / "register" / "rows" / "settings.yaml"

    before = _version(tmp_path)
    rows.write_text(rows.read_text(encoding="utf-8").replace('"10"', '"11"'), encoding="utf-8")

    assert before == register().version
    assert _version(tmp_path) != before
