"""Units of measure that plants write in their books, with exact factors between them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: how it is written, what it measures and its size in the base unit of that dimension."""

    symbol: str
    dimension: str
    factor: Fraction


class UnitMismatch(ValueError):
    """Two units that do not measure the same thing, or a unit that is not known."""


_WAN = 10_000
UNITS: dict[str, Unit] = {
    unit.symbol: unit
    for unit in (
        Unit("m³", "volume", Fraction(1)),
        Unit("万m³", "volume", Fraction(_WAN)),
        Unit("亿m³", "volume", Fraction(_WAN**2)),
        Unit("L", "volume", Fraction(1, 1000)),
        Unit("t", "mass", Fraction(1)),
        Unit("万t", "mass", Fraction(_WAN)),
        Unit("kg", "mass", Fraction(1, 1000)),
        Unit("kL", "liquid product", Fraction(1)),
        Unit("m", "length", Fraction(1)),
        Unit("100m", "length", Fraction(100)),
        Unit("万m", "length", Fraction(_WAN)),
        Unit("kWh", "energy", Fraction(1)),
        Unit("MWh", "energy", Fraction(1000)),
        Unit("万kWh", "energy", Fraction(_WAN)),
        Unit("万元", "money", Fraction(1)),
        Unit("亿元", "money", Fraction(_WAN)),
        Unit("件", "pieces", Fraction(1)),
        Unit("万件", "pieces", Fraction(_WAN)),
    )
}
_SPELLINGS = {
    "m3": "m³",
    "立方米": "m³",
    "万立方米": "万m³",
    "万m3": "万m³",
    "吨": "t",
    "万吨": "万t",
    "升": "L",
    "百米": "100m",
}


def unit_of(symbol: str) -> Unit:
    """Return the unit written as `symbol`; plain spellings such as m3 and 吨 are understood.

    >>> unit_of("万吨").symbol
    '万t'
    """
    name = symbol.strip()
    unit = UNITS.get(_SPELLINGS.get(name, name))
    if unit is None:
        raise UnitMismatch(f"不认识的单位“{symbol}”；可用：{'、'.join(UNITS)}")
    return unit


def convert(value: Fraction, from_symbol: str, to_symbol: str) -> Fraction:
    """Return `value` of one unit expressed in another of the same dimension, exactly.

    >>> convert(Fraction("1.5"), "万m³", "m³")
    Fraction(15000, 1)
    """
    source, target = unit_of(from_symbol), unit_of(to_symbol)
    if source is target:
        return value
    if source.dimension != target.dimension:
        raise UnitMismatch(f"单位“{from_symbol}”与“{to_symbol}”不可换算")
    return value * source.factor / target.factor
