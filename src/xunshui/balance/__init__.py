"""Where the water goes: the ledger of a period as it was told, and the network balanced as a whole.

The ledger books what was told, unit by unit, exactly; verdicts rest on it.

>>> from fractions import Fraction
>>> from xunshui.site import site_from_json
>>> site = site_from_json('''{"id": "m", "name": "m", "kind": "enterprise",
...   "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}],
...   "units": [{"id": "U", "name": "U"}],
...   "streams": [{"id": "a", "from": "env", "to": "U", "kind": "surface", "volume_m3": {"2023": 100}},
...               {"id": "b", "from": "U", "to": "env", "kind": "discharge", "volume_m3": {"2023": 97}}]}''')
>>> ledger(site, "2023", Fraction(10)).row("U").residual
Fraction(3, 1)

Reconciliation asks how sure that is, and who is wrong; it takes arrays and knows nothing of sites.

>>> import numpy as np
>>> from xunshui.balance import Network, balanced
>>> network = Network.of([("in", "env", "U"), ("out", "U", "env")])
>>> result = balanced(network, values=np.array([100.0, 97.0]), sd=np.array([1.0, 1.0]))
>>> [(flow.id, flow.value, round(flow.u, 2)) for flow in result.flows]
[('in', 98.5, 0.71), ('out', 98.5, 0.71)]
>>> round(result.test.p, 3)
0.034

What takes arrays is loaded when it is first named: the ledger alone needs neither numpy nor scipy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xunshui.balance.ledger import COLUMN_TITLES, COLUMNS, SITE, Ledger, Row, ledger, ledgers
from xunshui.balance.metering import Assumptions, Known, Metering, assumptions, class_percent
from xunshui.balance.volumes import NOTHING, Chosen, SiteStreams, Total, Volumes, chosen, once

if TYPE_CHECKING:
    from xunshui.balance.arrays import Booleans, Floats, Integers
    from xunshui.balance.bounds import NoFlowFits, forward_flows
    from xunshui.balance.elimination import Search, Suspect, search
    from xunshui.balance.gross_errors import Candidate, Candidates, GrossError, Kind
    from xunshui.balance.network import OUTSIDE, Network, NetworkMistake
    from xunshui.balance.of_site import SiteNetwork, site_network
    from xunshui.balance.reconciliation import Contradiction, Reconciliation
    from xunshui.balance.redundancy import Class, Help, classes, detectable_bias, helpful_meters
    from xunshui.balance.result import Balanced, Flow, GlobalTest, balanced
    from xunshui.balance.sequential import Standing, Watch, threshold

_HOMES = {
    "Balanced": "result",
    "Booleans": "arrays",
    "Candidate": "gross_errors",
    "Candidates": "gross_errors",
    "Class": "redundancy",
    "Contradiction": "reconciliation",
    "Floats": "arrays",
    "Flow": "result",
    "GlobalTest": "result",
    "GrossError": "gross_errors",
    "Help": "redundancy",
    "Integers": "arrays",
    "Kind": "gross_errors",
    "Network": "network",
    "NetworkMistake": "network",
    "NoFlowFits": "bounds",
    "OUTSIDE": "network",
    "Reconciliation": "reconciliation",
    "Search": "elimination",
    "SiteNetwork": "of_site",
    "Standing": "sequential",
    "Suspect": "elimination",
    "Watch": "sequential",
    "balanced": "result",
    "classes": "redundancy",
    "detectable_bias": "redundancy",
    "forward_flows": "bounds",
    "helpful_meters": "redundancy",
    "search": "elimination",
    "site_network": "of_site",
    "threshold": "sequential",
}
__all__ = [
    "COLUMNS",
    "COLUMN_TITLES",
    "NOTHING",
    "OUTSIDE",
    "SITE",
    "Assumptions",
    "Balanced",
    "Booleans",
    "Candidate",
    "Candidates",
    "Chosen",
    "Class",
    "Contradiction",
    "Floats",
    "Flow",
    "GlobalTest",
    "GrossError",
    "Help",
    "Integers",
    "Kind",
    "Known",
    "Ledger",
    "Metering",
    "Network",
    "NetworkMistake",
    "NoFlowFits",
    "Reconciliation",
    "Row",
    "Search",
    "SiteNetwork",
    "SiteStreams",
    "Standing",
    "Suspect",
    "Total",
    "Volumes",
    "Watch",
    "assumptions",
    "balanced",
    "chosen",
    "class_percent",
    "classes",
    "detectable_bias",
    "forward_flows",
    "helpful_meters",
    "ledger",
    "ledgers",
    "once",
    "search",
    "site_network",
    "threshold",
]


def __getattr__(name: str) -> Any:
    """Return a public name from the file it lives in (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'xunshui.balance' has no attribute {name!r}")
    return getattr(import_module(f"xunshui.balance.{_HOMES[name]}"), name)
