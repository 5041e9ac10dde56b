"""What every page of a site knows: the site, which tab it is, and the last full year."""

from __future__ import annotations

from typing import Any

from xunshui.site import Site
from xunshui.web.console.models import LiveSite


def frame(row: LiveSite, site: Site, tab: str, *, own: bool = True) -> dict[str, Any]:
    """Return the context that the frame of the pages needs; to others than its `own` people a site shows less."""
    year = max((period.id for period in site.periods if period.full_year), default="")
    return {"row": row, "site": site, "tab": tab, "year": year, "own": own}
