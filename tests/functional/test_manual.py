"""The manual says what the program does: generated pages are current, and nothing is left unmentioned."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from xunshui.cli.main import COMMANDS
from xunshui.indicators import BY_KEY
from xunshui.register import register
from xunshui.site.columns import attributes, tables
from xunshui.site.kinds import KINDS
from xunshui.site.model import Site

ROOT = Path(__file__).parents[2]
TEXT = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "docs").rglob("*.md")))


def check() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.write_manual", "--check"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_generated_pages_are_up_to_date() -> None:
    told = check()

    assert (told.stderr, told.returncode) == ("", 0)


@pytest.mark.parametrize("key", BY_KEY)
def test_indicator_is_mentioned(key: str) -> None:
    assert f"`{key}`" in TEXT


@pytest.mark.parametrize(
    "clause_id", [clause.id for clause in (*register().notice.conditions, *register().notice.gates)]
)
def test_clause_is_mentioned(clause_id: str) -> None:
    assert clause_id in TEXT


@pytest.mark.parametrize("reading_id", [reading.id for reading in register().readings])
def test_reading_is_mentioned(reading_id: str) -> None:
    assert f"`{reading_id}`" in TEXT


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_mentioned(command: str) -> None:
    assert f"xunshui {command}" in TEXT


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind_of_water_is_mentioned(kind: str) -> None:
    assert f"`{kind}`" in TEXT


@pytest.mark.parametrize("table", tables(Site))
def test_table_and_its_attributes_are_described(table: str) -> None:
    page = (ROOT / "docs" / "reference" / "site.md").read_text(encoding="utf-8")
    rows = [] if table == "members" else attributes(tables(Site)[table])

    missing = [row.key for row in rows if f"| `{row.key}` | {row.title} |" not in page]
    assert (f"`{table}`" in page, missing) == (True, [])
