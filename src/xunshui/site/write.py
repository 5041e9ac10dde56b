"""Write a site as JSON, and the JSON schema of that form."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from xunshui.site.columns import Attribute, attributes
from xunshui.site.model import Site
from xunshui.site.structure import adapter


def site_as_json(site: Site) -> str:
    """Return the site as JSON text that reads back to an equal site; unset attributes are left out."""
    return json.dumps(site_as_data(site), ensure_ascii=False, indent=1)


def site_as_data(site: Site) -> dict[str, Any]:
    """Return what `site_as_json` writes, as dicts, lists, texts and numbers."""
    return _element(site)


def write_site(site: Site, path: str | Path) -> None:
    """Write the site to `path` as JSON (.json) or as the Chinese workbook (.xlsx)."""
    file = Path(path)
    if file.suffix.lower() == ".xlsx":
        from xunshui.site.workbook.write import write_workbook  # slow import

        write_workbook(site, file)
    else:
        file.write_text(site_as_json(site) + "\n", encoding="utf-8")


def site_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of the site file."""
    schema = adapter().json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _element(element: Any) -> dict[str, Any]:
    told = {}
    kind: type = type(element)
    for row, default in _attributes(kind):
        value = getattr(element, row.name)
        if row.required or value != default:
            told[row.key] = _value(value)
    return told


@cache
def _attributes(kind: type) -> tuple[tuple[Attribute, Any], ...]:
    declared = {field.name: field for field in fields(kind)}
    return tuple((row, _default(declared[row.name])) for row in attributes(kind))


def _default(declared: Field[Any]) -> Any:
    return declared.default if declared.default_factory is MISSING else declared.default_factory()


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    if hasattr(value, "__dataclass_fields__"):
        return _element(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return value


def _number(value: Decimal) -> int | float | str:
    # A number where JSON's own number gives the same digits back, its text otherwise: 98.10 is not 98.1.
    if abs(value) >= 10**15:
        return str(value)
    same = (written for written in (int(value), float(value)) if repr(written) == str(value))
    return next(same, str(value))
