"""The recommendation table (推荐表) as content: the body's header and a row for each case, by the form's fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from xunshui.documents.filing.content import Filing, Part
from xunshui.documents.report.table import Column, Table, word
from xunshui.register import Form

_WIDE = {"case_name": 16, "applicant": 14, "indicator": 18, "opinion": 20, "rank": 4, "number": 8}


def recommendation_content(
    form: Form, header: Mapping[str, str], rows: Sequence[Mapping[str, str]]
) -> Filing:
    """Return the content of a recommendation table."""
    head, cases = form.sections
    columns = tuple(Column(title=field.title, width=_WIDE.get(field.id, 7)) for field in cases.fields)
    table = Table(
        caption=cases.title,
        columns=columns,
        rows=tuple(tuple(word(row.get(field.id, "")) for field in cases.fields) for row in rows),
    )
    facts = tuple((field.title, header.get(field.id, "") or "—") for field in head.fields)
    return Filing(
        title=form.title,
        subtitle=header.get("body", ""),
        official=form.official,
        note=form.note,
        facts=facts,
        parts=(Part(title=cases.title, tables=(table,)), _totals(rows)),
        seals=("推荐单位（盖章）",),
        wide=True,
    )


def _totals(rows: Sequence[Mapping[str, str]]) -> Part:
    counted = [
        (title, f"{name} {count}")
        for title, key in (("方向", "direction"), ("行业", "industry"))
        for name, count in Counter(row.get(key, "") or "未填" for row in rows).most_common()
    ]
    return Part(title=f"合计 {len(rows)} 个", facts=tuple(counted))
