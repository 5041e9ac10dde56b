"""The examples give the figures they are there for, added up here by hand from their streams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from xunshui.site import Site, read_site, site_as_json

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = (
    "cisa_2021",
    "data_centre_invented",
    "dyeing_works",
    "dyeing_works_with_quota",
    "park_invented",
    "petrochemical_fail",
    "steel_boundary",
    "steel_pass",
)
LEFT_OPEN = {("steel_pass", "2023"): {"CT1": Fraction(359160)}}
CONVENTIONAL = ("surface", "ground", "public_supply")
RECLAIMED = ("municipal_reclaimed", "other_reclaimed")
CIRCULATING = ("circulating_direct", "circulating_indirect", "circulating_process")
REUSED = (*CIRCULATING, "series", "reuse", "condensate")


def example(name: str) -> Site:
    """Return one of the example sites."""
    return read_site(EXAMPLES / f"{name}.json")


def volume(
    site: Site, period: str, kinds: tuple[str, ...], *, production: bool = False, into: str = ""
) -> Fraction:
    """Return the sum of the streams of these kinds, for production or into one use only where asked."""
    uses = {unit.id: unit.use for unit in site.units}
    return sum(
        (
            Fraction(stream.volume_m3[period])
            for stream in site.streams
            if stream.kind in kinds
            and (stream.production or not production)
            and (not into or uses.get(stream.target) == into)
        ),
        Fraction(0),
    )


def reuse_rate(site: Site, period: str = "2023") -> Fraction:
    """Return V_r / (V_f + V_r) × 100."""
    again = volume(site, period, REUSED)
    new = volume(site, period, CONVENTIONAL + RECLAIMED, production=True)
    return 100 * again / (new + again)


def unit_withdrawal(site: Site, period: str = "2023") -> Fraction:
    """Return conventional water for production over the output of the only product."""
    (product,) = site.products
    return volume(site, period, CONVENTIONAL, production=True) / Fraction(product.output[period])


def unit_withdrawal_in_ten_thousands(site: Site) -> Fraction:
    """Return the withdrawal per tonne where the book keeps 万t."""
    return unit_withdrawal(site, "2021") / 10_000


def reclaimed_share(site: Site, period: str = "2023") -> Fraction:
    """Return reclaimed water as a share of all intake that the period tells."""
    told = [stream for stream in site.streams if period in stream.volume_m3 and stream.source == "env"]
    taken = sum((Fraction(stream.volume_m3[period]) for stream in told), Fraction(0))
    reclaimed = sum(
        (Fraction(stream.volume_m3[period]) for stream in told if stream.kind in RECLAIMED), Fraction(0)
    )
    return 100 * reclaimed / taken


def indirect_cooling(site: Site) -> Fraction:
    """Return V_cr / (V_cf + V_cr) × 100."""
    circulated = volume(site, "2023", ("circulating_indirect",))
    new = volume(site, "2023", ("distributed", *CONVENTIONAL, *RECLAIMED), into="indirect_cooling")
    return 100 * circulated / (circulated + new)


def condensate_recovery(site: Site) -> Fraction:
    """Return condensate over steam made, at 1 t/m³."""
    period = site.year(2023)
    assert period is not None and period.steam_produced_t is not None
    return 100 * volume(site, "2023", ("condensate",)) / Fraction(period.steam_produced_t)


def wue(site: Site) -> Fraction:
    """Return litres taken in per kWh of IT equipment."""
    period = site.year(2023)
    assert period is not None and period.it_energy_kwh is not None
    return 1000 * volume(site, "2023", CONVENTIONAL + RECLAIMED) / Fraction(period.it_energy_kwh)


def per_value_added(site: Site) -> Fraction:
    """Return all intake over value added."""
    period = site.year(2023)
    assert period is not None and period.value_added_wan_yuan is not None
    return volume(site, "2023", CONVENTIONAL + RECLAIMED) / Fraction(period.value_added_wan_yuan)


def park_reuse_rate(site: Site) -> Fraction:
    """Return what members use again and hand one another, over that and the park's own intake."""
    again = sum((volume(part, "2023", REUSED) for part in (site, *site.members)), Fraction(0))
    return 100 * again / (again + volume(site, "2023", CONVENTIONAL + RECLAIMED))


