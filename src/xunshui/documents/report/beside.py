"""What the reconciled water says beside a judged figure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xunshui.assess import Compliance
from xunshui.assess.certainty import Uncertain
from xunshui.assess.certainty_words import (
    CONFLICT,
    FRAGILE,
    compliance_text,
    places_of,
    probability_text,
)
from xunshui.documents.report.signs import Tag
from xunshui.documents.report.table import Cell, Column, figure, word
from xunshui.documents.typeset import typeset

COLUMNS = (
    Column(title="校正值", numeric=True, width=9),
    Column(title="u", numeric=True, width=8),
    Column(title="达到的概率", width=9),
)
_CONFLICT = Tag("相反", f"校正值{CONFLICT}", "warn")
_FRAGILE = Tag(FRAGILE, "达到的概率在 5 % 与 95 % 之间，换一组同样准的读数结果可能不同", "warn")
_DOUBTFUL = Tag("读数矛盾", "平衡与水表的准确度不符，校正值与概率只供参考", "warn")


def beside_text(told: Compliance | None, places: int) -> str:
    """Return the reconciled figure with its probability in a sentence, empty where there is none."""
    return "" if told is None else typeset(f"校正值 {compliance_text(told, places)}")


def beside_tags(told: Uncertain, judged: Compliance | None, period: str) -> Iterator[Tag]:
    """Yield what a reader must see of a reconciled figure."""
    if judged is None:
        return
    if judged.conflict:
        yield _CONFLICT
    if judged.fragile:
        yield _FRAGILE
    if period in told.periods and told.periods[period].doubtful:
        yield _DOUBTFUL


def beside_cells(told: Compliance | None, places: int) -> tuple[Cell, ...]:
    """Return the cells below `COLUMNS`."""
    if told is None:
        return word("—"), word("—"), word("—")
    return (*estimate_cells(told.value, told.u, places), word(probability_text(told.probability, told.u)))


def estimate_cells(value: Fraction, u: float, places: int) -> tuple[Cell, Cell]:
    """Return a reconciled figure and its standard uncertainty as cells, rounded alike."""
    told = places_of(u, places)
    return figure(value, told), figure(Fraction(u), told)
