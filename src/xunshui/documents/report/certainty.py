"""The water balanced as a whole: whether meters agree, which are suspected, and how sure every flow is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from xunshui.assess.certainty import Reconciled, Uncertain
from xunshui.assess.certainty_words import basis_words, places_of, standing_words
from xunshui.balance import Flow, Suspect
from xunshui.balance.of_site import STORED, UNTOLD, WITHIN
from xunshui.balance.words import CLASS_TITLES, helpful_words, is_too_good, suspect_words
from xunshui.documents.report.names import Names, period_title
from xunshui.documents.report.signs import Sign
from xunshui.documents.report.table import Cell, Column, Table, figure, word
from xunshui.documents.typeset import typeset
from xunshui.quantities.display import THIN_SPACE
from xunshui.site.model import Site
from xunshui.site.operation import Period

FAR = 1.96
"""A correction so many times its own uncertainty is marked: chance makes one in twenty of them."""
CLASS_LEGEND = (
    "u 是校正值的标准不确定度。z 是校正量与其不确定度之比，正值表示读数偏高，超过 "
    f"{FAR} 的标 ▲。可核对：别的读数也能推算它；不能核对：只有自己的读数；可推算：没有读数，由平衡算出；"
    "不能知道：既无读数也推算不出。"
)
_AGREES = Sign("相符", "●", "met")
_CONTRADICTS = Sign("不符", "▲", "bad")
_TOO_GOOD = Sign("存疑", "▲", "warn")
_NOT_RECONCILED = Sign("不能校正", "?", "unknown")
_MOST_HELPFUL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CertaintyPart:
    """What reconciliation says of a period; without tables where it could not be made."""

    title: str
    sign: Sign
    sentence: str
    notes: tuple[str, ...] = ()
    suspects: Table | None = None
    flows: Table | None = None
    legend: str = CLASS_LEGEND


def certainty_part(site: Site, told: Uncertain, period: Period) -> CertaintyPart | None:
    """Return the part on a period; None where the period was not among those asked for."""
    title = period_title(period)
    if period.id in told.why_not:
        return CertaintyPart(title=title, sign=_NOT_RECONCILED, sentence=typeset(told.why_not[period.id]))
    if period.id not in told.periods:
        return None
    row = told.periods[period.id]
    return CertaintyPart(
        title=title,
        sign=_sign(row),
        sentence=typeset(standing_words(row)),
        notes=tuple(typeset(note) for note in _notes(row)),
        suspects=_suspects(site, row),
        flows=_flows(site, row, title),
    )


def _sign(told: Reconciled) -> Sign:
    if told.doubtful:
        return _CONTRADICTS
    return _TOO_GOOD if is_too_good(told.balanced) else _AGREES


def _notes(told: Reconciled) -> Iterator[str]:
    yield f"{basis_words(told)}。"
    if told.balanced.uncheckable:
        yield f"没有别的读数能核对的水流：{'、'.join(told.balanced.uncheckable)}。"
    yield from (f"{helpful_words(each)}。" for each in told.balanced.helpful[:_MOST_HELPFUL])


def _suspects(site: Site, told: Reconciled) -> Table | None:
    names = Names(site)
    rows = tuple(_suspect(names, told, each) for each in told.balanced.found.suspects)
    columns = (
        Column(title="疑点", width=40),
        Column(title="位置", width=30),
        Column(title="z", numeric=True, width=6),
    )
    return Table(caption="疑有误差的水表与漏损", columns=columns, rows=rows) if rows else None


def _suspect(names: Names, told: Reconciled, suspect: Suspect) -> tuple[Cell, ...]:
    errors = suspect.candidate.errors
    reading = next((flow.reading for flow in told.balanced.flows if flow.id == errors[0].at), None)
    return (
        word(_parted(suspect_words(suspect, "m³", reading))),
        word("；或 ".join(names.place(error.at) for error in errors)),
        figure(Fraction(suspect.z), 1),
    )


def _parted(text: str) -> str:
    """Return the text with its thousands parted as everywhere in a report."""
    return re.sub(r"(?<=\d),(?=\d{3})", THIN_SPACE, text)


def _flows(site: Site, told: Reconciled, title: str) -> Table:
    names = Names(site)
    return Table(
        caption=f"{title}水流：读数与校正值",
        columns=(
            Column(title="编号", width=9),
            Column(title="水流", width=20),
            Column(title="读数", unit="m³", numeric=True, width=12),
            Column(title="校正值", unit="m³", numeric=True, width=12),
            Column(title="u", unit="m³", numeric=True, width=10),
            Column(title="z", numeric=True, width=7),
            Column(title="核对", width=9),
            Column(title="读数的不确定度", width=20),
        ),
        rows=tuple(_flow(names, told, flow) for flow in told.balanced.flows),
    )


def _flow(names: Names, told: Reconciled, flow: Flow) -> tuple[Cell, ...]:
    places = min(places_of(flow.u or 0.0, 0), 2)
    metering = told.network.metering.get(flow.id)
    return (
        word(flow.id),
        word(_name(names, flow.id)),
        _figure(flow.reading, places),
        _figure(flow.value, places),
        _figure(flow.u, places),
        _z(flow.z),
        word(CLASS_TITLES[flow.kind]),
        word(metering.why if metering else "文件没有列出这条水流"),
    )


def _name(names: Names, flow_id: str) -> str:
    """Return a flow's name; flows that no stream of the file tells are named after the unit they enter."""
    if flow_id.startswith(WITHIN):
        return f"由上级单元进入{names.end(flow_id.removeprefix(WITHIN))}"
    if flow_id.startswith(STORED):
        return f"存入 {flow_id.removeprefix(STORED)}"
    if flow_id.startswith(UNTOLD):
        return f"{names.end(flow_id.removeprefix(UNTOLD))}没有写明的一侧"
    return names.stream(flow_id)


def _figure(value: float | None, places: int) -> Cell:
    return word("—") if value is None else figure(Fraction(value), places)


def _z(z: float | None) -> Cell:
    if z is None:
        return word("—")
    shown = figure(Fraction(z), 1)
    return figure(Fraction(z), 1, text=f"▲ {shown.text}") if abs(z) > FAR else shown
