"""Provincial overlays: a province may ask for more than the notice, never for less."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from xunshui.register.model import Clause, Grade, Notice, Operator, Threshold, entry


class OverlayInvalid(ValueError):
    """An overlay that cannot be read, names an unknown row or loosens one."""


@entry
class TighterRow:
    """A stricter threshold of a province."""

    id: str
    subject: str
    operator: Operator
    value: Decimal
    clause: str
    source: str
    grade: Grade


@entry
class Overlay:
    """The rows by which a province tightens a notice."""

    notice: str
    province: str
    document: str
    rows: tuple[TighterRow, ...]


def tightened(notice: Notice, overlay: Overlay) -> Notice:
    """Return the notice with a province's stricter thresholds.

    Raises `OverlayInvalid` naming the first row that is unknown or looser than the notice.
    """
    if overlay.notice != notice.id:
        raise OverlayInvalid(f"加严表针对 {overlay.notice}，不是 {notice.id}")
    gates = {gate.id: gate for gate in notice.gates}
    for row in overlay.rows:
        gates[row.id] = _tightened_gate(gates.get(row.id), row, overlay)
    return replace(notice, gates=tuple(gates.values()))


def _tightened_gate(gate: Clause | None, row: TighterRow, overlay: Overlay) -> Clause:
    # The row itself, not the one for any class: tightening steel must not tighten everyone.
    old = next((other for other in gate.thresholds if other.subject == row.subject), None) if gate else None
    if gate is None or old is None:
        raise OverlayInvalid(f"{row.id}（{row.subject}）在通知中没有限值，不能加严")
    if row.operator.upward != old.operator.upward or _is_looser(row, old):
        raise OverlayInvalid(
            f"{row.id}（{row.subject}）写作“{row.operator} {row.value}”，比通知的“{old.operator} {old.value}”宽；地方只能加严"
        )
    new = replace(
        old,
        operator=row.operator,
        value=row.value,
        note=f"{overlay.province}加严：{overlay.document} {row.clause}",
        note_grade=row.grade,
    )
    return replace(gate, thresholds=tuple(new if other is old else other for other in gate.thresholds))


def _is_looser(row: TighterRow, old: Threshold) -> bool:
    if row.value == old.value:
        return old.operator in (Operator.GREATER, Operator.LESS) and row.operator is not old.operator
    return (row.value < old.value) if old.operator.upward else (row.value > old.value)
