"""What a filed document holds, before it becomes a page, a Word file or a sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xunshui.documents.report.table import Cell, Table, word
from xunshui.documents.typeset import typeset

UNOFFICIAL = "非官方表样"
LONGEST_CELL = 32_767
"""As many characters as a cell of a sheet holds. What is filed is never cut shorter, unlike in a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section: a title, pairs of label and words, long texts under their own heads, tables."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A document of the programme; `seals` are the places to sign and seal."""

    title: str
    subtitle: str
    official: bool
    note: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    seals: tuple[str, ...] = ()
    wide: bool = False
    tags: tuple[str, ...] = field(default=())

    @property
    def mark(self) -> str:
        """Return what stands at the head of every page where the form is not the authority's."""
        if self.official:
            return ""
        return f"{UNOFFICIAL}：{self.note}" if self.note else UNOFFICIAL


def whole(text: str) -> Cell:
    """Return a cell with all of a text on one line, without the control characters that a paste brings along."""
    return word(text, longest=LONGEST_CELL)


def pairs(told: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return pairs of label and words, each on one line."""
    return tuple((typeset(label), typeset(text)) for label, text in told)


def blocks(told: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return pairs of label and long text, whose lines stay apart.

    >>> blocks([("措施", "一是分质\\x0b二是回用\\x00")])
    (('措施', '一是分质\\n二是回用'),)
    """
    return tuple((typeset(label), "\n".join(map(typeset, text.splitlines()))) for label, text in told)
