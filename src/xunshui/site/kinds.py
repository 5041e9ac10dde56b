"""Kinds of water, units and sites: the code lists of the model, each with its Chinese name and what it counts as."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SiteKind(StrEnum):
    """Who may apply: notice 二（一）."""

    ENTERPRISE = "enterprise"
    PARK = "park"
    DATA_CENTRE = "data_centre"


SITE_KIND_TITLES = {SiteKind.ENTERPRISE: "企业", SiteKind.PARK: "工业园区", SiteKind.DATA_CENTRE: "数据中心"}


class UnitUse(StrEnum):
    """What a unit uses its water for; cooling and process indicators look at this."""

    PROCESS = "process"
    DIRECT_COOLING = "direct_cooling"
    INDIRECT_COOLING = "indirect_cooling"
    BOILER = "boiler"
    TREATMENT = "treatment"
    SUPPLY = "supply"
    ANCILLARY = "ancillary"
    DOMESTIC = "domestic"
    MEMBER = "member"
    OTHER = "other"


UNIT_USE_TITLES = {
    UnitUse.PROCESS: "工艺用水",
    UnitUse.DIRECT_COOLING: "直接冷却",
    UnitUse.INDIRECT_COOLING: "间接冷却",
    UnitUse.BOILER: "锅炉",
    UnitUse.TREATMENT: "废水处理",
    UnitUse.SUPPLY: "给水处理与供水",
    UnitUse.ANCILLARY: "辅助生产",
    UnitUse.DOMESTIC: "附属与生活",
    UnitUse.MEMBER: "园区成员",
    UnitUse.OTHER: "其他",
}


class Group(StrEnum):
    """What a kind of water counts as in the unit equation and in the indicators."""

    CONVENTIONAL = "conventional"
    NON_CONVENTIONAL = "non_conventional"
    CIRCULATING = "circulating"
    REUSED = "reused"
    INTERNAL = "internal"
    CONSUMED = "consumed"
    DISCHARGED = "discharged"
    LEAKED = "leaked"
    SUPPLIED = "supplied"


class Route(StrEnum):
    """Between which ends a kind of water may run."""

    INTO_SITE = "into_site"
    WITHIN = "within"
    OUT_OF_SITE = "out_of_site"


class WaterKind(StrEnum):
    """The kind of water that a stream carries."""

    SURFACE = "surface"
    GROUND = "ground"
    PUBLIC_SUPPLY = "public_supply"
    PURCHASED_TREATED = "purchased_treated"
    PURCHASED_STEAM = "purchased_steam"
    PURCHASED_HOT_WATER = "purchased_hot_water"
    MUNICIPAL_RECLAIMED = "municipal_reclaimed"
    OTHER_RECLAIMED = "other_reclaimed"
    SEAWATER = "seawater"
    DESALINATED = "desalinated"
    RAIN = "rain"
    MINE = "mine"
    BRACKISH = "brackish"
    CIRCULATING_DIRECT = "circulating_direct"
    CIRCULATING_INDIRECT = "circulating_indirect"
    CIRCULATING_PROCESS = "circulating_process"
    CIRCULATING_RETURN = "circulating_return"
    SERIES = "series"
    REUSE = "reuse"
    CONDENSATE = "condensate"
    DISTRIBUTED = "distributed"
    COLLECTED = "collected"
    SUPPLIED_OUTSIDE = "supplied_outside"
    SUPPLIED_RECLAIMED = "supplied_reclaimed"
    CONSUMPTION = "consumption"
    EVAPORATION = "evaporation"
    DRIFT = "drift"
    DISCHARGE = "discharge"
    LEAKAGE = "leakage"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What the model knows of a kind of water."""

    title: str
    group: Group
    route: Route
    note: str = ""


