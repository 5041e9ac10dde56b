"""A site that closes, closes exactly, at every level; what is told is nowhere lost or doubled."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from tests.property.plants import few, plants
from tests.spec.given import Raw, site_of_given, stream

from xunshui.balance import SITE, Ledger, ledger
from xunshui.quantities import plain
from xunshui.site.kinds import OUTSIDE

TEN = Fraction(10)


def book(plant: Raw) -> Ledger:
    return ledger(site_of_given(plant), "2023", TEN)


def complete(plant: Raw) -> Raw:
    """Return the plant with every volume told."""
    rows = [{**row, "volume_m3": row["volume_m3"].get(2023, 0)} for row in plant["streams"]]
    return {**plant, "streams": rows}


def closed(plant: Raw) -> Raw:
    """Return the plant with one more stream for each unit that makes up its own difference."""
    whole = complete(plant)
    extra = []
    for unit in whole["units"]:
        gap = _gap(whole, unit["id"])
        name, volume = f"x{unit['id']}", plain(abs(gap))
        out = stream(name, unit["id"], OUTSIDE, "discharge", volume)
        extra.append(out if gap > 0 else stream(name, OUTSIDE, unit["id"], "surface", volume))
    return {**whole, "streams": whole["streams"] + extra}


def _gap(plant: Raw, unit: str) -> Fraction:
    """Return what flows into a unit itself less what flows out of it, its parts left aside."""
    rows = plant["streams"]
    into = sum((Fraction(row["volume_m3"]) for row in rows if row["to"] == unit), Fraction(0))
    return into - sum((Fraction(row["volume_m3"]) for row in rows if row["from"] == unit), Fraction(0))


@few
@given(plants())
def test_closed_site_closes_exactly_at_every_level(plant: Raw) -> None:
    rows = book(closed(plant)).rows

    assert [row.residual for row in rows] == [0] * len(rows)


@few
@given(plants())
def test_residual_of_the_site_is_the_sum_of_its_outermost_units(plant: Raw) -> None:
    whole = complete(plant)
    outermost = [row["id"] for row in whole["units"] if row.get("parent") is None]

    lines = book(whole)

    residuals = [lines.row(unit).residual or Fraction(0) for unit in outermost]
    assert lines.row(SITE).residual == sum(residuals, Fraction(0))


@few
@given(plants())
def test_missing_volume_is_told_up_to_the_site(plant: Raw) -> None:
    lines = book(plant)

    for row in lines.rows:
        assert (row.residual is None) == (row.missing != ())
        assert (row.closes is None) == (row.residual is None)
