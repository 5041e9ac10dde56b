"""The line at K: it never parts equals, and says who is close to it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from xunshui.web.programme.cut import Side, cut_at
from xunshui.web.programme.decide import Standing
from xunshui.web.programme.models import Application


def _standings(*means: str, totals: tuple[tuple[str, ...], ...] = ()) -> list[Standing]:
    """Return standings of these means, which come best first, with the places that they share."""
    figures = [Decimal(mean) for mean in means]
    return [
        Standing(
            application=Application(number=f"2024-{at:04}"),
            mean=mean,
            totals=tuple(map(Decimal, totals[at])) if totals else (mean,),
            missing=0,
            place=1 + sum(other > mean for other in figures),
        )
        for at, mean in enumerate(figures)
    ]


def test_line_between_different_means_parts_them() -> None:
    cut = cut_at(_standings("90", "80", "70"), 2, band=Decimal(2))

    assert cut.line == 80
    assert [row.side for row in cut.rows] == [Side.ABOVE, Side.ABOVE, Side.BELOW]
    assert [row.first_below for row in cut.rows] == [False, False, True]


def test_line_through_equals_marks_all_of_them_tied() -> None:
    cut = cut_at(_standings("90", "80", "80", "80", "70"), 2, band=Decimal(0))

    assert [row.side for row in cut.rows] == [Side.ABOVE, Side.TIED, Side.TIED, Side.TIED, Side.BELOW]
    assert cut.tied == 3


def test_band_is_closed_at_both_ends() -> None:
    cut = cut_at(_standings("82", "80", "78", "77.999"), 2, band=Decimal(2))

    assert [row.discuss for row in cut.rows] == [True, True, True, False]


def test_experts_on_both_sides_of_the_line_are_told() -> None:
    totals = (("90", "90"), ("85", "75"), ("79", "69"))

    cut = cut_at(_standings("90", "80", "74", totals=totals), 2, band=Decimal(0))

    assert [row.split for row in cut.rows] == [False, True, False]


def test_no_line_without_places_or_with_more_places_than_scored_cases() -> None:
    rows = _standings("90", "80")
    unscored = Standing(application=Application(number="2024-0009"), mean=None, totals=(), missing=3)

    assert cut_at(rows, 0, band=Decimal(2)).line is None
    assert cut_at([*rows, unscored], 3, band=Decimal(2)).line is None
    assert cut_at([*rows, unscored], 2, band=Decimal(2)).rows[2].side is Side.UNSCORED


@given(st.lists(st.integers(0, 20), min_size=1, max_size=12), st.data())
def test_equal_means_are_always_on_one_side(means: list[int], data: st.DataObject) -> None:
    ordered = sorted(means, reverse=True)
    places = data.draw(st.integers(1, len(means)))

    cut = cut_at(_standings(*map(str, ordered)), places, band=Decimal(0))

    sides = {(row.standing.mean, row.side) for row in cut.rows}
    assert len(sides) == len(set(means))
    above = sum(row.side is Side.ABOVE for row in cut.rows)
    assert above <= places <= above + cut.tied
