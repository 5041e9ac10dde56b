"""A site: what a plant, a park or a data centre is, as a water graph with its periods and claims.

Units are joined by streams, streams are carried by meters; volumes are told for each period. The
same model is written as JSON or as a Chinese workbook, and reading either reports every mistake at
once, each with its place and what would be accepted.

>>> site = site_from_json('''{
...   "id": "mill", "name": "示例钢铁厂", "kind": "enterprise", "industry": "3120",
...   "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
...   "units": [{"id": "CT1", "name": "净环", "use": "indirect_cooling"}],
...   "streams": [{"id": "S1", "from": "env", "to": "CT1", "kind": "surface", "volume_m3": {"2023": 1000.5}}]
... }''')
>>> site.streams[0].volume_m3["2023"]
Decimal('1000.5')
"""

from xunshui.site.assemble import site_of
from xunshui.site.mistakes import Mistake, SiteFileInvalid
from xunshui.site.model import Site
from xunshui.site.read import read_site, site_from_json
from xunshui.site.write import site_as_data, site_as_json, site_schema, write_site

__all__ = [
    "Mistake",
    "Site",
    "SiteFileInvalid",
    "read_site",
    "site_as_data",
    "site_as_json",
    "site_from_json",
    "site_of",
    "site_schema",
    "write_site",
]
