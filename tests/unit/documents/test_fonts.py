"""A Chinese font is found where there is one, its absence is told with a remedy, and lines break where they may."""

from __future__ import annotations

from pathlib import Path

import pytest

from xunshui.documents.fonts import CjkFont, find_cjk_font, font_remedy, machine_font, text_width, wrapped


def test_find_cjk_font_prefers_the_more_legible(tmp_path: Path) -> None:
    (tmp_path / "deep" / "noto").mkdir(parents=True)
    (tmp_path / "simsun.ttc").touch()
    wanted = tmp_path / "deep" / "noto" / "NotoSansCJK-Regular.ttc"
    wanted.touch()

    assert find_cjk_font([tmp_path]) == CjkFont("Noto Sans CJK SC", wanted)


def test_find_cjk_font_knows_windows_names_in_any_case(tmp_path: Path) -> None:
    (tmp_path / "MSYH.TTC").touch()

    assert find_cjk_font([tmp_path]) == CjkFont("Microsoft YaHei", tmp_path / "MSYH.TTC")


def test_find_cjk_font_passes_over_fonts_without_chinese(tmp_path: Path) -> None:
    (tmp_path / "DejaVuSans.ttf").touch()

    assert find_cjk_font([tmp_path, tmp_path / "absent"]) is None


@pytest.mark.parametrize(
    ("platform", "remedy"),
    [
        pytest.param("linux", "apt-get install fonts-noto-cjk", id="linux"),
        pytest.param("win32", "中文(简体)补充字体", id="windows"),
        pytest.param("darwin", "苹方-简", id="macos"),
    ],
)
def test_font_remedy_says_what_to_install(platform: str, remedy: str) -> None:
    said = font_remedy(None, platform) or ""

    assert said.startswith("未找到中文字体")
    assert remedy in said


def test_font_remedy_is_silent_when_a_font_is_there() -> None:
    assert font_remedy(CjkFont("SimSun", Path("simsun.ttc"))) is None


def test_text_width_is_not_below_what_the_font_takes() -> None:
    font_tools = pytest.importorskip("fontTools.ttLib")
    font = machine_font()
    if font is None or font.family != "Noto Sans CJK SC":
        pytest.skip("measured against Noto Sans CJK SC")
    with font_tools.TTCollection(font.path) as collection:
        face = next(face for face in collection.fonts if face["name"].getDebugName(1) == font.family)
        names, widths, em = face.getBestCmap(), face["hmtx"], face["head"].unitsPerEm

        for text in ("综合污水处理站（双膜）", "32000 m³/h", "≥ 97.65 %", "RO-2 除盐水", "COD 50 mg/L"):
            true_width = sum(widths[names[ord(character)]][0] for character in text) / em
            assert true_width <= text_width(text, 1.0) + 0.05 <= true_width * 1.15


@pytest.mark.parametrize(
    ("text", "limit_px", "lines"),
    [
        pytest.param("热轧", 60, ["热轧"], id="short_text_stays"),
        pytest.param("炼钢转炉浊环水系统", 60, ["炼钢转炉浊", "环水系统"], id="lines_are_about_equal"),
        pytest.param("循环 32\u2009000 m³/h", 70, ["循环 32\u2009000", "m³/h"], id="figures_stay_whole"),
        pytest.param(
            "中水深度处理（双膜）", 72, ["中水深度处", "理（双膜）"], id="short_brackets_stay_whole"
        ),
        pytest.param("", 60, [""], id="nothing"),
    ],
)
def test_wrapped_breaks_where_a_reader_would(text: str, limit_px: float, lines: list[str]) -> None:
    assert wrapped(text, limit_px, 12) == lines
