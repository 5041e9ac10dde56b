"""What time it is: the one place below `web` where the clock is read. A demo may live in another month."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone


def now() -> dt.datetime:
    """Return the present instant, moved by the demo's offset where there is one."""
    offset: dt.timedelta = settings.CLOCK_OFFSET
    return timezone.now() + offset
