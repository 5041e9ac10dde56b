"""Withdrawal per product against the advanced quotas of nation and province."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from xunshui.indicators import Value
from xunshui.quantities import UnitMismatch, convert, plain
from xunshui.register import Operator
from xunshui.rules.gates.compared import compared, unknown
from xunshui.rules.gates.quota_rows import Limit, Search, search
from xunshui.rules.ground import Ground
from xunshui.rules.judgement import Judgement, Mark
from xunshui.rules.outcome import Outcome, all_of, any_of
from xunshui.site.claims import Authority
from xunshui.site.labels import label
from xunshui.site.operation import Period, Product

WORDING = "再少取 {flow} m³/h（全年 {volume} m³）即可优于 {goal}"
OPERATORS = {"strict": Operator.LESS, "not_worse": Operator.AT_MOST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """The main products of a site and what was found of their quotas: the same in every year."""

    products: tuple[Product, ...]
    found: Mapping[tuple[str, Authority], Search]


def quotas_of(ground: Ground) -> Quotas:
    """Return the quotas of the main products, by product and authority."""
    products = tuple(product for product in ground.site.products if product.main)
    found = {
        (product.id, authority): search(ground, product, authority)
        for product in products
        for authority in Authority
    }
    return Quotas(products=products, found=found)


def withdrawal_in(ground: Ground, period: Period, quotas: Quotas) -> Judgement:
    """Return how the main products' withdrawal in a period compares with their quotas."""
    if not quotas.products:
        return unknown("unit_product_withdrawal", "没有填写主要产品，无法比较单位产品取水量")
    if ground.readings["several_products"] == "weighted" and len(quotas.products) > 1:
        return weighted(ground, period, quotas)
    return gathered([_of_product(ground, period, product, quotas) for product in quotas.products], all_of)


def gathered(
    children: list[Judgement],
    combine: Callable[[Iterable[Outcome]], Outcome],
    *,
    own_id: str | None = None,
    title: str | None = None,
) -> Judgement:
    """Return one judgement over several: the one that decides gives its threshold, all give their reasons.

    Without an id and a title of its own it bears those of the one that decides.
    """
    outcome = combine(child.outcome for child in children)
    speaker = min(
        (child for child in children if child.outcome is outcome),
        key=lambda child: Fraction(10**9) if child.margin is None else child.margin,
        default=children[0],
    )
    known = next((child for child in (speaker, *children) if child.value is not None), speaker)
    return replace(
        speaker,
        id=own_id or speaker.id,
        title=title or speaker.title,
        outcome=outcome,
        reason="；".join(dict.fromkeys(child.reason for child in children)),
        value=known.value,
        unit=known.unit,
        inputs=known.inputs,
        children=tuple(children),
        marks=_all_marks(children),
    )


def _all_marks(children: Iterable[Judgement]) -> tuple[Mark, ...]:
    return tuple(dict.fromkeys(mark for child in children for mark in child.marks))


def _of_product(ground: Ground, period: Period, product: Product, quotas: Quotas) -> Judgement:
    children = [
        _against_authority(ground, period, product, quotas.found[product.id, authority])
        for authority in Authority
    ]
    combine = _authorities_combined(ground)
    return gathered(children, combine, own_id=product.id, title=f"{product.name}单位产品取水量")


def _authorities_combined(ground: Ground) -> Callable[[Iterable[Outcome]], Outcome]:
    return any_of if ground.readings["quota_authorities"] == "any_existing" else all_of


def _against_authority(ground: Ground, period: Period, product: Product, found: Search) -> Judgement:
    indicator = f"unit_product_withdrawal.{product.id}"
    title = f"{label(found.authority)}定额"
    value = ground.values[period.id][indicator]
    if found.limit is None:
        told = replace(_without_limit(indicator, found), title=title)
        if found.outcome is Outcome.NOT_APPLICABLE:
            return told
        return replace(told, value=value.value, unit=value.unit, inputs=value.terms)
    if value.value is None:
        return replace(
            unknown(indicator, f"单位产品取水量无法计算：{value.reason}", found.limit.marks), title=title
        )
    try:
        return _judged(ground, period, value, found.limit, title)
    except UnitMismatch as error:
        return replace(unknown(indicator, f"产量单位与定额单位不能换算：{error}"), title=title)


