"""The Chinese workbook: a site as an engineer fills it in with Excel or WPS.

One sheet a table, one row an element, one column a period for amounts; titles, units, notes and
drop-downs come from the model's own attributes. Reading is tolerant where a person would expect it
(labels or codes, moved columns, dates as text) and strict where numbers matter; every mistake is
told with its cell, all at once.

>>> import tempfile
>>> from xunshui.site import site_from_json
>>> site = site_from_json('''{"id": "mill", "name": "示例钢铁厂", "kind": "enterprise",
...   "periods": [], "units": [{"id": "CT1", "name": "净环"}], "streams": []}''')
>>> with tempfile.TemporaryDirectory() as folder:
...     write_workbook(site, Path(folder) / "站点.xlsx")
...     read_workbook(Path(folder) / "站点.xlsx") == site
True
"""

from __future__ import annotations

from pathlib import Path

from xunshui.site.model import Site
from xunshui.site.workbook.layout import VOLUME_UNITS
from xunshui.site.workbook.read import read_workbook


def write_workbook(site: Site, path: Path, *, volume_unit: str = VOLUME_UNITS[0]) -> None:
    """Write the site to `path` as a workbook that reads back to an equal site, volumes in m³ or 万m³."""
    from xunshui.site.workbook.write import (
        write_workbook as write,  # slow import, which reading can do without
    )

    write(site, path, volume_unit=volume_unit)


__all__ = ["read_workbook", "write_workbook"]
