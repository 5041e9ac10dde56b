"""The part of the site home that changes: pieces that are written once for all who look, each as seldom as it may.

Figures and drawings are of a minute, what needs a look is of a poll. A piece that waits for something that is still
being read is written again for the next who asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.template.loader import render_to_string

from xunshui.indicators import BY_KEY
from xunshui.telemetry.lake import Reader
from xunshui.telemetry.localtime import MINUTE_US, SECOND_US, local_datetime
from xunshui.telemetry.series import latest
from xunshui.web.console import sensing
from xunshui.web.console.day import day_of
from xunshui.web.console.flow_table import flow_rows, unit_rows
from xunshui.web.console.headline import headline, of_late
from xunshui.web.console.judged import judged_soon
from xunshui.web.console.kept import Kept
from xunshui.web.console.models import LiveSite
from xunshui.web.console.needs import needs_of
from xunshui.web.console.network import drawing
from xunshui.web.console.now import Picture, Told
from xunshui.web.console.pictures import picture_now, picture_of
from xunshui.web.console.sankey import sankey
from xunshui.web.console.spans import DAY, SPANS, Span, words_of
from xunshui.web.console.store import site_of_row, stamp_of

POLL_US = 10 * SECOND_US
MOST_NEEDS = 12
OF_LATE = ("reuse_rate", "reclaimed_share")
VIEWS = {"graph": "图", "sankey": "桑基", "table": "表"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of the water is shown: how it is drawn, and how far back it looks."""

    view: str
    span: Span

    @property
    def query(self) -> str:
        """Return the choice as the address keeps it."""
        return f"view={self.view}&by={self.span.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """The part that changes; `version` tells it from others."""

    text: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    text: str
    waits: bool


_pieces: Kept[tuple[Hashable, ...], _Piece] = Kept(most=512)


def fragment(row: LiveSite, year: str, choice: Choice) -> Fragment | None:
    """Return the part that changes as of this poll, or None where no gateway has run yet.

    `year` is the one that the verdict page is of, empty where the file has none.
    """
    reader = sensing.reader()
    if reader is None:
        return None
    minute, poll = sensing.now_us() // MINUTE_US, sensing.now_us() // POLL_US
    span = choice.span
    text = "".join(
        (
            _piece(row, ("answers", span.key), minute, "answers", lambda: _answers(row, year, reader, span)),
            _piece(row, ("needs",), poll, "needs", lambda: _needs(row, reader)),
            _piece(row, ("water", choice), minute, "water", lambda: _water(row, reader, choice)),
            _piece(row, ("day",), minute, "day", lambda: _day(row, reader)),
        )
    )
    return Fragment(text=text, version=hashlib.blake2b(text.encode(), digest_size=9).hexdigest())


def _piece(
    row: LiveSite, key: tuple[Hashable, ...], age: int, name: str, context: Callable[[], dict[str, Any]]
) -> str:
    def written() -> _Piece:
        told = {"row": row, **context()}
        text = render_to_string(f"console/home/{name}.html", told)
        return _Piece(text=text, waits=told.get("waits", False))

    whole = (row.pk, stamp_of(row), sensing.folder(), *key)
    found = _pieces.now(whole, age, written)
    if found.waits:
        _pieces.forget(whole)
    return found.text


def _answers(row: LiveSite, year: str, reader: Reader, span: Span) -> dict[str, Any]:
    """Return the line of answers: the gates as the verdict has them; what is known of late where there is none yet."""
    found = judged_soon(row, year) if year else None
    gates = found.assessment.verdict.gates if found is not None else ()
    recent = picture_of(row, reader, span) or picture_now(row, reader, DAY)
    told = recent.told.meters.values()
    return {
        "year": year,
        "judged": found,
        "waits": bool(year) and found is None or recent.span is not span,
        "headlines": [
            headline(gate, recent.values, found.certain.of(number) if found is not None else None)
            for number, gate in enumerate(gates)
        ],
        "of_late": [
            {"title": BY_KEY[key].title, "value": value}
            for key in OF_LATE
            if (value := of_late(key, recent.values))
        ],
        "recent": recent,
        "complete": f"{recent.complete * 100:.1f}",
        "whole_meters": sum(bool(np.isfinite(volumes).all()) for volumes in told),
        "at": local_datetime(sensing.now_us()),
    }


def _needs(row: LiveSite, reader: Reader) -> dict[str, Any]:
    """Return what needs a look."""
    told = latest(site_of_row(row), reader, sensing.now_us())
    needs = needs_of(row, picture_now(row, reader, DAY), told)
    return {"needs": needs[:MOST_NEEDS], "more_needs": max(0, len(needs) - MOST_NEEDS)}


def _water(row: LiveSite, reader: Reader, choice: Choice) -> dict[str, Any]:
    """Return the water of the span, drawn as it was chosen; nothing while it is being read."""
    shown = picture_of(row, reader, choice.span)
    context: dict[str, Any] = {"choice": choice, "views": VIEWS, "spans": SPANS, "shown": shown}
    if shown is None:
        return context | {"waits": True}
    told = [flow.told for flow in shown.flows]
    return {
        **context,
        **_drawn(shown, choice),
        "when": words_of(shown.told),
        "counts": {str(each): told.count(each) for each in Told},
        "units": list(unit_rows(shown)),
    }


def _drawn(shown: Picture, choice: Choice) -> dict[str, Any]:
    if choice.view == "graph":
        return {"drawing": drawing(shown)}
    if choice.view == "sankey":
        return {"sankey": sankey(shown)}
    return {"flows": list(flow_rows(shown))}


def _day(row: LiveSite, reader: Reader) -> dict[str, Any]:
    """Return the last 24 hours."""
    return {"day": day_of(site_of_row(row), picture_now(row, reader, DAY))}
