"""How an attribute of the model is described once, for reading, the JSON schema, the workbook and the manual."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar, dataclass_transform, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

from xunshui.quantities import decimal_of

T = TypeVar("T")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def element(cls: type[T]) -> type[T]:
    """Make a frozen dataclass of the model that refuses attributes it does not know."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    setattr(made, "__pydantic_config__", ConfigDict(extra="forbid"))
    return made


def column(title: str, note: str = "", *, unit: str = "", alias: str | None = None) -> Any:
    """Describe one attribute: its Chinese title, its unit and what a person should know to fill it in."""
    return Field(
        title=title,
        description=note or None,
        alias=alias,
        json_schema_extra={"unit": unit} if unit else None,
    )


def _number(raw: object) -> Decimal:
    return decimal_of(raw)


def _printable(text: str) -> str:
    # Control characters come from broken exports; Word and Excel refuse files that hold them.
    if _CONTROL.search(text):
        raise ValueError("含有控制字符，请删去后重填")
    return text


def _without_blanks(raw: object) -> object:
    return (
        {key: value for key, value in raw.items() if value is not None} if isinstance(raw, Mapping) else raw
    )


def _day(raw: object) -> object:
    # Excel gives midnight date-times for days.
    return raw.date() if isinstance(raw, dt.datetime) and raw.time() == dt.time() else raw


Number = Annotated[Decimal, BeforeValidator(_number)]
Amount = Annotated[Decimal, BeforeValidator(_number), Field(ge=0)]
Day = Annotated[dt.date, BeforeValidator(_day)]
ByPeriod = Annotated[Mapping[str, Amount], BeforeValidator(_without_blanks)]
"""One amount for each period, by the period's id; a period left out is missing, never zero."""
ChangeByPeriod = Annotated[Mapping[str, Number], BeforeValidator(_without_blanks)]
"""One signed amount for each period."""

Id = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_printable)]
Text = Annotated[str, Field(max_length=4000), AfterValidator(_printable)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of an element, as the workbook, the schema and the manual show it."""

    name: str
    key: str
    title: str
    note: str
    unit: str
    required: bool
    by_period: bool
    type: Any


@cache
def attributes(element: type) -> tuple[Attribute, ...]:
    """Return the described attributes of a model class in the order of its fields."""
    hints = get_type_hints(element, include_extras=True)
    return tuple(
        _attribute(
            field.name, hints[field.name], field.default is MISSING and field.default_factory is MISSING
        )
        for field in fields(element)
    )


def _attribute(name: str, hint: Any, required: bool) -> Attribute:
    # Python joins nested Annotated types: the inner type's own metadata comes first, our column last.
    described = [part for part in get_args(hint)[1:] if isinstance(part, FieldInfo) and part.title]
    if get_origin(hint) is not Annotated or not described:
        raise TypeError(f"{name} is not described by column()")
    facts = described[-1]
    extra = facts.json_schema_extra if isinstance(facts.json_schema_extra, dict) else {}
    inner = get_args(hint)[0]
    return Attribute(
        name=name,
        key=facts.alias or name,
        title=str(facts.title),
        note=facts.description or "",
        unit=str(extra.get("unit", "")),
        required=required,
        by_period=get_origin(inner) is Mapping,
        type=inner,
    )


@cache
def tables(root: type) -> dict[str, type]:
    """Return the model class behind each table (list of elements) of `root`."""
    return {
        attribute.name: get_args(attribute.type)[0]
        for attribute in attributes(root)
        if get_origin(attribute.type) is tuple and isinstance(get_args(attribute.type)[0], type)
    }


def accepted_keys(root: type, table: str | None) -> list[str]:
    """Return the attribute keys that `root`, or an element of its `table`, accepts."""
    element_class = tables(root).get(table, root) if table else root
    return [attribute.key for attribute in attributes(element_class)]
