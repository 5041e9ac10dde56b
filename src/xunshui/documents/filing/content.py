"""What a filed document holds, before it becomes a page, a Word file or a sheet."""

from __future__ import annotations

from dataclasses import dataclass, field

from xunshui.documents.report.table import Table

UNOFFICIAL = "非官方表样"


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
        return "" if self.official else f"{UNOFFICIAL}：{self.note}"
