"""Draw the picture of the README from the example mill: `python -m tools.draw_readme`."""

from __future__ import annotations

from pathlib import Path

from xunshui.assess import assess
from xunshui.documents.draw import png, svg
from xunshui.documents.report import report_of
from xunshui.site import read_site

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples/steel_pass.json"
PICTURE = ROOT / "docs/images/steel-sankey.png"
WIDTH_PX = 1000


def draw() -> None:
    """Write the Sankey diagram of the example's deciding year."""
    water_map = report_of(assess(read_site(EXAMPLE))).water_map
    assert water_map is not None
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    option = water_map.chart(WIDTH_PX)
    PICTURE.write_bytes(png(svg(option, option.width_px, option.height_px), scale=1.5))


if __name__ == "__main__":
    draw()