def printed(value: Fraction, places: int) -> str:
    """Return a value as a report prints it."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def open_units(site: Site, period: str) -> dict[str, Fraction]:
    """Return what came in less what went out, for every unit where the two differ."""
    residual: dict[str, Fraction] = defaultdict(Fraction)
    for stream in site.streams:
        residual[stream.target] += Fraction(stream.volume_m3[period])
        residual[stream.source] -= Fraction(stream.volume_m3[period])
    return {unit.id: residual[unit.id] for unit in site.units if residual[unit.id]}


def test_examples_are_the_files_of_the_folder() -> None:
    assert sorted(NAMES) == sorted(path.stem for path in EXAMPLES.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_example_is_written_as_the_site_writes_itself(name: str) -> None:
    text = (EXAMPLES / f"{name}.json").read_text(encoding="utf-8")

    assert text == site_as_json(example(name)) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_example_closes_except_where_its_assumptions_say_so(name: str) -> None:
    site = example(name)

    for period in (period.id for period in site.periods if period.full_year):
        opened = open_units(site, period)
        assert opened == LEFT_OPEN.get((name, period), {})
        for unit, residual in opened.items():
            assert any(unit in row.at and str(residual) in row.text for row in site.assumptions)
        assert [open_units(member, period) for member in site.members] == [{} for _ in site.members]


@pytest.mark.parametrize("name", NAMES)
def test_example_says_what_is_published_and_what_is_invented(name: str) -> None:
    text = "".join(row.text for row in example(name).assumptions)

    assert "虚构" in text or "公开数值" in text


@pytest.mark.parametrize(
    ("name", "figure", "places", "expected"),
    [
        pytest.param("steel_pass", reuse_rate, 1, "97.6", id="steel_pass_reuse_as_on_the_site_home"),
        pytest.param("steel_pass", unit_withdrawal, 2, "2.31", id="steel_pass_withdrawal"),
        pytest.param("steel_pass", reclaimed_share, 0, "18", id="steel_pass_reclaimed"),
        pytest.param("steel_boundary", reuse_rate, 2, "98.64", id="qiangang_reuse"),
        pytest.param("steel_boundary", unit_withdrawal, 2, "3.09", id="qiangang_withdrawal"),
        pytest.param("petrochemical_fail", reclaimed_share, 2, "19.15", id="yanshan_ratio_in_2023"),
        pytest.param("dyeing_works", reuse_rate, 2, "72.69", id="shenghong_reuse"),
        pytest.param("dyeing_works", unit_withdrawal, 2, "0.29", id="shenghong_withdrawal"),
        pytest.param("dyeing_works", indirect_cooling, 1, "97.3", id="shenghong_indirect_cooling"),
        pytest.param("dyeing_works", condensate_recovery, 1, "99.4", id="shenghong_condensate"),
        pytest.param("cisa_2021", lambda site: reuse_rate(site, "2021"), 2, "98.07", id="cisa_reuse"),
        pytest.param("cisa_2021", unit_withdrawal_in_ten_thousands, 2, "3.03", id="cisa_ledger_not_2_44"),
        pytest.param("park_invented", park_reuse_rate, 1, "94.6", id="park_reuse"),
    ],
)
def test_example_gives_the_printed_digits(
    name: str, figure: Callable[[Site], Fraction], places: int, expected: str
) -> None:
    assert printed(figure(example(name)), places) == expected


def test_boundary_values_are_exact() -> None:
    assert wue(example("data_centre_invented")) == Fraction("1.4")
    assert per_value_added(example("park_invented")) == Fraction("6.7")


def test_petrochemical_short_period_holds_the_published_volumes_and_nothing_else() -> None:
    site = example("petrochemical_fail")

    told = {
        stream.kind: stream.volume_m3["2006M1-5"] for stream in site.streams if "2006M1-5" in stream.volume_m3
    }
    assert told == {"surface": 12_750_000, "municipal_reclaimed": 3_020_000}
    assert reclaimed_share(site, "2006M1-5") == Fraction(30200, 1577)
    assert [reclaimed_share(site, year) for year in ("2021", "2022", "2023")] == [Fraction(30200, 1577)] * 3
    assert reuse_rate(site) < 94


def test_cisa_ledger_is_the_published_one() -> None:
    site = example("cisa_2021")

    fresh, reused = volume(site, "2021", CONVENTIONAL), volume(site, "2021", REUSED)
    ten_thousands = [figure / 10_000 for figure in (fresh, reused, fresh + reused)]
    assert ten_thousands == [172_772, 8_756_175, 8_928_947]


def test_dyeing_works_reuses_what_the_published_case_says() -> None:
    site = example("dyeing_works")

    reused = volume(site, "2023", ("reuse",))
    assert reused / 365 > 40_000
    assert reused / (reused + volume(site, "2023", ("discharge",))) > Fraction("0.7")


def test_dyeing_works_with_quota_differs_in_its_quotas_only() -> None:
    without, with_quota = example("dyeing_works"), example("dyeing_works_with_quota")

    assert (without.units, without.streams, without.periods) == (
        with_quota.units,
        with_quota.streams,
        with_quota.periods,
    )
    assert without.quotas == ()
    assert [str(row.authority) for row in with_quota.quotas] == ["national", "local"]
    assert all(row.example for row in with_quota.quotas)


@pytest.mark.parametrize("year", ["2021", "2022", "2023"])
def test_park_member_takes_in_what_the_park_hands_it(year: str) -> None:
    park = example("park_invented")

    for member in park.members:
        handed = sum(
            Fraction(stream.volume_m3[year])
            for stream in park.streams
            if stream.target == member.id and stream.source != member.id
        )
        taken = sum(Fraction(stream.volume_m3[year]) for stream in member.streams if stream.source == "env")
        assert taken == handed
