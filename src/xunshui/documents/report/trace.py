"""The way back from a verdict: year by year and product by product, then formula, quantities, streams and meters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xunshui.assess import Assessment
from xunshui.documents.report.gates import margin_text, required_text, value_figure
from xunshui.documents.report.names import Names
from xunshui.documents.report.signs import SIGNS, tag
from xunshui.documents.report.table import Cell, Column, Table, figure, state, word
from xunshui.documents.typeset import amount, typeset
from xunshui.indicators import BY_KEY, Term
from xunshui.rules import Judgement, Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How one gate's value came about: its formula, its quantities, and the streams that each of them sums."""

    gate: str
    title: str
    formula: str
    standard: str
    terms: Table
    streams: Table


def steps_table(assessment: Assessment) -> Table:
    """Return every part of every gate: the years, the products, the authorities."""
    return Table(
        caption="逐年、逐项判定",
        is_tree=True,
        columns=(
            Column(title="项目", width=22),
            Column(title="结果", width=8),
            Column(title="数值", numeric=True, width=9),
            Column(title="单位", width=7),
            Column(title="要求", width=13),
            Column(title="余量", width=16),
            Column(title="说明", width=26),
        ),
        rows=tuple(row for gate in assessment.verdict.gates for row in _rows(gate, 0)),
    )


def _rows(node: Judgement, depth: int) -> Iterator[tuple[Cell, ...]]:
    yield _row(node, depth)
    # A single product says nothing that its year has not said.
    children = node.children[0].children if len(node.children) == 1 else node.children
    for child in children:
        yield from _rows(child, depth + 1)


def _row(node: Judgement, depth: int) -> tuple[Cell, ...]:
    compared = node.value is not None and node.threshold is not None
    return (
        word(f"{node.title}（{node.clause}）" if depth == 0 else node.title, depth=depth),
        state(SIGNS[node.outcome]),
        figure(node.value, 2, text=value_figure(node)),
        word(node.unit if node.value is not None else ""),
        word(required_text(node) or "—"),
        word(margin_text(node) or "—"),
        word("" if compared or node.children else node.reason, tags=(tag(mark) for mark in _own(node))),
    )


def _own(node: Judgement) -> tuple[Mark, ...]:
    """Return the marks of a part that has no parts itself; the others only gather them."""
    return () if node.children else node.marks


def walks(assessment: Assessment) -> tuple[Walk, ...]:
    """Return the way from each gate's value to its meters, for the gates that have one."""
    names = Names(assessment.site)
    return tuple(_walk(names, gate) for gate in assessment.verdict.gates if gate.inputs)


def _walk(names: Names, gate: Judgement) -> Walk:
    definition = BY_KEY[gate.indicator.split(".")[0]]
    value = amount(value_figure(gate), gate.unit)
    return Walk(
        gate=gate.title,
        title=typeset(f"{definition.title} = {value}"),
        formula=typeset(definition.formula),
        standard=typeset(definition.standard),
        terms=_terms(gate),
        streams=_streams(names, gate),
    )


def _terms(gate: Judgement) -> Table:
    return Table(
        caption="公式中的量",
        columns=(
            Column(title="符号", width=8),
            Column(title="名称", width=22),
            Column(title="数值", numeric=True, width=14),
            Column(title="单位", width=8),
            Column(title="来自", width=28),
        ),
        rows=tuple(_term(term) for term in gate.inputs),
    )


def _term(term: Term) -> tuple[Cell, ...]:
    origin = f"{len(term.streams)} 条水流之和" if term.streams else "文件所填数值"
    missing = f"；缺 {'、'.join(term.missing)}" if term.missing else ""
    return (
        word(term.symbol),
        word(term.title),
        figure(term.value, _decimals(term)),
        word(term.unit),
        word(origin + missing),
    )


def _decimals(term: Term) -> int:
    return 0 if term.value is None or term.value.denominator == 1 or abs(term.value) >= 1000 else 2


def _streams(names: Names, gate: Judgement) -> Table:
    """Return the streams of each quantity that is not itself the sum of the others."""
    period = gate.period or next((child.period for child in reversed(gate.children)), "")
    return Table(
        caption="各量所含水流",
        columns=(
            Column(title="量", width=7),
            Column(title="编号", width=9),
            Column(title="水流", width=18),
            Column(title="从", width=13),
            Column(title="到", width=13),
            Column(title="水量", unit="m³", numeric=True, width=13),
            Column(title="水表", width=12),
        ),
        rows=tuple(
            _stream(names, term.symbol, stream, period)
            for term in _elementary(gate.inputs)
            for stream in term.streams
        ),
    )


def _elementary(terms: tuple[Term, ...]) -> list[Term]:
    return [term for term in terms if not _is_sum(term, terms)]


def _is_sum(term: Term, terms: tuple[Term, ...]) -> bool:
    whole = set(term.streams)
    parts = [set(other.streams) for other in terms if set(other.streams) < whole]
    return bool(parts) and set().union(*parts) == whole


def _stream(names: Names, symbol: str, stream_id: str, period: str) -> tuple[Cell, ...]:
    stream = names.streams.get(stream_id)
    volume = names.volume(stream_id, period)
    return (
        word(symbol),
        word(stream_id),
        word(names.stream(stream_id)),
        word(names.end(stream.source, stream_id) if stream else "—"),
        word(names.end(stream.target, stream_id) if stream else "—"),
        word("缺") if volume is None else figure(volume),
        word(names.meters(stream_id)),
    )
