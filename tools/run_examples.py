"""`make reports`: assess every example and a filled-in workbook, leave the reports in a folder, say where to look."""

from __future__ import annotations

import sys
from pathlib import Path

from xunshui.assess import Assessment, assess
from xunshui.cli.summary import ELIGIBLE, SHAPES
from xunshui.documents import PdfUnavailable, write_report
from xunshui.site import read_site, write_site
from xunshui.site.templates import template

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
OTHER_FORMS = (".pdf", ".docx", ".xlsx")
FIRST = "steel_pass"


def run(folder: Path) -> None:
    """Assess all examples into `folder`: a page for each, every form for the first, a workbook to fill in."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(EXAMPLES.glob("*.json"), key=lambda path: (path.stem != FIRST, path.stem)):
        _report(assess(read_site(file)), folder / file.stem, every_form=file.stem == FIRST)
    workbook = folder / "填报工作簿_钢铁.xlsx"
    write_site(template("steel"), workbook)
    _report(assess(read_site(workbook)), folder / workbook.stem, every_form=False)
    print(f"\n先看 {folder / FIRST}.html；填报从 {workbook} 开始。")


def _report(assessment: Assessment, stem: Path, *, every_form: bool) -> None:
    outcome = assessment.verdict.eligible
    page = stem.with_suffix(".html")
    write_report(assessment, page)
    print(f"{SHAPES[outcome]} {ELIGIBLE[outcome]}  {assessment.site.name}  →  {page}")
    for suffix in OTHER_FORMS if every_form else ():
        try:
            write_report(assessment, stem.with_suffix(suffix))
            print(f"    {stem.with_suffix(suffix)}")
        except PdfUnavailable as error:
            print(f"    PDF 未生成：{error}")


if __name__ == "__main__":
    run(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
