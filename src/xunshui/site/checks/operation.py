"""Checks of periods, products and identity."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xunshui.quantities import UnitMismatch, unit_of
from xunshui.site.credit_code import check_character
from xunshui.site.kinds import SiteKind
from xunshui.site.mistakes import Mistake, shown
from xunshui.site.model import Site


def period_days(site: Site) -> Iterator[Mistake]:
    """A period ends after it starts, and a calendar year is told once."""
    years: dict[int, str] = {}
    for row, period in enumerate(site.periods):
        if period.end < period.start:
            yield Mistake(
                loc=("periods", row, "end"),
                problem=f"结束日 {period.end} 早于开始日 {period.start}",
                accepted=f"{period.start} 或以后",
            )
        elif (year := period.full_year) is not None and years.setdefault(year, period.id) != period.id:
            yield Mistake(
                loc=("periods", row), problem=f"{year} 年已由时期“{years[year]}”给出", accepted="每年一行"
            )


def product_units(site: Site) -> Iterator[Mistake]:
    """A main product's unit of output is one that a quota can be compared in."""
    for row, product in enumerate(site.products):
        try:
            unit_of(product.unit)
        except UnitMismatch as error:
            if product.main:
                yield Mistake(loc=("products", row, "unit"), problem=str(error))


def industry_code(site: Site) -> Iterator[Mistake]:
    """An industry is told as a GB/T 4754 code of two to four digits."""
    if site.industry is not None and not re.fullmatch(r"[0-9]{2,4}", site.industry):
        yield Mistake(
            loc=("industry",),
            problem=f"“{shown(site.industry)}”不是行业代码",
            accepted="GB/T 4754 的 2–4 位数字，如 3120",
        )


def credit_code(site: Site) -> Iterator[Mistake]:
    """A unified social credit code has 18 characters of GB 32100, the last of which checks the others."""
    code = site.credit_code
    if code is None:
        return
    expected = check_character(code[:17])
    if len(code) != 18 or expected is None:
        yield Mistake(
            loc=("credit_code",),
            problem=f"“{shown(code)}”不是统一社会信用代码",
            accepted="18 位数字与大写字母（不含 I、O、S、V、Z）",
        )
    elif code[17] != expected:
        yield Mistake(
            loc=("credit_code",),
            problem=f"“{code}”的校验位不符",
            accepted=f"末位应为 {expected}，请核对前 17 位",
        )


def park_level(site: Site) -> Iterator[Mistake]:
    """Only a park has a park level."""
    if site.park_level is not None and site.kind is not SiteKind.PARK:
        yield Mistake(loc=("park_level",), problem="只有园区填写园区级别", accepted="留空")
