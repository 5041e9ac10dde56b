"""A mill with something in every table, and a way to type into its workbook as a person would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from xunshui.site import Mistake, Site, SiteFileInvalid, site_from_json
from xunshui.site.workbook import read_workbook, write_workbook
from xunshui.site.workbook.filled import site_in
from xunshui.site.workbook.grid import Grid
from xunshui.site.workbook.read import sheets_of

MILL = """{
  "id": "mill", "name": "示例钢铁厂", "kind": "enterprise", "industry": "3120", "province": "示例省",
  "longitude": 117.25,
  "periods": [
    {"id": "2022", "start": "2022-01-01", "end": "2022-12-31", "plan_m3": 2000},
    {"id": "2023", "start": "2023-01-01", "end": "2023-12-31", "value_added_wan_yuan": 1234.5}
  ],
  "units": [
    {"id": "101", "name": "炼钢", "level": 1},
    {"id": "CT1", "name": "净环", "use": "indirect_cooling", "parent": "101", "tolerance_percent": 5},
    {"id": "WT", "name": "废水处理站", "use": "treatment"}
  ],
  "meters": [
    {"id": "FM 1", "accuracy_class": 2, "calibrated_on": "2023-01-15", "trust": "high"},
    {"id": "FM-2"}
  ],
  "streams": [
    {"id": "S1", "from": "env", "to": "CT1", "kind": "surface", "meters": ["FM 1", "FM-2"],
     "volume_m3": {"2022": 0, "2023": 1000.5}},
    {"id": "S2", "from": "CT1", "to": "WT", "kind": "collected", "volume_m3": {"2023": 300}},
    {"id": "S3", "from": "WT", "to": "env", "kind": "discharge", "production": false,
     "volume_m3": {"2023": 200}, "compliant_m3": {"2023": 150}}
  ],
  "products": [{"id": "P1", "name": "粗钢", "unit": "万t", "output": {"2023": 12}, "quota_key": "steel"}],
  "declarations": [{"statement": "no_accident", "holds": true, "documents": ["D1"]}],
  "permits": [{"number": "取水 001", "licensed_m3_per_year": 5000, "document": "D1"}],
  "documents": [{"id": "D1", "code": "P01", "title": "证明"}],
  "quotas": [{"key": "steel", "authority": "national", "value_m3": 3.1, "level_for_gate": "advanced",
              "source": "虚构", "example": true}],
  "declared": [{"indicator": "reuse_rate", "period": "2023", "value": 97.00}],
  "tanks": [{"id": "T1", "unit": "CT1", "capacity_m3": 500, "change_m3": {"2023": -5}}],
  "points": [{"id": "P101", "channel": "hj212:A1/2011/w00000-Rtd", "at": "FM 1", "kind": "rate", "factor": 3.6}],
  "valves": [{"id": "V1", "stream": "S1", "remote": true}],
  "qualities": [{"at": "S3", "parameter": "w01001", "value": 7.2, "unit": ""}],
  "energy": [{"carrier": "电", "amount": 10, "measure": "kWh", "period": "2023"}],
  "chemicals": [{"unit": "CT1", "name": "阻垢剂", "amount_t": 1.5, "period": "2023"}],
  "assumptions": [{"at": "水流 S1", "text": "虚构"}]
}"""


class Sheets:
    """The cells of a workbook as they were read, to type into without writing a file each time."""

    def __init__(self, grids: Mapping[str, Grid]) -> None:
        """Start from sheets that were read."""
        self.grids = dict(grids)

    def place(self, title: str, key: str, heading: str) -> tuple[int, int]:
        """Return the row and column, from 0, of the row that has `key` in its first column under a heading."""
        rows = self.grids[title].rows
        headings = [str(cell).split("\n")[0].removesuffix(" *") for cell in rows[0]]
        keys = [str((row[0] if row else None) or "").removesuffix(" *") for row in rows]
        return keys.index(key), headings.index(heading)

    def type(self, title: str, place: tuple[int, int], value: object) -> None:
        """Put a value into a cell."""
        rows = [list(row) for row in self.grids[title].rows]
        row, column = place
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = value
        self.grids[title] = Grid(title=title, rows=rows)

    def read(self) -> Site:
        """Return the site that the cells tell."""
        return site_in(self.grids, "站点.xlsx")

    def mistakes(self) -> tuple[Mistake, ...]:
        """Return the mistakes that reading tells."""
        with pytest.raises(SiteFileInvalid) as caught:
            self.read()
        return caught.value.mistakes


class Workbook:
    """A written workbook that can be typed into."""

    def __init__(self, path: Path) -> None:
        """Open the workbook at `path`."""
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def sheet(self, title: str) -> Worksheet:
        """Return a sheet."""
        found = self.book[title]
        assert isinstance(found, Worksheet)
        return found

    def place(self, title: str, key: str, heading: str) -> str:
        """Return the cell in the row that has `key` in its first column, under a heading."""
        sheet = self.sheet(title)
        headings = [str(cell.value).removeprefix('="').split("\n")[0].split('"')[0] for cell in sheet[1]]
        column = [name.removesuffix(" *") for name in headings].index(heading)
        row = next(
            row for row in range(1, 60) if str(sheet.cell(row, 1).value or "").removesuffix(" *") == key
        )
        return str(sheet.cell(row, column + 1).coordinate)

    def type(self, title: str, cell: str, value: Any, number_format: str | None = None) -> None:
        """Type a value into a cell."""
        target = self.sheet(title)[cell]
        target.value = value
        if number_format is not None:
            target.number_format = number_format

    def read(self) -> Site:
        """Save and read the workbook."""
        self.book.save(self.path)
        return read_workbook(self.path)

    def mistakes(self) -> tuple[Mistake, ...]:
        """Save the workbook and return the mistakes that reading it tells."""
        with pytest.raises(SiteFileInvalid) as caught:
            self.read()
        return caught.value.mistakes


@pytest.fixture(scope="session")
def mill() -> Site:
    """The mill."""
    return site_from_json(MILL)


@pytest.fixture
def workbook_of(tmp_path: Path) -> Callable[[Site], Workbook]:
    """Write a site as a workbook to type into."""

    def written(site: Site) -> Workbook:
        write_workbook(site, tmp_path / "站点.xlsx")
        return Workbook(tmp_path / "站点.xlsx")

    return written


@pytest.fixture
def workbook(mill: Site, workbook_of: Callable[[Site], Workbook]) -> Workbook:
    """The mill's workbook."""
    return workbook_of(mill)


@pytest.fixture(scope="session")
def _mills_grids(mill: Site, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Grid]:
    file = tmp_path_factory.mktemp("mill") / "站点.xlsx"
    write_workbook(mill, file)
    return sheets_of(file.read_bytes(), file.name)


@pytest.fixture
def sheets(_mills_grids: Mapping[str, Grid]) -> Sheets:
    """The cells of the mill's workbook."""
    return Sheets(_mills_grids)
