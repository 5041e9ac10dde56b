"""Checks of what a site claims: quotas come with a source, a statement is made once, proof has a known code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xunshui.quantities import UnitMismatch, unit_of
from xunshui.site.claims import Quota, QuotaState
from xunshui.site.labels import label
from xunshui.site.mistakes import Mistake, shown
from xunshui.site.model import Site


def quotas(site: Site) -> Iterator[Mistake]:
    """A quota row that a person brings says its value and level, and where it was read."""
    for row, quota in enumerate(site.quotas):
        for name, problem in _missing_of(quota):
            yield Mistake(loc=("quotas", row, name), problem=problem, accepted="填写此项")
        try:
            unit_of(quota.per)
        except UnitMismatch as error:
            yield Mistake(loc=("quotas", row, "per"), problem=str(error))


def _missing_of(quota: Quota) -> Iterator[tuple[str, str]]:
    if not quota.source:
        yield "source", "定额须写明出处"
    if quota.state is QuotaState.PRESENT and quota.value_m3 is None:
        yield "value_m3", "有此定额时须填写定额值"
    if quota.state is QuotaState.PRESENT and quota.level_for_gate is None:
        yield "level_for_gate", "须由填报人写明判定采用的级别"
    if quota.state is QuotaState.NO_SUCH_STANDARD and not quota.provided_by:
        yield "provided_by", "声明“经查无此标准”须写明由谁查证"
    if quota.state is QuotaState.NO_SUCH_STANDARD and quota.provided_on is None:
        yield "provided_on", "声明“经查无此标准”须写明查证日期"


def quota_rows_once(site: Site) -> Iterator[Mistake]:
    """A quota is told once for each key, authority and level."""
    seen: set[tuple[object, ...]] = set()
    for row, quota in enumerate(site.quotas):
        key = (quota.key, quota.authority, quota.state, quota.level_for_gate)
        states = {other.state for other in site.quotas if (other.key, other.authority) == key[:2]}
        if key in seen or len(states) > 1:
            yield Mistake(
                loc=("quotas", row, "key"),
                problem=f"定额“{quota.key}”（{label(quota.authority)}）重复或自相矛盾",
                accepted="每个定额键、层级和级别一行",
            )
        seen.add(key)


def statements_once(site: Site) -> Iterator[Mistake]:
    """A statement is made once."""
    seen = set()
    for row, declaration in enumerate(site.declarations):
        if declaration.statement in seen:
            yield Mistake(
                loc=("declarations", row, "statement"),
                problem=f"“{label(declaration.statement)}”已声明过",
                accepted="每个事项一行",
            )
        seen.add(declaration.statement)


def document_codes(site: Site) -> Iterator[Mistake]:
    """A proof document bears a code P01 to P20."""
    for row, document in enumerate(site.documents):
        if not re.fullmatch(r"P(0[1-9]|1[0-9]|20)", document.code):
            yield Mistake(
                loc=("documents", row, "code"),
                problem=f"“{shown(document.code)}”不是材料类别",
                accepted="P01–P20",
            )
