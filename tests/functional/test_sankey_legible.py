"""The Sankey on the printed page can be read: its labels are read back from the page by optical recognition."""

from __future__ import annotations

import shutil
import subprocess
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from xunshui.assess import assess
from xunshui.documents import pdf_report, report_of
from xunshui.site import read_site

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/steel_pass.json"
TOOLS = ("pdftoppm", "pdftotext", "tesseract")

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in TOOLS),
    reason=f"needs {', '.join(TOOLS)} (tools/system-libraries.sh)",
)


def page_with(pdf: Path, heading: str) -> int:
    """Return the number of the first page on which `heading` stands."""
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True, text=True).stdout
    return next(number for number, page in enumerate(text.split("\f"), start=1) if heading in page)


def recognised(pdf: Path, page: int, folder: Path) -> str:
    """Return what is read on a page that was printed at 300 dots an inch, without blanks."""
    picture = folder / "page"
    subprocess.run(
        ["pdftoppm", "-r", "300", "-f", str(page), "-l", str(page), "-png", "-singlefile", pdf, picture],
        check=True,
    )
    command = ["tesseract", f"{picture}.png", "-", "-l", "chi_sim", "--psm", "11"]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return "".join(text.split())


def is_read(label: str, text: str) -> bool:
    """Return whether `label` is in `text`, one character in five being misread at most."""
    windows = (text[start : start + len(label)] for start in range(len(text) - len(label) + 1))
    return any(SequenceMatcher(None, label, window).ratio() >= 0.8 for window in windows)


def test_sankey_labels_are_read_back_from_the_page(tmp_path: Path) -> None:
    assessment = assess(read_site(EXAMPLE))
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(pdf_report(assessment))
    water_map = report_of(assessment).water_map
    assert water_map is not None
    labels = [node.label for node in water_map.nodes if node.role == "unit" and len(node.label) <= 6]

    text = recognised(pdf, page_with(pdf, "水往哪里去"), tmp_path)

    unread = [label for label in labels if not is_read(label, text)]
    assert len(labels) >= 8
    assert len(unread) <= len(labels) // 5, f"{unread} not read in {text}"
