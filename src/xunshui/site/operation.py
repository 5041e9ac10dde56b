"""What a site did in a period: calendar, money, energy, products, chemicals."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from typing import Annotated

from xunshui.site.columns import Amount, ByPeriod, Day, Id, Text, column, element


@element
class Period:
    """A stretch of days for which water was accounted; `end` is its last day."""

    id: Annotated[Id, column("编号", "整年填年份，如 2023；短期如 2024Q1")]
    start: Annotated[Day, column("开始日")]
    end: Annotated[Day, column("结束日", "含当日")]
    value_added_wan_yuan: Annotated[Amount | None, column("工业增加值", unit="万元")] = None
    output_value_wan_yuan: Annotated[Amount | None, column("工业总产值", unit="万元")] = None
    it_energy_kwh: Annotated[Amount | None, column("信息设备耗电量", "数据中心填写", unit="kWh")] = None
    total_energy_kwh: Annotated[Amount | None, column("总耗电量", "数据中心填写", unit="kWh")] = None
    steam_produced_t: Annotated[Amount | None, column("自产蒸汽量", "冷凝水回用率的分母", unit="t")] = None
    plan_m3: Annotated[Amount | None, column("计划用水量", "下达的年度取用水计划", unit="m³")] = None
    plan_actual_m3: Annotated[
        Amount | None, column("计划内实际用水量", "空则按地表、地下、公共供水取水量合计", unit="m³")
    ] = None

    @property
    def full_year(self) -> int | None:
        """Return the calendar year that this period covers from first to last day, or None."""
        year = self.start.year
        covers = self.start == dt.date(year, 1, 1) and self.end == dt.date(year, 12, 31)
        return year if covers else None

    @property
    def hours(self) -> int:
        """Return the calendar hours of the period."""
        return ((self.end - self.start).days + 1) * 24


@element
class Product:
    """A product, the route it is made by and the quota it is judged against."""

    id: Annotated[Id, column("编号")]
    name: Annotated[Text, column("名称")]
    unit: Annotated[Text, column("产量单位", "如 t、万t、kL、100m")]
    route: Annotated[Text, column("工艺路线")] = ""
    quota_key: Annotated[
        Id | None, column("定额键", "与“定额”表或内置定额对应，如 steel.coking_cold_rolling")
    ] = None
    main: Annotated[bool, column("主要产品", "参与用水效率判定")] = True
    output: Annotated[ByPeriod, column("产量")] = field(default_factory=dict)
    withdrawal_m3: Annotated[
        ByPeriod, column("分摊取水量", "有多个主要产品时必填；只有一个时空则取全厂生产取水量", unit="m³")
    ] = field(default_factory=dict)


@element
class EnergyUse:
    """Energy that a unit used in a period."""

    unit: Annotated[Id | None, column("单元", "空为全厂")] = None
    carrier: Annotated[Text, column("能源品种", "如 电、天然气、蒸汽")]
    amount: Annotated[Amount, column("用量")]
    measure: Annotated[Text, column("计量单位")]
    period: Annotated[Id, column("时期")]


@element
class ChemicalUse:
    """A treatment chemical that a unit used in a period."""

    unit: Annotated[Id | None, column("单元", "空为全厂")] = None
    name: Annotated[Text, column("药剂")]
    amount_t: Annotated[Amount, column("用量", "按商品量", unit="t")]
    purity_percent: Annotated[Amount | None, column("有效含量", unit="%")] = None
    period: Annotated[Id, column("时期")]
