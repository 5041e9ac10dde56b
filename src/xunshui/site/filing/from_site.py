"""From a site to answers: the figures of its workbook, summed by kind of water, for the form to be filled in with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import reduce
from typing import Any

from xunshui.register import Column, FieldType, Form
from xunshui.site.filing.to_site import COMPLIANT, DECLARED, FACTS, OF_PRODUCT, PERIOD_FIGURES, STATEMENTS
from xunshui.site.filing.told import arranged, ledger_fields
from xunshui.site.graph import Stream
from xunshui.site.kinds import CONVENTIONAL, INTAKE, KINDS, REUSED, Group, WaterKind
from xunshui.site.model import Site
from xunshui.site.operation import Period

_WIDE = Context(prec=100)
"""Wide enough for any sum of amounts that sites may hold."""
_SUMMED_INTO = {
    WaterKind.EVAPORATION: WaterKind.CONSUMPTION,
    WaterKind.DRIFT: WaterKind.CONSUMPTION,
}
"""Kinds that a form without a line for them sums up in another's."""

Years = Mapping[str, Period]
"""The full calendar years of a site, by number."""
_Line = tuple[WaterKind, bool]


def answers_from_site(form: Form, site: Site) -> dict[str, dict[str, Any]]:
    """Return the answers that a site's own figures give, by section; a kind it does not have is answered by 0.

    A sum of which a part is missing stays unanswered. A park's lines hold what its members use again.
    `not_held` tells what the form has no place for.
    """
    years = {str(period.full_year): period for period in site.periods if period.full_year}
    flat = {
        **_facts(site),
        **{field: _figures(years, name) for field, name in PERIOD_FIGURES.items()},
        **_ledger(form, site, years),
        **{key: _declared(site, years, key) for key in DECLARED},
        **dict(_tables(form, site, years)),
    }
    typed = {field: _typed(value) for field, value in flat.items()}
    return arranged(
        form, {field: value for field, value in typed.items() if value not in ("", {}, [])}, site.kind
    )


def not_held(form: Form, site: Site) -> tuple[str, ...]:
    """Return in sentences what the answers cannot tell of this site, for want of a place in the form."""
    lines = _lines(form, site)
    lost = {KINDS[row.kind].title for row in site.streams if _is_asked_for(row) and not _field_of(row, lines)}
    sentences = {
        f"表样没有“{'、'.join(sorted(lost))}”（或其非生产部分）的栏目，这部分水量没有带入": lost,
        "园区成员的重复利用水量并入园区合计，企业间与成员各自的份额不再分得开": site.members,
        "不是整年的时期没有带入": [row for row in site.periods if row.full_year is None],
        "非主要产品没有带入": [row for row in site.products if not row.main],
    }
    return tuple(sentence for sentence, rows in sentences.items() if rows)


def _facts(site: Site) -> dict[str, Any]:
    stated = {row.statement: row for row in site.declarations}
    return {
        "name": site.name,
        "level": site.park_level,
        "query_date": next((row.checked_on for row in site.declarations if row.checked_on), None),
        **{name: getattr(site, name) for name in FACTS},
        **{field: stated[row].holds for field, row in STATEMENTS.items() if row in stated},
    }


def _figures(years: Years, name: str) -> dict[str, Decimal | None]:
    return {year: getattr(period, name) for year, period in years.items()}


def _lines(form: Form, site: Site) -> dict[_Line, str]:
    return {(water, field.production): field.id for field, water in ledger_fields(form, site.kind)}


def _is_asked_for(stream: Stream) -> bool:
    """Return whether a volume counts in an indicator; what only runs between two units does not."""
    return KINDS[stream.kind].group is not Group.INTERNAL


def _field_of(stream: Stream, lines: Mapping[_Line, str]) -> str | None:
    """Return the line of the form that a stream is summed in."""
    if stream.kind not in INTAKE:
        other = _SUMMED_INTO.get(stream.kind, stream.kind)
        return lines.get((stream.kind, True)) or lines.get((other, True))
    exactly = lines.get((stream.kind, stream.production))
    if exactly or stream.production or stream.kind not in CONVENTIONAL:
        return exactly
    return next((field for (_, production), field in lines.items() if not production), None)


@dataclass(frozen=True, slots=True)
class _Part:
    """A stream, and the years of the site whose books it stands in."""

    stream: Stream
    years: Mapping[str, Period | None]

    def in_year(self, year: str) -> Decimal | None:
        period = self.years.get(year)
        return self.stream.volume_m3.get(period.id) if period else None


def _ledger(form: Form, site: Site, years: Years) -> dict[str, dict[str, Decimal | None]]:
    lines = _lines(form, site)
    parts: dict[str, list[_Part]] = {field: [] for field in lines.values()}
    for part in (*(_Part(row, years) for row in site.streams), *_of_members(site, years)):
        field = _field_of(part.stream, lines)
        if field is not None:
            parts[field].append(part)
    sums = {
        field: {year: _sum(part.in_year(year) for part in rows) for year in years}
        for field, rows in parts.items()
    }
    discharged = [row for row in site.streams if row.kind is WaterKind.DISCHARGE]
    if any(row.compliant_m3 for row in discharged):
        sums[COMPLIANT] = {
            year: _sum(row.compliant_m3.get(period.id) for row in discharged)
            for year, period in years.items()
        }
    return sums


def _of_members(site: Site, years: Years) -> Iterator[_Part]:
    """Yield what a park's members use again; a member may name the park's years otherwise, or lack one."""
    for member in site.members:
        own = {(row.start, row.end): row for row in member.periods}
        theirs = {year: own.get((period.start, period.end)) for year, period in years.items()}
        for stream in member.streams:
            if stream.kind in REUSED:
                yield _Part(stream, theirs)


def _sum(volumes: Iterable[Decimal | None]) -> Decimal | None:
    rows = list(volumes)
    told = [row for row in rows if row is not None]
    return reduce(_WIDE.add, told, Decimal(0)) if len(told) == len(rows) else None


def _declared(site: Site, years: Years, key: str) -> dict[str, Decimal | None]:
    main = next((row.id for row in site.products if row.main), None)
    subjects = (None, main) if key == OF_PRODUCT else (None,)
    values = {
        row.period: row.value for row in site.declared if row.indicator == key and row.subject in subjects
    }
    return {year: values.get(period.id) for year, period in years.items()}


def _tables(form: Form, site: Site, years: Years) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    rows: dict[str, Iterable[Any]] = {
        "permits": site.permits,
        "quotas": site.quotas,
        "products": [row for row in site.products if row.main],
    }
    for field in (field for section in form.sections for field in section.fields):
        if field.type is FieldType.TABLE and field.id in rows:
            yield field.id, [_row(row, field.columns, years) for row in rows[field.id]]


def _row(row: Any, columns: Iterable[Column], years: Years) -> dict[str, Any]:
    """Return a row by the form's columns, whose ids are the names of the element's own attributes."""
    told = {column.id: getattr(row, column.id, None) for column in columns}
    for column in (column for column in columns if column.per_year):
        told[column.id] = {year: (told[column.id] or {}).get(period.id) for year, period in years.items()}
    typed = {name: _typed(value) for name, value in told.items()}
    return {name: value for name, value in typed.items() if value not in ("", {})}


def _typed(value: Any) -> Any:
    """Return a value as a person would have typed it into the form."""
    if isinstance(value, Mapping):
        return {key: _typed(item) for key, item in value.items() if item is not None}
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, (bool, list)):
        return "" if value is None else value
    return str(value)
