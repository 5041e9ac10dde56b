"""The gates of a notice, judged at other flows of one period than the ledger's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from xunshui.assess.assessment import Assessment
from xunshui.balance import Volumes
from xunshui.indicators import INDICATORS, Indicator, Ledgered, Value, values
from xunshui.indicators.at_flows import Flows, Moved
from xunshui.rules import Judgement
from xunshui.rules.gates import GATES
from xunshui.rules.ground import Ground
from xunshui.site.operation import Period

Path = tuple[int, ...]
"""Where a judgement stands: the number of its gate, then of the child in it, and so on."""


@dataclass(frozen=True, slots=True)
class Node:
    """A judgement with its place and the period that it is of."""

    path: Path
    period: str
    row: Judgement

    def has_compared(self) -> bool:
        """Return whether a figure was held against a threshold."""
        return self.row.value is not None and self.row.threshold is not None

    def says_the_same(self, other: Node) -> bool:
        """Return whether the other holds the same figure of the same period against the same threshold."""
        mine, others = self.row, other.row
        return (self.period, mine.indicator, mine.value, mine.operator, mine.threshold) == (
            *(other.period, others.indicator, others.value, others.operator, others.threshold),
        )


def nodes(rows: tuple[Judgement, ...], above: Path = (), period: str = "") -> Iterator[Node]:
    """Yield all judgements of these trees; one that names no period is of the one above it."""
    for number, row in enumerate(rows):
        node = Node((*above, number), row.period or period, row)
        yield node
        yield from nodes(row.children, node.path, node.period)


@dataclass(frozen=True, slots=True)
class Judged:
    """What other flows of a period make of its indicators, and of all judgements, those of other periods as they were."""

    period: str
    indicators: Mapping[str, Value]
    nodes: tuple[Node, ...]

    def comparisons(self) -> Iterator[Node]:
        """Yield the period's comparisons that rest on no other judgement."""
        return (
            node
            for node in self.nodes
            if node.period == self.period and node.has_compared() and not node.row.children
        )


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one indicator makes of flows, and the streams that it summed."""

    indicator: Indicator
    values: tuple[Value, ...]
    summed: frozenset[str]


class Gates:
    """Judges volumes of one period as an assessment judged the ledger's."""

    def __init__(self, assessment: Assessment, period: Period) -> None:
        """Take the rules and the readings of the assessment."""
        self.assessment, self.period = assessment, period
        self._settings = {row.id: Fraction(row.value) for row in assessment.register.settings}
        self._margins: dict[object, dict[str | Path, Fraction]] = {}
        self._compared: frozenset[str] | None = None
        self._answers: list[_Answer] = []
        self._answered: Flows | None = None

    def judged(self, volumes: Volumes) -> Judged:
        """Return what these volumes make of indicators and gates."""
        return self._judged(self._values(volumes))

    def figures(self, volumes: Volumes) -> dict[str | Path, Fraction]:
        """Return the indicators by id that these volumes make, and the margins of the period's comparisons by place."""
        found = self._values(volumes)
        told: dict[str | Path, Fraction] = {
            name: value.value for name, value in found.items() if value.value is not None
        }
        return told | self._margins_of(found)

    def _ground(self, volumes: Volumes) -> Ledgered:
        site = self.assessment.site
        return Ledgered(site=site, period=self.period, volumes=volumes, settings=self._settings)

    def _values(self, volumes: Volumes) -> dict[str, Value]:
        """Return the indicators; beside flows only those anew that sum the moved stream."""
        if isinstance(volumes, Flows):
            found = [row.values for row in self._answers_to(volumes)]
        elif isinstance(volumes, Moved):
            ground, stream = self._ground(volumes), volumes.stream
            found = [
                tuple(row.indicator.of(ground)) if stream in row.summed else row.values
                for row in self._answers_to(volumes.around)
            ]
        else:
            return values(self._ground(volumes))
        return {value.id: value for each in found for value in each}

    def _answers_to(self, flows: Flows) -> list[_Answer]:
        if self._answered is not flows:
            self._answers = [self._answer(indicator, flows) for indicator in INDICATORS]
            self._answered = flows
        return self._answers

    def _answer(self, indicator: Indicator, volumes: Flows) -> _Answer:
        """Return what an indicator makes of flows; the flows learn which sums it asked for."""
        flows = volumes.fresh()
        found = tuple(indicator.of(self._ground(flows)))
        volumes.sums |= flows.sums
        return _Answer(indicator, found, flows.summed)

    def _judged(self, found: Mapping[str, Value]) -> Judged:
        made = self.assessment
        ground = Ground(
            site=made.site,
            register=made.register,
            readings=made.verdict.readings,
            values={**made.values, self.period.id: found},
        )
        return Judged(self.period.id, found, tuple(nodes(tuple(gate(ground) for gate in GATES))))

    def _margins_of(self, found: Mapping[str, Value]) -> dict[str | Path, Fraction]:
        """Return the margins; most flows move no indicator that a gate looks at, and then nothing is judged anew."""
        looked_at = tuple((row.upper, row.lower) for row in found.values() if row.key in self._keys(found))
        if looked_at not in self._margins:
            rows = self._judged(found).comparisons()
            self._margins[looked_at] = {
                node.path: node.row.margin for node in rows if node.row.margin is not None
            }
        return self._margins[looked_at]

    def _keys(self, found: Mapping[str, Value]) -> frozenset[str]:
        """Return the indicators that gates look at: those compared, and the share by which a quota may be scaled."""
        if self._compared is None:
            rows = self._judged(found).comparisons()
            self._compared = frozenset(node.row.indicator.partition(".")[0] for node in rows) | _SCALES_QUOTAS
        return self._compared


_SCALES_QUOTAS = frozenset({"reclaimed_share"})
