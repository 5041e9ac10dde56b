"""Declared figures beside the ledger: rounding agrees, a different figure is told with its arithmetic."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.spec.given import Raw, site_of_given

from xunshui.assess import Problem, assess
from xunshui.assess.declared import agrees

# CISA members 2021, 万m³ and 万t (S61): 172772 ÷ 57038.2 = 3.029…, while 2.44 was declared.
CISA: Raw = {
    "years": [2021],
    "surface": 1_727_720_000,
    "circulating_indirect": 87_561_750_000,
    "products": [{"id": "粗钢", "unit": "万t", "output": 57038.2}],
}


def declared(indicator: str, value: object, **more: object) -> dict[str, object]:
    return {"indicator": indicator, "period": "2021", "value": value, **more}


def problems(*rows: dict[str, object], **changes: object) -> list[Problem]:
    site = site_of_given({**CISA, **changes, "declared": list(rows)})
    return [problem for problem in assess(site).problems if problem.where.startswith("declared")]


def test_declared_figure_that_rounds_to_the_ledger_s_agrees() -> None:
    assert problems(declared("reuse_rate", "98.07")) == []


def test_declared_figure_that_differs_is_told_with_its_arithmetic() -> None:
    found = problems(declared("unit_product_withdrawal", "2.44"))

    assert [(row.code, row.severity.value, row.where, row.period) for row in found] == [
        ("declared_differs", "warning", "declared:unit_product_withdrawal", "2021")
    ]
    assert found[0].text == (
        "申报单位产品取水量 2.44 m³/t，台账算得 3.03 m³/t（V_ui / Q；"
        "V_ui 生产取水量（常规水） = 1\u2009727\u2009720\u2009000 m³，Q 粗钢产量 = 570\u2009382\u2009000 t），相差 −0.59"
    )


def test_declared_figure_of_a_named_product_is_held_against_it() -> None:
    found = problems(declared("unit_product_withdrawal", "3.03", subject="粗钢"))

    assert found == []


@pytest.mark.parametrize(
    ("row", "code", "text"),
    [
        pytest.param(
            declared("reuse", 98), "unknown_indicator", "没有名为“reuse”的指标", id="unknown_indicator"
        ),
        pytest.param(
            declared("wue", 1.2),
            "declared_unchecked",
            "申报WUE（全部取水） 1.2，无法核对：台账中没有所需数据",
            id="indicator_of_another_kind_of_site",
        ),
        pytest.param(
            declared("unit_product_withdrawal", 3, subject="生铁"),
            "declared_unchecked",
            "申报单位产品取水量 3，无法核对：台账中没有所需数据",
            id="unknown_subject",
        ),
    ],
)
def test_declared_figure_that_cannot_be_checked_says_why(
    row: dict[str, object], code: str, text: str
) -> None:
    assert [(found.code, found.text) for found in problems(row)] == [(code, text)]


def test_declared_figure_beside_a_missing_volume_says_what_is_missing() -> None:
    found = problems(declared("reuse_rate", 98), ground={})

    assert [row.text for row in found] == ["申报工业用水重复利用率 98，无法核对：新水量缺少水量：ground"]


@pytest.mark.parametrize(
    ("written", "computed", "agree"),
    [
        pytest.param("98.07", "98.065", True, id="half_rounds_up"),
        pytest.param("98.06", "98.065", True, id="half_rounds_down"),
        pytest.param("98.07", "98.06499", False, id="below_half"),
        pytest.param("98", "98.4", True, id="whole_number"),
        pytest.param("98.0", "98.4", False, id="a_zero_is_a_claim"),
        pytest.param("1E+2", "149", True, id="hundreds"),
        pytest.param("2.44", "3.03", False, id="another_figure"),
        pytest.param("0", "0", True, id="nothing"),
    ],
)
def test_agreement_is_at_the_decimals_that_were_declared(written: str, computed: str, agree: bool) -> None:
    assert agrees(Decimal(written), Fraction(computed)) is agree


def test_declared_figure_of_any_size_is_told() -> None:
    found = problems(declared("reuse_rate", "1e20"))

    assert found[0].text.startswith(f"申报工业用水重复利用率 1{'0' * 20} %")
