"""A workbook of 200 streams over three years to JSON, whole process, beside openpyxl that only reads the cells."""

from __future__ import annotations

import tempfile
from pathlib import Path

from openpyxl import load_workbook

from bench.report import XUNSHUI, Bench, median_call, median_run
from bench.sites import plant
from xunshui.site import write_site

STREAMS = 200
RUNS = 5
TARGET_S = 2.0


def main() -> None:
    """Run the bench."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plant.xlsx"
        write_site(plant(STREAMS, seed=1), file)
        cells = _read_cells(file)
        openpyxl = median_call(lambda: _read_cells(file), runs=RUNS)
        assessed = median_run(*XUNSHUI, "assess", file, "--json", runs=RUNS)
    bench.at_most(
        f"xunshui assess of a workbook, {STREAMS} streams × 3 years, whole process, median of {RUNS}",
        assessed.wall,
        TARGET_S,
        "s",
        beside=f"{assessed.processor:.2f} processor seconds; "
        f"peer openpyxl loading the file and reading its {cells:,} cells {openpyxl:.3f} s",
    )
    bench.end()


def _read_cells(file: Path) -> int:
    book = load_workbook(file)
    read = sum(1 for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for _ in row)
    book.close()
    return read


if __name__ == "__main__":
    main()
