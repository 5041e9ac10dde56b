"""A site: its water graph, its periods and its claims."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from xunshui.site.claims import Assumption, Declaration, Declared, Document, Permit, Quota
from xunshui.site.columns import Id, Number, Text, column, element
from xunshui.site.graph import Meter, Quality, Stream, Tank, Unit, Valve
from xunshui.site.kinds import SiteKind
from xunshui.site.operation import ChemicalUse, EnergyUse, Period, Product
from xunshui.site.points import Point

FORMAT = "xunshui-site/1"


class ParkLevel(StrEnum):
    """By whom a park was established."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class IndustryClass(StrEnum):
    """The classes for which the notice sets a reuse rate."""

    STEEL = "steel"
    PETROCHEMICAL = "petrochemical"
    NONFERROUS = "nonferrous"
    PAPER = "paper"
    TEXTILE = "textile"
    FOOD = "food"
    OTHER = "other"


INDUSTRY_CLASS_TITLES = {
    IndustryClass.STEEL: "钢铁",
    IndustryClass.PETROCHEMICAL: "石化化工",
    IndustryClass.NONFERROUS: "有色金属",
    IndustryClass.PAPER: "造纸",
    IndustryClass.TEXTILE: "纺织",
    IndustryClass.FOOD: "食品",
    IndustryClass.OTHER: "其他行业",
}


@element
class Site:
    """A plant, a park or a data centre whose water is accounted.

    `members` are sites of their own and occur in parks only; each is joined to the park's graph by
    the unit that bears its id.
    """

    format: Annotated[Literal["xunshui-site/1"], column("格式")] = "xunshui-site/1"
    id: Annotated[Id, column("站点编号")]
    name: Annotated[Text, column("名称")]
    kind: Annotated[SiteKind, column("类型")]
    industry: Annotated[str | None, column("行业代码", "GB/T 4754 小类，如 3120")] = None
    industry_class: Annotated[
        IndustryClass | None, column("行业归类", "行业代码未列入对照表时由申报人选择")
    ] = None
    credit_code: Annotated[str | None, column("统一社会信用代码", "18 位")] = None
    province: Annotated[Text, column("省份")] = ""
    city: Annotated[Text, column("市县")] = ""
    address: Annotated[Text, column("地址")] = ""
    park_level: Annotated[ParkLevel | None, column("园区级别", "园区填写")] = None
    longitude: Annotated[Number | None, column("经度", unit="°")] = None
    latitude: Annotated[Number | None, column("纬度", unit="°")] = None
    note: Annotated[Text, column("说明")] = ""
    periods: Annotated[tuple[Period, ...], column("时期")]
    units: Annotated[tuple[Unit, ...], column("单元")]
    streams: Annotated[tuple[Stream, ...], column("水流")]
    meters: Annotated[tuple[Meter, ...], column("水表")] = ()
    points: Annotated[tuple[Point, ...], column("点位")] = ()
    products: Annotated[tuple[Product, ...], column("产品")] = ()
    tanks: Annotated[tuple[Tank, ...], column("水池")] = ()
    valves: Annotated[tuple[Valve, ...], column("阀门")] = ()
    qualities: Annotated[tuple[Quality, ...], column("水质")] = ()
    energy: Annotated[tuple[EnergyUse, ...], column("能源")] = ()
    chemicals: Annotated[tuple[ChemicalUse, ...], column("药剂")] = ()
    permits: Annotated[tuple[Permit, ...], column("取水许可")] = ()
    declarations: Annotated[tuple[Declaration, ...], column("声明")] = ()
    documents: Annotated[tuple[Document, ...], column("材料")] = ()
    quotas: Annotated[tuple[Quota, ...], column("定额")] = ()
    declared: Annotated[tuple[Declared, ...], column("申报值")] = ()
    assumptions: Annotated[tuple[Assumption, ...], column("假设")] = ()
    members: Annotated[tuple[Site, ...], column("成员")] = ()

    def period(self, period_id: str) -> Period | None:
        """Return the period of that id, or None."""
        return next((period for period in self.periods if period.id == period_id), None)

    def unit(self, unit_id: str) -> Unit | None:
        """Return the unit of that id, or None."""
        return next((unit for unit in self.units if unit.id == unit_id), None)

    def year(self, year: int) -> Period | None:
        """Return the period that covers that calendar year, or None."""
        return next((period for period in self.periods if period.full_year == year), None)
