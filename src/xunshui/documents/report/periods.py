"""Which periods a page shows: the deciding one, and where the file lacks it the latest, said so."""

from __future__ import annotations

from dataclasses import dataclass

from xunshui.assess import Assessment
from xunshui.documents.report.names import period_title
from xunshui.site.operation import Period

MOST_COLUMNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The period that map and ledger show; `remark` says where it is not the deciding one."""

    period: Period
    title: str
    remark: str


def shown_period(assessment: Assessment) -> Shown | None:
    """Return the period to show, None where the file has none at all."""
    site = assessment.site
    deciding = site.period(assessment.period)
    if deciding is not None:
        return Shown(period=deciding, title=period_title(deciding), remark="")
    if not site.periods:
        return None
    latest = max(site.periods, key=lambda period: period.end)
    remark = f"文件没有 {assessment.period} 年的数据，这里是最近的 {period_title(latest)}。"
    return Shown(period=latest, title=period_title(latest), remark=remark)


def column_periods(assessment: Assessment) -> tuple[Period, ...]:
    """Return the periods that stand side by side on a page: the evidence years first, then the latest others."""
    site = assessment.site
    evidence = [period for year in assessment.register.notice.years if (period := site.year(year))]
    others = sorted(
        (row for row in site.periods if row not in evidence), key=lambda row: row.end, reverse=True
    )
    chosen = {row.id for row in (*evidence, *others)[:MOST_COLUMNS]}
    return tuple(row for row in site.periods if row.id in chosen)
