"""Gate R-IND-1: the reuse rate of industrial water, by industry."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xunshui.rules.gates.chosen import with_readings
from xunshui.rules.gates.compared import against
from xunshui.rules.gates.over_years import over_years
from xunshui.rules.ground import Ground
from xunshui.rules.judgement import Judgement, Mark
from xunshui.rules.outcome import Outcome
from xunshui.site.kinds import SiteKind
from xunshui.site.model import INDUSTRY_CLASS_TITLES, IndustryClass, Site

GATE = "R-IND-1"
WORDING = "再回用 {flow} m³/h（全年 {volume} m³，替代等量新水）即可越过 {goal}"
PARK_INDICATORS = {"members_and_exchange": "park_reuse_rate", "park_works_only": "park_works_reuse_rate"}


def judge(ground: Ground) -> Judgement:
    """Return the judgement of the reuse gate."""
    clause = ground.notice.clause(GATE)
    subject = subject_of(ground)
    if subject.name is None:
        return _without_threshold(ground, Outcome.CANNOT_TELL, subject.reason)
    threshold = clause.threshold(subject.name)
    if threshold is None:
        return _without_threshold(ground, Outcome.NOT_APPLICABLE, f"通知未对{subject.reason}设重复利用率限值")
    indicator = (
        PARK_INDICATORS[ground.readings["park_reuse"]] if subject.name == "park" else threshold.indicator
    )
    judged = over_years(
        ground,
        clause,
        lambda period: against(ground, clause, threshold, period, indicator=indicator, wording=WORDING),
    )
    marked = replace(judged, marks=judged.marks + subject.marks) if subject.marks else judged
    always = ("park_reuse",) if subject.name == "park" else ()
    return with_readings(ground, marked, always=always, else_only=("deciding_year", "industry_map"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The class of the notice that an applicant belongs to; None with a reason where nobody has said."""

    name: str | None
    reason: str
    marks: tuple[Mark, ...] = ()


def subject_of(ground: Ground) -> Subject:
    """Return the class of applicant that the gate's thresholds are told for."""
    site = ground.site
    if site.kind is SiteKind.PARK:
        return Subject(name="park", reason="园区")
    if site.kind is SiteKind.DATA_CENTRE:
        return Subject(name="data_centre", reason="数据中心")
    mapped = ground.register.industry_class(site.industry or "", ground.readings["industry_map"])
    if mapped is not None:
        title = INDUSTRY_CLASS_TITLES[IndustryClass(mapped)]
        mark = Mark("derived", f"行业代码 {site.industry} 归入“{title}”为本项目推定")
        return Subject(name=mapped, reason=title, marks=(mark,))
    return _chosen_class(site)


def _chosen_class(site: Site) -> Subject:
    if site.industry_class is None:
        offered = "、".join(f"{title}({code})" for code, title in INDUSTRY_CLASS_TITLES.items())
        code = f"行业代码 {site.industry} 未列入对照表" if site.industry else "未填写行业代码"
        return Subject(name=None, reason=f"{code}；请在“行业归类”中选择：{offered}")
    title = INDUSTRY_CLASS_TITLES[site.industry_class]
    mark = Mark("self_classified", f"行业归类“{title}”由申报人选择")
    return Subject(name=str(site.industry_class), reason=title, marks=(mark,))


def _without_threshold(ground: Ground, outcome: Outcome, reason: str) -> Judgement:
    clause = ground.notice.clause(GATE)
    return Judgement(
        id=GATE,
        title=clause.title,
        outcome=outcome,
        reason=reason,
        clause=clause.clause,
        text=clause.text,
        source=clause.source,
        grade=str(clause.grade),
    )
