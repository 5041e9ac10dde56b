"""Chinese type: where this machine keeps a font for it, how wide a line will be, and where it breaks.

Pictures for PDF and Word are drawn here rather than in a browser, so a font that knows Chinese must lie on the
machine; without one every label would be a row of empty boxes.

>>> text_width("净环", size_px=12)
24.0
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Single quotes: ECharts writes the stack into a double-quoted attribute as it stands.
FONT_STACK = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"

_KNOWN = (
    ("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc"),
    ("Noto Sans CJK SC", "NotoSansCJKsc-Regular.otf"),
    ("Noto Sans SC", "NotoSansSC-Regular.otf"),
    ("Source Han Sans SC", "SourceHanSansSC-Regular.otf"),
    ("Microsoft YaHei", "msyh.ttc"),
    ("Microsoft YaHei", "msyh.ttf"),
    ("PingFang SC", "PingFang.ttc"),
    ("Hiragino Sans GB", "Hiragino Sans GB.ttc"),
    ("Heiti SC", "STHeiti Light.ttc"),
    ("WenQuanYi Micro Hei", "wqy-microhei.ttc"),
    ("WenQuanYi Zen Hei", "wqy-zenhei.ttc"),
    ("SimHei", "simhei.ttf"),
    ("SimSun", "simsun.ttc"),
)
"""Families and the files they come in, the most legible on a chart first."""

# Advance widths of Noto Sans CJK SC [em]; what is not listed is as wide as a Chinese character.
_NARROW = {
    0.2: "\u2009\u200a\u202f",
    0.28: " ',.:;ijl!I|\u00a0",
    0.35: "f()[]{}-",
    0.4: "t/\\r³²°",
    0.5: '"*?szx',
    0.53: "cvyYJL–",
    0.56: "Fek#$+0123456789<=>^_ag~±×−",
    0.63: "VXESTZA`hnoubdpqP",
    0.68: "CRKB&DG",
    0.74: "NUHOQ",
    0.84: "wMW",
    0.93: "%m@",
}
WIDTHS_EM = {character: em for em, characters in _NARROW.items() for character in characters}

# Figures and Latin words stay whole, and so do short brackets; a line never starts with a closing mark.
_PART = re.compile(r"[A-Za-z0-9.#/³\u2009+-]+[）、，]*|（[^（）]{1,4}）|.[）、，]*")


@dataclass(frozen=True, slots=True)
class CjkFont:
    """A font file that knows Chinese, and the family name to ask it for."""

    family: str
    path: Path


def text_width(text: str, size_px: float) -> float:
    """Return the width of one line [px], erring on the wide side so that no label is clipped."""
    return size_px * sum(WIDTHS_EM.get(character, 1.0) for character in text)


def wrapped(text: str, limit_px: float, size_px: float) -> list[str]:
    """Return the text in lines of about equal length, none wider than `limit_px` where its words allow.

    >>> wrapped("综合污水处理站", 60, 12)
    ['综合污水', '处理站']
    """
    whole = text_width(text, size_px)
    lines_wanted = max(1, math.ceil(whole / max(limit_px, size_px)))
    lines = [""]
    for part in _PART.findall(text):
        fits = text_width(lines[-1] + part, size_px) <= limit_px
        full = len(lines) < lines_wanted and text_width(lines[-1], size_px) >= whole / lines_wanted
        if lines[-1] and (full or not fits):
            lines.append("")
        lines[-1] += part
    return [line.strip() for line in lines]


def font_folders() -> tuple[Path, ...]:
    """Return the folders where Linux, Windows and macOS keep fonts, the user's own last."""
    home = Path.home()
    return (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
        Path("/System/Library/Fonts"),
        *Path("/System/Library/AssetsV2").glob("com_apple_MobileAsset_Font*"),
        Path("/Library/Fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
        home / "Library/Fonts",
        home / "AppData/Local/Microsoft/Windows/Fonts",
    )


def find_cjk_font(folders: Iterable[Path]) -> CjkFont | None:
    """Return the most legible Chinese font below `folders`, or None."""
    wanted = {name.lower() for _, name in _KNOWN}
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.name.lower() in wanted)
    found: dict[str, Path] = {}
    for path in files:
        found.setdefault(path.name.lower(), path)
    for family, name in _KNOWN:
        if name.lower() in found:
            return CjkFont(family, found[name.lower()])
    return None


@cache
def machine_font() -> CjkFont | None:
    """Return the Chinese font of this machine; looked for once in a process."""
    return find_cjk_font(font_folders())


def font_remedy(font: CjkFont | None, platform: str = sys.platform) -> str | None:
    """Return what to do when no Chinese font was found, None when there is one.

    >>> font_remedy(CjkFont("Noto Sans CJK SC", Path("NotoSansCJK-Regular.ttc"))) is None
    True
    """
    if font is not None:
        return None
    missing = "未找到中文字体，PDF 和 Word 中的图会缺字，因此不出图。"
    if platform == "win32":
        return (
            missing
            + "请在“设置 › 时间和语言 › 可选功能”中添加“中文(简体)补充字体”，或安装 Noto Sans CJK SC。"
        )
    if platform == "darwin":
        return missing + "请在“字体册”中启用“苹方-简”（PingFang SC），或安装 Noto Sans CJK SC。"
    return missing + "请安装 Noto Sans CJK：apt-get install fonts-noto-cjk"
