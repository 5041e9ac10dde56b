"""The conditions of the notice beside its gates: who applies, permits, plans, accidents, credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from xunshui.quantities import show, sum_of_decimals
from xunshui.register import Clause
from xunshui.rules.ground import Ground
from xunshui.rules.judgement import Judgement, Mark
from xunshui.rules.outcome import Outcome, all_of
from xunshui.site.claims import STATEMENT_TITLES, Declaration, Permit, Statement
from xunshui.site.kinds import SiteKind, WaterKind
from xunshui.site.model import ParkLevel
from xunshui.site.operation import Period

PLANNED_KINDS = (WaterKind.SURFACE, WaterKind.GROUND, WaterKind.PUBLIC_SUPPLY)
_LEVELS = {
    "prefecture": (ParkLevel.NATIONAL, ParkLevel.PROVINCIAL, ParkLevel.PREFECTURE),
    "provincial": (ParkLevel.NATIONAL, ParkLevel.PROVINCIAL),
}


def judge_conditions(ground: Ground) -> tuple[Judgement, ...]:
    """Return the judgement of every condition, in the order of the notice."""
    return tuple(_JUDGES[clause.id](ground, clause) for clause in ground.notice.conditions)


def _node(clause: Clause, outcome: Outcome, reason: str, **more: Any) -> Judgement:
    of_clause: dict[str, Any] = {"id": clause.id, "title": clause.title, "clause": clause.clause}
    of_clause |= {"text": clause.text, "source": clause.source, "grade": str(clause.grade)}
    return Judgement(outcome=outcome, reason=reason, **(of_clause | more))


def _stated(ground: Ground, clause: Clause, statement: Statement) -> Judgement:
    """Return the judgement of a statement: it holds only with proof of the kind that the clause asks for."""
    declaration = next((row for row in ground.site.declarations if row.statement is statement), None)
    title = STATEMENT_TITLES[statement]
    if declaration is None or declaration.holds is None:
        return _node(clause, Outcome.CANNOT_TELL, f"尚未声明“{title}”", id=str(statement), title=title)
    if not declaration.holds:
        return _node(clause, Outcome.NOT_MET, f"申报人声明不符合：{title}", id=str(statement), title=title)
    proof = _proof(ground, clause, declaration)
    if not proof:
        wanted = "、".join(clause.proof)
        reason = f"已声明“{title}”，缺少证明材料（{wanted}）"
        return _node(clause, Outcome.CANNOT_TELL, reason, id=str(statement), title=title)
    if statement is Statement.NOT_LISTED and declaration.checked_on is None:
        reason = "已声明并附查询结果，缺少查询日期"
        return _node(clause, Outcome.CANNOT_TELL, reason, id=str(statement), title=title, evidence=proof)
    when = f"，查询日期 {declaration.checked_on}" if declaration.checked_on else ""
    reason = f"已声明并附证明材料 {'、'.join(proof)}{when}"
    return _node(clause, Outcome.MET, reason, id=str(statement), title=title, evidence=proof)


def _proof(ground: Ground, clause: Clause, declaration: Declaration) -> tuple[str, ...]:
    codes = {document.id: document.code for document in ground.site.documents}
    return tuple(document for document in declaration.documents if codes.get(document) in clause.proof)


def _applicant(ground: Ground, clause: Clause) -> Judgement:
    if ground.site.kind is not SiteKind.PARK:
        return replace(_stated(ground, clause, Statement.LEGAL_ENTITY), id=clause.id, title=clause.title)
    level, managed = _park_level(ground, clause), _stated(ground, clause, Statement.PARK_MANAGEMENT)
    reason = "；".join(part.reason for part in (level, managed))
    outcome = all_of((level.outcome, managed.outcome))
    return _node(
        clause, outcome, reason, evidence=managed.evidence, marks=level.marks, children=(level, managed)
    )


def _park_level(ground: Ground, clause: Clause) -> Judgement:
    wanted = "省级以上" if ground.readings["park_level"] == "provincial" else "地级以上"
    conflict = Mark("reading", "通知原文为“地级以上”，有转载写作“省级以上”")
    if ground.site.park_level is None:
        return _node(clause, Outcome.CANNOT_TELL, "未填写园区级别", id="park_level", title="园区级别")
    outcome = (
        Outcome.MET if ground.site.park_level in _LEVELS[ground.readings["park_level"]] else Outcome.NOT_MET
    )
    reason = f"园区级别须{wanted}，填报为{_level_title(ground.site.park_level)}"
    return _node(clause, outcome, reason, id="park_level", title="园区级别", marks=(conflict,))


def _level_title(level: ParkLevel) -> str:
    return {"national": "国家级", "provincial": "省级", "prefecture": "地级", "county": "县级"}[level]


def _lawful_withdrawal(ground: Ground, clause: Clause) -> Judgement:
    permits = ground.site.permits
    if not permits:
        return _node(clause, Outcome.CANNOT_TELL, "没有填写取水许可证或其他合法手续")
    deciding = dt.date(ground.years[-1], 12, 31)
    valid = [row for row in permits if _valid_on(row, deciding)]
    codes = {document.id: document.code for document in ground.site.documents}
    # A permit that has run out proves nothing beside one that is valid.
    told = valid or permits
    documents = tuple(
        row.document for row in told if row.document and codes.get(row.document) in clause.proof
    )
    numbers = "、".join(row.number for row in told)
    if not valid:
        return _node(clause, Outcome.NOT_MET, f"许可 {numbers} 在 {deciding} 均已失效", evidence=documents)
    if not documents:
        return _node(
            clause, Outcome.CANNOT_TELL, f"已填写许可 {numbers}，缺少证明材料（{'、'.join(clause.proof)}）"
        )
    return _node(clause, Outcome.MET, f"许可 {numbers}，材料 {'、'.join(documents)}", evidence=documents)


def _valid_on(permit: Permit, day: dt.date) -> bool:
    begun = permit.valid_from is None or permit.valid_from <= day
    return begun and (permit.valid_to is None or permit.valid_to >= day)


def _within_plan(ground: Ground, clause: Clause) -> Judgement:
    """Return whether each evidence year stayed within its plan, by figures; a certificate stands in for missing ones."""
    years = tuple(_plan_of_year(ground, clause, year) for year in ground.years)
    by_figures = all_of(year.outcome for year in years)
    stated = _stated(ground, clause, Statement.NO_OVER_PLAN)
    if by_figures is Outcome.CANNOT_TELL and stated.outcome is not Outcome.CANNOT_TELL:
        return _node(
            clause, stated.outcome, stated.reason, evidence=stated.evidence, children=(*years, stated)
        )
    if stated.outcome is Outcome.NOT_MET:
        return _node(clause, Outcome.NOT_MET, stated.reason, children=(*years, stated))
    reason = "；".join(year.reason for year in years)
    return _node(clause, by_figures, reason, evidence=stated.evidence, children=(*years, stated))


def _plan_of_year(ground: Ground, clause: Clause, year: int) -> Judgement:
    period = ground.site.year(year)
    facts = {"id": f"{clause.id}/{year}", "title": f"{year} 年", "period": str(year)}
    if period is None or period.plan_m3 is None:
        return _node(clause, Outcome.CANNOT_TELL, f"{year} 年没有计划用水量", **facts)
    actual = _planned_actual(ground, period)
    if actual is None:
        return _node(clause, Outcome.CANNOT_TELL, f"{year} 年实际取水量不全", **facts)
    plan = Fraction(period.plan_m3)
    outcome = Outcome.MET if actual <= plan else Outcome.NOT_MET
    word = "未超" if outcome is Outcome.MET else "超过"
    reason = f"{year} 年实际 {show(actual, 0)} m³，{word}计划 {show(plan, 0)} m³"
    return _node(
        clause, outcome, reason, value=actual, threshold=plan, unit="m³", margin=plan - actual, **facts
    )


def _planned_actual(ground: Ground, period: Period) -> Fraction | None:
    if period.plan_actual_m3 is not None:
        return Fraction(period.plan_actual_m3)
    planned = [row.volume_m3 for row in ground.site.streams if row.kind in PLANNED_KINDS]
    told = [volumes[period.id] for volumes in planned if period.id in volumes]
    return sum_of_decimals(told) if len(told) == len(planned) else None


_JUDGES: dict[str, Callable[[Ground, Clause], Judgement]] = {
    "R-APP-1": _applicant,
    "R-BASE-1": _lawful_withdrawal,
    "R-BASE-2": _within_plan,
    "R-BASE-3": lambda ground, clause: replace(
        _stated(ground, clause, Statement.NO_ACCIDENT), id=clause.id, title=clause.title
    ),
    "R-BASE-4": lambda ground, clause: replace(
        _stated(ground, clause, Statement.NOT_LISTED), id=clause.id, title=clause.title
    ),
}
