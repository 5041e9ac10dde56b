"""Any valid site comes back from the workbook as it was, in either unit of volume."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xunshui.quantities import UNITS
from xunshui.site.checks import mistakes_of
from xunshui.site.claims import (
    Assumption,
    Authority,
    Declaration,
    Declared,
    Document,
    Permit,
    Quota,
    QuotaLevel,
    QuotaState,
    Statement,
)
from xunshui.site.graph import Measure, Meter, Quality, Stream, Tank, Trust, Unit, Valve
from xunshui.site.kinds import KINDS, OUTSIDE, Route, SiteKind, UnitUse, WaterKind
from xunshui.site.model import IndustryClass, ParkLevel, Site
from xunshui.site.operation import ChemicalUse, EnergyUse, Period, Product
from xunshui.site.points import Point, PointKind
from xunshui.site.workbook import read_workbook, write_workbook
from xunshui.site.workbook.layout import VOLUME_UNITS

_UNHURRIED = settings(
    deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[Any]], Any]


# Ids as plants write them, and worse: blanks, list separators, quotes, markup, formulas, numbers.
ids = (
    st.text(alphabet="AB12年-_.#净（）%'\"<&= 、,", min_size=1, max_size=6)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
_characters = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp"))
texts = st.text(alphabet=_characters, max_size=20).map(str.strip)
words = texts.filter(bool)
numbers = st.one_of(
    st.decimals(-(10**12), 10**12, places=3),
    st.integers(-(10**25), 10**25).map(Decimal),
    st.decimals(Decimal("-1E-10"), Decimal("1E-10"), places=20),
)
amounts = numbers.map(abs)
days = st.dates(dt.date(1890, 1, 1), dt.date(2400, 1, 1))


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """Either nothing or a value."""
    return st.none() | strategy


def rows(strategy: st.SearchStrategy[T], most: int = 3) -> st.SearchStrategy[tuple[T, ...]]:
    """A table of a few rows."""
    return st.lists(strategy, max_size=most).map(tuple)


def rows_with_ids(strategy: st.SearchStrategy[T], key: str = "id", most: int = 3) -> st.SearchStrategy[Any]:
    """A table of a few rows whose ids differ."""
    return st.lists(strategy, max_size=most, unique_by=lambda row: getattr(row, key)).map(tuple)


@st.composite
def periods(draw: Draw) -> tuple[Period, ...]:
    """A few periods: whole years, each once, and stretches of days."""
    fewest = draw(st.sampled_from([1, 2, 0]))
    names = draw(st.lists(ids, min_size=fewest, max_size=3, unique_by=lambda name: name.removesuffix("年")))
    made = []
    for number, name in enumerate(names):
        start = dt.date(2001 + number, 1, 1)
        end = draw(st.sampled_from([dt.date(2001 + number, 12, 31), dt.date(2001 + number, 3, 31)]))
        one = st.builds(
            Period,
            id=st.just(name),
            start=st.just(start),
            end=st.just(end),
            value_added_wan_yuan=maybe(amounts),
            it_energy_kwh=maybe(amounts),
            plan_m3=maybe(amounts),
        )
        made.append(draw(one))
    return tuple(made)


def units(members: tuple[str, ...]) -> st.SearchStrategy[tuple[Unit, ...]]:
    """Units under units of a higher level; those of members stand among them."""
    one = st.builds(
        Unit,
        id=ids.filter(lambda name: name not in (OUTSIDE, "外部")),
        name=words,
        level=st.sampled_from([1, 2, 3]),
        use=st.sampled_from(UnitUse),
        tolerance_percent=maybe(amounts),
        x=maybe(numbers),
        note=texts,
    )
    own = rows_with_ids(one, most=4).map(lambda units: [unit for unit in units if unit.id not in members])
    of_members = [Unit(id=member, name=member, level=1, use=UnitUse.MEMBER) for member in members]
    return own.map(lambda units: _under_parents((*of_members, *units)))


def _under_parents(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    tops = [unit.id for unit in units if unit.level == 1]
    return tuple(
        replace(unit, parent=tops[0]) if unit.level > 1 and tops and index % 2 else unit
        for index, unit in enumerate(units)
    )


@st.composite
def streams(draw: Draw, unit_ids: list[str], meter_ids: list[str], by_period: Any) -> tuple[Stream, ...]:
    """Streams whose ends fit their kind."""
    made = []
    for name in draw(st.lists(ids, max_size=4, unique=True)) if unit_ids else []:
        kind = draw(st.sampled_from([kind for kind in WaterKind if kind is not WaterKind.CIRCULATING_RETURN]))
        route = KINDS[kind].route
        source, target = draw(st.sampled_from(unit_ids)), draw(st.sampled_from(unit_ids))
        if route is Route.WITHIN and source == target:
            kind = WaterKind.SERIES
        volume = draw(by_period(amounts))
        discharged = kind is WaterKind.DISCHARGE
        one = st.builds(
            Stream,
            id=st.just(name),
            name=texts,
            source=st.just(OUTSIDE if route is Route.INTO_SITE else source),
            target=st.just(OUTSIDE if route is Route.OUT_OF_SITE else target),
            kind=st.just(kind),
            meters=st.lists(st.sampled_from(meter_ids), max_size=3).map(tuple) if meter_ids else st.just(()),
            production=st.booleans(),
            volume_m3=st.just(volume),
            compliant_m3=st.just({key: value / 2 for key, value in volume.items()} if discharged else {}),
            length_m=maybe(amounts),
            note=texts,
        )
        made.append(draw(one))
    return tuple(made)


quota = st.builds(
    Quota,
    key=ids,
    authority=st.sampled_from(Authority),
    value_m3=amounts,
    per=st.sampled_from(sorted(UNITS)),
    level_as_printed=maybe(st.sampled_from(QuotaLevel)),
    level_for_gate=st.sampled_from(QuotaLevel),
    source=words,
    provided_on=maybe(days),
    example=st.booleans(),
)
no_quota = st.builds(
    Quota,
    key=ids,
    authority=st.sampled_from(Authority),
    state=st.just(QuotaState.NO_SUCH_STANDARD),
    source=words,
    provided_by=words,
    provided_on=days,
)


@st.composite
def sites(draw: Draw, kind: SiteKind | None = None, name: str | None = None) -> Site:
    """A valid site with all its tables; parks with members, which are sites of their own."""
    kind = kind or draw(st.sampled_from(SiteKind))
    members = _members(draw) if kind is SiteKind.PARK else ()
    its_periods = draw(periods())
    period_ids = [period.id for period in its_periods]

    def by_period(values: st.SearchStrategy[Decimal]) -> st.SearchStrategy[dict[str, Decimal]]:
        return st.dictionaries(st.sampled_from(period_ids), values, max_size=3) if period_ids else st.just({})

    meters = draw(
        rows_with_ids(
            st.builds(
                Meter,
                id=ids,
                name=texts,
                level=st.sampled_from([1, 2, 3]),
                accuracy_class=maybe(amounts),
                trust=st.sampled_from(Trust),
                calibrated_on=maybe(days),
                note=texts,
            )
        )
    )
    its_units = draw(units(tuple(member.id for member in members)))
    unit_ids = [unit.id for unit in its_units]
    its_streams = draw(streams(unit_ids, [meter.id for meter in meters], by_period))
    documents = draw(
        rows_with_ids(
            st.builds(
                Document,
                id=ids,
                code=st.sampled_from(["P01", "P20"]),
                title=words,
                issuer=texts,
                issued_on=maybe(days),
            )
        )
    )
    points = draw(rows_with_ids(_points([meter.id for meter in meters])) if meters else st.just(()))
    graph = _graph_tables(unit_ids, [stream.id for stream in its_streams], period_ids, by_period)
    claims = _claim_tables([document.id for document in documents])
    return Site(
        id=name or draw(ids),
        name=draw(words),
        kind=kind,
        industry=draw(st.sampled_from([None, "31", "0610"])),
        industry_class=draw(maybe(st.sampled_from(IndustryClass))),
        credit_code=draw(st.sampled_from([None, "91350100M000100Y43"])),
        province=draw(texts),
        address=draw(texts),
        park_level=draw(st.sampled_from(ParkLevel)) if kind is SiteKind.PARK else None,
        longitude=draw(maybe(numbers)),
        note=draw(texts),
        periods=its_periods,
        units=its_units,
        streams=its_streams,
        meters=meters,
        points=tuple(replace(point, channel=f"hj212:A/{row}") for row, point in enumerate(points)),
        documents=documents,
        members=members,
        **{table: draw(strategy) for table, strategy in (graph | claims).items()},
    )


def _points(meter_ids: list[str]) -> st.SearchStrategy[Point]:
    told = {
        "channel": st.just(""),
        "at": st.sampled_from(meter_ids),
        "factor": amounts.filter(bool),
        "note": texts,
    }
    totaliser = st.builds(
        Point, id=ids, kind=st.just(PointKind.TOTALISER), rolls_over_at=maybe(amounts.filter(bool)), **told
    )
    interval = st.builds(
        Point,
        id=ids,
        kind=st.just(PointKind.INTERVAL),
        interval_min=amounts.filter(bool),
        lowest=maybe(numbers),
        highest=maybe(numbers),
        **told,
    )
    return totaliser | interval


def _members(draw: Draw) -> tuple[Site, ...]:
    own = ids.filter(lambda name: name not in (OUTSIDE, "外部"))
    names = draw(st.lists(own, min_size=1, max_size=2, unique=True))
    kinds = [SiteKind.ENTERPRISE, SiteKind.DATA_CENTRE]
    return tuple(draw(sites(kind=kinds[number], name=name)) for number, name in enumerate(names))


def _graph_tables(
    unit_ids: list[str], stream_ids: list[str], period_ids: list[str], by_period: Any
) -> dict[str, st.SearchStrategy[Any]]:
    a_unit, a_period = st.sampled_from(unit_ids or [""]), st.sampled_from(period_ids or [""])
    a_stream = st.sampled_from(stream_ids or [""])
    tank = st.builds(
        Tank, id=ids, name=texts, unit=a_unit, capacity_m3=maybe(amounts), change_m3=by_period(numbers)
    )
    valve = st.builds(Valve, id=ids, stream=a_stream, remote=st.booleans(), note=texts)
    # Without a unit (pH, for one) is not the same as with the default unit.
    quality = {
        "parameter": ids,
        "value": numbers,
        "unit": st.sampled_from(["mg/L", "", "NTU"]),
        "source": texts,
    }
    measured = st.builds(Quality, at=a_stream, **quality)
    limit = st.builds(Quality, measure=st.just(Measure.LIMIT_OUT), at=a_unit, **quality)
    energy = st.builds(
        EnergyUse,
        unit=maybe(a_unit) if unit_ids else st.none(),
        carrier=words,
        amount=amounts,
        measure=words,
        period=a_period,
    )
    chemical = st.builds(
        ChemicalUse, name=words, amount_t=amounts, purity_percent=maybe(amounts), period=a_period
    )
    product = st.builds(
        Product,
        id=ids,
        name=words,
        unit=st.sampled_from(sorted(UNITS)),
        route=texts,
        quota_key=maybe(ids),
        main=st.booleans(),
        output=by_period(amounts),
        withdrawal_m3=by_period(amounts),
    )
    declared = st.builds(
        Declared, indicator=ids, subject=maybe(ids), period=a_period, value=numbers, source=texts
    )
    return {
        "tanks": rows_with_ids(tank) if unit_ids else st.just(()),
        "valves": rows_with_ids(valve) if stream_ids else st.just(()),
        "qualities": rows(measured if stream_ids else limit) if unit_ids else st.just(()),
        "energy": rows(energy) if period_ids else st.just(()),
        "chemicals": rows(chemical) if period_ids else st.just(()),
        "products": rows_with_ids(product),
        "declared": rows(declared) if period_ids else st.just(()),
    }


def _claim_tables(document_ids: list[str]) -> dict[str, st.SearchStrategy[Any]]:
    some_documents = (
        st.lists(st.sampled_from(document_ids), max_size=2).map(tuple) if document_ids else st.just(())
    )
    declaration = st.builds(
        Declaration,
        statement=st.sampled_from(Statement),
        holds=maybe(st.booleans()),
        documents=some_documents,
        checked_on=maybe(days),
        note=texts,
    )
    permit = st.builds(
        Permit,
        number=ids,
        authority=texts,
        licensed_m3_per_year=maybe(amounts),
        valid_from=maybe(days),
        document=maybe(st.sampled_from(document_ids)) if document_ids else st.none(),
    )
    return {
        "declarations": rows_with_ids(declaration, "statement"),
        "permits": rows(permit),
        "quotas": rows_with_ids(quota | no_quota, "key"),
        "assumptions": rows(st.builds(Assumption, at=words, text=words)),
    }


@settings(_UNHURRIED, max_examples=30)
@given(site=sites(), volume_unit=st.sampled_from(VOLUME_UNITS))
def test_site_comes_back_from_the_workbook_as_it_was(site: Site, volume_unit: str) -> None:
    assert mistakes_of(site) == []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "站点.xlsx"

        write_workbook(site, file, volume_unit=volume_unit)

        read = read_workbook(file)
        assert read == site
        # Equal numbers may still have been declared at different decimals.
        assert [str(row.value) for row in read.declared] == [str(row.value) for row in site.declared]
