"""The quality.yaml of each connector, and of each protocol that devices call in, names tests that exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

import xunshui.telemetry.connectors as connectors
import xunshui.telemetry.hj212 as hj212
import xunshui.telemetry.sl651 as sl651
import xunshui.telemetry.szy206 as szy206

ROOT = Path(__file__).parents[4]
CONNECTORS = sorted(face.parent for face in Path(connectors.__file__).parent.glob("*/__init__.py"))
PROTOCOLS = [Path(face).parent for face in (hj212.__file__, sl651.__file__, szy206.__file__)]
FOLDERS = [*CONNECTORS, *PROTOCOLS]


def functions_in(file: Path) -> set[str]:
    """Return the names of a module's own functions."""
    return {
        node.name for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_every_promise_names_a_test(folder: Path) -> None:
    promises = yaml.safe_load((folder / "quality.yaml").read_text("utf-8"))

    assert promises
    assert all(set(row) == {"promise", "test"} and row["promise"] for row in promises)
    named = [row["test"].split("::") for row in promises]
    assert [test for path, test in named if test not in functions_in(ROOT / path)] == []
