"""However a workbook is damaged or filled in, reading gives a site or `SiteFileInvalid`, never anything else.

More cases: XUNSHUI_FUZZ=20 pytest tests/property/test_workbook_fuzz.py runs twenty times as many.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from tests.unit.site.workbook.conftest import MILL

from xunshui.site import Site, SiteFileInvalid, site_from_json
from xunshui.site.workbook import write_workbook
from xunshui.site.workbook.filled import site_in
from xunshui.site.workbook.grid import ExcelError, Grid, Percentage, Uncomputed
from xunshui.site.workbook.read import sheets_of

TIMES = int(os.environ.get("XUNSHUI_FUZZ", "1"))

PARK = f"""{{"id": "park", "name": "园区", "kind": "park", "periods": [], "streams": [], "members": [{MILL}],
  "units": [{{"id": "mill", "name": "示例钢铁厂", "level": 1, "use": "member"}}]}}"""

ODD_CELLS: list[object] = [
    None, "", " ", "　", "0", "-1", "NaN", "inf", "1e400", "1,2345", "二百", "是", "env", "外部", "#", "=", "*",
    "2023", "2023-13-45", "99999999", "水量", "水量 2023", "水量 2023 (t)", "编号", "填写说明", "、", "S1、S1",
    "(", ")", "\n", "长" * 70, "\x00", 0, -5, 1.5, 1e308, float("inf"), 10**20, 10**400, True, False,
    dt.datetime(2023, 5, 1), dt.datetime(1, 1, 1, 12), dt.date(9999, 12, 31), dt.time(1), dt.timedelta(9),
    Uncomputed("A1/0"), Uncomputed('"水量 2023"&x'), Uncomputed(""), ExcelError("#DIV/0!"), ExcelError("?"),
    Percentage(Decimal("0.05")),
]  # fmt: skip


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file: Path = tmp_path_factory.mktemp("fuzz") / "站点.xlsx"
    write_workbook(site_from_json(PARK), file)
    return file.read_bytes()


@pytest.fixture(scope="module")
def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def grids(content: bytes) -> dict[str, Grid]:
    return sheets_of(content, "站点.xlsx")


def _outcome(content: bytes) -> Site | SiteFileInvalid:
    try:
        return site_in(sheets_of(content, "站点.xlsx"), "站点.xlsx")
    except SiteFileInvalid as told:
        return told


def _damaged(content: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 1, 3, 20])):
        at = chance.randrange(len(damaged))
        match chance.randrange(4):
            case 0:
                damaged[at] = chance.randrange(256)
            case 1:
                del damaged[at : at + chance.choice([1, 8, 400])]
            case 2:
                damaged[at:at] = damaged[:at][-chance.choice([1, 50, 3000]) :]
            case _:
                damaged[at] ^= 1 << chance.randrange(8)
    return bytes(damaged)


@pytest.mark.parametrize("seed", range(80 * TIMES))
def test_damaged_file_is_read_or_told(content: bytes, seed: int) -> None:
    told = _outcome(_damaged(content, random.Random(seed)))

    assert isinstance(told, Site) or told.mistakes


@pytest.mark.parametrize("seed", range(80 * TIMES))
def test_package_with_a_damaged_part_is_read_or_told(parts: Mapping[str, bytes], seed: int) -> None:
    chance = random.Random(seed)
    names = [name for name in parts if name.startswith("xl/") and "theme" not in name]
    name = chance.choice([*names, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for other, part in parts.items():
            package.writestr(other, _damaged(part, chance) if other == name else part)

    told = _outcome(packed.getvalue())

    assert isinstance(told, Site) or told.mistakes


@pytest.mark.parametrize("seed", range(200 * TIMES))
def test_odd_cells_are_understood_or_told(grids: Mapping[str, Grid], seed: int) -> None:
    chance = random.Random(seed)
    changed = dict(grids)
    for _ in range(chance.choice([1, 2, 10, 60])):
        title = chance.choice(list(changed))
        changed[title] = _typed_into(changed[title], chance)
    if chance.random() < 0.1:
        del changed[chance.choice(list(changed))]

    try:
        assert site_in(changed, "站点.xlsx").id
    except SiteFileInvalid as told:
        assert all(mistake.place.startswith("“") and mistake.problem for mistake in told.mistakes)
        str(told).encode()


def _typed_into(grid: Grid, chance: random.Random) -> Grid:
    rows = [list(row) for row in grid.rows] or [[]]
    row = rows[chance.choice([0, chance.randrange(len(rows))])]
    column = chance.randrange(len(row) + 2)
    row += [None] * (column + 1 - len(row))
    row[column] = chance.choice(ODD_CELLS)
    return Grid(title=grid.title, rows=rows)