_IN, _WITHIN, _OUT = Route.INTO_SITE, Route.WITHIN, Route.OUT_OF_SITE
KINDS: dict[WaterKind, KindFacts] = {
    WaterKind.SURFACE: KindFacts("地表水", Group.CONVENTIONAL, _IN),
    WaterKind.GROUND: KindFacts("地下水", Group.CONVENTIONAL, _IN),
    WaterKind.PUBLIC_SUPPLY: KindFacts("公共供水", Group.CONVENTIONAL, _IN, "自来水及其他公共供水工程"),
    WaterKind.PURCHASED_TREATED: KindFacts("外购软水除盐水", Group.CONVENTIONAL, _IN),
    WaterKind.PURCHASED_STEAM: KindFacts("外购蒸汽", Group.CONVENTIONAL, _IN, "按凝结成水的体积计"),
    WaterKind.PURCHASED_HOT_WATER: KindFacts("外购热水", Group.CONVENTIONAL, _IN),
    WaterKind.MUNICIPAL_RECLAIMED: KindFacts("市政再生水", Group.NON_CONVENTIONAL, _IN),
    WaterKind.OTHER_RECLAIMED: KindFacts("其他单位再生水", Group.NON_CONVENTIONAL, _IN),
    WaterKind.SEAWATER: KindFacts("海水", Group.NON_CONVENTIONAL, _IN),
    WaterKind.DESALINATED: KindFacts("淡化海水", Group.NON_CONVENTIONAL, _IN),
    WaterKind.RAIN: KindFacts("雨水", Group.NON_CONVENTIONAL, _IN),
    WaterKind.MINE: KindFacts("矿井水", Group.NON_CONVENTIONAL, _IN),
    WaterKind.BRACKISH: KindFacts("苦咸水", Group.NON_CONVENTIONAL, _IN),
    WaterKind.CIRCULATING_DIRECT: KindFacts("直接冷却循环水", Group.CIRCULATING, _WITHIN, "可由单元流回自身"),
    WaterKind.CIRCULATING_INDIRECT: KindFacts(
        "间接冷却循环水", Group.CIRCULATING, _WITHIN, "可由单元流回自身"
    ),
    WaterKind.CIRCULATING_PROCESS: KindFacts("工艺循环水", Group.CIRCULATING, _WITHIN, "可由单元流回自身"),
    WaterKind.CIRCULATING_RETURN: KindFacts(
        "循环回水", Group.INTERNAL, _WITHIN, "与供水成对，不重复计入循环水量"
    ),
    WaterKind.SERIES: KindFacts("串联水", Group.REUSED, _WITHIN),
    WaterKind.REUSE: KindFacts("厂内回用水", Group.REUSED, _WITHIN, "废水处理后回用"),
    WaterKind.CONDENSATE: KindFacts("冷凝水回用", Group.REUSED, _WITHIN),
    WaterKind.DISTRIBUTED: KindFacts(
        "厂内供水", Group.INTERNAL, _WITHIN, "新水经给水处理后的分配，不重复计入取水量"
    ),
    WaterKind.COLLECTED: KindFacts("送处理废水", Group.INTERNAL, _WITHIN, "送废水处理，尚未回用也未外排"),
    WaterKind.SUPPLIED_OUTSIDE: KindFacts("外供水", Group.SUPPLIED, _OUT, "向外供应的新水、软水、蒸汽等"),
    WaterKind.SUPPLIED_RECLAIMED: KindFacts("外供再生水", Group.SUPPLIED, _OUT),
    WaterKind.CONSUMPTION: KindFacts("耗水", Group.CONSUMED, _OUT, "进入产品等的消耗"),
    WaterKind.EVAPORATION: KindFacts("蒸发损失", Group.CONSUMED, _OUT),
    WaterKind.DRIFT: KindFacts("风吹损失", Group.CONSUMED, _OUT),
    WaterKind.DISCHARGE: KindFacts("排水", Group.DISCHARGED, _OUT),
    WaterKind.LEAKAGE: KindFacts("漏失", Group.LEAKED, _OUT),
}

RECLAIMED = frozenset({WaterKind.MUNICIPAL_RECLAIMED, WaterKind.OTHER_RECLAIMED})
INTAKE = frozenset(kind for kind, facts in KINDS.items() if facts.route is Route.INTO_SITE)
CONVENTIONAL = frozenset(kind for kind, facts in KINDS.items() if facts.group is Group.CONVENTIONAL)
CIRCULATING = frozenset(kind for kind, facts in KINDS.items() if facts.group is Group.CIRCULATING)
REUSED = frozenset(kind for kind, facts in KINDS.items() if facts.group in (Group.CIRCULATING, Group.REUSED))
"""What counts in V_r: circulating, series, in-plant reuse and condensate."""

OUTSIDE = "env"
"""The end of a stream that lies outside the site's boundary."""
