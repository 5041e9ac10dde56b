"""Chinese labels of the code lists: what the workbook shows and what a message offers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from xunshui.site.claims import STATEMENT_TITLES, Authority, QuotaLevel, QuotaState
from xunshui.site.graph import Measure, Trust
from xunshui.site.kinds import KINDS, SITE_KIND_TITLES, UNIT_USE_TITLES
from xunshui.site.model import INDUSTRY_CLASS_TITLES, ParkLevel
from xunshui.site.points import POINT_KIND_TITLES

_TITLES: tuple[Mapping[Any, str], ...] = (
    {kind: facts.title for kind, facts in KINDS.items()},
    SITE_KIND_TITLES,
    UNIT_USE_TITLES,
    POINT_KIND_TITLES,
    STATEMENT_TITLES,
    INDUSTRY_CLASS_TITLES,
    {Trust.HIGH: "高", Trust.NORMAL: "一般", Trust.LOW: "低"},
    {Measure.MEASURED: "实测", Measure.LIMIT_IN: "进水限值", Measure.LIMIT_OUT: "出水限值"},
    {Authority.NATIONAL: "国家", Authority.LOCAL: "地方"},
    {QuotaState.PRESENT: "有此定额", QuotaState.NO_SUCH_STANDARD: "经查无此标准"},
    {
        QuotaLevel.EXISTING: "现有企业",
        QuotaLevel.NEW: "新建和改扩建",
        QuotaLevel.GENERAL: "通用值",
        QuotaLevel.ADVANCED: "先进值",
        QuotaLevel.LEADING: "领跑值",
        QuotaLevel.BENCHMARK: "基准值",
    },
    {
        ParkLevel.NATIONAL: "国家级",
        ParkLevel.PROVINCIAL: "省级",
        ParkLevel.PREFECTURE: "地级",
        ParkLevel.COUNTY: "县级",
    },
)
LABELS: dict[type[StrEnum], Mapping[Any, str]] = {type(next(iter(titles))): titles for titles in _TITLES}
_CODE_LISTS = [{str(code): title for code, title in titles.items()} for titles in LABELS.values()]


def label(code: StrEnum) -> str:
    """Return the Chinese label of a code.

    >>> from xunshui.site.kinds import WaterKind
    >>> label(WaterKind.MUNICIPAL_RECLAIMED)
    '市政再生水'
    """
    return LABELS[type(code)][code]


def label_choices(expected: str) -> str:
    """Return the accepted codes of a field, each with its label, from a validator's own list."""
    codes = [code.strip(" '") for code in expected.replace(" or ", ",").split(",")]
    # Code lists share codes (“national”), so the list as a whole tells which one is meant.
    labels = next((labels for labels in _CODE_LISTS if labels.keys() == set(codes)), {})
    return "、".join(f"{labels[code]}({code})" if code in labels else code for code in codes)
