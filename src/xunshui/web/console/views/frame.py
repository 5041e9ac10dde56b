"""What every page of a site knows: the site, which tab it is, and the last full year."""

from __future__ import annotations

from typing import Any

from xunshui.site import Site
from xunshui.web.console.models import LiveSite


def frame(row: LiveSite, site: Site, tab: str, *, own: bool = True) -> dict[str, Any]:
    """Return the context that the frame of the pages needs; to others than its `own` people a site shows less."""
    return {"row": row, "site": site, "tab": tab, "year": last_year(site), "own": own}


def last_year(site: Site) -> str:
    """Return the last full year that a site's file tells, empty where there is none."""
    return max((period.id for period in site.periods if period.full_year), default="")
