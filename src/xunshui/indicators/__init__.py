"""Indicators: how well a site uses its water, each with its formula, its clause and what it was computed from.

One file holds one family. A value that cannot be computed is None and says why.

>>> from fractions import Fraction
>>> from xunshui.site import site_from_json
>>> site = site_from_json('''{"id": "m", "name": "m", "kind": "enterprise",
...   "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
...   "units": [{"id": "U", "name": "U"}],
...   "streams": [{"id": "a", "from": "env", "to": "U", "kind": "surface", "volume_m3": {"2023": 24}},
...               {"id": "b", "from": "U", "to": "U", "kind": "circulating_indirect", "volume_m3": {"2023": 976}}]}''')
>>> ground = ledgered(site, site.periods[0], {"condensate_density": Fraction(1)})
>>> values(ground)["reuse_rate"].value
Fraction(488, 5)
"""

from xunshui.indicators.catalogue import BY_KEY, INDICATORS, values
from xunshui.indicators.indicator import Indicator, Ledgered, Term, Value, ledgered

__all__ = ["BY_KEY", "INDICATORS", "Indicator", "Ledgered", "Term", "Value", "ledgered", "values"]
