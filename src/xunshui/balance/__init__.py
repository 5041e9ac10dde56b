"""Where the water goes: the ledger of a period as it was told, unit by unit.

Reconciliation with uncertainty joins this room later; the ledger stays what verdicts rest on.

>>> from fractions import Fraction
>>> from xunshui.site import site_from_json
>>> site = site_from_json('''{"id": "m", "name": "m", "kind": "enterprise",
...   "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
...   "units": [{"id": "U", "name": "U"}],
...   "streams": [{"id": "a", "from": "env", "to": "U", "kind": "surface", "volume_m3": {"2023": 100}},
...               {"id": "b", "from": "U", "to": "env", "kind": "discharge", "volume_m3": {"2023": 97}}]}''')
>>> ledger(site, "2023", Fraction(10)).row("U").residual
Fraction(3, 1)
"""

from xunshui.balance.ledger import COLUMN_TITLES, COLUMNS, SITE, Ledger, Row, ledger, ledgers
from xunshui.balance.volumes import NOTHING, Chosen, SiteStreams, Total, Volumes, chosen, once

__all__ = [
    "COLUMNS",
    "COLUMN_TITLES",
    "NOTHING",
    "SITE",
    "Chosen",
    "Ledger",
    "Row",
    "SiteStreams",
    "Total",
    "Volumes",
    "chosen",
    "ledger",
    "ledgers",
    "once",
]
