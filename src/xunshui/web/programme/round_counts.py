"""How a round stands: counts by state, by direction and by recommending body."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from xunshui.register import bodies
from xunshui.review import APPLICATION, Deadline
from xunshui.web.programme.models import Application, Recommendation, Round
from xunshui.web.programme.models.application import RECOMMENDED_ON, Direction
from xunshui.web.programme.models.round import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """A recommending body in a round."""

    code: str
    name: str
    handed_in: int
    recommended: int
    table: str
    deadline: Deadline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """A round in figures."""

    total: int
    states: tuple[tuple[str, int], ...]
    directions: tuple[tuple[str, int, int], ...]
    bodies: tuple[BodyRow, ...]


def counts_of(round_: Round) -> Counts:
    """Return the figures of a round; drafts count in the states only."""
    rows = list(Application.objects.filter(round=round_).values_list("state", "direction", "body"))
    states = Counter(state for state, _, _ in rows)
    arrived = [row for row in rows if row[0] != "draft"]
    recommended = [row for row in rows if row[0] in RECOMMENDED_ON]
    return Counts(
        total=len(rows),
        states=tuple((title, states[code]) for code, title in APPLICATION.states.items() if states[code]),
        directions=tuple(_by_direction(arrived, recommended)),
        bodies=tuple(_by_body(round_, arrived, recommended)),
    )


_Row = tuple[str, str, str]


def _by_direction(arrived: list[_Row], recommended: list[_Row]) -> list[tuple[str, int, int]]:
    first, second = Counter(row[1] for row in arrived), Counter(row[1] for row in recommended)
    return [(f"{code} {title}", first[code], second[code]) for code, title in Direction.choices]


def _by_body(round_: Round, arrived: list[_Row], recommended: list[_Row]) -> list[BodyRow]:
    first, second = Counter(row[2] for row in arrived), Counter(row[2] for row in recommended)
    tables = {row.body: row.get_state_display() for row in Recommendation.objects.filter(round=round_)}
    closing = _recommending(round_)
    return [
        BodyRow(
            code=body.code,
            name=body.short_name,
            handed_in=first[body.code],
            recommended=second[body.code],
            table=tables.get(body.code, "未编制"),
            deadline=closing.get(body.code, closing.get("")),
        )
        for body in bodies()
    ]


def _recommending(round_: Round) -> dict[str, Deadline]:
    rows = round_.deadlines.filter(level=Level.RECOMMENDING)
    return {row.body: Deadline(at=row.at) for row in rows}
