"""Copy the chart library from node_modules into the package, where the wheel picks it up.

Run after `npm ci`: `python tools/vendor_echarts.py`. The copy is not committed.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("node_modules/echarts/dist/echarts.min.js")
TARGET = Path("src/xunshui/documents/assets/echarts.min.js")
LICENCES = ("LICENSE", "NOTICE", "licenses/LICENSE-d3")
"""What must travel with ECharts; the minified file itself lacks the text for d3."""


def vendor(root: Path) -> Path:
    """Copy ECharts below `root` and return where it now lies; without `npm ci` nothing is there to copy."""
    source, target = root / SOURCE, root / TARGET
    if not source.is_file():
        raise FileNotFoundError(f"缺少 {SOURCE}：请先在仓库根目录运行 `npm ci`，再运行本程序。")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    for name in LICENCES:
        licence = root / "node_modules/echarts" / name
        shutil.copyfile(licence, target.with_name(f"echarts-{licence.name}.txt"))
    return target


def main() -> int:
    """Copy, say what was copied, and end with code 2 when there is nothing to copy."""
    try:
        target = vendor(ROOT)
    except FileNotFoundError as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    sys.stdout.write(f"已复制 {target.relative_to(ROOT)}（{target.stat().st_size / 1024:.0f} KiB）\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
