"""One call writes a report in each form, and what is written reads back as what was assessed."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from xunshui.assess import Assessment, assess
from xunshui.documents import PdfUnavailable, UnknownForm, report_of, write_report
from xunshui.documents.pictures import painted
from xunshui.site import read_site

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.json"))
WRITTEN = dt.datetime(2024, 8, 30, 14, 3, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@cache
def assessed(name: str) -> Assessment:
    """Return the assessment of an example."""
    return assess(read_site(EXAMPLES / f"{name}.json"))


def has_pango() -> bool:
    """Return whether this machine can set a PDF."""
    try:
        import weasyprint  # noqa: F401  # optional dependency
    except (ImportError, OSError):
        return False
    return True


needs_pdf = pytest.mark.skipif(
    not (has_pango() and shutil.which("pdftotext")), reason="Pango or pdftotext is not installed"
)


def text_of(pdf: Path, *pages: str) -> str:
    """Return the text of a PDF without blanks and line ends, which a page sets as it likes."""
    found = subprocess.run(["pdftotext", *pages, str(pdf), "-"], capture_output=True, check=True)
    return squeezed(found.stdout.decode("utf-8"))


@pytest.fixture(scope="module")
def steel_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the steel example as PDF, set once."""
    path = tmp_path_factory.mktemp("pdf") / "报告.pdf"
    write_report(assessed("steel_pass"), path, written_at=WRITTEN)
    return path


def squeezed(text: str) -> str:
    """Return the text without any blank."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("suffix", [".html", ".docx", ".xlsx"])
@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_written_in_every_form(name: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"报告{suffix}"

    write_report(assessed(name), path, written_at=WRITTEN)

    assert path.stat().st_size > 10_000


def test_suffix_in_capitals_is_understood(tmp_path: Path) -> None:
    write_report(assessed("steel_pass"), str(tmp_path / "R.HTML"))

    assert (tmp_path / "R.HTML").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("name", ["报告.doc", "报告", "报告.html.txt"])
def test_unknown_suffix_names_those_that_are_known(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownForm, match=r"可写：\.html \.pdf \.docx \.xlsx") as caught:
        write_report(assessed("steel_pass"), tmp_path / name)

    assert caught.value.accepted == (".html", ".pdf", ".docx", ".xlsx")
    assert list(tmp_path.iterdir()) == []


def test_pdf_without_its_libraries_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    with pytest.raises(PdfUnavailable, match="apt-get install libpango-1.0-0") as caught:
        write_report(assessed("steel_pass"), tmp_path / "报告.pdf")

    assert caught.value.missing == "WeasyPrint"
    assert list(tmp_path.iterdir()) == []


@needs_pdf
def test_pdf_holds_the_answer_and_all_gates_on_its_first_page(steel_pdf: Path) -> None:
    verdict = report_of(assessed("steel_pass")).verdict

    first = text_of(steel_pdf, "-l", "1")

    assert "示例钢铁厂" in first
    assert squeezed(verdict.sentence) in first
    assert [gate.title for gate in verdict.gates if gate.title not in first] == []
    assert [gate.value for gate in verdict.gates if squeezed(gate.value) not in first] == []
    assert "报告时间2024年8月30日14:03（北京时间）" in first


@needs_pdf
def test_pdf_holds_every_part_and_every_stream(steel_pdf: Path) -> None:
    text = text_of(steel_pdf)

    assert [stream.id for stream in assessed("steel_pass").site.streams if stream.id not in text] == []
    assert [head for head in ("水往哪里去", "哪里对不上", "水平衡表", "依据与来源") if head not in text] == []
    assert "非官方评审意见" in text


@pytest.mark.parametrize("name", NAMES)
def test_map_in_print_is_a_picture_with_something_on_it(name: str) -> None:
    from PIL import Image  # slow import

    found = report_of(assessed(name)).water_map
    assert found is not None

    picture = painted(found.chart, 760)

    if picture.remark:
        pytest.skip(picture.remark)
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.width == 3 * picture.width_px
        assert len(set(image.convert("RGB").resize((300, 200)).tobytes())) > 20
