"""The report as one HTML file: everything inside it, no script, no address outside.

>>> from xunshui.assess import assess
>>> from xunshui.site import site_from_json
>>> site = site_from_json('''{"id": "m", "name": "示例厂", "kind": "enterprise", "industry": "3120", "streams": [],
...   "units": [], "periods": [{"id": "2023", "start": "2023-01-01", "end": "2023-12-31"}]}''')
>>> "示例厂" in html_report(assess(site))
True
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from xunshui.assess import Assessment
from xunshui.documents.pictures import Chart, as_svg
from xunshui.documents.report import Report, report_of
from xunshui.documents.typeset import UNBROKEN, time_text

Draw = Callable[[Chart, int, str], Markup]
_UNIT = r"(?:[%‰°]|个百分点|[年条项]|[万亿]?[A-Za-z³/]*(?:万元)?)"
# A figure with its thousands and its unit, or the number of a clause.
_HELD = re.compile(
    rf"[−+]?\d[\d.,]*(?:\u2009\d[\d.,]*)*(?:{UNBROKEN}{_UNIT})?|（?[一二三]（[一二三]）\d?(?:（\d）)?）?"
)


def html_report(assessment: Assessment, *, written_at: dt.datetime | None = None) -> str:
    """Return the report as the text of one HTML file; `written_at` is printed, and the clock is never asked."""
    return page(report_of(assessment), written_at=written_at, draw=as_svg, for_print=False)


def page(report: Report, *, written_at: dt.datetime | None, draw: Draw, for_print: bool) -> str:
    """Return the page of a report; `draw` makes a chart into markup, `for_print` opens what a screen folds away."""
    return (
        _environment()
        .get_template("report.html.j2")
        .render(report=report, written_at=time_text(written_at), draw=draw, for_print=for_print)
    )


@cache
def _environment() -> Environment:
    loader = ChoiceLoader([PackageLoader("xunshui.documents", folder) for folder in ("templates", "assets")])
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["figures"] = _figures
    return environment


def _figures(text: str) -> Markup:
    """Return the text with every figure that a line could part, and every clause, held together."""
    parts, last = [], 0
    for found in _HELD.finditer(text):
        parts.append(escape(text[last : found.start()]))
        parts.append(_held(found[0]))
        last = found.end()
    return Markup("").join([*parts, escape(text[last:])])


def _held(figure: str) -> Markup:
    parted = any(mark in figure for mark in ("\u2009", UNBROKEN, "（"))
    return Markup('<span class="n">{}</span>').format(figure) if parted else escape(figure)
