"""Sums of streams say what they are made of; what is missing makes a sum unknown, never smaller."""

from __future__ import annotations

from fractions import Fraction

from tests.spec.given import site_of_given, stream

from xunshui.balance import NOTHING, Total, Volumes
from xunshui.site.kinds import INTAKE, WaterKind

KNOWN = Total(known=Fraction(5), streams=("a",), missing=())
UNKNOWN = Total(known=Fraction(2), streams=("b", "c"), missing=("c",))


def test_total_of_kinds_adds_their_streams() -> None:
    site = site_of_given({"surface": 0.1, "ground": 0.2, "reuse": 9})

    total = Volumes(site, "2023").total(INTAKE)

    assert total == Total(known=Fraction(3, 10), streams=("surface", "ground"), missing=())


def test_total_with_a_missing_volume_is_unknown() -> None:
    site = site_of_given({"surface": 10, "ground": {2022: 5}})

    total = Volumes(site, "2023").total(INTAKE)

    assert (total.value, total.known, total.missing) == (None, Fraction(10), ("ground",))


def test_total_under_a_condition_takes_only_what_meets_it() -> None:
    domestic = stream("life", "env", "V", "public_supply", 4, production=False)
    volumes = Volumes(site_of_given({"surface": 10, "streams": [domestic]}), "2023")

    assert volumes.total(INTAKE, lambda row: row.production).value == 10
    assert volumes.total(INTAKE).value == 14


def test_total_of_no_stream_is_zero_not_missing() -> None:
    volumes = Volumes(site_of_given({"surface": 10}), "2023")

    assert volumes.total([WaterKind.LEAKAGE]) == NOTHING
    assert NOTHING.value == 0


def test_totals_add_and_subtract_with_what_is_missing() -> None:
    assert (KNOWN + KNOWN).value == 10
    assert (KNOWN + UNKNOWN).value is None
    assert (KNOWN - UNKNOWN).missing == ("c",)
    assert (UNKNOWN - KNOWN).known == -3


def test_volume_of_a_stream_may_be_zero_or_missing() -> None:
    site = site_of_given({"surface": 0, "ground": {2022: 1}})
    volumes = Volumes(site, "2023")

    assert [volumes.of(row) for row in site.streams] == [0, None]
