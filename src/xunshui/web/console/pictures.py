"""Pictures of sites, worked out once for all who look at the same site and span."""

from __future__ import annotations

from pathlib import Path

from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import HOUR_US, MINUTE_US
from xunshui.web.console import sensing
from xunshui.web.console.kept import Kept
from xunshui.web.console.models import LiveSite
from xunshui.web.console.now import Picture, picture
from xunshui.web.console.spans import Span
from xunshui.web.console.store import Stamp, site_of_row, stamp_of

PATIENCE_S = 0.15
"""How long a page waits for a long span that is not there yet; the next poll shows it."""

_pictures: Kept[tuple[Stamp, str, Path], Picture] = Kept(most=128)


def picture_of(row: LiveSite, reader: Reader, span: Span) -> Picture | None:
    """Return the picture of a span as of this minute; of a long one as of this hour, or None while it is being read."""
    if not span.slow:
        return picture_now(row, reader, span)
    site, folder, now_us = site_of_row(row), sensing.folder(), sensing.now_us()

    def slowly() -> Picture:
        own = Reader(folder)
        try:
            return picture(site, own, now_us, span)
        finally:
            own.close()

    return _pictures.soon((stamp_of(row), span.key, folder), now_us // HOUR_US, slowly, PATIENCE_S)


def picture_now(row: LiveSite, reader: Reader, span: Span) -> Picture:
    """Return the picture of a short span as of this minute."""
    site, now_us = site_of_row(row), sensing.now_us()
    key = (stamp_of(row), span.key, sensing.folder())
    return _pictures.now(key, now_us // MINUTE_US, lambda: picture(site, reader, now_us, span))
