"""The head of the report: which site, which year, by which rules, and whether its figures are real."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xunshui.assess import Assessment
from xunshui.documents.report.names import kind_title, period_title
from xunshui.documents.typeset import shortened, typeset
from xunshui.rules import Judgement
from xunshui.site.model import INDUSTRY_CLASS_TITLES, IndustryClass

LONGEST_TITLE = 60
EXAMPLE_BAND = "含示例或假设数值，结论不能用于申报"


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The title block: the site's name, facts as pairs of word and text, and a band or none."""

    name: str
    facts: tuple[tuple[str, str], ...]
    band: str


def title_of(assessment: Assessment) -> Title:
    """Return the title block of an assessment."""
    site, verdict = assessment.site, assessment.verdict
    period = site.period(assessment.period)
    facts = (
        ("类型", kind_title(site)),
        ("行业", _industry(assessment)),
        ("所在地", shortened(f"{site.province}{site.city}", 40)),
        ("判定时期", period_title(period) if period else f"{assessment.period} 年（文件中没有）"),
        ("通知", verdict.notice),
        ("规则版本", verdict.rule_version),
        ("释义选项", _departures(assessment)),
    )
    return Title(
        name=shortened(site.name, LONGEST_TITLE),
        facts=tuple((label, typeset(text)) for label, text in facts if text),
        band=EXAMPLE_BAND if site.assumptions or _rests_on_examples(verdict.gates) else "",
    )


def _industry(assessment: Assessment) -> str:
    site = assessment.site
    mapped = assessment.register.industry_class(
        site.industry or "", assessment.verdict.readings["industry_map"]
    )
    named = IndustryClass(mapped) if mapped else site.industry_class
    return " ".join(
        filter(None, (shortened(site.industry or "", 12), INDUSTRY_CLASS_TITLES[named] if named else ""))
    )


def _departures(assessment: Assessment) -> str:
    verdict = assessment.verdict
    chosen = [f"{reading}={verdict.readings[reading]}" for reading in verdict.departures]
    return f"改用 {'、'.join(chosen)}，其余默认" if chosen else "全部默认"


def _rests_on_examples(judgements: Iterable[Judgement]) -> bool:
    return any(
        any(mark.code == "example" for mark in row.marks) or _rests_on_examples(row.children)
        for row in judgements
    )