def _without_limit(indicator: str, found: Search) -> Judgement:
    return replace(unknown(indicator, found.reason, found.marks), outcome=found.outcome)


def _judged(ground: Ground, period: Period, value: Value, limit: Limit, name: str) -> Judgement:
    title = f"{name}：{limit.standard}"
    share = ground.values[period.id]["reclaimed_share"]
    if limit.reclaimed_factor is not None and share.upper is None:
        reason = f"{name}：定额含再生水系数，再生水量未知：{share.reason}"
        return replace(unknown(value.id, reason, limit.marks), title=title)
    adjusted, number, note = _with_reclaimed(ground, period, value, limit)
    return compared(
        adjusted,
        OPERATORS[ground.readings["better_than"]],
        number,
        wording=WORDING,
        hours=period.hours,
        marks=limit.marks + note,
        source=limit.source,
        grade=limit.grade,
        title=title,
        said_by=f"{name}：",
    )


def _with_reclaimed(
    ground: Ground, period: Period, value: Value, limit: Limit
) -> tuple[Value, Fraction, tuple[Mark, ...]]:
    """Return the value and the limit in the value's unit, the reclaimed part counted where the standard scales it.

    GB/T 18916.1-2021 note 4 multiplies the quota for the part of the intake that is reclaimed water.
    """
    per_output = value.unit.removeprefix("m³/")
    quota = Fraction(limit.value_m3) / convert(Fraction(1), limit.per, per_output)
    share = ground.values[period.id]["reclaimed_share"]
    reclaimed = share.upper or Fraction(0)
    if limit.reclaimed_factor is None or not reclaimed or value.upper is None or value.lower is None:
        return value, quota, ()
    factor = Fraction(limit.reclaimed_factor)
    taken = value.upper + reclaimed
    scaled = quota * (value.upper + factor * reclaimed) / taken
    note = Mark("reclaimed_factor", f"再生水部分按定额的 {plain(factor)} 倍计，取水量含再生水")
    return replace(value, upper=taken, value=taken / value.lower), scaled, (note,)


def weighted(ground: Ground, period: Period, quotas: Quotas) -> Judgement:
    """Return how all withdrawal compares with the sum of quota × output, for each authority."""
    children = [_weighted_for(ground, period, quotas, authority) for authority in Authority]
    return gathered(children, _authorities_combined(ground))


def _weighted_for(ground: Ground, period: Period, quotas: Quotas, authority: Authority) -> Judgement:
    title = f"{label(authority)}定额（按产量加权）"
    searches = [quotas.found[product.id, authority] for product in quotas.products]
    if all(found.outcome is Outcome.NOT_APPLICABLE for found in searches):
        return replace(_without_limit("unit_product_withdrawal", searches[0]), title=title)
    blocked = next((found for found in searches if found.limit is None), None)
    if blocked is not None:
        reason = f"加权比较需要每个主要产品的定额：{blocked.reason}"
        return replace(unknown("unit_product_withdrawal", reason, blocked.marks), title=title)
    values = [
        ground.values[period.id][f"unit_product_withdrawal.{product.id}"] for product in quotas.products
    ]
    limits = [found.limit for found in searches if found.limit is not None]
    try:
        return replace(_weighed(ground, period, values, limits), title=title)
    except UnitMismatch as error:
        reason = f"产量单位与定额单位不能换算：{error}"
        return replace(unknown("unit_product_withdrawal", reason), title=title)


def _weighed(ground: Ground, period: Period, values: list[Value], limits: list[Limit]) -> Judgement:
    allowed, taken = Fraction(0), Fraction(0)
    for value, limit in zip(values, limits, strict=True):
        if value.upper is None or value.lower is None:
            return unknown(value.id, f"单位产品取水量无法计算：{value.reason}")
        allowed += Fraction(limit.value_m3) * convert(value.lower, value.unit.removeprefix("m³/"), limit.per)
        taken += value.upper
    whole = replace(values[0], value=taken, upper=taken, lower=Fraction(1), unit="m³", terms=())
    return compared(
        whole,
        OPERATORS[ground.readings["better_than"]],
        allowed,
        wording=WORDING,
        hours=period.hours,
        marks=tuple(dict.fromkeys(mark for limit in limits for mark in limit.marks)),
        source=limits[0].source,
        grade=limits[0].grade,
    )
