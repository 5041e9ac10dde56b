"""Findings about the ledger and its meters: what does not close, what is missing, what nobody measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from xunshui.assess.problem import Problem, Severity
from xunshui.balance import SITE, Ledger, Row, Volumes
from xunshui.quantities import show
from xunshui.register import Register
from xunshui.site.kinds import INTAKE, RECLAIMED, SiteKind, WaterKind
from xunshui.site.model import INDUSTRY_CLASS_TITLES, Site

_SELF_SUPPLIED = (WaterKind.SURFACE, WaterKind.GROUND)
_WHOLE = {SiteKind.ENTERPRISE: "全厂", SiteKind.PARK: "全园区", SiteKind.DATA_CENTRE: "全站"}


def open_balances(site: Site, ledgers: Mapping[str, Ledger]) -> Iterator[Problem]:
    """Yield a problem for every unit and period whose residual exceeds its tolerance."""
    names = {unit.id: unit.name for unit in site.units} | {SITE: _WHOLE[site.kind]}
    for period, ledger in ledgers.items():
        for row in ledger.open_rows():
            yield Problem(
                code="balance_open",
                severity=Severity.WARNING,
                where=row.unit or "site",
                period=period,
                text=_residual_in_words(names[row.unit], row),
                remedy="核对该单元进出水表；有漏失、蒸发或存水变化的，分别填入台账，不要并入排水",
            )


def _residual_in_words(name: str, row: Row) -> str:
    assert row.residual is not None
    side = "进水比出水多" if row.residual > 0 else "出水比进水多"
    share = 100 * abs(row.residual) / row.throughput if row.throughput else None
    return (
        f"{name}：{side} {show(abs(row.residual), 0)} m³（占通过水量 {show(share, 1)} %），"
        f"超过允差 {show(row.tolerance, 0)} m³（{show(row.tolerance_percent, 0)} %）"
    )


def missing_volumes(site: Site, register: Register) -> Iterator[Problem]:
    """Yield a problem for every evidence year that is absent or in which streams have no volume."""
    for year in register.notice.years:
        period = site.year(year)
        if period is None:
            yield Problem(
                code="year_absent",
                severity=Severity.WARNING,
                where="periods",
                period=str(year),
                text=f"没有 {year} 年的数据",
                remedy=f"补充 {year}-01-01 至 {year}-12-31 的时期和水量",
            )
            continue
        missing = [stream.id for stream in site.streams if period.id not in stream.volume_m3]
        if missing:
            yield Problem(
                code="volume_missing",
                severity=Severity.WARNING,
                where="streams",
                period=period.id,
                text=f"{len(missing)} 条水流没有 {period.id} 年水量：{'、'.join(missing[:8])}{' 等' if len(missing) > 8 else ''}",
                remedy="填写水量；确实没有水的填 0，缺测的保持空白",
            )


def beyond_licence(site: Site, ledgers: Mapping[str, Ledger]) -> Iterator[Problem]:
    """Yield a problem for every full year in which more was taken than all permits together allow."""
    licensed = [permit.licensed_m3_per_year for permit in site.permits]
    if not licensed or None in licensed:
        return
    allowed = sum((Fraction(volume) for volume in licensed if volume is not None), Fraction(0))
    for period in (period for period in site.periods if period.full_year and period.id in ledgers):
        taken = Volumes(site, period.id).total(_SELF_SUPPLIED).known
        if taken > allowed:
            yield Problem(
                code="beyond_licence",
                severity=Severity.WARNING,
                where="permits",
                period=period.id,
                text=f"自备水源取水 {show(taken, 0)} m³，超过许可年取水量合计 {show(allowed, 0)} m³",
                remedy="核对许可证与水源分类；确有超许可取水的，申报前须依法处理",
            )


def unmetered_intake(site: Site, deciding: str) -> Iterator[Problem]:
    """Yield a note for every intake that bears no meter."""
    for stream in site.streams:
        if stream.kind in INTAKE and not stream.meters and stream.volume_m3.get(deciding):
            yield Problem(
                code="intake_unmetered",
                severity=Severity.WARNING,
                where=stream.id,
                period=deciding,
                text=f"取水“{stream.name or stream.id}”没有水表，水量为估算",
                remedy="取水口应安装一级水表，并在“水表”表登记",
            )


def expired_meters(site: Site, deciding_year: int) -> Iterator[Problem]:
    """Yield a note for every meter whose calibration had run out when the deciding year began."""
    for meter in site.meters:
        if meter.valid_to is not None and meter.valid_to.year < deciding_year:
            yield Problem(
                code="meter_expired",
                severity=Severity.WARNING,
                where=meter.id,
                period=str(deciding_year),
                text=f"水表 {meter.id} 的检定有效期止于 {meter.valid_to}",
                remedy="重新检定，或在备注说明替代的计量依据",
            )


def classification(site: Site, register: Register) -> Iterator[Problem]:
    """Yield a problem where the chosen class contradicts the industry code."""
    mapped = register.industry_class(site.industry or "", "narrow")
    if mapped is not None and site.industry_class is not None and mapped != site.industry_class:
        titles = {str(code): title for code, title in INDUSTRY_CLASS_TITLES.items()}
        yield Problem(
            code="class_contradicts",
            severity=Severity.WARNING,
            where="industry_class",
            period="",
            text=f"行业代码 {site.industry} 属于“{titles[mapped]}”，自选归类为“{titles[site.industry_class]}”；按行业代码判定",
            remedy="改正行业代码，或删去自选归类",
        )


def reclaimed_passing_through(site: Site) -> Iterator[Problem]:
    """Yield a note where reclaimed water is both taken in and supplied to others: the share may count water not used here."""
    kinds = {stream.kind for stream in site.streams}
    if kinds & RECLAIMED and WaterKind.SUPPLIED_RECLAIMED in kinds:
        yield Problem(
            code="reclaimed_passes_through",
            severity=Severity.NOTE,
            where="streams",
            period="",
            text="既取用再生水又外供再生水，再生水比重可能含有转供水量",
            remedy="说明外供的再生水是否来自外部；来自外部的应从取用量中扣除后填报",
        )


def assumptions(site: Site) -> Iterator[Problem]:
    """Yield a note where the file itself says that figures are assumed or invented."""
    if site.assumptions:
        yield Problem(
            code="assumed_figures",
            severity=Severity.NOTE,
            where="assumptions",
            period="",
            text=f"本文件注明 {len(site.assumptions)} 处假设或示例数值，结论不能用于申报",
            remedy="以实测和台账数值替换后删去“假设”表中的行",
        )
