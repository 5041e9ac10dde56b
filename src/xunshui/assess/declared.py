"""Declared figures against what the ledger gives: a difference beyond rounding is told with its arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from xunshui.assess.problem import Problem, Severity
from xunshui.indicators import BY_KEY, Value
from xunshui.quantities import plain, show
from xunshui.register import Register
from xunshui.site.claims import Declared
from xunshui.site.model import IndustryClass, Site

BASIS_RANGE = Fraction(1, 10)


def differences(site: Site, rows: Register, values: Mapping[str, Mapping[str, Value]]) -> Iterator[Problem]:
    """Yield a problem for every declared figure that the ledger does not bear out."""
    for row in site.declared:
        if row.indicator not in BY_KEY:
            yield _problem(
                row, "unknown_indicator", f"没有名为“{row.indicator}”的指标", f"可用：{'、'.join(BY_KEY)}"
            )
            continue
        value = _value_of(row, values.get(row.period, {}))
        if value is None or value.value is None:
            why = value.reason if value else "台账中没有所需数据"
            text = f"申报{BY_KEY[row.indicator].title} {row.value}，无法核对：{why}"
            yield _problem(row, "declared_unchecked", text, "补充台账后再核对")
        elif not agrees(row.value, value.value):
            yield _problem(
                row,
                "declared_differs",
                _arithmetic(row, value),
                "核对申报值的口径（分子、分母、统计范围）或更正台账",
            )


def agrees(declared: Decimal, computed: Fraction) -> bool:
    """Return whether `computed` rounds to `declared` at the decimals in which it was declared.

    >>> agrees(Decimal("98.07"), Fraction("98.0650")), agrees(Decimal("2.44"), Fraction("3.03"))
    (True, False)
    """
    exponent = declared.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return abs(Fraction(declared) - computed) * 2 <= Fraction(10) ** -places


def _value_of(row: Declared, values: Mapping[str, Value]) -> Value | None:
    if row.subject is not None:
        return values.get(f"{row.indicator}.{row.subject}")
    several = [value for value in values.values() if value.key == row.indicator]
    return several[0] if len(several) == 1 else None


def _arithmetic(row: Declared, value: Value) -> str:
    assert value.value is not None
    definition = BY_KEY[row.indicator]
    terms = "，".join(
        f"{term.symbol} {term.title} = {show(term.value, 0)} {term.unit}" for term in value.terms
    )
    difference = Fraction(row.value) - value.value
    return (
        f"申报{definition.title} {plain(row.value)} {value.unit}，台账算得 {show(value.value, definition.places)} {value.unit}"
        f"（{definition.formula}；{terms}），相差 {show(difference, definition.places)}"
    )


def _other_basis(row: Declared, value: Value, site: Site, rows: Register) -> str:
    """Return a hint where the declared figure looks like fresh consumption, which steel reports beside withdrawal."""
    is_steel = rows.industry_class(site.industry or "", "narrow") == IndustryClass.STEEL
    if not is_steel or row.indicator != "unit_product_withdrawal" or not value.value or row.value <= 0:
        return ""
    times, usual = value.value / Fraction(row.value), rows.setting("steel_withdrawal_over_fresh")
    if abs(times - usual) > BASIS_RANGE:
        return ""
    return f"；台账是申报值的 {show(times, 2)} 倍，接近吨钢取水量与吨钢耗新水量之比（约 {show(usual, 1)}），两者口径不同，不可比较"


def _problem(row: Declared, code: str, text: str, remedy: str) -> Problem:
    where = f"declared:{row.indicator}" + (f".{row.subject}" if row.subject else "")
    return Problem(
        code=code, severity=Severity.WARNING, where=where, period=row.period, text=text, remedy=remedy
    )
