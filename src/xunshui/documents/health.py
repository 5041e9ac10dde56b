"""What each kind of report needs from the machine: libraries, fonts and the chart library."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass

from xunshui.documents.draw import ChartsUnavailable, svg
from xunshui.documents.fonts import font_remedy, machine_font

PANGO_REMEDY = {
    "Linux": "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "Darwin": "brew install pango",
    "Windows": "安装 MSYS2 后执行 pacman -S mingw-w64-x86_64-pango，或改用 HTML、DOCX、XLSX 报告",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing a report needs; `remedy` is None where it is there."""

    title: str
    found: str
    affects: str
    remedy: str | None


def parts() -> tuple[Part, ...]:
    """Return everything that reports need, each as found on this machine."""
    return tuple(check() for check in _CHECKS)


def _charts() -> Part:
    try:
        svg({"series": []}, 10, 10)
        return Part(title="图表组件", found="ECharts 可用", affects="", remedy=None)
    except ChartsUnavailable as error:
        return Part(title="图表组件", found="", affects="报告中的图（表格仍在）", remedy=error.remedy)


def _font() -> Part:
    font = machine_font()
    return Part(
        title="中文字体",
        found=f"{font.family}（{font.path.name}）" if font else "",
        affects="PDF 与 DOCX 中图的文字",
        remedy=font_remedy(font),
    )


def _pango() -> Part:
    try:
        import weasyprint  # optional dependency

        return Part(title="PDF 组件", found=f"WeasyPrint {weasyprint.__version__}", affects="", remedy=None)
    except (ImportError, OSError):
        remedy = PANGO_REMEDY.get(platform.system(), "安装 Pango 1.44 以上")
        return Part(
            title="PDF 组件（Pango）",
            found="",
            affects="PDF 报告（HTML、DOCX、XLSX 不受影响）",
            remedy=remedy,
        )


_CHECKS: tuple[Callable[[], Part], ...] = (_charts, _font, _pango)
