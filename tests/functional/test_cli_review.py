"""`xunshui review assign` as its users meet it: the pairs it gives, and every mistake of a file told at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.functional.command import refusal, xunshui

FIT = [[9, 8, 7], [1, 2, 3]]


def file_of(folder: Path, content: Any) -> Path:
    """Return a file that holds a value as JSON, or bytes as they are."""
    file = folder / "fits.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


def assigned(file: Path, per_case: int, load: int) -> Any:
    told = xunshui("review", "assign", file, "--per-case", per_case, "--load", load, "--json")
    assert (told.code, told.err) == (0, "")
    return json.loads(told.out)


def refused(file: Path, per_case: Any = 1, load: Any = 2) -> str:
    return refusal("review", "assign", file, "--per-case", per_case, "--load", load, "--json")


def test_json_holds_the_pairs_their_total_and_its_bound(tmp_path: Path) -> None:
    found = assigned(file_of(tmp_path, {"fit": FIT}), per_case=1, load=2)

    # The first expert is best for all three and may take two: 9 + 8 + 3.
    assert found == {"pairs": [[0, 0], [0, 1], [1, 2]], "total": 20.0, "total_bound": 20.0}


def test_forbidden_pair_is_not_assigned(tmp_path: Path) -> None:
    found = assigned(file_of(tmp_path, {"fit": FIT, "forbidden": [[0, 0], [0, 0]]}), per_case=1, load=2)

    assert found["pairs"] == [[0, 1], [0, 2], [1, 0]]
    assert found["total"] == 16


def test_without_json_each_pair_is_a_line(tmp_path: Path) -> None:
    told = xunshui("review", "assign", file_of(tmp_path, {"fit": FIT}), "--per-case", 2, "--load", 3)

    assert told.out.splitlines() == [
        *(
            f"  专家 {row} → 案例 {column}（适合 {FIT[row][column]}）"
            for row in (0, 1)
            for column in (0, 1, 2)
        ),
        "共 6 人次，总适合程度 30，上界 30",
    ]


@pytest.mark.parametrize("load", [10**30, 10**400], ids=["of_thirty_digits", "of_four_hundred_digits"])
def test_load_beyond_all_cases_is_no_limit(tmp_path: Path, load: int) -> None:
    assert assigned(file_of(tmp_path, {"fit": FIT}), per_case=1, load=load)["total"] == 24


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", ["不是 JSON"], id="empty"),
        pytest.param(b"{", ["不是 JSON"], id="not_json"),
        pytest.param(b"\xff\xfe\xfd", ["不是 JSON"], id="not_text"),
        pytest.param(b"[" * 100_000, ["不是 JSON"], id="nested_without_end"),
        pytest.param([1, 2], ["里应有 fit"], id="a_list"),
        pytest.param({}, ["里应有 fit"], id="no_fit"),
        pytest.param({"fit": []}, ["里应有 fit"], id="no_experts"),
        pytest.param({"fit": "3"}, ["里应有 fit"], id="fit_is_text"),
        pytest.param({"fit": [[1], 2]}, ["里应有 fit"], id="row_is_a_number"),
        pytest.param({"fit": [[1, 2], [3]]}, ["矩形", "现为 2、1 列"], id="ragged"),
        pytest.param({"fit": [[1, "二"]]}, ['fit 的 [0, 1] 是 "二"；应为数'], id="text_for_a_number"),
        pytest.param({"fit": [[1, None]]}, ["fit 的 [0, 1] 是 null"], id="null_for_a_number"),
        pytest.param({"fit": [[True]]}, ["fit 的 [0, 0] 是 true"], id="true_for_a_number"),
        pytest.param(b'{"fit": [[NaN, 1]]}', ["fit 的 [0, 0] 是 nan"], id="nan"),
        pytest.param(b'{"fit": [[1e400]]}', ["fit 的 [0, 0] 是 inf"], id="infinite"),
        pytest.param({"fit": [[10**400]]}, ["fit 的 [0, 0] 是 inf"], id="whole_number_no_double_holds"),
        pytest.param({"fit": FIT, "forbidden": {}}, ["forbidden 是 {}"], id="forbidden_is_an_object"),
        pytest.param({"fit": FIT, "forbidden": [[0]]}, ["forbidden 第 1 项是 [0]"], id="half_a_pair"),
        pytest.param({"fit": FIT, "forbidden": [[0, 0.5]]}, ["第 1 项是 [0, 0.5]"], id="half_a_case"),
        pytest.param(
            {"fit": FIT, "forbidden": [[2, 0]]}, ["[2, 0] 超出范围（2 位专家、3 个案例"], id="range"
        ),
        pytest.param({"fit": FIT, "forbidden": [[0, -1]]}, ["[0, -1] 超出范围"], id="negative_case"),
        pytest.param({"fit": FIT, "fits": 1}, ["不认识的键：fits；可用：fit、forbidden"], id="unknown_key"),
        pytest.param(
            {"fit": [[1, "x"], [float("nan")]], "forbidden": [[9, 9], "no"], "more": 1},
            [
                "有 6 处需要改正",
                "不认识的键：more",
                'fit 的 [0, 1] 是 "x"',
                'forbidden 第 2 项是 "no"',
                "矩形",
                "fit 的 [1, 0] 是 nan",
                "[9, 9] 超出范围",
            ],
            id="everything_at_once",
        ),
    ],
)
def test_file_that_is_wrong_is_refused_with_every_mistake(
    tmp_path: Path, content: Any, told: list[str]
) -> None:
    message = refused(file_of(tmp_path, content))

    assert message.startswith("fits.json")
    assert [words for words in told if words not in message] == []


def test_long_list_of_mistakes_is_cut(tmp_path: Path) -> None:
    message = refused(file_of(tmp_path, {"fit": [["x"] * 1000]}))

    assert len(message.splitlines()) == 9


@pytest.mark.parametrize(
    ("per_case", "load", "told"),
    [
        pytest.param(0, 1, "--per-case 应为不小于 1 的整数", id="nobody_a_case"),
        pytest.param(1, -3, "--load 应为不小于 1 的整数", id="negative_load"),
        pytest.param("two", 1, "--per-case 应为不小于 1 的整数", id="text"),
        pytest.param(3, 9, "每案需 3 位专家，名单里只有 2 位", id="more_than_experts"),
        pytest.param(1, 1, "只有 2 人次", id="loads_too_small"),
    ],
)
def test_numbers_that_cannot_be_are_refused(tmp_path: Path, per_case: Any, load: Any, told: str) -> None:
    assert told in refused(file_of(tmp_path, {"fit": FIT}), per_case, load)


def test_conflicts_that_leave_too_few_are_named(tmp_path: Path) -> None:
    message = refused(file_of(tmp_path, {"fit": FIT, "forbidden": [[0, 1], [1, 1]]}))

    assert "回避之后专家不够，每案需 1 位：案例 1（只有 0 位可用）" in message


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "不存在" in refused(tmp_path / "none.json")
    assert "是文件夹" in refused(tmp_path)
    assert "缺少 --load" in refusal("review", "assign", file_of(tmp_path, {"fit": FIT}), "--per-case", 1)
