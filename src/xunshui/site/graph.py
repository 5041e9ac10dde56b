"""The water graph: units joined by streams, streams carried by meters; tanks, valves and water quality upon it."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Annotated, Literal

from xunshui.site.columns import Amount, ByPeriod, ChangeByPeriod, Day, Id, Number, Text, column, element
from xunshui.site.kinds import UnitUse, WaterKind


@element
class Unit:
    """A water-using unit at level 1 (用水单位), 2 (次级用水单位) or 3 (用水设备或系统), GB/T 24789."""

    id: Annotated[Id, column("编号", "全表唯一，如 CT1")]
    name: Annotated[Text, column("名称")]
    level: Annotated[Literal[1, 2, 3], column("级别", "1 用水单位，2 次级用水单位，3 用水设备或系统")] = 2
    parent: Annotated[Id | None, column("上级单元", "所属上级单元的编号；厂级直属可空")] = None
    use: Annotated[UnitUse, column("用途", "冷却、工艺等指标按用途归集")] = UnitUse.PROCESS
    tolerance_percent: Annotated[Amount | None, column("平衡允差", "空则用默认允差", unit="%")] = None
    x: Annotated[Number | None, column("图上横坐标", "水网图布置用，可空")] = None
    y: Annotated[Number | None, column("图上纵坐标", "水网图布置用，可空")] = None
    note: Annotated[Text, column("备注")] = ""


@element
class Stream:
    """Water of one kind that runs from one unit to another, into the site or out of it."""

    id: Annotated[Id, column("编号", "全表唯一，如 S01")]
    name: Annotated[Text, column("名称")] = ""
    source: Annotated[Id, column("从", "单元编号；来自厂外填“外部”", alias="from")]
    target: Annotated[Id, column("到", "单元编号；去往厂外填“外部”", alias="to")]
    kind: Annotated[WaterKind, column("水的类别")]
    meters: Annotated[tuple[Id, ...], column("水表", "水表编号，多块用“、”分开；估算的水量留空")] = ()
    production: Annotated[bool, column("生产用水", "生活区等非工业用水填“否”")] = True
    volume_m3: Annotated[ByPeriod, column("水量", "缺测留空，没有水填 0", unit="m³")] = field(
        default_factory=dict
    )
    compliant_m3: Annotated[ByPeriod, column("达标水量", "只对排水填写", unit="m³")] = field(
        default_factory=dict
    )
    length_m: Annotated[Amount | None, column("管长", unit="m")] = None
    diameter_mm: Annotated[Amount | None, column("管径", unit="mm")] = None
    note: Annotated[Text, column("备注")] = ""


class Trust(StrEnum):
    """How far a person trusts a meter: a finding of the last inspection, not a statistic."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


@element
class Meter:
    """A water meter or flow meter and what is known of its error."""

    id: Annotated[Id, column("编号", "全表唯一，如 FM-101")]
    name: Annotated[Text, column("名称")] = ""
    level: Annotated[Literal[1, 2, 3], column("级别", "1 总表，2 次级，3 设备")] = 1
    accuracy_class: Annotated[Amount | None, column("准确度等级", "如 2 表示 ±2 %", unit="%")] = None
    standard_uncertainty_percent: Annotated[
        Amount | None, column("标准不确定度", "已知时填写，优先于等级", unit="%")
    ] = None
    trust: Annotated[Trust, column("可信程度")] = Trust.NORMAL
    calibrated_on: Annotated[Day | None, column("检定日期")] = None
    valid_to: Annotated[Day | None, column("检定有效期至")] = None
    note: Annotated[Text, column("备注")] = ""


@element
class Tank:
    """A tank, pond or basin: where water is stored between two readings."""

    id: Annotated[Id, column("编号")]
    name: Annotated[Text, column("名称")] = ""
    unit: Annotated[Id, column("所在单元")]
    capacity_m3: Annotated[Amount | None, column("有效容积", unit="m³")] = None
    change_m3: Annotated[ChangeByPeriod, column("期末减期初存水", "存水增加为正；缺测留空", unit="m³")] = (
        field(default_factory=dict)
    )


@element
class Valve:
    """A valve or gate on a stream."""

    id: Annotated[Id, column("编号")]
    stream: Annotated[Id, column("所在水流")]
    remote: Annotated[bool, column("可远程操作")] = False
    note: Annotated[Text, column("备注")] = ""


class Measure(StrEnum):
    """Whether a quality figure was measured on a stream or limits what a unit takes in or sends out."""

    MEASURED = "measured"
    LIMIT_IN = "limit_in"
    LIMIT_OUT = "limit_out"


@element
class Quality:
    """A concentration on a stream, or a unit's limit for it, by HJ 525 parameter code."""

    measure: Annotated[Measure, column("含义")] = Measure.MEASURED
    at: Annotated[Id, column("对象", "实测填水流编号，限值填单元编号")]
    parameter: Annotated[Id, column("污染物编码", "HJ 525 编码，如 w01018 化学需氧量")]
    value: Annotated[Number, column("数值")]
    unit: Annotated[Text, column("单位")] = "mg/L"
    period: Annotated[Id | None, column("时期")] = None
    source: Annotated[Text, column("来源")] = ""
