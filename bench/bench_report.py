"""The report of a plant of thirty streams in each form, whole process, beside WeasyPrint with an empty page."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.report import XUNSHUI, Bench, median_run
from bench.sites import plant
from xunshui.site import write_site

STREAMS = 30
RUNS = 3
TARGET_S = 5.0
FORMS = ("html", "pdf", "docx", "xlsx")
EMPTY_PAGE = "import weasyprint; weasyprint.HTML(string='<p></p>').write_pdf()"


def main() -> None:
    """Run the bench."""
    bench = Bench()
    empty = median_run(sys.executable, "-c", EMPTY_PAGE, runs=RUNS).wall
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "plant.json"
        write_site(plant(STREAMS, seed=1), site)
        plain = median_run(*XUNSHUI, "assess", site, runs=RUNS).wall
        for form in FORMS:
            report = site.with_suffix(f".{form}")
            seconds = median_run(*XUNSHUI, "assess", site, "--report", report, runs=RUNS)
            bench.at_most(
                f"report as .{form}, {STREAMS} streams, whole process, median of {RUNS}",
                seconds.wall,
                TARGET_S,
                "s",
                beside=f"{seconds.processor:.2f} processor seconds, {report.stat().st_size / 1024:,.0f} KB",
            )
    bench.told("the same without a report", plain, "s")
    bench.told("peer: WeasyPrint rendering an empty page, whole process", empty, "s")
    bench.end()


if __name__ == "__main__":
    main()
