"""Runs of text in WordprocessingML: the colour and weight of each, escaped and free of places to part a figure.

>>> run("a<b", colour="#cf1322")
'<w:r><w:rPr><w:color w:val="CF1322"/></w:rPr><w:t xml:space="preserve">a&lt;b</w:t></w:r>'
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from xunshui.documents.palette import BAD, MET, MUTED, UNKNOWN, WARN
from xunshui.documents.report.signs import Sign, Tag, Tone
from xunshui.documents.typeset import UNBROKEN

TONES: dict[Tone, str] = {"met": MET, "bad": BAD, "warn": WARN, "unknown": UNKNOWN, "plain": UNKNOWN}
SMALL_PT = 8.0


def run(text: str, *, colour: str = "", bold: bool = False, size_pt: float = 0) -> str:
    """Return a run of text as XML."""
    properties = "<w:b/>" if bold else ""
    properties += f'<w:color w:val="{colour.lstrip("#").upper()}"/>' if colour else ""
    properties += (
        f'<w:sz w:val="{round(2 * size_pt)}"/><w:szCs w:val="{round(2 * size_pt)}"/>' if size_pt else ""
    )
    held = escape(text.replace("\u2009", UNBROKEN))
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{held}</w:t></w:r>'


def sign_run(sign: Sign, size_pt: float = 0) -> str:
    """Return a state: shape and word in its colour."""
    return run(f"{sign.shape}{UNBROKEN}{sign.word}", colour=TONES[sign.tone], bold=True, size_pt=size_pt)


def tag_runs(tags: tuple[Tag, ...], size_pt: float = SMALL_PT) -> str:
    """Return tags as words in brackets, in their colour."""
    return "".join(run(f"［{tag.word}］", colour=TONES[tag.tone], size_pt=size_pt) for tag in tags)


def muted(text: str, size_pt: float = SMALL_PT) -> str:
    """Return a remark in small grey type."""
    return run(text, colour=MUTED, size_pt=size_pt)


def append(paragraph: Paragraph, *runs: str) -> Paragraph:
    """Add runs to a paragraph and return it."""
    for xml in runs:
        for element in parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"):
            paragraph._p.append(element)
    return paragraph
