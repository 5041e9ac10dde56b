"""Walks the site as one person: one page of every kind, with what is wrong on each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
THEMES = ("dark", "contrast")

_NUMBER = re.compile(r"\d{4}-\d{4}|YY\d{4}-\w+|\d+")
_NO_PAGE = re.compile(
    r"\.(zip|csv|json|xml|svg|pdf|docx|xlsx)$|/logout/|/files/\d+/$|/file/$|/export/$|/demo/enter/"
)
_FOR_ALL = re.compile(r"/(catalogue|calls|help|objection|register|accounts|me)/|/$")
# axe takes a scrolling box within a disabled fieldset for disabled too; browsers let the keyboard reach it.
_RUN_AXE = """rules => axe.run(document, rules).then(found => found.violations.flatMap(one => {
  const nodes = one.nodes.filter(node => one.id !== "scrollable-region-focusable"
    || !document.querySelector(node.target[0]).closest("fieldset[disabled]"));
  return nodes.length ? [`${one.id}: ${nodes.slice(0, 3).map(node => node.target.join(" ")).join(" | ")}`] : [];
}))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """One page that was opened, and everything that is wrong with it."""

    path: str
    wrong: tuple[str, ...]


def walk(
    page: Page, url: str, start: str, *, own_only: bool = False, shots: Path | None = None
) -> Iterator[Visited]:
    """Open one page of every kind that can be reached by links from `start`, by breadth.

    `own_only` leaves out the pages that everyone sees alike.
    """
    page.emulate_media(reduced_motion="reduce")  # a colour on its way to another has no contrast of its own
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    page.on("console", lambda line: said.append(f"console: {line.text}") if line.type == "error" else None)
    waiting, seen = [start], {_kind(start)}
    while waiting:
        path = waiting.pop(0)
        said.clear()
        yield Visited(path=path, wrong=(*_opened(page, url + path), *said, *_looked_at(page, path, shots)))
        for link in _links(page, url):
            if _kind(link) not in seen and not (own_only and _FOR_ALL.match(link)):
                seen.add(_kind(link))
                waiting.append(link)


def _kind(path: str) -> str:
    """Return what pages of the same kind have in common: the address without its numbers and its query."""
    return _NUMBER.sub("#", path.partition("?")[0])


def _links(page: Page, url: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    parts = [urlsplit(link) for link in found if link.startswith(f"{url}/")]
    return [
        part.path + (f"?{part.query}" if part.query else "")
        for part in parts
        if not _NO_PAGE.search(part.path)
    ]


def _opened(page: Page, address: str) -> list[str]:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # a plain dict is what it takes
    answer = page.goto(address)
    return [] if answer is not None and answer.status == 200 else [f"status {answer and answer.status}"]


def _looked_at(page: Page, path: str, shots: Path | None) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong = [f"axe {one}" for one in _axe(page, {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})]
    _photograph(page, path, "1440", shots)
    for theme in THEMES:
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        wrong += [f"axe in {theme} {one}" for one in _axe(page, {"runOnly": ["color-contrast"]})]
        _photograph(page, path, theme, shots)
    page.evaluate("() => delete document.documentElement.dataset.theme")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict is what it takes
    wide: int = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    _photograph(page, path, "390", shots)
    return [*wrong, *([f"{wide} px wider than a phone"] if wide > 0 else [])]


def _axe(page: Page, rules: dict[str, Any]) -> list[str]:
    found: list[str] = page.evaluate(_RUN_AXE, rules)
    return found


def _photograph(page: Page, path: str, how: str, shots: Path | None) -> None:
    if shots is not None:
        name = re.sub(r"\W+", "-", path).strip("-") or "home"
        page.screenshot(path=shots / f"{name}.{how}.png", full_page=True)
