"""A case as the interface tells it: the row of the list, and everything on the page."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from xunshui.review.deadline import BEIJING
from xunshui.web.catalogue.case import CasePage, YearShown, case_page
from xunshui.web.catalogue.figures import Figure, GateShown
from xunshui.web.programme.models import Application


class CaseRowOut(Schema):
    """A case in the list; the same members as `/catalogue/cases.json`."""

    number: str = Field(title="编号")
    year: int = Field(title="年度")
    case_name: str = Field(title="案例名称")
    applicant: str = Field(title="申报单位")
    kind: str = Field(title="类别")
    direction: str = Field(title="方向")
    direction_title: str = Field(title="方向名称")
    industry: str | None = Field(title="行业代码")
    industry_class: str = Field(title="行业类别")
    body: str = Field(title="推荐单位代码")
    province: str = Field(title="地区")
    city: str | None = Field(title="市县")
    published_on: str = Field(title="公布日期")
    indicator: str | None = Field(title="指标")
    value: str | None = Field(title="指标值", description="取舍到能与限值区分的位数")
    exact: str | None = Field(title="精确值", description="分数，如 122/125")
    unit: str | None = Field(title="单位")
    operator: str | None = Field(title="比较")
    threshold: str | None = Field(title="限值")
    water_saved_m3: str | None = Field(title="年节水量", description="m³")
    discharge_avoided_m3: str | None = Field(title="年减排废水量", description="m³")
    cod_avoided_t: str | None = Field(title="年减排 COD", description="t")
    ammonia_avoided_t: str | None = Field(title="年减排氨氮", description="t")
    co2_avoided_t: str | None = Field(title="年减碳量", description="t CO₂")
    url: str = Field(title="网页地址")


class FigureOut(Schema):
    """One judged number."""

    indicator: str = Field(title="指标")
    title: str = Field(title="名称")
    period: str = Field(title="时期")
    outcome: str = Field(title="结论", description="met、not_met、not_applicable、cannot_tell")
    value: str = Field(title="值")
    exact: str = Field(title="精确值")
    unit: str = Field(title="单位")
    operator: str = Field(title="比较")
    threshold: str = Field(title="限值")


class GateOut(Schema):
    """A gate of the notice with what its number rests on."""

    id: str = Field(title="关口")
    title: str = Field(title="名称")
    clause: str = Field(title="条款")
    outcome: str = Field(title="结论")
    reason: str = Field(title="依据")
    formula: str = Field(title="公式")
    marks: list[str] = Field(title="标记")
    figure: FigureOut | None = Field(title="数值")
    years: list[FigureOut] = Field(title="逐年")


class ParagraphsOut(Schema):
    """A part of the narrative."""

    id: str = Field(title="栏目")
    title: str = Field(title="名称")
    paragraphs: list[str] = Field(title="段落")


class FactOut(Schema):
    """A fact of the project as declared."""

    title: str = Field(title="名称")
    value: str = Field(title="值")
    unit: str = Field(title="单位")


class YearOut(Schema):
    """A year after publication."""

    year: int = Field(title="年度")
    figure: FigureOut | None = Field(title="数值")


class CaseOut(CaseRowOut):
    """A case with everything on its page."""

    partners: list[str] = Field(title="联合申报单位")
    narrative: list[ParagraphsOut] = Field(title="正文", description="申报单位不同意公开的为空")
    facts: list[FactOut] = Field(title="项目数据")
    gates: list[GateOut] = Field(title="关口")
    years: list[YearOut] = Field(title="公布以后的年度")
    submission: int = Field(title="版次")
    submitted_at: str = Field(title="提交时间")
    digest: str = Field(title="摘要")
    rule_version: str = Field(title="规则版本")
    evidence_url: str = Field(title="证据包地址", description="离线复算用")


def case_out(application: Application, row: dict[str, Any], host: str) -> CaseOut:
    """Return a published case with everything on its page; `row` is the case as the list tells it."""
    page = case_page(application)
    return CaseOut(
        **row,
        partners=list(page.partners),
        narrative=[
            ParagraphsOut(id=block.id, title=block.title, paragraphs=list(block.paragraphs))
            for block in page.narrative
        ],
        facts=[FactOut(title=fact.title, value=str(fact.value), unit=fact.unit) for fact in page.facts],
        gates=[_gate(gate) for gate in page.gates],
        years=[_year(year) for year in page.years],
        **_version(page, host),
    )


def _version(page: CasePage, host: str) -> dict[str, Any]:
    version = page.submission
    return {
        "submission": version.no,
        "submitted_at": version.at.astimezone(BEIJING).isoformat(),
        "digest": version.digest,
        "rule_version": version.rule_version,
        "evidence_url": f"{host}/catalogue/{page.application.number}/evidence.zip",
    }


def _gate(gate: GateShown) -> GateOut:
    return GateOut(
        id=gate.id,
        title=gate.title,
        clause=gate.clause,
        outcome=gate.outcome,
        reason=gate.reason,
        formula=gate.formula,
        marks=list(gate.marks),
        figure=_figure(gate.figure),
        years=[told for year in gate.years if (told := _figure(year)) is not None],
    )


def _year(year: YearShown) -> YearOut:
    return YearOut(year=year.row.year, figure=_figure(year.figure))


def _figure(figure: Figure | None) -> FigureOut | None:
    if figure is None:
        return None
    return FigureOut(**{name: getattr(figure, name) for name in FigureOut.model_fields})
