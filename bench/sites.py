"""Plants of any size for benches and tests: the same seed gives the same plant, and every unit closes exactly.

river ──┐                 ┌─ tower: make-up + reused = evaporation + blow-down, loops on itself
city  ──┴─ waterworks ────┤
                          └─ process: supply = product + drained, loops on itself
                treatment (what towers and processes send) = reused + discharge
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random

from xunshui.site import Site
from xunshui.site.claims import Authority, Declaration, Document, Permit, Quota, QuotaLevel, Statement
from xunshui.site.graph import Meter, Stream, Unit
from xunshui.site.kinds import OUTSIDE, SiteKind, UnitUse, WaterKind
from xunshui.site.operation import Period, Product

LAST_YEAR = 2023
FEWEST_STREAMS = 12
UNITS_IN_A_WORKS = 6
Volumes = Mapping[str, Decimal]


def plant(streams: int, seed: int, years: int = 3) -> Site:
    """Return a steel plant with exactly that many streams over that many calendar years.

    >>> from fractions import Fraction
    >>> from xunshui.balance import ledger
    >>> site = plant(30, seed=1)
    >>> rows = [row for period in site.periods for row in ledger(site, period.id, Fraction(10)).rows]
    >>> len(site.streams), {row.residual for row in rows}
    (30, {Fraction(0, 1)})
    """
    if streams < FEWEST_STREAMS:
        raise ValueError(f"a plant needs at least {FEWEST_STREAMS} streams")
    draft = _Draft(Random(seed), [str(year) for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1)])
    draft.grow(streams)
    return Site(
        id=f"plant-{streams}-{seed}",
        name=f"示例钢铁厂{seed}",
        kind=SiteKind.ENTERPRISE,
        industry="3120",
        province="河北省",
        periods=tuple(_period(year) for year in draft.years),
        units=tuple(draft.units),
        streams=tuple(draft.streams),
        meters=tuple(draft.meters),
        products=(_product(draft.years, streams),),
        quotas=tuple(_quotas()),
        permits=(Permit(number="取水（冀）字〔2020〕第 1 号", document="D02"),),
        declarations=tuple(_declarations()),
        documents=tuple(_documents()),
    )


class _Draft:
    """A plant under construction: towers and processes are added until the streams are as many as asked for."""

    def __init__(self, random: Random, years: list[str]) -> None:
        self.random = random
        self.years = years
        self.units = [
            Unit(id="WW", name="净水站", level=2, use=UnitUse.SUPPLY),
            Unit(id="WT", name="综合废水处理站", level=2, use=UnitUse.TREATMENT),
        ]
        self.streams: list[Stream] = []
        self.meters: list[Meter] = []
        self._supplied = dict.fromkeys(years, Decimal(0))
        self._treated = dict.fromkeys(years, Decimal(0))

    def grow(self, streams: int) -> None:
        """Add towers (five streams) and processes (four) in turn; loops fill up, three streams close the site."""
        room = streams - 3
        while room >= 5:
            room -= self._tower() if len(self.units) % 2 == 0 else self._process()
        for _ in range(room):
            self._loop(self.units[-1].id, WaterKind.CIRCULATING_PROCESS)
        self._close()

    def _tower(self) -> int:
        tower = self._unit("CT", "循环冷却水系统", UnitUse.INDIRECT_COOLING)
        evaporated, drained = self._volumes(40_000, 90_000), self._volumes(8_000, 15_000)
        reused = self._volumes(1_000, 7_000)
        self._loop(tower, WaterKind.CIRCULATING_INDIRECT)
        self._supply(tower, {year: evaporated[year] + drained[year] - reused[year] for year in self.years})
        self._drain(tower, drained)
        self._stream("WT", tower, WaterKind.REUSE, reused, metered=True)
        self._add(self._treated, reused, -1)
        self._stream(tower, OUTSIDE, WaterKind.EVAPORATION, evaporated)
        return 5

    def _process(self) -> int:
        process = self._unit("PR", "生产工序", UnitUse.PROCESS)
        kept, drained = self._volumes(5_000, 30_000), self._volumes(10_000, 40_000)
        self._loop(process, WaterKind.CIRCULATING_PROCESS)
        self._supply(process, {year: kept[year] + drained[year] for year in self.years})
        self._drain(process, drained)
        self._stream(process, OUTSIDE, WaterKind.CONSUMPTION, kept)
        return 4

    def _close(self) -> None:
        city = {year: (volume / 4).quantize(Decimal("0.1")) for year, volume in self._supplied.items()}
        river = {year: self._supplied[year] - city[year] for year in self.years}
        self._stream(OUTSIDE, "WW", WaterKind.SURFACE, river, metered=True)
        self._stream(OUTSIDE, "WW", WaterKind.MUNICIPAL_RECLAIMED, city, metered=True)
        self._stream("WT", OUTSIDE, WaterKind.DISCHARGE, self._treated, metered=True)

    def _unit(self, prefix: str, name: str, use: UnitUse) -> str:
        number = len(self.units) - 1
        if number % UNITS_IN_A_WORKS == 1:
            works = f"W{number // UNITS_IN_A_WORKS + 1}"
            self.units.append(Unit(id=works, name=f"分厂 {works}", level=1))
            number += 1
        parent = next(unit.id for unit in reversed(self.units) if unit.level == 1)
        unit = Unit(id=f"{prefix}{number}", name=f"{name} {number}", level=2, parent=parent, use=use)
        self.units.append(unit)
        return unit.id

    def _volumes(self, least: int, most: int) -> dict[str, Decimal]:
        return {year: Decimal(self.random.randint(least * 10, most * 10)) / 10 for year in self.years}

    def _loop(self, unit: str, kind: WaterKind) -> None:
        self._stream(unit, unit, kind, self._volumes(3_000_000, 6_000_000))

    def _supply(self, unit: str, volumes: Volumes) -> None:
        self._stream("WW", unit, WaterKind.DISTRIBUTED, volumes, metered=True)
        self._add(self._supplied, volumes, 1)

    def _drain(self, unit: str, volumes: Volumes) -> None:
        self._stream(unit, "WT", WaterKind.COLLECTED, volumes)
        self._add(self._treated, volumes, 1)

    def _add(self, total: dict[str, Decimal], volumes: Volumes, sign: int) -> None:
        for year in self.years:
            total[year] += sign * volumes[year]

    def _stream(
        self, source: str, target: str, kind: WaterKind, volumes: Volumes, *, metered: bool = False
    ) -> None:
        number = len(self.streams) + 1
        meters: tuple[str, ...] = ()
        if metered:
            meters = (f"FM-{number:03}",)
            self.meters.append(
                Meter(
                    id=meters[0],
                    level=1 if OUTSIDE in (source, target) else 2,
                    accuracy_class=Decimal(2),
                    valid_to=dt.date(2026, 6, 30),
                )
            )
        self.streams.append(
            Stream(
                id=f"S{number:03}",
                name=f"{source} 至 {target}",
                source=source,
                target=target,
                kind=kind,
                meters=meters,
                volume_m3=dict(volumes),
            )
        )


def _period(year: str) -> Period:
    number = int(year)
    return Period(
        id=year,
        start=dt.date(number, 1, 1),
        end=dt.date(number, 12, 31),
        output_value_wan_yuan=Decimal(2_500_000),
        value_added_wan_yuan=Decimal(600_000),
        plan_m3=Decimal(10**9),
    )


def _product(years: list[str], streams: int) -> Product:
    return Product(
        id="steel",
        name="粗钢",
        unit="万t",
        route="转炉",
        quota_key="bench.steel",
        output=dict.fromkeys(years, Decimal(streams) / 4),
    )


def _quotas() -> Iterator[Quota]:
    for authority, value in ((Authority.NATIONAL, "3.1"), (Authority.LOCAL, "2.8")):
        yield Quota(
            key="bench.steel",
            authority=authority,
            value_m3=Decimal(value),
            level_for_gate=QuotaLevel.ADVANCED,
            standard="示例定额",
            source="示例",
            example=True,
        )


_PROOF = {
    Statement.LEGAL_ENTITY: "P01",
    Statement.NO_OVER_PLAN: "P03",
    Statement.NOT_LISTED: "P08",
    Statement.NO_ACCIDENT: "P09",
}


def _documents() -> Iterator[Document]:
    for code in ("P02", *_PROOF.values()):
        yield Document(id=f"D{code[1:]}", code=code, title=f"示例材料 {code}")


def _declarations() -> Iterator[Declaration]:
    for statement, code in _PROOF.items():
        yield Declaration(
            statement=statement,
            holds=True,
            documents=(f"D{code[1:]}",),
            checked_on=dt.date(2024, 8, 1) if statement is Statement.NOT_LISTED else None,
        )
