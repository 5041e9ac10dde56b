"""The Chinese workbook: a site as an engineer fills it in with Excel or WPS.

One sheet a table, one row an element, one column a period for amounts; titles, units, notes and
drop-downs come from the model's own attributes. Reading is tolerant where a person would expect it
(labels or codes, moved columns, dates as text) and strict where numbers matter; every mistake is
told with its cell, all at once.

>>> import tempfile
>>> from pathlib import Path
>>> from xunshui.site import site_from_json
>>> site = site_from_json('''{"id": "mill", "name": "示例钢铁厂", "kind": "enterprise",
...   "periods": [], "units": [{"id": "CT1", "name": "净环"}], "streams": []}''')
>>> with tempfile.TemporaryDirectory() as folder:
...     write_workbook(site, Path(folder) / "站点.xlsx")
...     read_workbook(Path(folder) / "站点.xlsx") == site
True
"""

from xunshui.site.workbook.read import read_workbook
from xunshui.site.workbook.write import write_workbook

__all__ = ["read_workbook", "write_workbook"]
