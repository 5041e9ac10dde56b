"""The frame of a Word report: A4, Chinese type in every style, a head line and page numbers."""

from __future__ import annotations

import datetime as dt

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from xunshui.documents.palette import INK
from xunshui.documents.word.runs import append, muted

FONT = "Microsoft YaHei"
A4_MM = (210.0, 297.0)
MARGIN_MM = 16.0
_SIZES = {"Normal": 10.0, "Title": 20.0, "Heading 1": 15.0, "Heading 2": 12.0, "Heading 3": 10.5}


def new_document(title: str, written_at: dt.datetime | None) -> Word:
    """Return an empty document in the report's dress."""
    document = Document()
    for name, size in _SIZES.items():
        _dress(_style(document, name), size)
    _dress(document.styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH), 8.5)
    _dress(document.styles.add_style("Gap", WD_STYLE_TYPE.PARAGRAPH), 4.0)
    _lay(document.sections[0], A4_MM)
    _describe(document, title, written_at)
    return document


def _style(document: Word, name: str) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _dress(style: object, size_pt: float) -> None:
    assert isinstance(style, ParagraphStyle)
    style.font.size = Pt(size_pt)
    style.font.name = FONT
    style.font.color.rgb = RGBColor.from_string(INK.lstrip("#").upper())
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # Theme fonts win over named ones, and the theme knows no Chinese.
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    for attribute in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{attribute}"), FONT)
    # The template rules off the title in its own blue.
    for border in style.element.iter(qn("w:pBdr")):
        border.clear()
    heading = style.name is not None and style.name.startswith("Heading")
    style.font.bold = heading or style.name == "Title"
    style.paragraph_format.space_before = Pt(size_pt if heading else 0)
    style.paragraph_format.space_after = Pt(0 if style.name in ("Cell", "Gap") else 4)
    style.paragraph_format.line_spacing = 1.0 if style.name == "Gap" else 1.25


def _lay(section: Section, size_mm: tuple[float, float]) -> None:
    width, height = size_mm
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(20), Mm(18)
    section.header_distance, section.footer_distance = Mm(9), Mm(9)


def turn(document: Word, *, wide: bool) -> float:
    """Begin a new page, lying or upright, and return the width between its margins [mm]."""
    size = A4_MM[::-1] if wide else A4_MM
    _lay(document.add_section(WD_SECTION.NEW_PAGE), size)
    return size[0] - 2 * MARGIN_MM


def add_frame(document: Word, site: str, written: str) -> None:
    """Add the head line with the site's name, and the foot with the time of the report and page numbers."""
    add_page_frame(
        document, f"{site}　工业废水循环利用申报条件评估", f"报告时间 {written}　　" if written else ""
    )


def add_page_frame(document: Word, head: str, left: str) -> None:
    """Add a head line, and a foot with some words and page numbers."""
    section = document.sections[0]
    append(section.header.paragraphs[0], muted(head))
    foot = append(section.footer.paragraphs[0], muted(left))
    append(foot, muted("第 "), _field("PAGE"), muted(" / "), _field("NUMPAGES"), muted(" 页"))


def _field(code: str) -> str:
    return f'<w:fldSimple w:instr="{code}">{muted("1")}</w:fldSimple>'


def _describe(document: Word, title: str, written_at: dt.datetime | None) -> None:
    about = document.core_properties
    about.title, about.author, about.comments, about.language = title, "循水", "", "zh-CN"
    moment = written_at or dt.datetime(2000, 1, 1)
    about.created = about.modified = moment
