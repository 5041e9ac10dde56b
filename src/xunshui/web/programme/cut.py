"""The line at K: who stands above it, who shares its place, and whom the meeting has to talk about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from xunshui.web.programme.decide import Standing


class Side(StrEnum):
    """Where a case stands to the line."""

    ABOVE = "above"
    TIED = "tied"
    BELOW = "below"
    UNSCORED = "unscored"


SIDE_TITLES = {
    Side.ABOVE: "线上",
    Side.TIED: "线上并列",
    Side.BELOW: "线下",
    Side.UNSCORED: "尚无评分",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CutRow:
    """A case beside the line; `split`: some of its experts put it above the line and some below."""

    standing: Standing
    side: Side
    discuss: bool
    split: bool
    first_below: bool = False

    @property
    def side_title(self) -> str:
        """Return the side in words."""
        return SIDE_TITLES[self.side]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The standings with a line drawn: `line` is the mean of the K-th case, None without one."""

    places: int
    band: Decimal
    line: Decimal | None
    rows: tuple[CutRow, ...]

    @property
    def tied(self) -> int:
        """Return how many cases share the place that the line runs through."""
        return sum(row.side is Side.TIED for row in self.rows)


def cut_at(standings: Sequence[Standing], places: int, *, band: Decimal) -> Cut:
    """Draw the line after `places` cases; a case within `band` points of it is to be discussed.

    Cases with equal means are never parted by the line: where it would run between them, all are tied.
    """
    means = [row.mean for row in standings if row.mean is not None]
    line = means[places - 1] if 0 < places <= len(means) else None
    rows = [_row(row, means, places, line, band) for row in standings]
    return Cut(places=places, band=band, line=line, rows=tuple(_marked(rows)))


def _row(row: Standing, means: list[Decimal], places: int, line: Decimal | None, band: Decimal) -> CutRow:
    near = line is not None and row.mean is not None and abs(row.mean - line) <= band
    split = line is not None and bool(row.totals) and min(row.totals) < line <= max(row.totals)
    return CutRow(standing=row, side=_side(row, means, places), discuss=near, split=split)


def _side(row: Standing, means: list[Decimal], places: int) -> Side:
    if row.mean is None or row.place is None:
        return Side.UNSCORED
    if row.place > places:
        return Side.BELOW
    last_of_equals = row.place + means.count(row.mean) - 1
    return Side.ABOVE if last_of_equals <= places else Side.TIED


def _marked(rows: list[CutRow]) -> list[CutRow]:
    """Mark the first case below the line: the page draws it there."""
    first = next((at for at, row in enumerate(rows) if at and row.side is Side.BELOW), None)
    if first is None:
        return rows
    row = rows[first]
    rows[first] = CutRow(
        standing=row.standing, side=row.side, discuss=row.discuss, split=row.split, first_below=True
    )
    return rows
