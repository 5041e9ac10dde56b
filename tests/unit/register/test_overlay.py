"""A province may ask for more than the notice, never for less."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from xunshui.register import Clause, Overlay, OverlayInvalid, read_overlay, register

WRITTEN = {
    "notice": "miit-2024-280",
    "province": "示例省",
    "document": "示例文〔2024〕1号",
}
SOURCE = {"clause": "第二条", "source": "示例", "grade": "B"}


def overlay(gate: str, subject: str, operator: str, value: str) -> Overlay:
    row = {"id": gate, "subject": subject, "operator": operator, "value": value, **SOURCE}
    return TypeAdapter(Overlay).validate_python({**WRITTEN, "rows": [row]})


def threshold(gate: Clause, subject: str) -> tuple[str, Decimal]:
    row = gate.threshold(subject)
    assert row is not None
    return str(row.operator), row.value


@pytest.mark.parametrize(
    ("gate", "subject", "operator", "value"),
    [
        pytest.param("R-IND-1", "steel", ">", "97.5", id="higher"),
        pytest.param("R-IND-1", "steel", ">=", "97.5", id="higher_inclusive"),
        pytest.param("R-IND-1", "steel", ">", "97", id="unchanged"),
        pytest.param("R-IND-2", "park", "<", "6.0", id="lower_is_better"),
        pytest.param("R-IND-2", "data_centre", "<", "1.4", id="inclusive_made_strict"),
        pytest.param("R-IND-3", "any", ">", "25", id="at_least_made_greater"),
    ],
)
def test_overlay_tightens(gate: str, subject: str, operator: str, value: str) -> None:
    rows = register().tightened(overlay(gate, subject, operator, value))

    assert threshold(rows.notice.clause(gate), subject) == (operator, Decimal(value))


@pytest.mark.parametrize(
    ("gate", "subject", "operator", "value"),
    [
        pytest.param("R-IND-1", "steel", ">", "96.9", id="lower_reuse"),
        pytest.param("R-IND-1", "steel", ">=", "97", id="strict_made_inclusive"),
        pytest.param("R-IND-2", "park", "<", "6.8", id="more_water"),
        pytest.param("R-IND-2", "park", "<=", "6.7", id="less_made_at_most"),
        pytest.param("R-IND-1", "steel", "<", "98", id="other_direction"),
    ],
)
def test_overlay_that_loosens_is_refused(gate: str, subject: str, operator: str, value: str) -> None:
    with pytest.raises(OverlayInvalid, match="地方只能加严"):
        register().tightened(overlay(gate, subject, operator, value))


@pytest.mark.parametrize(
    ("gate", "subject"),
    [
        pytest.param("R-IND-9", "steel", id="unknown_gate"),
        pytest.param("R-IND-1", "cement", id="unknown_subject"),
        pytest.param("R-IND-3", "steel", id="one_class_of_a_row_for_all"),
    ],
)
def test_overlay_of_an_unknown_row_is_refused(gate: str, subject: str) -> None:
    with pytest.raises(OverlayInvalid, match="在通知中没有限值"):
        register().tightened(overlay(gate, subject, ">", "99"))


def test_overlay_of_another_notice_is_refused() -> None:
    other = replace(overlay("R-IND-1", "steel", ">", "98"), notice="miit-2025-1")

    with pytest.raises(OverlayInvalid, match="加严表针对 miit-2025-1"):
        register().tightened(other)


def test_overlay_leaves_other_rows_alone() -> None:
    before, after = register(), register().tightened(overlay("R-IND-1", "steel", ">", "98"))

    paper = threshold(before.notice.clause("R-IND-1"), "paper")
    assert threshold(after.notice.clause("R-IND-1"), "paper") == paper
    assert threshold(before.notice.clause("R-IND-1"), "steel") == (">", Decimal(97))


def test_overlay_is_named_in_the_version() -> None:
    rows = register().tightened(overlay("R-IND-1", "steel", ">", "98"))

    assert rows.version == f"{register().version}+示例省:示例文〔2024〕1号"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("rows: [", "不是 YAML 文本", id="broken_yaml"),
        pytest.param("- 1", "不是地方加严表", id="a_list"),
        pytest.param("notice: x\nprovince: y\ndocument: z", "rows", id="without_rows"),
    ],
)
def test_read_overlay_says_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "加严.yaml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(OverlayInvalid, match=message):
        read_overlay(file)


def test_read_overlay_tells_of_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(OverlayInvalid, match="打不开 没有.yaml"):
        read_overlay(tmp_path / "没有.yaml")
