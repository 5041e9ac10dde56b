"""The page that goes through the notice: every clause is on it, and everything it points at exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from xunshui.indicators import BY_KEY
from xunshui.register import Clause, register

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "notice.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([^`]+)`", PAGE)))
CASES = {
    f"{file.stem}/{case['id']}"
    for file in (ROOT / "tests" / "spec" / "cases").glob("*.yaml")
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))["cases"]
}
CLAUSES = (*register().notice.conditions, *register().notice.gates)
FILES = [name for name in NAMED if name.startswith(("src/", "tests/"))]
PAGES_OF_CASES = {case.split("/")[0] for case in CASES}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


ROWS = [cells(line) for line in PAGE.splitlines() if line.startswith("| ") and "通知原文" not in line]


@pytest.mark.parametrize("clause", [pytest.param(clause, id=clause.id) for clause in CLAUSES])
def test_clause_stands_in_its_row(clause: Clause) -> None:
    assert [row[0] for row in ROWS if f"`{clause.id}`" in row[2]][:1] == [clause.clause]


def test_every_threshold_row_is_named() -> None:
    wanted = {
        (gate.id, row.subject)
        for gate in register().notice.gates
        for row in gate.thresholds
        if row.subject != "any"
    }

    named = {
        (gate, subject) for row in ROWS for gate, subject in re.findall(r"`(R-IND-\d)` 的 `(\w+)` 行", row[2])
    }

    assert named == wanted


def test_every_reading_is_named() -> None:
    assert {reading.id for reading in register().readings} - set(NAMED) == set()


@pytest.mark.parametrize("name", FILES)
def test_file_that_is_named_exists(name: str) -> None:
    assert (ROOT / name).exists()


def test_every_case_that_is_named_exists() -> None:
    named = {name for name in NAMED if name.split("/")[0] in PAGES_OF_CASES and "/" in name}

    assert named - CASES == set()


def test_every_name_is_of_a_known_sort() -> None:
    known = (
        {clause.id for clause in CLAUSES} | {reading.id for reading in register().readings} | BY_KEY.keys()
    )
    known |= {row.subject for gate in register().notice.gates for row in gate.thresholds} | {"deadline"}
    issues = {"2/5 申报平台", "3/5 采集", "4/5 数据校正", "5/5 预警", "页/编号", "tests/spec/cases/"}

    assert [name for name in NAMED if name not in known | issues | CASES | set(FILES)] == []


def test_every_row_has_a_state() -> None:
    states = ("完成", "部分", "未排期", "2/5", "3/5", "4/5", "5/5")

    assert [row for row in ROWS if len(row) != 5 or not any(state in row[4] for state in states)] == []


def test_every_done_condition_and_gate_names_its_proof() -> None:
    assert [row[1] for row in ROWS if row[4].startswith("完成") and row[3] == "—"] == []
