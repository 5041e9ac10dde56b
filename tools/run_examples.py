"""`make run`: assess every example, leave the reports in a folder and say where to look."""

from __future__ import annotations

import sys
from pathlib import Path

from xunshui.assess import assess
from xunshui.cli.summary import ELIGIBLE, SHAPES
from xunshui.documents import PdfUnavailable, write_report
from xunshui.site import read_site

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
FORMS = (".html", ".pdf", ".docx", ".xlsx")
FIRST = "steel_pass"


def run(folder: Path) -> None:
    """Assess all examples into `folder`: a page for each, every form for the first."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(EXAMPLES.glob("*.json"), key=lambda path: (path.stem != FIRST, path.stem)):
        assessment = assess(read_site(file))
        outcome = assessment.verdict.eligible
        print(f"{SHAPES[outcome]} {ELIGIBLE[outcome]}  {assessment.site.name}  →  {folder / file.stem}.html")  # noqa: T201
        write_report(assessment, folder / f"{file.stem}.html")
        if file.stem == FIRST:
            _write_other_forms(assessment, folder / file.stem)


def _write_other_forms(assessment: object, stem: Path) -> None:
    from xunshui.assess import Assessment

    assert isinstance(assessment, Assessment)
    for suffix in FORMS[1:]:
        try:
            write_report(assessment, stem.with_suffix(suffix))
            print(f"    {stem.with_suffix(suffix)}")  # noqa: T201
        except PdfUnavailable as error:
            print(f"    PDF 未生成：{error}")  # noqa: T201


if __name__ == "__main__":
    run(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
