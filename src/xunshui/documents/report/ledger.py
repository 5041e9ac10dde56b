"""The water balance in the form of GB/T 12452: what each unit took in, what left it, and whether it closes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xunshui.assess import Assessment
from xunshui.balance import COLUMN_TITLES, COLUMNS, SITE, Ledger, Row
from xunshui.documents.report.names import Names, period_title
from xunshui.documents.report.signs import CLOSES
from xunshui.documents.report.table import Cell, Column, Table, figure, state, word
from xunshui.documents.typeset import amount, shortened
from xunshui.quantities import plain
from xunshui.site.model import Site
from xunshui.site.operation import Period

INWARD = 3
_GROUPS = (("", 2), ("输入水量", INWARD), ("输出水量", len(COLUMNS) - INWARD), ("核对", 4))


def ledger_table(assessment: Assessment, period: Period) -> Table:
    """Return the ledger of a period: the site first, then its units, each below the one it belongs to."""
    site, ledger = assessment.site, assessment.ledgers[period.id]
    names = Names(site)
    return Table(
        caption=f"{period_title(period)}水平衡表，单位 m³",
        unit="m³",
        is_tree=True,
        columns=_columns(),
        groups=_GROUPS,
        rows=tuple(_row(names, ledger.row(unit), depth) for unit, depth in _in_order(site, ledger)),
    )


def every_ledger_table(assessment: Assessment) -> Table:
    """Return the ledgers of all periods in one table, the period in its first column."""
    tables = [(period, ledger_table(assessment, period)) for period in assessment.site.periods]
    return Table(
        caption="水平衡表，单位 m³",
        unit="m³",
        columns=(Column(title="时期", width=8), *_columns()),
        groups=(("", 3), *_GROUPS[1:]),
        rows=tuple((word(period.id), *row) for period, table in tables for row in table.rows),
    )


def _columns() -> tuple[Column, ...]:
    volumes = (
        Column(title=COLUMN_TITLES[name].removesuffix("（进）").removesuffix("（出）"), numeric=True, width=9)
        for name in COLUMNS
    )
    return (
        Column(title="用水单元", width=17),
        Column(title="级别", width=4),
        *volumes,
        Column(title="存水变化", numeric=True, width=8),
        Column(title="残差", numeric=True, width=8),
        Column(title="允差", numeric=True, width=8),
        Column(title="是否闭合", width=8),
    )


def _in_order(site: Site, ledger: Ledger) -> Iterator[tuple[str, int]]:
    """Yield the rows' units with their depth, the site first."""
    known = {row.unit for row in ledger.rows}
    yield SITE, 0
    tops = [unit.id for unit in site.units if unit.parent not in known]
    for unit in tops:
        yield from _below(site, unit, 1)


def _below(site: Site, unit: str, depth: int) -> Iterator[tuple[str, int]]:
    yield unit, depth
    for child in site.units:
        if child.parent == unit:
            yield from _below(site, child.id, depth + 1)


def _row(names: Names, row: Row, depth: int) -> tuple[Cell, ...]:
    name = f"{names.whole}合计" if row.unit == SITE else names.end(row.unit)
    missing = shortened(f"缺 {'、'.join(row.missing)}", 60) if row.missing else ""
    level = "" if row.unit == SITE else str(row.level)
    return (
        word(name, note=missing, depth=depth),
        word(level),
        *(figure(row.columns[column]) for column in COLUMNS),
        figure(row.storage_change),
        figure(row.residual),
        figure(row.tolerance),
        state(CLOSES[row.closes]),
    )


def summary_table(assessment: Assessment) -> Table:
    """Return one line a period: what came in, what left, and how much of it nobody can explain."""
    names = Names(assessment.site)
    return Table(
        caption=f"各时期{names.whole}水平衡",
        columns=(
            Column(title="时期", width=18),
            Column(title="输入（不含循环）", unit="m³", numeric=True, width=14),
            Column(title="输出（不含循环）", unit="m³", numeric=True, width=14),
            Column(title="残差", unit="m³", numeric=True, width=12),
            Column(title="占通过水量", unit="%", numeric=True, width=10),
            Column(title="全站", width=9),
            Column(title="不闭合的单元", width=20),
        ),
        rows=tuple(
            _summary(names, period, assessment.ledgers[period.id]) for period in assessment.site.periods
        ),
    )


def _summary(names: Names, period: Period, ledger: Ledger) -> tuple[Cell, ...]:
    whole = ledger.row()
    open_units = [names.end(row.unit) for row in ledger.open_rows() if row.unit != SITE]
    share = (
        None if whole.residual is None or not whole.throughput else 100 * whole.residual / whole.throughput
    )
    return (
        word(period_title(period)),
        figure(whole.inflow - whole.columns["circulating_in"]),
        figure(whole.outflow - whole.columns["circulating_out"]),
        figure(whole.residual),
        figure(share, 2),
        state(CLOSES[whole.closes]),
        word("、".join(open_units) or "无"),
    )


def tolerance_note(row: Row) -> str:
    """Return the sentence that explains the tolerance."""
    percent = amount(plain(Fraction(row.tolerance_percent)), "%")
    return (
        f"残差 = 输入 − 输出 − 存水变化，单独列出，不并入漏失；允差为通过水量（不含循环水）的 {percent}，"
        "单元另有规定的从其规定。"
    )
