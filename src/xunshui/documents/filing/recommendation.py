"""The recommendation table (推荐表) as content: the body's header and a row for each case, by the form's fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from xunshui.documents.filing.content import Filing, Part, pairs, whole
from xunshui.documents.report.table import Column, Table
from xunshui.documents.typeset import typeset
from xunshui.register import Form, FormInvalid

_WIDE = {"case_name": 16, "applicant": 14, "indicator": 18, "opinion": 20, "rank": 4, "number": 8}


def recommendation_content(
    form: Form, header: Mapping[str, str], rows: Sequence[Mapping[str, str]]
) -> Filing:
    """Return the content of a recommendation table: the section `cases` of the form is its table, all others its head.

    Raises `FormInvalid` where the form has no such section.
    """
    cases = form.section("cases")
    if cases is None:
        raise FormInvalid(f"表样“{form.title}”没有编号为 cases 的章节；推荐表的每个案例按它的栏目列出")
    head = [field for section in form.sections if section is not cases for field in section.fields]
    columns = tuple(Column(title=field.title, width=_WIDE.get(field.id, 7)) for field in cases.fields)
    table = Table(
        caption=cases.title,
        columns=columns,
        rows=tuple(tuple(whole(row.get(field.id, "")) for field in cases.fields) for row in rows),
    )
    facts = pairs((field.title, header.get(field.id, "") or "—") for field in head)
    return Filing(
        title=typeset(form.title),
        subtitle=typeset(header.get("body", "")),
        official=form.official,
        note=typeset(form.note),
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
    return Part(title=f"合计 {len(rows)} 个", facts=pairs(counted))
