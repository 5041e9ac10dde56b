"""Water for what is made of it: withdrawal per product, per value added and per output value."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xunshui.indicators.indicator import Indicator, Ledgered, Term, Value, figure_term
from xunshui.indicators.quantities import intake, production_withdrawal
from xunshui.quantities import convert
from xunshui.site.operation import Product


def _per_product(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    main = [product for product in ground.site.products if product.main]
    for product in main:
        withdrawn = product_withdrawal(ground, product, alone=len(main) == 1)
        output = _output(ground, product)
        yield indicator.quotient(ground, withdrawn, output, subject=product.id, unit=f"m³/{output.unit}")


def _output(ground: Ledgered, product: Product) -> Term:
    """Return a product's output without the ten-thousands that books are kept in: 万t becomes t."""
    told = product.output.get(ground.period.id)
    plain_unit = product.unit.lstrip("万亿")
    value = None if told is None else convert(Fraction(told), product.unit, plain_unit)
    return figure_term("Q", f"{product.name}产量", value, plain_unit)


def product_withdrawal(ground: Ledgered, product: Product, *, alone: bool) -> Term:
    """Return the withdrawal that a product answers for: its told share, or the whole where it is the only one."""
    share = product.withdrawal_m3.get(ground.period.id)
    if share is None and alone:
        return production_withdrawal(ground.volumes)
    return figure_term("V_ui", f"{product.name}分摊取水量", share, "m³")


def _per_value_added(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    added = figure_term("Z", "工业增加值", ground.period.value_added_wan_yuan, "万元")
    if added.value is not None:
        yield indicator.quotient(ground, intake(ground.volumes), added)


def _per_value_added_conventional(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    added = figure_term("Z", "工业增加值", ground.period.value_added_wan_yuan, "万元")
    if added.value is not None:
        yield indicator.quotient(ground, production_withdrawal(ground.volumes), added)


def _per_output_value(indicator: Indicator, ground: Ledgered) -> Iterator[Value]:
    value = figure_term("Z", "工业总产值", ground.period.output_value_wan_yuan, "万元")
    if value.value is not None:
        yield indicator.quotient(ground, production_withdrawal(ground.volumes), value)


UNIT_PRODUCT_WITHDRAWAL = Indicator(
    key="unit_product_withdrawal",
    title="单位产品取水量",
    symbol="V_ui/Q",
    formula="V_ui / Q",
    unit="m³/产量单位",
    places=2,
    standard="GB/T 18820；GB/T 18916 各部分",
    source="S39",
    grade="C",
    compute=_per_product,
)
WATER_PER_VALUE_ADDED = Indicator(
    key="water_per_value_added",
    title="单位工业增加值用水量",
    symbol="V_i/Z",
    formula="V_i / Z，计从外部取用的全部水",
    unit="m³/万元",
    places=2,
    standard="通知二（二）3（2）；统计释义不含厂内重复利用",
    source="S42",
    grade="C",
    compute=_per_value_added,
)
CONVENTIONAL_PER_VALUE_ADDED = Indicator(
    key="conventional_water_per_value_added",
    title="单位工业增加值取水量（常规水）",
    symbol="V_ui/Z",
    formula="V_ui / Z",
    unit="m³/万元",
    places=2,
    standard="浙江节水标杆园区指标说明",
    source="S24",
    grade="C",
    compute=_per_value_added_conventional,
)
WITHDRAWAL_PER_OUTPUT_VALUE = Indicator(
    key="withdrawal_per_output_value",
    title="万元产值取水量",
    symbol="V_ui/Z_o",
    formula="V_ui / Z_o",
    unit="m³/万元",
    places=2,
    standard="较早的行业公式",
    source="S28",
    grade="C",
    compute=_per_output_value,
)
INDICATORS = (
    UNIT_PRODUCT_WITHDRAWAL,
    WATER_PER_VALUE_ADDED,
    CONVENTIONAL_PER_VALUE_ADDED,
    WITHDRAWAL_PER_OUTPUT_VALUE,
)
