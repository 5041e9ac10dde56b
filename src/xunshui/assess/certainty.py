"""How sure an assessment is: its figures at the reconciled flows, and the probability that each threshold is satisfied.

The outcome rests on the ledger; what is found here stands beside it. It is asked for on its own, since balancing a
site costs more than assessing it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xunshui.assess.assessment import Assessment
from xunshui.assess.beyond_flows import beyond_flows
from xunshui.assess.compliance import Compliance, compliance
from xunshui.assess.gates_at_flows import Gates, Judged, Node, Path, nodes
from xunshui.assess.propagation import Estimate, propagated, reconciled_flows
from xunshui.balance import (
    Balanced,
    Contradiction,
    NetworkMistake,
    NoFlowFits,
    SiteNetwork,
    SiteStreams,
    site_network,
)
from xunshui.balance.elimination import LEVEL
from xunshui.balance.metering import assumptions_of
from xunshui.indicators.at_flows import Flows
from xunshui.rules.judgement import compare

NO_CHECK = "没有一处平衡能核对水表，无从校正"
NO_NETWORK = "没有连到用水单元的水流，无从平衡"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """One period balanced: its indicators by id, and why those that are missing cannot be told."""

    network: SiteNetwork
    balanced: Balanced
    indicators: Mapping[str, Estimate]
    missing: Mapping[str, str]

    @property
    def doubtful(self) -> bool:
        """Return whether the readings contradict one another, so that what is drawn from all of them is in doubt."""
        return self.balanced.test.p is not None and self.balanced.test.p < LEVEL

    @property
    def basis(self) -> tuple[tuple[str, int], ...]:
        """Return on what the uncertainties rest, each with the number of streams it holds for, the most first."""
        return tuple(Counter(each.why for each in self.network.metering.values()).most_common())


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """What stands beside an assessment: by period, by judgement; `why_not` tells which periods cannot be reconciled."""

    periods: Mapping[str, Reconciled]
    why_not: Mapping[str, str]
    judgements: Mapping[Path, Compliance]

    def of(self, *path: int) -> Compliance | None:
        """Return what stands beside a judgement of the gates, such as `of(0)` beside the first gate's."""
        return self.judgements.get(path)


def uncertain(assessment: Assessment) -> Uncertain:
    """Return how sure an assessment is, in the evidence years that the site tells."""
    periods: dict[str, Reconciled] = {}
    why_not: dict[str, str] = {}
    judgements: dict[Path, Compliance] = {}
    streams, site = SiteStreams(assessment.site), assessment.site
    for year in assessment.register.notice.years:
        if (period := site.year(year)) is None:
            continue
        try:
            network, balanced = _balanced(assessment, period.id)
        except (_NothingToCheck, Contradiction, NetworkMistake, NoFlowFits) as error:
            why_not[period.id] = str(error)
            continue
        gates = Gates(assessment, period)
        flows = Flows(site, period.id, reconciled_flows(site, period.id, balanced), streams)
        told, judged = propagated(network, flows, gates.figures), gates.judged(flows)
        periods[period.id] = _reconciled(network, balanced, judged, told)
        judgements |= dict(_complying(assessment, judged, told))
    return Uncertain(periods=periods, why_not=why_not, judgements=judgements)


class _NothingToCheck(ValueError):
    """A site whose balances check no meter, or cannot."""


def _balanced(assessment: Assessment, period: str) -> tuple[SiteNetwork, Balanced]:
    network = site_network(assessment.site, period, assumptions_of(assessment.register))
    if network is None:
        raise _NothingToCheck(NO_NETWORK)
    result = network.balanced()
    if result.test.p is None:
        raise _NothingToCheck(NO_CHECK)
    return network, result


def _reconciled(
    network: SiteNetwork, balanced: Balanced, judged: Judged, told: Mapping[str | Path, Estimate]
) -> Reconciled:
    missing = {
        name: why
        for name, value in judged.indicators.items()
        if (why := beyond_flows(value, is_told=name in told))
    }
    return Reconciled(
        network=network,
        balanced=balanced,
        indicators={name: told[name] for name in judged.indicators if name not in missing},
        missing=missing,
    )


def _complying(
    assessment: Assessment, judged: Judged, told: Mapping[str | Path, Estimate]
) -> Iterator[tuple[Path, Compliance]]:
    """Yield the comparisons of a period, and the judgements above them that only repeat one of them."""
    ledger = {node.path: node for node in nodes(assessment.verdict.gates)}
    own = dict(_compared(judged, ledger, told))
    yield from own.items()
    at_flows = {node.path: node for node in judged.nodes}
    for path, node in at_flows.items():
        tree = ledger if ledger[path].has_compared() else at_flows
        spoken = tree[path]
        if node.row.children and spoken.period == judged.period and spoken.has_compared():
            repeated = next((leaf for leaf in own if spoken.says_the_same(tree[leaf])), None)
            if repeated is not None and repeated[: len(path)] == path:
                yield path, own[repeated]


def _compared(
    judged: Judged, ledger: Mapping[Path, Node], told: Mapping[str | Path, Estimate]
) -> Iterator[tuple[Path, Compliance]]:
    for node in judged.comparisons():
        indicator = judged.indicators[node.row.indicator]
        if not beyond_flows(indicator, is_told=node.path in told):
            yield node.path, _compliance(node, ledger[node.path], told[node.path])


def _compliance(node: Node, ledger: Node, margin: Estimate) -> Compliance:
    row, booked = node.row, ledger.row
    assert row.value is not None and row.operator is not None and row.threshold is not None
    meets = None
    if booked.value is not None and booked.operator is not None and booked.threshold is not None:
        meets = compare(booked.value, booked.operator, booked.threshold)
    return compliance(
        value=row.value,
        u=margin.u,
        unit=row.unit,
        operator=row.operator,
        threshold=row.threshold,
        margin=margin.value,
        ledger_meets=meets,
    )
