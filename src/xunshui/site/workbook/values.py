"""The value of one cell for the model: identifiers, lists, amounts in the workbook's unit of volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from xunshui.quantities import NotANumber, convert, decimal_of
from xunshui.site.columns import Attribute
from xunshui.site.structure import Raw
from xunshui.site.workbook.cells import computed, end_of, identifiers_of, raw_value
from xunshui.site.workbook.grid import is_blank
from xunshui.site.workbook.layout import (
    EMPTY_WORD,
    REFERENCES,
    VOLUME_UNITS,
    empty_is_told,
    follows_volume_unit,
    is_identifier,
    value_type,
)

_EXACT = Context(prec=100)


@dataclass(slots=True)
class Known:
    """The ids that other cells may name."""

    ids: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {"periods": (), "meters": (), "documents": ()}
    )
    members: Mapping[str, int] = field(default_factory=dict)

    def take(self, table: str, raw: Raw) -> None:
        """Take the ids of a table, of the site and of its members."""
        if table in self.ids:
            owners = [raw, *raw["members"]]
            rows = (row for owner in owners for row in owner.get(table, []))
            self.ids[table] = tuple(dict.fromkeys(row["id"] for row in rows if "id" in row))


def value_of(cell: object, table: str, attribute: Attribute, volume_unit: str, known: Known) -> Any:
    """Return the value of a cell as the validator takes it, None for a blank one, or raise `Unreadable`."""
    target = REFERENCES.get((table, attribute.name), "")
    if is_blank(computed(cell)):
        return None
    if value_type(attribute) is tuple:
        return identifiers_of(cell, known.ids[target])
    if target == "ends":
        return end_of(cell)
    value = raw_value(cell, attribute, identifier=is_identifier(table, attribute))
    if value == EMPTY_WORD and attribute.name in empty_is_told(table):
        return ""
    return scaled(value, volume_unit, VOLUME_UNITS[0]) if follows_volume_unit(table, attribute) else value


def scaled(value: Any, unit: str, other: str) -> Any:
    """Return an amount of one unit of volume in another, exactly; what is no number stays as it is.

    >>> scaled("12.5", "万m³", "m³")
    Decimal('125000')
    """
    if value is None or unit == other:
        return value
    try:
        number = decimal_of(value)
    except NotANumber:
        return value
    factor = convert(Fraction(1), unit, other)
    exact = _EXACT.divide(_EXACT.multiply(number, Decimal(factor.numerator)), Decimal(factor.denominator))
    return _EXACT.normalize(exact) if exact != exact.to_integral_value() else exact.quantize(Decimal(1))
