"""`xunshui balance`: a bare network and a site, in words and in JSON; mistakes told at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.spec.balance.published import INDUSTRIAL_ROWS

ROOT = Path(__file__).resolve().parents[2]
MEASURED = {
    "streams": [
        {"id": name, "from": source, "to": target, "value": value, "sd": sd}
        for name, source, target, _, value, sd in INDUSTRIAL_ROWS
    ]
}


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xunshui.cli.main", "balance", *map(str, words)]
    return subprocess.run(command, text=True, capture_output=True, check=False)


def told(file: Path, raw: Any) -> Path:
    file.write_text(raw if isinstance(raw, str) else json.dumps(raw), encoding="utf-8")
    return file


def test_industrial_balance_is_reconciled_as_published(tmp_path: Path) -> None:
    result = json.loads(run(told(tmp_path / "net.json", MEASURED), "--json").stdout)

    assert {stream["id"]: round(stream["value"], 3) for stream in result["streams"]}["12"] == 15.029
    assert (round(result["global_test"]["statistic"], 1), result["global_test"]["dof"]) == (62.1, 8)
    assert [suspect["at"] for suspect in result["suspects"]] == ["6", "8"]
    assert result["uncheckable"] == []


def test_unmeasured_streams_are_told_or_null(tmp_path: Path) -> None:
    streams = [
        {"id": "in", "from": "env", "to": "A", "value": 10, "sd": 0.1},
        {"id": "on", "from": "A", "to": "B", "value": None, "sd": None},
        {"id": "back", "from": "B", "to": "A"},
        {"id": "out", "from": "B", "to": "env", "value": None, "sd": None},
    ]
    result = json.loads(run(told(tmp_path / "net.json", {"streams": streams}), "--json").stdout)

    assert [(each["id"], each["value"], each["class"]) for each in result["streams"]] == [
        ("in", 10.0, "measured-just"),
        ("on", None, "unobservable"),
        ("back", None, "unobservable"),
        ("out", 10.0, "unmeasured-observable"),
    ]
    assert result["global_test"] == {"statistic": 0.0, "dof": 0, "p": None}
    assert result["uncheckable"] == ["in"]
    assert result["helpful_meters"][0] == {"stream": "out", "checks": ["in"], "tells": []}


def test_site_is_balanced_in_words() -> None:
    ended = run(ROOT / "examples" / "steel_pass.json", "--period", "2023")

    assert ended.returncode == 0
    assert "27 条水流是估算的，闭合得好不说明水表都准" in ended.stdout
    assert "不能核对的水表" in ended.stdout


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        pytest.param("{", "不是 JSON", id="no_json"),
        pytest.param(
            {
                "streams": [
                    {"id": "a", "from": "env", "to": "U", "value": "x", "sd": 1},
                    {"id": "b", "to": "env"},
                ]
            },
            "第 1 条水流（a）的 value 应为有限的数或 null；第 2 条水流（b）缺 from",
            id="all_mistakes_at_once",
        ),
        pytest.param(
            {"streams": [{"id": "a", "from": "env", "to": "U", "value": 1}]},
            "value 与 sd 应同时有",
            id="sd_missing",
        ),
        pytest.param({"streams": []}, "没有 streams", id="nothing"),
        pytest.param(
            {"streams": [{"id": "a", "from": "env", "to": "U", "value": 1, "sd": 0}]},
            "U 的进出不能平衡",
            id="exact_and_open",
        ),
        pytest.param(
            {"streams": [{"id": "a", "from": "env", "to": "U", "value": 1, "sd": 1}], "held": {"X": 1}},
            "held 中的节点 X",
            id="unknown_node",
        ),
    ],
)
def test_mistakes_end_with_two(tmp_path: Path, raw: Any, words: str) -> None:
    ended = run(told(tmp_path / "net.json", raw))

    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_unknown_period_names_those_there_are() -> None:
    ended = run(ROOT / "examples" / "steel_pass.json", "--period", "1999")

    assert ended.returncode == 2
    assert "2021、2022、2023" in ended.stderr
