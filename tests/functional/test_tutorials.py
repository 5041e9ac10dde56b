"""The tutorials are true: every Python block runs, in order, and every command is accepted."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from xunshui.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of one language on a page."""
    return re.findall(
        rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.fixture
def plant_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples in it, where the tutorials may write."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_python_tutorial_runs_from_top_to_bottom(plant_folder: Path) -> None:
    names: dict[str, object] = {}

    for block in blocks(ROOT / "docs/tutorials/python.md", "python"):
        exec(compile(block, "python.md", "exec"), names)

    assert (plant_folder / "report.html").stat().st_size > 10_000


def test_first_assessment_tutorial_commands_succeed(plant_folder: Path) -> None:
    lines = [
        line
        for block in blocks(ROOT / "docs/tutorials/first-assessment.md", "console")
        for line in block.split("\n")
    ]
    commands = [line.removeprefix("$ xunshui ").split() for line in lines if line.startswith("$ xunshui ")]

    codes = [CliRunner().invoke(cli, command).exit_code for command in commands]

    assert len(commands) >= 5
    assert codes == [0] * len(commands)
    assert (plant_folder / "报告.html").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))

    missing = [link for link in links if not (page.parent / link).exists()]

    assert missing == []
