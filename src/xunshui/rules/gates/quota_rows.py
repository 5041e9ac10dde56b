"""Which quota row a product is judged by: the register's, the one the site brings, or none that anyone knows of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from xunshui.quantities import unit_of
from xunshui.register import Grade, QuotaRow
from xunshui.rules.ground import Ground
from xunshui.rules.judgement import UNVERIFIED, Mark
from xunshui.rules.outcome import Outcome
from xunshui.site.claims import Authority, Quota, QuotaLevel, QuotaState
from xunshui.site.labels import label
from xunshui.site.operation import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A quota that can decide, from whichever side it came."""

    value_m3: Decimal
    per: str
    reclaimed_factor: Decimal | None
    standard: str
    source: str
    grade: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search for a quota found: a limit, or why there is none.

    `outcome` is `not_applicable` only where a person has said that no such standard exists.
    """

    authority: Authority
    limit: Limit | None
    outcome: Outcome
    reason: str
    marks: tuple[Mark, ...] = ()


def search(ground: Ground, product: Product, authority: Authority) -> Search:
    """Return the advanced quota of an authority for a product: the strictest of what is known."""
    brought = [
        quota
        for quota in ground.site.quotas
        if (quota.key, quota.authority) == (product.quota_key, authority)
    ]
    rows = ground.register.quota_rows(product.quota_key or "", str(authority), ground.site.province)
    limits = [_of_row(row) for row in rows if _decides(row)]
    limits += [_of_quota(quota) for quota in brought if _is_advanced(quota)]
    if limits:
        strictest = min(limits, key=lambda limit: Fraction(limit.value_m3) / unit_of(limit.per).factor)
        return Search(authority=authority, limit=strictest, outcome=Outcome.MET, reason=strictest.standard)
    absent = next((quota for quota in brought if quota.state is QuotaState.NO_SUCH_STANDARD), None)
    if absent is not None and not rows:
        return _absent(authority, absent)
    return Search(
        authority=authority,
        limit=None,
        outcome=Outcome.CANNOT_TELL,
        reason=_unknown(product, authority, rows),
    )


def _decides(row: QuotaRow) -> bool:
    return row.level_for_gate == QuotaLevel.ADVANCED and row.grade is not Grade.M


def _is_advanced(quota: Quota) -> bool:
    return quota.state is QuotaState.PRESENT and quota.level_for_gate is QuotaLevel.ADVANCED


def _absent(authority: Authority, quota: Quota) -> Search:
    who = f"{quota.provided_by} 于 {quota.provided_on} 查证，出处：{quota.source}"
    return Search(
        authority=authority,
        limit=None,
        outcome=Outcome.NOT_APPLICABLE,
        reason=f"{label(authority)}没有此项定额标准（{who}）",
        marks=(Mark("user_supplied", f"无此标准由{quota.provided_by}声明"),),
    )


def _unknown(product: Product, authority: Authority, rows: tuple[QuotaRow, ...]) -> str:
    if product.quota_key is None:
        return f"产品“{product.name}”未填写定额键，无法查找{label(authority)}定额"
    if rows:
        return f"{rows[0].standard} 的已知行中没有可作先进值的数值；请在“定额”表补充先进值与出处"
    return (
        f"未知{label(authority)}定额“{product.quota_key}”；请在“定额”表填写先进值与出处，或声明经查无此标准"
    )


def _of_row(row: QuotaRow) -> Limit:
    marks = (UNVERIFIED,) if row.grade is Grade.C else ()
    disputed = (Mark("disputed", row.disputed),) if row.disputed else ()
    return Limit(
        value_m3=row.value_m3,
        per=row.per,
        reclaimed_factor=row.reclaimed_factor,
        standard=f"{row.standard} {row.product} {row.route}".strip(),
        source=row.source,
        grade=str(row.grade),
        marks=marks + disputed,
    )


def _of_quota(quota: Quota) -> Limit:
    assert quota.value_m3 is not None
    supplied = Mark("user_supplied", f"定额由申报人提供：{quota.source}")
    example = (Mark("example", "示例值"),) if quota.example else ()
    return Limit(
        value_m3=quota.value_m3,
        per=quota.per,
        reclaimed_factor=quota.reclaimed_factor,
        standard=quota.standard,
        source=quota.source,
        grade="申报人提供",
        marks=(supplied, *example),
    )
