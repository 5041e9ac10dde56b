"""循水 xunshui: industrial wastewater recycling from the meter to the national case.

    import xunshui as xs

    site = xs.read_site("plant.xlsx")
    assessment = xs.assess(site)
    assessment.verdict.eligible

Names are resolved when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xunshui.assess import Assessment, as_json, assess
    from xunshui.documents import write_report
    from xunshui.rules import Outcome
    from xunshui.site import Site, SiteFileInvalid, read_site, site_from_json, write_site

_HOMES = {
    "Assessment": "xunshui.assess",
    "Outcome": "xunshui.rules",
    "Site": "xunshui.site",
    "SiteFileInvalid": "xunshui.site",
    "as_json": "xunshui.assess",
    "assess": "xunshui.assess",
    "read_site": "xunshui.site",
    "site_from_json": "xunshui.site",
    "write_report": "xunshui.documents",
    "write_site": "xunshui.site",
}
__all__ = [
    "Assessment",
    "Outcome",
    "Site",
    "SiteFileInvalid",
    "as_json",
    "assess",
    "read_site",
    "site_from_json",
    "write_report",
    "write_site",
]


def __getattr__(name: str) -> Any:
    """Return a public name from the room it lives in (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'xunshui' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
