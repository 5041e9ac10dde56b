"""The page: whole in itself, safe with any text, readable without sight, and there even without charts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from xunshui.assess import Assessment, assess
from xunshui.documents import draw, html_report
from xunshui.site import read_site

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
WRITTEN = dt.datetime(2024, 8, 30, 14, 3)
ATTACK = "<script>alert('名')</script>\"><img src=x onerror=1>"


@cache
def steel() -> Assessment:
    """Return the assessment of the steel example."""
    return assess(read_site(EXAMPLES / "steel_pass.json"))


class Page(HTMLParser):
    """The elements of a page, its texts and the tags left open."""

    VOID = frozenset({"meta", "img", "br", "col", "link", "input", "path", "rect"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]


def test_page_is_well_formed_and_begins_with_the_answer() -> None:
    text = html_report(steel(), written_at=WRITTEN)
    page = Page(text)

    assert page.open == []
    assert page.named("html") == [{"lang": "zh-Hans"}]
    assert [attributes["id"] for attributes in page.named("section")] == [
        "verdict",
        "map",
        "problems",
        "indicators",
        "ledger",
        "certainty",
        "sources",
    ]
    assert text.index("具备申报条件") < text.index('class="gate ')
    assert "2024年8月30日 14:03" in text


def test_page_needs_nothing_beside_itself() -> None:
    page = Page(html_report(steel()))
    addresses = [
        attributes[name]
        for _, attributes in page.elements
        for name in ("src", "href", "xlink:href")
        if name in attributes
    ]

    assert page.named("script") == page.named("link") == []
    assert all(address.startswith(("#", "data:")) for address in addresses)
    assert "url(http" not in html_report(steel())


def test_page_is_told_to_who_cannot_see_it() -> None:
    page = Page(html_report(steel()))
    charts = page.named("svg")

    assert len(charts) == 4
    assert all(chart["role"] == "img" for chart in charts)
    assert len(page.named("title")) == 1 + len(charts)
    assert all("scope" in head for head in page.named("th"))
    assert len(page.named("caption")) == len(page.named("table"))
    assert len(page.named("h1")) == 1


def test_page_shows_labels_of_the_map_as_text() -> None:
    site = steel().site
    texts = "".join(Page(html_report(steel())).texts)

    assert {unit.name for unit in site.units if unit.name not in texts} == set()


def test_text_of_the_user_stays_text() -> None:
    site = steel().site
    unit = replace(site.units[0], name=ATTACK)
    stream = replace(site.streams[0], name=ATTACK, note=ATTACK)
    attacked = replace(site, name=ATTACK, units=(unit, *site.units[1:]), streams=(stream, *site.streams[1:]))

    page = Page(html_report(assess(attacked)))

    assert page.open == []
    assert page.named("script") == page.named("img") == []


@pytest.mark.parametrize(
    "long", ["长" * 4000, "x" * 4000, "\x00\x0b\u2028" * 1300], ids=["wide", "unbroken", "controls"]
)
def test_text_of_any_length_keeps_the_page_in_bounds(long: str) -> None:
    site = steel().site
    units = tuple(replace(unit, name=long) for unit in site.units)
    streams = tuple(replace(stream, name=long) for stream in site.streams)

    text = html_report(assess(replace(site, name=long, units=units, streams=streams)))

    assert long not in text
    assert len(text) < 3 * len(html_report(steel()))
    assert "\x00" not in text
    assert "\x0b" not in text


def test_equal_assessments_give_equal_pages() -> None:
    again = assess(read_site(EXAMPLES / "steel_pass.json"))

    assert html_report(steel(), written_at=WRITTEN) == html_report(again, written_at=WRITTEN)


def test_page_without_the_chart_library_says_so_and_keeps_its_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Page(html_report(steel()))
    monkeypatch.setattr(draw, "ASSET", tmp_path / "echarts.min.js")

    text = html_report(steel())

    assert text.count("图未生成：缺少绘图库") == 4
    assert "make setup" in text
    assert len(Page(text).named("table")) == len(whole.named("table"))


def test_figures_never_part_from_their_units_or_thousands() -> None:
    text = html_report(steel())

    assert '<span class="n">97.60\u00a0%</span>' in text
    assert '<span class="n">12\u2009530\u2009000\u00a0m³</span>' in text
